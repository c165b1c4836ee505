"""How a command that runs in the background tells how far it is, and hears that it shall stop."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from db.vocabulary import Progress


@dataclass(slots=True)
class Stop:
    """Whether somebody has asked to stop. A command that heeds it ends by itself at its next safe point."""

    asked: bool = False
    heeded: bool = False

    def heed(self) -> Callable[[], bool]:
        """What a command asks at its safe points; from here on it is not interrupted between them."""
        self.heeded = True
        return lambda: self.asked


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on: progress with the label of its command goes to `report`."""

    report: Callable[[str, Progress], None]
    stop: Stop = field(default_factory=Stop)


WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


def report(label: str, progress: Progress) -> None:
    """Tell whoever looks on how far a command is."""
    watch = WATCH.get()
    if watch is not None:
        watch.report(label, progress)


def stop_asked() -> Callable[[], bool]:
    """What to ask at safe points: whether to stop there. Always no where nobody looks on."""
    watch = WATCH.get()
    return watch.stop.heed() if watch is not None else lambda: False
