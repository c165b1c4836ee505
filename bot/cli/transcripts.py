"""A conversation as a file: a line for each message, readable by its owner only, never written over another file."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import IO

from bot.cli.output import printable
from db.errors import InputError


class Transcript:
    """Writes each message as it is said: JSON Lines where the name ends in .jsonl, else `who: text`.

    Raises InputError where the file exists or cannot be made. The path is the user's; nothing that was said is in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._as_json = path.suffix == ".jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            self._file: IO[str] = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="\n")
        except FileExistsError as error:
            raise InputError("it exists already; a transcript is not written over it.", path=path, hint="") from error
        except OSError as error:
            raise InputError(f"the transcript cannot be written: {error.strerror}", path=path) from error

    def add(self, who: str, text: str, at: datetime, turn: int) -> None:
        """Write one message; nothing that it says can look like another one."""
        if not text:
            return
        if self._as_json:
            line = json.dumps({"turn": turn, "at": at.isoformat(), "who": who, "text": text}, ensure_ascii=False)
        else:
            line = f"{who}: {' '.join(printable(text).split())}"
        try:
            self._file.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
            self._file.flush()
        except OSError as error:
            raise InputError(f"the transcript cannot be written: {error.strerror}", path=self.path) from error

    def discard(self) -> None:
        """Leave no file behind: there was no conversation."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
