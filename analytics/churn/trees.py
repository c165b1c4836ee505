"""The flexible member: gradient-boosted trees over numbers and category codes ordered by churn rate."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from analytics.churn.encoding import EncodedTable, Floats
from analytics.churn.leaves import ROWS_AT_A_TIME, Marks, TreeLeaves

RATE_PRIOR = 10.0
FEW_ROWS = 1_000
"""So many rows scikit-learn walks down the trees faster than it takes to get all trees ready."""


@dataclass(frozen=True)
class Capacity:
    """How flexible the trees are; `iterations` is the most trees tried."""

    leaves: int
    learning_rate: float
    least_leaf: int
    shrinkage: float
    features: float
    iterations: int

    def classifier(self, iterations: int, seed: int) -> HistGradientBoostingClassifier:
        """An unfitted scikit-learn classifier of this capacity."""
        return HistGradientBoostingClassifier(
            max_leaf_nodes=self.leaves,
            learning_rate=self.learning_rate,
            min_samples_leaf=self.least_leaf,
            l2_regularization=self.shrinkage,
            max_features=self.features,
            max_iter=iterations,
            early_stopping=False,
            random_state=seed,
        )


class BoostedTrees:
    """Gradient-boosted trees; categories become their rank by smoothed churn rate in the training rows.

    A rank keeps similar categories together, so that plain threshold splits isolate them and every tree reads one
    float matrix; ranks are learned from the training rows of each fit, never from the rows it is judged on.
    """

    def __init__(self, capacity: Capacity, category_sizes: list[int], seed: int) -> None:
        self.capacity = capacity
        self.category_sizes = category_sizes
        self.seed = seed

    def fit(self, table: EncodedTable, y: Floats, weight: Floats, iterations: int | None = None) -> "BoostedTrees":
        """Fit on an encoded table with a 0/1 target (n,) and weights (n,)."""
        base = float(np.average(y, weights=weight))
        self.ranks: list[Floats] = []
        for k, size in enumerate(self.category_sizes):
            seen = table.codes[:, k] >= 0
            codes = table.codes[seen, k]
            mass = np.bincount(codes, weight[seen], minlength=size)
            churned = np.bincount(codes, weight[seen] * y[seen], minlength=size)
            rate = (churned + RATE_PRIOR * base) / (mass + RATE_PRIOR)
            ranks = np.empty(size + 1)
            ranks[np.argsort(rate, kind="stable")] = np.arange(size)
            ranks[size] = np.nan
            self.ranks.append(ranks)
        vars(self).pop("leaves", None)  # those of an earlier fit
        self.model = self.capacity.classifier(iterations or self.capacity.iterations, self.seed)
        # Weights of one change nothing, yet with any weights scikit-learn takes ten times as long to find its bins.
        self.model.fit(self.inputs(table), y, sample_weight=None if (weight == 1.0).all() else weight)
        return self

    def inputs(self, table: EncodedTable) -> Floats:
        """The float matrix (n, p + q) that the trees read: numbers, then ranks."""
        count = table.numbers.shape[1]
        matrix = np.empty((len(table), count + len(self.ranks)))
        matrix[:, :count] = table.numbers
        for k, ranks in enumerate(self.ranks):
            matrix[:, count + k] = ranks[table.codes[:, k]]
        return matrix

    def log_odds(self, table: EncodedTable, threads: int = 1) -> Floats:
        """Log-odds (n,) of an encoded table, with at most so many OpenMP threads."""
        if len(table) <= FEW_ROWS:
            with threadpool_limits(threads, user_api="openmp"):
                found: Floats = self.model.decision_function(self.inputs(table))
            return found
        parts = [table.take(slice(at, at + ROWS_AT_A_TIME)) for at in range(0, len(table), ROWS_AT_A_TIME)]
        return np.concatenate([self.leaves.added(self._marks(part), self.baseline) for part in parts])

    @cached_property
    def leaves(self) -> TreeLeaves:
        """The trees read for many rows at once, kept for the next rows."""
        return TreeLeaves(self.nodes, self.model.n_features_in_)

    def __getstate__(self) -> dict[str, Any]:
        # A saved model holds what was fitted, not what was read from it.
        return {name: value for name, value in vars(self).items() if name != "leaves"}

    @property
    def nodes(self) -> list[npt.NDArray[Any]]:
        """The nodes of each tree, as scikit-learn keeps them."""
        return [predictor.nodes for (predictor,) in self.model._predictors]

    @property
    def baseline(self) -> float:
        """The log-odds before any tree."""
        return float(np.ravel(self.model._baseline_prediction)[0])

    def _marks(self, table: EncodedTable) -> list[Marks]:
        """The marks (n,) of each input column; a category is marked once, not once a row."""
        count = table.numbers.shape[1]
        numbers = [self.leaves.marks(k, table.numbers[:, k]) for k in range(count)]
        return numbers + [self.leaves.marks(count + k, own)[table.codes[:, k]] for k, own in enumerate(self.ranks)]
