"""Readers built from a mapping: for each column a function from its text to its value, and a check of whole rows."""

import difflib
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from db.errors import MappingError
from db.importers.cells import (
    CONTROL,
    FALSE_WORDS,
    LINE_BREAKING,
    TRUE_WORDS,
    read_boolean,
    read_day,
    read_instant,
    read_number,
)
from db.importers.encodings import UNREADABLE
from db.importers.mapping import CellSettings, SourceSettings
from db.importers.rows import BadRow, Row, Table, as_line
from db.vocabulary import ColumnType

Reader = Callable[[str], Any]
"""From a cell to its value, None where it is missing; raises ValueError with a sentence."""

_MOST_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 64

MAX_ID = 200
"""Longest id, in characters."""


def place_of(table: Table, column: str, *, why: str) -> int:
    """Where a column stands in the table.

    Raises:
        MappingError: the table has no such column.
    """
    try:
        return table.header.index(column)
    except ValueError:
        near = difflib.get_close_matches(column, table.header, n=1, cutoff=0.5)
        folded = [name for name in table.header if name.strip().casefold() == column.strip().casefold()]
        meant = (folded or near or [""])[0]
        hint = f"Did you mean {meant!r}?" if meant else f"Its columns are: {', '.join(table.header[:30])}."
        raise MappingError(
            f"there is no column {column!r} ({why}). {hint}",
            path=table.name,
            hint="Name the column as the header does.",
        ) from None


class Memory(dict[str, Any]):
    """The cells a reader has read, by their text: dates, ids and numbers come again and again in a column."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(text)
        if len(self) < _MOST_REMEMBERED and len(text) <= _LONGEST_REMEMBERED:
            self[text] = value
        return value


def remembered(read: Reader) -> Reader:
    """The reader with a memory for what it has read."""
    return Memory(read).__getitem__


def cell_reader(settings: CellSettings, source: SourceSettings, kind: ColumnType) -> Reader:
    """A reader for cells of this type; blank cells and the mapping's missing values are None."""
    return remembered(_forgetful_reader(settings, source, kind))


def _forgetful_reader(settings: CellSettings, source: SourceSettings, kind: ColumnType) -> Reader:
    missing = frozenset((*source.missing_values, *settings.missing_values))
    read = _typed_reader(settings, source, kind)
    strip_decimal = settings.strip_decimal

    def reader(text: str) -> Any:
        if not text or text in missing or text.isspace():
            return None
        return read(text.removesuffix(".0") if strip_decimal else text)

    return reader


def instant_reader(settings: CellSettings, source: SourceSettings) -> Reader:
    """A reader of instants: local times are taken in the mapping's time zone."""
    missing = frozenset((*source.missing_values, *settings.missing_values))
    style, zone = settings.date_format or source.date_format, ZoneInfo(source.time_zone)

    def reader(text: str) -> Any:
        if not text or text in missing or text.isspace():
            return None
        return read_instant(text, style, zone)

    return remembered(reader)


def single_line(text: str) -> str:
    """The text, for names, ids and addresses.

    Raises:
        ValueError: it runs over several lines or holds a tab.
    """
    if LINE_BREAKING.search(text):
        raise ValueError("the cell holds a line break or a tab where a single line belongs.")
    return text


def id_reader(settings: CellSettings, source: SourceSettings) -> Reader:
    """A reader of ids: text without the blanks around it."""
    read = _forgetful_reader(settings, source, ColumnType.TEXT)

    def reader(text: str) -> Any:
        found = read(text.strip())
        if found is not None and len(single_line(found)) > MAX_ID:
            raise ValueError(f"an id has at most {MAX_ID} characters, this one {len(found):,}.")
        return found

    return remembered(reader)


def label_reader(positive: Sequence[str], negative: Sequence[str]) -> Reader:
    """A reader of labels: True for a positive word, False for a negative one; without negative ones, the usual noes."""
    yes = frozenset(word.strip().casefold() for word in positive)
    no = frozenset(word.strip().casefold() for word in negative) or FALSE_WORDS - yes

    def reader(text: str) -> Any:
        word = text.strip().casefold()
        if word in yes:
            return True
        if word in no:
            return False
        if not word:
            return None
        raise ValueError(
            f"{text[:60]!r} is neither under `positive` nor under `negative` in the churn section of the mapping."
        )

    return reader


def refuse(row: Row, column: str, code: str, message: str) -> BadRow:
    """A row that is refused."""
    return BadRow(row.line, column, code, message, as_line(row.cells))


def unreadable(row: Row, header: Sequence[str]) -> BadRow | None:
    """Why the characters of a row cannot be taken, None where they can."""
    text = "".join(row.cells)
    if text.isprintable() or CONTROL.search(text) is None:
        return None
    for column, cell in zip(header, row.cells, strict=True):
        if UNREADABLE in cell:
            return refuse(row, column, "encoding-error", "the cell holds bytes that the encoding cannot read.")
        found = CONTROL.search(cell)
        if found is not None:
            sign = f"U+{ord(found.group()):04X}"
            return refuse(row, column, "control-character", f"the cell holds the control character {sign}; remove it.")
    return None


def _typed_reader(settings: CellSettings, source: SourceSettings, kind: ColumnType) -> Reader:
    if kind is ColumnType.NUMBER:
        decimal = settings.decimal or source.decimal
        return lambda text: read_number(text, decimal)
    if kind is ColumnType.DATE:
        style = settings.date_format or source.date_format
        return lambda text: read_day(text, style)
    if kind is ColumnType.BOOLEAN:
        yes = frozenset(word.casefold() for word in settings.true_values) or TRUE_WORDS
        no = frozenset(word.casefold() for word in settings.false_values) or FALSE_WORDS - yes
        return lambda text: read_boolean(text, yes, no - yes)
    return lambda text: text
