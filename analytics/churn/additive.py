"""The smooth member: logistic regression on splines and categories, kept as one shape function per column."""

import warnings

import numpy as np
from scipy.interpolate import BSpline
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from analytics.churn.encoding import EncodedTable, Floats

DEGREE = 3
TAIL = 0.005
MOST_NEWTON_COLUMNS = 300


class SplineBasis:
    """The design matrix of the smooth member; its blocks come from the columns alone, never from the target.

    A numeric column gives a standardised linear term, clamped cubic B-splines with knots at quantiles, and a flag for
    missing values where there are some; a categorical column gives one centred column per code. Numbers beyond the
    outer knots count as the outer knots, so a forecast never extrapolates. With a `spline_count` of 0 numbers have the
    linear term alone.
    """

    def __init__(self, spline_count: int) -> None:
        self.spline_count = spline_count

    def fit(self, table: EncodedTable, weight: Floats, category_sizes: list[int]) -> "SplineBasis":
        """Place the knots and the centres on a training table."""
        self.category_sizes = category_sizes
        self.knots: list[Floats] = []
        self.linear: list[tuple[float, float]] = []
        self.centres: list[Floats] = []
        self.flags: list[bool] = []
        for k in range(table.numbers.shape[1]):
            self._fit_number(table.numbers[:, k], weight)
        self.shares: list[Floats] = []
        for k, size in enumerate(category_sizes):
            codes = table.codes[:, k]
            seen = codes >= 0
            self.shares.append(np.bincount(codes[seen], weight[seen], minlength=size) / weight.sum())
        return self

    def _fit_number(self, values: Floats, weight: Floats) -> None:
        known = ~np.isnan(values)
        seen, mass = values[known], weight[known]
        distinct = np.unique(seen)
        low, high = np.quantile(seen, [TAIL, 1 - TAIL]) if distinct.size > 20 else (distinct[0], distinct[-1])
        if low == high:
            low, high = distinct[0], distinct[-1]
        inner_count = min(max(self.spline_count - DEGREE, 0), max(distinct.size - 2, 0))
        inner = (
            np.unique(np.quantile(seen, np.linspace(0, 1, inner_count + 2)[1:-1])) if inner_count > 0 else np.empty(0)
        )
        inner = inner[(inner > low) & (inner < high)]
        self.knots.append(np.r_[[low] * (DEGREE + 1), inner, [high] * (DEGREE + 1)].astype(np.float64))
        inside = np.clip(seen, low, high)
        mean = float(np.average(inside, weights=mass))
        spread = float(np.sqrt(np.average((inside - mean) ** 2, weights=mass)))
        self.linear.append((mean, spread or 1.0))
        self.centres.append(np.average(self._splines(len(self.knots) - 1, seen), axis=0, weights=mass))
        self.flags.append(bool((~known).any()))

    def _splines(self, k: int, values: Floats) -> Floats:
        knots = self.knots[k]
        if not len(values):  # SciPy builds no design matrix of no rows
            return np.empty((0, len(knots) - DEGREE - 1))
        inside = np.clip(values, knots[0], knots[-1])
        columns: Floats = BSpline.design_matrix(inside, knots, DEGREE).toarray()
        return columns

    def matrix(self, table: EncodedTable) -> Floats:
        """The centred design matrix (n, d) of an encoded table."""
        blocks: list[Floats] = []
        for k, (mean, spread) in enumerate(self.linear):
            values = table.numbers[:, k]
            known = ~np.isnan(values)
            count = len(self.centres[k]) if self.spline_count else 0
            block = np.zeros((len(table), 1 + count + self.flags[k]))
            inside = np.clip(values[known], self.knots[k][0], self.knots[k][-1])
            block[known, 0] = (inside - mean) / spread
            if count:
                block[known, 1 : 1 + count] = self._splines(k, values[known]) - self.centres[k]
            if self.flags[k]:
                block[:, -1] = ~known
            blocks.append(block)
        for k, shares in enumerate(self.shares):
            codes = table.codes[:, k]
            block = (codes[:, None] == np.arange(len(shares))) - shares
            block[codes < 0] = 0.0
            blocks.append(block)
        return np.concatenate(blocks, axis=1) if blocks else np.zeros((len(table), 0))

    def shapes(self, coefficients: Floats) -> tuple[list[Floats], list[float], list[Floats]]:
        """Fold coefficients into shape functions: spline coefficients and missing effect per number, effect per code.

        A clamped B-spline basis sums to one and reproduces x through its Greville abscissae, so the linear term and
        all centring constants fold into the spline's own coefficients.
        """
        numbers, missing, at = [], [], 0
        for k, (mean, spread) in enumerate(self.linear):
            size, knots = len(self.centres[k]), self.knots[k]
            count = size if self.spline_count else 0
            slope, own = coefficients[at], coefficients[at + 1 : at + 1 + count] if count else np.zeros(size)
            greville = np.array([knots[i + 1 : i + 1 + DEGREE].mean() for i in range(size)])
            numbers.append(own - own @ self.centres[k] + slope * (greville - mean) / spread)
            missing.append(float(coefficients[at + 1 + count]) if self.flags[k] else 0.0)
            at += 1 + count + self.flags[k]
        effects = []
        for shares in self.shares:
            own = coefficients[at : at + len(shares)]
            effects.append(own - own @ shares)
            at += len(shares)
        return numbers, missing, effects


