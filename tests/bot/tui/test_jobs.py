"""Stories on background jobs: begun, watched, stopped, gone on with, found again."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from textual.widgets import Input

from bot.background.begin import jobs_folder
from bot.background.folder import END, LOCK, LOG, OUTPUT, PROGRESS, JobFolder, JobProgress, held
from bot.tui.desk import Desk
from bot.tui.jobwatch import JobNews, JobWatch
from bot.tui.screens.jobs import JobsScreen
from tests.bot.tui.harness import Driver, driving


def a_job(desk: Desk, title: str = "Draft 500 letters", *, log: str = "", output: str = "") -> JobFolder:
    store = str(desk.settings.store_location)
    folder = JobFolder.create(
        jobs_folder(desk.settings), "draft", title, [["draft", "--top", "500"]], store, datetime.now(UTC)
    )
    (folder.path / LOG).write_text(log, encoding="utf-8")
    (folder.path / OUTPUT).write_text(output, encoding="utf-8")
    return folder


def end(folder: JobFolder, code: int, *, stopped: bool = False) -> None:
    folder.write(END, {"code": code, "stopped": stopped, "at": time.time()})


def at_work(folder: JobFolder, done: int) -> None:
    progress = JobProgress(0, "draft", "letters", done, 500, 12.5, time.time())
    folder.write(PROGRESS, asdict(progress))


async def jobs(driver: Driver) -> JobsScreen:
    await driver.app.action_go("jobs")
    await driver.app.look_at_jobs()
    await driver.settle()
    screen = driver.app.screen
    assert isinstance(screen, JobsScreen)
    return screen


async def test_without_jobs_the_screen_says_what_can_be_begun(desk: Desk) -> None:
    async with driving(desk) as driver:
        await jobs(driver)
        assert "Press n to forecast, draft letters, import a file" in driver.text()


async def test_a_running_job_shows_progress_rate_time_left_and_its_log(desk: Desk) -> None:
    folder = a_job(desk, log="draft: letters 100 of 500 (20%)\n")
    with held(folder.path / LOCK):
        at_work(folder, 125)
        async with driving(desk, (140, 40)) as driver:
            await jobs(driver)
            text = driver.text()
            for said in ("running", "25%", "letters 125 of 500 (25%), 12/s, 30 s left", "mainstay draft --top 500"):
                assert said in text
            assert "draft: letters 100 of 500 (20%)" in text
            await driver.app.action_go("drafts")
            await driver.settle()
            assert "Draft 500 letters: letters 125 of 500" in driver.text()


async def test_a_job_is_asked_to_stop_politely_then_firmly(desk: Desk) -> None:
    folder = a_job(desk)
    with held(folder.path / LOCK):
        async with driving(desk, (140, 40)) as driver:
            await jobs(driver)
            await driver.press("x")
            assert folder.stops_asked() == 1
            assert "next safe point" in driver.notice()
            assert "stopping" in driver.text()
            await driver.press("x")
            assert driver.notice() == "It stops at once."


async def test_the_end_of_a_job_is_told_with_its_last_words_and_the_screens_look_again(desk: Desk) -> None:
    folder = a_job(desk, output="500 drafts, 480 of them new; 0 without a text.\n")
    with held(folder.path / LOCK):
        async with driving(desk, (140, 40)) as driver:
            await driver.app.look_at_jobs()
            before = driver.app.revision
            end(folder, 0)
            await driver.app.look_at_jobs()
            assert driver.notice() == "Draft 500 letters: done.\n500 drafts, 480 of them new; 0 without a text."
            assert driver.app.revision == before + 1


async def test_a_job_that_failed_says_why_and_what_to_do(desk: Desk) -> None:
    folder = a_job(desk, log="reading\nmainstay: There is no file rows.csv.\n  Give another path.\n")
    with held(folder.path / LOCK):
        async with driving(desk, (140, 40)) as driver:
            await driver.app.look_at_jobs()
            end(folder, 2)
            await driver.app.look_at_jobs()
            assert driver.notice() == "Draft 500 letters: failed.\nThere is no file rows.csv.\nGive another path."
            await jobs(driver)
            assert "failed, exit code 2" in driver.text()


async def test_the_cursor_stays_on_its_job_when_another_begins(desk: Desk) -> None:
    first = a_job(desk, "The first")
    end(first, 0)
    async with driving(desk, (140, 40)) as driver:
        screen = await jobs(driver)
        end(a_job(desk, "The second"), 0)
        end(a_job(desk, "The third"), 0)
        await driver.app.look_at_jobs()
        await driver.settle()
        assert len(screen.jobs) == 3
        assert screen.current is not None
        assert screen.current.request.title == "The first"


async def test_a_job_begun_here_runs_in_a_process_of_its_own_and_its_drafts_are_there_when_it_ends(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await jobs(driver)
        await driver.press("n", "down", "enter", "backspace", "backspace", "x", "enter")
        assert "'x' is not a number of letters." in driver.notice()
        await driver.press("n", "down", "enter", "backspace", "backspace", "2", "enter")
        assert "runs in the background" in driver.notice()
        for _ in range(1_200):
            await driver.pilot.pause(0.05)
            if not driver.app.job_news.live:
                break
        assert "2 drafts, 2 of them new" in driver.notice()
        await driver.app.action_go("drafts")
        await driver.settle()
        assert "to review 6" in driver.text()


async def test_a_file_that_is_not_there_is_refused_before_anything_begins(desk: Desk) -> None:
    async with driving(desk, (140, 40)) as driver:
        await jobs(driver)
        await driver.press("n", "down", "down", "down", "enter")
        await driver.write("none.csv")
        await driver.press("enter")
        assert "There is no file 'none.csv'." in driver.notice()
        assert driver.app.job_news.jobs == ()
        assert "Which file holds the customers?" in driver.text()
        assert driver.app.screen.query_one(Input).value == "none.csv"
        await driver.press("escape")
        assert "Which file holds the customers?" not in driver.text()


async def test_a_stopped_job_is_gone_on_with(desk: Desk) -> None:
    folder = a_job(desk)
    folder.write("request.json", {**asdict(folder.request()), "steps": [["config", "path"]]})
    end(folder, 130, stopped=True)
    async with driving(desk, (140, 40)) as driver:
        await jobs(driver)
        assert "stopped" in driver.text()
        await driver.press("r")
        for _ in range(1_200):
            await driver.pilot.pause(0.05)
            if not driver.app.job_news.live:
                break
        assert "Draft 500 letters: done." in driver.notice()


async def test_a_slow_look_is_not_cut_short_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with driving(desk) as driver:
        looks: list[int] = []
        go = threading.Event()

        def look(watch: JobWatch, settings: object) -> JobNews:
            looks.append(1)
            assert go.wait(20)
            return JobNews()

        monkeypatch.setattr(JobWatch, "look", look)
        driver.app._look_at_jobs_soon()
        while not looks:
            await driver.pilot.pause(0.01)
        driver.app._look_at_jobs_soon()
        await driver.pilot.pause(0.05)
        assert len(looks) == 1
        assert sum(not one.is_finished for one in driver.app.workers if one.group == "jobs") == 1
        go.set()
        await driver.settle()


async def test_leaving_asks_running_work_to_stop(desk: Desk) -> None:
    asked: list[bool] = []
    begun, over = threading.Event(), threading.Event()

    def work(desk: Desk, progress: object, cancelled: Callable[[], bool]) -> str:
        begun.set()
        while not cancelled() and not over.wait(0.01):
            pass
        asked.append(cancelled())
        return ""

    async with driving(desk) as driver:
        driver.app.start_work("Work", work)
        await asyncio.to_thread(begun.wait, 20)
        driver.app.exit()
    for _ in range(3_000):
        if not asked:
            await asyncio.sleep(0.01)
    over.set()
    assert asked == [True]
