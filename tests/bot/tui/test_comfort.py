"""Stories on comfort: themes, keys of one's own, motion, memory, the palette, the first run."""

import gc
import json
import re
import weakref
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.color import Color
from textual.command import CommandPalette
from textual.theme import Theme

import bot.tui
from bot.erasing import erase
from bot.settings import Settings, load_settings
from bot.tui import tidying
from bot.tui.app import MainstayApp
from bot.tui.desk import Desk
from bot.tui.habits import FILE, Habits, check_keys, far_away, with_names
from bot.tui.keynames import NAMED, key
from bot.tui.keys import all_keys
from bot.tui.themes import THEMES
from bot.wiring import Services, uncollected
from db.errors import SettingsError
from tests.bot.tui import company
from tests.bot.tui.harness import driving


def desk_with(filled: Path, home: Path, **settings: object) -> Desk:
    found = Settings.model_validate({"home": home, "store": str(filled), "actor": "tester", **settings})
    desk = Desk(found, Services(found, clock=lambda: company.NOW))
    desk.__dict__["reading_model"] = company.READER
    desk.services.__dict__["models"] = None
    return desk


async def test_a_theme_that_was_chosen_is_there_at_the_next_run_unless_the_settings_name_one(
    filled: Path, tmp_path: Path
) -> None:
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert driver.app.theme == "mainstay-dark"
        driver.app.theme = "mainstay-light"
        await driver.press("4")
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert driver.app.theme == "mainstay-light"
        assert driver.app.current_mode == "drafts"
    async with driving(desk_with(filled, tmp_path, theme="nord")) as driver:
        assert driver.app.theme == "nord"


async def test_every_built_in_theme_and_our_own_can_be_worn(filled: Path, tmp_path: Path) -> None:
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert {theme.name for theme in THEMES} < set(driver.app.available_themes)
        for name in driver.app.available_themes:
            driver.app.theme = name
            await driver.pilot.pause()
            assert "revenue at risk" in driver.text()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in Color.parse(colour).normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_our_own_themes_can_be_read(theme: Theme) -> None:
    for name in ("foreground", "primary", "accent", "success", "warning", "error"):
        pair = sorted((luminance(str(getattr(theme, name))), luminance(str(theme.background))))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= (7 if name == "foreground" else 4.5), name


async def test_a_key_of_ones_own_works_and_the_old_one_does_not(filled: Path, tmp_path: Path) -> None:
    desk = desk_with(filled, tmp_path, keys={"app.go-drafts": "f9"})
    async with driving(desk) as driver:
        await driver.press("4")
        assert driver.app.current_mode == "today"
        await driver.press("f9")
        assert driver.app.current_mode == "drafts"


async def test_a_key_for_an_action_that_there_is_not_is_a_notice_with_a_guess(filled: Path, tmp_path: Path) -> None:
    desk = desk_with(filled, tmp_path, keys={"drafts.aprove": "f9"})
    async with driving(desk) as driver:
        assert "No action is called 'drafts.aprove'" in "".join(driver.notices())
        assert "Did you mean 'drafts.approve'?" in "".join(driver.notices())


async def test_texts_name_the_keys_in_force(filled: Path, tmp_path: Path) -> None:
    keys = {
        "drafts.approve": "ctrl+a",
        "app.go-drafts": "f9",
        "app.help": "f2",
        "app.forecast": "f6",
        "drafts.view": "F",
    }
    async with driving(desk_with(filled, tmp_path, keys=keys), (140, 40)) as driver:
        assert not [note for note in driver.notices() if "more than one action" in note]
        assert any("Press f2 for help" in note for note in driver.notices())
        assert "ctrl+a approves, e edits" in driver.text()
        assert "f9 Drafts" in driver.text()
        await driver.press("f9", "f2")
        assert "F changes what is shown" in driver.text()
        await driver.press("escape", "0")
        assert "f6" in [
            key
            for key, active in driver.app.screen.active_bindings.items()
            if active.binding.action.endswith("forecast")
        ]
        assert "f5" not in driver.app.screen.active_bindings
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert key("a", "drafts.approve") == "a"


async def test_one_key_for_two_actions_is_told(filled: Path, tmp_path: Path) -> None:
    keys = {"drafts.approve": "f9", "drafts.edit": "f9"}
    async with driving(desk_with(filled, tmp_path, keys=keys)) as driver:
        await driver.press("4")
        assert "give f9 to more than one action" in "".join(driver.notices())


def test_every_key_that_a_text_names_is_that_of_its_action() -> None:
    known, shown = all_keys(), {"slash": "/", "question_mark": "?", "f5": "F5"}
    places = [path.read_text(encoding="utf-8") for path in Path(bot.tui.__file__).parent.rglob("*.py")]
    named = [found for text in places for found in NAMED.findall(text)]
    named += [found for text in places for found in re.findall(r"\bkey\([\"'](.+?)[\"'], [\"'](.+?)[\"']\)", text)]
    assert len(named) > 50
    for built_in, name in named:
        assert built_in in [shown.get(one, one) for one in known[name].split(",")], name


