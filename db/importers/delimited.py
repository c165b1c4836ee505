"""CSV and its kin: comma, semicolon, tab or pipe, any encoding, gzip; physical line numbers and bounded memory."""

import csv
import gzip
import io
import stat
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from db.errors import InputError
from db.importers.encodings import EncodingDecision, decide_encoding, mark_unreadable
from db.importers.headers import named_header
from db.importers.rows import MAX_LINE_CHARACTERS, BadRow, Row, as_line

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

_SNIFFED_LINES = 60
_BOMB_RATIO = 200
_BOMB_BYTES = 256 << 20


class DelimitedTable:
    """A text table in a file. The whole file is scanned once when it is opened, then read as often as needed.

    `delimiter`, `encoding` and `quote` (an empty text for none) are found out where they are None.

    Raises:
        InputError: the file is missing, empty, binary, or its header cannot be used.
    """

    def __init__(
        self, path: Path, *, delimiter: str | None = None, encoding: str | None = None, quote: str | None = None
    ) -> None:
        self.path = path
        self.name = path.name
        check_regular_file(path)
        self._quote = '"' if quote is None else quote
        with self._reading():
            self.decision: EncodingDecision = decide_encoding(self._open_bytes, self.name, encoding)
            first = self._first_lines()
        declared = _declared_by_excel(first[0]) if first else None
        self._skipped_lines = 1 if declared else 0
        self.delimiter = delimiter or declared or sniff_delimiter(first, self._quote)
        self.header, self._header_notes = self._read_header()

    @property
    def notes(self) -> tuple[str, ...]:
        """Encoding and delimiter, and columns that had to be named."""
        shown = DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))
        return (self.decision.reason, f"Cells are separated by {shown}.", *self._header_notes)

    @property
    def lines(self) -> int | None:
        """Physical lines of the file."""
        return self.decision.lines

    @property
    def fingerprint(self) -> str:
        """sha256 of the (unpacked) file."""
        return self.decision.sha256

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the header, with the physical line where it begins."""
        width = len(self.header)
        records = self._records()
        next(records, None)
        for record in records:
            if isinstance(record, BadRow):
                yield record
                continue
            line, cells = record
            if len(cells) == width:
                if any(cells):
                    yield record
            elif any(cells):
                yield self._ragged(line, cells, width)

    def _ragged(self, line: int, cells: list[str], width: int) -> BadRow:
        raw = as_line(cells, self.delimiter)
        if len(cells) < width:
            missing = self.header[len(cells)]
            message = f"the row has {len(cells)} cells, the header {width}: the cells from {missing!r} on are missing."
            return BadRow(line, missing, "short-row", message, raw)
        message = f"the row has {len(cells)} cells, the header {width}: quote a cell that holds the delimiter."
        return BadRow(line, "", "long-row", message, raw)

    def _records(self) -> Iterator[Row | BadRow]:
        """Header and rows; a record that breaks the rules of quoting is refused with all of its lines."""
        with self._reading(), self._open_text() as stream:
            taken: list[str] = []
            reader = csv.reader(
                self._lines(stream, taken),
                delimiter=self.delimiter,
                quotechar=self._quote or None,
                quoting=csv.QUOTE_MINIMAL if self._quote else csv.QUOTE_NONE,
                strict=True,
            )
            for _ in range(self._skipped_lines):
                next(reader, None)
            while True:
                line = reader.line_num + 1
                taken.clear()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield self._broken(line, reader.line_num, "".join(taken), error)
                    continue
                if cells:
                    yield Row(line, cells)

    def _broken(self, line: int, last: int, raw: str, error: csv.Error) -> BadRow:
        problem = str(error)
        if "unexpected end" in problem or ("field limit" in problem and last > line):
            raise InputError(
                "a quoted cell that begins in this row is never closed.",
                path=self.path,
                line=line,
                hint='Close the quote, write a quote inside a cell twice (""), or set `quote: none` under `source` '
                "in the mapping if quotes mean nothing in this file. Nothing was changed.",
            )
        span = f" (the row runs to line {last})" if last > line else ""
        if "field limit" in problem:
            return BadRow(line, "", "cell-too-long", f"a cell has more than {csv.field_size_limit():,} signs.", raw)
        message = f'there is text after a closing quote; write a quote inside a cell twice (""){span}.'
        return BadRow(line, "", "bad-quote", message, raw.rstrip("\r\n"))

    def _lines(self, stream: TextIO, taken: list[str]) -> Iterator[str]:
        limit = MAX_LINE_CHARACTERS + 1
        number = 0
        while line := stream.readline(limit):
            number += 1
            if len(line) == limit:
                raise InputError(
                    f"the line is longer than {MAX_LINE_CHARACTERS:,} characters.", path=self.path, line=number
                )
            if number == 1:
                # A mark that the encoding does not take away, as with a declared utf-16-le, is not part of a name.
                line = line.removeprefix("\ufeff")
            taken.append(line)
            yield line

    def _read_header(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        records = self._records()
        first = next(records, None)
        records.close()  # type: ignore[attr-defined]
        if first is None:
            raise InputError("there is no header line: the file holds only blank lines.", path=self.path)
        if isinstance(first, BadRow):
            raise InputError(f"the header cannot be read: {first.message}", path=self.path, line=first.line)
        return named_header(first.cells, self.name, first.line)

    def _first_lines(self) -> list[str]:
        with self._open_text() as stream:
            return [line for _, line in zip(range(_SNIFFED_LINES), self._lines(stream, []), strict=False)]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say what is wrong with a file that cannot be read or unpacked."""
        try:
            yield
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError("the gzip archive is damaged or cut off.", path=self.path) from error
        except UnicodeError as error:
            raise InputError(
                f"the file cannot be read as {self.decision.encoding}: {error}.",
                path=self.path,
                hint="Name another `encoding` under `source` in the mapping.",
            ) from error
        except OSError as error:
            raise InputError(f"the file cannot be read: {error.strerror or error}.", path=self.path) from error

    @contextmanager
    def _open_text(self) -> Iterator[TextIO]:
        with self._open_bytes() as stream:
            text = io.TextIOWrapper(stream, encoding=self.decision.encoding, errors=mark_unreadable(), newline="")
            try:
                yield text
            finally:
                text.detach()

    def _open_bytes(self) -> BinaryIO:
        if self.path.suffix.lower() == ".gz":
            return io.BufferedReader(_Unpacked(self.path), 1 << 18)
        return self.path.open("rb")


