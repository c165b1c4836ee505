"""One row of a customer table: its cells read by role into facts, attributes, consents and an id."""

from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from db.errors import MappingError
from db.importers.billing import read_billing_period
from db.importers.mapping import CustomerColumn, CustomersMapping
from db.importers.readers import Reader, cell_reader, id_reader, label_reader, place_of, refuse, single_line, unreadable
from db.importers.rows import BadRow, Row, Table
from db.vocabulary import Channel, ColumnRole, ColumnType, CustomerStatus, Json

LARGEST_AMOUNT = 1e12

_FACT_OF_ROLE = {
    ColumnRole.FIRST_NAME: "first_name",
    ColumnRole.LAST_NAME: "last_name",
    ColumnRole.EMAIL: "email",
    ColumnRole.PHONE: "phone",
    ColumnRole.LANGUAGE: "language",
    ColumnRole.TIMEZONE: "timezone",
    ColumnRole.COUNTRY: "country",
    ColumnRole.PLAN: "plan",
    ColumnRole.MONTHLY_REVENUE: "monthly_revenue",
    ColumnRole.CURRENCY: "currency",
    ColumnRole.BILLING_PERIOD: "billing_period",
    ColumnRole.SIGNUP_DATE: "signed_up_on",
    ColumnRole.TENURE: "tenure_months",
    ColumnRole.RENEWAL_DATE: "renewal_date",
    ColumnRole.LABEL: "churned",
    ColumnRole.CANCEL_DATE: "churned_on",
    ColumnRole.CANCEL_REASON: "cancellation_reason",
}
_CODES = {
    ColumnType.NUMBER: "bad-number",
    ColumnType.DATE: "bad-date",
    ColumnType.BOOLEAN: "bad-boolean",
    ColumnType.TEXT: "bad-text",
}
_NOT_IMPORTED = frozenset({ColumnRole.IGNORE, ColumnRole.ID})
_FREE_TEXT = frozenset({ColumnRole.FEATURE, ColumnRole.SENSITIVE, ColumnRole.CANCEL_REASON})


class CustomerRecord(NamedTuple):
    """A customer as one row tells it: `facts` are columns of the store, `attributes` everything else."""

    row: Row
    external_id: str
    facts: Json
    attributes: Json
    consents: tuple[tuple[Channel, bool], ...]
    life_event: bool
    digest: bytes


class _Column(NamedTuple):
    place: int
    name: str
    read: Reader
    fact: str | None
    code: str


