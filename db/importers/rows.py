"""What every kind of table looks like to an import: a header, rows of text, and rows that cannot be read."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

MAX_LINE_CHARACTERS = 1 << 20
"""Longest line that is read, in characters; anything longer is a mistake or an attack."""
MAX_COLUMNS = 10_000
"""Most columns of a table."""


class Row(NamedTuple):
    """One row as text, cell for cell as it stands in the table; `line` is the physical line where it begins."""

    line: int
    cells: list[str]


class BadRow(NamedTuple):
    """A row that is refused: where, why (`code` for programs, `message` for people), and its text as it stands."""

    line: int
    column: str
    code: str
    message: str
    raw: str


class Table(Protocol):
    """A table that can be read as often as needed, each time from its start, in bounded memory."""

    @property
    def name(self) -> str:
        """What messages call the table: the name of the file, or of the query."""

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, unique, in their order."""

    @property
    def notes(self) -> tuple[str, ...]:
        """How the table is read (encoding, delimiter ...), each as a sentence."""

    @property
    def lines(self) -> int | None:
        """Number of lines, for the progress bar; None where it is not known beforehand."""

    @property
    def fingerprint(self) -> str:
        """sha256 of the content, or an empty string where there is no file."""

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the header; blank ones are left out.

        Raises:
            InputError: the table cannot be read to its end.
        """


def as_line(cells: list[str], delimiter: str = ",") -> str:
    """The cells as one line of a CSV file: how a refused row is shown."""
    plain = delimiter.join(cells)
    if '"' not in plain and "\n" not in plain and "\r" not in plain and plain.count(delimiter) == len(cells) - 1:
        return plain
    return delimiter.join(_quoted(cell, delimiter) for cell in cells)


def _quoted(cell: str, delimiter: str) -> str:
    if '"' in cell or delimiter in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
