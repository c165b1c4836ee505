"""How good the model is: measured on rows it never saw, against plain baselines, with intervals."""

import math

from analytics.reports.building import SectionBuilder, count, nothing, number, share, text
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.expectation import Z95, judged_totals
from analytics.reports.facts import ModelFacts, ReportFacts
from db.vocabulary import Json

ID, TITLE = "quality", "How far the forecast can be trusted"
METRICS = (
    ("auc", "AUC", "Ranking: a leaver stands above a stayer; chance is one half", True),
    ("average_precision", "Average precision", "Precision over all list lengths; chance is the share who left", True),
    ("lift_at_10", "Lift in the top tenth", "Churn rate of the tenth most at risk over that of everyone", True),
    ("recall_at_10", "Leavers found in the top tenth", "Share of all leavers among the tenth most at risk", True),
    ("log_loss", "Log loss", "Error of the probabilities; lower is better", False),
    ("brier", "Brier score", "Mean squared error of the probabilities; lower is better", False),
    ("ece", "Calibration error (ECE)", "Mean gap between forecast and churn rate; lower is better", False),
    ("calibration_slope", "Calibration slope", "One is right; below one the forecasts are too extreme", None),
)


def build(facts: ReportFacts) -> Section:
    """The quality of the newest model."""
    if facts.model is None or "auc" not in facts.model.metrics:
        return nothing(ID, TITLE, "No model has been trained yet.")
    section = SectionBuilder(ID, TITLE)
    model = facts.model
    figures = model.metrics
    section.lead(
        "Tested on {n} customers it had not seen, of whom {churners} left. Among the tenth ranked most at risk the "
        "model found {recall} of the leavers, {lift} times as many as a list in random order.",
        n=count(figures.get("n")),
        churners=count(figures.get("churners")),
        recall=share(figures.get("recall_at_10")),
        lift=number(figures.get("lift_at_10")),
    )
    section.say("Protocol: {protocol}.", protocol=text(figures.get("protocol", "not stated")))
    _figures(section, model)
    _calibration(section, model)
    _gains(section, model)
    return section.done()


def _figures(section: SectionBuilder, model: ModelFacts) -> None:
    intervals, baselines = model.metrics.get("intervals") or {}, model.metrics.get("baselines") or {}
    columns = [
        Column("metric", "Measure"),
        Column("value", "Model", Kind.NUMBER),
        Column("low", "Interval from", Kind.NUMBER),
        Column("high", "Interval to", Kind.NUMBER),
        *(Column(f"baseline_{place}", name.capitalize(), Kind.NUMBER) for place, name in enumerate(baselines)),
        Column("meaning", "What it means", aside=True),
    ]
    rows = []
    for key, label, meaning, _ in METRICS:
        if model.metrics.get(key) is None:
            continue
        low, high = intervals.get(key, (None, None))
        others = [found.get(key) for found in baselines.values()]
        rows.append((label, model.metrics[key], low, high, *others, meaning))
    section.table(
        "metrics",
        "Measures, with 95 % intervals" + (" and plain baselines" if baselines else ""),
        tuple(columns),
        rows,
        note="Baselines were judged on the same customers." if baselines else "No baselines were kept with this model.",
    )
    if "prevalence" in baselines:
        section.note(
            "The prevalence baseline gives everybody the share who left in training. It ranks nobody, so a small "
            "calibration error comes cheap to it."
        )


def _calibration(section: SectionBuilder, model: ModelFacts) -> None:
    bins = model.metrics.get("calibration") or []
    section.table(
        "calibration",
        "Does a forecast of so much come true so often?",
        (
            Column("forecast", "Mean forecast", Kind.SHARE),
            Column("churned", "Left", Kind.SHARE),
            Column("n", "Customers", Kind.COUNT),
        ),
        [(one["forecast"], one["churned"], one["n"]) for one in bins],
        chart=Chart(
            ChartKind.CALIBRATION,
            "Churn rate against mean forecast in groups of equal size; on the diagonal forecasts come true.",
            "forecast",
            ("churned",),
            size="n",
        ),
    )
    _level(section, model, bins)


def _level(section: SectionBuilder, model: ModelFacts, bins: list[Json]) -> None:
    """Whether as many left as the forecasts said, and whether chance explains the difference."""
    seen = judged_totals(model)
    if seen is None:
        return
    expected, left = seen
    spread = math.sqrt(sum(int(one["n"]) * float(one["forecast"]) * (1 - float(one["forecast"])) for one in bins))
    sentence = "In the test {test_expected} customers were expected to leave and {test_left} did"
    if abs(expected - left) <= Z95 * spread:
        sentence += ", a difference that chance explains."
    else:
        way = "high" if expected > left else "low"
        sentence += f": the forecast ran {way}, by more than chance explains. Trust its order more than its level."
    section.say(sentence, test_expected=count(expected), test_left=count(left))


def _gains(section: SectionBuilder, model: ModelFacts) -> None:
    gains = model.metrics.get("gains") or []
    total = sum(int(one["customers"]) for one in gains)
    rows, seen = [], 0
    for one in gains:
        seen += int(one["customers"])
        rows.append(
            (
                one["decile"],
                one["customers"],
                one["churners"],
                one["churn_rate"],
                one["lift"],
                seen / total,
                one["recall"],
            )
        )
    section.table(
        "gains",
        "Leavers found, working down the list by tenths",
        (
            Column("decile", "Tenth", Kind.COUNT),
            Column("customers", "Customers", Kind.COUNT),
            Column("churners", "Left", Kind.COUNT),
            Column("churn_rate", "Churn rate", Kind.SHARE),
            Column("lift", "Lift", Kind.NUMBER),
            Column("contacted", "Contacted so far", Kind.SHARE),
            Column("recall", "Leavers found so far", Kind.SHARE),
        ),
        rows,
        chart=Chart(
            ChartKind.GAINS,
            "Share of leavers found against share of customers contacted; the diagonal is a list in random order.",
            "contacted",
            ("recall",),
        ),
    )
