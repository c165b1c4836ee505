"""The interval of how many leave holds what it says, against the exact distribution."""

import numpy as np
import pytest

from analytics.evaluation.counts import CountInterval, count_interval


def exact(p: np.ndarray) -> np.ndarray:
    """The distribution of the count, by convolution."""
    found = np.ones(1)
    for one in p:
        found = np.convolve(found, [1 - one, one])
    return found


def interval(p: np.ndarray, spread: float | None = None) -> CountInterval:
    q = p * (1 - p)
    return count_interval(p.sum(), q.sum(), (q * (1 - 2 * p)).sum(), len(p), log_odds_spread=spread)


@pytest.mark.parametrize(("size", "risk"), [(20, 0.02), (60, 0.05), (400, 0.03), (400, 0.6), (1000, 0.2)])
def test_the_interval_holds_the_count_as_often_as_it_says(size: int, risk: float) -> None:
    p = np.random.default_rng(3).beta(risk * 4, (1 - risk) * 4, size)
    found, chances = interval(p), exact(p)
    held = chances[found.chance_low : found.chance_high + 1].sum()
    assert held >= 0.945
    tighter = chances[found.chance_low + 2 : found.chance_high - 1].sum()
    assert tighter < 0.95


def test_an_error_that_all_forecasts_share_widens_it() -> None:
    p = np.full(1000, 0.05)
    chance, both = interval(p), interval(p, 0.3)
    assert (both.chance_low, both.chance_high) == (chance.low, chance.high)
    assert both.low < chance.low < 50 < chance.high < both.high
    assert (chance.covers_model_error, both.covers_model_error) == (False, True)
    rng = np.random.default_rng(0)
    odds = np.log(0.05 / 0.95) + rng.normal(0, 0.3, 4000)
    counts = rng.binomial(1000, 1 / (1 + np.exp(-odds)))
    assert np.mean((counts >= both.low) & (counts <= both.high)) > 0.93


def test_nobody_and_certainty_have_no_interval() -> None:
    assert (interval(np.zeros(5)).low, interval(np.zeros(5)).high) == (0, 0)
    assert (interval(np.ones(5)).low, interval(np.ones(5)).high) == (5, 5)
    assert interval(np.full(3, 0.01)).low == 0
    assert interval(np.full(3, 0.99)).high == 3
