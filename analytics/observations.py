"""Observation dates, churn labels and the tables that forecasters train on and score.

Time runs: features < observation date <= lead time < label window of `churn_horizon_days` <= cut-off. The label
window is (observation date + lead time, observation date + lead time + horizon].
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.features import FeatureBuilder, FeaturePlan, feature_plan
from analytics.features.clock import Floats, day_of, days_of
from analytics.features.encoding import Flags, customer_codes
from analytics.frames import Frames
from db.errors import TrainingError
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

Population = Literal["active", "seen"]
"""Who is at risk under inactivity: customers active of late, or everyone who was ever active."""

GRACE_DAYS = 7.0
"""A new contract line that starts within so many days of the end of another continues it."""


@dataclass(frozen=True, slots=True)
class ChurnLabels:
    """Who was at risk on an observation date, and who of them churned; arrays of shape (at risk,)."""

    customer_ids: npt.NDArray[np.object_]
    churned: npt.NDArray[np.int64]

    def of(self, customer_ids: pd.Index) -> "ChurnLabels":
        """The labels of these customers only."""
        chosen = np.asarray(pd.Index(self.customer_ids).isin(customer_ids))
        return ChurnLabels(self.customer_ids[chosen], self.churned[chosen])


@dataclass(frozen=True)
class TrainingTable:
    """Features and labels of customers at observation dates; one row per customer and date.

    `X` has a plain range index; `y`, `customer_ids` and `observation_dates` (datetime64[us]) have shape (rows,).
    """

    X: pd.DataFrame
    y: npt.NDArray[np.int64]
    customer_ids: npt.NDArray[np.object_]
    observation_dates: npt.NDArray[np.datetime64]
    plan: FeaturePlan
    definition: ChurnDefinition

    def __len__(self) -> int:
        return len(self.y)

    @property
    def groups(self) -> npt.NDArray[np.object_]:
        """Customer ids: rows of one customer belong in one fold."""
        return self.customer_ids

    def rows(self, chosen: npt.NDArray[np.bool_]) -> "TrainingTable":
        """The chosen rows, with a fresh range index."""
        return replace(
            self,
            X=self.X[chosen].reset_index(drop=True),
            y=self.y[chosen],
            customer_ids=self.customer_ids[chosen],
            observation_dates=self.observation_dates[chosen],
        )

    def until(self, last: date | pd.Timestamp | np.datetime64) -> "TrainingTable":
        """The rows whose whole label window ends by `last`."""
        window = self.definition.lead_time_days + self.definition.churn_horizon_days
        return self.rows(self.observation_dates + np.timedelta64(window, "D") <= _midnight(last))

    def on(self, observation_date: date | pd.Timestamp | np.datetime64) -> "TrainingTable":
        """The rows of one observation date."""
        return self.rows(self.observation_dates == _midnight(observation_date))

    def base_rates(self) -> pd.Series:
        """Share of churners by observation date."""
        return pd.Series(self.y, dtype="float64").groupby(pd.Series(self.observation_dates)).mean()


def observation_dates(
    first: date, cut_off: date, definition: ChurnDefinition, *, every_days: int = 30, at_most: int = 12
) -> list[date]:
    """Dates `every_days` apart whose label windows end by `cut_off`, oldest first, none before `first`.

    They are counted back from the latest possible date, so that the newest complete window is always used.

    Raises:
        TrainingError: no window fits between `first` and `cut_off`.
    """
    latest = cut_off - timedelta(days=definition.lead_time_days + definition.churn_horizon_days)
    if latest < first:
        raise TrainingError(
            f"The data reach from {first} to {cut_off}: too short for a churn horizon of "
            f"{definition.churn_horizon_days} days after a lead time of {definition.lead_time_days} days.",
            hint="Import more history, or shorten `churn_horizon_days` in the mapping.",
        )
    count = min((latest - first).days // every_days + 1, at_most)
    return [latest - timedelta(days=every_days * step) for step in reversed(range(count))]


def churn_labels(
    frames: Frames,
    definition: ChurnDefinition,
    observation_date: date | pd.Timestamp,
    *,
    lead_time_days: int | None = None,
    churn_horizon_days: int | None = None,
    population: Population = "active",
) -> ChurnLabels:
    """Who was at risk on the date and churned in the label window; the definition's own spans unless given.

    `cancel_date`: at risk are customers under contract through the lead time; churn is an end in the window. The end
    is that of the unbroken run of contract lines (gaps of up to 7 days), or `churned_on` without lines.
    `inactivity`: at risk are customers with an act of `activity_kinds` (all kinds where empty) in the
    `inactivity_days` before the date, or ever with `population="seen"`; churn is no such act in the window.

    Raises:
        TrainingError: the definition is `label`, which has no dates.
    """
    lead = definition.lead_time_days if lead_time_days is None else lead_time_days
    horizon = definition.churn_horizon_days if churn_horizon_days is None else churn_horizon_days
    window = (day_of(observation_date) + lead, day_of(observation_date) + lead + horizon)
    if definition.kind is ChurnDefinitionKind.CANCEL_DATE:
        started, ended = contract_run(frames, day_of(observation_date))
        at_risk = (started < day_of(observation_date)) & ~(ended <= window[0])
        churned = ended <= window[1]
    elif definition.kind is ChurnDefinitionKind.INACTIVITY:
        at_risk = active_customers(frames, definition, day_of(observation_date), population)
        churned = ~_active_between(frames, definition, *window)
    else:
        raise TrainingError("A label without dates cannot be observed at a date.", hint="Train on the static table.")
    ids = frames.customers["customer_id"].to_numpy(dtype=object)
    return ChurnLabels(ids[at_risk], churned[at_risk].astype(np.int64))


def at_risk(
    frames: Frames,
    definition: ChurnDefinition,
    observation_date: date | pd.Timestamp,
    *,
    population: Population = "active",
) -> npt.NDArray[np.object_]:
    """Ids of the customers who can still churn on the date (under contract, or active of late)."""
    day = day_of(observation_date)
    if definition.kind is ChurnDefinitionKind.INACTIVITY:
        chosen = active_customers(frames, definition, day, population)
    else:
        started, ended = contract_run(frames, day)
        chosen = ~(started >= day) & ~(ended < day)
    ids: npt.NDArray[np.object_] = frames.customers["customer_id"].to_numpy(dtype=object)[chosen]
    return ids


def training_table(
    frames: Frames,
    definition: ChurnDefinition,
    dates: Sequence[date],
    *,
    cut_off: date | pd.Timestamp | None = None,
    plan: FeaturePlan | None = None,
    attributes: Sequence[str] | None = None,
    population: Population = "active",
) -> TrainingTable:
    """Features and labels at `dates`; windows that end after `cut_off` are left out (the purge gap of a backtest).

    `plan` defaults to what the data before the last date can fill.

    Raises:
        TrainingError: no window ends by `cut_off`.
    """
    window = timedelta(days=definition.lead_time_days + definition.churn_horizon_days)
    usable = [day for day in sorted(dates) if cut_off is None or pd.Timestamp(day) + window <= pd.Timestamp(cut_off)]
    if not usable:
        raise TrainingError(f"No label window of the {len(dates)} observation dates ends by {cut_off}.")
    season = definition.churn_horizon_days
    plan = plan or feature_plan(frames, usable[-1], attributes=attributes, season_days=season)
    builder = FeatureBuilder(frames)
    parts, labels = [], []
    for day in usable:
        features = builder.features(day, plan)
        label = churn_labels(frames, definition, day, population=population).of(features.index)
        parts.append(features.loc[list(label.customer_ids)])
        labels.append(label)
    return TrainingTable(
        X=pd.concat(parts, ignore_index=True),
        y=np.concatenate([label.churned for label in labels]),
        customer_ids=np.concatenate([label.customer_ids for label in labels]),
        observation_dates=np.repeat(
            np.array([_midnight(day) for day in usable]), [len(label.churned) for label in labels]
        ),
        plan=plan,
        definition=definition,
    )


def scoring_table(
    frames: Frames,
    definition: ChurnDefinition,
    observation_date: date | pd.Timestamp,
    plan: FeaturePlan,
    *,
    population: Population = "active",
) -> pd.DataFrame:
    """Features of the customers at risk on the date, indexed by customer_id, with the columns of the training table."""
    ids = at_risk(frames, definition, observation_date, population=population)
    chosen = frames.of_customers(ids)
    return FeatureBuilder(chosen).features(observation_date, plan)


def active_customers(frames: Frames, definition: ChurnDefinition, day: float, population: Population) -> Flags:
    """Who acted in the days of inactivity strictly before `day`, or ever for `seen`; shape (customers,)."""
    days_back = np.inf if population == "seen" else float(definition.inactivity_days or definition.churn_horizon_days)
    # The window before the date is half open the other way round: strictly before the date.
    return _active_between(frames, definition, day - days_back, np.nextafter(day, -np.inf))


def _active_between(frames: Frames, definition: ChurnDefinition, after: float, until: float) -> Flags:
    events = frames.events
    when = days_of(events["occurred_at"])
    counted = (when > after) & (when <= until)
    if definition.activity_kinds:
        counted &= events["kind"].isin(definition.activity_kinds).to_numpy()
    codes = customer_codes(frames, events["customer_id"][counted])
    active = np.zeros(len(frames.customers), dtype=bool)
    active[codes[codes >= 0]] = True
    return active


def contract_run(frames: Frames, day: float) -> tuple[Floats, Floats]:
    """Start and end (NaN: open) of the run of contract lines that holds `day`, per customer; shape (customers,).

    Where no run holds the day, the end is the day before the date so that nobody is at risk.
    """
    customers = len(frames.customers)
    started, ended = days_of(frames.customers["signed_up_on"]), days_of(frames.customers["churned_on"])
    codes = customer_codes(frames, frames.subscriptions["customer_id"])
    has_lines = np.zeros(customers, dtype=bool)
    has_lines[codes[codes >= 0]] = True
    started[has_lines], ended[has_lines] = np.inf, -np.inf
    runs = _runs(frames, codes)
    holding = runs[(runs["started"] < day) & (runs["ended"] >= day)]
    started[holding["customer"]] = holding["started"]
    ended[holding["customer"]] = np.where(np.isinf(holding["ended"]), np.nan, holding["ended"])
    # A customer without any date is taken to have been there all along.
    return np.where(np.isnan(started), -np.inf, started), ended


def _runs(frames: Frames, codes: npt.NDArray[np.int64]) -> pd.DataFrame:
    ended = days_of(frames.subscriptions["ended_on"])
    lines = pd.DataFrame(
        {
            "customer": codes,
            "started": days_of(frames.subscriptions["started_on"]),
            "ended": np.where(np.isnan(ended), np.inf, ended),
        }
    )
    lines = lines[lines["customer"] >= 0].sort_values(["customer", "started"], kind="stable")
    reach = lines.groupby("customer")["ended"].cummax()
    before = reach.groupby(lines["customer"]).shift(fill_value=-np.inf)
    lines["run"] = (lines["started"] > before + GRACE_DAYS).cumsum()
    runs: pd.DataFrame = lines.groupby("run", sort=False).agg(
        customer=("customer", "first"), started=("started", "min"), ended=("ended", "max")
    )
    return runs


def _midnight(day: date | pd.Timestamp | np.datetime64) -> np.datetime64:
    return pd.Timestamp(day).as_unit("us").to_datetime64()