def test_keys_come_from_the_configuration_file(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "config.toml").write_text('[keys]\n"drafts.approve" = "f9"\n', encoding="utf-8")
    assert load_settings().keys == {"drafts.approve": "f9"}


def test_every_key_of_every_screen_has_a_name_of_its_own() -> None:
    found = all_keys()
    assert {"app.help", "drafts.approve", "jobs.stop", "chat.retry", "customers.search"} <= set(found)
    named = with_names([Binding("a", "move(-1)"), Binding("b", "move(1)"), Binding("c", "move(1)", id="own")], "x")
    ids = [one.id for one in named if isinstance(one, Binding)]
    assert len(set(ids)) == 3
    check_keys({"drafts.approve": "f9"}, found)
    with pytest.raises(SettingsError, match="No action is called"):
        check_keys({"zzz": "f9"}, found)


def test_over_a_network_nothing_moves_unless_it_is_asked_for() -> None:
    assert far_away({"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"})
    assert not far_away({"SSH_TTY": "/dev/pts/1", "TEXTUAL_ANIMATIONS": "full"})
    assert not far_away({})


async def test_over_a_network_the_app_is_still(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert driver.app.animation_level == "none"


async def test_without_colour_everything_can_still_be_told_apart(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    Habits().write(tmp_path)  # the note of the first run would cover a column
    async with driving(desk_with(filled, tmp_path), (140, 40)) as driver:
        assert driver.app.no_color
        await driver.press("4")
        text = await driver.picture()
        for word in ("to review", "released", "1 finding"):
            assert word in text


@pytest.mark.parametrize("text", ["", "{", "[]", '{"screens": 3, "customer_id": 4, "theme": null, "mode": ["x"]}'])
async def test_what_was_remembered_may_be_spoilt(filled: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert driver.app.current_mode == "today"
        assert driver.app.customer_id is None


async def test_a_customer_who_was_erased_while_they_were_open_is_not_remembered(desk: Desk) -> None:
    home = desk.settings.home
    Habits(screens={"customers": {"search": "LF-0001"}, "drafts": {"view": "html"}}).write(home)
    async with driving(desk) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
        erase(desk.services, "LF-0001")
    assert "LF-0001" not in (home / FILE).read_text(encoding="utf-8")
    kept = Habits.read(home)
    assert (kept.customer_id, kept.mode, kept.screens["drafts"]) == (None, "customer", {"view": "html"})


async def test_the_customer_who_was_open_is_remembered(filled: Path, tmp_path: Path) -> None:
    async with driving(desk_with(filled, tmp_path)) as driver:
        await driver.app.show_customer("LF-0001")
        await driver.settle()
    assert Habits.read(tmp_path).customer_id == "LF-0001"


def test_a_home_that_cannot_be_written_to_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    Habits(theme="x").write(tmp_path / "file")
    Habits(theme="x").write(tmp_path)
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8"))["theme"] == "x"


async def test_the_first_run_says_where_help_is_and_the_second_does_not(filled: Path, tmp_path: Path) -> None:
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert any("Press ? for help" in note for note in driver.notices())
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert not any("Press ? for help" in note for note in driver.notices())


async def test_long_work_can_be_begun_from_the_palette_on_any_screen(filled: Path, tmp_path: Path) -> None:
    async with driving(desk_with(filled, tmp_path)) as driver:
        titles = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        assert {"Draft letters", "Import customers", "Write the churn report", "Jobs", "Theme"} <= titles
        await driver.press("ctrl+p")
        assert isinstance(driver.app.screen, CommandPalette)
        await driver.write("import messages")
        await driver.press("down", "enter")
        assert "Which file holds the messages?" in driver.text()


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (140, 40), (320, 90)])
async def test_every_screen_fits_every_terminal(filled: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    async with driving(desk_with(filled, tmp_path), size) as driver:
        for mode in MainstayApp.MODES:
            if mode == "chat":
                continue
            await driver.app.action_go(mode)
            await driver.settle()
            strips = driver.app.screen._compositor.render_strips()
            assert len(strips) == size[1]
            assert {strip.cell_length for strip in strips} == {size[0]}


class Ring:
    """Garbage that only a full collection finds once it is old."""

    def __init__(self) -> None:
        self.itself = self


async def test_everything_is_looked_through_for_garbage_only_while_nobody_types(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gc.get_threshold()
    async with driving(desk_with(filled, tmp_path)) as driver:
        assert gc.get_threshold()[:2] == before[:2]
        assert gc.get_threshold()[2] > before[2] * 1_000
        monkeypatch.setattr(tidying, "IDLE_SECONDS", 3_600)
        await driver.press("1")
        kept = Ring()
        found = weakref.ref(kept)
        gc.collect()
        del kept
        for _ in range(12):
            gc.collect(1)
        assert not driver.app.tidy_up()
        assert found() is not None
        monkeypatch.setattr(tidying, "IDLE_SECONDS", 0)
        with uncollected():
            assert not driver.app.tidy_up()
        assert driver.app.tidy_up()
        assert found() is None
        assert not driver.app.tidy_up()
    assert gc.get_threshold() == before
