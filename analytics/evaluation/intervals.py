"""Bootstrap intervals of metrics, alone and for the difference of two forecasts of the same customers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.evaluation.metrics import Floats

Metric = Callable[[Floats, Floats], float]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its interval at `level`."""

    estimate: float
    low: float
    high: float
    level: float = 0.95

    @property
    def covers_zero(self) -> bool:
        """Whether zero lies inside, so that a difference must not be called a win."""
        return self.low <= 0 <= self.high


def resamples(y: npt.ArrayLike, draws: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """Row positions of `draws` bootstrap samples, stratified by outcome so that each holds both classes."""
    target = np.asarray(y)
    rng = np.random.default_rng(seed)
    classes = [np.flatnonzero(target == value) for value in np.unique(target)]
    return [np.concatenate([rng.choice(rows, len(rows)) for rows in classes]) for _ in range(draws)]


def bootstrap(
    y: npt.ArrayLike, p: npt.ArrayLike, metric: Metric, *, draws: int = 500, level: float = 0.95, seed: int = 0
) -> Interval:
    """Percentile interval of `metric(y, p)` over resampled customers."""
    target, forecast = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    found = [metric(target[rows], forecast[rows]) for rows in resamples(target, draws, seed)]
    return _interval(metric(target, forecast), found, level)


def paired_bootstrap(
    y: npt.ArrayLike,
    p: npt.ArrayLike,
    other: npt.ArrayLike,
    metric: Metric,
    *,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile interval of `metric(y, p) - metric(y, other)`, both forecasts resampled together."""
    target = np.asarray(y, dtype=np.float64)
    first, second = np.asarray(p, dtype=np.float64), np.asarray(other, dtype=np.float64)
    found = [
        metric(target[rows], first[rows]) - metric(target[rows], second[rows])
        for rows in resamples(target, draws, seed)
    ]
    return _interval(metric(target, first) - metric(target, second), found, level)


def _interval(estimate: float, found: list[float], level: float) -> Interval:
    tail = (1 - level) / 2
    low, high = np.nanquantile(found, [tail, 1 - tail])
    return Interval(float(estimate), float(low), float(high), level)
