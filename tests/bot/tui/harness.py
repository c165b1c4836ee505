"""Driving the app in tests: open it, wait until nothing runs, read what is on the screen."""

import difflib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import ModalScreen

import bot.tui
from bot.tui.app import MainstayApp
from bot.tui.desk import Desk

SNAPSHOTS = Path(__file__).parent / "__snapshots__"
REWRITE = "REWRITE_SNAPSHOTS"
WAITING = {"act", "default"}
"""Groups of workers that wait for a person while a dialog is open."""


class Noted(MainstayApp):
    """The app, which also remembers what it has told: notes pass by the clock, tests do not run by it."""

    CSS_PATH = str(Path(bot.tui.__file__).parent / "app.tcss")

    def __init__(self, *positional: Any, **options: Any) -> None:
        super().__init__(*positional, **options)
        self.heard: list[str] = []

    def notify(self, message: str, **options: Any) -> None:
        """Tell, and remember."""
        self.heard.append(message)
        super().notify(message, **options)


class Driver:
    """The app under test."""

    def __init__(self, app: MainstayApp, pilot: "Pilot[None]", desk: Desk) -> None:
        self.app, self.pilot, self.desk = app, pilot, desk
        self.heard: list[str] = []

    async def settle(self) -> None:
        """Wait until no worker runs that does not wait for a person."""
        quiet = 0
        for _ in range(2_000):
            await self.pilot.pause(0.005)
            ignored = WAITING if isinstance(self.app.screen, ModalScreen) else set()
            busy = [one for one in self.app.workers if not one.is_finished and one.group not in ignored]
            quiet = 0 if busy else quiet + 1
            if quiet == 3:
                return
        raise AssertionError("the app did not come to rest")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, waiting after the last."""
        await self.pilot.press(*keys)
        await self.settle()

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*({" ": "space"}.get(char, char) for char in text))

    def text(self) -> str:
        """What is on the screen, as lines."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def picture(self) -> str:
        """The screen once it has stopped changing: the line of keys is drawn after all else."""
        same, before = 0, ""
        while same < 4 or not before.rstrip().endswith(("Quit", "Help", "palette")):
            await self.pilot.pause(0.02)
            seen = self.text()
            same, before = (same + 1 if seen == before else 0), seen
        return before

    def notices(self) -> list[str]:
        """All passing notes so far, those that have passed too."""
        return self.heard

    def notice(self) -> str:
        """The newest passing note."""
        return self.notices()[-1]


@asynccontextmanager
async def driving(desk: Desk, size: tuple[int, int] = (100, 30), **options: Any) -> AsyncIterator[Driver]:
    """The app on a desk, at rest after its first load."""
    app = Noted(opener=lambda: desk, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot, desk)
        driver.heard = app.heard
        for _ in range(1_000):
            if app.desk is not None:
                break
            await pilot.pause(0.005)
        await driver.settle()
        yield driver


def check_snapshot(name: str, text: str) -> None:
    """Compare a screen with the one kept under that name; set REWRITE_SNAPSHOTS=1 to keep this one."""
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get(REWRITE):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.exists(), f"there is no {path.name}; set {REWRITE}=1 to make it"
    kept = path.read_text(encoding="utf-8").splitlines()
    assert text.splitlines() == kept, "\n".join(difflib.unified_diff(kept, text.splitlines(), "kept", "seen", n=0))
