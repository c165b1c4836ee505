"""Out-of-fold judgement and bootstrap intervals."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from analytics.evaluation.intervals import Interval, bootstrap, paired_bootstrap, resamples
from analytics.evaluation.metrics import brier
from analytics.evaluation.out_of_fold import exact_duplicate_groups, out_of_fold, stratified_splits


def test_every_row_is_forecast_once_by_a_model_that_never_saw_it() -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=300)})
    y = (rng.random(300) < 1 / (1 + np.exp(-2 * X["a"]))).astype(int)
    found = out_of_fold(LogisticRegression(), X, y, seeds=(1, 2), draws=50)
    assert found.probabilities.shape == (300,)
    assert len(found.by_fold) == 10
    assert found.intervals["auc"].low < found.metrics.auc < found.intervals["auc"].high
    assert found.fold_means["auc"] == pytest.approx(found.metrics.auc, abs=0.03)


def test_equal_rows_stay_in_one_fold() -> None:
    X = pd.DataFrame({"a": [1, 1, 2, 3, 4, 5] * 5, "b": [None, None, "x", "y", "z", "w"] * 5})
    y = np.array([0, 1, 0, 1, 0, 1] * 5)
    groups = exact_duplicate_groups(X)
    assert groups.max() == 4
    for train, test in stratified_splits(y, groups, 3, seed=0):
        assert not set(groups[train]) & set(groups[test])


def test_every_resample_holds_both_classes() -> None:
    y = np.array([1] + [0] * 50)
    assert all(y[rows].sum() == 1 for rows in resamples(y, 20, seed=0))


def test_a_forecast_does_not_differ_from_itself() -> None:
    y, p = np.array([0, 1] * 50), np.linspace(0.1, 0.9, 100)
    assert paired_bootstrap(y, p, p, brier, draws=20) == Interval(0.0, 0.0, 0.0)
    assert paired_bootstrap(y, p, p, brier, draws=20).covers_zero


def test_a_real_difference_excludes_zero() -> None:
    y = np.array([0, 1] * 100)
    good, bad = np.where(y == 1, 0.8, 0.2), np.full(200, 0.5)
    assert not paired_bootstrap(y, good, bad, brier, draws=100).covers_zero
    assert bootstrap(y, bad, brier, draws=20).estimate == pytest.approx(0.25)
