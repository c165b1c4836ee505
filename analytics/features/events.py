"""Features of one kind of event: recency, counts, amounts, trend, rhythm and the same window a year earlier."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.features.clock import Floats
from analytics.features.encoding import Codes, EventLines, Flags
from analytics.features.plan import FeaturePlan, KindPlan

_Total = Callable[[float, float], Floats]

_WEEKS = 52
_DAYS_PER_WEEK = 7.0
_DAYS_OF_A_YEAR = 365.0


def event_features(lines: EventLines, kind: KindPlan, plan: FeaturePlan, day: float, customers: int) -> pd.DataFrame:
    """Columns named after the kind, one row per customer code 0..`customers`-1.

    `lines` may hold later rows: only those strictly before `day` are read. Counts are of acts, amounts and quantities
    of all lines. What a customer without such an event cannot have (recency, gaps) is NaN; counts and sums are 0.
    """
    seen = lines.before(day)
    acts = _Acts(seen.customer[seen.opens_act], seen.day[seen.opens_act], day, customers)
    columns: dict[str, Floats] = {"days_since_last": acts.recency(), "days_since_first": acts.age()}
    for window in plan.windows:
        columns[f"count_{window}d"] = acts.count(0, window)
    columns["count_all"] = acts.total
    columns |= _trends("count", plan, acts.count)
    columns |= acts.rhythm()
    if plan.with_last_year:
        columns["count_same_season"] = acts.count(_DAYS_OF_A_YEAR - plan.season_days, _DAYS_OF_A_YEAR)
    for measure, wanted, values in (
        ("amount", kind.with_amount, seen.amount),
        ("quantity", kind.with_quantity, seen.quantity),
    ):
        if wanted:
            columns |= _sums(measure, _Weighted(seen.customer, day - seen.day, values, customers), plan, acts.total)
    if kind.with_lines:
        columns["lines_per_act"] = _ratio(_count(seen.customer, customers), acts.total)
    return pd.DataFrame({f"{kind.name}_{name}": values for name, values in columns.items()})


class _Acts:
    """Acts of customers before a day, sorted by customer and time."""

    def __init__(self, customer: Codes, at: Floats, day: float, customers: int) -> None:
        self.customer = customer
        self.ago = day - at
        self.customers = customers
        self.total = _count(customer, customers)
        changes = np.flatnonzero(np.diff(customer)) + 1
        self._first = np.concatenate([[0], changes]) if len(customer) else np.empty(0, dtype=np.int64)
        self._last = np.concatenate([changes - 1, [len(customer) - 1]]) if len(customer) else self._first

    def count(self, after: float, until: float) -> Floats:
        """Acts between `after` (exclusive) and `until` (inclusive) days ago."""
        return _count(self.customer[(self.ago > after) & (self.ago <= until)], self.customers)

    def recency(self) -> Floats:
        """Days since the last act."""
        return self._at(self._last)

    def age(self) -> Floats:
        """Days since the first act."""
        return self._at(self._first)

    def rhythm(self) -> dict[str, Floats]:
        """Mean and deviation of the gaps between acts, the last and the running gap against the mean, active weeks."""
        same = np.diff(self.customer) == 0
        owner, gap = self.customer[1:][same], (self.ago[:-1] - self.ago[1:])[same]
        gaps = _count(owner, self.customers)
        mean = _ratio(_sum(owner, gap, self.customers), gaps)
        spread = _ratio(_sum(owner, (gap - mean[owner]) ** 2, self.customers), gaps)
        last_gap = np.full(self.customers, np.nan)
        last_gap[owner] = gap  # sorted by time: the last assignment wins
        # Half a day keeps the ratio of customers with several acts on one day finite.
        return {
            "gap_mean_days": mean,
            "gap_sd_days": np.where(gaps >= 2, np.sqrt(spread), np.nan),
            "last_gap_ratio": np.where(gaps >= 2, last_gap / (mean + 0.5), np.nan),
            "running_gap_ratio": self.recency() / (mean + 0.5),
            "active_weeks_share": self._active_weeks(),
        }

    def _active_weeks(self) -> Floats:
        recent = self.ago <= _WEEKS * _DAYS_PER_WEEK
        customer, week = self.customer[recent], np.ceil(self.ago[recent] / _DAYS_PER_WEEK)
        distinct = np.ones(len(customer), dtype=bool)
        distinct[1:] = (np.diff(customer) != 0) | (np.diff(week) != 0)
        known_weeks = np.clip(np.ceil(self.age() / _DAYS_PER_WEEK), 1, _WEEKS)
        return np.where(self.total > 0, _count(customer[distinct], self.customers) / known_weeks, 0.0)

    def _at(self, rows: Codes) -> Floats:
        values = np.full(self.customers, np.nan)
        values[self.customer[rows]] = self.ago[rows]
        return values


class _Weighted:
    """Values of lines (NaN: none) with their age in days."""

    def __init__(self, customer: Codes, ago: Floats, value: Floats, customers: int) -> None:
        known = ~np.isnan(value)
        self.customer, self.ago, self.value, self.customers = customer[known], ago[known], value[known], customers

    def sum(self, after: float, until: float) -> Floats:
        """Sum of the values between `after` (exclusive) and `until` (inclusive) days ago."""
        chosen: Flags = (self.ago > after) & (self.ago <= until)
        return _sum(self.customer[chosen], self.value[chosen], self.customers)


def _sums(measure: str, weighted: _Weighted, plan: FeaturePlan, acts: Floats) -> dict[str, Floats]:
    columns = {f"{measure}_{window}d": weighted.sum(0, window) for window in plan.windows}
    columns[f"{measure}_per_act"] = _ratio(weighted.sum(0, np.inf), acts)
    return columns | _trends(measure, plan, weighted.sum)


def _trends(measure: str, plan: FeaturePlan, total: _Total) -> dict[str, Floats]:
    """(recent - before) / (recent + before) of equally long windows: -1 stopped, 0 steady or silent, 1 started."""
    columns = {}
    for window in plan.windows[:2]:
        recent, before = total(0, window), total(window, 2 * window)
        both = np.abs(recent) + np.abs(before)
        columns[f"{measure}_trend_{window}d"] = np.where(both > 0, (recent - before) / np.where(both > 0, both, 1), 0.0)
    return columns


def _count(customer: Codes, customers: int) -> Floats:
    return np.bincount(customer, minlength=customers).astype(np.float64)


def _sum(customer: Codes, values: Floats, customers: int) -> Floats:
    return np.bincount(customer, weights=values, minlength=customers).astype(np.float64)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    return np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1.0), np.nan)
