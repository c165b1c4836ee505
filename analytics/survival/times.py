"""How long after an observation date something happened to each customer, or how long it is known not to have."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.features.clock import Floats, day_of, days_of
from analytics.features.encoding import Flags, customer_codes
from analytics.frames import Frames
from analytics.observations import Population, active_customers, contract_run
from db.errors import TrainingError
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, ChurnKind

_SAME_END_DAYS = 7.0
"""A departure recorded within so many days of the end of a contract is the same departure."""


class FollowedEvent(StrEnum):
    """What time runs until.

    `end`: the contract ends. `act`: the customer acts again; churn over a horizon is that this does not happen.
    `lapse`: the customer has been silent for `inactivity_days`; dated by the day on which silence became that long.
    """

    END = "end"
    ACT = "act"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class RemainingTimes:
    """Time to an event for the customers at risk on a date; arrays of shape (at risk,).

    `days` run from the observation date plus lead time to the event where it `happened`, else to the cut-off.
    `involuntary` is 1 for a failed payment, 0 for a customer's own choice, NaN where that is unknown.
    """

    customer_ids: npt.NDArray[np.object_]
    days: Floats
    happened: Flags
    involuntary: Floats

    def __len__(self) -> int:
        return len(self.days)

    def of(self, customer_ids: pd.Index) -> "RemainingTimes":
        """The times of these customers only."""
        return self.rows(np.asarray(pd.Index(self.customer_ids).isin(customer_ids)))

    def rows(self, chosen: Flags) -> "RemainingTimes":
        """The chosen rows."""
        return RemainingTimes(
            self.customer_ids[chosen], self.days[chosen], self.happened[chosen], self.involuntary[chosen]
        )


def followed_event(definition: ChurnDefinition) -> FollowedEvent:
    """The event whose time agrees with `churn_labels`: the end of a contract, or the next act.

    Raises:
        TrainingError: the definition is `label`, which has no dates.
    """
    if definition.kind is ChurnDefinitionKind.LABEL:
        raise TrainingError("A label without dates has no time to forecast.", hint="Import cancel dates or events.")
    return FollowedEvent.END if definition.kind is ChurnDefinitionKind.CANCEL_DATE else FollowedEvent.ACT


def remaining_times(
    frames: Frames,
    definition: ChurnDefinition,
    observation_date: date | pd.Timestamp,
    cut_off: date | pd.Timestamp,
    *,
    event: FollowedEvent | None = None,
    population: Population = "active",
) -> RemainingTimes:
    """Times to `event` (default: that of the definition) of the customers at risk, as known at `cut_off`.

    At risk are the customers of `churn_labels`, less for `lapse` those who are not active. An event after the cut-off
    has not happened yet: nothing later than the cut-off is read.

    Raises:
        TrainingError: the definition has no dates, or the event does not belong to its kind.
    """
    event = followed_event(definition) if event is None else event
    if (event is FollowedEvent.END) != (followed_event(definition) is FollowedEvent.END):
        raise TrainingError(f"Churn by {definition.kind.value} cannot be followed until {event.value}.")
    day, last = day_of(observation_date), day_of(cut_off)
    origin = day + definition.lead_time_days
    if event is FollowedEvent.END:
        started, ended = contract_run(frames, day)
        at_risk = (started < day) & ~(ended <= origin)
        when = np.where(np.isnan(ended), np.inf, ended)
    else:
        at_risk = active_customers(frames, definition, day, "active" if event is FollowedEvent.LAPSE else population)
        when = _next_act(frames, definition, origin, last)
        if event is FollowedEvent.LAPSE:
            when = _lapse(frames, definition, day, last)
            at_risk &= when > origin
    happened = when <= last
    days = np.where(happened, when, last) - origin
    ids = frames.customers["customer_id"].to_numpy(dtype=object)
    involuntary = np.where(happened, _involuntary(frames, when), np.nan)
    return RemainingTimes(ids[at_risk], days[at_risk], happened[at_risk], involuntary[at_risk])


def _next_act(frames: Frames, definition: ChurnDefinition, after: float, until: float) -> Floats:
    """Day of the first act later than `after`, infinite where there is none by `until`; shape (customers,)."""
    customer, day = _acts(frames, definition, until)
    first = np.full(len(frames.customers), np.inf)
    later = day > after
    np.minimum.at(first, customer[later], day[later])
    return first


def _lapse(frames: Frames, definition: ChurnDefinition, after: float, until: float) -> Floats:
    """Day later than `after` on which silence first reached the days of inactivity, infinite where not by `until`."""
    silence = float(definition.inactivity_days or definition.churn_horizon_days)
    customer, day = _acts(frames, definition, until)
    order = np.lexsort((day, customer))
    customer, day = customer[order], day[order]
    following = np.full(len(day), np.inf)
    same = customer[1:] == customer[:-1]
    following[:-1][same] = day[1:][same]
    lapsed = day + silence
    counted = (following > lapsed) & (lapsed > after) & (lapsed <= until)
    first = np.full(len(frames.customers), np.inf)
    np.minimum.at(first, customer[counted], lapsed[counted])
    return first


def _acts(frames: Frames, definition: ChurnDefinition, until: float) -> tuple[npt.NDArray[np.int64], Floats]:
    events = frames.events
    when = days_of(events["occurred_at"])
    counted = when <= until
    if definition.activity_kinds:
        counted &= events["kind"].isin(definition.activity_kinds).to_numpy()
    codes = customer_codes(frames, events["customer_id"][counted])
    known = codes >= 0
    return codes[known], when[counted][known]


def _involuntary(frames: Frames, ended: Floats) -> Floats:
    """1 for a payment that failed for good, 0 for a customer's own choice, NaN unknown; shape (customers,).

    The store keeps the kind of a customer's last departure: earlier ones are unknown.
    """
    kinds = frames.customers["churn_kind"].to_numpy(dtype=object)
    recorded = days_of(frames.customers["churned_on"])
    found = np.full(len(kinds), np.nan)
    found[kinds == ChurnKind.VOLUNTARY.value] = 0.0
    found[kinds == ChurnKind.INVOLUNTARY.value] = 1.0
    finite = np.where(np.isfinite(ended), ended, np.nan)
    another = np.abs(finite - recorded) > _SAME_END_DAYS
    return np.where(another, np.nan, found)
