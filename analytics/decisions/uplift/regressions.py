"""Outcome and effect regressions over encoded tables of mixed columns: smooth, trees, and the mean of both."""

import warnings
from typing import Any, Protocol, Self

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV

from analytics.churn.additive import MOST_NEWTON_COLUMNS, SplineBasis
from analytics.churn.encoding import EncodedTable, Floats

SPLINES = 6
RATE_PRIOR = 20.0
PENALTIES = (10.0, 100.0, 1_000.0, 10_000.0)


class Regression(Protocol):
    """Fits a target (n,) to an encoded table and predicts its mean (n,) for another."""

    def fit(self, table: EncodedTable, y: Floats) -> Self:
        """Fit on every row of the table."""
        ...

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted mean of the target."""
        ...


def category_sizes(table: EncodedTable) -> list[int]:
    """The number of codes of each category column, from the codes themselves."""
    return [int(table.codes[:, k].max(initial=0)) + 1 for k in range(table.codes.shape[1])]


def linear_model(binary: bool, penalty: float) -> Any:
    """An unfitted ridge-penalised regression: logistic for 0/1 targets; the penalty is on the sum of losses."""
    return LogisticRegression(C=1 / penalty, max_iter=300, solver="newton-cholesky") if binary else Ridge(penalty)


class Constant:
    """Predicts one value, where a target or a table leaves nothing to learn."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, matrix: Floats) -> Floats:
        """The value for every row."""
        return np.full(len(matrix), self.value)


def fit_linear(model: Any, matrix: Floats, y: Floats) -> Any:
    """Fit a linear model; an approximate minimum of a wide table is as good as the exact one."""
    if np.ptp(y) == 0 or matrix.shape[1] == 0:
        return Constant(float(y.mean()))
    if isinstance(model, LogisticRegression) and matrix.shape[1] > MOST_NEWTON_COLUMNS:
        model.set_params(solver="lbfgs")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(matrix, y)


def predicted_mean(model: Any, matrix: Floats) -> Floats:
    """Probability of 1 from a classifier, the predicted value from a regressor."""
    found = model.predict_proba(matrix)[:, 1] if hasattr(model, "predict_proba") else model.predict(matrix)
    return np.asarray(found, dtype=np.float64)


class Smooth:
    """Ridge-penalised (logistic) regression on splines and categories; without a penalty it is cross-validated.

    Cross-validation leaves one customer out, in closed form, and so is for amounts and effects alone.
    """

    def __init__(self, *, binary: bool, penalty: float | None, splines: int = SPLINES) -> None:
        self.binary = binary
        self.penalty = penalty
        self.splines = splines

    def fit(self, table: EncodedTable, y: Floats) -> Self:
        """Fit; a target of one value is predicted as that value."""
        self.basis = SplineBasis(self.splines).fit(table, np.ones(len(y)), category_sizes(table))
        chosen = RidgeCV(PENALTIES) if self.penalty is None else linear_model(self.binary, self.penalty)
        self.model = fit_linear(chosen, self.basis.matrix(table), y)
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted mean of the target."""
        return predicted_mean(self.model, self.basis.matrix(table))


class Trees:
    """Shallow gradient-boosted trees; categories become their rank by smoothed mean of the target."""

    def __init__(self, *, binary: bool, trees: int = 100, leaves: int = 4, least_leaf: int = 100) -> None:
        self.binary = binary
        self.trees = trees
        self.leaves = leaves
        self.least_leaf = least_leaf

    def fit(self, table: EncodedTable, y: Floats, extra: Floats | None = None) -> Self:
        """Fit; `extra` (n, m) are more numbers, such as arm indicators."""
        self.ranks = [_ranks(table.codes[:, k], y, size) for k, size in enumerate(category_sizes(table))]
        self.model: Any = Constant(float(y[0]))
        if np.ptp(y) > 0:
            kind = HistGradientBoostingClassifier if self.binary else HistGradientBoostingRegressor
            # Leaves no smaller than a fiftieth of the table keep small tables from being learned by heart.
            self.model = kind(
                max_leaf_nodes=self.leaves,
                max_iter=self.trees,
                learning_rate=0.05,
                min_samples_leaf=max(5, min(self.least_leaf, len(y) // 50)),
                l2_regularization=5.0,
                early_stopping=False,
                random_state=0,
            ).fit(self.inputs(table, extra), y)
        return self

    def inputs(self, table: EncodedTable, extra: Floats | None = None) -> Floats:
        """Numbers, ranks of categories, and the extra columns as one matrix."""
        codes = [
            np.where(table.codes[:, k] < len(ranks) - 1, table.codes[:, k], -1) for k, ranks in enumerate(self.ranks)
        ]
        ranked = [ranks[column] for ranks, column in zip(self.ranks, codes, strict=True)]
        parts = [table.numbers, *(column[:, None] for column in ranked)]
        return np.concatenate(parts if extra is None else [*parts, extra], axis=1)

    def predict(self, table: EncodedTable, extra: Floats | None = None) -> Floats:
        """Predicted mean of the target."""
        return predicted_mean(self.model, self.inputs(table, extra))


class Mean:
    """The mean of several regressions: for small effects their errors differ more than their truths."""

    def __init__(self, *members: Regression) -> None:
        self.members = members

    def fit(self, table: EncodedTable, y: Floats) -> Self:
        """Fit every member."""
        for member in self.members:
            member.fit(table, y)
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Mean of the members' predictions."""
        return np.asarray(np.mean([member.predict(table) for member in self.members], axis=0), dtype=np.float64)


def outcome_regression(binary: bool) -> Mean:
    """An unfitted regression for the outcomes of one arm."""
    return Mean(Smooth(binary=binary, penalty=20.0), Trees(binary=binary))


def effect_regression() -> Mean:
    """An unfitted regression for imputed effects, whose noise is far larger than what differs between customers."""
    return Mean(Smooth(binary=False, penalty=None), Trees(binary=False, trees=60, least_leaf=200))


def _ranks(codes: Any, y: Floats, size: int) -> Floats:
    seen = codes >= 0
    mass = np.bincount(codes[seen], minlength=size)
    total = np.bincount(codes[seen], y[seen], minlength=size)
    rate = (total + RATE_PRIOR * y.mean()) / (mass + RATE_PRIOR)
    ranks = np.full(size + 1, np.nan)  # code -1 reads the last entry: missing
    ranks[np.argsort(rate, kind="stable")] = np.arange(size)
    return ranks
