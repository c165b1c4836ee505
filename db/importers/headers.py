"""Column names as an import uses them: unique, printable, on one line; with a note for each that had to be changed."""

import re

from db.errors import InputError
from db.importers.rows import MAX_COLUMNS

_ODD_BLANKS = re.compile("[\t\r\n\x0b\x0c\x85\xa0\u2028\u2029]+")


def named_header(cells: list[str], name: str, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the columns of `name`, and notes: unnamed ones are called `unnamed_N`, line breaks become blanks.

    Raises:
        InputError: too many columns, two with one name, or a name with control characters.
    """
    if len(cells) > MAX_COLUMNS:
        raise InputError(f"the header has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read.", path=name)
    header: list[str] = []
    notes: list[str] = []
    first: dict[str, int] = {}
    for place, cell in enumerate(cells, 1):
        column = _ODD_BLANKS.sub(" ", cell) if cell.strip() else f"unnamed_{place}"
        if not column.isprintable():
            raise InputError(
                f"the name of column {place} ({cell[:60]!r}) holds characters that cannot be printed.",
                path=name,
                line=line,
            )
        if column in first:
            raise InputError(
                f"columns {first[column]} and {place} are both called {column!r}.",
                path=name,
                line=line,
                hint="Rename one of them in the header.",
            )
        if column != cell:
            notes.append(f"Column {place} is called {column!r} here; its name in the table is {cell[:60]!r}.")
        first[column] = place
        header.append(column)
    return tuple(header), tuple(notes)
