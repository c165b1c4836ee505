"""Judges a forecaster on rows it never saw: repeated stratified folds, groups kept together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from analytics.evaluation.intervals import Interval, Metric, bootstrap
from analytics.evaluation.metrics import Floats, Metrics, brier, churn_metrics, lift_at, log_loss

Split = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

INTERVAL_METRICS: dict[str, Metric] = {
    "auc": lambda y, p: float(roc_auc_score(y, p)),
    "average_precision": lambda y, p: float(average_precision_score(y, p)),
    "log_loss": log_loss,
    "brier": brier,
    "lift_at_10": lambda y, p: lift_at(y, p, 0.1),
}


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Out-of-fold forecasts: `probabilities` (n,) of the first seed, with its metrics and intervals.

    `by_fold` has one row per seed and fold (columns seed, fold and the names of `INTERVAL_METRICS`).
    """

    probabilities: Floats
    metrics: Metrics
    intervals: dict[str, Interval]
    by_fold: pd.DataFrame

    @property
    def fold_means(self) -> dict[str, float]:
        """Mean of every metric over all folds of all seeds."""
        return {name: float(self.by_fold[name].mean()) for name in INTERVAL_METRICS}


def exact_duplicate_groups(X: pd.DataFrame) -> npt.NDArray[np.int64]:
    """One number per row, equal for rows that agree in every column."""
    groups = X.groupby(list(X.columns), sort=False, dropna=False).ngroup()
    return np.asarray(groups, dtype=np.int64)


def stratified_splits(y: npt.ArrayLike, groups: npt.ArrayLike | None, folds: int, seed: int) -> Iterator[Split]:
    """Train and test positions of each fold."""
    target = np.asarray(y)
    rows = np.zeros((len(target), 1))
    if groups is None:
        yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, target)
    else:
        tied = np.asarray(groups)
        yield from StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(rows, target, tied)


def out_of_fold(
    estimator: Any,
    X: pd.DataFrame,
    y: npt.ArrayLike,
    *,
    groups: npt.ArrayLike | None = None,
    folds: int = 5,
    seeds: Sequence[int] = (11,),
    draws: int = 500,
) -> OutOfFold:
    """Fit a clone on every fold's training rows and forecast its test rows; `y` holds 0 and 1."""
    target = np.asarray(y, dtype=np.float64)
    forecasts = np.empty((len(seeds), len(target)))
    rows = []
    for number, seed in enumerate(seeds):
        for fold, (train, test) in enumerate(stratified_splits(target, groups, folds, seed)):
            fitted = clone(estimator).fit(X.iloc[train], target[train].astype(np.int64))
            forecasts[number, test] = fitted.predict_proba(X.iloc[test])[:, 1]
            figures = {name: metric(target[test], forecasts[number, test]) for name, metric in INTERVAL_METRICS.items()}
            rows.append({"seed": seed, "fold": fold, **figures})
    first = forecasts[0]
    intervals = {name: bootstrap(target, first, metric, draws=draws) for name, metric in INTERVAL_METRICS.items()}
    return OutOfFold(first, churn_metrics(target, first), intervals, pd.DataFrame(rows))
