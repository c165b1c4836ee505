"""The four frames that the store, the simulation and the models exchange: columns, dtypes, empty frames and checks.

Shapes: `customers` holds one row per customer, `subscriptions` one per contract line, `events` one per dated act or
line of an act, `messages` one per message. Instants are `datetime64[us, UTC]`, dates are naive midnights in
`datetime64[us]`, money is float in major units, missing text is None or NaN. Further columns may follow the declared
ones: in `customers` they are imported attributes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.errors import InputError

Dtype = Literal["str", "float64", "datetime64[us]", "datetime64[us, UTC]"]
TEXT: Final = "str"
NUMBER: Final = "float64"
DATE: Final = "datetime64[us]"
INSTANT: Final = "datetime64[us, UTC]"

CUSTOMER_COLUMNS: Mapping[str, Dtype] = MappingProxyType(
    {
        "customer_id": TEXT,
        "first_name": TEXT,
        "last_name": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "language": TEXT,
        "timezone": TEXT,
        "country": TEXT,
        "plan": TEXT,
        "monthly_revenue": NUMBER,
        "currency": TEXT,
        "billing_period": TEXT,
        "signed_up_on": DATE,
        "tenure_months": NUMBER,
        "renewal_date": DATE,
        "status": TEXT,
        "churned_on": DATE,
        "churn_kind": TEXT,
        "churned": NUMBER,
    }
)
SUBSCRIPTION_COLUMNS: Mapping[str, Dtype] = MappingProxyType(
    {
        "customer_id": TEXT,
        "plan": TEXT,
        "started_on": DATE,
        "ended_on": DATE,
        "mrr": NUMBER,
        "billing_period": TEXT,
        "discount_percent": NUMBER,
        "cancellation_reason": TEXT,
    }
)
EVENT_COLUMNS: Mapping[str, Dtype] = MappingProxyType(
    {
        "customer_id": TEXT,
        "kind": TEXT,
        "occurred_at": INSTANT,
        "amount": NUMBER,
        "quantity": NUMBER,
        "reference": TEXT,
    }
)
MESSAGE_COLUMNS: Mapping[str, Dtype] = MappingProxyType(
    {
        "message_id": TEXT,
        "customer_id": TEXT,
        "sent_at": INSTANT,
        "direction": TEXT,
        "channel": TEXT,
        "text": TEXT,
    }
)
SENTIMENT_COLUMNS: tuple[str, ...] = ("negative", "neutral", "positive")

_REQUIRED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "customers": frozenset({"customer_id"}),
        "subscriptions": frozenset({"customer_id", "started_on"}),
        "events": frozenset({"customer_id", "kind", "occurred_at"}),
        "messages": frozenset({"customer_id", "sent_at"}),
    }
)


def empty_customers() -> pd.DataFrame:
    """A customers frame without rows."""
    return _empty(CUSTOMER_COLUMNS)


def empty_subscriptions() -> pd.DataFrame:
    """A subscriptions frame without rows."""
    return _empty(SUBSCRIPTION_COLUMNS)


def empty_events() -> pd.DataFrame:
    """An events frame without rows."""
    return _empty(EVENT_COLUMNS)


def empty_messages(*, with_sentiment: bool = False) -> pd.DataFrame:
    """A messages frame without rows; `with_sentiment` adds the three probability columns."""
    columns: dict[str, Dtype] = dict(MESSAGE_COLUMNS)
    if with_sentiment:
        columns.update(dict.fromkeys(SENTIMENT_COLUMNS, NUMBER))
    return _empty(columns)


def check_customers(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the declared dtypes and missing columns filled; customer ids must be present and unique.

    Raises:
        InputError: an id is missing or repeated, or a column cannot be read as its dtype.
    """
    checked = _check("customers", frame, CUSTOMER_COLUMNS)
    repeated = checked["customer_id"][checked["customer_id"].duplicated()]
    if len(repeated):
        raise InputError(f"customers: the id {repeated.iloc[0]!r} occurs more than once.", column="customer_id")
    return checked


