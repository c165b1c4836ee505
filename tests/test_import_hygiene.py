"""Light front doors: importing the command line must not load what only some commands need."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "sklearn", "pandas", "numpy", "textual", "sqlalchemy", "rasa_sdk", "sanic", "scipy"}
ALLOWED: dict[str, set[str]] = {
    "import bot.cli": set(),
    "import bot.cli.app": set(),
    "import bot.settings": set(),
    "import bot.wiring": set(),
    "import db.session": {"sqlalchemy"},
    "import bot.tui.app": {"textual"},
}


@pytest.mark.parametrize("statement", ALLOWED)
def test_imports_stay_light(statement: str) -> None:
    program = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert set(found) & HEAVY == ALLOWED[statement]


FIRST_PAINT = """
import asyncio, os, sys, threading
from bot.tui.app import MainstayApp
app = MainstayApp(opener=threading.Event().wait)
async def main():
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        print(*{name.split(".")[0] for name in sys.modules}, flush=True)
        os._exit(0)
asyncio.run(main())
"""


def test_the_first_paint_waits_for_no_library_of_the_store() -> None:
    found = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) & HEAVY == {"textual"}
