"""The headline: how many customers and how much money are expected to go, and what changed since the last scoring."""

import pandas as pd

from analytics.reports.building import SectionBuilder, count, day, money, nothing, share
from analytics.reports.document import Column, Kind, Section
from analytics.reports.expectation import expected_total, judged_totals, level_error
from analytics.reports.facts import ReportFacts, ScoringRun
from db.vocabulary import ChurnDefinitionKind, RiskBand

ID, TITLE = "headline", "Who may leave, and what that costs"


def build(facts: ReportFacts) -> Section:
    """The headline of a report."""
    if not facts.totals.customers:
        return nothing(ID, TITLE, "The store holds no customers yet. Import some with `mainstay import customers`.")
    if facts.run is None or not len(facts.run.scores):
        return nothing(
            ID, TITLE, "No customer has been scored yet. Run `mainstay train`, then `mainstay score`, then this report."
        )
    section = SectionBuilder(ID, TITLE)
    _totals(section, facts, facts.run)
    _how_to_read(section, facts)
    if facts.previous is not None:
        _change(section, facts.run, facts.previous)
    else:
        section.note("This is the first scoring in this store, so there is nothing to compare it with yet.")
    return section.done()


def _totals(section: SectionBuilder, facts: ReportFacts, run: ScoringRun) -> None:
    scores, off = run.scores, level_error(facts.model)
    leavers = expected_total(scores["churn_probability"], 1.0, off)
    high = scores[scores["risk_band"] == RiskBand.HIGH.value]
    figures = {
        "leavers": count(leavers.value),
        "leavers_low": count(leavers.low),
        "leavers_high": count(leavers.high),
        "scored": count(len(scores)),
        "leavers_share": share(leavers.value / len(scores)),
        "horizon": count(facts.horizon),
        "high_risk": count(len(high)),
        "high_share": share(len(high) / len(scores)),
    }
    section.tile("Expected to leave", "leavers", figures["leavers"], "likely {leavers_low} to {leavers_high}")
    known = scores["revenue_at_risk"].notna()
    # Within a horizon revenue at risk is probability x money, so the weight of a customer is that money.
    weight = scores["revenue_at_risk"] / scores["churn_probability"].clip(lower=1e-9)
    loss = expected_total(scores["churn_probability"], weight, off)
    if known.any():
        money_figures = {"at_risk_low": money(loss.low), "at_risk_high": money(loss.high)}
        section.tile(
            "Revenue at risk", "at_risk", money(loss.value), "likely {at_risk_low} to {at_risk_high}", **money_figures
        )
    section.tile("Share of customers", "leavers_share", figures["leavers_share"], "of {scored} still with us")
    section.tile("At high risk", "high_risk", figures["high_risk"], "{high_share} of customers")
    labelled = facts.definition is not None and facts.definition.kind is ChurnDefinitionKind.LABEL
    window = (
        "Going by the customers whom the imported table calls churned, about {leavers} of {scored} are likely to leave"
        if labelled
        else "About {leavers} of {scored} customers are likely to leave within {horizon} days"
    )
    cost = "; {at_risk} of revenue over {horizon} days is at risk with them." if known.any() else "."
    section.lead(window + cost, **figures)
    if known.any() and not known.all():
        section.note(
            "Revenue is known for {priced} of {scored} customers; the rest count with none.", priced=count(known.sum())
        )


def _how_to_read(section: SectionBuilder, facts: ReportFacts) -> None:
    seen = judged_totals(facts.model)
    basis = "The likely range holds in about nineteen cases of twenty. It allows for chance"
    if seen is None or seen[0] <= 0:
        section.note(f"{basis} alone: how far the level of the forecast may be off has not been measured.")
    else:
        section.note(
            f"{basis} and for how far the level of the forecast was off when it was tested "
            "({test_expected} expected to leave, {test_left} did).",
            test_expected=count(seen[0]),
            test_left=count(seen[1]),
        )
    if "at_risk" in section.figures and facts.company.several_currencies:
        section.say("Customers pay in several currencies: amounts are added up as they stand, without conversion.")
    if "at_risk" in section.figures:
        section.note(
            "Revenue at risk is the churn probability times the monthly revenue times the months in {horizon} days, "
            "gross."
        )
    if facts.definition is not None and facts.definition.kind is ChurnDefinitionKind.LABEL:
        section.note(
            "The imported table does not say over which time its label looks, so neither can this forecast; it "
            "holds as far as the coming time is like that one."
        )


def _change(section: SectionBuilder, run: ScoringRun, before: ScoringRun) -> None:
    old, new = before.scores, run.scores
    section.say(
        "Since the scoring of {previous_day} the number expected to leave went from {leavers_before} to {leavers}, "
        "among {scored_before} customers then and {scored} customers this time.",
        previous_day=day(before.observation_date),
        leavers_before=count(old["churn_probability"].sum()),
        scored_before=count(len(old)),
    )
    pair = old[["key", "risk_band"]].merge(new[["key", "risk_band"]], on="key", how="outer", suffixes=("_old", "_new"))
    was, is_high = pair["risk_band_old"] == RiskBand.HIGH.value, pair["risk_band_new"] == RiskBand.HIGH.value
    both = pair["risk_band_old"].notna() & pair["risk_band_new"].notna()
    rows = [
        ("Expected to leave", old["churn_probability"].sum(), new["churn_probability"].sum()),
        ("Customers scored", len(old), len(new)),
        ("At high risk", int(was.sum()), int(is_high.sum())),
    ]
    section.table(
        "change",
        "Since the scoring before",
        (Column("what", "What"), Column("before", "Before", Kind.COUNT), Column("latest", "Latest", Kind.COUNT)),
        rows,
    )
    section.say(
        "{rose} customers moved to high risk and {fell} moved out of it; {gone} are no longer scored and {fresh} are "
        "new.",
        rose=count(_sum(both & is_high & ~was)),
        fell=count(_sum(both & was & ~is_high)),
        gone=count(_sum(pair["risk_band_new"].isna())),
        fresh=count(_sum(pair["risk_band_old"].isna())),
    )
    if run.model != before.model:
        section.note("The two scorings used different models, so part of the change is the model's.")


def _sum(mask: pd.Series) -> int:
    return int(mask.sum())
