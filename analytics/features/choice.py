"""Chooses the feature columns that a history can fill and that tell customers apart."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.features.clock import day_of, days_of
from analytics.features.plan import CURRENT_CONTRACT, PASSED_THROUGH, WINDOWS, FeaturePlan, KindPlan
from analytics.features.table import CHUNK_CUSTOMERS, FeatureBuilder
from analytics.frames import SENTIMENT_COLUMNS, Frames

_MIN_EVENTS_OF_A_KIND = 20
_MAX_KINDS = 12
_DAYS_OF_A_YEAR = 365
_ACTS_OF_A_RHYTHM = 3
_SHARE_WITH_RHYTHM = 0.2
_PRUNING_ROWS = 5_000
_MOST_ALIKE = 0.995
_REPEATS = 0.9999


def customer_features(
    frames: Frames,
    observation_date: date | pd.Timestamp,
    *,
    plan: FeaturePlan | None = None,
    attributes: Sequence[str] | None = None,
    chunk_customers: int = CHUNK_CUSTOMERS,
) -> pd.DataFrame:
    """Features of every customer known before `observation_date`, indexed by customer_id.

    Without `plan` the columns are those that the data before the date can fill, unpruned (see `feature_plan`); pass
    the plan of the training table when scoring.
    """
    plan = plan or feature_plan(frames, observation_date, attributes=attributes, prune=False)
    return FeatureBuilder(frames, chunk_customers=chunk_customers).features(observation_date, plan)


def feature_plan(
    frames: Frames,
    as_of: date | pd.Timestamp,
    *,
    attributes: Sequence[str] | None = None,
    season_days: int = 90,
    windows: Sequence[int] = WINDOWS,
    prune: bool = True,
) -> FeaturePlan:
    """The columns that the data strictly before `as_of` can fill.

    `prune` leaves out columns that hold one value there, or that order customers as an earlier column does: they add
    time to every fit and nothing to a forecast.

    `attributes` names the columns of `customers` to pass through (default: country, language and every imported
    attribute that varies, and the current contract where there are no subscription lines). Attributes are taken as
    they are today: name only those that do not change when a customer leaves.
    """
    today = day_of(as_of)
    event_days = days_of(frames.events["occurred_at"])
    seen = frames.events[event_days < today]
    messages = frames.messages[days_of(frames.messages["sent_at"]) < today]
    started = days_of(frames.subscriptions["started_on"])
    plan = FeaturePlan(
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
    if not prune:
        return plan
    return replace(plan, columns=telling_columns(FeatureBuilder(frames).features(as_of, plan)))


def telling_columns(table: pd.DataFrame) -> tuple[str, ...]:
    """The columns that vary and do not repeat an earlier one (rank correlation of 0.9999 or more, same gaps).

    Near repeats stay: a forecaster that shrinks its effects forecasts later dates better from both than from one.
    """
    sample = table.iloc[:: max(1, -(-len(table) // _PRUNING_ROWS))]
    usual = {name: column.value_counts(dropna=False, normalize=True).max() for name, column in sample.items()}
    varying = [str(name) for name, share in usual.items() if share < _MOST_ALIKE]
    if not varying:
        return tuple(str(name) for name in table.columns)
    numbers = sample[varying].select_dtypes("number")
    ranks = numbers.rank(pct=True).fillna(-0.5).to_numpy(dtype=np.float64)
    spread = ranks.std(axis=0)
    correlation = np.corrcoef(ranks, rowvar=False).reshape(len(spread), len(spread))
    kept: list[int] = []
    for number in range(len(spread)):
        if not (np.abs(correlation[number, kept]) >= _REPEATS).any():
            kept.append(number)
    repeated = set(numbers.columns) - set(numbers.columns[kept])
    return tuple(name for name in varying if name not in repeated)


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
        with_negative=bool((lines[["amount", "quantity"]] < 0).any(axis=None)),
    )


def _varying(frames: Frames, today: float) -> tuple[str, ...]:
    # Customers who signed up later must not decide which columns exist.
    known = frames.customers[~(days_of(frames.customers["signed_up_on"]) >= today)]
    contract = () if (days_of(frames.subscriptions["started_on"]) < today).any() else CURRENT_CONTRACT
    candidates = (*PASSED_THROUGH, *contract, *frames.attributes)
    return tuple(name for name in candidates if known[name].nunique(dropna=False) > 1)


def _varies(column: pd.Series) -> bool:
    return bool(column.nunique(dropna=True) > 1)
