"""Learns the hazard of every period after an observation date, recalibrated for the date on which it is used."""

import logging
from collections.abc import Iterator
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from analytics.churn import InsufficientDataError
from analytics.churn_events import (
    LEAST_POPULATION,
    EventForecaster,
    date_effects,
    date_spread,
    information,
    seasonal_effect,
    shift_to_mean,
    shrunk_effects,
)
from analytics.features.clock import Floats, day_of
from analytics.survival.curves import SurvivalCurves
from analytics.survival.table import PERIOD_DAYS, PersonPeriods, SurvivalTable
from analytics.survival.times import FollowedEvent

MOST_PERIODS = 12
MOST_PERSON_PERIODS = 30_000
"""Person-periods that one model is fitted on; more of them add time rather than skill."""

COMMON_PER_RARE, COMMON_PER_RARE_SHARED = 10, 3
"""Person-periods of the commoner outcome that are kept for each of the rarer one: further ones hardly inform.

The model that later periods share has outcomes of many periods and needs fewer.
"""

MOST_RECALIBRATING, MOST_POPULATION = 20_000, 5_000
"""Rows that date effects are taken from, and customers at risk whose mean forecast is held."""

LEAST_EVENTS = 30
"""A period in which fewer customers left, or fewer stayed, says nothing about its hazard: the curves end before it."""

LEAST_FOR_OWN = 100
"""With so many of both a period has a model of its own; later periods share one."""

OWN_PERIODS = 3

_log = logging.getLogger(__name__)


