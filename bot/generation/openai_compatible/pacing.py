"""How patient we are with a server: a shared rate limit, growing pauses with jitter, and what Retry-After asks for."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0
"""Seconds before the second try, and at most before any later one."""

LONGEST_ASKED = 90.0
"""Seconds that a server may ask us to wait; where it asks for more, the text is given up."""

RETRYABLE = frozenset({408, 409, 429})
"""Statuses that may pass with time, besides all from 500 on."""

Sleep = Callable[[float, threading.Event], object]
"""Waits so many seconds, or until the event is set."""


def wait(seconds: float, stop: threading.Event) -> bool:
    """Sleep, but not past the moment at which nobody wants the text any more."""
    return stop.wait(seconds)


def may_pass(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status in RETRYABLE or status >= 500


def pause_before(attempt: int, chance: random.Random) -> float:
    """Seconds before try number `attempt` (2 is the first repetition): doubling, spread so that clients part."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 2, 16))
    return longest * chance.uniform(0.5, 1.0)


def asked_pause(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that the server asks to wait (`retry-after-ms`, Retry-After as seconds or date); None if it does not."""
    try:
        if "retry-after-ms" in headers:
            return _not_negative(float(headers["retry-after-ms"]) / 1000)
        if "retry-after" not in headers:
            return None
        return _not_negative(float(headers["retry-after"]))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return _not_negative((until - (now or datetime.now(UTC))).total_seconds())


def _not_negative(seconds: float) -> float | None:
    """A sensible number of seconds; not-a-number is none."""
    return max(0.0, seconds) if seconds == seconds else None


class Pace:
    """Spaces requests of all threads evenly, `per_minute` of them (0: as they come), and pauses them together.

    `clock` gives seconds, `sleep` waits them; both are replaced where time must not pass.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic, sleep: Sleep = wait) -> None:
        self._gap = 60.0 / per_minute if per_minute > 0 else 0.0
        self._clock, self._sleep = clock, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def take_turn(self, stop: threading.Event) -> None:
        """Wait for the next free moment, which is then taken."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._gap
        if turn > now:
            self._sleep(turn - now, stop)

    def hold(self, seconds: float) -> None:
        """Nobody asks again before so many seconds have passed."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)

    def rest(self, seconds: float, stop: threading.Event) -> None:
        """Wait before a repetition."""
        self._sleep(seconds, stop)
