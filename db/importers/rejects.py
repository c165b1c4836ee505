"""The rows that could not be used: a CSV file with line, column, code, message and the row as it stands."""

import csv
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TextIO

from db.errors import InputError
from db.importers.rows import BadRow

HEADER = ("line", "column", "code", "message", "raw")
SHOWN = 20
"""How many refused rows a result carries to be shown."""

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")


def spreadsheet_safe(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; NUL shown as U+2400."""
    shown = text.replace("\x00", "\u2400").encode("utf-8", "backslashreplace").decode("utf-8")
    return "'" + shown if shown.startswith(_TRIGGERS) else shown


class RejectFile:
    """Collects refused rows; the file appears, whole and readable by its owner only, when the import closes it.

    `path` is None while nothing was refused, and always where `write` is false.
    """

    def __init__(self, source_name: str, out_dir: Path, *, write: bool = True) -> None:
        stem = "".join(sign if sign.isalnum() or sign in "._- " else "_" for sign in source_name).strip(". ")
        self._target = out_dir / f"{stem[:120] or 'import'}.rejects.csv"
        self._temporary = Path()
        self._write = write
        self._file: TextIO | None = None
        self.count = 0
        self.first: list[BadRow] = []
        self.codes: dict[str, int] = {}
        self.path: Path | None = None

    def add(self, bad: BadRow) -> None:
        """Note a refused row."""
        self.count += 1
        self.codes[bad.code] = self.codes.get(bad.code, 0) + 1
        if len(self.first) < SHOWN:
            self.first.append(bad)
        if self._write:
            self._row(bad)

    def close(self) -> None:
        """Put the file in its place, over the one of an earlier import of the same name."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(self._temporary, self._target)
            self._file = None
            self.path = self._target

    def discard(self) -> None:
        """Leave no file behind."""
        if self._file is not None:
            self._file.close()
            self._temporary.unlink(missing_ok=True)
            self._file = None

    def __enter__(self) -> "RejectFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        if kind is None or issubclass(kind, InputError):
            self.close()
        else:
            self.discard()

    def _row(self, bad: BadRow) -> None:
        try:
            if self._file is None:
                # mkstemp makes a file that only its owner can read, and never follows a link of that name.
                handle, temporary = tempfile.mkstemp(prefix=".rejects-", suffix=".csv", dir=self._target.parent)
                self._temporary = Path(temporary)
                self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
                csv.writer(self._file).writerow(HEADER)
            csv.writer(self._file).writerow(
                (bad.line, spreadsheet_safe(bad.column), bad.code, bad.message, spreadsheet_safe(bad.raw))
            )
        except OSError as error:
            self._write = False
            self.discard()
            raise InputError(
                f"the refused rows cannot be written to {self._target}: {error.strerror}.",
                hint="Choose another folder for them. Nothing was changed.",
            ) from error
