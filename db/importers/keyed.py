"""Rows that belong to a customer and are known by a key: events and messages share this pass over their tables."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from db.importers.engine import Sorted
from db.importers.erased import ErasedIdentities
from db.importers.own_rows import OwnRows
from db.importers.readers import refuse
from db.importers.rows import BadRow, Row
from db.importers.seen import SeenKeys, as_hashes
from db.models import Base, Customer
from db.vocabulary import CustomerStatus, Json

_CUSTOMERS = cast("SqlTable", Customer.__table__)
_MOST_KNOWN = 500_000


class KeyedRecord(NamedTuple):
    """A row as the store will hold it. `digest` is the hash of what identifies it.

    Rows without a key of their own (`own_key` false) may stand in a table several times; each time counts.
    """

    row: Row
    customer: str
    values: Json
    digest: bytes
    own_key: bool
    new_customer: Json


class KeyedReader(Protocol):
    """Reads rows of one table by one mapping."""

    customer_column: str
    compared: tuple[str, ...]

    def read(self, row: Row) -> KeyedRecord | BadRow:
        """The record of a row, or why it is refused."""


class KeyedChange(NamedTuple):
    """A record with the key under which the store knows it."""

    record: KeyedRecord
    key: bytes


class KeyedStage:
    """One pass over a table of events or messages.

    Unknown customers are created where `create_customers` says so, else their rows are refused.
    """

    def __init__(
        self,
        reader: KeyedReader,
        model: type[Base],
        *,
        create_customers: bool,
        erased: ErasedIdentities,
        mapping_id: int | None,
        now: datetime,
        hint: str,
        compare: bool,
    ) -> None:
        self._reader = reader
        self._table = cast("SqlTable", model.__table__)
        self._create = create_customers
        self._erased = erased
        self._mapping_id = mapping_id
        self._now = now
        self._hint = hint
        self._compare = compare
        self._seen = SeenKeys()
        self._own = OwnRows(self._table)
        self._repeats: dict[int, int] = {}
        self._known: dict[str, int] = {}
        self._created: set[str] = set()

    def convert(self, row: Row, number: int) -> KeyedRecord | BadRow:
        """The record of a row; its number does not matter."""
        del number
        return self._reader.read(row)

    def sort(self, session: Session, records: list[KeyedRecord]) -> Sorted[KeyedChange]:
        """Compare the chunk with the store and with the rows before it."""
        found: Sorted[KeyedChange] = Sorted()
        changes = self._keyed(self._of_customers(session, records, found), found)
        if not self._compare:
            found.unchanged += len(changes)
            return found
        if self._own.hold_all(session):
            found.new = changes
            return found
        stored = self._stored(session, [change.key for change in changes])
        for change in changes:
            known = stored.get(change.key)
            if known is None:
                found.new.append(change)
            elif all(change.record.values[name] == known[name] for name in self._reader.compared):
                found.unchanged += 1
            else:
                found.updated.append(change)
        return found

    def write(self, session: Session, chunk: Sorted[KeyedChange]) -> None:
        """Insert the new rows, with their customers where those are new too, and update the changed ones."""
        if chunk.new:
            self._create_missing(session, [change.record for change in chunk.new])
            known = self._known
            session.execute(
                insert(self._table),
                [
                    {**record.values, "customer_id": known[record.customer], "source_key": key}
                    for record, key in chunk.new
                ],
            )
            self._own.wrote(session)
        if chunk.updated:
            columns: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in self._reader.compared}
            session.execute(
                update(self._table).where(self._table.c.source_key == bindparam("which")).values(columns),
                [
                    {"which": key, **{f"new_{name}": record.values[name] for name in self._reader.compared}}
                    for record, key in chunk.updated
                ],
            )

    def notes(self) -> tuple[str, ...]:
        """How many customers the table brings along."""
        return (f"{len(self._created):,} customers are new and created from this table.",) if self._created else ()

    def _of_customers(
        self, session: Session, records: list[KeyedRecord], found: Sorted[KeyedChange]
    ) -> list[KeyedRecord]:
        self._learn(session, {record.customer for record in records})
        known, kept = self._known, []
        for record in records:
            name = record.customer
            if name in known or name in self._created:
                kept.append(record)
            elif self._erased.holds(name, record.new_customer.get("email")):
                found.rejected.append(self._refused(record, "erased", "this customer was erased on request."))
            elif self._create:
                self._created.add(name)
                kept.append(record)
            else:
                message = f"there is no customer {name!r} in the store. {self._hint}"
                found.rejected.append(self._refused(record, "unknown-customer", message))
        return kept

    def _keyed(self, records: list[KeyedRecord], found: Sorted[KeyedChange]) -> list[KeyedChange]:
        keys = as_hashes([record.digest for record in records])
        contents = as_hashes([_content(record) for record in records])
        sights = self._seen.add(keys, contents, np.array([record.row.line for record in records], dtype=np.uint64))
        if not sights:
            return [KeyedChange(record, record.digest) for record in records]
        changes: list[KeyedChange] = []
        for place, record in enumerate(records):
            sight = sights.get(place)
            if sight is None:
                changes.append(KeyedChange(record, record.digest))
            elif not record.own_key:
                key = int(keys[place])
                times = self._repeats[key] = self._repeats.get(key, 0) + 1
                again = blake2b(record.digest + times.to_bytes(8), digest_size=16).digest()
                changes.append(KeyedChange(record, again))
            elif sight.content == int(contents[place]):
                found.unchanged += 1
            else:
                message = f"the same id stands in line {sight.line} already, with other values."
                found.rejected.append(self._refused(record, "duplicate-key", message))
        return changes

    def _refused(self, record: KeyedRecord, code: str, message: str) -> BadRow:
        return refuse(record.row, self._reader.customer_column, code, message)

    def _stored(self, session: Session, keys: Sequence[bytes]) -> dict[bytes, Json]:
        table = self._table
        wanted = [table.c.source_key, *(table.c[name] for name in self._reader.compared)]
        rows = session.execute(select(*wanted).where(table.c.source_key.in_(keys))).mappings()
        return {row["source_key"]: dict(row) for row in rows}

    def _learn(self, session: Session, names: set[str]) -> None:
        """Look up the store's ids of customers not met before."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        asked = [name for name in names if name not in self._known]
        if not asked:
            return
        rows = session.execute(
            select(_CUSTOMERS.c.external_id, _CUSTOMERS.c.id).where(_CUSTOMERS.c.external_id.in_(asked))
        )
        self._known.update((row.external_id, row.id) for row in rows)

    def _create_missing(self, session: Session, records: list[KeyedRecord]) -> None:
        missing: dict[str, Json] = {}
        for record in records:
            if record.customer not in self._known:
                missing.setdefault(record.customer, record.new_customer)
        if not missing:
            return
        stamps = {"created_at": self._now, "updated_at": self._now, "mapping_id": self._mapping_id}
        session.execute(
            insert(_CUSTOMERS),
            [
                {"external_id": name, "status": CustomerStatus.ACTIVE, "attributes": {}, **facts, **stamps}
                for name, facts in missing.items()
            ],
        )
        self._learn(session, set(missing))


def _content(record: KeyedRecord) -> bytes:
    """A hash of everything a record says; only those with a key of their own can contradict one another."""
    if not record.own_key:
        return record.digest
    return blake2b(repr((record.customer, record.values)).encode(), digest_size=16).digest()
