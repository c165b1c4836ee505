"""Reading a brief for its situation: topic, mood, tone, tenure, what was said, and whether somebody has died."""

import re
from dataclasses import dataclass, replace

from bot.generation.brief import NO_OFFER, Brief
from bot.generation.template.slots import Slots, slots_of, whole_months
from db.vocabulary import Channel, OfferType, Sentiment

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

_WIDER = frozenset({"delivery_quality"})
"""Intents of a topic whose wording is too narrow for them."""

TONES = ("warm", "plain", "formal", "brief")
TOPIC_WORDS = {
    "price": r"pric|cost|expens|dear\b|cheap|afford|\bpay|\bpaid|too much|tariff|[€$£]|money|budget",
    "competitor": r"\bdeal|elsewhere|other (?:provider|compan)|another (?:provider|compan)|switch|compet|better offer"
    r"|looking around|compar",
    "outage": r"outage|interrupt|drop|\bdown\b|cut(?:s|ting)? out|slow|speed|offline|disconnect"
    r"|not work|n['’]t work|no (?:connection|internet|signal|service)|unstable|unreliable|fault|fail|broke|freez"
    r"|buffer|keeps? going",
    "slow_support": r"wait|answer|respon|repl(?:y|ie)|support|call(?:ed|ing)? back|hotline|on hold|help|nobody|no one",
    "billing_error": r"bill|invoice|charg|amount|debit|refund|overcharg|paid twice",
    "missing_feature": r"miss|lack|cannot|can['’]?t\b|unable|wish|without|no way"
    r"|not (?:possible|available|support|offer)|do(?:es)?n['’o]t (?:have|offer|support|let|allow)",
    "not_using": r"\buse|using|unused|need|idle|waste|hardly|never",
    "moving_house": r"\bmov(?:e|ing)|relocat|new (?:address|home|house|flat|place|apartment|city)|abroad",
    "too_complex": r"complic|complex|confus|difficult|hard to|stuck|understand|set ?up|manual|lost|easy|simpl",
    "equipment": r"router|modem|\bhub\b|\bbox\b|device|equipment|cable|decoder|mesh|remote|hardware|set-top",
    "life_event": r"died|death|passed|baby|born|birth|divorc|separat|marr|ill\b|illness|sick|hospital|surgery|\bjob\b"
    r"|work|retire|pension|wife|husband|mother|father|partner|family|circumstance|chang",
    "contract_end": r"contract|term\b|terms|renew|expir|\bend",
    "praise": r"thank|great|good|happy|love|pleased|content|satisf|excellent|well|best|nice|works",
}
"""What a message has in it where the customer said something on a topic; a forecast topic alone is no quotation."""

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
    told = _is_read(brief, topic) or is_borne_out(topic, said, brief.mood)
    if said and not told and brief.channel is Channel.EMAIL and topic != "life_event":
        topic = "unknown"  # the customer's last words are about something else, so a letter leaves the topic alone
    known = slots_of(brief)
    kind = brief.decision.offer_type
    dimensions = {
        "topic": topic,
        "tone": brief.tone if brief.tone in TONES else "plain",
        "mood": (brief.mood or Sentiment.NEUTRAL).value,
        "told": "told" if told else "unsaid",
        "tenure": _tenure(brief),
        "contact": "again" if brief.purpose in ("follow_up", "reminder") else "first",
        "offer": "none" if kind is OfferType.NONE else "offer",
        "kind": kind.value,
    }
    objected = " ".join(brief.objections)
    parts = (brief.seed, brief.variant, brief.facts.text("customer_id"), brief.decision.decision_id, objected)
    return Reading(brief, topic, bereaved, known, dimensions, "|".join(str(part) for part in parts))


def is_borne_out(topic: str, said: str, mood: Sentiment | None) -> bool:
    """Whether the customer's own words bear the topic out; good words are no complaint, and a complaint no praise."""
    words = TOPIC_WORDS.get(topic)
    return words is not None and not _is_against(topic, mood) and bool(re.search(words, said, re.IGNORECASE))


def _is_against(topic: str, mood: Sentiment | None) -> bool:
    return mood is (Sentiment.NEGATIVE if topic == "praise" else Sentiment.POSITIVE)


def _is_read(brief: Brief, topic: str) -> bool:
    """Whether the last message was read as one that says outright what the wording of the topic takes up."""
    outright = brief.intent not in _WIDER and OTHER_NAMES.get(brief.intent or "", brief.intent) == topic
    said = topic in TOPICS and outright and bool(brief.facts.text("last_message"))
    return said and not _is_against(topic, brief.mood)


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
