"""Metrics of forecasts in time: concordance and integrated Brier score, weighted for customers not followed to the end.

Throughout, `days` (n,) is the time to the event where it `happened` (n,), else the time for which it is known not to
have come. Weights (IPCW) are one over the probability G of being followed for so long, by Kaplan-Meier.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.evaluation.metrics import Floats

Flags = npt.NDArray[np.bool_]

_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The probability of being followed for at least a time: Kaplan-Meier with the ends of following as events.

    `ends` are the distinct days on which following ended, `share` the probability of being followed beyond each.
    """

    ends: Floats
    share: Floats

    @classmethod
    def fit(cls, days: npt.ArrayLike, happened: npt.ArrayLike) -> "FollowUp":
        """Estimate from times; of an event and an end of following on one day the event came first."""
        time, event = _times(days, happened)
        ends, sizes = np.unique(time[~event], return_counts=True)
        ordered, events = np.sort(time), np.sort(time[event])
        at_risk = len(time) - np.searchsorted(ordered, ends, "left")
        gone = np.searchsorted(events, ends, "right") - np.searchsorted(events, ends, "left")
        kept: Floats = 1.0 - sizes.astype(np.float64) / np.maximum(at_risk - gone, sizes).astype(np.float64)
        return cls(ends, np.asarray(np.cumprod(kept), dtype=np.float64))

    def at_least(self, days: npt.ArrayLike) -> Floats:
        """P(followed for at least `days`), the shape of `days`."""
        place = np.searchsorted(self.ends, np.asarray(days, dtype=np.float64), "left")
        found: Floats = np.concatenate([[1.0], self.share])[place]
        return found


def concordance(
    days: npt.ArrayLike,
    happened: npt.ArrayLike,
    risk: npt.ArrayLike,
    *,
    until: float,
    multiplicity: npt.NDArray[np.float64] | None = None,
) -> Floats:
    """Uno's C: the probability that of two customers the one whose event comes first has the higher `risk` (n,).

    Pairs count whose first event comes before `until`, weighted by 1 / G(time)^2, so that the figure does not depend
    on how long customers were followed (Uno, Cai, Pencina, D'Agostino and Wei 2011; Harrell's C does). Equal risks
    count one half; 0.5 is chance. `multiplicity` (n, m) counts how often each customer is taken, one column per
    bootstrap sample, with G held fixed; the result has shape (m,), or (1,) without it. NaN where no pair can be told.
    """
    time, event = _times(days, happened)
    score = np.asarray(risk, dtype=np.float64)
    taken = np.ones((len(time), 1)) if multiplicity is None else multiplicity
    first = np.flatnonzero(event & (time < until))
    weight = FollowUp.fit(time, event).at_least(time[first]) ** -2.0
    won, told = np.zeros(taken.shape[1]), np.zeros(taken.shape[1])
    step = max(1, _PAIRS_AT_ONCE // max(len(time), 1))
    for start in range(0, len(first), step):
        rows = first[start : start + step]
        later = (time[None, :] > time[rows, None]) | ((time[None, :] == time[rows, None]) & ~event[None, :])
        ahead = np.where(score[rows, None] > score[None, :], 1.0, 0.5 * (score[rows, None] == score[None, :]))
        case = taken[rows] * weight[start : start + step, None]
        told += (case * (later.astype(np.float64) @ taken)).sum(axis=0)
        won += (case * ((later * ahead) @ taken)).sum(axis=0)
    found: Floats = np.divide(won, told, out=np.full(taken.shape[1], np.nan), where=told > 0)
    return found


def brier_by_time(
    days: npt.ArrayLike, happened: npt.ArrayLike, survival: npt.ArrayLike, times: npt.ArrayLike
) -> Floats:
    """What each customer adds to the Brier score at each of `times` (m,), shape (n, m); its mean is the score.

    `survival` (n, m) are forecasts S(t). An event by t adds S(t)^2 / G(event), a customer known to be without it at t
    (1 - S(t))^2 / G(t), anybody else nothing (Graf, Schmoor, Sauerbrei and Schumacher 1999).
    """
    time, event = _times(days, happened)
    forecast, asked = np.asarray(survival, dtype=np.float64), np.asarray(times, dtype=np.float64)
    if forecast.shape != (len(time), len(asked)):
        raise ValueError(f"survival must have shape ({len(time)}, {len(asked)}), got {forecast.shape}")
    followed = FollowUp.fit(time, event)
    came = event[:, None] & (time[:, None] <= asked)
    without = (time[:, None] > asked) | (~event[:, None] & (time[:, None] == asked))
    of_event, of_time = followed.at_least(time)[:, None], followed.at_least(asked)[None, :]
    came_adds = np.divide(forecast**2, of_event, out=np.zeros_like(forecast), where=came)
    without_adds = np.divide((1.0 - forecast) ** 2, of_time, out=np.zeros_like(forecast), where=without)
    added: Floats = came_adds + without_adds
    return added


def integrated_brier(
    days: npt.ArrayLike, happened: npt.ArrayLike, survival: npt.ArrayLike, times: npt.ArrayLike
) -> Floats:
    """What each customer adds to the integrated Brier score, shape (n,); its mean is the score: lower is better.

    The Brier score averaged over time from the first to the last of `times` by trapezoids; two times at least.
    """
    asked = np.asarray(times, dtype=np.float64)
    if len(asked) < 2 or (np.diff(asked) <= 0).any():
        raise ValueError("The Brier score is integrated over at least two rising times.")
    by_time = brier_by_time(days, happened, survival, asked)
    found: Floats = np.trapezoid(by_time, asked, axis=1) / (asked[-1] - asked[0])
    return found


def _times(days: npt.ArrayLike, happened: npt.ArrayLike) -> tuple[Floats, Flags]:
    time, event = np.asarray(days, dtype=np.float64), np.asarray(happened, dtype=np.bool_)
    if time.ndim != 1 or time.shape != event.shape or not len(time):
        raise ValueError(f"days and happened must be equally long and not empty, got {time.shape} and {event.shape}")
    if not (time > 0).all():
        raise ValueError("Times must be positive.")
    return time, event
