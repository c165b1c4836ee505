"""What the command line prints: data on stdout, talk on stderr, exit codes that scripts can rely on."""

import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

from bot.background.watch import report
from db.errors import (
    BackendUnavailableError,
    InputError,
    MainstayError,
    NotFoundError,
    PolicyError,
    SettingsError,
    StoreBusyError,
)
from db.vocabulary import Progress


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    FAILED = 1
    USAGE = 2
    RETRYABLE = 3
    PARTIAL = 4
    BLOCKED = 5
    INTERRUPTED = 130


def exit_code(error: MainstayError) -> ExitCode:
    """The exit code that an error ends a command with."""
    if isinstance(error, StoreBusyError | BackendUnavailableError) or error.retryable:
        return ExitCode.RETRYABLE
    if isinstance(error, SettingsError | InputError | NotFoundError):
        return ExitCode.USAGE
    return ExitCode.BLOCKED if isinstance(error, PolicyError) else ExitCode.FAILED


def printable(value: str) -> str:
    """Text without characters that a terminal would obey; line breaks and tabs stay."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cn", "Cs"} else "\ufffd"
        for char in value
    )


def write_line(text: str = "") -> None:
    """A line of data on stdout."""
    sys.stdout.write(printable(text) + "\n")


def write_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=_plain) + "\n")


def write_jsonl(documents: Iterable[Any]) -> None:
    """One JSON document per line on stdout, each flushed as it comes."""
    for document in documents:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, default=_plain) + "\n")
        sys.stdout.flush()


def say(text: str) -> None:
    """A line for the person on stderr."""
    sys.stderr.write(printable(text) + "\n")


def complain(error: MainstayError) -> None:
    """An error and its hint on stderr."""
    say(f"mainstay: {error}")
    if error.hint:
        say(f"  {error.hint}")


def write_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """An aligned table without boxes; the columns in `right` are aligned to the right."""
    cells = [[printable(str("" if cell is None else cell)).replace("\n", " ") for cell in row] for row in rows]
    widths = [max([len(header), *(len(row[place]) for row in cells)]) for place, header in enumerate(headers)]

    def line(parts: Sequence[str]) -> str:
        aligned = (
            part.rjust(width) if place in right else part.ljust(width)
            for place, (part, width) in enumerate(zip(parts, widths, strict=True))
        )
        return "  ".join(aligned).rstrip()

    write_line(line(list(headers)))
    write_line("  ".join("-" * width for width in widths))
    for row in cells:
        write_line(line(row))


def is_interactive() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def progress_line(label: str) -> Iterator[Callable[[Progress], None]]:
    """Progress with rate and time left on stderr: redrawn on a terminal, a line every ten seconds elsewhere."""
    started = time.monotonic()
    live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    state = {"shown": started, "drawn": False}

    def show(progress: Progress) -> None:
        report(label, progress)
        now = time.monotonic()
        last = progress.total is not None and progress.done >= progress.total
        if now - state["shown"] < (0.1 if live else 10) and not (last and live):
            return
        state["shown"] = now
        text = _progress_text(label, progress, now - started)
        if live:
            sys.stderr.write("\r\x1b[K" + text)
            state["drawn"] = True
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    try:
        yield show
    finally:
        if state["drawn"]:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _progress_text(label: str, progress: Progress, seconds: float) -> str:
    rate = progress.done / seconds if seconds > 0 else 0.0
    text = f"{label}: {printable(progress.stage)} {progress.done:,}"
    if progress.total:
        text += f" of {progress.total:,} ({progress.done / progress.total:.0%})"
    if rate > 0 and seconds > 0.5:
        text += f", {rate:,.0f}/s" if rate >= 1 else f", {rate * 60:,.1f}/min"
        if progress.total and progress.done < progress.total:
            text += f", {duration((progress.total - progress.done) / rate)} left"
    return text


def duration(seconds: float) -> str:
    """A span of time as people say it."""
    whole = round(seconds)
    return f"{whole} s" if whole < 90 else f"{whole // 60} min {whole % 60:02d} s"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "as_json"):
        return value.as_json()
    raise TypeError(f"{type(value).__name__} has no JSON form")
