"""Each screen as text at two sizes; REWRITE_SNAPSHOTS=1 keeps the screens as they are."""

import shutil
from pathlib import Path

import pytest

from tests.bot.tui import company
from tests.bot.tui.harness import check_snapshot, driving
from tests.bot.tui.test_chat import Answer, say, with_script

SIZES = [(80, 24), (140, 40)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screens_look_as_they_did(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(filled, "store.db")
    desk = company.open_desk(Path("store.db"), tmp_path)
    with_script(desk, Answer("I am sorry about the evenings. Shall I book a line check?"))
    name = f"{size[0]}x{size[1]}"
    async with driving(desk, size) as driver:
        check_snapshot(f"today-{name}", await driver.picture())
        await driver.press("1")
        check_snapshot(f"customers-{name}", await driver.picture())
        await driver.press("down", "down", "enter")
        check_snapshot(f"customer-{name}", await driver.picture())
        await driver.press("c")
        await say(driver, "it drops every evening")
        check_snapshot(f"chat-{name}", await driver.picture())
        await driver.press("escape", "4", "down", "down")
        check_snapshot(f"drafts-{name}", await driver.picture())
        await driver.press("5")
        check_snapshot(f"report-{name}", await driver.picture())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_welcome_looks_as_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    async with driving(company.open_desk(Path("new.db"), tmp_path), size) as driver:
        await driver.press("1")
        check_snapshot(f"welcome-{size[0]}x{size[1]}", await driver.picture())
