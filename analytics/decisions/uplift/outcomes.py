"""Outcome models over all arms: one per arm, or one whose differences between arms are shrunk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from sklearn.model_selection import StratifiedKFold

from analytics.churn.additive import SplineBasis
from analytics.churn.encoding import EncodedTable, Floats
from analytics.decisions.uplift.regressions import (
    SPLINES,
    Trees,
    category_sizes,
    fit_linear,
    linear_model,
    outcome_regression,
    predicted_mean,
)
from analytics.decisions.uplift.trial import Integers

INTERACTION_SCALES = (0.2, 0.8, 3.0)
MAIN_PENALTY = 10.0
EFFECT_SCALE = 5.0
CHOICE_FOLDS = 3
MOST_ROWS_FOR_CHOICE = 20_000


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


class SharedOutcomes:
    """One regression for all arms: the mean of a smooth one with shrunk interactions and of trees that see the arm.

    The smooth one is logistic for 0/1 outcomes, so that with interactions shrunk away an offer multiplies everybody's
    odds alike, and customers gain in proportion to how open they are. `interaction_scale` is how freely effects may
    differ between customers; None chooses it by cross-validated loss, which sees effects more sharply than any
    estimate of the effects' own error.
    """

    def __init__(self, interaction_scale: float | None = None) -> None:
        self.interaction_scale = interaction_scale

    def fit(self, data: ArmTable) -> Self:
        """Fit both members."""
        self.arms = data.arms
        sizes, weight = category_sizes(data.table), np.ones(len(data))
        self.bases = [SplineBasis(count).fit(data.table, weight, sizes) for count in (SPLINES, 0)]
        self.shares = np.bincount(data.arm, minlength=data.arms) / len(data)
        self.scale_ = self.interaction_scale if self.interaction_scale is not None else self._choose(data)
        self.linear = fit_linear(self._model(data), self._matrix(data.table, data.arm, self.scale_), data.outcome)
        self.trees = Trees(binary=data.binary)
        self.trees.fit(data.table, data.outcome, self._indicators(data.arm))
        return self

    def predict(self, table: EncodedTable) -> Floats:
        """Predicted outcomes (n, arms)."""
        blocks, found = [basis.matrix(table) for basis in self.bases], []
        for arm in range(self.arms):
            everybody = np.full(len(table), arm)
            smooth = predicted_mean(self.linear, self._joined(blocks, everybody, self.scale_))
            found.append((smooth + self.trees.predict(table, self._indicators(everybody))) / 2)
        return np.column_stack(found)

    @staticmethod
    def _model(data: ArmTable) -> object:
        return linear_model(data.binary, MAIN_PENALTY)

    def _indicators(self, arm: Integers) -> Floats:
        return np.asarray(arm[:, None] == np.arange(1, self.arms), dtype=np.float64)

    def _matrix(self, table: EncodedTable, arm: Integers, scale: float) -> Floats:
        return self._joined([basis.matrix(table) for basis in self.bases], arm, scale)

    def _joined(self, blocks: Sequence[Floats], arm: Integers, scale: float) -> Floats:
        """Main effects, one column per offer, and its products with the covariates; a larger scale is less shrunk."""
        main, modifiers = blocks
        parts = [main]
        for indicator in (self._indicators(arm) - self.shares[1:]).T:
            parts += [EFFECT_SCALE * indicator[:, None], scale * indicator[:, None] * modifiers]
        return np.concatenate(parts, axis=1)

    def _choose(self, data: ArmTable) -> float:
        """The smallest interaction scale that no other clearly beats, by cross-validation on at most 20,000 customers.

        Clearly is one standard error of the paired difference in loss: where evidence is thin, shrunk effects err less.
        """
        if len(data) > MOST_ROWS_FOR_CHOICE:
            data = data.take(np.sort(np.random.default_rng(0).choice(len(data), MOST_ROWS_FOR_CHOICE, replace=False)))
        if np.ptp(data.outcome) == 0 or np.bincount(data.arm).min() < CHOICE_FOLDS:
            return INTERACTION_SCALES[0]
        losses = np.empty((len(INTERACTION_SCALES), len(data)))
        folds = folds_of(data, CHOICE_FOLDS, 0)
        for losses_of_scale, scale in zip(losses, INTERACTION_SCALES, strict=True):
            matrix = self._matrix(data.table, data.arm, scale)
            for train, test in folds:
                model = fit_linear(self._model(data), matrix[train], data.outcome[train])
                mean = predicted_mean(model, matrix[test])
                losses_of_scale[test] = _losses(data.outcome[test], mean, data.binary)
        excess = losses - losses[int(np.argmin(losses.mean(axis=1)))]
        close = excess.mean(axis=1) <= excess.std(axis=1) / len(data) ** 0.5
        return INTERACTION_SCALES[int(np.argmax(close))]


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
