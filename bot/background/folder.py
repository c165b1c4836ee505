"""A job's folder: what was asked for, how far it is, its log and its end, for whoever looks, whenever they look."""

import json
import os
import re
import shlex
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from db.errors import InputError, NotFoundError

REQUEST, PROGRESS, LOG, OUTPUT, STOP, END, LOCK = (
    "request.json",
    "progress.json",
    "log.txt",
    "output.txt",
    "stop",
    "end.json",
    "lock",
)
SECONDS_TO_START = 60
NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z]+-[0-9a-f]{6}")
JOBS_KEPT = 200


class JobStanding(StrEnum):
    """Where a background job stands; one that is lost ended without a word, such as with the machine."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return self in (JobStanding.STARTING, JobStanding.RUNNING, JobStanding.STOPPING)


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What was asked for: command lines that run one after the other on one store."""

    kind: str
    title: str
    steps: tuple[tuple[str, ...], ...]
    store: str
    begun_at: str

    @property
    def command(self) -> str:
        """The same as one types it."""
        return " && ".join(shlex.join(["mainstay", *step]) for step in self.steps)


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is: step of its commands, stage of the command, and how fast the stage goes."""

    step: int = 0
    label: str = ""
    stage: str = ""
    done: int = 0
    total: int | None = None
    rate: float | None = None
    at: float = 0.0

    @property
    def share(self) -> float | None:
        """How much of the stage is done, None where its length is unknown."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def seconds_left(self) -> float | None:
        """How long the stage still takes at its rate."""
        return (self.total - self.done) / self.rate if self.total and self.rate else None


@dataclass(frozen=True, slots=True)
class BackgroundJob:
    """A job as people see it."""

    name: str
    request: JobRequest
    standing: JobStanding
    progress: JobProgress
    code: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The folder of one job."""

    path: Path

    @property
    def name(self) -> str:
        """What the job is called."""
        return self.path.name

    @classmethod
    def create(
        cls, jobs: Path, kind: str, title: str, steps: Sequence[Sequence[str]], store: str, now: datetime
    ) -> "JobFolder":
        """A folder for a new job. Raises InputError for a kind that is no word."""
        name = f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{kind}-{uuid.uuid4().hex[:6]}"
        if not NAME.fullmatch(name):
            raise InputError(f"{kind!r} is not the name of a kind of job.", hint="Use a word in small letters.")
        found = cls(jobs / name)
        found.path.mkdir(parents=True, mode=0o700)
        request = JobRequest(kind, title, tuple(tuple(step) for step in steps), store, now.isoformat())
        found.write(REQUEST, asdict(request))
        return found

    def write(self, name: str, document: Mapping[str, Any]) -> None:
        """Write a document so that a reader sees the old one or the new one whole."""
        unfinished = self.path / f".{name}.part"
        unfinished.write_text(json.dumps(document), encoding="utf-8")
        unfinished.replace(self.path / name)

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self.path / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def request(self) -> JobRequest:
        """What was asked for. Raises NotFoundError where the folder does not say."""
        found = self._read(REQUEST)
        try:
            steps = tuple(tuple(str(part) for part in step) for step in found["steps"])
            kind, title = str(found["kind"]), str(found["title"])
            begun_at = datetime.fromisoformat(str(found["begun_at"])).isoformat()
            return JobRequest(kind, title, steps, str(found["store"]), begun_at)
        except (KeyError, TypeError, ValueError) as error:
            raise NotFoundError(f"There is no job {self.name}.", hint="`mainstay jobs list` names them.") from error

    def progress(self) -> JobProgress:
        """How far it is."""
        with suppress(TypeError):
            return JobProgress(**self._read(PROGRESS))
        return JobProgress()

    def look(self) -> BackgroundJob:
        """The job as it stands. Raises NotFoundError."""
        request, progress, end = self.request(), self.progress(), self._read(END)
        begun = datetime.fromisoformat(request.begun_at).timestamp()
        code = end.get("code")
        ended = float(end.get("at") or 0.0)
        standing = self._standing(end, begun)
        seconds = max(0.0, (ended or (time.time() if standing.live else progress.at or begun)) - begun)
        return BackgroundJob(self.name, request, standing, progress, code if isinstance(code, int) else None, seconds)

    def _standing(self, end: Mapping[str, Any], begun: float) -> JobStanding:
        if end.get("stopped"):
            return JobStanding.STOPPED
        if "code" in end:
            return {0: JobStanding.DONE, 4: JobStanding.PARTLY}.get(end["code"], JobStanding.FAILED)
        if is_locked(self.path / LOCK):
            return JobStanding.STOPPING if self.stops_asked() else JobStanding.RUNNING
        started = (self.path / LOCK).exists()
        return JobStanding.LOST if started or time.time() - begun > SECONDS_TO_START else JobStanding.STARTING

    def ask_to_stop(self) -> None:
        """Ask to stop at the next safe point; a second time: at once; a third time: without tidying up."""
        with (self.path / STOP).open("ab") as file:
            file.write(b"x")

    def stops_asked(self) -> int:
        """How often somebody has asked to stop."""
        try:
            return (self.path / STOP).stat().st_size
        except OSError:
            return 0

    def make_ready_again(self, steps: Sequence[Sequence[str]], now: datetime) -> None:
        """Forget the end, so that the job can go on with these steps; its log is kept."""
        request = self.request()
        for name in (END, STOP, LOCK, PROGRESS):
            (self.path / name).unlink(missing_ok=True)
        changed = {**asdict(request), "steps": [list(step) for step in steps], "begun_at": now.isoformat()}
        self.write(REQUEST, changed)

    def log_tail(self, lines: int = 200, name: str = LOG) -> list[str]:
        """The last lines of the log, or of the output."""
        try:
            with (self.path / name).open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - 400 * lines))
                text = file.read().decode("utf-8", errors="replace")
        except OSError:
            return []
        return text.splitlines()[-lines:]


def all_jobs(jobs: Path) -> list[JobFolder]:
    """The folders of all jobs, newest first."""
    try:
        names = [path.name for path in jobs.iterdir() if NAME.fullmatch(path.name) and (path / REQUEST).is_file()]
    except OSError:
        return []
    return [JobFolder(jobs / name) for name in sorted(names, reverse=True)]


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file for as long as this lasts; the system lets go of it when the process ends, however it ends."""
    with path.open("a+b") as file:
        _lock(file, wait=True)
        yield


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock."""
    try:
        with path.open("r+b") as file:
            return not _lock(file, wait=False)
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], *, wait: bool) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: IO[bytes], *, wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
