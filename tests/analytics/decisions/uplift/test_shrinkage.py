"""Weights are shrunk as far as they deserve, kind by kind; nothing to learn and too many columns are no trouble."""

import numpy as np
import pytest
from scipy.special import expit

from analytics.churn.encoding import Floats
from analytics.decisions.uplift import shrinkage
from analytics.decisions.uplift.shrinkage import COVARIATE, FIRST_PRODUCT, INTERCEPT, ShrunkRegression

KINDS = np.repeat([INTERCEPT, COVARIATE, FIRST_PRODUCT, FIRST_PRODUCT + 1], [1, 12, 12, 12])


def table(n: int, *, spreads: tuple[float, float, float], seed: int = 0) -> tuple[Floats, Floats]:
    """A matrix and its scores, from weights drawn with a standard deviation for each kind."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, 36))])
    weights = np.r_[-0.5, np.concatenate([rng.normal(0, spread, 12) for spread in spreads])]
    return matrix, matrix @ weights


@pytest.mark.parametrize("binary", [True, False])
def test_the_variance_of_each_kind_is_found(binary: bool) -> None:
    matrix, score = table(6_000, spreads=(0.4, 0.0, 0.15))
    rng = np.random.default_rng(1)
    y = (rng.random(6_000) < expit(score)).astype(float) if binary else score + rng.normal(0, 1.0, 6_000)
    fitted = ShrunkRegression(binary=binary).fit(matrix, KINDS, y)
    unit = 1.0 if binary else y.std()
    found = np.sqrt(fitted.variances[COVARIATE:]) * unit
    assert found[0] == pytest.approx(0.4, rel=0.5)
    assert found[1] < 0.03
    assert found[2] == pytest.approx(0.15, rel=0.5)
    truth = expit(score) if binary else score
    assert np.sqrt(np.mean((fitted.predict(matrix) - truth) ** 2)) < (0.04 if binary else 0.1)


def test_shrunk_weights_forecast_better_than_free_ones() -> None:
    matrix, score = table(600, spreads=(0.3, 0.0, 0.0), seed=3)
    new, new_score = table(4_000, spreads=(0.3, 0.0, 0.0), seed=3)
    new, new_score = new[600:], new_score[600:]
    y = (np.random.default_rng(2).random(600) < expit(score)).astype(float)
    truth = expit(new @ np.linalg.lstsq(matrix, score, rcond=None)[0])
    errors = []
    for rounds in (shrinkage._ROUNDS, 0):
        fitted = ShrunkRegression(binary=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shrinkage, "_ROUNDS", rounds)
            patch.setattr(shrinkage, "_START_PRODUCT", 10.0)
            patch.setitem(shrinkage._START, COVARIATE, 10.0)
            fitted.fit(matrix, KINDS, y)
        errors.append(float(np.mean((fitted.predict(new) - truth) ** 2)))
    assert errors[0] < 0.6 * errors[1]


def test_a_split_without_error_ends() -> None:
    matrix, score = table(200, spreads=(2.0, 0.0, 0.0))
    fitted = ShrunkRegression(binary=True).fit(matrix, KINDS, (score > 0).astype(float))
    assert np.isfinite(fitted.weights).all()
    assert ((fitted.predict(matrix) > 0.5) == (score > 0)).mean() > 0.95


@pytest.mark.parametrize("binary", [True, False])
def test_too_many_columns_for_newton_keep_what_others_start_from(binary: bool) -> None:
    matrix, score = table(500, spreads=(0.4, 0.0, 0.0))
    wide = np.column_stack([matrix, np.random.default_rng(0).normal(size=(500, 300))])
    kinds = np.r_[KINDS, np.full(300, FIRST_PRODUCT)]
    y = (score > 0).astype(float) if binary else score
    fitted = ShrunkRegression(binary=binary).fit(wide, kinds, y)
    assert np.corrcoef(fitted.predict(wide), score)[0, 1] > 0.8


@pytest.mark.parametrize("binary", [True, False])
def test_one_outcome_is_forecast_for_all(binary: bool) -> None:
    matrix, _ = table(50, spreads=(0.0, 0.0, 0.0))
    assert ShrunkRegression(binary=binary).fit(matrix, KINDS, np.ones(50)).predict(matrix) == pytest.approx(1.0)