class SurvivalForecaster(BaseEstimator):
    """Discrete-time hazards of leaving, each given that a customer came so far; `curves` turns them into survival.

    S(t) = product of (1 - hazard) falls whatever the hazards are, so that forecasts of any two horizons agree. The
    first `own_periods` have a model each, for what tells customers apart in a month differs from what tells them apart
    in a quarter; the rest share one, in which that does not change (proportional odds). Every horizon is recalibrated
    for the scoring date as in `TimeForwardForecaster`: the mean forecast of the population then is the churn rate of
    past dates, moved by the effects of those in season.
    One shift in log-odds of each hazard does it, so that curves still fall.

    Who ended a contract comes from a model of the departures alone: hazard times P(involuntary | leaving), so that the
    two incidences add up to the curve (vertical modelling: Nicolaie, van Houwelingen and Putter 2010).

    `forecaster` is any classifier with `fit(X, y)` and `predict_proba`; default `EventForecaster`. `first` is that of
    the first period where it is to be another one.
    """

    def __init__(
        self,
        forecaster: Any = None,
        *,
        first: Any = None,
        period_days: int = PERIOD_DAYS,
        most_periods: int = MOST_PERIODS,
        own_periods: int = OWN_PERIODS,
        follow_season: bool = True,
        random_state: int = 0,
    ) -> None:
        self.forecaster = forecaster
        self.first = first
        self.period_days = period_days
        self.most_periods = most_periods
        self.own_periods = own_periods
        self.follow_season = follow_season
        self.random_state = random_state

    def fit(
        self,
        table: SurvivalTable,
        *,
        scoring_date: date | pd.Timestamp | None = None,
        population: pd.DataFrame | None = None,
    ) -> Self:
        """Fit on customers followed from past dates.

        `scoring_date` is the date of later forecasts unless they name their own (default: the last observation date).
        `population` (m, p) holds the columns of everybody at risk then; without it drift stays in the forecasts.

        Raises:
            InsufficientDataError: not even in the first period did enough customers leave and stay.
        """
        periods = table.periods(self.period_days, self.most_periods)
        count = _usable_periods(periods)
        periods = periods.where(periods.number < count)
        self.event_ = table.event.value
        self.periods_ = count
        self.cap_days_ = count * self.period_days
        last = table.observation_dates.max() if scoring_date is None else scoring_date
        self.scoring_day_ = day_of(last)
        self._fit_models(table.X, periods)
        self.base_hazards_ = np.array([periods.happened[periods.number == k].mean() for k in range(count)])
        self._fit_dates(table, population)
        self.cause_ = self._fit_cause(table, periods)
        return self

    def curves(self, X: pd.DataFrame, *, observation_date: date | pd.Timestamp | None = None) -> SurvivalCurves:
        """The curves of customers with the columns of the training table, there on `observation_date`."""
        hazards = expit(self._raw_log_odds(X) + self.shifts(observation_date))
        return SurvivalCurves(hazards, self.period_days, FollowedEvent(self.event_), self._involuntary(X))

    def base_curves(self, customers: int) -> SurvivalCurves:
        """The same curve for everybody: what is known without looking at any customer."""
        check_is_fitted(self, "models_")
        return SurvivalCurves(np.tile(self.base_hazards_, (customers, 1)), self.period_days, FollowedEvent(self.event_))

    def season(self, period: int, observation_date: date | pd.Timestamp | None = None) -> float:
        """The effect in log-odds of past dates in season on the horizon that ends with a period."""
        check_is_fitted(self, "models_")
        if not self.follow_season:
            return 0.0
        day = self.scoring_day_ if observation_date is None else day_of(observation_date)
        return seasonal_effect(day, self.effect_days_[period], self.date_effects_[period])

    def _fit_models(self, X: pd.DataFrame, periods: PersonPeriods) -> None:
        """`models_`, the first period of each in `first_`; the last one serves all later periods.

        Rarer outcomes are kept whole and commoner ones sampled, which moves the log-odds by a known number, held in
        `sampling_` (prior correction: King and Zeng 2001).
        """
        self.first_: list[int] = []
        self.models_: list[Any] = []
        self.sampling_: list[float] = []
        for number in range(self.periods_):
            own = periods.where(periods.number == number)
            fewer = min(int(own.happened.sum()), int((1 - own.happened).sum()))
            alone = number < self.own_periods and fewer >= LEAST_FOR_OWN
            rows = own if alone else periods.where(periods.number >= number)
            share = COMMON_PER_RARE_SHARED if number and not alone else COMMON_PER_RARE
            kept, moved = sampled(rows, np.random.default_rng(self.random_state), share)
            self.first_.append(number)
            self.sampling_.append(moved)
            wanted = self.first if number == 0 and alone and self.first is not None else self.forecaster
            self.models_.append(self._fitted(X.iloc[kept.row].reset_index(drop=True), kept.happened, wanted))
            if not alone:
                break

    def _fitted(self, X: pd.DataFrame, y: npt.NDArray[np.int64], wanted: Any) -> Any:
        model = EventForecaster(random_state=self.random_state) if wanted is None else clone(wanted)
        return model.fit(X, y)

    def _fit_dates(self, table: SurvivalTable, population: pd.DataFrame | None) -> None:
        """What past dates say of each horizon: the churn rate, and the date effects around it in log-odds."""
        rows = np.arange(len(table))[:: max(1, len(table) // MOST_RECALIBRATING)]
        part = table.rows(np.isin(np.arange(len(table)), rows))
        forecasts = _incidence(expit(self._raw_log_odds(part.X)))
        days = part.observation_dates.astype("datetime64[D]").astype(np.int64)
        self.rates_, self.date_spread_ = np.zeros(self.periods_), np.zeros(self.periods_)
        self.effect_days_: list[npt.NDArray[np.int64]] = []
        self.date_effects_: list[Floats] = []
        for number in range(self.periods_):
            horizon = (number + 1) * self.period_days
            known = part.known_days >= horizon
            happened = (part.times.happened & (part.times.days <= horizon))[known].astype(np.int64)
            self.rates_[number] = happened.mean()
            pooled = _log_odds(forecasts[known, number])
            pooled = pooled + shift_to_mean(self.rates_[number], pooled)
            distinct, effects = date_effects(happened, pooled, days[known])
            informed = information(pooled, days[known])
            self.effect_days_.append(distinct)
            self.date_effects_.append(shrunk_effects(effects, informed))
            self.date_spread_[number] = date_spread(effects, informed)
        held = population is not None and len(population) >= LEAST_POPULATION
        there = population if population is not None and held else part.X
        self.population_ = self._raw_log_odds(there.iloc[:: max(1, len(there) // MOST_POPULATION)])

    def shifts(self, observation_date: date | pd.Timestamp | None = None) -> Floats:
        """What is added to the log-odds of every hazard for forecasts made on a date; shape (periods,).

        For each horizon the mean forecast of the population is held at the churn rate of past dates, moved by the
        effects of those in season; the shift of a period is what takes the mean from one horizon to the next.
        """
        check_is_fitted(self, "models_")
        raw = _incidence(expit(self.population_))
        there, shifts = np.ones(len(raw)), np.zeros(self.periods_)
        for number in range(self.periods_):
            pooled = _log_odds(raw[:, number])
            moved = shift_to_mean(self.rates_[number], pooled) + self.season(number, observation_date)
            wanted = 1.0 - float(expit(pooled + moved).mean())
            hazard = float(np.clip(1.0 - wanted / float(there.mean()), 1e-6, 1 - 1e-6))
            shifts[number] = shift_to_mean(hazard, self.population_[:, number], there)
            there = there * (1.0 - expit(self.population_[:, number] + shifts[number]))
        return shifts

    def _fit_cause(self, table: SurvivalTable, periods: PersonPeriods) -> Any:
        """A model of who ended it, fitted on departures; None where the data do not tell."""
        if table.event is not FollowedEvent.END:
            return None
        left = periods.where(periods.happened == 1)
        involuntary = table.times.involuntary[left.row]
        told = ~np.isnan(involuntary)
        y = involuntary[told].astype(np.int64)
        fewer = min(int(y.sum()), int((1 - y).sum()))
        if fewer < LEAST_EVENTS:
            _log.info("departures by choice and by failed payment are not told apart: %d of the rarer kind", fewer)
            return None
        # The number of the period is left out: departures are few, and how far ahead they lie says little of the kind.
        return self._fitted(table.X.iloc[left.row[told]].reset_index(drop=True), y, self.forecaster)

    def _involuntary(self, X: pd.DataFrame) -> Floats | None:
        if self.cause_ is None:
            return None
        share = self.cause_.predict_proba(X)[:, 1] if len(X) else np.empty(0)
        return np.repeat(np.asarray(share, dtype=np.float64)[:, None], self.periods_, axis=1)

    def _raw_log_odds(self, X: pd.DataFrame) -> Floats:
        """Log-odds of the hazards before recalibration, shape (n, periods)."""
        found = np.empty((len(X), self.periods_))
        for place, first in enumerate(self.first_) if len(X) else ():
            model = self.models_[place]
            ours = model.log_odds(X) if hasattr(model, "log_odds") else _log_odds(model.predict_proba(X)[:, 1])
            found[:, first:] = (ours - self.sampling_[place])[:, None]
        return found


def fit_survival(
    table: SurvivalTable,
    *,
    scoring_date: date | pd.Timestamp | None = None,
    population: pd.DataFrame | None = None,
    forecaster: Any = None,
    first: Any = None,
    most_periods: int = MOST_PERIODS,
    random_state: int = 0,
) -> SurvivalForecaster:
    """Fit a `SurvivalForecaster` that reaches `most_periods` months of 30 days ahead where the data do."""
    fitted = SurvivalForecaster(forecaster, first=first, most_periods=most_periods, random_state=random_state)
    return fitted.fit(table, scoring_date=scoring_date, population=population)


def sampled(periods: PersonPeriods, rng: np.random.Generator, common_per_rare: int) -> tuple[PersonPeriods, float]:
    """At most `MOST_PERSON_PERIODS` with all of the rarer outcome where it fits, and what that adds to the log-odds."""
    rare_value = int(periods.happened.mean() <= 0.5)
    rare, common = np.flatnonzero(periods.happened == rare_value), np.flatnonzero(periods.happened != rare_value)
    sizes = [min(len(rare), MOST_PERSON_PERIODS // 2)]
    sizes.append(min(len(common), common_per_rare * max(sizes[0], LEAST_EVENTS), MOST_PERSON_PERIODS - sizes[0]))
    kept = [np.sort(rng.choice(rows, size, replace=False)) for rows, size in zip((rare, common), sizes, strict=True)]
    ratio = np.log(sizes[0] / len(rare)) - np.log(sizes[1] / len(common))
    chosen = np.zeros(len(periods), dtype=bool)
    chosen[np.concatenate(kept)] = True
    return periods.where(chosen), float(ratio if rare_value else -ratio)


def _usable_periods(periods: PersonPeriods) -> int:
    """How many periods from the first one on have enough of both outcomes."""
    count = 0
    for left, stayed in _outcomes(periods):
        if min(left, stayed) < LEAST_EVENTS:
            break
        count += 1
    if not count:
        left, stayed = next(_outcomes(periods), (0, 0))
        raise InsufficientDataError(
            f"in the first period {left:,} customers had the event and {stayed:,} had not; "
            f"at least {LEAST_EVENTS} of each are needed"
        )
    return count


def _incidence(hazards: Floats) -> Floats:
    """Probability that the event has come by the end of each period, from hazards; shape (n, periods)."""
    return np.asarray(1.0 - np.cumprod(1.0 - hazards, axis=1), dtype=np.float64)


def _log_odds(p: Floats) -> Floats:
    found: Floats = logit(np.clip(p, 1e-6, 1 - 1e-6))
    return found


def _outcomes(periods: PersonPeriods) -> Iterator[tuple[int, int]]:
    for number in range(int(periods.number.max()) + 1 if len(periods) else 0):
        happened = periods.happened[periods.number == number]
        yield int(happened.sum()), int((1 - happened).sum())
