"""A writer at work on briefs: its texts, the time they took, and the most memory the process has had."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.generation.brief import Brief
from bot.generation.writer import Text, Writer
from db.vocabulary import Channel, Progress


@dataclass(frozen=True, slots=True)
class Run:
    """What a writer wrote for `briefs`, one text each; `seconds` on the clock, guard included, `peak` in MiB."""

    backend: str
    briefs: tuple[Brief, ...]
    texts: tuple[Text, ...]
    seconds: float
    peak: float | None

    def of(self, channel: Channel) -> list[tuple[Brief, Text]]:
        """The briefs of a channel with their texts."""
        return [pair for pair in zip(self.briefs, self.texts, strict=True) if pair[0].channel is channel]


def run_writer(writer: Writer, briefs: Sequence[Brief], progress: Callable[[Progress], None] | None = None) -> Run:
    """Write a text for each brief. One is written before the clock starts, so that loading a model does not count."""
    for _ in writer.write_many(briefs[:1]):
        pass
    texts: list[Text] = []
    started = time.perf_counter()
    for text in writer.write_many(briefs):
        texts.append(text)
        if progress is not None:
            progress(Progress(writer.backend.name, len(texts), len(briefs)))
    return Run(writer.backend.name, tuple(briefs), tuple(texts), time.perf_counter() - started, peak_memory())


def peak_memory(status: Path = Path("/proc/self/status")) -> float | None:
    """The most resident memory this process has had, in MiB; None where the system does not say."""
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return _from_usage()
    found = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
    return int(found) / 1024 if found else _from_usage()


def _from_usage() -> float | None:
    try:
        import resource
    except ImportError:  # Windows has no such module
        return None
    # Bytes on macOS, KiB elsewhere.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
