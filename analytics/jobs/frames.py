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

CHUNK = 20_000
"""Customers per chunk: bounds memory however large the store is."""


@dataclass(frozen=True, slots=True)
class CustomerChunk:
    """The frames of one range of customers; `keys` are the store's numbers in the order of `frames.customers`."""

    keys: np.ndarray
    frames: Frames


def read_chunks(
    store: Store,
    *,
    with_history: bool,
    reading_model: str | None = None,
    size: int = CHUNK,
) -> Iterator[CustomerChunk]:
    """All customers in ranges of at most `size`, each read in a transaction of its own.

    `with_history` adds contract lines, events and messages; static tables do without.
    """
    with store.read() as session:
        ranges = tables.key_ranges(session, size)
    for low, high in ranges:
        with store.read() as session:
            yield read_range(session, low, high, with_history=with_history, reading_model=reading_model)


def read_range(
    session: Session, low: int, high: int, *, with_history: bool, reading_model: str | None = None
) -> CustomerChunk:
    """The frames of the customers with keys in `low..high`."""
    columns = _columns(tables.customers(session, low, high), tables.CUSTOMER_COLUMNS)
    keys = np.asarray(columns.pop("key"), dtype=np.int64)
    attributes = _attribute_columns(columns.pop("attributes"))
    ids = pd.Series(columns["customer_id"], dtype="str")
    customers = _typed(columns, CUSTOMER_COLUMNS, money=("monthly_revenue",))
    if attributes:
        clear = {name: values for name, values in attributes.items() if name not in customers.columns}
        customers = pd.concat([customers, pd.DataFrame(clear, index=customers.index)], axis=1)
    if not with_history:
        return CustomerChunk(keys, Frames(customers))
    id_of = pd.Series(ids.to_numpy(), index=keys, dtype="str")
    subscriptions = _columns(tables.subscriptions(session, low, high), tables.SUBSCRIPTION_COLUMNS)
    events = _columns(tables.events(session, low, high), tables.EVENT_COLUMNS)
    messages = _columns(tables.messages(session, low, high, reading_model), tables.MESSAGE_COLUMNS)
    message_columns = {**MESSAGE_COLUMNS, **dict.fromkeys(SENTIMENT_COLUMNS, "float64"), "topic": "str"}
    return CustomerChunk(
        keys,
        Frames(
            customers,
            _with_ids(subscriptions, id_of, SUBSCRIPTION_COLUMNS, ("mrr",), empty_subscriptions()),
            _with_ids(events, id_of, EVENT_COLUMNS, ("amount",), empty_events()),
            _with_ids(messages, id_of, message_columns, (), empty_messages(with_sentiment=True)),
        ),
    )


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


def _column(values: list[Any]) -> Any:
    """Numbers and booleans become floats, everything else text."""
    kinds = {type(value) for value in values}
    if kinds <= {int, float, bool, type(None)}:
        return np.array([np.nan if value is None else float(value) for value in values])
    return pd.Series([None if value is None else str(value) for value in values], dtype="str").to_numpy(dtype=object)


def _typed(columns: dict[str, Any], dtypes: Any, money: tuple[str, ...]) -> pd.DataFrame:
    typed = {}
    for name, dtype in dtypes.items():
        values = columns.get(name, ())
        if dtype == "str":
            typed[name] = pd.Series(values, dtype="str")
        elif dtype == "float64":
            number = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").astype("float64")
            typed[name] = number / MONEY_SCALE if name in money else number
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
