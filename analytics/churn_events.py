"""Forecasts from dated events: a churn forecaster whose base rate is that of past dates in season, not of drift."""

import math
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from analytics.churn import ChurnForecaster
from analytics.churn.additive import AdditiveLogit, SplineBasis
from analytics.churn.encoding import EncodedTable
from analytics.churn.forecaster import LEAST_FOR_TREES
from analytics.churn.selection import Blend, Choice, TrainingData
from analytics.churn.trees import BoostedTrees, Capacity
from analytics.features.clock import day_of
from analytics.observations import TrainingTable

Floats = npt.NDArray[np.float64]

DAYS_PER_YEAR = 365.25

LEAST_POPULATION = 100
"""Fewer customers at risk on the scoring date say too little about how far the columns drifted."""

_WIDEST_EFFECT = 3.0
_SPLINES = 4
_PENALTY = 50.0
_CAPACITY = Capacity(leaves=4, learning_rate=0.05, least_leaf=50, shrinkage=5.0, features=0.4, iterations=150)


class LoggedLogit(AdditiveLogit):
    """An `AdditiveLogit` over the signed logarithms of the numbers: counts and amounts have long tails."""

    def effects(self, table: EncodedTable) -> list[Floats]:
        """One array of log-odds (n,) per number column, then per category column, of a table in plain units."""
        return super().effects(logged(table))


def logged(table: EncodedTable) -> EncodedTable:
    """The table with sign(x) log(1 + |x|) in place of every number x."""
    return EncodedTable(np.sign(table.numbers) * np.log1p(np.abs(table.numbers)), table.codes)


class EventForecaster(ChurnForecaster):
    """A `ChurnForecaster` of fixed, modest capacity whose two members count half each, the smooth one in logarithms.

    Folds inside the observation dates cannot show which member survives a shift of the base rate or of the length of
    the history: they favour whichever fits those dates best. On earlier backtests the even blend ranked better on
    later dates than either member. Without a search one fit takes seconds where the search takes minutes.
    """

    with_trees = True

    def _fit_members(self, data: TrainingData) -> None:
        fewer = int(min((data.y == 1).sum(), (data.y == 0).sum()))
        if fewer < LEAST_FOR_TREES:
            super()._fit_members(data)
            return
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        sizes = [len(self.encoder_.columns[i].categories) for i in self.encoder_.category_columns]
        blend = Blend(tree_weight=0.5) if self.with_trees else Blend()
        self.choice_ = Choice(_SPLINES, _PENALTY, _CAPACITY if self.with_trees else None, blend, {})
        numbers = logged(data.table)
        basis = SplineBasis(_SPLINES).fit(numbers, data.weight, sizes)
        self.smooth_ = LoggedLogit(basis, _PENALTY).fit(basis.matrix(numbers), data.y, data.weight)
        self.trees_ = None
        if self.with_trees:
            self.trees_ = BoostedTrees(_CAPACITY, sizes, seed).fit(data.table, data.y, data.weight)


class SmoothEventForecaster(EventForecaster):
    """An `EventForecaster` of its smooth member alone: a third of the cost, for where another model sets the level."""

    with_trees = False


