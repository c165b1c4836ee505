"""Logo churn, MRR churn, gross and net revenue retention between two dates, and the share of a cohort that stays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.features.clock import Floats, day_of, days_of
from analytics.features.encoding import Flags, customer_codes
from analytics.frames import Frames
from analytics.observations import GRACE_DAYS, active_customers
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, CustomerStatus

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Retention:
    """What became of the customers of a start date by an end date; sums of two disjoint groups of customers add up.

    Customers: `at_start`, and of them `lost` by the end; `joined` are there at the end and were not at the start.
    Money per month, of customers at the start whose price is known at both ends: `start_mrr`, of it `churned_mrr`
    (customers lost) and `contraction_mrr` (customers who pay less), and `expansion_mrr` on top (customers who pay
    more). `joined_mrr` is that of the joined. `unpriced` customers of the start count in no money.
    """

    at_start: int = 0
    lost: int = 0
    joined: int = 0
    unpriced: int = 0
    start_mrr: float = 0.0
    churned_mrr: float = 0.0
    contraction_mrr: float = 0.0
    expansion_mrr: float = 0.0
    joined_mrr: float = 0.0

    def __add__(self, other: "Retention") -> "Retention":
        return Retention(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Retention)))

    @property
    def end_mrr(self) -> float:
        """What the customers of the start pay at the end."""
        return self.start_mrr - self.churned_mrr - self.contraction_mrr + self.expansion_mrr

    @property
    def logo_churn(self) -> float | None:
        """Customers at the start and not at the end / customers at the start; None where there were none."""
        return self.lost / self.at_start if self.at_start else None

    @property
    def mrr_churn(self) -> float | None:
        """Churned and contracted MRR of the starting customers / their MRR; None without money."""
        return (self.churned_mrr + self.contraction_mrr) / self.start_mrr if self.start_mrr > 0 else None

    @property
    def gross_revenue_retention(self) -> float | None:
        """GRR = 1 - MRR churn: never above 1, since expansion does not count."""
        churn = self.mrr_churn
        return None if churn is None else 1.0 - churn

    @property
    def net_revenue_retention(self) -> float | None:
        """NRR: MRR at the end of the starting customers / their MRR at the start; above 1 where expansion wins."""
        return self.end_mrr / self.start_mrr if self.start_mrr > 0 else None

    def as_json(self) -> dict[str, float | int | None]:
        """Counts, sums and rates as a JSON object."""
        return {
            **{one.name: getattr(self, one.name) for one in fields(Retention)},
            "end_mrr": self.end_mrr,
            "logo_churn": self.logo_churn,
            "mrr_churn": self.mrr_churn,
            "gross_revenue_retention": self.gross_revenue_retention,
            "net_revenue_retention": self.net_revenue_retention,
        }


def retention(frames: Frames, definition: ChurnDefinition, start: date, end: date) -> Retention:
    """Retention from the close of `start` to the close of `end`, of all customers whose dates are known.

    Under `inactivity` a customer is there while the last act is at most `inactivity_days` old, and no money recurs.
    A customer who left and came back in between was not lost. Prices below zero count as zero.

    Raises:
        ValueError: the end lies before the start, or churn is a label without dates.
    """
    if end < start:
        raise ValueError(f"Retention ends on {end}, before it starts on {start}.")
    there, mrr = standing(frames, definition, [start, end])
    kept, lost, joined = there[:, 0] & there[:, 1], there[:, 0] & ~there[:, 1], ~there[:, 0] & there[:, 1]
    paid = np.where(there, mrr, 0.0)
    priced = there[:, 0] & ~np.isnan(paid).any(axis=1)
    before, after = np.maximum(paid[:, 0], 0.0), np.maximum(paid[:, 1], 0.0)
    change = np.where(priced, after - before, 0.0)
    return Retention(
        at_start=int(there[:, 0].sum()),
        lost=int(lost.sum()),
        joined=int(joined.sum()),
        unpriced=int((there[:, 0] & ~priced).sum()),
        start_mrr=float(before[priced].sum()),
        churned_mrr=float(before[priced & lost].sum()),
        contraction_mrr=float(-np.minimum(change, 0.0)[kept].sum()),
        expansion_mrr=float(np.maximum(change, 0.0)[kept].sum()),
        joined_mrr=float(np.nansum(after[joined])),
    )


def month_ends(last: date, months: int) -> list[date]:
    """The last day of each of the newest `months` complete months by `last` and of the one before them, rising."""
    newest = pd.Timestamp(last) + pd.Timedelta(days=1)
    first_of_month = newest.replace(day=1)
    return [
        (first_of_month - pd.DateOffset(months=back) - pd.Timedelta(days=1)).date() for back in range(months, -1, -1)
    ]


def standing(frames: Frames, definition: ChurnDefinition, dates: Sequence[date]) -> tuple[Flags, Floats]:
    """Who is a customer at the close of each date, and their MRR (NaN: not known); shapes (customers, dates).

    A contract line counts from the day it starts to the day before it ends. The line before a gap of at most
    `GRACE_DAYS` reaches up to the next one. Customers without lines count from sign-up to departure at their current
    price; those who left on an unknown day never count.
    """
    days = [day_of(one) for one in dates]
    if definition.kind is ChurnDefinitionKind.LABEL:
        raise ValueError("Churn is a label without dates: nobody's standing on a day is known.")
    if definition.kind is ChurnDefinitionKind.INACTIVITY:
        active = [active_customers(frames, definition, day + 1.0, "active") for day in days]
        return np.column_stack(active), np.full((len(frames.customers), len(days)), np.nan)
    lines = _lines(frames)
    there = np.zeros((len(frames.customers), len(days)), dtype=bool)
    mrr = np.zeros((len(frames.customers), len(days)))
    for place, day in enumerate(days):
        running = lines[(lines["started"] <= day) & (day < lines["ended"])]
        there[running["customer"].to_numpy(), place] = True
        np.add.at(mrr[:, place], running["customer"].to_numpy(), running["mrr"].to_numpy())
    return there, mrr


def _lines(frames: Frames) -> pd.DataFrame:
    """Contract lines with customer code, start, end (infinite: open) and MRR, gaps bridged."""
    table = frames.subscriptions
    ended = days_of(table["ended_on"])
    lines = pd.DataFrame(
        {
            "customer": customer_codes(frames, table["customer_id"]),
            "started": days_of(table["started_on"]),
            "ended": np.where(np.isnan(ended), np.inf, ended),
            "mrr": table["mrr"].to_numpy(dtype=np.float64),
        }
    )
    lines = pd.concat([lines[lines["customer"] >= 0], _without_lines(frames, lines["customer"])], ignore_index=True)
    lines = lines.sort_values(["customer", "started", "ended"], kind="stable", ignore_index=True)
    # A gap opens where everything so far has ended before the next line starts.
    reach = lines.groupby("customer")["ended"].cummax()
    following = lines.groupby("customer")["started"].shift(-1)
    bridged = (following > reach) & (following - reach <= GRACE_DAYS) & (lines["ended"] == reach)
    lines["ended"] = lines["ended"].where(~bridged, following)
    return lines


def _without_lines(frames: Frames, with_lines: pd.Series) -> pd.DataFrame:
    """One line from sign-up to departure for each customer who has none."""
    customers = frames.customers
    ended = days_of(customers["churned_on"])
    gone = (customers["status"] == CustomerStatus.CHURNED.value).to_numpy() | (customers["churned"] == 1).to_numpy()
    started = days_of(customers["signed_up_on"])
    lines = pd.DataFrame(
        {
            "customer": np.arange(len(customers)),
            "started": np.where(np.isnan(started), -np.inf, started),
            "ended": np.where(np.isnan(ended), np.where(gone, -np.inf, np.inf), ended),
            "mrr": customers["monthly_revenue"].to_numpy(dtype=np.float64),
        }
    )
    return lines[~lines["customer"].isin(with_lines)]


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers who signed up in one quarter, and the share of them still there after each of some months.

    A share is None where the youngest of them have not been there for so long yet: every share is of the whole cohort.
    """

    quarter: str
    customers: int
    shares: tuple[float | None, ...]


