"""Parquet files, read in batches; needs the extra `warehouse`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.errors import InputError
from db.importers.as_text import cell_text
from db.importers.headers import named_header
from db.importers.rows import BadRow, Row

_BATCH = 2_000


class ParquetTable:
    """A Parquet file; a row's line is its number, the header being line 1 as in a CSV file.

    Raises:
        InputError: the file is damaged, or pyarrow is not installed.
    """

    fingerprint = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        with_file = self._open()
        schema = with_file.schema_arrow
        self.header, notes = named_header(list(schema.names), self.name, 1)
        self.lines: int | None = with_file.metadata.num_rows + 1
        with_file.close()
        self.notes = ("Read from a Parquet file.", *notes)

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row."""
        import pyarrow

        file = self._open()
        line = 1
        try:
            for batch in file.iter_batches(batch_size=_BATCH):
                columns = [_texts(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    line += 1
                    if any(cells):
                        yield Row(line, list(cells))
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError(f"the Parquet file is damaged ({error}).", path=self.path, line=line) from error
        finally:
            file.close()

    def _open(self) -> Any:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise InputError(
                "Parquet files need pyarrow.",
                path=self.path,
                hint="Install it with `pip install 'mainstay[warehouse]'`.",
            ) from error
        try:
            return parquet.ParquetFile(self.path)
        except (pyarrow.ArrowException, OSError) as error:
            raise InputError("this is no Parquet file that can be read.", path=self.path) from error


def _texts(column: Any) -> list[str]:
    return [cell_text(value) for value in column.to_pylist()]
