"""From the store to frames: the rows of a range of customers as the frames that models read."""

import json
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
from db.models import MONEY_SCALE
from db.queries import tables
from db.session import Store

CHUNK = 25_000
"""Customers per chunk: bounds memory however large the store is."""


ALWAYS_READ = ("status", "monthly_revenue")


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
    facts = [name for name in CUSTOMER_COLUMNS if name in (*ALWAYS_READ, *(wanted or ()))]
    names = [name for name in wanted or () if name not in CUSTOMER_COLUMNS]
    picked = wanted is not None and tables.picks_attributes(session, names)
    if picked:
        rows = tables.picked_customers(session, low, high, facts, names)
        columns = _columns(rows, ("key", "customer_id", *facts, *names))
        attributes = {name: _column(columns.pop(name)) for name in names}
        dtypes = {name: dtype for name, dtype in CUSTOMER_COLUMNS.items() if name in columns}
    else:
        columns = _columns(tables.customers(session, low, high), tables.CUSTOMER_COLUMNS)
        attributes = _attribute_columns(columns.pop("attributes"))
        dtypes = dict(CUSTOMER_COLUMNS)
    keys = np.asarray(columns.pop("key"), dtype=np.int64)
    typed = _typed(columns, dtypes, money=("monthly_revenue",))
    clear = {name: values for name, values in attributes.items() if name not in CUSTOMER_COLUMNS}
    if not clear:
        return keys, typed
    dtype = object if picked else None  # a forecast only looks text up: turning it into another kind of text is waste
    found = {name: pd.Series(values, dtype=dtype if values.dtype == object else None) for name, values in clear.items()}
    return keys, pd.concat([typed, pd.DataFrame(found, index=typed.index)], axis=1)


def _columns(rows: list[Sequence[Any]], names: Sequence[str]) -> dict[str, Sequence[Any]]:
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())


def _attribute_columns(documents: Sequence[Any]) -> dict[str, Any]:
    """Columns of the imported attributes; one parse of the joined texts is far quicker than one per row."""
    parsed: list[dict[str, Any]] = json.loads("[" + ",".join(text or "{}" for text in documents) + "]")
    names: dict[str, None] = {}
    for document in parsed[:1000]:
        names.update(dict.fromkeys(document))
    if len(parsed) > 1000:
        for document in parsed:
            if len(document) > len(names) or not document.keys() <= names.keys():
                names.update(dict.fromkeys(document))
    return {name: _column([document.get(name) for document in parsed]) for name in names}


def _column(values: Sequence[Any]) -> np.ndarray:
    """Numbers and booleans become floats, everything else text, with None where missing."""
    kinds = set(map(type, values))
    if kinds <= {int, float, bool, type(None)}:
        return np.array(values, dtype=np.float64)
    found = np.empty(len(values), dtype=object)
    found[:] = values if kinds <= {str, type(None)} else [_as_text(value) for value in values]
    return found


def _as_text(value: Any) -> str | None:
    """The value as SQLite reads it out of JSON: true is 1, a list is its JSON text."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, separators=(",", ":"))
    return None if value is None else str(value)


def _typed(columns: dict[str, Any], dtypes: Any, money: tuple[str, ...]) -> pd.DataFrame:
    typed = {}
    for name, dtype in dtypes.items():
        values = columns.get(name, ())
        if dtype == "str":
            typed[name] = pd.Series(values, dtype="str")
        elif dtype == "float64":
            number = np.array(values, dtype=np.float64)
            typed[name] = pd.Series(number / MONEY_SCALE if name in money else number)
        else:
            instants = pd.to_datetime(pd.Series(values, dtype="str"), utc=True, format="ISO8601")
            typed[name] = (instants if "UTC" in dtype else instants.dt.tz_localize(None)).astype(dtype)
    return pd.DataFrame(typed)


def _with_ids(
    columns: dict[str, Any], id_of: pd.Series, dtypes: Any, money: tuple[str, ...], empty: pd.DataFrame
) -> pd.DataFrame:
    if not len(columns["customer_id"]):
        return empty
    ids = id_of.reindex(np.asarray(columns["customer_id"], dtype=np.int64)).to_numpy()
    return _typed({**columns, "customer_id": ids}, dtypes, money)
