"""Opening the store: engine, SQLite settings, read and write sessions; the only place that commits."""

import importlib
import logging
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from db.errors import SettingsError, StoreBusyError, StoreCorruptError, StoreError, StoreFormatError
from db.migrations.runner import LATEST, upgrade
from db.models import APPLICATION_ID

log = logging.getLogger(__name__)

T = TypeVar("T")

BULK_PAUSE_SECONDS = 0.005
"""Between two commits of a bulk writer: SQLite's lock is not fair, so other writers need a gap to get in."""

BUSY_TIMEOUT_MS = 10_000

SETTINGS = {
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "journal_size_limit": str(64 * 1024 * 1024),
    "mmap_size": "0",
    "cache_size": "-32000",
    "temp_store": "MEMORY",
    "secure_delete": "ON",
    "trusted_schema": "OFF",
}
"""Acknowledged approvals and opt-outs survive a power cut; deleted personal data leave the file."""

_WRITE = "mainstay_write"
_SQLITE_MAGIC = b"SQLite format 3\x00"


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset fault (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def sqlite_module() -> ModuleType:
    """The one SQLite library of this process: the bundled one where a wheel exists, else Python's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


class Store:
    """An open store. Use `read()` for queries and `write()` for changes; both are context managers.

    Raises the StoreError family: busy (retryable), foreign or newer format, corrupt, full.
    """

    def __init__(self, engine: Engine, path: Path | None) -> None:
        self.engine = engine
        self.path = path

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state and changes nothing."""
        with _our_errors(), Session(self.engine) as session:
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the write lock from its first statement and commits when the block ends."""
        with _our_errors(), Session(self.engine.execution_options(**{_WRITE: True})) as session:
            yield session
            session.commit()

    def write_chunks(self, chunks: Iterable[T]) -> Iterator[tuple[Session, T]]:
        """One committed write per chunk, with a gap after each so that others can write between them."""
        for chunk in chunks:
            with self.write() as session:
                yield session, chunk
            time.sleep(BULK_PAUSE_SECONDS)

    def close(self) -> None:
        """Let go of all connections; SQLite refreshes its statistics first where nobody else is writing."""
        if self.engine.dialect.name == "sqlite":
            with suppress(DBAPIError), self.engine.connect() as connection:
                connection.execute(text("PRAGMA busy_timeout=0"))
                connection.execute(text("PRAGMA optimize"))
        self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(location: str | Path, *, create: bool = True) -> Store:
    """Open the store at a path or SQLAlchemy URL, creating or upgrading it as needed.

    A store with rows is copied beside itself before an upgrade. Raises StoreError when the file is missing and
    `create` is false, belongs to another program, was written by a newer version, or cannot be written.
    """
    url = str(location)
    if "://" in url and not url.startswith("sqlite"):
        store = Store(_server_engine(url), None)
    else:
        path = Path(re.sub(r"^sqlite(\+\w+)?:///", "", url)).expanduser()
        _check_file(path, create=create)
        store = Store(_sqlite_engine(path), path)
    with _our_errors():
        upgrade(store.engine, store.path)
    return store


def _server_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        # A server whose own encoding is none would hand out bytes.
        options = {"client_encoding": "utf8"} if parsed.drivername.startswith("postgresql") else {}
        return create_engine(parsed, pool_pre_ping=True, connect_args=options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise SettingsError(
            f"The store address cannot be used: {error}",
            hint="Give a file path, or install the driver with `pip install 'mainstay[postgres]'`.",
        ) from error


def _sqlite_engine(path: Path) -> Engine:
    library = sqlite_module()
    engine = create_engine(f"sqlite:///{path}", module=library)
    wal = wal_is_safe(library.sqlite_version_info)
    if not wal:
        log.warning("SQLite %s has the WAL-reset fault; using a rollback journal", library.sqlite_version)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        for name, value in SETTINGS.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that reads first cannot be upgraded once another process has written.
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _check_file(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise StoreFormatError(f"{path} is a folder, not a store.")
    if not path.exists():
        if not create:
            raise StoreError(
                f"There is no store at {path}.", hint="Start with `mainstay demo` or `mainstay import customers FILE`."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
        return
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    if not header:
        return
    ours = int.from_bytes(header[68:72]) == APPLICATION_ID
    if not header.startswith(_SQLITE_MAGIC) or not (ours or _is_being_made(path)):
        raise StoreFormatError(f"{path} is not a mainstay store; it was left as it is.")
    if int.from_bytes(header[60:64]) > LATEST:
        raise StoreFormatError(
            f"{path} was written by a newer version of mainstay.", hint="Upgrade mainstay, then open it again."
        )


def _is_being_made(path: Path) -> bool:
    """Whether a database without our mark in its file has it in its journal, or holds nothing yet.

    Another process may be making it at this moment, may have it open still, or may have died over it.
    """
    library = sqlite_module()
    try:
        with closing(library.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            [mark] = connection.execute("PRAGMA application_id").fetchone()
            [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except library.DatabaseError:
        return False
    return bool(mark == APPLICATION_ID or (mark == 0 and tables == 0))


@contextmanager
def _our_errors() -> Iterator[None]:
    """Turn what the database driver raises into errors a screen can show."""
    try:
        yield
    except OperationalError as error:
        raise _translated(error) from error
    except DBAPIError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise StoreCorruptError(f"The store is damaged: {error.orig}.") from error
        raise


def _translated(error: OperationalError) -> StoreError:
    problem = str(error.orig)
    if "locked" in problem or "busy" in problem:
        return StoreBusyError("Another process is writing to the store.")
    if "full" in problem:
        return StoreError("The disk is full; nothing of this step was kept.", hint="Free some space and run it again.")
    if "readonly" in problem or "unable to open" in problem:
        return StoreError(f"The store cannot be written: {problem}.", hint="Check the permissions of its folder.")
    if "malformed" in problem or "disk I/O" in problem:
        return StoreCorruptError(f"The store is damaged: {problem}.")
    return StoreError(f"The store refused the request: {problem.splitlines()[0]}")
