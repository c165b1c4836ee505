"""Long commands step back for whoever draws a screen; short ones, and those that open a screen, do not."""

import os
import subprocess
import sys

import pytest

from bot.background.priority import SESSION
from bot.cli.app import LONG, app

PROGRAM = """
import os, sys
from bot.cli.app import run
run([sys.argv[1], "--no-such-option"])
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no priorities of this kind")
@pytest.mark.parametrize(("command", "steps_back"), [("train", True), ("import", True), ("tui", False)])
def test_a_long_command_leaves_the_processor_to_others(command: str, steps_back: bool) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    found = subprocess.run([sys.executable, "-c", PROGRAM, command], capture_output=True, text=True, check=True)
    assert int(found.stdout.split()[-1]) == (max(before, 10) if steps_back else before)


def test_every_long_command_is_one() -> None:
    groups = {group.name for group in app.registered_groups}
    names = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}
    assert groups | names >= LONG


@pytest.mark.skipif(not SESSION.exists(), reason="this system does not share its processor among sessions")
@pytest.mark.parametrize(("leads", "steps_back"), [(True, True), (False, False)])
def test_a_job_steps_back_with_its_session_and_a_command_leaves_the_session_of_its_terminal_alone(
    leads: bool, steps_back: bool
) -> None:
    program = "from bot.background.priority import *; session_steps_back(); print(SESSION.read_text())"
    own = [sys.executable, "-c", program]
    # Without leading it: in a session that a shell leads, as in a terminal.
    command = own if leads else ["sh", "-c", '"$@"; true', "sh", *own]
    found = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True)
    assert found.stdout.split()[-1] == ("10" if steps_back else "0")
