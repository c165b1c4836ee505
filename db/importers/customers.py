"""Customers in: one row each, new ones added, changed ones updated, and a table joined to what others brought."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import numpy as np
from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from db.importers.customer_rows import CustomerReader, CustomerRecord
from db.importers.engine import Sorted, run_import
from db.importers.erased import ErasedIdentities
from db.importers.followups import write_consents, write_life_events
from db.importers.mapping import CustomersMapping
from db.importers.own_rows import OwnRows
from db.importers.readers import refuse
from db.importers.results import ImportOptions, ImportResult
from db.importers.rows import BadRow, Row, Table
from db.importers.seen import SeenKeys, as_hashes
from db.models import MONEY_SCALE, Customer
from db.session import Store
from db.vocabulary import CustomerStatus, Json

_TABLE = cast("SqlTable", Customer.__table__)
_FACTS = (
    "first_name", "last_name", "email", "phone", "language", "timezone", "country", "plan", "monthly_revenue",
    "currency", "billing_period", "signed_up_on", "tenure_months", "renewal_date", "status", "churned", "churned_on",
    "churn_kind", "cancellation_reason",
)  # fmt: skip
_MANY = 500


def import_customers(store: Store, table: Table, mapping: CustomersMapping, options: ImportOptions) -> ImportResult:
    """Import a table of customers. Importing the same table again changes nothing.

    A customer who is in the store already keeps the facts that this table has no column for, so that several tables
    can describe the same customers. Attributes of columns with the role `ignore` are removed.

    Raises:
        MappingError: the mapping names a column that the table does not have.
        TooManyRejectsError: more rows are refused than the mapping allows; nothing was changed.
        InputError: the table cannot be read.
        StoreError: the store cannot be written.
    """
    erased = ErasedIdentities.of(store, options.hash_identity)

    def new_stage(mapping_id: int | None, compare: bool) -> _Stage:
        reader = CustomerReader(table, mapping, options.now.date())
        return _Stage(reader, erased, mapping_id, options.now, table.name, compare=compare)

    return run_import(store, table, mapping, new_stage, options)


@dataclass(frozen=True, slots=True)
class _Change:
    record: CustomerRecord
    customer_id: int | None
    values: Json


class _Stage:
    def __init__(
        self,
        reader: CustomerReader,
        erased: ErasedIdentities,
        mapping_id: int | None,
        now: datetime,
        source: str,
        *,
        compare: bool,
    ) -> None:
        self._reader = reader
        self._erased = erased
        self._mapping_id = mapping_id
        self._now = now
        self._source = source
        self._compare = compare
        self._seen = SeenKeys()
        self._own = OwnRows(_TABLE)

    def convert(self, row: Row, number: int) -> CustomerRecord | BadRow:
        return self._reader.read(row, number)

    def sort(self, session: Session, records: list[CustomerRecord]) -> Sorted[_Change]:
        found: Sorted[_Change] = Sorted()
        fresh = self._without_doubles(records, found)
        if not self._compare:
            found.unchanged += len(fresh)
            return found
        if self._own.hold_all(session):
            found.new = [_Change(record, None, self._new_values(record)) for record in fresh]
            return found
        stored = self._stored_hashes(session, [record.external_id for record in fresh])
        differing: list[CustomerRecord] = []
        for record in fresh:
            known = stored.get(record.external_id)
            if known is None:
                found.new.append(_Change(record, None, self._new_values(record)))
            elif known == record.digest:
                found.unchanged += 1
            else:
                differing.append(record)
        self._compare_facts(session, differing, found)
        return found

    def write(self, session: Session, chunk: Sorted[_Change]) -> None:
        if chunk.new:
            session.execute(insert(_TABLE), [change.values for change in chunk.new])
            self._own.wrote(session)
        if chunk.updated:
            columns: dict[str, BindParameter[Any]] = {
                name: bindparam(f"new_{name}") for name in chunk.updated[0].values
            }
            session.execute(
                update(_TABLE).where(_TABLE.c.id == bindparam("which")).values(columns),
                [
                    {"which": change.customer_id, **{f"new_{name}": value for name, value in change.values.items()}}
                    for change in chunk.updated
                ],
            )
        changed = [change.record for change in (*chunk.new, *chunk.updated)]
        write_consents(session, changed, self._source, self._now)
        write_life_events(session, changed, self._source, self._now)

    def notes(self) -> tuple[str, ...]:
        return self._reader.notes()

    def _without_doubles(self, records: list[CustomerRecord], found: Sorted[_Change]) -> list[CustomerRecord]:
        contents = as_hashes([record.digest for record in records])
        keys = np.array([hash(record.external_id) for record in records], dtype=np.int64).view(np.uint64)
        sights = self._seen.add(keys, contents, np.array([record.row.line for record in records], dtype=np.uint64))
        fresh: list[CustomerRecord] = []
        for place, record in enumerate(records):
            sight = sights.get(place)
            if sight is None:
                if self._erased.holds(record.external_id, record.facts.get("email")):
                    found.rejected.append(self._refused(record, "erased", "this customer was erased on request."))
                else:
                    fresh.append(record)
            elif sight.content == int(contents[place]):
                found.unchanged += 1
            else:
                message = f"the id {record.external_id!r} stands in line {sight.line} already, with other values."
                found.rejected.append(self._refused(record, "duplicate-key", message))
        return fresh

    def _refused(self, record: CustomerRecord, code: str, message: str) -> BadRow:
        return refuse(record.row, self._reader.id_column, code, message)

    def _stored_hashes(self, session: Session, ids: list[str]) -> dict[str, bytes]:
        rows = session.execute(
            select(_TABLE.c.external_id, _TABLE.c.content_hash).where(_TABLE.c.external_id.in_(ids))
        ).all()
        return {external_id: digest or b"" for external_id, digest in rows}

    def _compare_facts(self, session: Session, records: list[CustomerRecord], found: Sorted[_Change]) -> None:
        """Sort records whose hash differs: another mapping may have brought the same facts."""
        for start in range(0, len(records), _MANY):
            part = records[start : start + _MANY]
            rows = session.execute(select(_TABLE).where(_TABLE.c.external_id.in_([one.external_id for one in part])))
            stored = {row["external_id"]: row for row in rows.mappings()}
            for record in part:
                change = self._change(record, dict(stored[record.external_id]))
                if change is None:
                    found.unchanged += 1
                else:
                    found.updated.append(change)

    def _change(self, record: CustomerRecord, stored: Json) -> _Change | None:
        attributes = {
            name: value for name, value in stored["attributes"].items() if name not in self._reader.ignored
        } | record.attributes
        facts = {name: stored[name] for name in _FACTS} | record.facts
        if attributes == stored["attributes"] and all(_same(facts[name], stored[name], name) for name in record.facts):
            return None
        values = {**facts, "attributes": attributes, **self._stamps(record)}
        return _Change(record, stored["id"], values)

    def _new_values(self, record: CustomerRecord) -> Json:
        return {
            # Every record of a mapping has the same facts, so all rows of the statement have the same columns.
            "status": CustomerStatus.ACTIVE,
            **record.facts,
            "external_id": record.external_id,
            "attributes": record.attributes,
            "created_at": self._now,
            **self._stamps(record),
        }

    def _stamps(self, record: CustomerRecord) -> Json:
        return {"content_hash": record.digest, "mapping_id": self._mapping_id, "updated_at": self._now}


def _same(new: Any, stored: Any, name: str) -> bool:
    if name == "monthly_revenue" and new is not None and stored is not None:
        new, stored = round(new * MONEY_SCALE), round(stored * MONEY_SCALE)
    same: bool = new == stored
    return same
