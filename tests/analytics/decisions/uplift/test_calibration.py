"""Calibration of effects: right predictions pass, stretched, shifted and empty ones do not."""

import numpy as np
import pytest

from analytics.decisions.uplift.calibration import effect_calibration
from analytics.decisions.uplift.policy_value import outcome_scores
from tests.analytics.decisions.uplift.campaigns import campaign

CAMPAIGN = campaign(12_000, 3)
TRUE = CAMPAIGN.effects[:, 1]
_ALL = outcome_scores(CAMPAIGN.trial, CAMPAIGN.means)
SCORES = _ALL[:, 2] - _ALL[:, 0]


def test_groups_by_hand() -> None:
    found = effect_calibration([0.1, 0.3, 0.2, 0.4], [0.0, 1.0, 0.2, 0.0], groups=2)
    assert [group.customers for group in found.groups] == [2, 2]
    assert [group.predicted for group in found.groups] == pytest.approx([0.15, 0.35])
    assert [group.observed.estimate for group in found.groups] == pytest.approx([0.1, 0.5])
    assert found.error == pytest.approx((0.05 + 0.15) / 2)
    # Least squares: sum of (x - 0.25)(y) / sum of (x - 0.25)^2 = (0.05 - 0.01) / 0.05.
    assert found.slope.estimate == pytest.approx(0.04 / 0.05)


def test_intervals_cover_for_true_effects_about_as_often_as_they_say() -> None:
    slopes, gaps, errors = [], [], []
    for seed in range(40):
        made = campaign(2_000, seed)
        scores = outcome_scores(made.trial, made.means)
        found = effect_calibration(made.effects[:, 1], scores[:, 2] - scores[:, 0])
        slopes.append(found.slope.low < 1 < found.slope.high)
        gaps.append(found.mean_gap.covers_zero)
        errors.append(found.error / found.error_floor)
    assert sum(slopes) >= 34
    assert sum(gaps) >= 34
    assert 0.85 < np.mean(errors) < 1.15


def test_stretched_and_shifted_predictions_show() -> None:
    stretched = effect_calibration(3 * TRUE, SCORES)
    assert stretched.slope.high < 0.6
    shifted = effect_calibration(TRUE + 0.2, SCORES)
    assert not shifted.mean_gap.covers_zero
    assert shifted.error > 5 * shifted.error_floor


def test_noise_does_not_tell_customers_apart() -> None:
    noise = np.random.default_rng(0).normal(0.1, 0.05, len(TRUE))
    assert effect_calibration(noise, SCORES).slope.covers_zero
    constant = effect_calibration(np.full(len(TRUE), 0.1), SCORES)
    assert np.isnan(constant.slope.estimate)
    assert not constant.tells_customers_apart


def test_bad_arrays_are_named() -> None:
    with pytest.raises(ValueError, match="equal length"):
        effect_calibration([0.1, 0.2], [0.1])
    with pytest.raises(ValueError, match="at least 20"):
        effect_calibration(np.zeros(5), np.zeros(5))
