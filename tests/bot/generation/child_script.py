"""A writer for the tests of child processes: real frames, real pipes, and each brief's purpose says what happens."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief
from bot.generation.child.serve import serve
from db.errors import BackendError, BackendUnavailableError

ENTRY = "tests.bot.generation.child_script"


class ObedientBackend:
    """Does what the purpose says, in the middle of its work."""

    name = "obedient"

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self.cancelled = cancelled

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        for brief in briefs:
            if brief.purpose == "fail":
                yield Written(None, problem="no words came")
            else:
                yield Written(self._text(brief), tokens=3, seconds=0.5)

    def stream(self, brief: Brief) -> Iterator[str]:
        yield "first "
        yield from pieces(self._text(brief))

    def _text(self, brief: Brief) -> str:
        if brief.purpose == "die":
            os.kill(os.getpid(), 9)
        if brief.purpose == "trip":
            sys.stderr.write("some notice\n")
            raise TypeError("\x1b[31mred\x07 words")
        if brief.purpose == "give_up":
            raise BackendError("it gave up", hint="Ask again.")
        if brief.purpose == "babble":
            os.write(1, b"printed by a library\n")
            sys.stdout.write("and by another\n")
            sys.stdout.flush()
        while brief.purpose == "wait" and not self.cancelled():
            time.sleep(0.01)
        if brief.purpose == "deaf":
            time.sleep(3600)
        return f"{brief.seed} by {os.getpid()} with {os.environ['OMP_NUM_THREADS']}"


def load(options: dict[str, Any], cancelled: Callable[[], bool]) -> ObedientBackend:
    if options["model"] == "absent":
        raise BackendUnavailableError("there is no such model", hint="Make one.")
    if options["model"] == "slow":
        time.sleep(3600)
    if options["model"] == "broken":
        sys.exit("the library is broken")
    return ObedientBackend(cancelled)


def main() -> None:
    if "GARBLE" in os.environ:
        os.write(1, b"\xff" * 64)
        time.sleep(3600)
    serve(load)
