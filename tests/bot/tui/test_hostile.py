"""Text that tries to command the terminal or the app: shown on every screen, obeyed on none."""

import unicodedata
from pathlib import Path

import pytest

from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving
from tests.bot.tui.test_chat import Answer, say, with_script

CONTROLS = (
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]0;owned\x07",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[31mred\x1b[0m\x1b[2J\x1b[H",
    "\x9b31m\x90payload\x9c",
    "\u202eesrever\u202c\u2066iso\u2069",
    "\U000e0041\U000e0042 tags \u200b\ufeff",
    "\x00\x08\x0b\x0c\x7f bell\x07 \r over",
)
BRACKETS = (
    "[/x]",
    "[@click=app.quit]quit[/]",
    "[bold red]red[/bold red]",
    "[/etc/passwd]",
    "[link=https://evil.example]go[/link]",
    "[..{'a[0]'}]",
    "[[]] [ ] \\[x] [/]",
    "$text {name} %s {0.__class__}",
)
PAYLOADS = CONTROLS + BRACKETS
ALLOWED_CONTROL = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})


def check_screen(driver: Driver) -> str:
    """No character a terminal obeys, no link, no action that came from data."""
    strips = driver.app.screen._compositor.render_strips()
    for strip in strips:
        for segment in strip:
            bad = [char for char in segment.text if unicodedata.category(char) in ALLOWED_CONTROL]
            assert bad == []
            if segment.style is not None:
                assert segment.style.link is None
                assert "@click" not in segment.style.meta
    return driver.text()


@pytest.fixture(scope="module", params=["controls", "brackets"])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    payloads = CONTROLS if request.param == "controls" else BRACKETS
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    company.fill(
        path,
        names=tuple((payload, f"N{place}") for place, payload in enumerate(payloads)),
        spoken=" | ".join(payloads),
        plan=" ".join(payloads),
    )
    return path


async def test_no_screen_obeys_its_data(hostile: Path, tmp_path: Path) -> None:
    desk = company.open_desk(hostile, tmp_path)
    payloads = " | ".join(PAYLOADS)
    slots = {payloads: payloads}
    reply = Answer(
        payloads, intent=payloads, sentiment=payloads, actions=(payloads, {"name": payloads, "ms": 1}), slots=slots
    )
    reply.guard = {"verdict": payloads, "findings": [{"message": payloads}, payloads]}
    talk = with_script(desk, reply)
    talk.greeting = payloads
    async with driving(desk, (140, 45)) as driver:
        await driver.press("1")
        check_screen(driver)
        await driver.press("enter")
        assert "N" in check_screen(driver)
        await driver.press("c")
        await say(driver, "[/x] hello")
        assert "[/x] hello" in check_screen(driver)
        await driver.press("escape", "4")
        check_screen(driver)
        await driver.press("e")
        check_screen(driver)
        await driver.press("escape", "5")
        check_screen(driver)
        driver.app.tell(payloads)
        await driver.settle()
        check_screen(driver)
        assert driver.app.is_running


async def test_brackets_are_shown_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "brackets.db"
    company.fill(path, names=(("[/x]", "[bold]Ada[/]"), *company.NAMES[1:]), plan="[@click=app.quit]")
    async with driving(company.open_desk(path, tmp_path), (140, 45)) as driver:
        await driver.press("1")
        await driver.press("slash")
        await driver.write("LF-0001")
        assert "[/x] [bold]Ada[/]" in driver.text()
        assert "[@click=app." in driver.text()


async def test_what_is_typed_and_what_errors_say_is_clean_too(tmp_path: Path, filled: Path) -> None:
    async with driving(company.open_desk(filled, tmp_path), (140, 45)) as driver:
        await driver.app.show_customer("[/x]\x1b]0;owned\x07")
        await driver.settle()
        assert driver.notice().startswith("There is no customer [/x]\ufffd")
        check_screen(driver)
