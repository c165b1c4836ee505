"""Opening stores: settings, read and write sessions, files that are not ours."""

import multiprocessing
import sqlite3
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text

from db.errors import SettingsError, StoreBusyError, StoreError, StoreFormatError
from db.models import APPLICATION_ID, Setting
from db.session import BUSY_TIMEOUT_MS, Store, open_store, sqlite_module, wal_is_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_where_sqlite_is_sound(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_every_connection_has_the_settings_of_the_house(store: Store) -> None:
    expected = {
        "journal_mode": "wal" if wal_is_safe(sqlite_module().sqlite_version_info) else "delete",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "mmap_size": 0,
        "secure_delete": 1,
        "trusted_schema": 0,
        "application_id": APPLICATION_ID,
    }
    for opened in (store.read, store.write):
        with opened() as session:
            assert {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in expected} == expected


def _write_and_fail(store: Store) -> None:
    with store.write() as session:
        session.add(Setting(key="lost", value={}))
        session.flush()
        _ = 1 / 0


def test_a_write_is_kept_and_a_failed_one_is_not(store: Store) -> None:
    with store.write() as session:
        session.add(Setting(key="kept", value={"a": 1}))
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(store)
    with store.read() as session:
        assert list(session.scalars(select(Setting.key))) == ["kept"]


def test_a_read_session_keeps_nothing(store: Store) -> None:
    with store.read() as session:
        session.add(Setting(key="read", value={}))
        session.flush()
    with store.read() as session:
        assert session.get(Setting, "read") is None


def _hold_the_lock(path: str, locked: Event, done: Event) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    locked.set()
    done.wait(30)
    connection.execute("ROLLBACK")


def _write_late(store: Store) -> None:
    with store.write() as session:
        session.add(Setting(key="late", value={}))


def test_a_locked_store_is_said_to_be_busy(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    open_store(path).close()
    context = multiprocessing.get_context("spawn")
    locked, done = context.Event(), context.Event()
    holder = context.Process(target=_hold_the_lock, args=(str(path), locked, done))
    holder.start()
    try:
        assert locked.wait(30)
        with open_store(path) as store:

            @event.listens_for(store.engine, "connect")
            def be_impatient(connection: Any, _: object) -> None:
                connection.execute("PRAGMA busy_timeout=50")

            store.engine.dispose()
            with pytest.raises(StoreBusyError, match="Another process") as caught:
                _write_late(store)
        assert caught.value.retryable
    finally:
        done.set()
        holder.join()


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\x00" + bytes(84)])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.db"
    path.write_bytes(content)
    with pytest.raises(StoreFormatError, match="not a mainstay store"):
        open_store(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreFormatError, match="not a mainstay store"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    open_store(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version=99")
    newer.commit()
    newer.close()
    with pytest.raises(StoreFormatError, match="newer version"):
        open_store(path)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreFormatError, match="is a folder"):
        open_store(tmp_path)


def test_a_store_is_not_made_where_none_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        open_store(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()


def test_an_unknown_kind_of_database_gets_a_sentence() -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        open_store("nosuchdatabase://somewhere/x")


def test_a_damaged_store_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    open_store(path).close()
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        open_store(path)


def test_a_new_store_can_be_opened_by_others_at_once(store: Store, tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as second, second.write() as session:
        session.add(Setting(key="from the second", value={}))
    with store.read() as session:
        assert session.get(Setting, "from the second") is not None


def test_a_store_whose_making_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "cut.db"
    cut = sqlite_module().connect(path)
    cut.execute("PRAGMA journal_mode=WAL")
    cut.close()
    assert path.stat().st_size > 0
    with open_store(path) as opened, opened.read() as session:
        assert session.execute(select(Setting)).all() == []
