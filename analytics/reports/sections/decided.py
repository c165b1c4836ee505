"""What was decided and what came of it: offers chosen, rules that stopped one, the holdout and what it can show."""

import math
from collections import Counter

import pandas as pd

from analytics.decisions.experiment import minimum_detectable_effect, sample_ratio_p_value
from analytics.decisions.trace import BLOCK_SENTENCES
from analytics.evaluation.shares import difference_interval
from analytics.reports.building import SectionBuilder, count, nothing, number, share
from analytics.reports.document import Chart, ChartKind, Column, Kind, Section
from analytics.reports.facts import DecidingRun, ReportFacts
from db.vocabulary import Arm, OfferType, OutcomeKind

ID, TITLE = "decisions", "What was decided"
SUSPECT = 0.001


def build(facts: ReportFacts) -> Section:
    """The newest decisions and the standing experiment."""
    if facts.deciding is None or not len(facts.deciding.decisions):
        return nothing(ID, TITLE, "Nothing has been decided yet. Run `mainstay decide`.")
    section = SectionBuilder(ID, TITLE)
    run = facts.deciding
    decisions = run.decisions
    chosen = decisions[decisions["offer_type"] != OfferType.NONE.value]
    blocked = decisions[decisions["blocked_by"].notna()]
    section.lead(
        "Of {decided} customers weighed, {chosen} get an offer, {stopped} were stopped by a rule, and for {idle} no "
        "offer was worth its cost or fitted.",
        decided=count(len(decisions)),
        chosen=count(len(chosen)),
        stopped=count(len(blocked)),
        idle=count(len(decisions) - len(chosen) - len(blocked)),
    )
    _offers(section, chosen, run)
    _blocks(section, blocked)
    _holdout(section, facts, run)
    _outcomes(section, run)
    return section.done()


def _offers(section: SectionBuilder, chosen: pd.DataFrame, run: DecidingRun) -> None:
    groups = chosen.groupby(["offer_code", "offer_type"], sort=True).agg(
        customers=("key", "size"), worth=("priority", "sum")
    )
    ordered = groups.reset_index().sort_values(["customers", "offer_code"], ascending=[False, True])
    section.table(
        "offers",
        "Offers chosen",
        (
            Column("offer", "Offer"),
            Column("kind", "Kind"),
            Column("customers", "Customers", Kind.COUNT),
            Column("worth", "Expected value", Kind.MONEY),
        ),
        [
            (run.offers.get(code, code), kind.replace("_", " "), size, worth)
            for code, kind, size, worth in ordered.itertuples(index=False, name=None)
        ],
        chart=Chart(ChartKind.BARS, "Number of customers for whom each offer was chosen.", "offer", ("customers",)),
    )


def _blocks(section: SectionBuilder, blocked: pd.DataFrame) -> None:
    counts = Counter(str(rule) for rule in blocked["blocked_by"])
    rows = [
        (rule.replace("_", " ").capitalize(), size, BLOCK_SENTENCES.get(rule, "A rule of the contact policy."))
        for rule, size in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    section.table(
        "blocks",
        "Stopped by a rule",
        (
            Column("rule", "Rule"),
            Column("customers", "Customers", Kind.COUNT),
            Column("meaning", "What it means", aside=True),
        ),
        rows,
    )


def _holdout(section: SectionBuilder, facts: ReportFacts, run: DecidingRun) -> None:
    held = int((run.decisions["arm"] == Arm.HOLDOUT.value).sum())
    total = len(run.decisions)
    if not held or run.holdout_share <= 0:
        section.say("No holdout is kept, so the effect of the programme cannot be measured.")
        return
    section.say(
        "{held} customers ({held_share}; planned {planned}) are in the holdout and get no offer, so that the effect of "
        "offers can be measured.",
        held=count(held),
        held_share=share(held / total),
        planned=share(run.holdout_share),
    )
    if sample_ratio_p_value(held, total - held, run.holdout_share) < SUSPECT:
        section.say(
            "The split differs from its plan by more than chance explains: find out why before comparing the two sides."
        )
    if facts.run is None or not len(facts.run.scores):
        return
    rate = float(facts.run.scores["churn_probability"].mean())
    effect = minimum_detectable_effect(total, min(max(rate, 0.0), 1.0), run.holdout_share)
    if math.isfinite(effect):
        section.say(
            "At the expected churn rate of {rate} a split of this size can be expected to show a fall of {mde} "
            "percentage points or more; a smaller effect would go unseen.",
            rate=share(rate),
            mde=number(effect * 100),
        )
    else:
        section.say("So few customers are held out that not even a fall of churn to nothing could be shown.")


def _outcomes(section: SectionBuilder, run: DecidingRun) -> None:
    if not len(run.outcomes):
        section.note("No outcomes have been recorded yet, so nothing can be said about the effect of the offers.")
        return
    rows = [
        (arm, kind, int(size))
        for arm, kind, size in run.outcomes.sort_values(["kind", "arm"]).itertuples(index=False, name=None)
    ]
    section.table(
        "outcomes",
        "Outcomes recorded so far",
        (Column("arm", "Side"), Column("kind", "Outcome"), Column("customers", "Customers", Kind.COUNT)),
        rows,
    )
    _effect(section, run.outcomes)


def _effect(section: SectionBuilder, outcomes: pd.DataFrame) -> None:
    """Who was still there after the horizon, on each side of the experiment."""
    counts = {(arm, kind): int(size) for arm, kind, size in outcomes.itertuples(index=False, name=None)}
    stayed = [counts.get((arm.value, OutcomeKind.RETAINED.value), 0) for arm in (Arm.TREATED, Arm.HOLDOUT)]
    left = [counts.get((arm.value, OutcomeKind.CANCELED.value), 0) for arm in (Arm.TREATED, Arm.HOLDOUT)]
    followed = [stay + gone for stay, gone in zip(stayed, left, strict=True)]
    if not all(followed):
        section.note(
            "The effect of the offers can be told once it is known on both sides who stayed through the horizon; a "
            "save counts only against the holdout."
        )
        return
    rates = [stay / total for stay, total in zip(stayed, followed, strict=True)]
    low, high = difference_interval(stayed[0], followed[0], stayed[1], followed[1])
    section.say(
        "Of {treated} customers outside the holdout {treated_stayed} stayed, of {control} inside it {control_stayed}: "
        "a difference of {effect} percentage points ({effect_low} to {effect_high}).",
        treated=count(followed[0]),
        treated_stayed=share(rates[0]),
        control=count(followed[1]),
        control_stayed=share(rates[1]),
        effect=number((rates[0] - rates[1]) * 100),
        effect_low=number(low * 100),
        effect_high=number(high * 100),
    )
    section.note(
        "The difference is the share of customers kept by the programme, with its 95 % interval."
        if low > 0
        else "The interval holds zero: it has not been shown that the programme keeps anybody."
        if high >= 0
        else "Customers outside the holdout left more often. Stop and find out why."
    )