class _Unpacked(io.RawIOBase):
    """A gzip archive read as a stream; one that swells beyond reason is refused."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._packed = path.stat().st_size
        self._stream = gzip.open(path, "rb")  # noqa: SIM115 - closed with this object
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray") -> int:  # type: ignore[override]
        count = self._stream.readinto(buffer)
        self._out += count
        if self._out > _BOMB_BYTES and self._out > _BOMB_RATIO * self._packed:
            raise InputError(
                f"the archive unpacks to more than {_BOMB_RATIO} times its size.",
                path=self._path,
                hint="Unpack it yourself and look at it first.",
            )
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


def check_regular_file(path: Path) -> None:
    """Refuse what is no readable file, in words.

    Raises:
        InputError: there is no such file, or it is a folder or a device.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise InputError("there is no such file.", path=path, hint="Check the spelling of the path.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"the file cannot be opened: {error}.", path=path) from error
    if stat.S_ISDIR(mode):
        raise InputError("this is a folder, not a file.", path=path, hint="Name a file inside it.")
    if not stat.S_ISREG(mode):
        raise InputError("this is a device or a pipe, not a file.", path=path, hint="Save it to a file first.")


def sniff_delimiter(lines: list[str], quote: str = '"') -> str:
    """The delimiter under which most rows have as many cells as the header, and the header has the most."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        counts = _cell_counts(lines, delimiter, quote)
        if not counts or counts[0] < 2:
            continue
        agreeing = Counter(counts)[counts[0]] / len(counts)
        score = (round(agreeing, 1), counts[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _cell_counts(lines: list[str], delimiter: str, quote: str) -> list[int]:
    counts: list[int] = []
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    try:
        counts.extend(len(cells) for cells in reader if cells)
    except csv.Error:
        return counts
    return counts


def _declared_by_excel(line: str) -> str | None:
    """Excel's own first line `sep=;` names the delimiter."""
    text = line.strip("\r\n").lower()
    if text.startswith("sep=") and len(text) == 5:
        return line.strip("\r\n")[4]
    return None
