"""What survival curves answer obeys the laws of survival, for any hazards."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.survival import FollowedEvent, SurvivalCurves
from analytics.value import residual_value

quietly = settings(derandomize=True, deadline=None, max_examples=40)
hazards = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 14)), elements=st.floats(0, 1))


def curves(table: np.ndarray, event: FollowedEvent = FollowedEvent.END, share: float | None = None) -> SurvivalCurves:
    return SurvivalCurves(table, 30, event, None if share is None else np.full(table.shape, share))


@quietly
@given(hazards)
def test_survival_is_a_falling_probability_that_starts_at_one(table: np.ndarray) -> None:
    found = curves(table)
    kept = found.survival(np.linspace(0, found.cap_days, 50))
    assert (kept[:, 0] == 1).all()
    assert ((kept >= 0) & (kept <= 1)).all()
    assert (np.diff(kept, axis=1) <= 1e-12).all()
    np.testing.assert_allclose(kept[:, -1], np.prod(1 - table, axis=1), atol=1e-12)


@quietly
@given(hazards)
def test_churn_rises_with_the_horizon_unless_it_is_that_nothing_comes(table: np.ndarray) -> None:
    horizons = np.array([0, 1, 30, 30 * table.shape[1]])
    assert (np.diff(curves(table).churn_probability(horizons), axis=1) >= -1e-12).all()
    silent = curves(table, FollowedEvent.ACT).churn_probability(horizons)
    assert (np.diff(silent, axis=1) <= 1e-12).all()
    np.testing.assert_allclose(silent, 1 - curves(table).churn_probability(horizons))


@quietly
@given(hazards)
def test_the_expected_time_is_the_area_under_the_curve(table: np.ndarray) -> None:
    found = curves(np.minimum(table, 0.999))
    grid = np.linspace(0, found.cap_days, 20_001)
    area = np.trapezoid(found.survival(grid), grid, axis=1)
    np.testing.assert_allclose(found.expected_days(), area, rtol=2e-3)
    assert (found.expected_days() <= found.cap_days + 1e-9).all()
    assert (found.expected_days(found.cap_days / 2) <= found.expected_days() + 1e-9).all()


def test_expected_time_of_known_cases() -> None:
    assert curves(np.zeros((1, 3))).expected_days() == pytest.approx([90.0])
    assert curves(np.zeros((1, 3))).expected_days(45) == pytest.approx([45.0])
    half = curves(np.array([[0.5]]))
    assert half.expected_days() == pytest.approx([30 * 0.5 / np.log(2)])
    assert half.survival([15.0])[0, 0] == pytest.approx(np.sqrt(0.5))


@quietly
@given(hazards, st.floats(0, 1))
def test_leaving_by_choice_and_by_failed_payment_add_up(table: np.ndarray, share: float) -> None:
    found = curves(table, share=share)
    horizons = np.linspace(0, found.cap_days, 9)
    involuntary = found.incidence(horizons, involuntary=True)
    np.testing.assert_allclose(
        involuntary + found.incidence(horizons, involuntary=False), found.churn_probability(horizons), atol=1e-9
    )
    np.testing.assert_allclose(involuntary, share * found.churn_probability(horizons), atol=1e-9)
    assert (np.diff(involuntary, axis=1) >= -1e-12).all()


def test_months_of_value_follow_the_curve_and_go_on_with_its_last_quarter() -> None:
    table = np.tile([0.3, 0.1, 0.1, 0.02], (1, 1))
    found = curves(table)
    monthly = found.monthly_hazards(12)
    assert monthly.shape == (1, 12)
    at = found.survival([365.25 / 12, 2 * 365.25 / 12])[0]
    assert monthly[0, :2] == pytest.approx([1 - at[0], 1 - at[1] / at[0]])
    assert monthly[0, 4:] == pytest.approx(1 - 0.98 ** (365.25 / 12 / 30))


@quietly
@given(hazards, st.floats(0, 500), st.floats(0.1, 2), st.integers(1, 60))
def test_residual_value_grows_with_margin_and_falls_with_hazard(
    table: np.ndarray, margin: float, more: float, months: int
) -> None:
    risky, safe = curves(table), curves(table / (1 + more))
    worth = residual_value(margin, risky.monthly_hazards(months), months_cap=months)
    assert (worth <= residual_value(margin * (1 + more), risky.monthly_hazards(months), months_cap=months) + 1e-9).all()
    assert (worth <= residual_value(margin, safe.monthly_hazards(months), months_cap=months) + 1e-9).all()
    assert ((worth >= 0) & (worth <= margin * months + 1e-9)).all()


def test_what_was_not_seen_is_not_said() -> None:
    found = curves(np.full((1, 2), 0.1))
    for horizon in (-1, 61):
        with pytest.raises(ValueError, match=r"outside 0\.\.60 days"):
            found.churn_probability(horizon)
    with pytest.raises(ValueError, match="who ended"):
        found.incidence(30, involuntary=True)
    with pytest.raises(ValueError, match="hazard lies outside"):
        curves(np.array([[1.2]]))
    with pytest.raises(ValueError, match="shape"):
        curves(np.zeros((2, 0)))


@quietly
@given(
    arrays(np.float64, (3, 6), elements=st.floats(0, 0.9)),
    arrays(np.float64, 3, elements=st.floats(0.0, 1.0)),
    st.sampled_from([10.0, 30.0, 45.0, 90.0, 180.0, 400.0]),
)
def test_bent_curves_fall_and_say_the_wanted_probability_at_the_horizon(
    table: np.ndarray, wanted: np.ndarray, horizon: float
) -> None:
    bent = curves(table).through(wanted, horizon)
    np.testing.assert_allclose(bent.churn_probability(horizon)[:, 0], np.clip(wanted, 1e-9, 1 - 1e-9), atol=1e-6)
    assert (np.diff(bent.churn_probability(np.arange(bent.cap_days + 1)), axis=1) >= -1e-9).all()


def test_bending_leaves_the_first_month_alone_where_there_is_room() -> None:
    found = curves(np.array([[0.04, 0.05, 0.06, 0.05], [0.5, 0.05, 0.06, 0.05]])).through([0.3, 0.2], 90)
    assert found.hazards[0, 0] == pytest.approx(0.04)
    # All that is to come within the horizon cannot come in the first month.
    assert found.churn_probability(30)[1, 0] == pytest.approx(1 - 0.8**0.8)
    assert found.hazards[0, 2] > found.hazards[0, 1] > 0.05


def test_curves_that_end_before_the_horizon_are_continued_and_silence_cannot_be_bent() -> None:
    found = curves(np.array([[0.1]])).through([0.5], 90)
    assert found.cap_days == 90
    assert found.churn_probability([30, 90])[0] == pytest.approx([0.1, 0.5])
    with pytest.raises(ValueError, match="cannot be bent"):
        curves(np.array([[0.1]]), FollowedEvent.ACT).through([0.5], 30)