def check_subscriptions(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the declared dtypes; no line may end before it starts.

    Raises:
        InputError: a key is missing, dates are reversed, or a column cannot be read as its dtype.
    """
    checked = _check("subscriptions", frame, SUBSCRIPTION_COLUMNS)
    reversed_lines = checked["ended_on"] < checked["started_on"]
    if reversed_lines.any():
        customer = checked.loc[reversed_lines, "customer_id"].iloc[0]
        raise InputError(f"subscriptions: a line of customer {customer!r} ends before it starts.", column="ended_on")
    return checked


def check_events(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the declared dtypes; customer, kind and time must be present.

    Raises:
        InputError: a key is missing or a column cannot be read as its dtype.
    """
    return _check("events", frame, EVENT_COLUMNS)


def check_messages(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the declared dtypes; probabilities, where present, lie in [0, 1].

    Raises:
        InputError: a key is missing, only some probability columns are there, or one is outside [0, 1].
    """
    present = [name for name in SENTIMENT_COLUMNS if name in frame.columns]
    columns: dict[str, Dtype] = dict(MESSAGE_COLUMNS)
    columns.update(dict.fromkeys(present, NUMBER))
    checked = _check("messages", frame, columns)
    if present and len(present) != len(SENTIMENT_COLUMNS):
        raise InputError(f"messages: the columns {', '.join(SENTIMENT_COLUMNS)} come together or not at all.")
    for name in present:
        if ((checked[name] < 0) | (checked[name] > 1)).any():
            raise InputError("messages: a probability lies outside 0..1.", column=name)
    return checked


@dataclass(frozen=True)
class Frames:
    """All that a forecast may look at: four frames, any of which but `customers` may be empty."""

    customers: pd.DataFrame
    subscriptions: pd.DataFrame = field(default_factory=empty_subscriptions)
    events: pd.DataFrame = field(default_factory=empty_events)
    messages: pd.DataFrame = field(default_factory=empty_messages)

    def checked(self) -> "Frames":
        """The same data with every frame checked and typed (see the `check_*` functions).

        Raises:
            InputError: a frame breaks its contract.
        """
        return Frames(
            check_customers(self.customers),
            check_subscriptions(self.subscriptions),
            check_events(self.events),
            check_messages(self.messages),
        )

    def of_customers(self, customer_ids: npt.ArrayLike | pd.Index) -> "Frames":
        """The rows of these customers, in every frame."""
        wanted = pd.Index(np.asarray(customer_ids, dtype=object))
        return replace(
            self,
            customers=_rows_of(self.customers, wanted),
            subscriptions=_rows_of(self.subscriptions, wanted),
            events=_rows_of(self.events, wanted),
            messages=_rows_of(self.messages, wanted),
        )

    @property
    def attributes(self) -> tuple[str, ...]:
        """The imported columns of `customers`, in their order."""
        return tuple(str(name) for name in self.customers.columns if name not in CUSTOMER_COLUMNS)


def _empty(columns: Mapping[str, Dtype]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})


def _check(name: str, frame: pd.DataFrame, columns: Mapping[str, Dtype]) -> pd.DataFrame:
    missing = sorted(_REQUIRED[name] - set(frame.columns))
    if missing:
        raise InputError(f"{name}: the column {missing[0]!r} is missing.", column=missing[0])
    typed = {
        column: _typed(name, frame[column], dtype)
        if column in frame.columns
        else pd.Series([None] * len(frame), index=frame.index, dtype=dtype)
        for column, dtype in columns.items()
    }
    extra = {column: frame[column] for column in frame.columns if column not in columns}
    checked = pd.DataFrame(typed | extra, index=frame.index)
    for column in sorted(_REQUIRED[name]):
        if checked[column].isna().any():
            raise InputError(f"{name}: {int(checked[column].isna().sum())} rows have no {column}.", column=column)
    return checked


def _typed(name: str, column: pd.Series, dtype: Dtype) -> pd.Series:
    if str(column.dtype) == dtype:
        return column
    try:
        return _converted(column, dtype)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: a value cannot be read as {dtype} ({error}).", column=str(column.name)) from error


def _converted(column: pd.Series, dtype: Dtype) -> pd.Series:
    if dtype == INSTANT:
        return pd.to_datetime(column, utc=True).astype(INSTANT)
    if dtype == DATE:
        # An instant becomes its day in UTC, so that dates compare with dates.
        return pd.to_datetime(column, utc=True).dt.tz_localize(None).dt.normalize().astype(DATE)
    if dtype == TEXT:
        return column.where(column.isna(), column.astype(TEXT)).astype(TEXT)
    return pd.to_numeric(column).astype(NUMBER)


def _rows_of(frame: pd.DataFrame, wanted: pd.Index) -> pd.DataFrame:
    return frame[frame["customer_id"].isin(wanted)]
