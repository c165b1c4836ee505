"""Looking after a store: backup, integrity check, and what `mainstay db` reports."""

import os
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text

from db.errors import InputError, StoreCorruptError, StoreError
from db.migrations.runner import LATEST
from db.models import Base, Customer
from db.session import Store, sqlite_module

SCHEMA = LATEST
"""The newest schema, which every open store stands at."""


@dataclass(frozen=True, slots=True)
class StoreReport:
    """The state of a store: where it is, whether it is whole, and how many rows each table holds."""

    location: str
    schema: int
    database: str
    healthy: bool
    problems: tuple[str, ...]
    rows: dict[str, int]
    bytes_on_disk: int | None


def check_store(store: Store) -> StoreReport:
    """Look for damage and broken references, and count rows. Changes nothing."""
    sqlite = store.engine.dialect.name == "sqlite"
    problems: list[str] = []
    with store.read() as session:
        if sqlite:
            integrity = [row[0] for row in session.execute(text("PRAGMA integrity_check(20)"))]
            problems += [problem for problem in integrity if problem != "ok"]
            broken = session.execute(text("PRAGMA foreign_key_check")).all()
            problems += [f"table {row[0]} holds a row whose {row[2]} is missing" for row in broken[:20]]
        rows = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in sorted(Base.metadata.tables.items())
        }
    library = f"SQLite {sqlite_module().sqlite_version}" if sqlite else store.engine.dialect.name
    return StoreReport(
        location=str(store.path) if store.path else store.engine.url.render_as_string(hide_password=True),
        schema=LATEST,
        database=library,
        healthy=not problems,
        problems=tuple(problems),
        rows=rows,
        bytes_on_disk=store.path.stat().st_size if store.path else None,
    )


def backup_path(store: Store, now: datetime) -> Path:
    """Where a backup of this store goes by default: beside it, stamped with the time."""
    if store.path is None:
        raise StoreError(
            "Only a SQLite store can be backed up here.", hint="Use pg_dump for PostgreSQL; it needs no help from us."
        )
    return store.path.with_name(f"{store.path.stem}.{now:%Y%m%dT%H%M%S}.backup{store.path.suffix}")


def backup(store: Store, target: Path) -> int:
    """Copy the store as it stands to `target`, also while others write; returns the customers in the copy.

    The copy is checked before it gets its name. Raises InputError when `target` exists, StoreCorruptError when the
    copy does not pass its check.
    """
    if target.exists():
        raise InputError(f"{target} exists already; a backup never overwrites.", hint="Give another --to path.")
    if store.path is None:
        raise StoreError("Only a SQLite store can be backed up here.", hint="Use pg_dump for PostgreSQL.")
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    library = sqlite_module()
    try:
        with closing(library.connect(store.path)) as source, closing(library.connect(unfinished)) as copy:
            source.backup(copy)
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise StoreCorruptError(f"The backup is damaged: {found}.")
            customers = int(copy.execute(f"SELECT count(*) FROM {Customer.__tablename__}").fetchone()[0])
        os.chmod(unfinished, 0o600)
        unfinished.rename(target)
    except (OSError, library.OperationalError) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"The backup could not be written: {error}.") from error
    return customers
