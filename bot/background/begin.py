"""Beginning a job in a process of its own, and going on with one that was stopped or lost."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.background.folder import END, JOBS_KEPT, LOG, OUTPUT, JobFolder, JobStanding, all_jobs
from db.errors import InputError, NotFoundError, StoreError

if TYPE_CHECKING:
    from bot.settings import Settings


def jobs_folder(settings: "Settings") -> Path:
    """Where the folders of the jobs lie."""
    return settings.home / "jobs"


def find_job(settings: "Settings", name: str) -> JobFolder:
    """The folder of a job by its name. Raises NotFoundError."""
    for folder in all_jobs(jobs_folder(settings)):
        if folder.name == name:
            return folder
    raise NotFoundError(f"There is no job {name}.", hint="`mainstay jobs list` names them.")


def begin(settings: "Settings", kind: str, title: str, steps: Sequence[Sequence[str]]) -> JobFolder:
    """Begin command lines as a job on the store of the settings; it outlives this process."""
    jobs = jobs_folder(settings)
    try:
        folder = JobFolder.create(jobs, kind, title, steps, _shown(settings), datetime.now(UTC))
    except OSError as error:
        raise _not_begun(error, f"Check that {jobs} can be written to and that the disk is not full.") from error
    try:
        _forget_old(jobs)
        _spawn(settings, folder)
    except OSError as error:
        shutil.rmtree(folder.path, ignore_errors=True)
        raise _not_begun(error, "Nothing of it is left. Free some memory or end other programs; try again.") from error
    return folder


def _not_begun(error: OSError, hint: str) -> StoreError:
    return StoreError(f"The job could not be begun: {error.strerror or error}.", hint=hint)


def go_on(settings: "Settings", name: str) -> JobFolder:
    """Go on with a job that has ended before its time, from the command at which it ended."""
    folder = find_job(settings, name)
    job = folder.look()
    if job.standing.live:
        raise InputError(f"Job {name} is running.", hint="Stop it first.")
    if job.standing is JobStanding.DONE:
        raise InputError(f"Job {name} is done.", hint="Begin it anew instead.")
    if job.request.store != _shown(settings):
        raise InputError(f"Job {name} belongs to the store {job.request.store}.", hint="Open that store first.")
    try:
        folder.make_ready_again(job.request.steps[job.progress.step :] or job.request.steps, datetime.now(UTC))
        _spawn(settings, folder)
    except OSError as error:
        with suppress(OSError):  # else it would count as starting for a while
            folder.write(END, {"code": 1, "at": time.time()})
        raise _not_begun(error, "It stays as it was. Free some memory or end other programs; try again.") from error
    return folder


def _shown(settings: "Settings") -> str:
    from bot.settings import without_password

    return without_password(_whole(settings.store_location))


def _whole(location: str) -> str:
    return location if "://" in location else str(Path(location).expanduser().resolve())


def _spawn(settings: "Settings", folder: JobFolder) -> None:
    environment = {
        **os.environ,
        "MAINSTAY_HOME": str(settings.home.resolve()),
        "MAINSTAY_STORE": _whole(settings.store_location),
        "MAINSTAY_ACTOR": settings.actor,
        "MAINSTAY_BACKEND": settings.backend,
        "PYTHONIOENCODING": "utf-8:backslashreplace",
    }
    with (folder.path / LOG).open("ab") as log, (folder.path / OUTPUT).open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "jobs", "work", str(folder.path)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    # Somebody has to take note of its end, else it lingers for as long as this process lives.
    threading.Thread(target=process.wait, name=folder.name, daemon=True).start()


def _forget_old(jobs: Path) -> None:
    for folder in all_jobs(jobs)[JOBS_KEPT:]:
        try:
            live = folder.look().standing.live
        except NotFoundError:
            live = False
        if not live:
            shutil.rmtree(folder.path, ignore_errors=True)
