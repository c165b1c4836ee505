"""Outcome models over all arms: one per arm, or one whose differences between arms are shrunk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from sklearn.model_selection import StratifiedKFold

from analytics.churn.additive import SplineBasis
from analytics.churn.encoding import EncodedTable, Floats
from analytics.decisions.uplift.regressions import SPLINES, Trees, category_sizes, outcome_regression
from analytics.decisions.uplift.shrinkage import Kinds, ShrunkRegression
from analytics.decisions.uplift.trial import Integers

TREE_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
CHOICE_FOLDS = 3
MOST_ROWS_FOR_CHOICE = 50_000


@dataclass(frozen=True, slots=True)
class ArmTable:
    """Encoded covariates with the arm (n,) and the outcome (n,) of each customer."""

    table: EncodedTable
    arm: Integers
    outcome: Floats
    arms: int
    binary: bool

    def __len__(self) -> int:
        return len(self.outcome)

    def take(self, rows: Integers) -> "ArmTable":
        """The same for some rows."""
        return ArmTable(self.table.take(rows), self.arm[rows], self.outcome[rows], self.arms, self.binary)


class ArmOutcomes(Protocol):
    """Predicts the mean outcome (n, arms) of every customer under every arm."""

    def fit(self, data: ArmTable) -> Self:
        """Fit on every row."""
        ...

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted outcomes (n, arms)."""
        ...


class SeparateOutcomes:
    """A regression of its own for every arm, as in the T-learner."""

    def fit(self, data: ArmTable) -> Self:
        """Fit one regression per arm."""
        self.models = []
        for arm in range(data.arms):
            rows = np.flatnonzero(data.arm == arm)
            self.models.append(outcome_regression(data.binary).fit(data.table.take(rows), data.outcome[rows]))
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted outcomes (n, arms)."""
        return np.column_stack([model.predict(table) for model in self.models])


class SmoothOutcomes:
    """One regression on splines, offers, and their products with the covariates, shrunk by `ShrunkRegression`.

    It is logistic for 0/1 outcomes, so that where products are shrunk away an offer multiplies everybody's odds alike,
    and customers gain in proportion to how open they are.
    """

    def fit(self, data: ArmTable) -> Self:
        """Fit on every row."""
        self.arms = data.arms
        sizes, weight = category_sizes(data.table), np.ones(len(data))
        self.bases = [SplineBasis(count).fit(data.table, weight, sizes) for count in (SPLINES, 0)]
        self.shares = np.bincount(data.arm, minlength=data.arms) / len(data)
        matrix, kinds = self._matrix([basis.matrix(data.table) for basis in self.bases], data.arm)
        self.regression = ShrunkRegression(binary=data.binary).fit(matrix, kinds, data.outcome)
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted outcomes (n, arms)."""
        blocks = [basis.matrix(table) for basis in self.bases]
        everybody = [np.full(len(table), arm) for arm in range(self.arms)]
        return np.column_stack([self.regression.predict(self._matrix(blocks, arm)[0]) for arm in everybody])

    def _matrix(self, blocks: Sequence[Floats], arm: Integers) -> tuple[Floats, Kinds]:
        """Ones, one column per offer, main effects, and products of the offers with the covariates; and their kinds."""
        main, modifiers = blocks
        offers = _indicators(arm, self.arms) - self.shares[1:]
        products = [offers[:, k, None] * modifiers for k in range(self.arms - 1)]
        sizes = [1, self.arms - 1, main.shape[1], *(modifiers.shape[1] for _ in products)]
        return (
            np.concatenate([np.ones((len(arm), 1)), offers, main, *products], axis=1),
            np.repeat(np.arange(len(sizes)), sizes),
        )


class TreeOutcomes:
    """Trees that see the arm."""

    def fit(self, data: ArmTable) -> Self:
        """Fit on every row."""
        self.arms = data.arms
        self.trees = Trees(binary=data.binary).fit(data.table, data.outcome, _indicators(data.arm, data.arms))
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted outcomes (n, arms)."""
        everybody = [np.full(len(table), arm) for arm in range(self.arms)]
        return np.column_stack([self.trees.predict(table, _indicators(arm, self.arms)) for arm in everybody])


class SharedOutcomes:
    """One model for all arms: smooth and trees, weighted by their cross-validated loss in the rows they are fitted on.

    The loss sees effects more sharply than any estimate of the effects' own error. `tree_weight` fixes the weight.
    """

    def __init__(self, tree_weight: float | None = None) -> None:
        self.tree_weight = tree_weight

    def fit(self, data: ArmTable) -> Self:
        """Choose the weight and fit the members that have any."""
        self.tree_weight_ = self._choose(data) if self.tree_weight is None else self.tree_weight
        weights = ((SmoothOutcomes(), 1 - self.tree_weight_), (TreeOutcomes(), self.tree_weight_))
        self.members = [(member.fit(data), weight) for member, weight in weights if weight]
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted outcomes (n, arms)."""
        return np.asarray(sum(weight * member.predict(table) for member, weight in self.members), dtype=np.float64)

    @staticmethod
    def _choose(data: ArmTable) -> float:
        """The weight of least loss on at most `MOST_ROWS_FOR_CHOICE` customers; half where too little is known."""
        if len(data) > MOST_ROWS_FOR_CHOICE:
            data = data.take(np.sort(np.random.default_rng(0).choice(len(data), MOST_ROWS_FOR_CHOICE, replace=False)))
        if np.ptp(data.outcome) == 0 or np.bincount(data.arm).min() < CHOICE_FOLDS:
            return 0.5
        smooth, trees = np.empty(len(data)), np.empty(len(data))
        for train, test in folds_of(data, CHOICE_FOLDS, 0):
            taken = np.arange(len(test)), data.arm[test]
            smooth[test] = SmoothOutcomes().fit(data.take(train)).predict(data.table.take(test))[taken]
            trees[test] = TreeOutcomes().fit(data.take(train)).predict(data.table.take(test))[taken]
        losses = [_losses(data.outcome, (1 - w) * smooth + w * trees, data.binary).mean() for w in TREE_WEIGHTS]
        return TREE_WEIGHTS[int(np.argmin(losses))]


def _indicators(arm: Integers, arms: int) -> Floats:
    return np.asarray(arm[:, None] == np.arange(1, arms), dtype=np.float64)


def folds_of(data: ArmTable, folds: int, seed: int) -> list[tuple[Integers, Integers]]:
    """Train and test positions of each fold."""
    return stratified_folds(data.arm, data.outcome if data.binary else None, folds, seed)


def stratified_folds(arm: Integers, outcome: Floats | None, folds: int, seed: int) -> list[tuple[Integers, Integers]]:
    """Train and test positions, balanced by arm and by 0/1 outcome where every group is large enough for that."""
    strata = arm if outcome is None else arm * 2 + (outcome == 1)
    if np.bincount(strata)[np.unique(strata)].min() < folds:
        strata = arm
    return list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(strata, strata))


def _losses(y: Floats, mean: Floats, binary: bool) -> Floats:
    if not binary:
        return np.asarray((y - mean) ** 2, dtype=np.float64)
    kept = np.clip(mean, 1e-9, 1 - 1e-9)
    return np.asarray(-(y * np.log(kept) + (1 - y) * np.log1p(-kept)), dtype=np.float64)
