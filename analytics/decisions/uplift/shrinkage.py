"""Regression whose weights come in kinds, each shrunk as far as the data say: how freely effects differ is learned.

Weights of one kind share a Gaussian prior around nothing. Its variance is the one under which the data are most likely,
the weights integrated out (type-II maximum likelihood; MacKay 1992, "Bayesian interpolation"; Laplace's approximation
for 0/1 outcomes). No rows have to be held out for it, and offers may differ in how much their effects differ.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from analytics.churn.additive import MOST_NEWTON_COLUMNS
from analytics.churn.encoding import Floats
from analytics.decisions.uplift.regressions import fit_linear, linear_model, predicted_mean

Kinds = npt.NDArray[np.int64]

INTERCEPT, OFFER, COVARIATE, FIRST_PRODUCT = 0, 1, 2, 3
"""Kinds of columns; the products of offer k with the covariates are of the kind `FIRST_PRODUCT` + k - 1."""

_FIXED = {INTERCEPT: 100.0, OFFER: 2.5}
"""Prior variances that are not learned: a single weight says little of the variance it was drawn from."""

_START = {COVARIATE: 0.1}
_START_PRODUCT = 0.01
_LEAST_VARIANCE, _MOST_VARIANCE = 1e-5, 10.0
_ROUNDS, _STEPS, _WIDEST_STEP = 8, 12, 4.0


class ShrunkRegression:
    """Logistic regression for outcomes of 0 and 1, linear regression for amounts (in units of their spread).

    Tables of more than `MOST_NEWTON_COLUMNS` columns keep the variances that others start from.
    """

    def __init__(self, *, binary: bool) -> None:
        self.binary = binary

    def fit(self, matrix: Floats, kinds: Kinds, y: Floats) -> Self:
        """Fit to a matrix (n, d) with the kind of each column (d,), the first of which is the intercept of ones."""
        self.variances = np.array(
            [_FIXED.get(kind, _START.get(kind, _START_PRODUCT)) for kind in range(int(kinds.max()) + 1)]
        )
        self.centre, self.spread = (0.0, 1.0) if self.binary else (float(y.mean()), float(y.std()) or 1.0)
        self.wide: Any = None
        target = (y - self.centre) / self.spread
        if len(kinds) > MOST_NEWTON_COLUMNS or np.ptp(y) == 0:
            self.reach = np.sqrt(self.variances[kinds[1:]])
            self.wide = fit_linear(linear_model(self.binary, 1.0), matrix[:, 1:] * self.reach, target)
            return self
        self.weights = np.zeros(len(kinds))
        if self.binary:
            self.weights[0] = np.log(target.mean() / (1 - target.mean()))
        noise = 1.0
        for number in range(_ROUNDS):
            curvature = self._climb(matrix, target, 1.0 / self.variances[kinds], noise, _STEPS if not number else 2)
            noise = self._learn_variances(matrix, target, kinds, np.asarray(np.linalg.inv(curvature), dtype=np.float64))
        self._climb(matrix, target, 1.0 / self.variances[kinds], noise, _STEPS)
        return self

    def predict(self, matrix: Floats) -> Floats:
        """Predicted mean of the target (n,)."""
        if self.wide is not None:
            return self.centre + self.spread * predicted_mean(self.wide, matrix[:, 1:] * self.reach)
        return self.centre + self.spread * self._mean(matrix @ self.weights)

    def _mean(self, score: Floats) -> Floats:
        return np.asarray(expit(score) if self.binary else score, dtype=np.float64)

    def _climb(self, matrix: Floats, y: Floats, precision: Floats, noise: float, steps: int) -> Floats:
        """Newton's method for the likeliest weights; returns the curvature of the log posterior (d, d) near them."""
        for _ in range(steps):
            mean = self._mean(matrix @ self.weights)
            by_row = (mean * (1 - mean) if self.binary else np.ones(len(mean))) / noise
            curvature: Floats = (matrix * by_row[:, None]).T @ matrix + np.diag(precision)
            step = np.linalg.solve(curvature, matrix.T @ (mean - y) / noise + precision * self.weights)
            moved = float(np.abs(matrix @ step).max())
            # A logistic curve is far from its parabola a long way off.
            self.weights = self.weights - step * min(1.0, _WIDEST_STEP / max(moved, 1e-12))
            if moved < 1e-6:
                break
        return curvature

    def _learn_variances(self, matrix: Floats, y: Floats, kinds: Kinds, covariance: Floats) -> float:
        """MacKay's update of the variances; returns the variance of the noise (1 for 0/1 outcomes, which have none)."""
        determined = 1.0 - np.diag(covariance) / self.variances[kinds]
        for kind in range(COVARIATE, len(self.variances)):
            own = kinds == kind
            found = float(self.weights[own] @ self.weights[own]) / max(float(determined[own].sum()), 1e-3)
            self.variances[kind] = np.clip(found, _LEAST_VARIANCE, _MOST_VARIANCE)
        if self.binary:
            return 1.0
        residual = y - matrix @ self.weights
        return max(float(residual @ residual) / max(len(y) - float(determined.sum()), 1.0), 1e-9)
