"""A learned rule is kept where it surely gains, and dropped for the best single arm where it does not."""

import numpy as np
import pytest

from analytics.decisions.uplift.targeting import CrossFitted, assigned, choose_targeting, cross_fit
from tests.analytics.decisions.uplift.campaigns import campaign

OTHERS = campaign(3_000, 50)


@pytest.fixture(scope="module")
def different() -> CrossFitted:
    return cross_fit(campaign(4_000, 2).trial)


@pytest.fixture(scope="module")
def alike() -> CrossFitted:
    return cross_fit(campaign(2_000, 4, same_effect=True).trial)


def test_a_rule_that_surely_gains_is_learned(different: CrossFitted) -> None:
    rule = choose_targeting(different)
    assert rule.learned
    assert rule.gain.low > 0
    assert "beats" in rule.reason
    chosen = rule.assign(OTHERS.trial.covariates)
    worth = OTHERS.means[np.arange(3_000), chosen].mean()
    assert worth > OTHERS.means.mean(axis=0).max() + 0.05
    assert worth > 0.95 * OTHERS.means.max(axis=1).mean()


def test_without_differences_everybody_gets_the_best_single_arm(alike: CrossFitted) -> None:
    rule = choose_targeting(alike)
    assert not rule.learned
    assert rule.gain.low <= 0
    assert "not surely a gain" in rule.reason
    assert set(rule.assign(OTHERS.trial.covariates).tolist()) == {rule.best_arm}
    assert rule.best_arm in (1, 2)
    assert rule.single_value.estimate > rule.control_value.estimate


def test_offers_that_cost_more_than_they_bring_are_not_made(alike: CrossFitted) -> None:
    rule = choose_targeting(alike, costs=[0.5, 0.5])
    assert rule.best_arm == 0
    assert (rule.assign(OTHERS.trial.covariates) == 0).all()


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_budget_goes_to_those_who_gain_most(share: float, different: CrossFitted) -> None:
    rule = choose_targeting(different, budget_share=share)
    chosen = rule.assign(OTHERS.trial.covariates)
    assert (chosen > 0).sum() <= int(3_000 * share)
    gained = np.c_[np.zeros(3_000), OTHERS.effects][np.arange(3_000), chosen]
    best = np.sort(OTHERS.effects.max(axis=1))[::-1][: int(3_000 * share)]
    assert gained.sum() > 0.8 * best.sum()


def test_assignments_by_hand() -> None:
    effects = np.array([[0.1, 0.3], [-0.1, -0.2], [0.2, 0.1]])
    assert assigned(effects).tolist() == [2, 0, 1]
    assert assigned(effects, only=1).tolist() == [1, 1, 1]
    assert assigned(effects, only=0).tolist() == [0, 0, 0]
    assert assigned(effects, only=1, budget_share=0.4).tolist() == [0, 0, 1]