class CustomerReader:
    """Reads rows of one table by one mapping.

    Raises:
        MappingError: the mapping names a column that the table does not have.
    """

    def __init__(self, table: Table, mapping: CustomersMapping, today: date) -> None:
        self._mapping = mapping
        self._table = table
        self._today = today
        self._columns: list[_Column] = []
        self._consents: list[tuple[int, str, Channel, Reader]] = []
        self._id_place: int | None = None
        self._read_id: Reader = str
        self.id_column = mapping.column_of(ColumnRole.CUSTOMER_ID) or ""
        self.ignored = frozenset(name for name, column in mapping.columns.items() if column.role in _NOT_IMPORTED)
        for name, column in mapping.columns.items():
            self._add(name, column)
        self._defaults = {
            _FACT_OF_ROLE[role]: value for role, value in mapping.defaults.items() if role in _FACT_OF_ROLE
        }
        if mapping.currency is not None:
            self._defaults.setdefault("currency", mapping.currency)
        self._full_name = mapping.column_of(ColumnRole.FULL_NAME)
        self._life_events = frozenset(word.casefold() for word in mapping.life_event_reasons)
        self._signature = blake2b("\x1f".join((mapping.sha256(), *table.header)).encode()).digest()
        self._knows_status = bool({"churned", "churned_on"} & {column.fact for column in self._columns})

    def read(self, row: Row, number: int) -> CustomerRecord | BadRow:
        """The record of a row, or why it is refused; `number` counts the rows of the table from one."""
        bad = unreadable(row, self._table.header)
        if bad is not None:
            return bad
        external_id = self._identify(row, number)
        if isinstance(external_id, BadRow):
            return external_id
        facts: Json = dict(self._defaults)
        attributes: Json = {}
        cells = row.cells
        column = None
        try:
            for column in self._columns:
                place, name, read, fact, _ = column
                value = read(cells[place])
                if fact is None:
                    attributes[name] = value
                elif value is not None or fact not in facts:
                    facts[fact] = value
        except ValueError as error:
            return refuse(row, column.name if column else "", column.code if column else "bad-text", str(error))
        consents = self._read_consents(row)
        if isinstance(consents, BadRow):
            return consents
        self._derive(facts, attributes)
        # The cells and the mapping decide everything but the status, which also depends on the day.
        content = "\x1f".join((facts.get("status", ""), *cells))
        digest = blake2b(content.encode(), digest_size=16, key=self._signature)
        life_event = (facts.get("cancellation_reason") or "").casefold() in self._life_events
        return CustomerRecord(row, external_id, facts, attributes, consents, life_event, digest.digest())

    def notes(self) -> tuple[str, ...]:
        """Columns of the table that the mapping leaves out."""
        left_out = [name for name in self._table.header if name not in self._mapping.columns]
        if not left_out:
            return ()
        shown = ", ".join(left_out[:10]) + (" ..." if len(left_out) > 10 else "")
        return (f"{len(left_out)} columns are not in the mapping and are not imported: {shown}.",)

    def _identify(self, row: Row, number: int) -> str | BadRow:
        if self._id_place is None:
            return f"row-{number}"
        try:
            found = self._read_id(row.cells[self._id_place])
        except ValueError as error:
            return refuse(row, self.id_column, "bad-id", str(error))
        if found is None:
            return refuse(row, self.id_column, "missing-id", "the row has no customer id.")
        return str(found)

    def _read_consents(self, row: Row) -> tuple[tuple[Channel, bool], ...] | BadRow:
        found: list[tuple[Channel, bool]] = []
        for place, name, channel, read in self._consents:
            try:
                granted = read(row.cells[place])
            except ValueError as error:
                return refuse(row, name, "bad-boolean", str(error))
            if granted is not None:
                found.append((channel, granted))
        return tuple(found)

    def _derive(self, facts: Json, attributes: Json) -> None:
        """What follows from the cells: names out of a full name, the status out of label and cancel date."""
        if self._full_name is not None:
            first, last = split_name(attributes.get(self._full_name))
            facts.setdefault("first_name", first)
            facts.setdefault("last_name", last)
        if self._knows_status:
            gone_on = facts.get("churned_on")
            gone = (
                facts["churned"] if facts.get("churned") is not None else gone_on is not None and gone_on <= self._today
            )
            facts["status"] = CustomerStatus.CHURNED if gone else CustomerStatus.ACTIVE

    def _add(self, name: str, column: CustomerColumn) -> None:
        if column.role in _NOT_IMPORTED:
            return
        if column.optional and name not in self._table.header:
            return
        place = place_of(self._table, name, why=f"the mapping gives it the role {column.role.value}")
        source, kind = self._mapping.source, column.cell_type
        if column.role is ColumnRole.CUSTOMER_ID:
            self._id_place, self._read_id = place, id_reader(column, source)
        elif column.role is ColumnRole.CONSENT:
            self._consents.append((place, name, column.channel, cell_reader(column, source, kind)))
        else:
            read = self._reader(name, column)
            code = "bad-label" if column.role is ColumnRole.LABEL else _CODES[kind]
            self._columns.append(_Column(place, name, read, _FACT_OF_ROLE.get(column.role), code))

    def _reader(self, name: str, column: CustomerColumn) -> Reader:
        source = self._mapping.source
        if column.role is ColumnRole.LABEL:
            churn = self._mapping.churn
            if churn is None:
                raise MappingError(
                    f"{name!r} is the label, but the section `churn` does not say which of its cells means churned.",
                    hint="Add `churn: {definition: label, positive: [...], negative: [...]}`.",
                )
            return label_reader(churn.positive, churn.negative)
        read = cell_reader(column, source, column.cell_type)
        if column.role is ColumnRole.MONTHLY_REVENUE:
            return _checked(read, _amount)
        if column.role is ColumnRole.TENURE:
            return _checked(read, _not_negative)
        if column.role is ColumnRole.BILLING_PERIOD:
            return _checked(read, read_billing_period)
        if column.cell_type is ColumnType.DATE and column.role in _FREE_TEXT:
            return _checked(read, date.isoformat)
        if column.role not in _FREE_TEXT and column.cell_type is ColumnType.TEXT:
            return _checked(read, single_line)
        return read


def split_name(full: str | None) -> tuple[str | None, str | None]:
    """First and last name where the full name leaves no doubt: two words, or `Last, First`; else nothing."""
    if full is None:
        return None, None
    if full.count(",") == 1:
        last, first = (part.strip() for part in full.split(","))
        return (first, last) if first and last else (None, None)
    words = full.split()
    return (words[0], words[1]) if len(words) == 2 else (None, None)


def _checked(read: Reader, check: Callable[[Any], Any]) -> Reader:
    def reader(text: str) -> Any:
        value = read(text)
        return None if value is None else check(value)

    return reader


def _amount(value: int | float) -> float:
    if not 0 <= value <= LARGEST_AMOUNT:
        raise ValueError(f"{value:,} is no amount of money that a customer pays in a month.")
    return float(value)


def _not_negative(value: int | float) -> float:
    if not 0 <= value <= 12_000:
        raise ValueError(f"{value:,} is no number of months.")
    return float(value)
