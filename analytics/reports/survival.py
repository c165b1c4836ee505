"""Kaplan-Meier survival with late entry: what share of customers stays, month by month of being a customer."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
DAYS_PER_MONTH = 365.25 / 12
Z95 = 1.959964
FEWEST_AT_RISK = 10
"""Below this many customers at risk a curve says more about chance than about customers."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Months as a customer at which each begins and ends to be observed, and whether it ended by leaving; (n,)."""

    entry: Floats
    end: Floats
    left: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """Survival at whole months with a 95 % band, and the customers at risk there."""

    months: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: npt.NDArray[np.int64]


def dated_lifetimes(frame: pd.DataFrame, today: pd.Timestamp) -> Lifetimes | None:
    """Lifetimes from sign-up and departure dates; None where either is unknown throughout.

    Of customers who left before departures were recorded nothing is known, so a customer counts from the first
    recorded departure on only (late entry, delayed left truncation: Klein & Moeschberger, Survival Analysis, 4.6).
    """
    known = frame.dropna(subset=["signed_up_on"])
    known = known[known["active"] | known["churned_on"].notna()]
    if not len(known) or not known["churned_on"].notna().any():
        return None
    recorded_from = known["churned_on"].min() - pd.Timedelta(days=1)
    start = known["signed_up_on"]
    end = known["churned_on"].where(~known["active"], today)
    entry = start.where(start > recorded_from, recorded_from)
    months = pd.DataFrame({"entry": (entry - start).dt.days, "end": (end - start).dt.days}) / DAYS_PER_MONTH
    usable = (months["end"] > months["entry"]).to_numpy()
    return Lifetimes(
        months["entry"].to_numpy(dtype=np.float64)[usable],
        months["end"].to_numpy(dtype=np.float64)[usable],
        (~known["active"]).to_numpy(dtype=bool)[usable],
    )


def counted_lifetimes(frame: pd.DataFrame) -> Lifetimes | None:
    """Lifetimes from months as a customer and a label; None where either is unknown throughout."""
    known = frame.dropna(subset=["tenure_months", "churned"])
    if not len(known) or not (known["churned"] == 1).any():
        return None
    end = known["tenure_months"].to_numpy(dtype=np.float64)
    return Lifetimes(np.full(len(end), -1.0), np.maximum(end, 0.0), (known["churned"] == 1).to_numpy(dtype=bool))


def kaplan_meier(lifetimes: Lifetimes, months: npt.ArrayLike) -> Curve:
    """Survival S(t) = product of (1 - d/n) over departures up to t, with Greenwood's band on the log(-log) scale.

    n counts customers who have entered before and not ended before a departure. Months at which fewer than
    `FEWEST_AT_RISK` are at risk give NaN, as do all later ones.
    """
    asked = np.asarray(months, dtype=np.float64)
    times, departures = np.unique(lifetimes.end[lifetimes.left], return_counts=True)
    entered = np.searchsorted(np.sort(lifetimes.entry), times, side="left")
    ended = np.searchsorted(np.sort(lifetimes.end), times, side="left")
    at_risk = entered - ended
    usable = at_risk >= FEWEST_AT_RISK
    ratio = np.where(usable, departures / np.maximum(at_risk, 1), 0.0)
    survival = np.concatenate([[1.0], np.cumprod(1.0 - ratio)])
    steps = np.where(usable & (ratio < 1), ratio / np.maximum(at_risk * (1.0 - ratio), 1e-12), 0.0)
    place = np.searchsorted(times, asked, side="right")
    here, spread = survival[place], np.concatenate([[0.0], np.cumsum(steps)])[place]
    present = np.searchsorted(np.sort(lifetimes.entry), asked, side="right") - np.searchsorted(
        np.sort(lifetimes.end), asked, side="left"
    )
    low, high = _band(here, spread)
    dead = np.maximum.accumulate((present < FEWEST_AT_RISK) & (asked > 0))
    return Curve(
        asked,
        np.where(dead, np.nan, here),
        np.where(dead, np.nan, low),
        np.where(dead, np.nan, high),
        present.astype(np.int64),
    )


def _band(survival: Floats, variance: Floats) -> tuple[Floats, Floats]:
    inside = (survival > 0) & (survival < 1)
    safe = np.where(inside, survival, 0.5)
    theta = np.where(inside, Z95 * np.sqrt(variance) / np.log(safe), 0.0)
    low, high = safe ** np.exp(-theta), safe ** np.exp(theta)
    return np.where(inside, np.minimum(low, high), survival), np.where(inside, np.maximum(low, high), survival)
