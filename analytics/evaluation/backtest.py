"""Backtests: the forecasters as they would have been used on several past dates, with intervals over customers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score
from threadpoolctl import threadpool_limits

from analytics.evaluation import resampled
from analytics.evaluation.intervals import Interval, customer_draws, percentile_interval
from analytics.evaluation.metrics import (
    Campaign,
    Floats,
    brier,
    calibration_line,
    ece,
    lift_at,
    log_loss,
    profit_curve,
)
from analytics.evaluation.resampled import Counts
from analytics.evaluation.survival_backtest import SurvivalFigures, follow, months_followed, survival_figures
from analytics.evaluation.time_forward import baseline_forecasts, forecast_date
from analytics.observations import TrainingTable
from analytics.processes import side_by_side
from analytics.survival import SurvivalTable
from db.errors import TrainingError
from db.vocabulary import Json, Progress

FIGURES: Mapping[str, Callable[[Floats, Floats], float]] = {
    "auc": lambda y, p: float(roc_auc_score(y, p)),
    "average_precision": lambda y, p: float(average_precision_score(y, p)),
    "brier": brier,
    "log_loss": log_loss,
    "calibration_slope": lambda y, p: calibration_line(y, p)[0],
    "ece": ece,
    "lift_at_5": lambda y, p: lift_at(y, p, 0.05),
    "lift_at_10": lambda y, p: lift_at(y, p, 0.10),
    "lift_at_20": lambda y, p: lift_at(y, p, 0.20),
}
COMPARED = ("auc", "average_precision", "brier", "lift_at_10")
"""Figures that baselines are compared in: the slope of a constant, for one, says nothing."""

PROFIT_SHARES = np.linspace(0.0, 1.0, 21)
OURS = "ours"


@dataclass(frozen=True)
class TestedDate:
    """Forecasts of one test date by ours and the baselines; arrays of shape (customers,)."""

    test_date: date
    training_rows: int
    training_dates: int
    customer_ids: npt.NDArray[np.object_]
    y: npt.NDArray[np.int64]
    forecasts: Mapping[str, Floats]

    def figures(self, names: Sequence[str], model: str = OURS) -> Floats:
        """Figures (names,) of the forecasts of a model; NaN for one class."""
        y, p = self.y.astype(np.float64), self.forecasts[model]
        both = 0 < y.sum() < len(y)
        return np.array([FIGURES[name](y, p) if both else np.nan for name in names])

    def resampled(self, names: Sequence[str], model: str, counts: Counts) -> Floats:
        """The same figures of bootstrap samples (draws, names); counts: of each customer in each sample."""
        return resampled.figures(tuple(names), self.y.astype(np.float64), self.forecasts[model], counts)


@dataclass(frozen=True)
class Backtest:
    """What the forecasters did on past dates: means over the dates, with 95 % intervals over customers.

    `figures` are ours; `baselines` and `gains` (ours less the baseline, paired) are by name of the baseline and
    figure; `profit` is the mean profit per customer of contacting a share of them, at `PROFIT_SHARES`.
    """

    dates: tuple[TestedDate, ...]
    figures: Mapping[str, Interval]
    baselines: Mapping[str, Mapping[str, Interval]]
    gains: Mapping[str, Mapping[str, Interval]]
    campaign: Campaign
    profit: tuple[Interval, ...]
    survival: SurvivalFigures | None = None
    no_survival: str = ""
    """Why there are no forecasts in time."""

    @property
    def protocol(self) -> str:
        """How the figures came about, in a sentence."""
        first, last = self.dates[0].test_date, self.dates[-1].test_date
        return (
            f"time-forward on {len(self.dates)} dates from {first} to {last}: each time trained on outcomes known by "
            "then; figures are means over the dates, 95 % intervals from resampling customers"
        )

    @property
    def best_share(self) -> float:
        """The share of customers whose contact made most profit."""
        return float(PROFIT_SHARES[int(np.argmax([point.estimate for point in self.profit]))])

    def as_json(self) -> Json:
        """The backtest as a JSON object."""
        return {
            "protocol": self.protocol,
            "dates": [_date_json(tested) for tested in self.dates],
            "figures": _intervals_json(self.figures),
            "baselines": {name: _intervals_json(found) for name, found in self.baselines.items()},
            "gains": {name: _intervals_json(found) for name, found in self.gains.items()},
            "profit": {
                "customer_value": self.campaign.customer_value,
                "offer_cost": self.campaign.offer_cost,
                "contact_cost": self.campaign.contact_cost,
                "acceptance": self.campaign.acceptance,
                "best_share": self.best_share,
                "curve": [
                    {"share": float(share), **point.as_json()}
                    for share, point in zip(PROFIT_SHARES, self.profit, strict=True)
                ],
            },
            "survival": None if self.survival is None else self.survival.as_json(),
            "no_survival": self.no_survival or None,
        }


def backtest(
    table: TrainingTable,
    test_dates: Sequence[date],
    *,
    survival: SurvivalTable | None = None,
    forecaster: Any = None,
    campaign: Campaign | None = None,
    draws: int = 200,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Backtest:
    """Fit before, and test on, each of `test_dates`, oldest first; `survival` adds the forecasts in time.

    The columns of the tables must come from a plan that was made from data before the first test date. A customer
    who is at risk on several dates is resampled as one, so that the intervals do not take the dates for independent.
    `jobs` processes fit side by side; the figures do not depend on their number.

    Raises:
        TrainingError: nobody is to be tested on a date, or no training outcome is known by then.
    """
    forecasts = [(table, day, forecaster, seed) for day in test_dates]
    times = []
    if survival is not None:
        months = months_followed(survival, test_dates)
        times = [(survival, day, months, forecaster, seed) for day in test_dates]
    parts = [(tested_date, *part) for part in forecasts] + [(follow, *part) for part in times]
    names = [f"forecast as of {day}" for day in test_dates] + [f"survival as of {day}" for day in test_dates]

    def told(done: int) -> None:
        progress(Progress(names[done] if done < len(parts) else "intervals", done, len(parts) + 1))

    told(0)
    try:
        found = side_by_side(_apply, parts, jobs=jobs, done=told)
    except BrokenProcessPool as error:
        raise TrainingError(
            "A process ended before its date was tested.", hint="It may have run out of memory: try fewer --dates."
        ) from error
    tested, followed = found[: len(test_dates)], found[len(test_dates) :]
    judged = _judged(tuple(tested), campaign or Campaign(), draws, seed)
    if survival is None:
        return replace(judged, no_survival="not asked for")
    why_not = next((one for one in followed if isinstance(one, str)), "")
    if why_not:
        return replace(judged, no_survival=why_not)
    return replace(judged, survival=survival_figures(survival, test_dates, followed, draws, seed))


def tested_date(table: TrainingTable, day: date, forecaster: Any, seed: int) -> TestedDate:
    """Forecasts of a date by a forecaster and by baselines that knew nothing after it."""
    train, test, ours = forecast_date(table, day, forecaster=forecaster, seed=seed)
    dates = len(np.unique(train.observation_dates))
    return TestedDate(
        day, len(train), dates, test.customer_ids, test.y, {OURS: ours, **baseline_forecasts(train, test)}
    )


def _apply(work: Callable[..., Any], *part: Any) -> Any:
    """On one thread: how BLAS adds up depends on the number of its threads, and processes would fight for the cores."""
    with threadpool_limits(1):
        return work(*part)


def _judged(tested: tuple[TestedDate, ...], campaign: Campaign, draws: int, seed: int) -> Backtest:
    taken = customer_draws([one.customer_ids for one in tested], draws, seed)
    pairs = list(zip(tested, taken, strict=True))
    names = [name for name in tested[0].forecasts if all(name in one.forecasts for one in tested)]
    found = {}
    for model in names:
        wanted = tuple(FIGURES) if model == OURS else COMPARED
        estimate = _mean([one.figures(wanted, model) for one in tested])
        found[model] = estimate, _mean([one.resampled(wanted, model, counts) for one, counts in pairs])
    profit = _mean([_profits(one, campaign) for one in tested])
    profits = _mean(
        [
            resampled.profits(one.y.astype(np.float64), one.forecasts[OURS], counts, campaign, PROFIT_SHARES)
            for one, counts in pairs
        ]
    )
    ours, our_draws = found.pop(OURS)
    places = [list(FIGURES).index(name) for name in COMPARED]
    return Backtest(
        dates=tested,
        figures=_intervals(FIGURES, ours, our_draws),
        baselines={model: _intervals(COMPARED, *pair) for model, pair in found.items()},
        gains={
            model: _intervals(COMPARED, ours[places] - theirs, our_draws[:, places] - their_draws)
            for model, (theirs, their_draws) in found.items()
        },
        campaign=campaign,
        profit=tuple(_intervals([str(share) for share in PROFIT_SHARES], profit, profits).values()),
    )


def _mean(by_date: Sequence[Floats]) -> Floats:
    """The mean over dates of arrays of one shape; NaN on a date leaves that date out."""
    values = np.array(by_date)
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    found: Floats = np.divide(total, known.sum(axis=0), out=np.full(total.shape, np.nan), where=known.any(axis=0))
    return found


def _intervals(names: Iterable[str], estimate: Floats, drawn: Floats) -> dict[str, Interval]:
    return {name: percentile_interval(estimate[k], drawn[:, k], centred=name == "ece") for k, name in enumerate(names)}


def _profits(tested: TestedDate, campaign: Campaign) -> Floats:
    """Mean profit per customer at each of `PROFIT_SHARES`."""
    curve = profit_curve(tested.y, tested.forecasts[OURS], campaign)["profit"].to_numpy()
    found: Floats = curve[np.round(PROFIT_SHARES * (len(curve) - 1)).astype(np.int64)]
    return found


def _date_json(tested: TestedDate) -> Json:
    figures = dict(zip(FIGURES, tested.figures(tuple(FIGURES)).tolist(), strict=True))
    return {
        "test_date": tested.test_date.isoformat(),
        "n": len(tested.y),
        "churners": int(tested.y.sum()),
        "training_rows": tested.training_rows,
        "training_dates": tested.training_dates,
        **{name: value if np.isfinite(value) else None for name, value in figures.items()},
    }


def _intervals_json(found: Mapping[str, Interval]) -> Json:
    return {name: interval.as_json() for name, interval in found.items()}
