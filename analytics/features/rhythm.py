"""The acts of customers in time: how often, how regularly, and whether the rhythm is fading."""

import numpy as np

from analytics.features.clock import Floats
from analytics.features.encoding import Codes, EventLines

HALF_LIVES = (7, 20, 60)
"""Half-lives in days of the fading counts."""

_WEEKS = 52
_DAYS_PER_WEEK = 7.0
_EARLIER_ACTS = (2, 3)


class Acts:
    """Acts of customers strictly before `day`, sorted by customer and time.

    `customer` and `ago` (days) have shape (acts,); every feature has shape (customers,).
    """

    def __init__(self, seen: EventLines, day: float, customers: int) -> None:
        self.day, self.customers = day, customers
        self.customer = seen.customer[seen.opens_act]
        self.ago = day - seen.day[seen.opens_act]
        self.total = counted(self.customer, customers)
        # A line belongs to the act that was opened last.
        self._act_of_line = np.cumsum(seen.opens_act) - 1
        changes = np.flatnonzero(np.diff(self.customer)) + 1
        none = np.empty(0, dtype=np.int64)
        self._first = np.concatenate([[0], changes]) if len(self.customer) else none
        self._last = np.concatenate([changes - 1, [len(self.customer) - 1]]) if len(self.customer) else none

    def count(self, after: float, until: float) -> Floats:
        """Acts between `after` (exclusive) and `until` (inclusive) days ago."""
        return counted(self.customer[(self.ago > after) & (self.ago <= until)], self.customers)

    def recency(self) -> Floats:
        """Days since the last act."""
        return self._of_rows(self._last, self.ago)

    def gaps(self) -> dict[str, Floats]:
        """Mean, deviation and longest of the gaps between acts, the last and the running gap against them."""
        same = np.diff(self.customer) == 0
        owner, gap = self.customer[1:][same], (self.ago[:-1] - self.ago[1:])[same]
        number = counted(owner, self.customers)
        mean = ratio(summed(owner, gap, self.customers), number)
        spread = ratio(summed(owner, (gap - mean[owner]) ** 2, self.customers), number)
        last = np.full(self.customers, np.nan)
        last[owner] = gap  # sorted by time: the last assignment wins
        longest = np.zeros(self.customers)
        np.maximum.at(longest, owner, gap)
        longest[number == 0] = np.nan
        # Half a day keeps the ratios of customers with several acts on one day finite.
        return {
            "gap_mean_days": mean,
            "gap_sd_days": np.where(number >= 2, np.sqrt(spread), np.nan),
            "gap_longest_days": longest,
            "last_gap_ratio": np.where(number >= 2, last / (mean + 0.5), np.nan),
            "running_gap_ratio": self.recency() / (mean + 0.5),
            "running_gap_to_longest": self.recency() / (longest + 0.5),
        }

    def fading(self) -> dict[str, Floats]:
        """Counts that fade with age, days since earlier acts, days with an act, share of weeks with an act."""
        columns = {
            f"fading_count_{half_life}d": summed(self.customer, 0.5 ** (self.ago / half_life), self.customers)
            for half_life in HALF_LIVES
        }
        for back in _EARLIER_ACTS:
            rows = self._last - (back - 1)
            has_it = rows >= self._first
            columns[f"days_since_last_but_{back - 1}"] = self._of_rows(rows[has_it], self.ago)
        columns["active_days"] = counted(self.customer[self._opens(np.ceil(self.ago))], self.customers)
        return columns | {"active_weeks_share": self._active_weeks()}

    def last_against_mean(self, measure: str, value_of_line: Floats) -> dict[str, Floats]:
        """The measure of the last act, and its ratio to the mean act."""
        sums = np.bincount(self._act_of_line, weights=value_of_line, minlength=len(self.customer))
        of_act: Floats = sums.astype(np.float64)
        last = self._of_rows(self._last, of_act)
        mean = ratio(summed(self.customer, of_act, self.customers), self.total)
        return {
            f"{measure}_of_last": last,
            f"{measure}_of_last_ratio": np.where(mean != 0, last / np.where(mean != 0, mean, 1.0), np.nan),
        }

    def _active_weeks(self) -> Floats:
        weeks = np.ceil(self.ago / _DAYS_PER_WEEK)
        distinct = self._opens(weeks) & (weeks <= _WEEKS)
        known_weeks = np.clip(np.ceil(self._of_rows(self._first, self.ago) / _DAYS_PER_WEEK), 1, _WEEKS)
        return np.where(self.total > 0, counted(self.customer[distinct], self.customers) / known_weeks, 0.0)

    def _opens(self, period: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether an act is the first of its customer in its period."""
        opens = np.ones(len(self.customer), dtype=bool)
        opens[1:] = (np.diff(self.customer) != 0) | (np.diff(period) != 0)
        return opens

    def _of_rows(self, rows: Codes, values: Floats) -> Floats:
        of_customer = np.full(self.customers, np.nan)
        of_customer[self.customer[rows]] = values[rows]
        return of_customer


def counted(customer: Codes, customers: int) -> Floats:
    """Number of rows per customer."""
    return np.bincount(customer, minlength=customers).astype(np.float64)


def summed(customer: Codes, values: Floats, customers: int) -> Floats:
    """Sum of `values` per customer."""
    return np.bincount(customer, weights=values, minlength=customers).astype(np.float64)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """`numerator` / `denominator`, NaN where the denominator is not positive."""
    return np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1.0), np.nan)
