"""The holdout is stable, of the promised size, and large enough to show what it must."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.experiment import (
    Experiment,
    assign,
    holdout_share_for,
    minimum_detectable_effect,
    sample_ratio_p_value,
    sample_size_per_arm,
    share_of_hash,
)
from db.errors import SettingsError
from db.vocabulary import Arm


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.floats(0, 0.99))
def test_an_assignment_is_the_same_whenever_it_is_asked(experiment: str, customer: str, share: float) -> None:
    first = assign(experiment, customer, share)
    assert first == assign(experiment, customer, share)
    assert first.assignment_probability == (share if first.arm is Arm.HOLDOUT else 1 - share)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.text(max_size=20), st.floats(0, 0.98), st.floats(0, 0.98))
def test_a_larger_holdout_keeps_everyone_who_was_held_out(customer: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    if assign("e", customer, small).arm is Arm.HOLDOUT:
        assert assign("e", customer, large).arm is Arm.HOLDOUT


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5])
def test_the_share_held_out_is_the_share_asked_for(share: float) -> None:
    held = sum(assign("retention", f"c-{index}", share).arm is Arm.HOLDOUT for index in range(20_000))
    assert sample_ratio_p_value(held, 20_000 - held, share) > 0.001


def test_experiments_are_independent_of_one_another() -> None:
    both = sum(share_of_hash("a", str(index)) < 0.5 and share_of_hash("b", str(index)) < 0.5 for index in range(20_000))
    assert 4_800 < both < 5_200
    assert share_of_hash("a", "b:c") != share_of_hash("a:b", "c")


def test_nobody_is_held_out_at_a_share_of_zero() -> None:
    assert {assign("e", str(index), 0.0).arm for index in range(500)} == {Arm.TREATED}


@pytest.mark.parametrize(("rate", "other", "size"), [(0.2, 0.25, 1091), (0.7, 0.75, 1248), (0.9, 0.92, 3211)])
def test_sample_sizes_agree_with_the_published_formula(rate: float, other: float, size: int) -> None:
    assert sample_size_per_arm(rate, other) == size


def test_the_detectable_effect_is_the_inverse_of_the_sample_size() -> None:
    assert minimum_detectable_effect(2 * 1091, 0.25, 0.5) == pytest.approx(0.05, abs=1e-4)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.integers(50, 1_000_000), st.floats(0.02, 0.9), st.floats(0.05, 0.5))
def test_more_customers_and_fairer_splits_show_smaller_effects(customers: int, rate: float, share: float) -> None:
    effect = minimum_detectable_effect(customers, rate, share)
    assert minimum_detectable_effect(2 * customers, rate, share) <= effect
    assert effect > 0


def test_too_few_customers_can_show_nothing() -> None:
    assert minimum_detectable_effect(30, 0.1, 0.1) == math.inf
    assert minimum_detectable_effect(0, 0.1, 0.1) == math.inf
    assert holdout_share_for(200, 0.1, 0.01) is None


def test_the_recommended_holdout_is_the_smallest_that_shows_the_effect() -> None:
    share = holdout_share_for(20_000, 0.2, 0.03)
    assert share is not None
    assert minimum_detectable_effect(20_000, 0.2, share) <= 0.03
    assert share == 0.05 or minimum_detectable_effect(20_000, 0.2, share - 0.01) > 0.03


def test_a_split_that_went_wrong_is_noticed() -> None:
    assert sample_ratio_p_value(1_300, 8_700, 0.1) < 0.001
    assert sample_ratio_p_value(1_010, 8_990, 0.1) > 0.5


@pytest.mark.parametrize(("name", "share", "message"), [(" ", 0.1, "needs a name"), ("e", 1.0, "between 0 and 1")])
def test_an_experiment_that_cannot_be_is_refused(name: str, share: float, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Experiment(name, share)