class TimeForwardForecaster(ClassifierMixin, BaseEstimator):
    """A forecaster fitted at several observation dates, recalibrated for the date on which it is used.

    Pooled over dates, a forecaster is right on average over time and wrong at each date by a date effect: the shift in
    log-odds that makes its mean forecast equal the churn rate then. The effect on the scoring date is not known, but
    where effects follow the year its correlation with that of a date `lag` days away is cos(2 pi lag / 365.25). The
    forecast is moved by the effects of the training dates in season, weighted by that correlation where it is
    positive, and shrunk towards none by how uncertain each is. Dates out of season (a quarter of a year away or more)
    move nothing: chasing the newest complete window of a 90-day horizon would extrapolate the wrong season.

    Columns drift as a whole between dates: the history grows, usage follows the calendar, a price rise reaches
    everybody. Effects learned between customers say little about such common moves, so the mean forecast of the
    `population` at risk on the scoring date is held at the churn rate of the training dates (before the season), by
    one shift in log-odds. The price: where the customers really become riskier as a whole, the mean forecast follows
    only when their outcomes are known.

    `forecaster` is any classifier with `fit(X, y)` and `predict_proba`; default `EventForecaster`. `fit` needs the
    observation date of every row. Log-odds stay a sum: those of `forecaster_` plus one number per scoring date.
    """

    def __init__(self, forecaster: Any = None, *, follow_season: bool = True, random_state: int | None = 0) -> None:
        self.forecaster = forecaster
        self.follow_season = follow_season
        self.random_state = random_state

    def fit(
        self,
        X: pd.DataFrame,
        y: npt.ArrayLike,
        *,
        observation_dates: npt.ArrayLike,
        scoring_date: date | pd.Timestamp | None = None,
        population: pd.DataFrame | None = None,
        groups: npt.ArrayLike | None = None,
        sample_weight: npt.ArrayLike | None = None,
    ) -> Self:
        """Fit on a table (n, p) with churn (n,) of 0 and 1 and observation dates (n,).

        `scoring_date` is the date of later forecasts unless they name their own (default: the last observation date).
        `population` (m, p) holds the columns of everybody at risk then, or of a fair sample; without it, or with fewer
        than `LEAST_POPULATION` rows, drift stays in the forecasts.
        `groups` and `sample_weight` reach the forecaster where given.
        """
        target = np.asarray(y, dtype=np.int64)
        days = np.asarray(observation_dates, dtype="datetime64[D]").astype(np.int64)
        optional = {"groups": groups, "sample_weight": sample_weight}
        wanted = EventForecaster(random_state=self.random_state) if self.forecaster is None else clone(self.forecaster)
        given = {name: value for name, value in optional.items() if value is not None}
        self.forecaster_ = wanted.fit(X, target, **given)
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = X.shape[1]
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.scoring_day_ = float(days.max()) if scoring_date is None else day_of(scoring_date)
        pooled = self._raw_log_odds(X)
        self.effect_days_, effects = date_effects(target, pooled, days)
        self.date_effects_ = shrunk_effects(effects, information(pooled, days))
        self.drift_ = 0.0
        if population is not None and len(population) >= LEAST_POPULATION:
            self.drift_ = -shift_to_mean(float(expit(pooled).mean()), self._raw_log_odds(population))
        return self

    def offset(self, observation_date: date | pd.Timestamp | None = None) -> float:
        """The shift in log-odds for forecasts made on a date: the effects in its season, less the drift."""
        check_is_fitted(self)
        return self.season(observation_date) - self.drift_

    def season(self, observation_date: date | pd.Timestamp | None = None) -> float:
        """The effect in log-odds of the training dates in the season of a date."""
        check_is_fitted(self)
        if not self.follow_season:
            return 0.0
        day = self.scoring_day_ if observation_date is None else day_of(observation_date)
        return seasonal_effect(day, self.effect_days_, self.date_effects_)

    def log_odds(self, X: pd.DataFrame, *, observation_date: date | pd.Timestamp | None = None) -> Floats:
        """Log-odds of churn (n,): those of the pooled forecaster plus `offset(observation_date)`."""
        check_is_fitted(self)
        return self._raw_log_odds(X) + self.offset(observation_date)

    def predict_proba(self, X: pd.DataFrame, *, observation_date: date | pd.Timestamp | None = None) -> Floats:
        """Probabilities (n, 2) of staying and of churning."""
        churned: Floats = expit(self.log_odds(X, observation_date=observation_date))
        return np.column_stack([1.0 - churned, churned])

    def predict(self, X: pd.DataFrame) -> npt.NDArray[np.int64]:
        """The more likely class (n,)."""
        return (self.log_odds(X) > 0).astype(np.int64)

    def _raw_log_odds(self, X: pd.DataFrame) -> Floats:
        if hasattr(self.forecaster_, "log_odds"):
            return np.asarray(self.forecaster_.log_odds(X), dtype=np.float64)
        return np.asarray(logit(np.clip(self.forecaster_.predict_proba(X)[:, 1], 1e-6, 1 - 1e-6)), dtype=np.float64)


