"""Long work steps back for whoever draws a screen or waits for a reply in a chat."""

import os
from contextlib import suppress
from pathlib import Path

POLITENESS = 10
"""How far long work steps back, as the `nice` of the operating system counts."""

SESSION = Path("/proc/self/autogroup")


def step_back() -> None:
    """Let other processes have the processor first."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, max(os.getpriority(os.PRIO_PROCESS, 0), POLITENESS))


def session_steps_back() -> None:
    """The same for the whole session, where this process leads one.

    Linux may share the processor among sessions before it looks at processes: a screen in another session would wait
    for a job however nice that is within its own.
    """
    step_back()
    if hasattr(os, "getsid") and os.getsid(0) == os.getpid():
        with suppress(OSError):
            SESSION.write_text(str(POLITENESS), encoding="ascii")
