"""How long customers stay: a survival curve, and retention by the quarter in which they signed up."""

import numpy as np
import pandas as pd

from analytics.reports.building import SectionBuilder, count, day, nothing, share
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import ReportFacts
from analytics.reports.survival import Lifetimes, counted_lifetimes, dated_lifetimes, kaplan_meier
from analytics.retention_metrics import cohort_retention

ID, TITLE = "retention", "How long customers stay"
COHORT_MONTHS = (1, 3, 6, 9, 12)
COHORTS_SHOWN = 12
MOST_MONTHS = 60


def build(facts: ReportFacts) -> Section:
    """Retention over the months of being a customer."""
    frame = facts.lifetimes
    if frame is None or not len(frame):
        return nothing(ID, TITLE, "The store holds no customers whose time with us could be followed.")
    today = pd.Timestamp(facts.today)
    found = dated_lifetimes(frame, today)
    dated = found is not None
    if found is None:
        found = counted_lifetimes(frame)
    if found is None or not len(found.end):
        return nothing(ID, TITLE, "Neither dates of sign-up and leaving nor time as a customer with a label are known.")
    section = SectionBuilder(ID, TITLE)
    _curve(section, found)
    if facts.retained is not None and len(facts.retained):
        _months(section, facts.retained)
    if dated:
        recorded_from = frame["churned_on"].min()
        section.note(
            "Departures are recorded from {recorded_from} on. Customers of earlier years count from that day only, "
            "because of those who had left before nothing is known.",
            recorded_from=day(recorded_from.date()),
        )
        _cohorts(section, frame, today)
    else:
        section.note("Taken from time as a customer and the label, since the store holds no dates of leaving.")
    return section.done()


def _curve(section: SectionBuilder, lifetimes: Lifetimes) -> None:
    last = int(min(MOST_MONTHS, np.floor(lifetimes.end.max())))
    curve = kaplan_meier(lifetimes, np.arange(last + 1))
    known = ~np.isnan(curve.survival)
    rows = [
        (int(month), stays, low, high, int(size))
        for month, stays, low, high, size in zip(
            curve.months[known],
            curve.survival[known],
            curve.low[known],
            curve.high[known],
            curve.at_risk[known],
            strict=True,
        )
    ]
    if not rows:
        return
    year = next((row for row in rows if row[0] == 12), None)
    if year is not None:
        section.lead(
            "Of customers who sign up, an estimated {year_stay} are still there after a year "
            "({year_low} to {year_high}).",
            year_stay=share(year[1]),
            year_low=share(year[2]),
            year_high=share(year[3]),
        )
    section.table(
        "survival",
        "Share still with us, by months as a customer",
        (
            Column("month", "Month", Kind.COUNT),
            Column("stay", "Still with us", Kind.SHARE),
            Column("low", "From", Kind.SHARE),
            Column("high", "To", Kind.SHARE),
            Column("at_risk", "Customers followed", Kind.COUNT),
        ),
        rows,
        chart=Chart(
            ChartKind.LINE,
            "Estimated share of customers still with us by months as a customer, with its interval.",
            "month",
            ("stay",),
            low="low",
            high="high",
        ),
        note="Kaplan-Meier estimate with 95 % intervals.",
    )


def _months(section: SectionBuilder, retained: pd.DataFrame) -> None:
    money = bool(retained["gross_revenue_retention"].notna().any())
    columns: tuple[Column, ...] = (
        Column("month", "Month"),
        Column("at_start", "Customers at its start", Kind.COUNT),
        Column("lost", "Of them lost", Kind.COUNT),
        Column("logo_churn", "Customer churn", Kind.SHARE),
    )
    if money:
        columns += (
            Column("mrr_churn", "Revenue churn", Kind.SHARE),
            Column("gross_revenue_retention", "Gross revenue retention", Kind.SHARE),
            Column("net_revenue_retention", "Net revenue retention", Kind.SHARE),
        )
    section.table(
        "months",
        "Customers and recurring revenue kept, month by month",
        columns,
        [tuple(row) for row in retained[[column.key for column in columns]].itertuples(index=False)],
        note="Of those who were customers at the start of the month: revenue churn counts what leavers paid and what "
        "others pay less; net retention adds what others pay more."
        if money
        else "Of those who were customers at the start of the month.",
    )


def _cohorts(section: SectionBuilder, frame: pd.DataFrame, today: pd.Timestamp) -> None:
    rows = [(one.quarter, one.customers, *one.shares) for one in cohort_retention(frame, today, COHORT_MONTHS)]
    section.table(
        "cohorts",
        "Share still with us, by quarter of sign-up",
        (
            Column("cohort", "Signed up in"),
            Column("customers", "Customers", Kind.COUNT),
            *(
                Column(f"month_{month}", f"After {month} month{'s' if month > 1 else ''}", Kind.SHARE)
                for month in COHORT_MONTHS
            ),
        ),
        rows[-COHORTS_SHOWN:],
        note="A dash: the youngest customers of the quarter have not been there for so long yet.",
    )
    earlier = int((frame["signed_up_on"] < frame["churned_on"].min()).sum())
    if earlier:
        section.note(
            "{earlier} customers signed up before departures were recorded and are left out of this table.",
            earlier=count(earlier),
        )
