"""Figures of many bootstrap samples at once, from how often each sample holds each customer.

Throughout, `y` (n,) is 1 for customers who churned and 0 for others, `p` (n,) are their forecasts, and `counts` (n, m)
says how often each of m samples holds each customer. Results have one entry per sample, (m,), and are those that the
function of `analytics.evaluation.metrics` or scikit-learn gives for the sample written out; figures of samples with a
single class are NaN.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from analytics.evaluation.metrics import ECE_BINS, LEAST_PROBABILITY, Campaign, Floats, calibration_line

Counts = npt.NDArray[np.int64]

_MOST_STEPS = 25
_TOLERANCE = 1e-8
_CELLS_AT_ONCE = 4_000_000


def figures(names: tuple[str, ...], y: Floats, p: Floats, counts: Counts) -> Floats:
    """The named figures of every sample, shape (m, len(names))."""
    step = max(1, _CELLS_AT_ONCE // max(len(y), 1))
    parts = [_figures(names, y, p, counts[:, start : start + step]) for start in range(0, counts.shape[1], step)]
    return np.concatenate(parts) if parts else np.empty((0, len(names)))


def _figures(names: tuple[str, ...], y: Floats, p: Floats, counts: Counts) -> Floats:
    churned, everybody = y @ counts, counts.sum(axis=0)
    found = np.full((counts.shape[1], len(names)), np.nan)
    both = (churned > 0) & (churned < everybody)
    if both.any():
        found[both] = np.column_stack([FIGURES[name](y, p, counts[:, both]) for name in names])
    return found


def profits(y: Floats, p: Floats, counts: Counts, campaign: Campaign, shares: Floats) -> Floats:
    """Mean profit per customer of contacting the shares most at risk, shape (m, shares); see `profit_curve`."""
    saved = campaign.acceptance * (campaign.customer_value - campaign.offer_cost) - campaign.contact_cost
    spent = -campaign.offer_cost - campaign.contact_cost
    order = np.argsort(-p, kind="stable")
    size = counts.sum(axis=0)
    contacted = np.round(shares[:, None] * size).astype(np.int64)
    return np.asarray((_sums_of_first(np.where(y > 0, saved, spent)[order], counts[order], contacted) / size).T)


def _sums_of_first(values: Floats, counts: Counts, at: Counts) -> Floats:
    """Sums of the first `at` (k, m) entries of every sample, rows in order, shape (k, m)."""
    reach = np.cumsum(counts, axis=0)
    total = np.cumsum(values[:, None] * counts, axis=0)
    row = np.stack([np.searchsorted(reach[:, k], at[:, k]) for k in range(counts.shape[1])], axis=1)
    sample = np.arange(counts.shape[1])
    # A sample may end within the repeats of a row.
    found: Floats = total[row, sample] - (reach[row, sample] - at) * values[row]
    return found


def _by_forecast(y: Floats, p: Floats, counts: Counts) -> tuple[Floats, Floats]:
    """How often each sample holds churners and others of every distinct forecast, least first: two of (distinct, m)."""
    order = np.argsort(p, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(p[order]) > 0])
    weight = counts[order].astype(np.float64)
    churners = np.add.reduceat(weight * y[order, None], starts, axis=0)
    return churners, np.add.reduceat(weight, starts, axis=0) - churners


def _auc(y: Floats, p: Floats, counts: Counts) -> Floats:
    churners, others = _by_forecast(y, p, counts)
    below = np.cumsum(others, axis=0) - others / 2
    found: Floats = (churners * below).sum(axis=0) / (churners.sum(axis=0) * others.sum(axis=0))
    return found


def _average_precision(y: Floats, p: Floats, counts: Counts) -> Floats:
    churners, others = (part[::-1] for part in _by_forecast(y, p, counts))
    hits, told = np.cumsum(churners, axis=0), np.cumsum(churners + others, axis=0)
    precision = np.divide(hits, told, out=np.zeros_like(hits), where=told > 0)
    found: Floats = (churners * precision).sum(axis=0) / hits[-1]
    return found


def _brier(y: Floats, p: Floats, counts: Counts) -> Floats:
    return np.asarray(((p - y) ** 2) @ counts / counts.sum(axis=0), dtype=np.float64)


def _log_loss(y: Floats, p: Floats, counts: Counts) -> Floats:
    kept = np.clip(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    loss = -(y * np.log(kept) + (1 - y) * np.log1p(-kept))
    return np.asarray(loss @ counts / counts.sum(axis=0), dtype=np.float64)


def _ece(y: Floats, p: Floats, counts: Counts) -> Floats:
    order = np.argsort(p, kind="stable")
    size = counts.sum(axis=0)
    least, longer = np.divmod(size, np.minimum(ECE_BINS, size))
    number = np.arange(ECE_BINS + 1)[:, None]
    ends = np.minimum(number * least + np.minimum(number, longer), size)
    sums = _sums_of_first((y - p)[order], counts[order], ends)
    found: Floats = np.abs(np.diff(sums, axis=0)).sum(axis=0) / size
    return found


def _lift_at(share: float) -> "Figure":
    def lift(y: Floats, p: Floats, counts: Counts) -> Floats:
        order = np.argsort(-p, kind="stable")
        size = counts.sum(axis=0)
        top = np.maximum(1, np.round(share * size)).astype(np.int64)
        hits = _sums_of_first(y[order], counts[order], top[None])[0]
        found: Floats = (hits / top) / (y @ counts / size)
        return found

    return lift


def _calibration_slope(y: Floats, p: Floats, counts: Counts) -> Floats:
    """Slopes of logistic fits on logit(p), by Newton's method for all samples together."""
    score = logit(np.clip(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY))
    if np.ptp(score) == 0:
        return np.full(counts.shape[1], np.nan)
    x = np.stack([np.ones(len(score)), score])
    line = np.tile([[0.0], [1.0]], counts.shape[1])
    sure = np.zeros(counts.shape[1], dtype=bool)
    with np.errstate(all="ignore"):
        for _ in range(_MOST_STEPS):
            fitted = expit(line[0] + score[:, None] * line[1])
            slope = x @ (counts * (fitted - y[:, None]))
            curved = np.stack([x[0], x[1], x[1] ** 2]) @ (counts * fitted * (1 - fitted))
            step = np.stack([curved[2] * slope[0] - curved[1] * slope[1], curved[0] * slope[1] - curved[1] * slope[0]])
            step /= curved[0] * curved[2] - curved[1] ** 2
            line = line - step
            sure = np.abs(step).max(axis=0) <= _TOLERANCE
            if sure.all():
                break
    # Where a sample splits its classes without error no line is best: the regression says where it stops.
    found: Floats = line[1].copy()
    for k in np.flatnonzero(~sure):
        rows = np.repeat(np.arange(len(y)), counts[:, k])
        found[k] = calibration_line(y[rows], p[rows])[0]
    return found


Figure = Callable[[Floats, Floats, Counts], Floats]

FIGURES: Mapping[str, Figure] = {
    "auc": _auc,
    "average_precision": _average_precision,
    "brier": _brier,
    "log_loss": _log_loss,
    "calibration_slope": _calibration_slope,
    "ece": _ece,
    "lift_at_5": _lift_at(0.05),
    "lift_at_10": _lift_at(0.10),
    "lift_at_20": _lift_at(0.20),
}
