"""Chooses a targeting rule: a learned one where it surely beats the best single arm, else that arm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.decisions.uplift.learners import EffectLearner, SLearner
from analytics.decisions.uplift.outcomes import stratified_folds
from analytics.decisions.uplift.policy_value import (
    best_arms,
    outcome_scores,
    policy_gain,
    policy_value,
)
from analytics.decisions.uplift.trial import Floats, Integers, Trial
from analytics.evaluation.intervals import Interval

FOLDS = 3


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """Predictions for the customers of a trial by learners that did not see them, and one fitted on all of them.

    `effects` (n, offers) and doubly robust `scores` (n, arms).
    """

    arms: tuple[str, ...]
    effects: Floats
    scores: Floats
    learner: EffectLearner


@dataclass(frozen=True, slots=True)
class Targeting:
    """A targeting rule with the evidence it rests on.

    `learned` says whether customers get the arm that pays most for each, or all the same arm, `best_arm` (a position
    in `arms`; 0 is the control). With a budget below everyone the customers who gain most get it in either case.
    Values and `gain` (learned rule less best single arm, paired) are mean outcomes less costs, by cross-fitting.
    """

    arms: tuple[str, ...]
    learned: bool
    best_arm: int
    gain: Interval
    learned_value: Interval
    single_value: Interval
    control_value: Interval
    budget_share: float
    costs: Floats
    learner: EffectLearner

    def assign(self, covariates: Any) -> Integers:
        """The arm position (n,) of each customer."""
        return assigned(
            self.learner.effects(covariates),
            costs=self.costs,
            budget_share=self.budget_share,
            only=None if self.learned else self.best_arm,
        )

    @property
    def reason(self) -> str:
        """Why this rule, in a sentence."""
        gain = f"{self.gain.estimate:+.4f} [{self.gain.low:+.4f}, {self.gain.high:+.4f}]"
        if self.learned:
            return f"a choice per customer beats giving all the arm {self.arms[self.best_arm]} by {gain}"
        return (
            f"giving all the arm {self.arms[self.best_arm]}: a choice per customer changes the result by {gain}, "
            "which is not surely a gain"
        )


def cross_fit(
    trial: Trial, learner: Callable[[], EffectLearner] = SLearner, *, folds: int = FOLDS, seed: int = 0
) -> CrossFitted:
    """Effects and scores of every customer from learners fitted on the other folds."""
    effects, forecasts = np.empty((len(trial), len(trial.offers))), np.empty((len(trial), len(trial.arms)))
    for train, test in stratified_folds(trial.arm, trial.outcome if trial.is_binary else None, folds, seed):
        fitted = learner().fit(trial.take(train))
        judged = trial.covariates.iloc[test]
        effects[test], forecasts[test] = fitted.effects(judged), fitted.outcomes(judged)
    return CrossFitted(trial.arms, effects, outcome_scores(trial, forecasts), learner().fit(trial))


def assigned(
    effects: Floats, *, costs: npt.ArrayLike | None = None, budget_share: float = 1.0, only: int | None = None
) -> Integers:
    """What a rule gives each customer: the arm that pays most, or with `only` that arm to all whom the budget reaches.

    See `best_arms` for costs and budget; an arm given to everyone asks for no predicted gain.
    """
    if only == 0:
        return np.zeros(len(effects), dtype=np.int64)
    if only is not None and budget_share >= 1:
        return np.full(len(effects), only, dtype=np.int64)
    return best_arms(effects, costs=costs, budget_share=budget_share, only=only)


def choose_targeting(
    evidence: CrossFitted, *, costs: npt.ArrayLike | None = None, budget_share: float = 1.0, level: float = 0.95
) -> Targeting:
    """Judge a learned rule against the best single arm on customers neither has seen, and keep the surer one.

    `costs` (offers,) are in the unit of the outcome. The learned rule is kept only where the whole paired interval at
    `level` lies above zero; ties go to the single arm, which is simpler and steadier.
    """
    price = np.zeros(len(evidence.arms) - 1) if costs is None else np.asarray(costs, dtype=np.float64)
    scores = evidence.scores - np.r_[0.0, price]
    best = int(np.argmax(scores.mean(axis=0)))
    learned = assigned(evidence.effects, costs=price, budget_share=budget_share)
    single = assigned(evidence.effects, costs=price, budget_share=budget_share, only=best)
    gain = policy_gain(scores, learned, single, level=level)
    return Targeting(
        arms=evidence.arms,
        learned=gain.low > 0,
        best_arm=best,
        gain=gain,
        learned_value=policy_value(scores, learned, level=level),
        single_value=policy_value(scores, single, level=level),
        control_value=policy_value(scores, np.zeros(len(scores)), level=level),
        budget_share=budget_share,
        costs=price,
        learner=evidence.learner,
    )
