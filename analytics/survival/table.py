"""Customers observed at past dates with the time until they left, and their person-periods.

A person-period is one period of `period_days` after an observation date that a customer entered still there: the row
on which a discrete-time hazard is learned (Singer and Willett 1993; Tutz and Schmid 2016).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.features import FeatureBuilder, FeaturePlan, feature_plan
from analytics.features.clock import Floats, day_of
from analytics.features.encoding import Flags
from analytics.frames import Frames
from analytics.observations import Population
from analytics.survival.times import FollowedEvent, RemainingTimes, followed_event, remaining_times
from db.errors import TrainingError
from db.vocabulary import ChurnDefinition

PERIOD_DAYS = 30


@dataclass(frozen=True)
class SurvivalTable:
    """Features of customers at observation dates and the time until the event; one row per customer and date.

    `X` has a plain range index; `times` are as in `RemainingTimes` and `known_days` is how far after its origin each
    row could be followed, both with the observation dates (datetime64[us]) of shape (rows,).
    """

    X: pd.DataFrame
    times: RemainingTimes
    known_days: Floats
    observation_dates: npt.NDArray[np.datetime64]
    plan: FeaturePlan
    definition: ChurnDefinition
    event: FollowedEvent

    def __len__(self) -> int:
        return len(self.X)

    def rows(self, chosen: Flags) -> "SurvivalTable":
        """The chosen rows, with a fresh range index."""
        return replace(
            self,
            X=self.X[chosen].reset_index(drop=True),
            times=self.times.rows(chosen),
            known_days=self.known_days[chosen],
            observation_dates=self.observation_dates[chosen],
        )

    def on(self, observation_date: date | pd.Timestamp) -> "SurvivalTable":
        """The rows of one observation date."""
        return self.rows(self.observation_dates == _midnight(observation_date))

    def known_at(self, cut_off: date | pd.Timestamp) -> "SurvivalTable":
        """The table as it could have been made at an earlier `cut_off`: later dates and later events are unknown."""
        dates = self.observation_dates.astype("datetime64[us]").astype(np.int64) / 86_400_000_000
        known = np.minimum(day_of(cut_off) - dates - self.definition.lead_time_days, self.known_days)
        happened = self.times.happened & (self.times.days <= known)
        earlier = replace(
            self,
            times=replace(
                self.times,
                days=np.minimum(self.times.days, known),
                happened=happened,
                involuntary=np.where(happened, self.times.involuntary, np.nan),
            ),
            known_days=known,
        )
        return earlier.rows(known > 0)

    def confirmed(self, churned: Flags, horizon_days: float) -> "SurvivalTable":
        """The table without the events inside the horizon of those (rows,) who had not `churned` at its end.

        A silence that was broken again is no departure; the customer counts as followed to the end.
        """
        broken = self.times.happened & (self.times.days <= horizon_days) & ~churned
        times = replace(
            self.times,
            days=np.where(broken, self.known_days, self.times.days),
            happened=self.times.happened & ~broken,
            involuntary=np.where(broken, np.nan, self.times.involuntary),
        )
        return replace(self, times=times)

    def churned_within(self, horizon_days: float) -> tuple[Floats, Flags]:
        """Whether each row churned within the horizon, and whether that is known; shape (rows,).

        Following acts, churn is that none came.
        """
        came = self.times.happened & (self.times.days <= horizon_days)
        churned = ~came if self.event is FollowedEvent.ACT else came
        known = (self.known_days >= horizon_days) & (self.times.days > 0)
        return churned.astype(np.float64), known

    def periods(self, period_days: int, most: int) -> "PersonPeriods":
        """The first `most` periods of every row.

        A period counts where it could be followed to its end, whether or not the event came in it: counting
        unfinished periods only where the event came would overstate the hazard.
        """
        rows, numbers, happened = [], [], []
        for number in range(most):
            entered = (self.times.days > number * period_days) & (self.known_days >= (number + 1) * period_days)
            place = np.flatnonzero(entered)
            rows.append(place)
            numbers.append(np.full(len(place), number))
            happened.append(self.times.happened[place] & (self.times.days[place] <= (number + 1) * period_days))
        return PersonPeriods(np.concatenate(rows), np.concatenate(numbers), np.concatenate(happened).astype(np.int64))


@dataclass(frozen=True, slots=True)
class PersonPeriods:
    """Person-periods: the row of the table, the number of the period from 0, whether the event came; (periods,)."""

    row: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    happened: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.row)

    def where(self, chosen: Flags) -> "PersonPeriods":
        """The chosen person-periods."""
        return PersonPeriods(self.row[chosen], self.number[chosen], self.happened[chosen])


def survival_table(
    frames: Frames,
    definition: ChurnDefinition,
    dates: Sequence[date],
    *,
    cut_off: date | pd.Timestamp,
    event: FollowedEvent | None = None,
    plan: FeaturePlan | None = None,
    attributes: Sequence[str] | None = None,
    population: Population = "active",
) -> SurvivalTable:
    """Features and remaining times at `dates` (those before `cut_off`), as known at `cut_off`.

    `plan` defaults to what the data before the last date can fill.

    Raises:
        TrainingError: the definition has no dates, or no date lies before the cut-off.
    """
    event = followed_event(definition) if event is None else event
    lead = timedelta(days=definition.lead_time_days)
    usable = [day for day in sorted(dates) if pd.Timestamp(day) + lead < pd.Timestamp(cut_off)]
    if not usable:
        raise TrainingError(f"None of the {len(dates)} observation dates lies before {cut_off}.")
    season = definition.churn_horizon_days
    plan = plan or feature_plan(frames, usable[-1], attributes=attributes, season_days=season)
    builder = FeatureBuilder(frames)
    parts, found = [], []
    for day in usable:
        features = builder.features(day, plan)
        times = remaining_times(frames, definition, day, cut_off, event=event, population=population)
        times = times.of(features.index)
        parts.append(features.loc[list(times.customer_ids)])
        found.append(times)
    known = [day_of(cut_off) - day_of(day) - definition.lead_time_days for day in usable]
    sizes = [len(times) for times in found]
    return SurvivalTable(
        X=pd.concat(parts, ignore_index=True),
        times=RemainingTimes(
            np.concatenate([times.customer_ids for times in found]),
            np.concatenate([times.days for times in found]),
            np.concatenate([times.happened for times in found]),
            np.concatenate([times.involuntary for times in found]),
        ),
        known_days=np.repeat(np.array(known, dtype=np.float64), sizes),
        observation_dates=np.repeat(np.array([_midnight(day) for day in usable]), sizes),
        plan=plan,
        definition=definition,
        event=event,
    )


def _midnight(day: date | pd.Timestamp | np.datetime64) -> np.datetime64:
    return pd.Timestamp(day).as_unit("us").to_datetime64()
