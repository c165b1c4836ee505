"""When customers may leave: how many within 30, 60 and 90 days with a likely range, and how the risks are spread."""

import numpy as np

from analytics.reports.building import SectionBuilder, count, day, nothing, number
from analytics.reports.document import Chart, ChartKind, Column, Figure, Kind, Section
from analytics.reports.expectation import Expectation, error_of, expected_total, level_error
from analytics.reports.facts import TIME_HORIZONS, ReportFacts, Timing

ID, TITLE = "in_time", "When they may leave"
DAYS_PER_MONTH = 365.25 / 12

COLUMNS = (
    Column("within", "Within days", Kind.COUNT),
    Column("leavers", "Expected to leave", Kind.EXPECTED),
    Column("low", "Likely from", Kind.COUNT),
    Column("high", "Likely to", Kind.COUNT),
    Column("share", "Of all customers", Kind.SHARE),
    Column("median", "Risk of the middle customer", Kind.SHARE),
    Column("ninth", "Risk from which on the riskiest tenth begins", Kind.SHARE),
)


def build(facts: ReportFacts) -> Section:
    """The forecasts in time of the newest scoring."""
    if facts.run is None or not len(facts.run.scores):
        return nothing(ID, TITLE, "There are no forecasts to show yet.")
    timing = facts.run.timing
    if timing is None or not len(timing.risks):
        return nothing(
            ID, TITLE, "Nothing is said of when: churn is a label without dates in this store, or it was scored before."
        )
    section = SectionBuilder(ID, TITLE)
    expected = {days: _expected(facts, timing, days) for days in TIME_HORIZONS}
    _lead(section, facts, expected)
    rows = []
    for days, found in expected.items():
        p = timing.risks[f"churn_{days}"].to_numpy(dtype=np.float64)
        p = p[np.isfinite(p)]
        low, high = int(np.floor(found.low)), int(np.ceil(found.high))
        rows.append((days, found.value, low, high, float(p.mean()), float(np.median(p)), float(np.quantile(p, 0.9))))
    section.table(
        "horizons",
        "Expected to leave, by how soon",
        COLUMNS,
        rows,
        chart=Chart(ChartKind.BARS, "Customers expected to leave within each horizon.", "within", ("leavers",)),
        note="Each line counts from the same day and includes those above it.",
    )
    _basis(section, timing)
    return section.done()


def _expected(facts: ReportFacts, timing: Timing, days: int) -> Expectation:
    """At the churn horizon the forecast is that of the churn model, and the range that of the headline."""
    at_horizon = facts.definition is not None and facts.definition.churn_horizon_days == days
    off = level_error(facts.model) if at_horizon else error_of(timing.judged.get(days))
    return expected_total(timing.risks[f"churn_{days}"], 1.0, off)


def _lead(section: SectionBuilder, facts: ReportFacts, expected: dict[int, Expectation]) -> None:
    figures: dict[str, Figure] = {}
    for days, found in expected.items():
        low, high = int(np.floor(found.low)), int(np.ceil(found.high))
        figures |= {f"within_{days}": count(found.value), f"low_{days}": count(low), f"high_{days}": count(high)}
    lead_days = facts.definition.lead_time_days if facts.definition else 0
    start = " after the lead time of {lead_days} days" if lead_days else ""
    section.lead(
        f"Within {{days_30}} days{start} about {{within_30}} customers are expected to leave, likely {{low_30}} to "
        "{high_30}; within {days_60} days {within_60} ({low_60} to {high_60}) and within {days_90} days {within_90} "
        "({low_90} to {high_90}).",
        **figures,
        **{f"days_{days}": count(days) for days in expected},
        **({"lead_days": count(lead_days)} if lead_days else {}),
    )


def _basis(section: SectionBuilder, timing: Timing) -> None:
    """What the range rests on, and how long customers are expected to stay."""
    months = timing.risks["expected_days"].to_numpy(dtype=np.float64) / DAYS_PER_MONTH
    months = months[np.isfinite(months)]
    if len(months):
        section.say(
            "Half of the customers are expected to stay {stay_median} months or more from now, a tenth {stay_tenth} "
            "months or less; time beyond {stay_cap} months is not counted.",
            stay_median=number(round(float(np.median(months)), 1)),
            stay_tenth=number(round(float(np.quantile(months, 0.1)), 1)),
            stay_cap=number(timing.cap_months),
        )
    if timing.judged and timing.judged_on is not None:
        days = min(timing.judged)
        section.note(
            "The likely range holds in about nineteen cases of twenty. It allows for chance and for how far the "
            "forecast was off on {judged_on} ({judged_expected} expected to leave within {judged_days} days, "
            "{judged_left} did).",
            judged_on=day(timing.judged_on),
            judged_days=count(days),
            judged_expected=count(timing.judged[days][0]),
            judged_left=count(timing.judged[days][1]),
        )
    else:
        section.note(
            "The likely range allows for chance alone: how far the forecast in time may be off has not been measured."
        )
