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
