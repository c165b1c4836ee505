"""Texts that come a line each, from a file or through a pipe."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.errors import InputError

MAX_LINE = 1_000_000


def numbered_lines(file: Path | None) -> Iterator[tuple[int, str]]:
    """The lines of a file, or of standard input, that are not blank, with their numbers from 1.

    Raises InputError for a file that cannot be read, and where a terminal is all there is to read.
    """
    if file is None or str(file) == "-":
        if file is None and sys.stdin.isatty():
            raise InputError("There is nothing to read.", hint="Give texts, --file LINES, or pipe lines in.")
        yield from _lines_with_numbers(sys.stdin.buffer)
        return
    try:
        with file.open("rb") as stream:
            yield from _lines_with_numbers(stream)
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", path=file) from error


def plain_lines(stream: Any) -> Iterator[str]:
    """The lines of a binary stream that are not blank."""
    return (text for _, text in _lines_with_numbers(stream))


def _lines_with_numbers(stream: Any) -> Iterator[tuple[int, str]]:
    """Lines without their ends, decoded as UTF-8 with a mark for what is not; very long ones are read in parts."""
    number = 1
    encoding = "utf-8-sig"  # some programs mark the beginning of a file
    while raw := stream.readline(MAX_LINE):
        text = raw.decode(encoding, errors="replace").rstrip("\r\n")
        encoding = "utf-8"
        if text.strip():
            yield number, text
        number += raw.endswith(b"\n")