def _solver(columns: int, strength: float) -> LogisticRegression:
    """Newton's method while its matrix of columns squared is small, else a quasi-Newton method."""
    if columns <= MOST_NEWTON_COLUMNS:
        return LogisticRegression(C=strength, solver="newton-cholesky", max_iter=60, tol=1e-6)
    return LogisticRegression(C=strength, solver="lbfgs", max_iter=300, tol=1e-5)


class AdditiveLogit:
    """Log-odds as an intercept plus one effect per column, evaluated by look-up (categories) or spline (numbers)."""

    def __init__(self, basis: SplineBasis, penalty: float) -> None:
        self.basis = basis
        self.penalty = penalty

    def fit(self, matrix: Floats, y: Floats, weight: Floats) -> "AdditiveLogit":
        """Fit ridge-penalised logistic regression on the basis' design matrix (n, d)."""
        scale = weight.sum() / len(weight)
        if matrix.shape[1] == 0:
            rate = float(np.average(y, weights=weight))
            self.coefficients, self.intercept = np.empty(0), float(np.log(rate / (1 - rate)))
        else:
            model = _solver(matrix.shape[1], 1.0 / (self.penalty * scale))
            with warnings.catch_warnings():
                # An approximate minimum of a wide table forecasts as well as the exact one.
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(matrix, y, sample_weight=weight)
            self.coefficients, self.intercept = model.coef_[0], float(model.intercept_[0])
        self.number_effects, self.missing_effects, self.code_effects = self.basis.shapes(self.coefficients)
        # Code -1 (never seen in training) reads the last entry: no effect.
        self.code_effects = [np.append(effects, 0.0) for effects in self.code_effects]
        return self

    def effects(self, table: EncodedTable) -> list[Floats]:
        """One array of log-odds (n,) per number column, then per category column."""
        found = []
        for k, coefficients in enumerate(self.number_effects):
            knots, values = self.basis.knots[k], table.numbers[:, k]
            spline = BSpline.construct_fast(knots, coefficients, DEGREE)
            effect = spline(np.clip(values, knots[0], knots[-1]))
            found.append(np.where(np.isnan(values), self.missing_effects[k], effect))
        found.extend(effects[table.codes[:, k]] for k, effects in enumerate(self.code_effects))
        return found

    def log_odds(self, table: EncodedTable) -> Floats:
        """Log-odds (n,) of an encoded table."""
        total = np.full(len(table), self.intercept)
        for effect in self.effects(table):
            total += effect
        return total