def cohort_retention(lifetimes: pd.DataFrame, today: pd.Timestamp, months: Sequence[int]) -> list[Cohort]:
    """Retention by quarter of sign-up, oldest first, from columns signed_up_on, churned_on and active (bool).

    Of customers who left before departures were recorded nothing is known, so cohorts start with the first recorded
    departure; those who left on an unknown day are left out.
    """
    recorded_from = lifetimes["churned_on"].min()
    followed = lifetimes[lifetimes["signed_up_on"] >= recorded_from]
    followed = followed[followed["active"] | followed["churned_on"].notna()]
    found = []
    for quarter, part in followed.groupby(followed["signed_up_on"].dt.to_period("Q"), sort=True):
        age = _months(today - part["signed_up_on"])
        stayed = _months(part["churned_on"].where(~part["active"], pd.NaT) - part["signed_up_on"])
        shares = tuple(
            float(np.mean(part["active"].to_numpy() | (stayed > month))) if age.min() >= month else None
            for month in months
        )
        found.append(Cohort(f"{quarter.year} Q{quarter.quarter}", len(part), shares))
    return found


def _months(span: pd.Series) -> npt.NDArray[np.float64]:
    return np.asarray(span.dt.days.to_numpy(dtype=np.float64) / DAYS_PER_MONTH, dtype=np.float64)
