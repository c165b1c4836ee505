"""Events come in line by line, equal lines count as often as they stand there, and unknown customers are a choice."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.errors import MappingError
from db.importers.events import import_events
from db.importers.mapping import EventsMapping
from db.importers.results import ImportOptions, ImportResult
from db.importers.tables import open_table
from db.models import Customer, Event
from db.session import Store
from db.vocabulary import ReconciledCounts
from tests.db.importers.conftest import MakeFile
from tests.db.importers.samples import events

TABLE = """customer,kind,at,amount,order
a,purchase,2026-01-05 10:00:00,9.99,o1
a,purchase,2026-01-05 10:00:00,9.99,o1
b,login,2026-02-01 08:30:00,,
"""


def _import(store: Store, path: Path, options: ImportOptions, mapping: EventsMapping | None = None) -> ImportResult:
    return import_events(store, open_table(path), mapping or events(), options)


def _all(store: Store, *columns: Any) -> list[Any]:
    with store.read() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Event.id))]


def test_equal_lines_count_each_and_only_once(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file(TABLE)
    assert _import(store, path, options).counts == ReconciledCounts(3, 3, 0, 0, 0)
    assert _import(store, path, options).counts == ReconciledCounts(3, 0, 0, 3, 0)
    longer = make_file(TABLE + "a,purchase,2026-01-05 10:00:00,9.99,o1\nb,login,2026-02-02 08:30:00,,\n")
    assert _import(store, longer, replace(options, chunk_rows=2)).counts == ReconciledCounts(5, 2, 0, 3, 0)


def test_the_columns_become_facts(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    _import(store, make_file(TABLE), options)
    found = _all(store, Event.kind, Event.occurred_at, Event.amount, Event.quantity, Event.reference)
    assert found[0] == ("purchase", datetime(2026, 1, 5, 10, tzinfo=UTC), 9.99, None, "o1")
    assert found[2] == ("login", datetime(2026, 2, 1, 8, 30, tzinfo=UTC), None, None, None)


def test_local_times_become_instants(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file("customer,kind,at,amount,order\na,x,2026-01-05 10:00:00,,\na,x,2026-07-05 10:00:00,,\n")
    _import(store, path, options, events(source={"time_zone": "Europe/Berlin"}))
    assert [moment.hour for (moment,) in _all(store, Event.occurred_at)] == [9, 8]


def test_unknown_customers_are_refused_unless_they_may_be_created(
    store: Store, options: ImportOptions, make_file: MakeFile
) -> None:
    path = make_file(TABLE)
    refused = _import(store, path, options, events(create_customers=False))
    assert refused.counts == ReconciledCounts(3, 0, 0, 0, 3)
    assert refused.reject_codes == {"unknown-customer": 3}
    created = _import(store, path, options)
    assert created.counts.new == 3
    assert any("2 customers are new" in note for note in created.notes)


def test_what_a_table_says_of_new_customers_is_kept(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file("customer,kind,at,amount,order,land\na,x,2026-01-05,,,France\na,x,2026-01-06,,,Spain\n")
    _import(store, path, options, events(new_customer={"country": "land"}, currency="GBP"))
    with store.read() as session:
        assert session.execute(select(Customer.country, Customer.currency)).all() == [("France", "GBP")]


RULES = {
    "rules": [
        {"column": "order", "starts_with": "C", "kind": "refund"},
        {"column": "amount", "less_than": 0, "kind": "correction"},
        {"column": "kind", "one_of": ["in", "on"], "kind": "login"},
    ],
    "otherwise": "purchase",
}


def test_rules_name_the_kind(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    lines = ["a,x,2026-01-05,-1,C7", "a,x,2026-01-05,-1,7", "a,on,2026-01-05,,7", "a,x,2026-01-05,,7"]
    path = make_file("customer,kind,at,amount,order\n" + "\n".join(lines))
    _import(store, path, options, events(event_kind=RULES))
    assert [kind for (kind,) in _all(store, Event.kind)] == ["refund", "correction", "login", "purchase"]


def test_amounts_can_be_products(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file("customer,kind,at,n,price,order\na,x,2026-01-05,6,2.55,1\na,x,2026-01-05,,2.55,1\n")
    _import(store, path, options, events(amount={"product": ["n", "price"]}, quantity="n"))
    assert _all(store, Event.amount, Event.quantity) == [(15.3, 6), (None, None)]


def test_changed_attributes_update_the_event(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    mapping = events(attributes=["what"])
    _import(store, make_file("customer,kind,at,amount,order,what\na,x,2026-01-05,1,1,mug\n"), options, mapping)
    changed = make_file("customer,kind,at,amount,order,what\na,x,2026-01-05,1,1,cup\na,x,2026-01-05,2,1,\n")
    assert _import(store, changed, options, mapping).counts == ReconciledCounts(2, 1, 1, 0, 0)
    assert _all(store, Event.attributes) == [({"what": "cup"},), ({"what": None},)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",x,2026-01-05,,", "missing-customer"),
        ("a,x,,,", "missing-date"),
        ("a,x,05.01.2026,,", "bad-date"),
        ("a,x,2026-02-30,,", "bad-date"),
        ("a,x,1026-02-03,,", "bad-date"),
        ("a,,2026-01-05,,", "bad-kind"),
        ("a,x,2026-01-05,much,", "bad-number"),
        ("a,x,2026-01-05,1e300,", "bad-number"),
        ("a,x,2026-01-05,,\x07", "control-character"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused(
    line: str, code: str, store: Store, options: ImportOptions, make_file: MakeFile
) -> None:
    result = _import(store, make_file(f"customer,kind,at,amount,order\na,x,2026-01-05,,\n{line}\n"), options)
    assert result.counts == ReconciledCounts(2, 1, 0, 0, 1)
    assert [(bad.line, bad.code) for bad in result.first_rejects] == [(3, code)]


def test_ids_printed_as_decimals_are_whole(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    mapping = events(customer_id={"column": "customer", "strip_decimal": True})
    _import(store, make_file("customer,kind,at,amount,order\n17850.0,x,2026-01-05,,\n"), options, mapping)
    with store.read() as session:
        assert session.scalars(select(Customer.external_id)).all() == ["17850"]


def test_a_column_that_is_not_there_is_named(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    with pytest.raises(MappingError, match=r"there is no column 'quantum'.*multiplied"):
        _import(store, make_file(TABLE), options, events(quantity="quantum"))


def test_chunks_do_not_matter(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    lines = [f"c{number % 7},x,2026-01-0{number % 3 + 1},{number % 2},\n" for number in range(200)]
    path = make_file("customer,kind,at,amount,order\n" + "".join(lines))
    assert _import(store, path, replace(options, chunk_rows=9)).counts.new == 200
    assert _import(store, path, replace(options, chunk_rows=64)).counts.unchanged == 200
    kinds = Counter(_all(store, Event.customer_id, Event.occurred_at, Event.amount))
    assert max(kinds.values()) == 5
