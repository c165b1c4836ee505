"""Events in: purchases, payments, logins, whatever is dated; the lines of a table become rows that are known again."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from db.importers.engine import run_import
from db.importers.erased import ErasedIdentities
from db.importers.keyed import KeyedRecord, KeyedStage
from db.importers.mapping import AmountSource, EventKind, EventsMapping, KindRule
from db.importers.readers import (
    Reader,
    cell_reader,
    id_reader,
    instant_reader,
    place_of,
    refuse,
    single_line,
    unreadable,
)
from db.importers.results import ImportOptions, ImportResult
from db.importers.rows import BadRow, Row, Table
from db.models import Event
from db.session import Store
from db.vocabulary import ColumnType, Json

LARGEST_AMOUNT = 1e14


def import_events(store: Store, table: Table, mapping: EventsMapping, options: ImportOptions) -> ImportResult:
    """Import a table of events. Importing the same table again changes nothing.

    An event is known by its customer, kind, time, amount, quantity and reference; lines that agree in all of them are
    told apart by their number, so that every one of several equal lines counts. Attributes may change.

    Raises:
        MappingError: the mapping names a column that the table does not have.
        TooManyRejectsError: more rows are refused than the mapping allows; nothing was changed.
        InputError: the table cannot be read.
        StoreError: the store cannot be written.
    """
    erased = ErasedIdentities.of(store, options.hash_identity)

    def new_stage(mapping_id: int | None, compare: bool) -> KeyedStage:
        return KeyedStage(
            EventReader(table, mapping),
            Event,
            create_customers=mapping.create_customers,
            erased=erased,
            mapping_id=mapping_id,
            now=options.now,
            hint="Import the customers first, or set create_customers: true.",
            compare=compare,
        )

    return run_import(store, table, mapping, new_stage, options)


class EventReader:
    """Reads rows of one table of events by one mapping.

    Raises:
        MappingError: the mapping names a column that the table does not have.
    """

    def __init__(self, table: Table, mapping: EventsMapping) -> None:
        source = mapping.source
        self._header = table.header
        self.customer_column = mapping.customer_id.column
        self.compared: tuple[str, ...] = ("attributes",) if mapping.attributes else ()
        self._customer = place_of(table, mapping.customer_id.column, why="it names the customer")
        self._read_customer = id_reader(mapping.customer_id, source)
        self._moment_column = mapping.occurred_at.column
        self._moment = place_of(table, mapping.occurred_at.column, why="it says when")
        self._read_moment = instant_reader(mapping.occurred_at, source)
        self._kind = _kind_reader(mapping.event_kind, table, mapping)
        self._kind_column = mapping.event_kind.column or ""
        self._amounts = _number_reader(mapping.amount, table, mapping)
        self._quantities = _number_reader(mapping.quantity, table, mapping)
        self._reference: tuple[int, Reader] | None = None
        if mapping.reference is not None:
            place = place_of(table, mapping.reference.column, why="it is the reference")
            self._reference = (place, id_reader(mapping.reference, source))
            self._reference_column = mapping.reference.column
        self._attributes = [(name, place_of(table, name, why="it is an attribute")) for name in mapping.attributes]
        self._new_customer = [
            (field, place_of(table, column.column, why=f"it is the {field} of new customers"))
            for field, column in mapping.new_customer.items()
        ]
        self._currency = mapping.currency

    def read(self, row: Row) -> KeyedRecord | BadRow:
        """The event of a row, or why it is refused."""
        bad = unreadable(row, self._header)
        if bad is not None:
            return bad
        column, code = self.customer_column, "bad-id"
        cells = row.cells
        try:
            customer = self._read_customer(cells[self._customer])
            if customer is None:
                return refuse(row, column, "missing-customer", "the row names no customer.")
            column, code = self._moment_column, "bad-date"
            moment = self._read_moment(cells[self._moment])
            if moment is None:
                return refuse(row, column, "missing-date", "the row does not say when.")
            column, code = self._kind_column, "bad-kind"
            kind = self._kind(cells)
            column, code = "amount", "bad-number"
            amount = self._amounts(cells)
            column = "quantity"
            quantity = self._quantities(cells)
            reference = None
            if self._reference is not None:
                column, code = self._reference_column, "bad-id"
                place, read = self._reference
                reference = read(cells[place])
        except ValueError as error:
            return refuse(row, column, code, str(error))
        identity = f"{customer}\x1f{kind}\x1f{moment}\x1f{amount}\x1f{quantity}\x1f{reference}"
        values: Json = {
            "kind": kind,
            "occurred_at": moment,
            "amount": amount,
            "quantity": quantity,
            "reference": reference,
            "attributes": {name: cells[place] or None for name, place in self._attributes} or None,
        }
        digest = blake2b(identity.encode(), digest_size=16).digest()
        return KeyedRecord(row, customer, values, digest, False, self._customer_facts(cells))

    def _customer_facts(self, cells: list[str]) -> Json:
        facts: Json = {field: cells[place].strip() or None for field, place in self._new_customer}
        if self._currency is not None:
            facts["currency"] = self._currency
        return facts


def _number_reader(
    source: AmountSource | None, table: Table, mapping: EventsMapping
) -> Callable[[list[str]], float | None]:
    """A reader of one number: a cell, or the product of several; None where one of them is blank."""
    if source is None:
        return lambda cells: None
    read = cell_reader(source, mapping.source, ColumnType.NUMBER)
    places = [place_of(table, name, why="it is multiplied or taken as a number") for name in source.columns]

    def reader(cells: list[str]) -> float | None:
        value = 1.0
        for place in places:
            factor = read(cells[place])
            if factor is None:
                return None
            value *= factor
        if not -LARGEST_AMOUNT < value < LARGEST_AMOUNT:
            raise ValueError(f"{value:g} is too large a number.")
        return value

    return reader


def _kind_reader(kind: EventKind, table: Table, mapping: EventsMapping) -> Callable[[list[str]], str]:
    if kind.constant is not None:
        constant = kind.constant
        return lambda cells: constant
    if kind.column is not None:
        place, values = place_of(table, kind.column, why="it is the kind of event"), dict(kind.values)
        return lambda cells: _named_kind(values.get(cells[place], cells[place]))
    rules = [(rule.kind, _condition(rule, table, mapping)) for rule in kind.rules]
    otherwise = kind.otherwise

    def reader(cells: list[str]) -> str:
        for name, holds in rules:
            if holds(cells):
                return name
        if otherwise is None:
            raise ValueError("no rule of event_kind holds for this row; add `otherwise` to take it all the same.")
        return otherwise

    return reader


def _named_kind(text: str) -> str:
    if not text.strip():
        raise ValueError("the row does not say what kind of event it is.")
    return single_line(text)


def _condition(rule: KindRule, table: Table, mapping: EventsMapping) -> Callable[[list[str]], bool]:
    place = place_of(table, rule.column, why=f"a rule for {rule.kind!r} asks for it")
    if rule.less_than is not None or rule.at_least is not None:
        decimal = mapping.source.decimal
        low = rule.at_least if rule.at_least is not None else float("-inf")
        high = rule.less_than if rule.less_than is not None else float("inf")
        read = cell_reader(AmountSource(column=rule.column, decimal=decimal), mapping.source, ColumnType.NUMBER)

        def between(cells: list[str]) -> bool:
            value = read(cells[place])
            return value is not None and low <= value < high

        return between
    tests: dict[str, Callable[[str, Any], bool]] = {
        "equals": lambda text, wanted: text == wanted,
        "one_of": lambda text, wanted: text in wanted,
        "starts_with": lambda text, wanted: text.startswith(wanted),
        "ends_with": lambda text, wanted: text.endswith(wanted),
        "contains": lambda text, wanted: wanted in text,
    }
    name = next(name for name in tests if getattr(rule, name) is not None)
    test, wanted = tests[name], getattr(rule, name)
    return lambda cells: test(cells[place], wanted)
