"""Patience with a server, without time passing."""

import random
import threading
from datetime import UTC, datetime

import pytest

from bot.generation.openai_compatible.pacing import LONGEST_PAUSE, Pace, asked_pause, may_pass, pause_before

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def test_pauses_double_up_to_a_limit_and_are_spread() -> None:
    chance = random.Random(5)
    pauses = [[pause_before(attempt, chance) for _ in range(200)] for attempt in (2, 3, 4, 50)]
    for found, longest in zip(pauses, (0.5, 1.0, 2.0, LONGEST_PAUSE), strict=True):
        assert longest / 2 <= min(found) < max(found) <= longest
        assert len(set(found)) > 100


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Sun, 01 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 01 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_what_a_server_asks_for_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_pause(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "passes"), [(400, False), (401, False), (408, True), (429, True), (500, True), (529, True)]
)
def test_only_what_may_pass_is_repeated(status: int, passes: bool) -> None:
    assert may_pass(status) is passes


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.turns: list[float] = []

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        self.now += seconds


def test_turns_are_spaced_evenly_and_late_comers_do_not_wait() -> None:
    clock = Clock()
    pace = Pace(60, clock=lambda: clock.now, sleep=clock.sleep)
    turns = []
    for _ in range(3):
        pace.take_turn(threading.Event())
        turns.append(clock.now)
    clock.now += 10
    pace.take_turn(threading.Event())
    assert [*turns, clock.now] == [100, 101, 102, 112]


def test_a_hold_is_for_everybody_and_without_a_limit_nobody_waits() -> None:
    clock = Clock()
    pace = Pace(0, clock=lambda: clock.now, sleep=clock.sleep)
    pace.take_turn(threading.Event())
    assert clock.now == 100
    pace.hold(5)
    pace.take_turn(threading.Event())
    assert clock.now == 105


def test_a_real_pause_ends_when_nobody_waits_any_more() -> None:
    stop = threading.Event()
    stop.set()
    pace = Pace(0)
    pace.hold(3600)
    pace.take_turn(stop)  # would last an hour
