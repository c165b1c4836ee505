"""Effects of offers per customer: S-, T-, X- and DR-learners.

    T   m_a(x) - m_0(x), each arm's outcomes fitted apart                                   (Kuenzel et al. 2019)
    S   the same from one model that sees the arm, with shrunk differences between arms     (Kuenzel et al. 2019)
    X   outcomes less what the other arm would have given, regressed on x in both arms      (Kuenzel et al. 2019)
    DR  doubly robust scores of the arm less those of the control, regressed on x           (Kennedy 2023)

X and DR take their outcome forecasts from models that did not see the customer (cross-fitting). Kuenzel, Sekhon,
Bickel & Yu, Metalearners for estimating heterogeneous treatment effects; Kennedy, Towards optimal doubly robust
estimation of heterogeneous causal effects.

`SLearner` is the one to start with: on randomised campaigns with rare outcomes it ranked best (`benchmarks.decisions`).
`DRLearner` is for assignment that followed the covariates, where shrinking towards one model would bias effects.
"""

from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analytics.churn.encoding import EncodedTable, Floats, TableEncoder
from analytics.decisions.uplift.outcomes import ArmOutcomes, ArmTable, SeparateOutcomes, SharedOutcomes, folds_of
from analytics.decisions.uplift.policy_value import outcome_scores
from analytics.decisions.uplift.regressions import Mean, effect_regression
from analytics.decisions.uplift.trial import Trial

FOLDS = 3


class EffectLearner(ABC):
    """Learns from a trial how much each offer changes each customer's outcome.

    `threads` caps the OpenMP and BLAS threads of fits; `seed` decides the folds.
    """

    def __init__(self, *, folds: int = FOLDS, seed: int = 0, threads: int = 1) -> None:
        self.folds = folds
        self.seed = seed
        self.threads = threads

    def fit(self, trial: Trial) -> Self:
        """Fit on every customer of the trial."""
        self.arms = trial.arms
        self.encoder = TableEncoder().fit(trial.covariates)
        table = self.encoder.transform(trial.covariates)
        with threadpool_limits(self.threads):
            self._fit(trial, ArmTable(table, trial.arm, trial.outcome, len(trial.arms), trial.is_binary))
        return self

    def effects(self, covariates: Any) -> Floats:
        """Predicted effects (n, offers) against the control, in the unit of the outcome; arms as in `arms[1:]`."""
        with threadpool_limits(self.threads):
            return self._effects(self._encoded(covariates))

    def outcomes(self, covariates: Any) -> Floats:
        """Predicted outcomes (n, arms), as `policy_value.outcome_scores` takes them."""
        with threadpool_limits(self.threads):
            return self._outcomes(self._encoded(covariates))

    def _encoded(self, covariates: Any) -> EncodedTable:
        frame = covariates if isinstance(covariates, pd.DataFrame) else pd.DataFrame(np.asarray(covariates))
        if frame.shape[1] != len(self.encoder.columns):
            raise ValueError(f"{len(self.encoder.columns)} covariates were learned from, got {frame.shape[1]}")
        return self.encoder.transform(frame)

    @abstractmethod
    def _fit(self, trial: Trial, data: ArmTable) -> None: ...

    @abstractmethod
    def _effects(self, table: EncodedTable) -> Floats: ...

    @abstractmethod
    def _outcomes(self, table: EncodedTable) -> Floats: ...


class _OutcomeDifference(EffectLearner):
    """Effects as differences between predicted outcomes."""

    def _model(self) -> ArmOutcomes:
        raise NotImplementedError

    def _fit(self, trial: Trial, data: ArmTable) -> None:
        self.model = self._model().fit(data)

    def _effects(self, table: EncodedTable) -> Floats:
        found = self._outcomes(table)
        return found[:, 1:] - found[:, :1]

    def _outcomes(self, table: EncodedTable) -> Floats:
        return self.model.predict(table)


class TLearner(_OutcomeDifference):
    """Two-model learner: one outcome model per arm."""

    def _model(self) -> ArmOutcomes:
        return SeparateOutcomes()


class SLearner(_OutcomeDifference):
    """One outcome model that sees the arm; `SharedOutcomes` says how differences are shrunk."""

    def _model(self) -> ArmOutcomes:
        return SharedOutcomes()


class _ImputedEffects(EffectLearner):
    """Effects regressed on imputed ones, whose outcome forecasts come from other folds."""

    def _fit(self, trial: Trial, data: ArmTable) -> None:
        self.models, forecasts = cross_fitted(data, self.folds, self.seed)
        self._fit_effects(trial, data, forecasts)

    def _outcomes(self, table: EncodedTable) -> Floats:
        return np.asarray(np.mean([model.predict(table) for model in self.models], axis=0), dtype=np.float64)

    @abstractmethod
    def _fit_effects(self, trial: Trial, data: ArmTable, forecasts: Floats) -> None: ...


class XLearner(_ImputedEffects):
    """Imputed effects of both arms, weighted by how common the arms are."""

    def _fit_effects(self, trial: Trial, data: ArmTable, forecasts: Floats) -> None:
        self.regressions: list[tuple[Mean, Mean, float]] = []
        control = np.flatnonzero(data.arm == 0)
        for arm in range(1, data.arms):
            got = np.flatnonzero(data.arm == arm)
            gained = data.outcome[got] - forecasts[got, 0]
            missed = forecasts[control, arm] - data.outcome[control]
            share = float((trial.probabilities[:, arm] / trial.probabilities[:, [0, arm]].sum(axis=1)).mean())
            self.regressions.append(
                (
                    effect_regression().fit(data.table.take(got), gained),
                    effect_regression().fit(data.table.take(control), missed),
                    share,
                )
            )

    def _effects(self, table: EncodedTable) -> Floats:
        return np.column_stack(
            [
                (1 - share) * of_treated.predict(table) + share * of_control.predict(table)
                for of_treated, of_control, share in self.regressions
            ]
        )


class DRLearner(_ImputedEffects):
    """Doubly robust scores of the arm less those of the control: right if either forecasts or probabilities are."""

    def _fit_effects(self, trial: Trial, data: ArmTable, forecasts: Floats) -> None:
        scores = outcome_scores(trial, forecasts)
        self.regressions = [
            effect_regression().fit(data.table, scores[:, arm] - scores[:, 0]) for arm in range(1, data.arms)
        ]

    def _effects(self, table: EncodedTable) -> Floats:
        return np.column_stack([regression.predict(table) for regression in self.regressions])


def cross_fitted(data: ArmTable, folds: int, seed: int) -> tuple[list[SharedOutcomes], Floats]:
    """Outcome models of every fold, and out-of-fold outcome forecasts (n, arms)."""
    forecasts = np.empty((len(data), data.arms))
    models = []
    for train, test in folds_of(data, folds, seed):
        models.append(SharedOutcomes().fit(data.take(train)))
        forecasts[test] = models[-1].predict(data.table.take(test))
    return models, forecasts
