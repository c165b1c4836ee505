"""Whether predicted effects come true: by groups of equal size, and as a line through all customers.

A customer's effect is never seen, but its doubly robust score (`policy_value.outcome_scores`, arm less control) has it
as its mean. Regressing the score on the prediction gives the best linear predictor of Chernozhukov, Demirer, Duflo &
Fernandez-Val, Generic machine learning inference on heterogeneous treatment effects (2018): a slope of 1 means that
differences between predictions come true in full, 0 that they mean nothing.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analytics.decisions.uplift.policy_value import mean_interval
from analytics.decisions.uplift.trial import Floats
from analytics.evaluation.intervals import Interval


@dataclass(frozen=True, slots=True)
class EffectGroup:
    """Customers of similar predicted effect: how many, what was predicted, and what was observed."""

    customers: int
    predicted: float
    observed: Interval


@dataclass(frozen=True, slots=True)
class EffectCalibration:
    """Groups from the lowest to the highest prediction, the line through all customers, and the mean gap.

    `slope` is NaN with infinite ends where all predictions are equal. `error` is the mean over customers of the
    absolute gap of their group, `error_floor` what chance alone makes of it when every prediction is right.
    """

    groups: tuple[EffectGroup, ...]
    average_effect: Interval
    mean_gap: Interval
    slope: Interval
    error: float
    error_floor: float

    @property
    def tells_customers_apart(self) -> bool:
        """Whether customers with higher predictions surely gain more."""
        return self.slope.low > 0


def effect_calibration(
    predicted: npt.ArrayLike, scores: npt.ArrayLike, *, groups: int = 10, level: float = 0.95
) -> EffectCalibration:
    """Compare predicted effects (n,) with scores (n,) of the effect, from customers the predictor has not seen.

    Raises:
        ValueError: the arrays do not fit, hold NaN, or there are fewer than two customers per group.
    """
    forecast, seen = np.asarray(predicted, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if forecast.ndim != 1 or forecast.shape != seen.shape or np.isnan(forecast).any() or np.isnan(seen).any():
        raise ValueError(f"predicted and scores need equal length and no NaN, got {forecast.shape} and {seen.shape}")
    if groups < 1 or len(forecast) < 2 * groups:
        raise ValueError(f"{groups} groups need at least {2 * groups} customers, got {len(forecast)}")
    parts = np.array_split(np.argsort(forecast, kind="stable"), groups)
    found = tuple(EffectGroup(len(p), float(forecast[p].mean()), mean_interval(seen[p], level=level)) for p in parts)
    shares = np.array([len(part) for part in parts]) / len(forecast)
    gaps = np.array([abs(group.observed.estimate - group.predicted) for group in found])
    spreads = np.array([seen[part].std(ddof=1) / len(part) ** 0.5 for part in parts])
    return EffectCalibration(
        groups=found,
        average_effect=mean_interval(seen, level=level),
        mean_gap=mean_interval(seen - forecast, level=level),
        slope=_slope(forecast, seen, level),
        error=float(shares @ gaps),
        error_floor=float(shares @ spreads * np.sqrt(2 / np.pi)),
    )


def _slope(forecast: Floats, seen: Floats, level: float) -> Interval:
    """Least-squares slope with the standard error of White (1980), robust to unequal noise."""
    centred = forecast - forecast.mean()
    spread = float(centred @ centred)
    if spread < 1e-18 * len(forecast):
        return Interval(float("nan"), float("-inf"), float("inf"), level)
    slope = float(centred @ seen) / spread
    residual = seen - seen.mean() - slope * centred
    error = float(np.sqrt((centred**2) @ (residual**2))) / spread
    reach = NormalDist().inv_cdf((1 + level) / 2) * error
    return Interval(slope, slope - reach, slope + reach, level)
