"""What the app knows of background jobs: looked at once a second, told about when one ends."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.background.begin import begin, find_job, go_on, jobs_folder
from bot.background.folder import LOG, OUTPUT, BackgroundJob, JobStanding, all_jobs
from bot.tui.keynames import keyed
from bot.tui.wording import one_line, span
from db.errors import NotFoundError

if TYPE_CHECKING:
    from bot.background.folder import JobFolder
    from bot.settings import Settings
    from bot.tui.errands import Errand

JOBS_SHOWN = 200
ENDINGS = {
    JobStanding.DONE: "done",
    JobStanding.PARTLY: "done in part",
    JobStanding.FAILED: "failed",
    JobStanding.STOPPED: "stopped; press {r=jobs.resume} on it to go on",
    JobStanding.LOST: "ended without a word; press {r=jobs.resume} on it to go on",
}


@dataclass(frozen=True, slots=True)
class JobNews:
    """What changed since the last look: jobs that ended, each with the last thing it said."""

    jobs: tuple[BackgroundJob, ...] = ()
    ended: tuple[tuple[BackgroundJob, str], ...] = ()

    @property
    def live(self) -> list[BackgroundJob]:
        """Those that go on."""
        return [job for job in self.jobs if job.standing.live]

    @property
    def line(self) -> str:
        """The running jobs in one line."""
        running = self.live
        if not running:
            return ""
        more = f" (and {len(running) - 1} more)" if len(running) > 1 else ""
        return f"{one_line(running[0].request.title)}: {how_far(running[0])}{more}"


@dataclass(slots=True)
class JobWatch:
    """Looks at the folders of jobs; what has ended for good is not read again."""

    known: dict[str, BackgroundJob] = field(default_factory=dict)

    def look(self, settings: "Settings") -> JobNews:
        """The newest jobs, and which of those that ran at the last look have ended."""
        found: dict[str, BackgroundJob] = {}
        ended: list[tuple[BackgroundJob, str]] = []
        for folder in all_jobs(jobs_folder(settings))[:JOBS_SHOWN]:
            before = self.known.get(folder.name)
            if before is not None and not before.standing.live:
                found[folder.name] = before
                continue
            try:
                job = folder.look()
            except NotFoundError:
                continue
            found[folder.name] = job
            if before is not None and not job.standing.live:
                ended.append((job, _last_words(folder, job)))
        self.known = found
        return JobNews(tuple(found.values()), tuple(ended))

    def begin(self, settings: "Settings", errand: "Errand") -> str:
        """Begin work in a process of its own; returns the job's name."""
        folder = begin(settings, errand.kind, errand.title, errand.steps)
        self.known[folder.name] = folder.look()
        return folder.name

    def stop(self, settings: "Settings", name: str) -> int:
        """Ask a job to stop; returns how often it has been asked."""
        folder = find_job(settings, name)
        folder.ask_to_stop()
        return folder.stops_asked()

    def go_on(self, settings: "Settings", name: str) -> BackgroundJob:
        """Go on with a job that ended before its time."""
        self.known[name] = found = go_on(settings, name).look()
        return found

    def words(self, settings: "Settings", name: str) -> tuple[list[str], list[str]]:
        """The end of a job's log and of what it has written."""
        folder = find_job(settings, name)
        return folder.log_tail(200, LOG), folder.log_tail(400, OUTPUT)

    def path(self, settings: "Settings", name: str) -> Path:
        """Where the job's folder lies."""
        return find_job(settings, name).path


def how_far(job: BackgroundJob) -> str:
    """Stage, count, share, rate and time left in a few words."""
    if job.standing is JobStanding.STARTING:
        return "starting"
    at = job.progress
    parts = [f"{one_line(at.stage)} {at.done:,}" if at.stage else "at work"]
    if at.total:
        parts[0] += f" of {at.total:,} ({at.share or 0:.0%})"
    if at.rate:
        parts.append(f"{at.rate:,.0f}/s" if at.rate >= 1 else f"{at.rate * 60:,.1f} a minute")
    if at.seconds_left is not None and at.done:
        parts.append(f"{span(at.seconds_left)} left")
    if job.standing is JobStanding.STOPPING:
        parts.append("stopping")
    return ", ".join(parts)


def ending(job: BackgroundJob, said: str) -> str:
    """How a job ended, as a notice."""
    text = f"{one_line(job.request.title)}: {keyed(ENDINGS[job.standing])}."
    return f"{text}\n{said}" if said else text


def _last_words(folder: "JobFolder", job: BackgroundJob) -> str:
    if job.standing in (JobStanding.DONE, JobStanding.PARTLY):
        said = [line for line in folder.log_tail(40, OUTPUT) if line.strip() and not set(line) <= set("{}[]- ")]
        return said[0].strip() if len(said) == 1 else ""
    said = [line for line in folder.log_tail(20) if line.strip()]
    return "\n".join(line.strip().removeprefix("mainstay: ") for line in said[-2:])
