"""Jobs in processes of their own: begun, watched, stopped, lost, gone on with."""

import json
import shlex
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.background import watch
from bot.background.begin import begin, find_job, go_on, jobs_folder
from bot.background.folder import LOCK, LOG, BackgroundJob, JobFolder, JobRequest, JobStanding, all_jobs, held
from bot.background.worker import run_job
from bot.settings import Settings
from db.errors import InputError, NotFoundError, StoreError
from db.vocabulary import Progress

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    return JobFolder.create(tmp_path / "jobs", "draft", "Draft 20 letters", [["draft"], ["report"]], "s.db", AT)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", store=str(tmp_path / "store.db"), backend="template", actor="tester")


def ended(found: JobFolder) -> BackgroundJob:
    for _ in range(1_200):
        if not found.look().standing.live:
            return found.look()
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_steps_run_in_order_and_their_end_is_kept(folder: JobFolder) -> None:
    ran: list[str] = []

    def run(step: object) -> int:
        ran.append(str(step))
        watch.report("draft", Progress("letters", 3, 12))
        assert folder.look().standing is JobStanding.RUNNING
        return 4 if len(ran) == 1 else 0

    assert run_job(folder, run) == 4
    job = folder.look()
    assert ran == ["('draft',)", "('report',)"]
    assert (job.standing, job.progress.step) == (JobStanding.PARTLY, 1)
    assert job.progress.share == 0.25
    assert job.request.command == "mainstay draft && mainstay report"


def test_a_step_that_fails_is_the_last(folder: JobFolder) -> None:
    assert run_job(folder, lambda _: 3) == 3
    assert folder.look().standing is JobStanding.FAILED
    assert folder.look().progress.step == 0


def test_a_command_that_heeds_is_stopped_at_its_safe_point_and_nothing_follows(folder: JobFolder) -> None:
    ran: list[object] = []

    def run(step: object) -> int:
        ran.append(step)
        asked = watch.stop_asked()
        folder.ask_to_stop()
        while not asked():
            time.sleep(0.01)
        return 0

    run_job(folder, run)
    assert folder.look().standing is JobStanding.STOPPED
    assert len(ran) == 1


@pytest.mark.parametrize("before", [signal.default_int_handler, signal.SIG_IGN])
def test_a_command_that_does_not_heed_is_interrupted(folder: JobFolder, before: Any) -> None:
    kept = signal.signal(signal.SIGINT, before)

    def run(step: object) -> int:
        folder.ask_to_stop()
        while True:
            time.sleep(0.01)

    try:
        assert run_job(folder, run) == 130
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, kept)
    assert folder.look().standing is JobStanding.STOPPED


def test_without_anybody_looking_on_progress_is_nobodys_and_nothing_stops() -> None:
    watch.report("draft", Progress("letters", 1, 2))
    assert watch.stop_asked()() is False


def test_a_job_is_starting_then_lost_when_nobody_holds_its_lock(folder: JobFolder) -> None:
    fresh = JobFolder.create(folder.path.parent, "score", "Score", [["score"]], "s.db", datetime.now(UTC))
    assert fresh.look().standing is JobStanding.STARTING
    assert folder.look().standing is JobStanding.LOST
    with held(fresh.path / LOCK):
        assert fresh.look().standing is JobStanding.RUNNING
        fresh.ask_to_stop()
        assert fresh.look().standing is JobStanding.STOPPING
    assert fresh.look().standing is JobStanding.LOST


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kind": 1}', '{"kind": "x", "title": "", "steps": 3}'])
def test_a_folder_that_does_not_say_what_it_is_is_no_job(folder: JobFolder, text: str) -> None:
    (folder.path / "request.json").write_text(text, encoding="utf-8")
    with pytest.raises(NotFoundError, match="There is no job"):
        folder.look()


@pytest.mark.parametrize("text", ["{", "[1]", '{"unknown": 1}'])
def test_progress_that_cannot_be_read_is_no_progress(folder: JobFolder, text: str) -> None:
    (folder.path / "progress.json").write_text(text, encoding="utf-8")
    assert folder.look().progress.stage == ""


def test_names_that_are_no_jobs_are_not_looked_at(folder: JobFolder) -> None:
    (folder.path.parent / "..hidden").mkdir()
    (folder.path.parent / "20260302-093000-draft-zzzzzz").mkdir()
    assert [one.name for one in all_jobs(folder.path.parent)] == [folder.name]
    with pytest.raises(InputError, match="kind of job"):
        JobFolder.create(folder.path.parent, "../x", "", [], "", AT)


