"""A fitted forecaster together with what was measured on rows it did not see."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.checks import Finding
from analytics.churn import ChurnForecaster
from analytics.evaluation.intervals import Interval
from analytics.evaluation.metrics import Metrics, churn_metrics
from analytics.explanations import global_drivers
from analytics.jobs.lifetimes import NO_DATES, Lifetimes
from db.vocabulary import ChurnDefinition, Json

CHURN_MODEL = "churn"
ROWS_FOR_DRIVERS = 5_000


def baseline_figures(y: np.ndarray, forecast: np.ndarray) -> Json:
    """The figures of a forecast that anybody could make, to hold ours against."""
    metrics = churn_metrics(y, forecast, ece_draws=20)
    names = ("auc", "average_precision", "log_loss", "brier", "ece", "lift_at_10")
    return {name: getattr(metrics, name) for name in names}


@dataclass(frozen=True)
class Judged:
    """A forecaster that is fitted on `X`, `y`, and its forecasts `test_p` of rows with outcomes `test_y`."""

    model: Any
    X: pd.DataFrame
    y: np.ndarray
    protocol: str
    metrics: Metrics
    intervals: dict[str, Interval]
    test_y: np.ndarray
    test_p: np.ndarray
    definition: ChurnDefinition
    findings: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()
    window: Json = field(default_factory=dict)
    baselines: Json = field(default_factory=dict)
    lifetimes: Lifetimes = Lifetimes(None, why=NO_DATES)  # noqa: RUF009 - it cannot be changed

    @property
    def forecaster(self) -> ChurnForecaster:
        """The estimator inside the model."""
        found = getattr(self.model, "forecaster_", self.model)
        if not isinstance(found, ChurnForecaster):
            raise TypeError(f"{type(found).__name__} is no churn forecaster")
        return found

    def drivers(self, top: int = 12) -> list[Json]:
        """The columns that move forecasts most: mean absolute contribution in log-odds, largest first."""
        rows = self.X.iloc[:: max(1, len(self.X) // ROWS_FOR_DRIVERS)]
        found = global_drivers(self.forecaster, rows).head(top)
        return [{"column": str(column), "size": float(size)} for column, size in found.items()]
