"""Policy values: worked by hand, unbiased, paired, and rules that keep to their budget."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.uplift.policy_value import (
    best_arms,
    effect_interval,
    outcome_scores,
    policy_gain,
    policy_value,
    single_arm,
)
from analytics.decisions.uplift.trial import as_trial
from tests.analytics.decisions.uplift.campaigns import campaign

TRIAL = as_trial(
    pd.DataFrame({"x": range(4)}),
    ["none", "mail", "none", "mail"],
    [1.0, 1.0, 0.0, 0.0],
    control="none",
    assignment_probability={"none": 0.75, "mail": 0.25},
    least_per_arm=2,
)


def test_scores_by_hand() -> None:
    assert outcome_scores(TRIAL).tolist() == [[4 / 3, 0], [0, 4], [0, 0], [0, 0]]
    forecasts = np.tile([0.25, 0.5], (4, 1))
    expected = [
        [0.25 + 0.75 / 0.75, 0.5],
        [0.25, 0.5 + 0.5 / 0.25],
        [0.25 - 0.25 / 0.75, 0.5],
        [0.25, 0.5 - 0.5 / 0.25],
    ]
    assert outcome_scores(TRIAL, forecasts) == pytest.approx(np.array(expected))


def test_values_and_gains_by_hand() -> None:
    scores = np.array([[1.0, 2.0], [0.0, 4.0], [2.0, 0.0], [1.0, 2.0]])
    value = policy_value(scores, [1, 1, 0, 0])
    assert value.estimate == pytest.approx((2 + 4 + 2 + 1) / 4)
    gain = policy_gain(scores, [1, 1, 0, 0], np.ones(4))
    assert gain.estimate == pytest.approx((0 + 0 + 2 - 1) / 4)
    reach = 1.959964 * np.std([0, 0, 2, -1], ddof=1) / 2
    assert (gain.low, gain.high) == pytest.approx((0.25 - reach, 0.25 + reach))
    assert policy_value(scores, single_arm(1, 4, 2, 0.25)).estimate == pytest.approx(1 + 0.25 * 1)


@pytest.mark.parametrize("with_forecasts", [False, True])
def test_values_are_unbiased_even_with_bad_forecasts(with_forecasts: bool) -> None:
    """Over 60 trials the mean error is within its own error, and the intervals cover about as often as they say."""
    errors, covered = [], 0
    for seed in range(60):
        made = campaign(800, seed)
        rule = np.where(made.trial.covariates["buys"] == "books", 2, 1)
        truth = float(made.means[np.arange(800), rule].mean())
        forecasts = np.full((800, 3), 0.9) if with_forecasts else None
        found = policy_value(outcome_scores(made.trial, forecasts), rule)
        errors.append(found.estimate - truth)
        covered += found.low <= truth <= found.high
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(60)
    assert covered >= 51


def test_good_forecasts_narrow_the_interval_without_moving_it() -> None:
    made = campaign(4_000, 1)
    plain, informed = (effect_interval(outcome_scores(made.trial, m), 2) for m in (None, made.means))
    assert informed.high - informed.low < 0.95 * (plain.high - plain.low)
    assert plain.low < made.effects[:, 1].mean() < plain.high


def test_each_customer_gets_the_arm_that_pays_most() -> None:
    effects = np.array([[0.1, 0.3], [-0.1, -0.2], [0.2, 0.1], [0.05, 0.04]])
    assert best_arms(effects).tolist() == [2, 0, 1, 1]
    assert best_arms(effects, costs=[0.06, 0.0]).tolist() == [2, 0, 1, 2]
    assert best_arms(effects, budget_share=0.5).tolist() == [2, 0, 1, 0]
    assert best_arms(effects, only=1).tolist() == [1, 0, 1, 1]


@given(st.integers(0, 10_000), st.integers(1, 60), st.floats(0, 1), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_a_rule_keeps_its_budget_and_never_offers_what_does_not_pay(
    seed: int, n: int, budget_share: float, offers: int
) -> None:
    effects = np.random.default_rng(seed).normal(0, 0.1, (n, offers))
    chosen = best_arms(effects, budget_share=budget_share)
    got = chosen > 0
    gains = np.where(got, effects[np.arange(n), np.maximum(chosen - 1, 0)], 0)
    assert got.sum() <= int(n * budget_share)
    assert (gains[got] > 0).all()
    assert (gains[got] == effects.max(axis=1)[got]).all()
    left_out = effects.max(axis=1)[~got]
    full = got.sum() == int(n * budget_share)
    assert not got.any() or not full or left_out.max(initial=-1) <= gains[got].min()
    assert full or (left_out <= 0).all()


def test_bad_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="budget share"):
        best_arms(np.ones((3, 1)), budget_share=1.2)
    with pytest.raises(ValueError, match="arm per customer"):
        policy_value(np.ones((3, 2)), [0, 1])
    with pytest.raises(ValueError, match="forecasts need the shape"):
        outcome_scores(TRIAL, np.ones((4, 3)))
