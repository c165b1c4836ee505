"""Text that tries to command the terminal or the app: shown on every screen, obeyed on none."""

import unicodedata
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult

from bot.tui.widgets.transcript import Transcript
from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving
from tests.bot.tui.test_chat import Answer, Copiloted, say, with_script
from tests.bot.tui.test_jobs import a_job, end

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
    end(a_job(desk, payloads, log=payloads, output=payloads), 1)
    async with driving(desk, (140, 45)) as driver:
        await driver.press("1")
        check_screen(driver)
        await driver.press("enter")
        assert "N" in check_screen(driver)
        await driver.press("c")
        await say(driver, "[/x] hello")
        assert "[/x] hello" in check_screen(driver)
        await driver.app.action_go("drafts")
        await driver.settle()
        check_screen(driver)
        await driver.press("e")
        check_screen(driver)
        await driver.press("escape")
        for _ in range(3):
            await driver.press("v")
            check_screen(driver)
        await driver.app.action_go("report")
        await driver.settle()
        check_screen(driver)
        await driver.app.action_go("jobs")
        await driver.app.look_at_jobs()
        await driver.settle()
        assert "Job" in check_screen(driver)
        driver.app.tell(payloads)
        await driver.settle()
        check_screen(driver)
        assert driver.app.is_running


async def test_proposed_replies_and_what_goes_on_are_not_obeyed(filled: Path, tmp_path: Path) -> None:
    desk = company.open_desk(filled, tmp_path)
    payloads = " | ".join(PAYLOADS)
    desk.__dict__["chat"] = Copiloted([Answer(payloads), Answer(""), Answer(payloads * 200)])
    async with driving(desk, (140, 45), customer="LF-0001") as driver:
        await driver.press("ctrl+t")
        await say(driver, "[/x] hello")
        assert "[bold red]red[/bold red]" in check_screen(driver)
        await driver.press("enter")
        check_screen(driver)
        await driver.press("enter")
        check_screen(driver)
        await driver.press("ctrl+f")
        await driver.write("[/x]")
        await driver.press("enter")
        check_screen(driver)
        assert driver.app.is_running


@pytest.mark.parametrize("text", [*PAYLOADS, "", "x" * 200_000, "\n" * 3_000, "e\u0301" * 2_000, "長" * 5_000])
async def test_a_transcript_shows_any_text_and_obeys_none(text: str) -> None:
    class Showing(App[None]):
        def compose(self) -> ComposeResult:
            yield Transcript()

    async with Showing().run_test(size=(60, 20)) as pilot:
        transcript = pilot.app.query_one(Transcript)
        for who in ("customer", "bot", "agent", "note"):
            transcript.add(who, text)
        transcript.change(1, text + text)
        transcript.find(text[:20])
        transcript.focus()
        await pilot.press("up", "up", "down", "home", "end", "n", "N")
        await pilot.resize_terminal(25, 8)
        await pilot.pause(0.1)
        strips = pilot.app.screen._compositor.render_strips()
        shown = [char for strip in strips for segment in strip for char in segment.text]
        assert [char for char in shown if unicodedata.category(char) in ALLOWED_CONTROL] == []
        assert all(strip.cell_length <= 25 for strip in strips)


async def test_what_is_pasted_loses_what_a_terminal_obeys(filled: Path, tmp_path: Path) -> None:
    desk = company.open_desk(filled, tmp_path)
    with_script(desk)
    pasted = "".join(CONTROLS) + "\r\nsecond line"
    async with driving(desk, (140, 45), customer="LF-0001") as driver:
        for opening in ((), ("ctrl+f",)):
            await driver.press(*opening)
            assert driver.app.focused is not None
            driver.app.focused.post_message(events.Paste(pasted))
            await driver.settle()
            assert "second line" in check_screen(driver)
        await driver.press("escape")
        await driver.app.action_go("drafts")
        await driver.settle()
        await driver.press("e")
        assert driver.app.focused is not None
        driver.app.focused.post_message(events.Paste(pasted))
        await driver.settle()
        assert "second line" in check_screen(driver)


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
