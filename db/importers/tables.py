"""Opening a table of any kind: text files, Excel workbooks, Parquet files, and queries on a database."""

import os
from pathlib import Path

from db.errors import InputError
from db.importers.delimited import DelimitedTable, check_regular_file
from db.importers.mapping import SourceSettings
from db.importers.rows import Table


def open_table(target: str | Path, source: SourceSettings | None = None) -> Table:
    """The table behind a path or a SQLAlchemy URL; `source` says what a mapping knows about it.

    Raises:
        InputError: there is no such file, or it is no table that can be read.
    """
    settings = source or SourceSettings()
    if settings.url_env is not None:
        target = _from_environment(settings.url_env)
    if isinstance(target, str) and "://" in target:
        from db.importers.warehouse import QueryTable

        return QueryTable(target, settings.query)
    path = Path(target).expanduser()
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        from db.importers.workbooks import WorkbookTable

        check_regular_file(path)
        return WorkbookTable(path, sheet=settings.sheet)
    if suffix in {".parquet", ".pq"}:
        from db.importers.columnar import ParquetTable

        check_regular_file(path)
        return ParquetTable(path)
    quote = "" if settings.quote == "none" else settings.quote
    return DelimitedTable(path, delimiter=settings.delimiter, encoding=settings.encoding, quote=quote)


def _from_environment(name: str) -> str:
    found = os.environ.get(name, "")
    if "://" not in found:
        raise InputError(
            f"the environment variable {name} holds no database address.",
            hint=f"Set it like this: export {name}=postgresql://user@host/database",
        )
    return found
