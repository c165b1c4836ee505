"""The summary of customers' voices in approved wording: a paragraph around the figures, in many words for the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.generation.brief import Brief
from bot.generation.template import figures
from bot.generation.template.bank import Bank, choose, fill
from bot.generation.template.slots import clean

PURPOSE = "voices"
"""The purpose of a brief that asks for a summary; its facts hold the figures as `voices`."""

MOVERS = 2
"""How many topics besides the first are said to have risen or fallen, at most."""

Figures = Mapping[str, Any]
Line = tuple[str, dict[str, str]]
"""A slot of the bank and the words to fill in."""


def summary(bank: Bank, brief: Brief) -> str:
    """The paragraph for a brief whose purpose is `PURPOSE`."""
    facts = brief.facts.values.get(PURPOSE)
    voices: Figures = facts if isinstance(facts, Mapping) else {}
    key = "|".join(
        str(part)
        for part in (brief.seed, brief.variant, brief.facts.text("company"), voices.get("to"), *brief.objections)
    )
    said: list[str] = []
    for slot, known in _lines(voices, brief.facts.text("currency")):
        variants = bank.variants(f"{PURPOSE}.{slot}", {}, known)
        chosen = choose(variants, f"{key}|{slot}|{known.get('topic_name', '')}", " ".join(said))
        if chosen is not None:
            said.append(fill(chosen, known))
    return " ".join(said)


def _lines(voices: Figures, currency: str) -> Iterator[Line]:
    """What is said, in order."""
    period = f"the {figures.counted(voices.get('days', 0), 'day')} to {figures.in_words(str(voices.get('to', '')))}"
    known = {
        "period": period,
        "wrote": _many(voices.get("messages", 0), "message"),
        "complained": _many(_part(voices, "complaints").get("messages", 0), "complaint"),
        "praised": _many(_part(voices, "praise").get("messages", 0), "message"),
    }
    if not voices.get("messages"):
        yield "quiet", known
        return
    yield "opening", known
    yield from _complaints(voices, currency)
    yield from _praise(voices)
    if not voices.get("comparable"):
        yield "no_period_before", {}


def _complaints(voices: Figures, currency: str) -> Iterator[Line]:
    topics: list[Figures] = [topic for topic in _part(voices, "complaints").get("topics", ()) if topic["messages"]]
    if not topics:
        if _part(voices, "complaints").get("messages"):
            yield "no_topic", {}
        return
    first = topics[0]
    yield "complaint_first", _topic(first, voices, currency)
    yield from _trend("complaint", first, voices, currency)
    movers = [topic for topic in _part(voices, "complaints").get("topics", ()) if topic.get("trend") in {"up", "down"}]
    others = [topic for topic in movers if topic is not first][:MOVERS]
    for topic in others:
        yield f"complaint_{topic['trend']}", _topic(topic, voices, currency)
    if voices.get("comparable") and len(topics) > 1 and not others:
        yield "nothing_moved", {}
    yield "revenue", _topic(first, voices, currency)
    telling = next((topic for topic in topics if topic.get("churn_compared") == "higher"), first)
    if telling.get("churn_compared") in {"higher", "lower", "alike"}:
        yield f"left_{telling['churn_compared']}", _topic(telling, voices, currency)


def _praise(voices: Figures) -> Iterator[Line]:
    topics = [topic for topic in _part(voices, "praise").get("topics", ()) if topic["messages"]]
    if topics:
        yield "praise_first", _topic(topics[0], voices, "")
        yield from _trend("praise", topics[0], voices, "")


def _trend(side: str, topic: Figures, voices: Figures, currency: str) -> Iterator[Line]:
    if topic.get("trend") in {"up", "down", "steady"}:
        yield f"{side}_{topic['trend']}", _topic(topic, voices, currency)


def _topic(topic: Figures, voices: Figures, currency: str) -> dict[str, str]:
    """The words for one topic; a figure that is not known has none, and no wording that needs it is used."""
    revenue, left, everybody = topic.get("monthly_revenue"), topic.get("churn_percent"), voices.get("churn_percent")
    known = {
        "topic_name": named(str(topic["name"])),
        "topic_messages": _many(topic["messages"], "message"),
        "topic_customers": _many(topic["customers"], "customer"),
        "topic_before": f"{topic['customers_before']:,.0f}" if topic["customers_before"] else "none",
        "topic_share": _percent(topic.get("share_percent")),
        "topic_revenue": figures.money(round(revenue) if revenue >= 100 else revenue, currency)
        if revenue and currency
        else "",
        "topic_writers": _many(topic.get("churn_customers", 0), "customer"),
        "topic_left": _percent(left),
        "all_left": _percent(everybody),
        "horizon": figures.counted(voices.get("horizon_days", 0), "day"),
    }
    return {slot: words for slot, words in known.items() if words}


def named(name: str) -> str:
    """The name of a topic in a sentence; one that is made of several words of customers stands in quotation marks."""
    shown = clean(name, 120) or "something else"
    return f"“{shown}”" if "," in shown or ":" in shown else shown


def _part(voices: Figures, side: str) -> Figures:
    found = voices.get(side)
    return found if isinstance(found, Mapping) else {}


def _many(number: float, noun: str) -> str:
    return f"{number:,.0f} {noun}" if number == 1 else f"{number:,.0f} {noun}s"


def _percent(value: float | None) -> str:
    """Whole percents, with one decimal below ten."""
    if value is None:
        return ""
    return f"{value:.0f} %" if value >= 9.95 or value == 0 else f"{value:.1f} %"
