"""How the churn probabilities are spread, and how many customers stand in each risk band."""

import numpy as np
import pandas as pd

from analytics.reports.building import SectionBuilder, nothing, share
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import ReportFacts
from analytics.value import RiskThresholds
from db.vocabulary import RiskBand

ID, TITLE = "risk", "How the risk is spread"
STEPS = 20


def build(facts: ReportFacts) -> Section:
    """The distribution of churn probabilities."""
    if facts.run is None or not len(facts.run.scores):
        return nothing(ID, TITLE, "There are no forecasts to show yet.")
    section = SectionBuilder(ID, TITLE)
    scores = facts.run.scores
    p = scores["churn_probability"].to_numpy(dtype=np.float64)
    section.lead(
        "Half of the customers have a churn probability of {median} or less; the tenth most at risk have {ninth} "
        "or more.",
        median=share(np.median(p)),
        ninth=share(np.quantile(p, 0.9)),
    )
    _bands(section, facts, scores)
    _histogram(section, p)
    return section.done()


def _bands(section: SectionBuilder, facts: ReportFacts, scores: pd.DataFrame) -> None:
    rows = []
    for band in (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW):
        part = scores[scores["risk_band"] == band.value]
        money = part["revenue_at_risk"]
        rows.append(
            (
                band.value.capitalize(),
                len(part),
                len(part) / len(scores),
                part["churn_probability"].sum(),
                money.sum() if money.notna().any() else None,
            )
        )
    section.table(
        "bands",
        "Customers by risk band",
        (
            Column("band", "Risk band"),
            Column("customers", "Customers", Kind.COUNT),
            Column("share", "Share", Kind.SHARE),
            Column("leavers", "Expected to leave", Kind.EXPECTED),
            Column("at_risk", "Revenue at risk", Kind.MONEY),
        ),
        rows,
        chart=Chart(ChartKind.BARS, "Number of customers in each risk band.", "band", ("customers",)),
    )
    if facts.model is not None and "base_rate" in facts.model.card:
        thresholds = RiskThresholds.from_base_rate(float(facts.model.card["base_rate"]))
        section.note(
            "High means {high_from} or more, medium {medium_from} or more; both follow from the share who left in "
            "training.",
            high_from=share(thresholds.high),
            medium_from=share(thresholds.medium),
        )


def _histogram(section: SectionBuilder, p: np.ndarray) -> None:
    top = next(edge for edge in (0.2, 0.4, 0.6, 0.8, 1.0) if p.max() <= edge)
    edges = np.linspace(0.0, top, STEPS + 1)
    found, _ = np.histogram(p, bins=edges)
    rows = [(float(low), float(high), int(size)) for low, high, size in zip(edges[:-1], edges[1:], found, strict=True)]
    section.table(
        "distribution",
        "Customers by churn probability",
        (
            Column("from", "From", Kind.SHARE),
            Column("to", "Below", Kind.SHARE),
            Column("customers", "Customers", Kind.COUNT),
        ),
        rows,
        chart=Chart(
            ChartKind.HISTOGRAM, "Number of customers by churn probability.", "from", ("customers",), high="to"
        ),
    )
