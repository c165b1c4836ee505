"""Metrics agree with their definitions on small cases and with scikit-learn where it has them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from analytics.evaluation.metrics import (
    Campaign,
    brier,
    calibration_line,
    churn_metrics,
    ece,
    ece_floor,
    expected_maximum_profit,
    gains_by_decile,
    lift_at,
    log_loss,
    maximum_profit,
    one_column_baseline,
    prevalence_baseline,
    profit_curve,
    recall_at,
)

pairs = st.lists(st.tuples(st.integers(0, 1), st.floats(0.001, 0.999)), min_size=12, max_size=60)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(pairs)
def test_log_loss_and_brier_are_those_of_scikit_learn(rows: list[tuple[int, float]]) -> None:
    y, p = np.array(rows).T
    assert log_loss(y, p) == pytest.approx(sklearn_log_loss(y, p, labels=[0, 1]))
    assert brier(y, p) == pytest.approx(brier_score_loss(y, p, labels=[0, 1], pos_label=1))


def test_ece_of_two_bins_by_hand() -> None:
    assert ece([0, 1, 1, 1], [0.1, 0.3, 0.8, 0.9], bins=2) == pytest.approx((0.6 + 0.3) / 4)


def test_calibrated_forecasts_reach_the_floor_and_a_line_of_one_and_zero() -> None:
    rng = np.random.default_rng(0)
    p = rng.beta(1, 3, 20_000)
    y = (rng.random(p.size) < p).astype(float)
    slope, intercept = calibration_line(y, p)
    assert [slope, intercept] == pytest.approx([1, 0], abs=0.08)
    assert ece(y, p) < 1.8 * ece_floor(p)
    assert ece(y, p**2) > 5 * ece_floor(p**2)


def test_the_floor_falls_with_the_number_of_customers() -> None:
    rng = np.random.default_rng(0)
    assert ece_floor(rng.random(8_000)) < 0.6 * ece_floor(rng.random(1_000))


def test_lift_recall_and_gains_by_hand() -> None:
    y, p = [1, 1, 0, 0, 0, 0, 0, 0, 0, 1], np.linspace(0.9, 0.1, 10)
    assert lift_at(y, p, 0.2) == pytest.approx(1 / 0.3)
    assert recall_at(y, p, 0.2) == pytest.approx(2 / 3)
    gains = gains_by_decile(y, p)
    assert gains["recall"].tolist() == pytest.approx([1 / 3] + [2 / 3] * 8 + [1.0])
    assert gains["customers"].sum() == 10


def test_profit_is_that_of_contacting_the_right_ones() -> None:
    y, p = [1, 0, 0, 0], [0.9, 0.5, 0.3, 0.1]
    campaign = Campaign(customer_value=100, offer_cost=10, contact_cost=2, acceptance=0.5)
    assert profit_curve(y, p, campaign)["profit"].tolist() == pytest.approx([0, 43 / 4, 31 / 4, 19 / 4, 7 / 4])
    assert list(maximum_profit(y, p, campaign)) == pytest.approx([43 / 4, 0.25])
    assert 0 < expected_maximum_profit(y, p, campaign) < 43 / 4


@settings(derandomize=True, deadline=None, max_examples=30)
@given(pairs)
def test_nobody_contacted_bounds_the_profit_from_below(rows: list[tuple[int, float]]) -> None:
    y, p = np.array(rows).T
    best, share = maximum_profit(y, p, Campaign())
    assert best >= 0
    assert 0 <= share <= 1


def test_figures_of_one_class_are_nan_not_errors() -> None:
    figures = churn_metrics([0, 0, 0], [0.1, 0.2, 0.3])
    assert np.isnan(figures.auc)
    assert figures.brier == pytest.approx((0.01 + 0.04 + 0.09) / 3)


@pytest.mark.parametrize(
    ("y", "p", "told"),
    [([0, 1], [0.5], "equally long"), ([], [], "not empty"), ([0, 2], [0.5, 0.5], "only 0 and 1"), ([0], [2], "only")],
)
def test_unusable_inputs_are_refused(y: list[float], p: list[float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        log_loss(y, p)


def test_baselines_forecast_from_rate_and_from_one_column() -> None:
    tenure = np.r_[np.arange(50.0), np.nan]
    churned = (tenure < 20).astype(float)
    assert prevalence_baseline(churned, 3).tolist() == pytest.approx([20 / 51] * 3)
    found = one_column_baseline(tenure, churned, [1.0, 40.0, np.nan])
    assert found[0] > 0.7 > 0.3 > found[1]
    assert np.isfinite(found).all()
