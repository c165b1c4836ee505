"""Metrics of uplift rankings: Qini coefficient, AUUC and uplift@k, in scikit-uplift's convention, with intervals.

Throughout, `y` is the outcome (0 or 1, higher is better), `uplift` the predicted effect (higher = target first) and
`treated` 1 for customers who got the offer and 0 for those who did not; all have shape (n,).

Curves are read at every distinct prediction, so that customers with equal predictions enter together and the order of
rows never matters. At depth k, with n_t treated and n_c untreated customers and Y_t, Y_c positive outcomes so far:
Qini = Y_t - Y_c n_t / n_c; uplift = (Y_t / n_t - Y_c / n_c) k; a rate of nobody counts as 0. Coefficients are
(area - area of the straight line) / (area of the perfect ranking - area of the straight line), as `qini_auc_score` and
`uplift_auc_score` of scikit-uplift 0.5: Devriendt, Guns & Verbeke, Learning to rank for uplift modeling (2020).
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from analytics.evaluation.intervals import Interval

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
UpliftMetric = Callable[[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike], float]
Curve = tuple[Floats, Floats]

CONVENTION = "scikit-uplift 0.5: normalised by the perfect ranking, ties enter together"


def qini_curve(y: npt.ArrayLike, uplift: npt.ArrayLike, treated: npt.ArrayLike) -> Curve:
    """Depths (m,) from 0 to n and the Qini curve (m,) at them: additional positive outcomes among the treated."""
    return _qini(_blocks(*_checked(y, uplift, treated)))


def uplift_curve(y: npt.ArrayLike, uplift: npt.ArrayLike, treated: npt.ArrayLike) -> Curve:
    """Depths (m,) from 0 to n and the uplift curve (m,) at them: the difference in rates times the depth."""
    return _uplift(_blocks(*_checked(y, uplift, treated)))


def qini_coefficient(y: npt.ArrayLike, uplift: npt.ArrayLike, treated: npt.ArrayLike) -> float:
    """Normalised area under the Qini curve: 0 for a random ranking, 1 for the perfect one.

    The perfect ranking puts treated positives first and untreated positives last, and so counts negative effects. NaN
    where no ranking can differ from another.
    """
    outcome, scores, arm = _checked(y, uplift, treated)
    perfect = _blocks(outcome, outcome * (2 * arm - 1), arm)
    return _normalised(_qini(_blocks(outcome, scores, arm)), _qini(perfect))


def auuc(y: npt.ArrayLike, uplift: npt.ArrayLike, treated: npt.ArrayLike) -> float:
    """Normalised area under the uplift curve: 0 for a random ranking, 1 for the perfect one; NaN as in Qini.

    Other libraries call other figures AUUC; this one is `uplift_auc_score` of scikit-uplift.
    """
    outcome, scores, arm = _checked(y, uplift, treated)
    untreated_positives = int(((outcome == 1) & (arm == 0)).sum())
    treated_negatives = int(((outcome == 0) & (arm == 1)).sum())
    first = outcome if untreated_positives > treated_negatives else arm
    perfect = _blocks(outcome, 2 * (outcome == arm) + first, arm)
    return _normalised(_uplift(_blocks(outcome, scores, arm)), _uplift(perfect))


def uplift_at_k(
    y: npt.ArrayLike,
    uplift: npt.ArrayLike,
    treated: npt.ArrayLike,
    *,
    k: float = 0.3,
    strategy: Literal["overall", "by_group"] = "overall",
) -> float:
    """Rate of the treated less rate of the untreated among the share `k` of highest predictions.

    "overall" takes the top int(n k) of all customers, "by_group" the top share of each arm by itself. Of equal
    predictions the later rows come first, as in scikit-uplift. NaN where the top holds no customer of one arm.

    Raises:
        ValueError: k is not inside (0, 1), the strategy is unknown, or the arrays do not fit.
    """
    outcome, scores, arm = _checked(y, uplift, treated)
    if not 0 < k < 1:
        raise ValueError(f"k is a share of the customers between 0 and 1, got {k}")
    order = np.argsort(scores, kind="stable")[::-1]
    with_offer, without = order[arm[order] == 1], order[arm[order] == 0]
    if strategy == "overall":
        top = order[: int(len(order) * k)]
        with_offer, without = top[arm[top] == 1], top[arm[top] == 0]
    elif strategy == "by_group":
        with_offer, without = with_offer[: int(len(with_offer) * k)], without[: int(len(without) * k)]
    else:
        raise ValueError(f"strategy is 'overall' or 'by_group', got {strategy!r}")
    if not len(with_offer) or not len(without):
        return float("nan")
    return float(outcome[with_offer].mean() - outcome[without].mean())


def uplift_interval(
    metric: UpliftMetric,
    y: npt.ArrayLike,
    uplift: npt.ArrayLike,
    treated: npt.ArrayLike,
    *,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap interval of a metric: customers are resampled within their arm."""
    outcome, scores, arm = _checked(y, uplift, treated)
    found = [metric(outcome[rows], scores[rows], arm[rows]) for rows in _resamples(arm, draws, seed)]
    return _interval(metric(outcome, scores, arm), found, level)


