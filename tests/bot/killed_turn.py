"""A conversation in a process of its own that dies in the middle of writing its last turn.

`python -m tests.bot.killed_turn STORE CUSTOMER STEP LINE...` says the lines. The last turn is killed before its STEP-th
change of a row, before its commit where STEP is 0, and never where it is -1; then the number of changes is printed.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.conversation import Chat
from bot.settings import Settings
from bot.wiring import Services
from tests.conftest import NOW

CHANGES = ("INSERT", "UPDATE", "DELETE")


def die() -> None:
    """As when the machine is switched off: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(store: str, customer: str, step: int, *lines: str) -> None:
    """Say the lines and die on the way."""
    services = Services(Settings(home=Path(store).parent, store=store), clock=lambda: NOW)
    chat = Chat(services)
    session = chat.open(customer)
    for line in lines[:-1]:
        asyncio.run(chat.turn(session, line))
    changes = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal changes
        changes += statement.lstrip().upper().startswith(CHANGES)
        if changes == step:
            die()

    def commit(_connection: Any) -> None:
        if step == 0 and changes:
            die()

    event.listen(services.store.engine, "before_cursor_execute", count)
    event.listen(services.store.engine, "commit", commit)
    asyncio.run(chat.turn(session, lines[-1]))
    services.close()
    sys.stdout.write(f"{changes}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
