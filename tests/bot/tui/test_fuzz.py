"""Random keys and clicks on every screen: nothing may crash, and nothing may end as an error nobody foresaw.

`MAINSTAY_FUZZ=20000 pytest -n0 -m slow tests/bot/tui/test_fuzz.py` presses so many in the slow test.
"""

import logging
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import WaitForScreenTimeout

import bot.tui
from bot.background import begin
from bot.background.folder import END, JobFolder
from bot.settings import Settings
from bot.tui.app import MainstayApp
from bot.tui.desk import Desk
from tests.bot.tui.test_chat import Answer, Copiloted

FEW, SEVERAL, SEEDS = 80, 800, 4
SIZES = ((80, 24), (140, 40), (40, 10), (220, 60))
LETTERS = "abcdefghijklmnoprstuvwxyzACEGNW0123456789/?.,;[](){}<>$%&@é長\u202e"
NAMED = (
    *("enter", "enter", "enter", "escape", "escape", "tab", "shift+tab", "up", "down", "left", "right", "pageup"),
    *("pagedown", "home", "end", "backspace", "delete", "space", "f1", "f5", "shift+enter"),
    *(f"ctrl+{key}" for key in ("p", "t", "f", "s", "n", "g", "o", "r", "x", "up", "down", "j", "a", "u", "e")),
)
KEYS = (*LETTERS, *NAMED * 2)


class Endless(Copiloted):
    """Has an answer to everything."""

    async def turn(self, session: Any, text: str, on_chunk: Callable[[str], None] | None = None) -> Answer:
        if on_chunk is not None:
            on_chunk("word ")
        if text.startswith("x"):
            raise RuntimeError("no")
        return Answer(f"You said: {text}", handoff="h" in text)


class Staying(MainstayApp):
    """Cannot be left by pressing q."""

    CSS_PATH = str(Path(bot.tui.__file__).parent / "app.tcss")

    async def action_quit(self) -> None:
        """Stay."""


def pretend(settings: Settings, folder: JobFolder) -> None:
    """Nothing runs; the job ends at once."""
    folder.write(END, {"code": len(folder.name) % 3, "stopped": False, "at": 0.0})


async def hammer(desk: Desk, seed: int, count: int, size: tuple[int, int]) -> None:
    chance = random.Random(seed)
    desk.__dict__["chat"] = Endless([Answer("One."), Answer("Two [/x]."), Answer("")])
    desk.__dict__["write_report"] = lambda form: Path("report." + form)
    app = Staying(opener=lambda: desk)
    async with app.run_test(size=size, notifications=True) as pilot:
        for step in range(count):
            try:
                if step % 60 == 0:
                    await app.action_go(chance.choice(list(app.MODES)))
                if chance.random() < 0.2:
                    place = (chance.randrange(size[0]), chance.randrange(size[1]))
                    await pilot.click(offset=place, times=chance.choice((1, 1, 2)))
                else:
                    await pilot.press(chance.choice(KEYS))
                if step % 997 == 0:
                    await pilot.resize_terminal(*chance.choice(SIZES))
                    size = app.size.width, app.size.height
            except WaitForScreenTimeout:
                continue
            assert app.is_running


def unforeseen(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Errors that became a notice with a number, but for the ones asked for."""
    return [
        str(record.exc_info[1])
        for record in caplog.records
        if record.levelno >= logging.ERROR and record.exc_info and str(record.exc_info[1]) != "no"
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_keys_and_clicks_crash_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    monkeypatch.setattr(begin, "_spawn", pretend)
    await hammer(desk, seed, FEW, SIZES[seed % len(SIZES)])
    assert unforeseen(caplog) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_many_random_keys_and_clicks_crash_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    monkeypatch.setattr(begin, "_spawn", pretend)
    many = int(os.environ.get("MAINSTAY_FUZZ", SEVERAL))
    await hammer(desk, 100 + seed, many // SEEDS, SIZES[seed % len(SIZES)])
    assert unforeseen(caplog) == []
