"""Bootstrap intervals of metrics, alone and for the difference of two forecasts of the same customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

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

    def as_json(self) -> dict[str, float | None]:
        """The estimate as `value`, `low` and `high`; what is not a number becomes null."""
        ends = {"value": self.estimate, "low": self.low, "high": self.high}
        return {name: float(end) if np.isfinite(end) else None for name, end in ends.items()}


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
    return percentile_interval(metric(target, forecast), found, level)


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
    return percentile_interval(metric(target, first) - metric(target, second), found, level)


def customer_draws(
    customer_ids: Sequence[npt.NDArray[np.object_]], draws: int, seed: int
) -> list[npt.NDArray[np.int64]]:
    """How often each row is taken in `draws` bootstrap samples of customers: one array (rows, draws) per array of ids.

    A customer who is in several arrays, such as several test dates, is taken equally often in each.
    """
    codes, customers = pd.factorize(np.concatenate(list(customer_ids)))
    size = len(customers)
    taken = np.random.default_rng(seed).multinomial(size, np.full(size, 1.0 / size), draws).T
    ends = np.cumsum([len(ids) for ids in customer_ids])[:-1]
    return [np.asarray(taken[part], dtype=np.int64) for part in np.split(codes, ends)]


def percentile_interval(
    estimate: float, found: npt.ArrayLike, level: float = 0.95, *, centred: bool = False
) -> Interval:
    """The interval that holds the middle `level` of bootstrap estimates; NaN where there are none.

    `centred` takes out the bias of the estimates, for figures that resampling inflates, such as calibration error.
    """
    drawn = np.asarray(found, dtype=np.float64)
    drawn = drawn[~np.isnan(drawn)]
    if centred and len(drawn):
        drawn = np.maximum(drawn - (drawn.mean() - estimate), 0.0)
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail]) if len(drawn) else (np.nan, np.nan)
    return Interval(float(estimate), float(low), float(high), level)
