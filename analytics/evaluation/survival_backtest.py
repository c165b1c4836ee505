"""Backtests of forecasts in time: concordance, integrated Brier score and churn by each horizon, on past dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from analytics.churn import InsufficientDataError
from analytics.churn_events import EventForecaster
from analytics.evaluation import resampled
from analytics.evaluation.intervals import Interval, customer_draws, percentile_interval
from analytics.evaluation.metrics import Floats
from analytics.evaluation.survival import concordance, integrated_brier
from analytics.survival import SurvivalCurves, SurvivalTable, fit_survival
from analytics.survival.forecaster import COMMON_PER_RARE, MOST_PERIODS, sampled
from analytics.survival.table import PERIOD_DAYS, PersonPeriods
from db.vocabulary import Json

HORIZONS = (30, 60, 90)
STEP_DAYS = 2
HORIZON_FIGURES = ("auc", "brier", "calibration_slope", "ece")


@dataclass(frozen=True)
class FollowedDate:
    """The curves forecast on one test date, those of the average customer, and what happened until the cut-off."""

    table: SurvivalTable
    curves: SurvivalCurves
    base: SurvivalCurves


@dataclass(frozen=True)
class SurvivalFigures:
    """Figures of forecasts in time: means over the test dates with 95 % intervals from resampling customers.

    `concordance` is Uno's C of the expected remaining time; `integrated_brier` is averaged over the first `until_days`,
    beside that of one curve for everybody (`reference_brier`). `horizons` holds churn within 30, 60 and 90 days.
    """

    event: str
    until_days: int
    cap_days: int
    concordance: Interval
    integrated_brier: Interval
    reference_brier: Interval
    gain: Interval
    horizons: Mapping[int, Mapping[str, Interval]]
    tells_cause: bool

    def as_json(self) -> Json:
        """The figures as a JSON object."""
        return {
            "event": self.event,
            "until_days": self.until_days,
            "cap_days": self.cap_days,
            "concordance": {"kind": "Uno, IPCW", **self.concordance.as_json()},
            "integrated_brier": self.integrated_brier.as_json(),
            "integrated_brier_of_one_curve_for_all": self.reference_brier.as_json(),
            "integrated_brier_gain": self.gain.as_json(),
            "horizons": {
                str(days): {name: interval.as_json() for name, interval in figures.items()}
                for days, figures in self.horizons.items()
            },
            "voluntary_and_involuntary_told_apart": self.tells_cause,
        }


def follow(table: SurvivalTable, day: date, months: int, forecaster: Any, seed: int) -> FollowedDate | str:
    """Fit as of a date and forecast it; why not, where too few customers left, or stayed, before it."""
    train, test = table.known_at(day), table.on(day)
    try:
        fitted = fit_survival(
            train, scoring_date=day, population=test.X, forecaster=forecaster, most_periods=months, random_state=seed
        )
    except InsufficientDataError as error:
        return str(error)
    return FollowedDate(test, fitted.curves(test.X), fitted.base_curves(len(test)))


def months_followed(table: SurvivalTable, test_dates: Sequence[date]) -> int:
    """The months that the newest of the dates could be followed: what cannot be judged there is not fitted either."""
    return max(1, min(int(_reach(table, test_dates) // PERIOD_DAYS), MOST_PERIODS))


def survival_figures(
    table: SurvivalTable, test_dates: Sequence[date], followed: Sequence[FollowedDate], draws: int, seed: int
) -> SurvivalFigures:
    """Figures of the dates, judged over the time that the newest could be followed, so that they can be averaged."""
    return _survival_figures(followed, _reach(table, test_dates), draws, seed)


def _reach(table: SurvivalTable, test_dates: Sequence[date]) -> float:
    return min(float(table.on(day).known_days.min()) for day in test_dates)


def judge_through(
    known: SurvivalTable,
    test: SurvivalTable,
    churn_probability: Floats,
    *,
    forecaster: Any = None,
    first: Any = None,
    draws: int = 100,
    seed: int = 0,
) -> Json:
    """Figures of curves that are bent to the forecasts (n,) of another model at the churn horizon, on one later date.

    `known` is what was known on the date of `test` (n rows). Beside the AUC of each horizon stands that of a model of
    its own, fitted on the same rows; at the churn horizon this is the model bent to. `forecaster` is for the hazards,
    `first` for that of the first period.

    Raises:
        InsufficientDataError: too few customers left, or stayed, before the date.
    """
    day, horizon = pd.Timestamp(test.observation_dates[0]), known.definition.churn_horizon_days
    reach = float(test.known_days.min())
    months = max(1, min(int(reach // PERIOD_DAYS), MOST_PERIODS))
    fitted = fit_survival(
        known,
        scoring_date=day,
        population=test.X,
        forecaster=forecaster,
        first=first,
        most_periods=months,
        random_state=seed,
    )
    curves = fitted.curves(test.X).through(churn_probability, horizon)
    one = FollowedDate(test, curves, fitted.base_curves(len(test)).continued(curves.cap_days))
    figures = _survival_figures([one], reach, draws, seed)
    separate, leavers = {}, {}
    for days in figures.horizons:
        y, told = test.churned_within(days)
        p = churn_probability if days == horizon else _separate(known, test, days, seed)
        separate[str(days)] = float(roc_auc_score(y[told], p[told])) if 0 < y[told].sum() < told.sum() else None
        expected = curves.churn_probability(days)[told, 0].sum()
        leavers[str(days)] = {"expected": float(expected), "left": int(y[told].sum())}
    return {
        "held_out_date": day.date().isoformat(),
        **figures.as_json(),
        "separate_auc": separate,
        "leavers": leavers,
    }


def _separate(known: SurvivalTable, test: SurvivalTable, days: int, seed: int) -> Floats:
    """Forecasts by a model of this horizon alone, fitted on rows sampled like those of the hazards."""
    y, told = known.churned_within(days)
    rows = PersonPeriods(np.flatnonzero(told), np.zeros(told.sum(), dtype=np.int64), y[told].astype(np.int64))
    kept, _ = sampled(rows, np.random.default_rng(seed), COMMON_PER_RARE)
    model = EventForecaster(random_state=seed).fit(known.X.iloc[kept.row], kept.happened)
    found: Floats = model.predict_proba(test.X)[:, 1]
    return found


def _survival_figures(followed: Sequence[FollowedDate], reach: float, draws: int, seed: int) -> SurvivalFigures:
    """The figures over the time that all dates could be followed."""
    until = int(min(reach, *(one.curves.cap_days for one in followed)))
    taken = customer_draws([one.table.times.customer_ids for one in followed], draws, seed)
    ranked = [_concordance(one, until, counts) for one, counts in zip(followed, taken, strict=True)]
    ours = [_brier(one, one.curves, until, counts) for one, counts in zip(followed, taken, strict=True)]
    base = [_brier(one, one.base, until, counts) for one, counts in zip(followed, taken, strict=True)]
    return SurvivalFigures(
        event=followed[-1].curves.event.value,
        until_days=until,
        cap_days=min(one.curves.cap_days for one in followed),
        concordance=_mean_interval(ranked),
        integrated_brier=_mean_interval(ours),
        reference_brier=_mean_interval(base),
        gain=_mean_interval([theirs - our for theirs, our in zip(base, ours, strict=True)]),
        horizons={days: _horizon(followed, days, taken) for days in HORIZONS if days <= until},
        tells_cause=all(one.curves.involuntary_share is not None for one in followed),
    )


def _with_all(counts: npt.NDArray[np.int64]) -> Floats:
    """Everybody once, then the bootstrap samples: (rows, 1 + draws)."""
    return np.column_stack([np.ones(len(counts)), counts])


def _concordance(one: FollowedDate, until: int, counts: npt.NDArray[np.int64]) -> Floats:
    """C of everybody, then of each bootstrap sample: (1 + draws,)."""
    times = one.table.times
    sooner = -one.curves.expected_days()
    return concordance(times.days, times.happened, sooner, until=until, multiplicity=_with_all(counts))


def _brier(one: FollowedDate, curves: SurvivalCurves, until: int, counts: npt.NDArray[np.int64]) -> Floats:
    """Integrated Brier score of everybody, then of each bootstrap sample: (1 + draws,)."""
    grid = np.unique(np.append(np.arange(STEP_DAYS, until, STEP_DAYS), until)).astype(np.float64)
    times = one.table.times
    added = integrated_brier(times.days, times.happened, curves.survival(grid), grid)
    taken = _with_all(counts)
    found: Floats = (added @ taken) / taken.sum(axis=0)
    return found


def _mean_interval(by_date: Sequence[Floats], *, centred: bool = False) -> Interval:
    mean = np.mean(by_date, axis=0)
    return percentile_interval(float(mean[0]), mean[1:], centred=centred)


def _horizon(
    followed: Sequence[FollowedDate], days: int, taken: Sequence[npt.NDArray[np.int64]]
) -> dict[str, Interval]:
    """The figures of churn within a horizon."""
    parts = []
    for one, counts in zip(followed, taken, strict=True):
        y, known = one.table.churned_within(days)
        p = one.curves.churn_probability(days)[:, 0]
        rows = _with_all(counts[known]).astype(np.int64)
        parts.append(resampled.figures(HORIZON_FIGURES, y[known], p[known], rows))
    return {
        name: _mean_interval([part[:, k] for part in parts], centred=name == "ece")
        for k, name in enumerate(HORIZON_FIGURES)
    }
