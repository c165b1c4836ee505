"""Each screen as text at two sizes; REWRITE_SNAPSHOTS=1 keeps the screens as they are."""

import shutil
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.background.begin import jobs_folder
from bot.background.folder import END, LOG, OUTPUT, REQUEST, JobFolder, JobRequest
from tests.bot.tui import company
from tests.bot.tui.harness import check_snapshot, driving
from tests.bot.tui.test_chat import Answer, Copiloted, say, with_script

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
        await driver.app.action_go("drafts")
        await driver.settle()
        await driver.press("down", "down")
        check_snapshot(f"drafts-{name}", await driver.picture())
        await driver.app.action_go("report")
        await driver.settle()
        check_snapshot(f"report-{name}", await driver.picture())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_jobs_and_the_copilot_look_as_they_did(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    shutil.copy(filled, "store.db")
    desk = company.open_desk(Path("store.db"), tmp_path)
    desk.__dict__["chat"] = Copiloted([Answer("I am sorry. Shall I book a line check?"), Answer("Tell me more.")])
    name = f"{size[0]}x{size[1]}"
    folder = JobFolder(jobs_folder(desk.settings) / "20260302-091500-draft-0a1b2c")
    folder.path.mkdir(parents=True)
    begun = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    step = ("draft", "--top", "500")
    folder.write(REQUEST, asdict(JobRequest("draft", "Draft 500 letters", (step,), "store.db", begun.isoformat())))
    folder.write(END, {"code": 0, "stopped": False, "at": begun.timestamp() + 83})
    (folder.path / LOG).write_text("draft: draft 200 of 500 (40%), 6/s, 50 s left\n", encoding="utf-8")
    (folder.path / OUTPUT).write_text("500 drafts, 500 of them new; 0 without a text.\n", encoding="utf-8")
    async with driving(desk, size) as driver:
        await driver.app.action_go("jobs")
        await driver.settle()
        check_snapshot(f"jobs-{name}", await driver.picture())
        await driver.app.show_chat("LF-0001")
        await driver.settle()
        await driver.press("ctrl+t")
        await say(driver, "it drops every evening")
        check_snapshot(f"copilot-{name}", await driver.picture())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_welcome_looks_as_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    async with driving(company.open_desk(Path("new.db"), tmp_path), size) as driver:
        await driver.press("1")
        check_snapshot(f"welcome-{size[0]}x{size[1]}", await driver.picture())
