"""Judges a forecaster as it will be used: fitted on earlier observation dates, tested on a later one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from analytics.churn_events import fit_time_forward
from analytics.evaluation.intervals import Interval, bootstrap, paired_bootstrap
from analytics.evaluation.metrics import Metrics, churn_metrics, one_column_baseline, prevalence_baseline
from analytics.evaluation.out_of_fold import INTERVAL_METRICS
from analytics.observations import TrainingTable
from db.errors import TrainingError

Floats = npt.NDArray[np.float64]

TENURE_COLUMNS = ("tenure_days", "contract_days")


@dataclass(frozen=True, slots=True)
class TimeForwardResult:
    """Forecasts of one later observation date by a forecaster that knew nothing after it; arrays of shape (test rows,).

    `baselines` and `gains` (ours minus the baseline, paired intervals by metric) hold one entry per baseline:
    prevalence, and where the columns exist recency, tenure, and recency-frequency-money.
    """

    test_date: date
    training_dates: tuple[date, ...]
    training_rows: int
    training_base_rate: float
    customer_ids: npt.NDArray[np.object_]
    y: npt.NDArray[np.int64]
    probabilities: Floats
    metrics: Metrics
    intervals: Mapping[str, Interval]
    baselines: Mapping[str, Metrics]
    gains: Mapping[str, Mapping[str, Interval]]

    @property
    def protocol(self) -> str:
        """How the figures came about, in a sentence."""
        return (
            f"trained on {self.training_rows:,} rows of {len(self.training_dates)} observation dates "
            f"({self.training_dates[0]} to {self.training_dates[-1]}), tested on {len(self.y):,} customers on "
            f"{self.test_date}; every training outcome was known by then"
        )


def time_forward(
    table: TrainingTable,
    *,
    test_date: date | pd.Timestamp | None = None,
    forecaster: Any = None,
    draws: int = 200,
    seed: int = 0,
) -> TimeForwardResult:
    """Fit on the dates whose label windows end by `test_date` (default: the last date of the table), forecast it.

    `forecaster` is what `TimeForwardForecaster` takes. The columns of `table` must come from a plan that was made
    from data before the test date (`training_table(..., plan=...)`); their values always are.

    Raises:
        TrainingError: the table has no such test rows, or no training outcome is known by then.
    """
    chosen = pd.Timestamp(table.observation_dates.max() if test_date is None else test_date)
    train, test, forecasts = forecast_date(table, chosen, forecaster=forecaster, seed=seed)
    baselines = baseline_forecasts(train, test)
    return TimeForwardResult(
        test_date=chosen.date(),
        training_dates=tuple(pd.Timestamp(day).date() for day in np.unique(train.observation_dates)),
        training_rows=len(train),
        training_base_rate=float(train.y.mean()),
        customer_ids=test.customer_ids,
        y=test.y,
        probabilities=forecasts,
        metrics=churn_metrics(test.y, forecasts),
        intervals=_intervals(test.y, forecasts, draws, seed),
        baselines={name: churn_metrics(test.y, baseline) for name, baseline in baselines.items()},
        gains={name: _gains(test.y, forecasts, baseline, draws, seed) for name, baseline in baselines.items()},
    )


def forecast_date(
    table: TrainingTable, test_date: date | pd.Timestamp, *, forecaster: Any = None, seed: int = 0
) -> tuple[TrainingTable, TrainingTable, Floats]:
    """The rows whose outcome was known by `test_date`, the rows of that date, and their forecasts from the former.

    Raises:
        TrainingError: nobody is to be tested on that date, or no training outcome is known by then.
    """
    chosen = pd.Timestamp(test_date)
    test, train = table.on(chosen), table.until(chosen)
    if not len(test) or not len(train):
        raise TrainingError(
            f"No forecast can be tested on {chosen.date()}: {len(test)} customers to test, {len(train)} rows whose "
            "outcome was known by then.",
            hint="Use more observation dates, a shorter churn horizon, or import more history.",
        )
    fitted = fit_time_forward(train, scoring_date=chosen, population=test.X, forecaster=forecaster, random_state=seed)
    return train, test, fitted.predict_proba(test.X)[:, 1]


def baseline_forecasts(train: TrainingTable, test: TrainingTable) -> dict[str, Floats]:
    """Probabilities of the baselines for the test rows, fitted on the training rows.

    Recency and frequency are those of the first activity kind of the churn definition, or else of the kind of event
    that most customers have.
    """
    forecasts = {"prevalence": prevalence_baseline(train.y, len(test))}
    kind = _leading_kind(train)
    singles = {"recency": f"{kind}_days_since_last"}
    tenure = [name for name in TENURE_COLUMNS if name in train.X]
    if tenure:
        singles["tenure"] = tenure[0]
    for name, column in singles.items():
        if column in train.X:
            forecasts[name] = one_column_baseline(train.X[column], train.y, test.X[column])
    window = max(train.plan.windows)
    measures = (f"{kind}_days_since_last", f"{kind}_count_{window}d", f"{kind}_amount_{window}d")
    present = [column for column in measures if column in train.X]
    if len(present) > 1:
        forecasts["recency-frequency-money"] = _logistic(train.X[present], train.y, test.X[present])
    return forecasts


def _leading_kind(table: TrainingTable) -> str | None:
    named = [kind for kind in table.definition.activity_kinds if f"{kind}_days_since_last" in table.X]
    if named:
        return named[0]
    known = {kind.name: int(table.X[f"{kind.name}_days_since_last"].notna().sum()) for kind in table.plan.kinds}
    return max(known, key=lambda name: (known[name], name)) if known else None


def _logistic(train: pd.DataFrame, y: npt.NDArray[np.int64], test: pd.DataFrame) -> Floats:
    model = make_pipeline(
        FunctionTransformer(_signed_log), SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression()
    )
    forecasts: Floats = model.fit(train, y).predict_proba(test)[:, 1]
    return forecasts


def _signed_log(values: pd.DataFrame) -> pd.DataFrame:
    logarithms = pd.DataFrame(np.sign(values) * np.log1p(values.abs()), index=values.index)
    return logarithms


def _intervals(y: npt.NDArray[np.int64], p: Floats, draws: int, seed: int) -> dict[str, Interval]:
    if len(np.unique(y)) < 2:
        return {}
    return {name: bootstrap(y, p, metric, draws=draws, seed=seed) for name, metric in INTERVAL_METRICS.items()}


def _gains(y: npt.NDArray[np.int64], p: Floats, other: Floats, draws: int, seed: int) -> dict[str, Interval]:
    if len(np.unique(y)) < 2:
        return {}
    return {
        name: paired_bootstrap(y, p, other, metric, draws=draws, seed=seed) for name, metric in INTERVAL_METRICS.items()
    }
