"""What to do: which customers to offer what, what it is expected to be worth, and how far a team's hours reach."""

import math

import numpy as np
import pandas as pd

from analytics.reports.building import SectionBuilder, count, money, nothing, share
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import DecidingRun, ReportFacts
from db.vocabulary import OfferType

ID, TITLE = "actions", "What to do"
SEGMENTS_SHOWN = 10
TENURES = ((6.0, "first half-year"), (24.0, "half a year to two years"), (math.inf, "over two years"))
"""Time as a customer in words, by the months up to which it goes."""
CAPACITIES = (25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

CAPACITY_COLUMNS = (
    Column("customers", "Customers contacted", Kind.COUNT),
    Column("share", "Share of all", Kind.SHARE),
    Column("leavers", "Expected leavers among them", Kind.EXPECTED),
    Column("reached", "Of all expected leavers", Kind.SHARE),
    Column("money", "Of revenue at risk", Kind.SHARE),
    Column("free", "May be contacted", Kind.COUNT),
    Column("offered", "Have an offer", Kind.COUNT),
)
"""The last two make sense only once offers have been decided."""


def build(facts: ReportFacts) -> Section:
    """The actions that the newest decisions propose."""
    if facts.run is None or not len(facts.run.scores):
        return nothing(ID, TITLE, "There are no forecasts to act on yet.")
    section = SectionBuilder(ID, TITLE)
    scores = facts.run.scores
    if facts.deciding is None:
        section.say("No offers have been decided yet. Run `mainstay decide` to have them weighed for every customer.")
        joined = scores.assign(offer_code=None, offer_type=None, blocked_by=None, priority=np.nan)
    else:
        joined = scores.merge(
            facts.deciding.decisions[["key", "offer_code", "offer_type", "blocked_by", "priority"]],
            on="key",
            how="left",
        )
        _segments(section, facts, joined, facts.deciding)
    _capacity(section, joined, decided=facts.deciding is not None)
    return section.done()


def _segments(section: SectionBuilder, facts: ReportFacts, joined: pd.DataFrame, run: DecidingRun) -> None:
    offered = joined[joined["offer_type"].notna() & (joined["offer_type"] != OfferType.NONE.value)].copy()
    section.lead(
        "{offered} of {scored} customers have an offer worth more than it costs; "
        "together they hold {offered_risk} of revenue at risk. "
        + (
            "Going by measured effects where there are any, the offers are worth {worth}."
            if _measured(run)
            else "On the catalogue's assumptions the offers are worth {worth}."
        ),
        offered=count(len(offered)),
        scored=count(len(joined)),
        offered_risk=money(_total(offered["revenue_at_risk"])),
        worth=money(_total(offered["priority"])),
    )
    if not len(offered):
        return
    kinds = zip(offered["risk_band"], offered["plan"], offered["tenure_months"], strict=True)
    offered["segment"] = [_segment(band, plan, months) for band, plan, months in kinds]
    offered["offer"] = [run.offers.get(code, code) for code in offered["offer_code"]]
    groups = offered.groupby(["segment", "offer"], sort=True).agg(
        customers=("key", "size"),
        leavers=("churn_probability", "sum"),
        at_risk=("revenue_at_risk", lambda column: column.sum(min_count=1)),
        worth=("priority", "sum"),
    )
    top = groups.reset_index().sort_values(["worth", "customers", "segment"], ascending=[False, False, True])
    section.table(
        "segments",
        "Where to begin: segments by what their offer is expected to be worth",
        (
            Column("segment", "Segment"),
            Column("offer", "Recommended offer"),
            Column("customers", "Customers", Kind.COUNT),
            Column("leavers", "Expected to leave", Kind.EXPECTED),
            Column("at_risk", "Revenue at risk", Kind.MONEY),
            Column("worth", "Expected value", Kind.MONEY),
        ),
        list(top.head(SEGMENTS_SHOWN).itertuples(index=False, name=None)),
    )
    if len(top) > SEGMENTS_SHOWN:
        section.note(
            "The {shown} segments with the highest expected value of {all_segments}.",
            shown=count(SEGMENTS_SHOWN),
            all_segments=count(len(top)),
        )
    _basis(section, joined, run)


def _basis(section: SectionBuilder, joined: pd.DataFrame, run: DecidingRun) -> None:
    if _measured(run):
        section.note(
            "Expected value rests on effects measured against customers without an offer, where there are any."
        )
    else:
        section.note(
            "Expected value is an assumption to begin with: the catalogue's acceptance rate times the value of the "
            "customer, less the costs. No effect has been measured in this store yet."
        )


def _measured(run: DecidingRun) -> bool:
    """Whether any offer was weighed by an effect measured against customers without it."""
    return bool(set(run.decisions["method"]) - {"propensity", "none"})


def _segment(band: object, plan: object, months: float) -> str:
    """Risk band and plan; where no plan is known, time as a customer."""
    risk = f"{str(band).capitalize()} risk"
    if isinstance(plan, str) and plan:
        return f"{risk}, {plan}"
    if math.isnan(months):
        return risk
    return f"{risk}, {next(words for limit, words in TENURES if months < limit)}"


def _capacity(section: SectionBuilder, joined: pd.DataFrame, *, decided: bool) -> None:
    ranked = joined.sort_values(["churn_probability", "key"], ascending=[False, True], kind="stable")
    p = ranked["churn_probability"].to_numpy(dtype=np.float64)
    at_risk = np.nan_to_num(ranked["revenue_at_risk"].to_numpy(dtype=np.float64))
    free = ranked["blocked_by"].isna().to_numpy()
    offered = (ranked["offer_type"].notna() & (ranked["offer_type"] != OfferType.NONE.value)).to_numpy()
    total, money_total = float(p.sum()), float(at_risk.sum())
    sizes = [size for size in CAPACITIES if size < len(ranked)] or [len(ranked)]
    rows = [
        (
            size,
            size / len(ranked),
            p[:size].sum(),
            p[:size].sum() / total if total else None,
            at_risk[:size].sum() / money_total if money_total else None,
            int(free[:size].sum()) if decided else None,
            int(offered[:size].sum()) if decided else None,
        )
        for size in sizes
    ]
    named = min(sizes, key=lambda size: abs(size - len(ranked) / 10))
    chosen = rows[sizes.index(named)]
    section.say(
        "Contacting the {top} customers most likely to leave ({top_share} of all) reaches {reached} of those "
        "expected to go.",
        top=count(named),
        top_share=share(chosen[1]),
        reached=share(chosen[3]),
    )
    columns = CAPACITY_COLUMNS if decided else CAPACITY_COLUMNS[:-2]
    section.table(
        "capacity",
        "How many of the expected leavers a team reaches, most likely to leave first",
        columns,
        [row[: len(columns)] for row in rows],
        chart=Chart(
            ChartKind.BARS,
            "Share of all expected leavers among the customers most likely to leave, by how many are contacted.",
            "customers",
            ("reached",),
        ),
    )


def _total(values: pd.Series) -> float | None:
    return float(values.sum()) if values.notna().any() else None