def fit_time_forward(
    table: TrainingTable,
    *,
    scoring_date: date | pd.Timestamp | None = None,
    population: pd.DataFrame | None = None,
    forecaster: Any = None,
    random_state: int | None = 0,
) -> TimeForwardForecaster:
    """Fit on a training table; rows of one customer stay together in the forecaster's own folds.

    `population`: the columns of the customers at risk on the scoring date, against which drift is taken out.
    """
    grouped = forecaster is None or isinstance(forecaster, ChurnForecaster)
    return TimeForwardForecaster(forecaster, random_state=random_state).fit(
        table.X,
        table.y,
        observation_dates=table.observation_dates,
        scoring_date=scoring_date,
        population=population,
        groups=table.groups if grouped else None,
    )


def date_effects(
    y: npt.NDArray[np.int64], log_odds: Floats, days: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The distinct days, and the shift in log-odds that makes the mean forecast of each equal its churn rate."""
    distinct = np.unique(days)
    return distinct, np.array([_date_shift(y[days == day], log_odds[days == day]) for day in distinct])


def information(log_odds: Floats, days: npt.NDArray[np.int64]) -> Floats:
    """Fisher information about each day's effect: the sum of p (1 - p) over its rows; shape (distinct days,)."""
    p = expit(log_odds)
    variance = p * (1.0 - p)
    return np.array([variance[days == day].sum() for day in np.unique(days)], dtype=np.float64)


def shrunk_effects(effects: Floats, informed: Floats) -> Floats:
    """Empirical Bayes: effects times t2 / (t2 + 1 / information), t being their `date_spread`.

    A single date cannot show variation between dates: its effect becomes 0.
    """
    between = date_spread(effects, informed) ** 2
    return effects * between / (between + 1.0 / np.maximum(informed, 1e-9))


def date_spread(effects: Floats, informed: Floats) -> float:
    """How much effects vary between dates beyond their sampling error 1 / information: a standard deviation.

    The method of moments; 0 for a single date.
    """
    error = 1.0 / np.maximum(informed, 1e-9)
    between = float(np.mean(effects**2) - np.mean(error)) if len(effects) > 1 else 0.0
    return math.sqrt(max(between, 0.0))


def seasonal_effect(day: float, effect_days: npt.NDArray[np.int64], effects: Floats) -> float:
    """Effect expected on `day`: the effects of dates in season, weighted by and shrunk with the correlation.

    The weights are w = max(0, cos(2 pi lag / 365.25)); the weighted mean is multiplied by the largest w, so that
    distant evidence moves the forecast less. 0 where no date is in season.
    """
    correlation = np.maximum(np.cos(2 * np.pi * (day - effect_days) / DAYS_PER_YEAR), 0.0)
    if not correlation.sum():
        return 0.0
    return float(correlation.max() * np.average(effects, weights=correlation**2))


def _date_shift(y: npt.NDArray[np.int64], log_odds: Floats) -> float:
    # Half a case each way keeps the shift finite on dates without churners or without survivors.
    return shift_to_mean(float(np.clip(y.mean(), 0.5 / len(y), 1 - 0.5 / len(y))), log_odds)


def shift_to_mean(rate: float, log_odds: Floats, weight: Floats | None = None) -> float:
    """What to add to the log-odds (n,) so that the mean forecast, weighted where weights are given, is `rate`."""

    def excess(shift: float) -> float:
        return float(np.average(expit(log_odds + shift), weights=weight)) - rate

    if excess(-_WIDEST_EFFECT) > 0 or excess(_WIDEST_EFFECT) < 0:
        return float(np.copysign(_WIDEST_EFFECT, -excess(0.0)))
    return float(brentq(excess, -_WIDEST_EFFECT, _WIDEST_EFFECT))
