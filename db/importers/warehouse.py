"""Tables behind a SQLAlchemy address: one query, read-only, streamed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from db.errors import InputError
from db.importers.as_text import cell_text
from db.importers.headers import named_header
from db.importers.rows import BadRow, Row
from db.session import sqlite_module

_READING = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:select|with|values|table|from)\b", re.IGNORECASE)
_BATCH = 2_000


class QueryTable:
    """The result of a query. A row's line is its number, the header being line 1 as in a CSV file.

    The query runs once for each reading, in a transaction that is rolled back and, where the database can, read-only.

    Raises:
        InputError: there is no query, it is not a reading one, or the database refuses it.
    """

    fingerprint = ""
    lines: int | None = None

    def __init__(self, url: str, query: str | None) -> None:
        if not query:
            raise InputError(
                "an import from a database needs a query.", hint="Write it as `query` under `source` in the mapping."
            )
        if _READING.match(query) is None:
            raise InputError("the query must begin with SELECT or WITH.", hint="Imports never change another database.")
        try:
            self._url = make_url(url)
        except ArgumentError as error:
            raise InputError("this is no database address.", hint="Write it like postgresql://user@host/db.") from error
        self._query = query
        self.name = self._url.database.rsplit("/", 1)[-1] if self._url.database else self._url.drivername
        with self._result() as result:
            self.header, notes = named_header(list(result.keys()), self.name, 1)
        self.notes = (f"Read from {self._url.render_as_string(hide_password=True)}.", *notes)

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row of the result."""
        with self._result() as result:
            for line, values in enumerate(result, 2):
                cells = [cell_text(value) for value in values]
                if any(cells):
                    yield Row(line, cells)

    @contextmanager
    def _result(self) -> Iterator[CursorResult[tuple[object, ...]]]:
        sqlite = self._url.get_backend_name() == "sqlite"
        try:
            # One SQLite library per process: a second one could damage a store that both have open.
            engine = create_engine(self._url, module=sqlite_module()) if sqlite else create_engine(self._url)
            try:
                with engine.connect() as connection:
                    _make_read_only(connection)
                    streaming = connection.execution_options(stream_results=True, yield_per=_BATCH)
                    yield streaming.execute(text(self._query))
                    connection.rollback()
            finally:
                engine.dispose()
        except (SQLAlchemyError, NoSuchModuleError, ModuleNotFoundError) as error:
            problem = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise InputError(
                f"the database refuses: {problem}",
                path=self.name,
                hint="Check the address, the driver and the query.",
            ) from error


def _make_read_only(connection: Connection) -> None:
    dialect = connection.dialect.name
    if dialect == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only=ON")
    elif dialect == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    elif dialect in {"mysql", "mariadb"}:
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
