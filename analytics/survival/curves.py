"""Survival curves of customers, and what they answer: churn by a horizon, expected remaining time, who ended it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analytics.features.clock import Floats
from analytics.survival.times import FollowedEvent

DAYS_PER_MONTH = 365.25 / 12
_LEAST_SURVIVAL = 1e-12
_NEVER = 1e-9
_MOST = 1.0 - 1e-12
_MOST_AT_FIRST = 0.8


@dataclass(frozen=True)
class SurvivalCurves:
    """The hazards of n customers over k periods, each given that the customer entered the period; shape (n, k).

    Time runs from the observation date plus lead time, where everybody is still there. Within a period the hazard is
    constant, so survival falls log-linearly. `involuntary_share` (n, k) is the part of each hazard that failed
    payments make up, None where the data do not tell.
    """

    hazards: Floats
    period_days: int
    event: FollowedEvent
    involuntary_share: Floats | None = None

    def __post_init__(self) -> None:
        if self.hazards.ndim != 2 or not self.hazards.shape[1]:
            raise ValueError(f"Hazards must have shape (customers, periods), got {self.hazards.shape}.")
        if not ((self.hazards >= 0.0) & (self.hazards <= 1.0)).all():
            raise ValueError("A hazard lies outside 0..1.")

    def __len__(self) -> int:
        return len(self.hazards)

    @property
    def cap_days(self) -> int:
        """How far the curves reach: beyond this nothing was seen, and nothing is said."""
        return int(self.hazards.shape[1]) * self.period_days

    @property
    def at_ends(self) -> Floats:
        """Survival at the start and at the end of every period, shape (n, k + 1)."""
        return np.concatenate([np.ones((len(self), 1)), np.cumprod(1.0 - self.hazards, axis=1)], axis=1)

    def survival(self, days: npt.ArrayLike) -> Floats:
        """Probability that the event has not come by `days` (m,) from the origin: shape (n, m), falling in `days`.

        Raises:
            ValueError: a time before the origin or beyond `cap_days`.
        """
        period, part = self._place(np.asarray(days, dtype=np.float64))
        return self.at_ends[:, period] * (1.0 - self.hazards[:, period]) ** part

    def churn_probability(self, horizon_days: npt.ArrayLike) -> Floats:
        """Probability of churn within each horizon (m,), given being there at the origin: shape (n, m).

        It rises with the horizon where churn is the event. Following acts, churn within a horizon is that none comes
        in it, which falls with the horizon.
        """
        kept = self.survival(np.atleast_1d(np.asarray(horizon_days, dtype=np.float64)))
        return kept if self.event is FollowedEvent.ACT else 1.0 - kept

    def expected_days(self, cap_days: float | None = None) -> Floats:
        """Expected days until the event, those beyond `cap_days` (default: the curves' own) counting as the cap; (n,).

        The restricted mean: the area under the survival curve up to the cap.
        """
        cap = float(self.cap_days if cap_days is None else cap_days)
        period, part = self._place(np.array([cap]))
        starts, hazard = self.at_ends[:, :-1], self.hazards
        spans = np.where(np.arange(hazard.shape[1]) < period[0], 1.0, 0.0)
        spans[period[0]] = part[0]
        rate = -np.log(np.maximum(1.0 - hazard, _LEAST_SURVIVAL))
        # The mean of exp(-rate t) over a span; its limit where nobody leaves.
        area = np.where(rate > 1e-9, -np.expm1(-rate * spans) / np.maximum(rate, 1e-9), spans)
        found: Floats = (starts * area).sum(axis=1) * self.period_days
        return found

    def incidence(self, horizon_days: npt.ArrayLike, *, involuntary: bool) -> Floats:
        """Probability of having left within each horizon (m,) by a failed payment, or by choice: shape (n, m).

        The two add up to the probability of the event (cumulative incidence functions of competing risks).

        Raises:
            ValueError: the data did not tell the two apart.
        """
        if self.involuntary_share is None:
            raise ValueError("Nothing is known about who ended the contract.")
        share = self.involuntary_share if involuntary else 1.0 - self.involuntary_share
        horizon = np.atleast_1d(np.asarray(horizon_days, dtype=np.float64))
        period, _ = self._place(horizon)
        ends = self.at_ends
        lost = np.cumsum((ends[:, :-1] - ends[:, 1:]) * share, axis=1)
        before = np.concatenate([np.zeros((len(self), 1)), lost], axis=1)[:, period]
        return before + (ends[:, period] - self.survival(horizon)) * share[:, period]

    def through(self, churn_probability: npt.ArrayLike, horizon_days: float) -> "SurvivalCurves":
        """The same curves bent to give each customer (n,) this probability of the event within `horizon_days`.

        The first period keeps its hazard, as far as it is not more than `_MOST_AT_FIRST` of all that is to come by the
        horizon: who leaves within a month is best told by a model of that month. The hazard rates of the other periods
        up to the horizon are multiplied by one factor per customer that makes up the rest, later ones by the factor of
        the whole (proportional hazards: Cox 1972). So curves still fall. Those that end before the horizon are
        continued to it. Nobody's curve says less than 1e-9 or more than 1 - 1e-9 at the horizon.

        Raises:
            ValueError: the curves follow acts, whose absence is churn.
        """
        if self.event is FollowedEvent.ACT:
            raise ValueError("Curves of the time to the next act cannot be bent to a probability of leaving.")
        reaching = self.continued(horizon_days)
        wanted = -np.log1p(-np.clip(np.asarray(churn_probability, dtype=np.float64), _NEVER, 1.0 - _NEVER))
        rates = np.maximum(-np.log1p(-np.minimum(reaching.hazards, _MOST)), _LEAST_SURVIVAL)
        part = np.clip(horizon_days / self.period_days - np.arange(rates.shape[1]), 0.0, 1.0)
        bent = rates * (wanted / (rates @ part))[:, None]
        if horizon_days > self.period_days:
            first = np.minimum(rates[:, 0], _MOST_AT_FIRST * wanted)
            rest = (wanted - first) / (rates[:, 1:] @ part[1:])
            inside = part > 0
            bent[:, inside] = rates[:, inside] * rest[:, None]
            bent[:, 0] = first
        return replace(reaching, hazards=-np.expm1(-bent))

    def continued(self, days: float) -> "SurvivalCurves":
        """The curves to at least `days`: after `cap_days` the mean hazard of the last quarter goes on (assumed)."""
        missing = int(np.ceil(max(days - self.cap_days, 0.0) / self.period_days))
        if not missing:
            return self
        tail = max(1, -(-self.hazards.shape[1] // 4))
        rate = -np.log(np.maximum(1.0 - self.hazards[:, -tail:], _LEAST_SURVIVAL)).mean(axis=1)
        onward = np.repeat(-np.expm1(-rate)[:, None], missing, axis=1)
        share = self.involuntary_share
        if share is not None:
            share = np.concatenate([share, np.repeat(share[:, -1:], missing, axis=1)], axis=1)
        return replace(self, hazards=np.concatenate([self.hazards, onward], axis=1), involuntary_share=share)

    def monthly_hazards(self, months: int) -> Floats:
        """Hazards of months of 30.44 days, shape (n, months), for `analytics.value.residual_value`.

        Beyond `cap_days` they are `continued`.
        """
        ends = np.arange(months + 1) * DAYS_PER_MONTH
        survival = np.maximum(self.continued(ends[-1]).survival(ends), _LEAST_SURVIVAL)
        return np.asarray(1.0 - survival[:, 1:] / survival[:, :-1], dtype=np.float64)

    def rows(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "SurvivalCurves":
        """The curves of the chosen customers."""
        share = None if self.involuntary_share is None else self.involuntary_share[chosen]
        return SurvivalCurves(self.hazards[chosen], self.period_days, self.event, share)

    def _place(self, days: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """The period that holds each time, and how much of it has passed."""
        if (days < 0).any() or (days > self.cap_days + 1e-9).any():
            raise ValueError(f"A time lies outside 0..{self.cap_days} days, which is as far as the curves reach.")
        period = np.minimum((days // self.period_days).astype(np.int64), self.hazards.shape[1] - 1)
        return period, days / self.period_days - period
