"""What moves the forecasts: the model's strongest columns, what high-risk customers share, and three cases in words."""

from collections import Counter

from analytics.reports.building import SectionBuilder, count, nothing
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import ExplainedCustomer, ReportFacts
from analytics.reports.numbers import money, share
from db.vocabulary import RiskBand

ID, TITLE = "drivers", "What the forecast goes by"
CASES = 3
REASONS_COUNTED = 3
COMMON_SHOWN = 8


def build(facts: ReportFacts) -> Section:
    """The drivers in the model; none of them is called a cause."""
    drivers = (facts.model.metrics.get("drivers") if facts.model else None) or []
    if not drivers and not facts.explained:
        return nothing(ID, TITLE, "There is no trained model whose drivers could be shown.")
    section = SectionBuilder(ID, TITLE)
    section.lead(
        "These are drivers in the model: what goes along with leaving in the data. They are not causes, and changing "
        "one of them need not keep anybody."
    )
    if drivers and facts.model is not None:
        labels = facts.model.labels
        section.table(
            "drivers",
            "Columns that move forecasts most",
            (Column("driver", "Driver"), Column("size", "Mean contribution (log-odds)", Kind.NUMBER)),
            [(labels.get(one["column"], str(one["column"])), float(one["size"])) for one in drivers],
            chart=Chart(ChartKind.BARS, "Mean size of the contribution to the forecast.", "driver", ("size",)),
            note="Mean absolute contribution to the log-odds of leaving, over customers of the training table.",
        )
    _common(section, facts)
    for place, customer in enumerate(_chosen(facts)):
        _case(section, facts, customer, "ABC"[place])
    return section.done()


def _common(section: SectionBuilder, facts: ReportFacts) -> None:
    """What raises the forecast most often among customers at high risk."""
    high = _high_keys(facts)
    explained = [customer for customer in facts.explained if customer.key in high]
    labels = facts.model.labels if facts.model else {}
    found: Counter[str] = Counter()
    for customer in explained:
        raising = [reason for reason in customer.reasons if reason["contribution"] > 0]
        strongest = sorted(raising, key=lambda reason: -float(reason["contribution"]))[:REASONS_COUNTED]
        found.update({labels.get(str(reason["column"]), str(reason["label"])) for reason in strongest})
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:COMMON_SHOWN]
    section.table(
        "common_reasons",
        "What raises the forecast most often among customers at high risk",
        (
            Column("driver", "Among the three strongest drivers"),
            Column("customers", "Customers", Kind.COUNT),
            Column("share", "Share", Kind.SHARE),
        ),
        [(label, size, size / len(explained)) for label, size in ordered],
    )
    if explained:
        section.note("Read from the reasons of {explained} customers at high risk.", explained=count(len(explained)))


def _high_keys(facts: ReportFacts) -> set[int]:
    if facts.run is None:
        return set()
    scores = facts.run.scores
    return set(scores.loc[scores["risk_band"] == RiskBand.HIGH.value, "key"].tolist())


def _chosen(facts: ReportFacts) -> list[ExplainedCustomer]:
    """Customers with the most at stake who tell different stories: other strongest drivers, else other sets of them."""
    chosen: list[ExplainedCustomer] = []
    for depth in (1, REASONS_COUNTED):
        told = {_story(customer, depth) for customer in chosen}
        for customer in facts.explained:
            story = _story(customer, depth)
            if len(chosen) < CASES and story and story not in told:
                told.add(story)
                chosen.append(customer)
    return chosen


def _story(customer: ExplainedCustomer, depth: int) -> frozenset[str]:
    """The columns that raise the forecast of a customer most."""
    raising = [reason for reason in customer.reasons if reason["contribution"] > 0]
    strongest = sorted(raising, key=lambda reason: -float(reason["contribution"]))
    return frozenset(str(reason["column"]) for reason in strongest[:depth])


def _case(section: SectionBuilder, facts: ReportFacts, customer: ExplainedCustomer, letter: str) -> None:
    if facts.run is None:
        return
    scores = facts.run.scores
    row = scores[scores["key"] == customer.key].iloc[0]
    currency = facts.company.currency
    stake = row["revenue_at_risk"]
    title = f"Case {letter}: {share(float(row['churn_probability']))} likely to leave"
    if stake == stake and stake is not None:
        title += f", {money(float(stake), currency)} at risk"
    if facts.with_names:
        title += f" ({row['name'] or 'no name'}, {row['customer_id']})"
    ordered = sorted(customer.reasons, key=lambda reason: -abs(float(reason["contribution"])))
    raising = [reason for reason in ordered if reason["contribution"] > 0][:3]
    lowering = [reason for reason in ordered if reason["contribution"] < 0][:1]
    section.case(
        title,
        [f"Raises the forecast: {reason['sentence']}." for reason in raising]
        + [f"Lowers it: {reason['sentence']}." for reason in lowering],
    )
