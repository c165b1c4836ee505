"""The contract as it stood on a day: tenure, plan, price, discount, renewal, price rises and plan changes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.features.clock import Floats, days_of
from analytics.features.encoding import Codes, Flags, customer_codes
from analytics.frames import Frames

_DAYS_PER_MONTH = 365.25 / 12
_MONTHS = {"week": 12 / 52.18, "month": 1.0, "quarter": 3.0, "half_year": 6.0, "year": 12.0}
_DAYS_OF_A_YEAR = 365.0
_CURRENT = ("plan", "billing_period", "discount", "run_started")


@dataclass(frozen=True, slots=True)
class ContractLines:
    """Contract lines sorted by customer and start; arrays of shape (lines,).

    `rises` and `changes_plan` compare a line with the line of the customer before it; `run_started` is the start of
    the unbroken run of lines with one billing period.
    """

    customer: Codes
    started: Floats
    ended: Floats
    mrr: Floats
    discount: Floats
    plan: npt.NDArray[np.object_]
    billing_period: npt.NDArray[np.object_]
    rises: Flags
    changes_plan: Flags
    run_started: Floats

    def where(self, chosen: Flags) -> "ContractLines":
        """The chosen lines."""
        return ContractLines(*(getattr(self, name)[chosen] for name in self.__slots__))


def encode_contracts(frames: Frames) -> ContractLines:
    """All contract lines; those of unknown customers are left out."""
    table = frames.subscriptions
    customer = customer_codes(frames, table["customer_id"])
    started, ended = days_of(table["started_on"]), days_of(table["ended_on"])
    # Ties keep the order of the frame: an end that lies in the future must not decide which line comes last.
    order = np.lexsort((started, customer))
    order = order[customer[order] >= 0]
    sorted_table = table.iloc[order]
    plan = sorted_table["plan"].to_numpy(dtype=object)
    period = sorted_table["billing_period"].to_numpy(dtype=object)
    mrr = sorted_table["mrr"].to_numpy(dtype=np.float64)
    follows = np.zeros(len(order), dtype=bool)
    follows[1:] = customer[order][1:] == customer[order][:-1]
    same_plan = follows & _same_as_before(plan)
    rises = same_plan & (np.diff(mrr, prepend=np.nan) > 0)
    return ContractLines(
        customer[order],
        started[order],
        ended[order],
        mrr,
        sorted_table["discount_percent"].to_numpy(dtype=np.float64),
        plan,
        period,
        rises,
        follows & ~_same_as_before(plan),
        _run_starts(started[order], follows & _same_as_before(period)),
    )


def contract_features(lines: ContractLines, day: float, customers: int) -> pd.DataFrame:
    """One row per customer code 0..`customers`-1, from the lines that started strictly before `day`.

    An end on or after `day` is not known yet. Customers without a running line keep their last plan and have a
    revenue of 0. `days_to_renewal` counts average months (30.44 days) from the start of the billing run.
    """
    seen = lines.where(lines.started < day)
    running = seen.where(~(seen.ended < day))
    latest = np.full(customers, -1)
    latest[seen.customer] = np.arange(len(seen.customer))
    current = pd.DataFrame({name: getattr(seen, name) for name in _CURRENT}).reindex(latest).reset_index(drop=True)
    first = np.full(customers, np.nan)
    first[seen.customer[::-1]] = seen.started[::-1]
    months = current["billing_period"].map(_MONTHS).to_numpy(dtype=np.float64)
    period = months * _DAYS_PER_MONTH
    return pd.DataFrame(
        {
            "contract_days": day - first,
            "plan": current["plan"].astype("str"),
            "billing_period": current["billing_period"].astype("str"),
            "monthly_revenue": np.bincount(
                running.customer, weights=np.nan_to_num(running.mrr), minlength=customers
            ).astype(np.float64),
            "discount_percent": current["discount"].to_numpy(dtype=np.float64),
            "days_to_renewal": period - np.mod(day - current["run_started"].to_numpy(dtype=np.float64), period),
            **_changes("price_rise", seen.where(seen.rises), day, customers),
            **_changes("plan_change", seen.where(seen.changes_plan), day, customers),
        }
    )


def _changes(name: str, lines: ContractLines, day: float, customers: int) -> dict[str, Floats]:
    since = np.full(customers, np.nan)
    since[lines.customer] = day - lines.started
    recent = lines.customer[day - lines.started <= _DAYS_OF_A_YEAR]
    return {
        f"contract_{name}s_365d": np.bincount(recent, minlength=customers).astype(np.float64),
        f"contract_days_since_{name}": since,
    }


def _same_as_before(values: npt.NDArray[np.object_]) -> Flags:
    codes = pd.factorize(pd.Series(values, dtype="object"))[0]
    same = np.zeros(len(values), dtype=bool)
    same[1:] = codes[1:] == codes[:-1]
    return same


def _run_starts(started: Floats, continues: Flags) -> Floats:
    run = np.cumsum(~continues) - 1
    starts: Floats = started[~continues][run]
    return starts
