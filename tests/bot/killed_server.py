"""A chat server in a process of its own that dies in the middle of writing the third turn of a conversation.

`python -m tests.bot.killed_server STORE TOKEN STEP` prints its address. It is killed before the STEP-th change of a row
of that turn, before its commit where STEP is 0.
"""

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.conversation import Chat
from bot.dialogue.channel import Admission, build_channel
from bot.settings import Settings
from bot.wiring import Services
from tests.bot.killed_turn import CHANGES
from tests.conftest import NOW

TURN_ROWS = 4
"""The greeting and three turns."""


def main(store: str, token: str, step: int) -> None:
    """Serve until killed."""
    services = Services(Settings(home=Path(store).parent, store=store), clock=lambda: NOW)
    seen = {"turns": 0, "changes": 0}

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen["turns"] += statement.startswith("INSERT INTO turn ")
        if seen["turns"] == TURN_ROWS and statement.lstrip().upper().startswith(CHANGES):
            seen["changes"] += 1
            if seen["changes"] == step:
                os.kill(os.getpid(), signal.SIGKILL)

    def commit(_connection: Any) -> None:
        if step == 0 and seen["turns"] == TURN_ROWS:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(services.store.engine, "before_cursor_execute", count)
    event.listen(services.store.engine, "commit", commit)
    listening = socket.create_server(("127.0.0.1", 0))
    app = build_channel(Chat(services), services.now, Admission(token))
    _ = services.understander
    sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    app.run(sock=listening, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
