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
    """Insert rows whose keys are not taken yet, in one statement per slice; returns how many were new."""
    if not rows:
        return 0
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    step = max(1, MAX_VARIABLES // len(rows[0]))
    added = 0
    for start in range(0, len(rows), step):
        statement = upsert(table).values(list(rows[start : start + step])).on_conflict_do_nothing()
        result = session.execute(statement)
        added += result.rowcount if isinstance(result, CursorResult) else 0
    return added
