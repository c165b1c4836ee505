"""Features of one kind of event: recency, counts, amounts, trend and the same season a year earlier."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.features.clock import Floats
from analytics.features.encoding import Codes, EventLines, Flags
from analytics.features.plan import FeaturePlan, KindPlan
from analytics.features.rhythm import Acts, counted, ratio, summed

_DAYS_OF_A_YEAR = 365.0
_Total = Callable[[float, float], Floats]


def event_features(lines: EventLines, kind: KindPlan, plan: FeaturePlan, day: float, customers: int) -> pd.DataFrame:
    """Columns named after the kind, one row per customer code 0..`customers`-1.

    `lines` may hold later rows: only those strictly before `day` are read. Counts are of acts, amounts and quantities
    of all lines. What a customer without such an event cannot have (recency, gaps) is NaN; counts and sums are 0.
    How long ago the first act lies is left out: it says when the data begin as much as when the customer did.
    """
    seen = lines.before(day)
    acts = Acts(seen, day, customers)
    columns = {"days_since_last": acts.recency()}
    columns |= {f"count_{window}d": acts.count(0, window) for window in plan.windows}
    if kind.with_rhythm:
        columns["count_all"] = acts.total
        columns |= _trends("count", plan, acts.count) | acts.gaps() | acts.fading()
    if plan.with_last_year and kind.with_rhythm:
        columns["count_same_season"] = acts.count(_DAYS_OF_A_YEAR - plan.season_days, _DAYS_OF_A_YEAR)
    if kind.with_amount:
        columns |= _measured("amount", seen, seen.amount, kind, plan, acts)
    if kind.with_quantity:
        columns |= _measured("quantity", seen, seen.quantity, kind, plan, acts)
    if kind.with_lines:
        columns["lines_per_act"] = ratio(counted(seen.customer, customers), acts.total)
        columns |= acts.last_against_mean("lines", np.ones(len(seen.day)))
    return pd.DataFrame({f"{kind.name}_{name}": values for name, values in columns.items()})


class _Weighted:
    """Values of lines (NaN: none) with their age in days."""

    def __init__(self, customer: Codes, ago: Floats, value: Floats, customers: int) -> None:
        known = ~np.isnan(value)
        self.customer, self.ago, self.value, self.customers = customer[known], ago[known], value[known], customers

    def sum(self, after: float, until: float) -> Floats:
        """Sum of the values between `after` (exclusive) and `until` (inclusive) days ago."""
        chosen: Flags = (self.ago > after) & (self.ago <= until)
        return summed(self.customer[chosen], self.value[chosen], self.customers)


def _measured(
    measure: str, seen: EventLines, value: Floats, kind: KindPlan, plan: FeaturePlan, acts: Acts
) -> dict[str, Floats]:
    weighted = _Weighted(seen.customer, acts.day - seen.day, value, acts.customers)
    columns = {f"{measure}_{window}d": weighted.sum(0, window) for window in plan.windows}
    columns[f"{measure}_per_act"] = ratio(weighted.sum(0, np.inf), acts.total)
    if kind.with_rhythm:
        columns |= _trends(measure, plan, weighted.sum)
        columns |= acts.last_against_mean(measure, np.nan_to_num(value))
    return columns


def _trends(measure: str, plan: FeaturePlan, total: _Total) -> dict[str, Floats]:
    """(recent - before) / (recent + before) of equally long windows: -1 stopped, 0 steady or silent, 1 started."""
    columns = {}
    for window in plan.windows[:2]:
        recent, before = total(0, window), total(window, 2 * window)
        both = np.abs(recent) + np.abs(before)
        columns[f"{measure}_trend_{window}d"] = np.where(both > 0, (recent - before) / np.where(both > 0, both, 1), 0.0)
    return columns
