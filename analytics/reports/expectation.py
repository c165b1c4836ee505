"""How many customers and how much money a set of churn probabilities is expected to lose, with a likely range."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.reports.facts import ModelFacts

Z95 = 1.959964
"""Standard deviations to either side that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """An expected total and the range it will likely fall in."""

    value: float
    low: float
    high: float


def level_error(model: ModelFacts | None) -> float:
    """How far the level of forecasts was off when the model was judged: |left / expected - 1|; 0 where unknown."""
    return error_of(judged_totals(model))


def error_of(seen: tuple[float, float] | None) -> float:
    """|left / expected - 1| of customers expected to leave and who left, 1 at most; 0 where unknown."""
    if seen is None or seen[0] <= 0:
        return 0.0
    expected, left = seen
    return min(1.0, abs(left / expected - 1.0))


def judged_totals(model: ModelFacts | None) -> tuple[float, float] | None:
    """Customers expected to leave and customers who left, among those the model was judged on."""
    bins = model.metrics.get("calibration") if model else None
    if not bins:
        return None
    expected = sum(float(one["forecast"]) * int(one["n"]) for one in bins)
    left = sum(float(one["churned"]) * int(one["n"]) for one in bins)
    return expected, left


def expected_total(probability: pd.Series, weight: pd.Series | float, off: float) -> Expectation:
    """Sum of probability x weight with its 95 % range, never below 0 nor above the sum of weights.

    variance = sum of w^2 p (1 - p), the chance of independent departures, + (off x total)^2, the error of the level.
    """
    p = probability.to_numpy(dtype=np.float64)
    w = np.broadcast_to(np.asarray(weight, dtype=np.float64), p.shape)
    known = np.isfinite(p) & np.isfinite(w)
    p, w = p[known], w[known]
    total = float(np.sum(p * w))
    spread = Z95 * float(np.sqrt(np.sum(w * w * p * (1 - p)) + (off * total) ** 2))
    return Expectation(total, max(0.0, total - spread), min(float(np.sum(w)), total + spread))
