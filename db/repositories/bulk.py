"""Inserts that leave existing rows alone, for SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import Base

MAX_VARIABLES = 30_000
"""Both databases limit the bound values of a statement; both limits lie above this."""


def insert_new(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows whose keys are not taken yet; returns how many were new. All rows hold the same columns."""
    if not rows:
        return 0
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # One statement for every row, run many times: one that holds the values of all rows is compiled anew each time.
    core: Any = table.__table__
    statement = upsert(core).on_conflict_do_nothing()
    result = session.execute(statement, list(rows), execution_options={"preserve_rowcount": True})
    return result.rowcount if isinstance(result, CursorResult) else 0
