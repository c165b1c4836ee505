"""Fills a store with the demo company; its truth stays out and can be simulated again from the same seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from analytics.simulation.company import company_profile
from analytics.simulation.simulate import DEFAULT_TODAY, SimulatedChunk, simulate
from db.errors import StoreError
from db.models import MONEY_SCALE, Consent, Customer, Event, Message, Subscription
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import (
    Channel,
    ChurnDefinition,
    ChurnDefinitionKind,
    ChurnKind,
    CompanyProfile,
    ConsentStatus,
    CustomerStatus,
    Direction,
    Progress,
)

PARTS = ("customers", "subscriptions", "events", "messages", "consents")
DEMO_CHURN = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE, churn_horizon_days=90, lead_time_days=0)
ROWS_PER_WRITE = 20_000
UNFINISHED = "demo_unfinished"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo company brought into the store."""

    customers: int
    subscriptions: int
    events: int
    messages: int
    today: date
    seed: int


def fill_demo(
    store: Store,
    *,
    customers: int = 2_000,
    months: int = 18,
    seed: int = 7,
    today: date = DEFAULT_TODAY,
    progress: Callable[[Progress], None] = lambda _: None,
) -> DemoReport:
    """Write the demo company into an empty store; a store that holds this very company is left as it is.

    A run that was stopped is gone on with.

    Raises StoreError when the store holds anything else.
    """
    wanted = {"customers": customers, "months": months, "seed": seed, "today": today.isoformat()}
    with store.read() as session:
        settings = SettingsRepository(session)
        held = settings.get("demo")
        if held == wanted:
            return _report(session, today, seed)
        if held is not None:
            raise StoreError(
                f"The store holds a demo company of {held['customers']:,} customers already (seed {held['seed']}).",
                hint="Give those numbers with --customers and --seed, or another path with --store.",
            )
        if settings.get(UNFINISHED) != wanted and session.scalar(select(func.count(Customer.id))):
            raise StoreError(
                "The store holds customers already; the demo company needs an empty one.",
                hint="Give another path with --store, for example --store demo.db.",
            )
    with store.write() as session:
        SettingsRepository(session).put(UNFINISHED, wanted)
    done = 0
    for session, chunk in store.write_chunks(simulate(customers, months, seed, today)):
        first = str(chunk.customers["customer_id"].iloc[0])
        if session.scalar(select(Customer.id).where(Customer.external_id == first)) is None:
            _write_chunk(session, chunk, datetime(today.year, today.month, today.day, tzinfo=UTC))
        done += len(chunk.customers)
        progress(Progress("simulate", done, customers))
    with store.write() as session:
        settings = SettingsRepository(session)
        settings.set_today(today)
        settings.set_company(_profile())
        settings.set_churn_definition(DEMO_CHURN)
        settings.put("plans", {"plans": company_profile()["plans"]})
        settings.put("demo", wanted)
        return _report(session, today, seed)


def _profile() -> CompanyProfile:
    found: dict[str, Any] = {
        key: value for key, value in company_profile().items() if key in CompanyProfile.__dataclass_fields__
    }
    found["products"], found["competitors"] = tuple(found["products"]), tuple(found["competitors"])
    return CompanyProfile(**found)


def _report(session: Session, today: date, seed: int) -> DemoReport:
    customers, subscriptions, events, messages = (
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Customer, Subscription, Event, Message)
    )
    return DemoReport(customers, subscriptions, events, messages, today, seed)


def _write_chunk(session: Session, chunk: SimulatedChunk, now: datetime) -> None:
    _insert(session, Customer, _customer_rows(chunk.customers, now))
    ids = chunk.customers["customer_id"].tolist()
    keys = dict(
        session.execute(
            select(Customer.external_id, Customer.id).where(Customer.external_id.between(min(ids), max(ids)))
        ).all()
    )
    _insert(session, Subscription, _rows(chunk.subscriptions, keys))
    _insert_events(session, chunk.events, keys)
    _insert(session, Message, _message_rows(chunk.messages, keys))
    _insert(session, Consent, _consent_rows(chunk.consents, keys))


def _insert(session: Session, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_PER_WRITE:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)


