"""The app around the screens: going places, help, palette, themes, errors, work that takes long."""

import threading
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from bot.settings import Settings
from bot.tui.app import MainstayApp
from bot.tui.desk import Desk
from bot.tui.page import Page
from bot.tui.widgets.dialogs import Confirm, Help
from bot.tui.widgets.nav import NavBar
from bot.wiring import Services
from db.errors import MainstayError, StoreError
from db.vocabulary import Progress
from tests.bot.tui import company
from tests.bot.tui.harness import driving


async def test_number_keys_and_clicks_go_to_the_screens(desk: Desk) -> None:
    async with driving(desk) as driver:
        for key, mode in zip("234561", ("customer", "chat", "drafts", "report", "jobs", "customers"), strict=True):
            await driver.press(key)
            assert driver.app.current_mode == mode
        await driver.pilot.click("NavItem:last-of-type")
        await driver.settle()
        assert driver.app.current_mode == "jobs"


async def test_help_explains_each_screen_and_names_its_keys(desk: Desk) -> None:
    async with driving(desk, (100, 50)) as driver:
        for mode in ("customers", "customer", "chat", "drafts", "report", "jobs"):
            await driver.app.action_go(mode)
            await driver.settle()
            await driver.press("f1")
            assert isinstance(driver.app.screen, Help)
            assert f"{mode.capitalize()}: help" in driver.text()
            assert "Quit" in driver.text()
            await driver.press("escape")
            assert not isinstance(driver.app.screen, Help)


async def test_the_palette_holds_every_action_of_the_screen_and_runs_it(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("4")
        titles = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        assert {
            "Approve",
            "Edit",
            "Reject",
            "Undo the last step",
            "Approve all that are shown and wait for review",
            "Export approved letters",
            "Choose which state is shown",
            "Draft more letters",
            "Forecast anew",
            "Theme",
        } <= titles
        await driver.press("ctrl+p")
        assert isinstance(driver.app.screen, CommandPalette)
        await driver.write("report")
        await driver.press("enter")  # the name of a screen comes before what only has the word in it
        assert driver.app.current_mode == "report"


async def test_the_theme_is_the_one_in_the_settings(filled: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, store=str(filled), theme="nord")
    desk = Desk(settings, Services(settings))
    desk.__dict__["reading_model"] = company.READER
    desk.services.__dict__["models"] = None
    async with driving(desk) as driver:
        assert driver.app.theme == "nord"


async def test_a_file_that_is_no_store_is_a_notice_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, this is not a database at all, but it is long enough.", encoding="utf-8")
    async with driving(company.open_desk(path, tmp_path)) as driver:
        assert "Point --store" in driver.notice()


async def test_settings_that_cannot_be_used_are_a_notice() -> None:
    def refuse() -> Desk:
        raise StoreError("There is no such thing.", hint="Try another.")

    app = MainstayApp(opener=refuse)
    async with app.run_test() as pilot:
        for _ in range(200):
            await pilot.pause(0.01)
            if app._notifications:
                break
        assert [note.message for note in app._notifications] == ["There is no such thing.\nTry another."]


async def test_long_work_shows_how_far_it_is_and_can_be_stopped(desk: Desk) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(_: Desk, progress: object, cancelled: object) -> str:
        assert callable(progress)
        assert callable(cancelled)
        progress(Progress("letters", 3, 12))
        begun.set()
        go_on.wait(10)
        return f"stopped: {cancelled()}"

    async with driving(desk) as driver:
        driver.app.start_work("Draft", work)
        while not begun.is_set():
            await driver.pilot.pause(0.01)
        await driver.pilot.pause()
        assert "Draft: letters 3 of 12 (25%)" in driver.text()
        await driver.pilot.press("5")
        await driver.pilot.pause()
        assert "Draft: letters 3 of 12 (25%)" in driver.text()
        driver.app.start_work("Another", work)
        await driver.pilot.pause()
        assert "running already" in driver.notice()
        await driver.pilot.press("ctrl+x")
        go_on.set()
        await driver.settle()
        assert driver.notices()[-1] == "stopped: True"
        assert "Draft: letters" not in driver.text()


async def test_an_error_of_ours_becomes_a_notice_and_the_answer_none(desk: Desk) -> None:
    def fail(_: Desk) -> int:
        raise MainstayError("No.", hint="Yes.")

    async with driving(desk) as driver:
        assert await driver.app.ask(fail) is None
        await driver.pilot.pause()
        assert driver.notice() == "No.\nYes."


async def test_help_begins_with_the_keys_of_the_screen(desk: Desk) -> None:
    async with driving(desk, (100, 40)) as driver:
        await driver.press("4")
        names = [name for _, name in driver.app._keys()]
        assert names.index("Approve") < names.index("Down") < names.index("Customers") < names.index("Focus Next")


@pytest.mark.parametrize("opened", ["4 r", "4 A", "4 f", "question_mark", "ctrl+p"])
async def test_keys_that_come_before_a_dialog_is_gone_close_it_once(desk: Desk, opened: str) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.press(*opened.split())
        dialog = driver.app.screen
        assert isinstance(dialog, ModalScreen)
        for _ in range(3):
            dialog.dismiss(None)
        await driver.settle()
        assert isinstance(driver.app.screen, Page)
        await driver.press("1")
        assert driver.app.current_mode == "customers"


async def test_leaving_a_question_about_a_letter_twice_keeps_the_letter_open(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await driver.press("4", "e")
        letter = driver.app.screen
        letter.query_one(TextArea).insert("P.S. ")
        await driver.press("escape")
        question = driver.app.screen
        assert isinstance(question, Confirm)
        question.dismiss(False)
        question.dismiss(False)
        await driver.settle()
        assert driver.app.screen is letter


async def test_the_line_on_top_may_be_told_whose_store_it_is_before_it_is_drawn(desk: Desk) -> None:
    async with driving(desk) as driver:
        bar = NavBar("today")
        bar.show("Somebody else")
        await driver.app.screen.mount(bar)
        assert str(bar.query_one("#whose", Static).content) == "Somebody else"
