"""Which feature columns a table has: chosen once from the training data, kept with the model, used for scoring."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.features.clock import day_of, days_of
from analytics.frames import SENTIMENT_COLUMNS, Frames
from db.vocabulary import Json

WINDOWS = (30, 90, 365)
"""Lengths in days of the windows before the observation date."""

PASSED_THROUGH = ("country", "language")
"""Columns of `customers` that are features as they are; imported attributes join them."""

CURRENT_CONTRACT = ("plan", "billing_period", "monthly_revenue")
"""Columns of `customers` that stand in for the contract where there are no subscription lines."""

_MIN_EVENTS_OF_A_KIND = 20
_MAX_KINDS = 12
_DAYS_OF_A_YEAR = 365
_ACTS_OF_A_RHYTHM = 3
_SHARE_WITH_RHYTHM = 0.2


@dataclass(frozen=True, slots=True)
class KindPlan:
    """One kind of event, and which of its measures carry information.

    `with_rhythm`: customers act often enough for gaps and fading counts to mean something.
    """

    name: str
    with_amount: bool = False
    with_quantity: bool = False
    with_lines: bool = False
    with_rhythm: bool = False


@dataclass(frozen=True, slots=True)
class FeaturePlan:
    """The groups of columns of a feature table.

    `with_last_year` asks for the same calendar window one year earlier, `season_days` long.
    """

    kinds: tuple[KindPlan, ...] = ()
    attributes: tuple[str, ...] = ()
    windows: tuple[int, ...] = WINDOWS
    season_days: int = 90
    with_last_year: bool = False
    with_tenure: bool = False
    with_subscriptions: bool = False
    with_messages: bool = False
    with_sentiment: bool = False

    def as_json(self) -> Json:
        """The plan as a JSON object; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Json) -> "FeaturePlan":
        """The plan that `as_json` wrote."""
        kinds = tuple(KindPlan(**kind) for kind in stored["kinds"])
        sequences = {"attributes": tuple(stored["attributes"]), "windows": tuple(stored["windows"])}
        return cls(**(stored | sequences | {"kinds": kinds}))


def feature_plan(
    frames: Frames,
    as_of: date | pd.Timestamp,
    *,
    attributes: Sequence[str] | None = None,
    season_days: int = 90,
    windows: Sequence[int] = WINDOWS,
) -> FeaturePlan:
    """The columns that the data strictly before `as_of` can fill.

    `attributes` names the columns of `customers` to pass through (default: country, language and every imported
    attribute that varies, and the current contract where there are no subscription lines). Attributes are taken as
    they are today: name only those that do not change when a customer leaves.
    """
    today = day_of(as_of)
    event_days = days_of(frames.events["occurred_at"])
    seen = frames.events[event_days < today]
    messages = frames.messages[days_of(frames.messages["sent_at"]) < today]
    started = days_of(frames.subscriptions["started_on"])
    return FeaturePlan(
        kinds=_kind_plans(seen),
        attributes=tuple(attributes) if attributes is not None else _varying(frames, today),
        windows=tuple(windows),
        season_days=season_days,
        with_last_year=bool(len(seen)) and float(np.nanmin(event_days)) <= today - _DAYS_OF_A_YEAR - season_days,
        with_tenure=bool((days_of(frames.customers["signed_up_on"]) < today).any()),
        with_subscriptions=bool((started < today).any()),
        with_messages=bool(len(messages)),
        with_sentiment=bool(len(messages)) and has_sentiment(messages),
    )


def has_sentiment(messages: pd.DataFrame) -> bool:
    """Whether sentiment ran over at least one of these messages."""
    return all(name in messages.columns for name in SENTIMENT_COLUMNS) and bool(messages["negative"].notna().any())


def _kind_plans(events: pd.DataFrame) -> tuple[KindPlan, ...]:
    counts = events["kind"].value_counts()
    frequent = counts[counts >= min(_MIN_EVENTS_OF_A_KIND, int(counts.max()) if len(counts) else 0)]
    ranked = sorted(frequent.items(), key=lambda item: (-int(item[1]), str(item[0])))[:_MAX_KINDS]
    return tuple(_kind_plan(str(name), events[events["kind"] == name]) for name, _ in sorted(ranked))


def _kind_plan(name: str, lines: pd.DataFrame) -> KindPlan:
    referenced = lines[lines["reference"].notna()]
    repeated = referenced.duplicated(["customer_id", "reference"])
    acts = lines.drop(index=referenced.index[repeated])["customer_id"].value_counts()
    return KindPlan(
        name=name,
        with_amount=_varies(lines["amount"]),
        with_quantity=_varies(lines["quantity"]),
        with_lines=bool(repeated.any()),
        with_rhythm=float((acts >= _ACTS_OF_A_RHYTHM).mean()) >= _SHARE_WITH_RHYTHM,
    )


def _varying(frames: Frames, today: float) -> tuple[str, ...]:
    # Customers who signed up later must not decide which columns exist.
    known = frames.customers[~(days_of(frames.customers["signed_up_on"]) >= today)]
    contract = () if (days_of(frames.subscriptions["started_on"]) < today).any() else CURRENT_CONTRACT
    candidates = (*PASSED_THROUGH, *contract, *frames.attributes)
    return tuple(name for name in candidates if known[name].nunique(dropna=False) > 1)


def _varies(column: pd.Series) -> bool:
    return bool(column.nunique(dropna=True) > 1)