def test_the_end_of_a_long_log_is_read(folder: JobFolder) -> None:
    (folder.path / LOG).write_bytes(b"".join(b"line %d\n" % place for place in range(50_000)) + b"\xff last")
    tail = folder.log_tail(3)
    assert tail[0] == "line 49998"
    assert tail[-1] == "\ufffd last"
    assert folder.log_tail(name="none") == []


def test_the_lock_is_let_go_by_a_thread_that_ends(folder: JobFolder) -> None:
    go_on_now = threading.Event()

    def hold() -> None:
        with held(folder.path / LOCK):
            go_on_now.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    while folder.look().standing is not JobStanding.RUNNING:
        time.sleep(0.01)
    go_on_now.set()
    thread.join()
    assert folder.look().standing is JobStanding.LOST


def test_a_real_job_runs_in_a_process_of_its_own_and_can_be_found_again(settings: Settings) -> None:
    begun = begin(settings, "init", "Make a store", [["init", "--company", "Lumenfold", "--json"]])
    found = find_job(settings, begun.name)
    job = ended(found)
    assert (job.standing, job.code) == (JobStanding.DONE, 0)
    assert json.loads("\n".join(found.log_tail(name="output.txt")))["company"]["company"] == "Lumenfold"
    assert Path(settings.store).exists()
    with pytest.raises(InputError, match="is done"):
        go_on(settings, begun.name)


def test_a_job_that_failed_goes_on_from_where_it_failed(settings: Settings, tmp_path: Path) -> None:
    missing = tmp_path / "rows.csv"
    steps = [["init"], ["import", "customers", str(missing), "--infer", "--yes"]]
    begun = begin(settings, "import", "Import customers", steps)
    assert ended(begun).standing is JobStanding.FAILED
    assert "rows.csv" in "\n".join(begun.log_tail())
    other = Settings(home=settings.home, store=str(tmp_path / "other.db"))
    with pytest.raises(InputError, match="belongs to the store"):
        go_on(other, begun.name)
    missing.write_text("customer_id,plan\nA-1,Gold\nA-2,Gold\n", encoding="utf-8")
    go_on(settings, begun.name)
    assert begun.look().request.steps == (tuple(steps[1]),)
    assert ended(begun).code is not None


def test_a_job_whose_process_cannot_start_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    with pytest.raises(StoreError, match="could not be begun: No such file") as failed:
        begin(settings, "init", "Make a store", [["init"]])
    assert "try again" in failed.value.hint
    assert list(jobs_folder(settings).iterdir()) == []


def test_a_job_that_cannot_go_on_stays_one_that_can(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [["init"], ["import", "customers", "missing.csv", "--infer", "--yes"]]
    begun = begin(settings, "import", "Import customers", steps)
    assert ended(begun).standing is JobStanding.FAILED
    with monkeypatch.context() as patched:
        patched.setattr("sys.executable", "no-python")
        with pytest.raises(StoreError, match="could not be begun"):
            go_on(settings, begun.name)
    assert begun.look().standing is JobStanding.FAILED
    go_on(settings, begun.name)
    assert ended(begun).code not in (None, 0)


def test_a_home_that_cannot_be_written_to_says_so(settings: Settings) -> None:
    settings.home.parent.mkdir(parents=True, exist_ok=True)
    settings.home.write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match="could not be begun") as failed:
        begin(settings, "init", "Make a store", [["init"]])
    assert str(jobs_folder(settings)) in failed.value.hint


def test_a_password_in_the_address_of_a_store_is_not_written_down(tmp_path: Path) -> None:
    address = "postgresql+psycopg://me:secret@127.0.0.1:1/none"
    settings = Settings(home=tmp_path, store=address)
    begun = begin(settings, "score", "Score", [["config", "path"]])
    ended(begun)
    assert all(b"secret" not in path.read_bytes() for path in jobs_folder(settings).rglob("*") if path.is_file())


def test_the_command_of_a_job_can_be_pasted_whatever_a_file_is_called(tmp_path: Path) -> None:
    steps = (("import", "customers", "/data/my list; rm -rf $(HOME).csv"), ("score",))
    found = JobRequest("import", "Import", steps, "store.db", "2026-03-02T09:00:00+00:00")
    first, second = found.command.split(" && ")
    assert shlex.split(first) == ["mainstay", *steps[0]]
    assert second == "mainstay score"