def uplift_gain(
    metric: UpliftMetric,
    y: npt.ArrayLike,
    uplift: npt.ArrayLike,
    other: npt.ArrayLike,
    treated: npt.ArrayLike,
    *,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Paired bootstrap interval of the metric of `uplift` less that of `other`, both on the same resamples."""
    outcome, first, arm = _checked(y, uplift, treated)
    second = _checked(y, other, treated)[1]
    found = [
        metric(outcome[rows], first[rows], arm[rows]) - metric(outcome[rows], second[rows], arm[rows])
        for rows in _resamples(arm, draws, seed)
    ]
    return _interval(metric(outcome, first, arm) - metric(outcome, second, arm), found, level)


def _checked(y: npt.ArrayLike, uplift: npt.ArrayLike, treated: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    outcome, scores, arm = (np.asarray(values, dtype=np.float64) for values in (y, uplift, treated))
    if outcome.ndim != 1 or outcome.shape != scores.shape or outcome.shape != arm.shape or not len(outcome):
        shapes = f"{outcome.shape}, {scores.shape} and {arm.shape}"
        raise ValueError(f"y, uplift and treated must be equally long and not empty, got shapes {shapes}")
    if not np.isin(outcome, (0.0, 1.0)).all() or not np.isin(arm, (0.0, 1.0)).all():
        raise ValueError("y and treated must hold only 0 and 1")
    if np.isnan(scores).any():
        raise ValueError("uplift holds NaN: leave out customers without an estimate")
    return outcome, scores, arm


def _blocks(y: Floats, scores: Floats, arm: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Cumulative customers and positive outcomes, treated and untreated, at each distinct score from the highest."""
    order = np.argsort(-scores, kind="stable")
    ends = np.r_[np.flatnonzero(np.diff(scores[order])), len(order) - 1]
    outcome, with_offer = y[order], arm[order]
    treated, positives = np.cumsum(with_offer)[ends], np.cumsum(outcome)[ends]
    treated_positives = np.cumsum(outcome * with_offer)[ends]
    return treated, ends + 1 - treated, treated_positives, positives - treated_positives


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)


def _qini(blocks: tuple[Floats, Floats, Floats, Floats]) -> Curve:
    treated, untreated, treated_positives, untreated_positives = blocks
    gained = treated_positives - untreated_positives * _share(treated, untreated)
    return np.r_[0.0, treated + untreated], np.r_[0.0, gained]


def _uplift(blocks: tuple[Floats, Floats, Floats, Floats]) -> Curve:
    treated, untreated, treated_positives, untreated_positives = blocks
    depth = treated + untreated
    return np.r_[0.0, depth], np.r_[
        0.0, (_share(treated_positives, treated) - _share(untreated_positives, untreated)) * depth
    ]


def _normalised(curve: Curve, perfect: Curve) -> float:
    straight = float(perfect[0][-1] * perfect[1][-1] / 2)
    possible = float(np.trapezoid(perfect[1], perfect[0])) - straight
    if abs(possible) < 1e-12:
        return float("nan")
    return float((np.trapezoid(curve[1], curve[0]) - straight) / possible)


def _resamples(arm: Floats, draws: int, seed: int) -> list[Integers]:
    """Bootstrap rows within each arm: arm sizes are part of the design, outcomes are not."""
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(arm == value) for value in np.unique(arm)]
    return [np.concatenate([rng.choice(rows, len(rows)) for rows in groups]) for _ in range(draws)]


def _interval(estimate: float, found: list[float], level: float) -> Interval:
    known = np.asarray(found)[~np.isnan(found)]
    if not len(known):
        return Interval(float(estimate), float("nan"), float("nan"), level)
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(estimate), float(low), float(high), level)
