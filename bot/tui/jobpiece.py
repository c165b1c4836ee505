"""A job in rows and panels: how far, how fast, how long still, what it says."""

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from bot.background.folder import JobStanding
from bot.tui.jobwatch import how_far
from bot.tui.widgets.table import Cell, Column
from bot.tui.wording import bar, clean, facts, lines, one_line, span

if TYPE_CHECKING:
    from bot.background.folder import BackgroundJob

COLUMNS = (
    Column("begun", "Begun", 12, rank=3),
    Column("title", "What", 22, rank=0, most=48),
    Column("standing", "State", 9, rank=1),
    Column("share", "Done", 15, rank=2),
    Column("left", "Left", 12, rank=4, right=True),
    Column("took", "Took", 12, rank=5, right=True),
)
STANDING_LOOKS = {
    JobStanding.STARTING: "muted",
    JobStanding.RUNNING: "warn",
    JobStanding.STOPPING: "warn",
    JobStanding.DONE: "good",
    JobStanding.PARTLY: "warn",
    JobStanding.FAILED: "bad",
    JobStanding.STOPPED: "muted",
    JobStanding.LOST: "bad",
}


def cells(job: "BackgroundJob") -> tuple[Cell, ...]:
    """A job as a row."""
    at, live = job.progress, job.standing.live
    left = span(at.seconds_left) if live and at.seconds_left is not None and at.done else ""
    return (
        Cell(f"{datetime.fromisoformat(job.request.begun_at).astimezone():%d %b %H:%M}", "muted"),
        Cell(one_line(job.request.title), "strong"),
        Cell(job.standing.value, STANDING_LOOKS[job.standing]),
        Cell(f"{bar(at.share, 10)} {at.share:.0%}" if at.share is not None and live else ""),
        Cell(left),
        Cell(span(job.seconds), "muted"),
    )


def about(job: "BackgroundJob") -> Content:
    """What a job was asked for and how far it is."""
    at = job.progress
    count, stopped = len(job.request.steps), job.standing is JobStanding.STOPPED
    pairs = [
        ("State", job.standing.value + (f", exit code {job.code}" if job.code and not stopped else "")),
        (
            "Step",
            f"{min(at.step + 1, count)} of {count}: mainstay {' '.join(job.request.steps[min(at.step, count - 1)])}",
        ),
        ("How far", how_far(job) if job.standing.live else ""),
        ("Took", span(job.seconds)),
        ("Store", one_line(job.request.store)),
        ("Command", one_line(job.request.command)),
        ("Name", job.name),
    ]
    found = facts([(name, one_line(value)) for name, value in pairs], width=9)
    if not job.standing.live or at.share is None:
        return found
    return lines([Content.styled(f"{bar(at.share, 40)} {at.share:.0%}", "$text-accent"), found])


def tail(log: list[str], output: list[str], *, live: bool = True) -> Content:
    """What it has said, then what it has written."""
    said = [clean(line.rsplit("\r", 1)[-1]) for line in log]
    written = [clean(line) for line in output]
    parts: list[Content | str] = [Content(line) for line in said]
    if said and written:
        parts.append("")
    parts += [Content(line) for line in written]
    silent = "It has not said anything yet." if live else "It ended before it said anything."
    return lines(parts) if parts else Content.styled(silent, "$quiet")
