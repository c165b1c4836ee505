"""Excel workbooks, read row by row; formulas give the value that Excel saved with them."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from db.errors import InputError
from db.importers.as_text import cell_text
from db.importers.headers import named_header
from db.importers.rows import MAX_COLUMNS, BadRow, Row, as_line

_LARGEST_UNPACKED = 2 << 30
_LARGEST_RATIO = 300


class WorkbookTable:
    """A sheet of a workbook: the one named, else the first with a cell.

    Raises:
        InputError: the file is no workbook, has no such sheet, or the sheet is empty.
    """

    fingerprint = ""
    lines: int | None = None

    def __init__(self, path: Path, *, sheet: str | None = None) -> None:
        self.path = path
        self.name = path.name
        _refuse_bombs(path)
        with self._sheet(sheet) as opened:
            self.sheet: str = opened.title
            for line, cells in enumerate(self._cells(opened), 1):
                if any(cells):
                    while cells and not cells[-1]:
                        cells.pop()
                    self._header_line = line
                    self.header, notes = named_header(cells, self.name, line)
                    break
            else:
                raise InputError(f"the sheet {self.sheet!r} is empty.", path=path, hint="Name another `sheet`.")
        self.notes = (f"Read from the sheet {self.sheet!r}.", *notes)

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the header; its line is the row number in the sheet."""
        width = len(self.header)
        with self._sheet(self.sheet) as opened:
            for line, cells in enumerate(self._cells(opened), 1):
                if line <= self._header_line or not any(cells):
                    continue
                if any(cells[width:]):
                    message = f"the row has a cell beyond the {width} columns of the header."
                    yield BadRow(line, "", "long-row", message, as_line(cells))
                else:
                    yield Row(line, cells[:width] + [""] * (width - len(cells)))

    @contextmanager
    def _sheet(self, wanted: str | None) -> Iterator[Any]:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = load_workbook(self.path, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, ParseError) as error:
            raise InputError("this is no Excel workbook that can be read.", path=self.path) from error
        try:
            if wanted is not None and wanted not in book.sheetnames:
                names = ", ".join(repr(name) for name in book.sheetnames)
                raise InputError(f"there is no sheet {wanted!r}.", path=self.path, hint=f"It has: {names}.")
            if not book.worksheets:
                raise InputError("the workbook has no sheet with cells.", path=self.path)
            yield book[wanted] if wanted is not None else book.worksheets[0]
        except (zipfile.BadZipFile, ParseError, KeyError, ValueError) as error:
            raise InputError("the workbook is damaged.", path=self.path) from error
        finally:
            book.close()

    def _cells(self, sheet: Any) -> Iterator[list[str]]:
        # Some writers declare a wrong extent; without one openpyxl reads what is there.
        sheet.reset_dimensions()
        for values in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1):
            yield [cell_text(value) for value in values]


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(
            "this is no Excel workbook that can be read.", path=path, hint="Is it protected by a password, or cut off?"
        ) from error
    if unpacked > _LARGEST_UNPACKED or unpacked > max(_LARGEST_RATIO * path.stat().st_size, 64 << 20):
        raise InputError(f"the workbook unpacks to {unpacked:,} bytes.", path=path, hint="Save the table as CSV.")
