"""Revenue at risk, residual value and risk bands."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.value import (
    RiskThresholds,
    expected_months,
    monthly_hazard,
    residual_value,
    revenue_at_risk,
    risk_band,
    risk_bands,
)
from db.errors import SettingsError
from db.vocabulary import RiskBand

probabilities = st.floats(0.0, 1.0)
margins = st.floats(0.0, 10_000.0)
quietly = settings(derandomize=True, deadline=None, max_examples=50)


def test_revenue_at_risk_is_probability_times_revenue_times_months() -> None:
    assert revenue_at_risk([0.25], [40.0], 365.25 / 4) == pytest.approx([30.0])


def test_unknown_revenue_stays_unknown_and_credit_counts_as_nothing() -> None:
    at_risk = revenue_at_risk([0.5, 0.5], [np.nan, -10.0], 90)
    assert np.isnan(at_risk[0])
    assert at_risk[1] == 0.0


@quietly
@given(probabilities, probabilities, margins)
def test_revenue_at_risk_grows_with_the_probability_and_stays_below_the_revenue(
    one: float, other: float, revenue: float
) -> None:
    low, high = revenue_at_risk(sorted([one, other]), revenue, 90)
    assert 0.0 <= low <= high <= revenue * 3


@quietly
@given(probabilities, st.integers(28, 720))
def test_the_monthly_hazard_compounds_to_the_probability(probability: float, days: int) -> None:
    months = days / (365.25 / 12)
    assert 1 - (1 - monthly_hazard(probability, days)) ** months == pytest.approx(probability, abs=1e-6)


@quietly
@given(margins, probabilities, probabilities, st.integers(0, 120), st.floats(0.0, 0.5))
def test_residual_value_falls_with_the_hazard_and_is_bounded(
    margin: float, one: float, other: float, cap: int, rate: float
) -> None:
    safe, risky = residual_value(margin, sorted([one, other]), yearly_discount_rate=rate, months_cap=cap)
    assert 0.0 <= risky <= safe * (1 + 1e-9)
    assert safe <= margin * cap * (1 + 1e-9)


@quietly
@given(margins, probabilities, st.integers(1, 60), st.floats(0.0, 0.5))
def test_a_flat_curve_is_worth_what_a_constant_hazard_is(margin: float, hazard: float, cap: int, rate: float) -> None:
    constant = residual_value(margin, [hazard], yearly_discount_rate=rate, months_cap=cap)
    curve = residual_value(margin, np.full((1, 7), hazard), yearly_discount_rate=rate, months_cap=cap)
    assert curve == pytest.approx(constant, rel=1e-9, abs=1e-9)


def test_residual_value_of_a_known_case() -> None:
    by_hand = 10 * (0.9 / 1.01 + 0.81 / 1.01**2)
    assert residual_value(10.0, [0.1], yearly_discount_rate=1.01**12 - 1, months_cap=2) == pytest.approx([by_hand])


def test_a_loyal_customer_stays_to_the_cap_and_a_leaving_one_not_a_month() -> None:
    assert expected_months([0.0, 1.0], months_cap=24) == pytest.approx([24.0, 0.0])


def test_a_negative_margin_is_worth_nothing() -> None:
    assert residual_value([-5.0], [0.1])[0] == 0.0


def test_thresholds_follow_the_base_rate() -> None:
    thresholds = RiskThresholds.from_base_rate(0.1)
    assert (thresholds.medium, thresholds.high) == pytest.approx((0.1, 0.2))
    assert thresholds.describe() == "High: 20% or more. Medium: 10% or more. Low: below 10%."


@quietly
@given(probabilities)
def test_every_base_rate_gives_usable_thresholds(base_rate: float) -> None:
    thresholds = RiskThresholds.from_base_rate(base_rate)
    assert 0.0 < thresholds.medium < thresholds.high < 1.0


@pytest.mark.parametrize(
    ("probability", "band"),
    [(0.0, RiskBand.LOW), (0.0999, RiskBand.LOW), (0.1, RiskBand.MEDIUM), (0.2, RiskBand.HIGH), (1.0, RiskBand.HIGH)],
)
def test_a_threshold_belongs_to_the_band_above_it(probability: float, band: RiskBand) -> None:
    assert risk_band(probability, RiskThresholds(0.1, 0.2)) is band


def test_bands_refuse_what_is_no_probability() -> None:
    with pytest.raises(ValueError, match="missing"):
        risk_bands([0.1, np.nan], RiskThresholds(0.1, 0.2))
    with pytest.raises(ValueError, match="outside"):
        risk_bands([1.2], RiskThresholds(0.1, 0.2))


def test_thresholds_must_rise() -> None:
    with pytest.raises(SettingsError, match="rise"):
        RiskThresholds(0.3, 0.2)


@pytest.mark.parametrize(("rate", "cap"), [(-1.0, 12), (0.1, -1)])
def test_residual_value_refuses_impossible_settings(rate: float, cap: int) -> None:
    with pytest.raises(ValueError, match="must"):
        residual_value([1.0], [0.1], yearly_discount_rate=rate, months_cap=cap)
