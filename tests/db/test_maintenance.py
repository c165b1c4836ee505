"""Backup and check: a copy is whole, never overwrites, and damage is found."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from db.errors import InputError
from db.maintenance import backup, backup_path, check_store
from db.models import Customer
from db.session import Store, open_store, sqlite_module

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def peopled(store: Store) -> Store:
    with store.write() as session:
        session.add_all(Customer(external_id=f"C{n}", attributes={}, created_at=NOW, updated_at=NOW) for n in range(50))
    return store


def test_a_backup_holds_what_the_store_holds(peopled: Store) -> None:
    target = backup_path(peopled, NOW)
    assert target.name == "store.20260301T083000.backup.db"
    assert backup(peopled, target) == 50
    assert target.stat().st_mode & 0o077 == 0
    with open_store(target) as copy, copy.read() as session:
        assert len(session.scalars(select(Customer.external_id)).all()) == 50


def test_a_backup_is_taken_while_someone_writes(peopled: Store, tmp_path: Path) -> None:
    with peopled.write() as session:
        session.add(Customer(external_id="late", attributes={}, created_at=NOW, updated_at=NOW))
        session.flush()
        assert backup(peopled, tmp_path / "during.db") == 50


def test_a_backup_never_overwrites(peopled: Store, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        backup(peopled, target)
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_whole_store_is_said_to_be_whole(peopled: Store) -> None:
    report = check_store(peopled)
    assert report.healthy
    assert report.rows["customer"] == 50


def test_a_row_without_its_parent_is_found(peopled: Store) -> None:
    careless = sqlite_module().connect(peopled.path)
    careless.execute("INSERT INTO subscription (customer_id, started_on) VALUES (999, '2026-01-01')")
    careless.commit()
    careless.close()
    report = check_store(peopled)
    assert not report.healthy
    assert report.problems == ("table subscription holds a row whose customer is missing",)
