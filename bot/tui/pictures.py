"""Makes the README's pictures from the running program: `python -m bot.tui.pictures --store demo.db [FOLDER]`.

Needs a store with the demo company (`mainstay demo --no-tui`). The pictures are SVG without references to other hosts.
"""

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import tempfile
from functools import partial
from pathlib import Path

from textual.pilot import Pilot
from textual.screen import ModalScreen

from bot.tui.app import MainstayApp
from bot.tui.errands import letters

SIZE = (118, 34)
SAID = ("my bill is too high", "I want to cancel")


async def take(store: Path, folder: Path) -> list[Path]:
    """Walk through the screens of a store and keep a picture of each."""
    app = MainstayApp(str(store))
    made: list[Path] = []
    async with app.run_test(size=SIZE) as pilot:
        await _settle(app, pilot)

        async def picture(name: str) -> None:
            await _settle(app, pilot)
            path = folder / f"{name}.svg"
            path.write_text(without_fonts(app.export_screenshot(title=f"mainstay: {name}")), encoding="utf-8")
            made.append(path)

        await picture("today")
        await pilot.press("1")
        await _settle(app, pilot)
        await pilot.press("down", "down", "down")
        await picture("customers")
        await pilot.press("enter")
        await picture("customer")
        await pilot.press("c")
        await _settle(app, pilot)
        for said in SAID:
            await pilot.press(*({" ": "space"}.get(char, char) for char in said), "enter")
            await _settle(app, pilot)
        await picture("chat")
        await app.action_go("drafts")
        await picture("drafts")
        await app.action_go("report")
        await picture("report")
        errand = partial(letters, "20")
        await app.start_job(errand)
        await app.action_go("jobs")
        while app.job_news.live:
            await pilot.pause(0.5)
            await app.look_at_jobs()
        await picture("jobs")
        app.theme = "mainstay-light"
        await app.action_go("drafts")
        await picture("drafts-light")
    return made


def without_fonts(svg: str) -> str:
    """A picture that asks no other host for its fonts."""
    local = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    return local.replace("Fira Code, monospace", "'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace")


async def _settle(app: MainstayApp, pilot: Pilot[None]) -> None:
    """Wait until nothing runs any more."""
    quiet = 0
    while quiet < 5:
        await pilot.pause(0.05)
        busy = app.standing is None or any(not worker.is_finished for worker in app.workers)
        quiet = 0 if busy and not isinstance(app.screen, ModalScreen) else quiet + 1


def main() -> None:
    """Take the pictures of a copy of the store, so that the chat leaves no trace in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--store", type=Path, required=True)
    options = parser.parse_args()
    folder, store = options.folder.resolve(), options.store.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
        shutil.copy(store, store.name)
        if (store.parent / "models").is_dir():
            shutil.copytree(store.parent / "models", "home/models")
        os.environ["MAINSTAY_HOME"] = str(Path("home").resolve())
        asyncio.run(take(Path(store.name), folder))


if __name__ == "__main__":
    main()
