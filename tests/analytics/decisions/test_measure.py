"""Effects against the holdout: right on average, honest about what cannot be told, and sized beforehand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.experiment import (
    Sides,
    measure,
    minimum_detectable_effect,
    plan_holdout,
    sample_ratio_p_value,
)


def drawn(rng: np.random.Generator, count: int, share: float, rates: tuple[float, float], cost: float = 1.0) -> Sides:
    """Customers of whom the treated stay at the first rate and the held out at the second."""
    treated = rng.random(count) >= share
    return Sides(
        treated=treated,
        retained=rng.random(count) < np.where(treated, *rates),
        worth=rng.gamma(4.0, 50.0, count),
        cost=np.where(treated, cost, 0.0),
    )


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    found = [measure(drawn(rng, 1_500, 0.2, (0.8, 0.74)), 0.2) for _ in range(400)]
    measured = [one for one in found if one is not None]
    assert len(measured) == 400
    rate = sum(one.save_rate.low <= 0.06 <= one.save_rate.high for one in measured) / 400
    # The worth of 200 is independent of staying, so each treated customer brings 0.06 x 200 - 1 more.
    money = sum(one.revenue.low <= one.treated * 11.0 <= one.revenue.high for one in measured) / 400
    assert 0.92 <= rate <= 0.98
    assert 0.92 <= money <= 0.98
    assert np.mean([one.save_rate.estimate for one in measured]) == pytest.approx(0.06, abs=0.004)


def test_figures_of_a_small_experiment_are_those_by_hand() -> None:
    treated = np.array([True] * 70 + [False] * 80)
    retained = np.array([True] * 56 + [False] * 14 + [True] * 48 + [False] * 32)
    found = measure(Sides(treated, retained, np.full(150, 10.0), np.where(treated, 1.0, 0.0)), 80 / 150)
    assert found is not None
    assert (found.treated_retained, found.holdout_retained) == (0.8, 0.6)
    # Newcombe 1998, table II, contrast (a).
    assert (found.save_rate.low, found.save_rate.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.saves.estimate == pytest.approx(14.0)
    assert found.revenue.estimate == pytest.approx(70 * (8.0 - 1.0 - 6.0))
    assert found.is_shown
    assert found.as_json()["incremental_save_rate"] == {"estimate": 0.2, "low": 0.0524, "high": 0.3339}


def test_no_save_is_claimed_where_the_split_is_not_as_planned() -> None:
    rng = np.random.default_rng(0)
    found = measure(drawn(rng, 4_000, 0.5, (0.9, 0.5)), 0.1)
    assert found is not None
    assert found.save_rate.low > 0.3
    assert not found.is_shown


@pytest.mark.parametrize("held", [0, 1])
def test_a_side_without_customers_has_no_effect(held: int) -> None:
    treated = np.array([False] * held + [True] * 9)
    assert measure(Sides(treated, treated, np.ones(9 + held), np.zeros(9 + held)), 0.1) is None


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(0, 2_000_000), st.floats(0, 1), st.floats(0, 0.9), st.floats(0, 1))
def test_a_holdout_is_sized_from_volume_and_base_rate(customers: int, rate: float, share: float, change: float) -> None:
    plan = plan_holdout(customers, rate, share, change)
    assert "nan" not in plan.sentence()
    assert "inf" not in plan.sentence()
    if plan.recommended_share is not None:
        recommended = minimum_detectable_effect(customers, rate, plan.recommended_share)
        assert recommended <= plan.expected_change <= rate


def test_the_plan_says_what_it_can_show() -> None:
    plan = plan_holdout(10_000, 0.2, 0.1, 0.05)
    assert plan.sentence().startswith("1,000 of 10,000 customers with an offer (10%) are held out: at a churn rate of")
    assert f"{plan.minimum_detectable_effect * 100:.1f} points or more" in plan.sentence()
    assert plan.as_json()["recommended_share"] == plan.recommended_share
    few = plan_holdout(20, 0.2, 0.1, 0.01)
    assert few.minimum_detectable_effect == math.inf
    assert "too few" in few.sentence()
    assert "more customers or more time" in few.sentence()


def test_a_fair_split_is_no_alarm() -> None:
    rng = np.random.default_rng(5)
    found = [measure(drawn(rng, 2_000, 0.1, (0.8, 0.8)), 0.1) for _ in range(200)]
    assert sum(one is not None and one.sample_ratio_p_value < 0.001 for one in found) <= 2
    assert sample_ratio_p_value(0, 0, 0.1) == 1.0