def _plain(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows as plain Python values: None for missing, dates and aware datetimes for times."""
    columns: dict[str, list[Any]] = {}
    for name in frame.columns:
        series = frame[name]
        if pd.api.types.is_datetime64_any_dtype(series):
            zoned = series.dt.tz is not None
            columns[name] = [
                None if pd.isna(moment) else (moment.to_pydatetime() if zoned else moment.date()) for moment in series
            ]
        else:
            columns[name] = series.astype(object).where(series.notna(), None).tolist()
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _customer_rows(frame: pd.DataFrame, now: datetime) -> Iterator[dict[str, Any]]:
    own = set(Customer.__table__.columns.keys())
    for row in _plain(frame):
        row["external_id"] = row.pop("customer_id")
        attributes = {name: row.pop(name) for name in list(row) if name not in own}
        status, kind = CustomerStatus(row.pop("status")), row.pop("churn_kind")
        yield {
            **row,
            "status": status,
            "churn_kind": ChurnKind(kind) if kind else None,
            "attributes": attributes,
            "created_at": now,
            "updated_at": now,
        }


def _rows(frame: pd.DataFrame, keys: dict[str, int]) -> Iterator[dict[str, Any]]:
    for row in _plain(frame):
        yield {**row, "customer_id": keys[row["customer_id"]]}


def _insert_events(session: Session, frame: pd.DataFrame, keys: dict[str, int]) -> None:
    """Events are most of the rows: whole columns are converted at once and handed to the driver as they are."""
    if session.get_bind().dialect.name != "sqlite":
        _insert(session, Event, _event_rows(frame, keys))
        return
    customer = frame["customer_id"].map(keys).astype("int64")
    columns = (
        customer.tolist(),
        frame["kind"].tolist(),
        frame["occurred_at"].dt.tz_convert("UTC").dt.strftime("%Y-%m-%d %H:%M:%S.%f").tolist(),
        _nullable(frame["amount"], lambda amount: (amount * MONEY_SCALE).round().astype("int64")),
        _nullable(frame["quantity"], lambda quantity: quantity),
        frame["reference"].astype(object).where(frame["reference"].notna(), None).tolist(),
        [key.to_bytes(6) + place.to_bytes(4) for key, place in zip(customer, _places(customer), strict=True)],
    )
    rows = list(zip(*columns, strict=True))
    names = "customer_id, kind, occurred_at, amount, quantity, reference, source_key"
    statement = f"INSERT INTO event ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)"
    for start in range(0, len(rows), ROWS_PER_WRITE):
        session.connection().exec_driver_sql(statement, rows[start : start + ROWS_PER_WRITE])


def _nullable(values: pd.Series, convert: Callable[[pd.Series], pd.Series]) -> list[Any]:
    """The values as plain numbers, None where missing."""
    found = pd.Series([None] * len(values), dtype=object, index=values.index)
    known = values.notna()
    found[known] = convert(values[known]).astype(object)
    return found.tolist()


def _places(customer: pd.Series) -> list[int]:
    """The number of each row among those of its customer."""
    return customer.groupby(customer).cumcount().tolist()


def _event_rows(frame: pd.DataFrame, keys: dict[str, int]) -> Iterator[dict[str, Any]]:
    places = _places(frame["customer_id"])
    for row, place in zip(_rows(frame, keys), places, strict=True):
        yield {**row, "source_key": row["customer_id"].to_bytes(6) + place.to_bytes(4)}


def _message_rows(frame: pd.DataFrame, keys: dict[str, int]) -> Iterator[dict[str, Any]]:
    for row in _rows(frame, keys):
        source_key = str(row.pop("message_id")).encode()
        yield {
            **row,
            "direction": Direction(row["direction"]),
            "channel": Channel(row["channel"]),
            "source_key": source_key,
        }


def _consent_rows(frame: pd.DataFrame, keys: dict[str, int]) -> Iterator[dict[str, Any]]:
    for row in _rows(frame, keys):
        day = row.pop("recorded_on")
        yield {
            **row,
            "channel": Channel(row["channel"]),
            "status": ConsentStatus(row["status"]),
            "recorded_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
        }
