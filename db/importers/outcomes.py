"""Outcomes in: what came of decisions, from a table whose columns are called what they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.errors import InputError
from db.importers.rejects import SHOWN
from db.importers.rows import BadRow, Row, Table
from db.models import Customer, DecisionRow, Outcome
from db.session import Store
from db.vocabulary import Json, OutcomeKind, ReconciledCounts

CHUNK = 2_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "customer", "customerid"),
    "kind": ("kind", "outcome", "result"),
    "occurred_at": ("occurred_at", "date", "at", "time", "timestamp"),
    "decision_id": ("decision_id", "decision"),
    "amount": ("amount", "revenue"),
}
"""Header names of each field, the first one preferred; the first three fields must be there."""

_NEEDED = ("customer_id", "kind", "occurred_at")


@dataclass(frozen=True, slots=True)
class OutcomesResult:
    """What an import of outcomes did to each row, and the first rows that were refused."""

    counts: ReconciledCounts
    rejected: tuple[BadRow, ...]

    def as_json(self) -> Json:
        """The counts and the refused rows as a JSON object."""
        counts = self.counts
        return {
            "rows_in": counts.rows_in,
            "new": counts.new,
            "unchanged": counts.unchanged,
            "rejected": counts.rejected,
            "rejects": [{"line": bad.line, "column": bad.column, "message": bad.message} for bad in self.rejected],
        }


def import_outcomes(store: Store, table: Table, *, dry_run: bool = False) -> OutcomesResult:
    """Import a table of outcomes. Importing the same table again changes nothing.

    An outcome without a decision_id belongs to the customer's newest decision up to that day. Raises InputError where
    a needed column is missing or the table cannot be read.
    """
    places = _places(table)
    tally = {"in": 0, "new": 0, "unchanged": 0}
    rejected: list[BadRow] = []
    rows = table.rows()
    while part := list(islice(rows, CHUNK)):
        tally["in"] += len(part)
        with store.read() if dry_run else store.write() as session:
            known = list(_known(session, part, places, rejected))
            fresh = _fresh(session, known)
            tally["new"] += len(fresh)
            tally["unchanged"] += len(known) - len(fresh)
            if not dry_run:
                session.add_all(Outcome(**values) for values in fresh)
    counts = ReconciledCounts(tally["in"], tally["new"], 0, tally["unchanged"], len(rejected))
    return OutcomesResult(counts, tuple(rejected[:SHOWN]))


def _places(table: Table) -> dict[str, int]:
    names = {name.strip().casefold().replace(" ", "_"): place for place, name in enumerate(table.header)}
    found = {
        field: next(names[alias] for alias in aliases if alias in names)
        for field, aliases in COLUMNS.items()
        if any(alias in names for alias in aliases)
    }
    for field in _NEEDED:
        if field not in found:
            raise InputError(
                f"the table has no column {field!r}; it has {', '.join(table.header)}.",
                path=table.name,
                hint="Outcomes need customer_id, kind and occurred_at; decision_id and amount may be there.",
            )
    return found


def _known(
    session: Session, part: list[Row | BadRow], places: dict[str, int], rejected: list[BadRow]
) -> Iterator[Json]:
    """The rows as values of an outcome; refused ones go to `rejected`."""
    rows = [row for row in part if isinstance(row, Row)]
    rejected += [row for row in part if isinstance(row, BadRow)]
    ids = {row.cells[places["customer_id"]].strip() for row in rows if places["customer_id"] < len(row.cells)}
    keys: dict[str, int] = {}
    if ids:
        found = session.execute(select(Customer.external_id, Customer.id).where(Customer.external_id.in_(ids)))
        keys.update((row[0], row[1]) for row in found)
    for row in rows:
        cells = {field: row.cells[place].strip() if place < len(row.cells) else "" for field, place in places.items()}
        column = "customer_id"
        try:
            key = keys.get(cells[column])
            if key is None:
                raise ValueError(f"there is no customer {cells[column]!r}.")
            column = "kind"
            kind = _kind(cells[column])
            column = "occurred_at"
            at = _instant(cells[column])
            column = "amount"
            amount = float(cells["amount"]) if cells.get("amount") else None
            column = "decision_id"
            decision_id = _decision(session, key, cells.get(column, ""), at)
        except ValueError as error:
            rejected.append(BadRow(row.line, column, f"bad-{column}", str(error), ",".join(row.cells)))
            continue
        yield {"customer_id": key, "decision_id": decision_id, "kind": kind, "occurred_at": at, "amount": amount}


def _kind(text: str) -> OutcomeKind:
    try:
        return OutcomeKind({"cancelled": "canceled", "churned": "canceled"}.get(text.casefold(), text.casefold()))
    except ValueError:
        raise ValueError(f"{text!r} is no outcome; outcomes are {', '.join(OutcomeKind)}.") from None


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date; write it as 2026-11-30 or 2026-11-30T14:00+01:00.") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _decision(session: Session, customer_key: int, decision_id: str, at: datetime) -> str | None:
    if decision_id:
        found = session.scalar(select(DecisionRow.customer_id).where(DecisionRow.decision_id == decision_id))
        if found != customer_key:
            raise ValueError(f"there is no decision {decision_id!r} about this customer.")
        return decision_id
    return session.scalar(
        select(DecisionRow.decision_id)
        .where(DecisionRow.customer_id == customer_key, DecisionRow.decided_on <= at.date())
        .order_by(DecisionRow.decided_on.desc(), DecisionRow.created_at.desc(), DecisionRow.decision_id)
        .limit(1)
    )


def _fresh(session: Session, rows: list[Json]) -> list[Json]:
    """The rows that the store does not hold yet, each once."""
    keys = {row["customer_id"] for row in rows}
    found = session.execute(
        select(Outcome.customer_id, Outcome.decision_id, Outcome.kind, Outcome.occurred_at).where(
            Outcome.customer_id.in_(keys)
        )
    )
    seen = {tuple(row) for row in found}
    fresh = []
    for row in rows:
        identity = (row["customer_id"], row["decision_id"], row["kind"], row["occurred_at"])
        if identity not in seen:
            seen.add(identity)
            fresh.append(row)
    return fresh
