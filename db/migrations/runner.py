"""Brings a store to the newest schema: backup first, foreign keys off, all or nothing, checked before commit."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from db.errors import StoreCorruptError, StoreFormatError
from db.models import APPLICATION_ID, Base

HERE = Path(__file__).parent

LATEST = 6
"""The number of the newest revision; SQLite files carry it as user_version."""


def script() -> ScriptDirectory:
    """The folder of revisions."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def current_revision(connection: Connection) -> str | None:
    """The revision a store stands at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, path: Path | None) -> Path | None:
    """Bring the store to the newest revision; returns the backup made on the way, if any.

    Raises StoreFormatError for a revision that this version does not know, and StoreCorruptError, with nothing
    changed, when the result would break a foreign key.
    """
    with engine.connect() as connection:
        revision = current_revision(connection)
    if revision == f"{LATEST:04d}":
        return None
    if revision is not None and not _known(revision):
        raise StoreFormatError(
            "The store was written by a newer version of mainstay.", hint="Upgrade mainstay, then open it again."
        )
    backup = copy_aside(engine, path) if revision is not None and path is not None else None
    _migrate(engine)
    return backup


def _known(revision: str) -> bool:
    return any(item.revision == revision for item in script().walk_revisions())


def copy_aside(engine: Engine, path: Path) -> Path | None:
    """Copy a store that holds customers beside itself, stamped with the time; returns the copy."""
    with engine.connect() as connection:
        if "customer" not in inspect(connection).get_table_names():
            return None
        if connection.execute(text("SELECT count(*) FROM customer")).scalar_one() == 0:
            return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = path.with_name(f"{path.stem}.before-upgrade-{stamp}{path.suffix}")
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    shutil.copymode(path, target)
    return target


def _migrate(engine: Engine) -> None:
    sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(mainstay_write=True).connect() as connection:
        if sqlite:
            # Inside a transaction SQLite ignores this, and a batch rebuild would then break its children.
            _foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                _run_scripts(connection)
                if sqlite:
                    _seal(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.cursor().execute(f"PRAGMA foreign_keys={state}")


def _run_scripts(connection: Connection) -> None:
    scripts = script()
    environment = EnvironmentContext(Config(), scripts)
    environment.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=False,
        fn=lambda revision, _: scripts._upgrade_revs("head", revision),
    )
    environment.run_migrations()


def _seal(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise StoreCorruptError(f"The upgrade was undone: table {broken[0]} holds rows without a parent.")
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={LATEST}")
