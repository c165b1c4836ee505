"""From the store to frames: the rows of a range of customers as the frames that models read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from analytics.frames import (
    CUSTOMER_COLUMNS,
    EVENT_COLUMNS,
    MESSAGE_COLUMNS,
    SENTIMENT_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    Frames,
    empty_events,
    empty_messages,
    empty_subscriptions,
)
from analytics.jobs.documents import all_attributes, picked_attributes
from db.models import MONEY_SCALE
from db.queries import tables
from db.session import Store

CHUNK = 25_000
"""Customers per chunk: bounds memory however large the store is."""


ALWAYS_READ = ("status", "monthly_revenue")
MONEY = ("monthly_revenue",)


@dataclass(frozen=True, slots=True)
class CustomerChunk:
    """The frames of one range of customers; `keys` are the store's numbers in the order of `frames.customers`."""

    keys: np.ndarray
    frames: Frames


def read_chunks(
    store: Store,
    *,
    with_history: bool,
    with_acts: bool = True,
    reading_model: str | None = None,
    columns: Sequence[str] | None = None,
    size: int = CHUNK,
) -> Iterator[CustomerChunk]:
    """All customers in ranges of at most `size`, each read in a transaction of its own.

    `with_history` adds contract lines, events and messages, the latter two only `with_acts`; static tables do without
    any. With `columns` the customers frame may hold no more than those facts and attributes, the id, the status and the
    revenue.
    """
    last = 0
    while True:
        with store.read() as session:
            found = tables.next_range(session, last, size)
            if found is None:
                return
            low, last = found
            chunk = read_range(
                session,
                low,
                last,
                with_history=with_history,
                with_acts=with_acts,
                reading_model=reading_model,
                columns=columns,
            )
        yield chunk


def read_range(
    session: Session,
    low: int,
    high: int,
    *,
    with_history: bool,
    with_acts: bool = True,
    reading_model: str | None = None,
    columns: Sequence[str] | None = None,
) -> CustomerChunk:
    """The frames of the customers with keys in `low..high`; see `read_chunks`."""
    keys, customers = _customers(session, low, high, columns)
    if not with_history:
        return CustomerChunk(keys, Frames(customers))
    id_of = pd.Series(customers["customer_id"].to_numpy(), index=keys, dtype="str")
    subscriptions = _columns(tables.subscriptions(session, low, high), tables.SUBSCRIPTION_COLUMNS)
    lines = _with_ids(subscriptions, id_of, SUBSCRIPTION_COLUMNS, ("mrr",), empty_subscriptions())
    if not with_acts:
        return CustomerChunk(keys, Frames(customers, lines))
    events = _columns(tables.events(session, low, high), tables.EVENT_COLUMNS)
    messages = _columns(tables.messages(session, low, high, reading_model), tables.MESSAGE_COLUMNS)
    message_columns = {**MESSAGE_COLUMNS, **dict.fromkeys(SENTIMENT_COLUMNS, "float64"), "topic": "str"}
    return CustomerChunk(
        keys,
        Frames(
            customers,
            lines,
            _with_ids(events, id_of, EVENT_COLUMNS, ("amount",), empty_events()),
            _with_ids(messages, id_of, message_columns, (), empty_messages(with_sentiment=True)),
        ),
    )


def _customers(session: Session, low: int, high: int, wanted: Sequence[str] | None) -> tuple[np.ndarray, pd.DataFrame]:
    """The keys, shape (n,), and the frame of a range of customers."""
    if wanted is None:
        columns = _columns(tables.customers(session, low, high), tables.CUSTOMER_COLUMNS)
        attributes = all_attributes(columns.pop("attributes"))
        typed = _typed(columns, CUSTOMER_COLUMNS, money=MONEY)
    else:
        facts = [name for name in CUSTOMER_COLUMNS if name in (*ALWAYS_READ, *wanted)]
        names = [name for name in wanted if name not in CUSTOMER_COLUMNS]
        read = ("key", "customer_id", *facts, *(("attributes",) if names else ()))
        rows = tables.picked_customers(session, low, high, facts, with_attributes=bool(names))
        columns = _columns(rows, read)
        attributes = picked_attributes(columns.pop("attributes", ()), names)
        dtypes = {name: dtype for name, dtype in CUSTOMER_COLUMNS.items() if name in columns}
        typed = _typed(columns, dtypes, money=MONEY, text=object)
    keys = np.asarray(columns.pop("key"), dtype=np.int64)
    for name, values in attributes.items():
        if name not in CUSTOMER_COLUMNS:
            typed[name] = pd.Series(values, dtype=None if wanted is None or values.dtype != object else object)
    return keys, pd.DataFrame(typed, copy=False)


def _columns(rows: list[Sequence[Any]], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())


def _typed(columns: dict[str, Any], dtypes: Any, money: Sequence[str], text: Any = "str") -> dict[str, pd.Series]:
    """Columns of these dtypes; where text is only looked up, any other kind of `text` than plain objects is waste."""
    typed = {}
    for name, dtype in dtypes.items():
        values = columns.get(name, ())
        if dtype == "str":
            typed[name] = pd.Series(values, dtype=text)
        elif dtype == "float64":
            number = np.array(values, dtype=np.float64)
            typed[name] = pd.Series(number / MONEY_SCALE if name in money else number)
        else:
            instants = pd.to_datetime(pd.Series(values, dtype="str"), utc=True, format="ISO8601")
            typed[name] = (instants if "UTC" in dtype else instants.dt.tz_localize(None)).astype(dtype)
    return typed


def _with_ids(
    columns: dict[str, Any], id_of: pd.Series, dtypes: Any, money: tuple[str, ...], empty: pd.DataFrame
) -> pd.DataFrame:
    if not len(columns["customer_id"]):
        return empty
    ids = id_of.reindex(np.asarray(columns["customer_id"], dtype=np.int64)).to_numpy()
    return pd.DataFrame(_typed({**columns, "customer_id": ids}, dtypes, money))
