"""Reading a brief for its situation: topic, mood, tone, tenure, what was said, and whether somebody has died."""

import re
from dataclasses import dataclass, replace

from bot.generation.brief import NO_OFFER, Brief
from bot.generation.template.slots import Slots, slots_of, whole_months
from db.vocabulary import OfferType, Sentiment

TOPICS = (
    "price", "competitor", "outage", "slow_support", "billing_error", "missing_feature", "not_using",
    "moving_house", "too_complex", "equipment", "life_event", "contract_end", "praise",
)  # fmt: skip
"""The topics that have wording of their own; every other is `unknown`."""

OTHER_NAMES = {
    "price_complaint": "price", "price_rise": "price", "competitor_offer": "competitor", "quality": "outage",
    "outage_quality": "outage", "delivery_quality": "outage", "support": "slow_support", "billing": "billing_error",
    "feature": "missing_feature", "low_usage": "not_using", "unused": "not_using", "moving": "moving_house",
    "complexity": "too_complex", "complex": "too_complex", "hardware": "equipment", "equipment_problem": "equipment",
    "bereavement": "life_event", "life_change": "life_event", "contract": "contract_end", "renewal": "contract_end",
}  # fmt: skip

TONES = ("warm", "plain", "formal", "brief")
GENTLE_OFFERS = frozenset({OfferType.NONE, OfferType.PAUSE, OfferType.CONTACT})
"""What may be put to a household after a death; anything else is left unsaid."""

KIN = r"(?:husband|wife|partner|father|mother|dad|mum|mom|brother|sister|son|daughter|parents?|grand\w+)"
DEATH = re.compile(
    r"\b(?:died|dead|deceased|passed (?:away|on)|death|bereave\w*|funeral|widow(?:er|ed)?|executor|"
    rf"late {KIN}|lost my {KIN})\b",
    re.IGNORECASE,
)
"""Words that say that somebody has died; read only where the topic is a life event."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A brief as the wording sees it: dimensions to choose by, words to fill in, and the key of the choices."""

    brief: Brief
    topic: str
    bereaved: bool
    known: Slots
    dimensions: dict[str, str]
    key: str


def read(brief: Brief) -> Reading:
    """What the wording needs to know of a brief."""
    given = (brief.topic or "").strip().lower().replace(" ", "_").replace("-", "_")
    topic = OTHER_NAMES.get(given, given)
    topic = topic if topic in TOPICS else "unknown"
    said = brief.facts.said()
    bereaved = given == "bereavement" or bool(
        topic == "life_event" and DEATH.search(f"{said} {brief.facts.text('last_issue')}")
    )
    if bereaved and brief.decision.offer_type not in GENTLE_OFFERS:
        brief = replace(brief, decision=NO_OFFER)
    known = slots_of(brief)
    kind = brief.decision.offer_type
    dimensions = {
        "topic": topic,
        "tone": brief.tone if brief.tone in TONES else "plain",
        "mood": (brief.mood or Sentiment.NEUTRAL).value,
        "told": "told" if topic != "unknown" and said else "unsaid",
        "tenure": _tenure(brief),
        "contact": "again" if brief.purpose in ("follow_up", "reminder") else "first",
        "offer": "none" if kind is OfferType.NONE else "offer",
        "kind": kind.value,
    }
    objected = " ".join(brief.objections)
    parts = (brief.seed, brief.variant, brief.facts.text("customer_id"), brief.decision.decision_id, objected)
    return Reading(brief, topic, bereaved, known, dimensions, "|".join(str(part) for part in parts))


def _tenure(brief: Brief) -> str:
    months, since, today = (
        brief.facts.number("tenure_months"),
        brief.facts.day("customer_since"),
        brief.facts.day("today"),
    )
    if months is None and since is not None and today is not None:
        months = whole_months(since, today)
    if months is None:
        return "unknown"
    return "new" if months < 6 else "settled" if months < 36 else "long"
