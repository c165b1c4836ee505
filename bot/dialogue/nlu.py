"""From a message to what the policy needs: intents, entities, mood, anger, and what the message means here."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.dialogue.phrases import meanings
from db.vocabulary import Json, Sentiment

if TYPE_CHECKING:
    from analytics.language.understanding import Understander

MOST_READ = 2_000
"""Characters of a message that are read; nobody needs more to say what they want."""

NO_REASON = ("other", "praise")
SURE_OF_TOPIC = 0.4
PLAIN_WORDS = {
    "stay": ("stays", 0.6),
    "greeting": ("greets", 0.85),
    "goodbye": ("parts", 0.85),
    "accept": ("agrees", 0.95),
}
"""Intents that below a confidence are taken for one only where the phrase beside them is in the line."""

ASKED_LOWER = 0.35
"""How clearly the price is the topic of who asks for a better one: enough where no other reason is known."""

STRONG_ANGER = 0.75
ANGER = 0.5

_NO_ACCOUNT = frozenset({"explain_bill", "wants_change", "about_dates", "pause", "cancel", "refund", "stay"})
_PLANS = frozenset({"change_plan", "upgrade", "downgrade", "out_of_scope"})
_PRICES = frozenset({"account_question", "price_complaint", "out_of_scope"})
_CALLS = frozenset({"schedule_callback", "appointment", "account_question", "slow_support", "out_of_scope"})
_WORDS = frozenset(
    {"explain_bill", "billing_error", "cancel", "change_plan", "downgrade", "upgrade", "pause", "equipment_problem"}
    | {"opt_out", "open_ticket", "outage", "delivery_quality", "stay", "refund"}
)
_HOW_TO = frozenset({"account_question", "explain_bill", "out_of_scope", "too_complex", "equipment_problem"})
_NO_HOW_TO = frozenset(
    {"cancel", "stay", "pause", "change_plan", "upgrade", "downgrade", "appointment", "schedule_callback", "refund"}
    | {"human_request", "opt_out", "data_erasure", "bereavement", "ask_discount", "repeat", "is_this_a_bot"}
    | {"about_account", "about_dates", "number", "about_cancelling", "what_can_you", "what_now", "asks_term", "agreed"}
)
_TERMS = frozenset({"out_of_scope", "too_complex", "contract_end", "report_problem", "account_question"})

_NO_CANCEL = frozenset({"cancel", "stay", "downgrade"})

_BY_PHRASE: tuple[tuple[str, frozenset[str], str, frozenset[str]], ...] = (
    ("a_part", frozenset({"cancels_offer"}), "change_plan", _NO_CANCEL),
    ("cancels_offer", frozenset(), "", _NO_CANCEL),
    ("keeps", frozenset({"stay", "cancel"}), "stay", frozenset({"goodbye", "out_of_scope"})),
    (
        "wants_out",
        frozenset({"cancel", "not_to", "a_part", "cancels_offer"}),
        "cancel",
        frozenset({"out_of_scope", "stay"}),
    ),
    ("wants_person", frozenset({"human_request"}), "human_request", frozenset({"out_of_scope", "is_this_a_bot"})),
    ("wants_call", frozenset({"human_request"}), "schedule_callback", frozenset({"slow_support", "out_of_scope"})),
    ("refuses_help", frozenset(), "", frozenset({"appointment", "schedule_callback"})),
    ("not_enough", frozenset({"who_writes"}), "", frozenset({"is_this_a_bot"})),
    ("mocks", frozenset({"who_writes"}), "", frozenset({"is_this_a_bot"})),
    ("no_use", frozenset({"explain_bill"}), "", frozenset({"not_using"})),
    ("who_writes", frozenset({"is_this_a_bot"}), "is_this_a_bot", frozenset({"out_of_scope", "chitchat"})),
    ("about_account", _NO_ACCOUNT, "account_question", _PLANS),
    ("about_dates", frozenset({"explain_bill", "cancel"}), "contract_end", _PRICES),
    ("asks_term", frozenset({"wants_out", "orders"}), "explain_term", _TERMS | _WORDS),
    ("how_to", _NO_HOW_TO, "asks_how_to", _HOW_TO),
    ("payment", _NO_HOW_TO, "payment_trouble", _HOW_TO | {"billing_error", "report_problem", "price_complaint"}),
    (
        "no_person",
        frozenset(),
        "",
        frozenset({"human_request", "slow_support", "deny", "decline", "stop", "stay", "goodbye"}),
    ),
    ("leaves_queue", frozenset(), "", frozenset({"opt_out"})),
    ("stays_if", frozenset({"in_two_minds", "orders"}), "ask_discount", frozenset({"stay", "cancel", "downgrade"})),
    ("or_else", frozenset({"orders"}), "ask_discount", frozenset({"cancel"})),
    ("asks_no_end", frozenset(), "", frozenset({"opt_out"})),
    ("price_only", frozenset(), "account_question", frozenset({"price_complaint", "ask_discount"})),
    ("unfair", frozenset(), "", frozenset({"slow_support", "billing_error", "report_problem"})),
    ("compensation", frozenset({"cancel"}), "refund", frozenset({"outage", "report_problem", "delivery_quality"})),
    (
        "genuine",
        frozenset({"who_writes"}),
        "asks_if_genuine",
        frozenset({"is_this_a_bot", "out_of_scope", "report_problem"}),
    ),
    ("names_price", frozenset({"cancel"}), "price_complaint", frozenset({"explain_bill", "billing_error"})),
    ("why_stay", frozenset({"if_no"}), "", frozenset({"stay"})),
    ("freezes", frozenset(), "report_problem", frozenset({"pause"})),
    ("asks_data", _NO_HOW_TO - {"data_erasure"}, "asks_how_to", _HOW_TO | {"chitchat", "data_erasure"}),
    ("contact_data", _NO_HOW_TO | {"moving_house"}, "asks_how_to", _HOW_TO),
    ("overrides", frozenset(), "", frozenset({"opt_out", "data_erasure"})),
    ("number", frozenset({"human_request", "own_number", "opt_out"}), "support_contact", _CALLS),
    ("means_what", frozenset({"cancel", "explain_bill", "billing_error"}), "explain_term", _TERMS),
    (
        "background",
        frozenset({"cancel", "bereavement"}),
        "",
        frozenset({"too_complex", "report_problem", "equipment_problem"}),
    ),
    ("hums", frozenset(), "out_of_scope", frozenset({"affirm", "accept"})),
    ("help", frozenset(), "out_of_scope", frozenset({"thanks", "report_problem", "human_request"})),
)
"""A phrase, what must not be heard beside it, the intent that it adds in front, and the intents that it drops."""

_JOINTS = re.compile(r"\b(?:because|since|as|cause|and|but|so)\b|[,.;:!?]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message says. `intents` are names, the one that asks for most first; `anger` is between 0 and 1.

    `meanings` are the phrases in it that depend on the dialogue (`phrases.NAMES`). `topic_weight` says how clearly the
    topic is complained about, 0 to 1.
    """

    text: str
    intents: tuple[str, ...]
    confidence: float
    topic: str | None
    sentiment: Sentiment
    anger: float
    language: str
    entities: tuple[Json, ...] = ()
    meanings: frozenset[str] = frozenset()
    moods: tuple[tuple[str, float], ...] = ()
    was_cut: bool = False
    topic_weight: float = 0.0

    @property
    def intent(self) -> str:
        """The main intent."""
        return self.intents[0]

    def has(self, *names: str) -> bool:
        """Whether any of these intents or meanings was heard."""
        return any(name in self.intents or name in self.meanings for name in names)

    def as_message(self, meaning: str | None = None) -> Json:
        """The message in the shape of Rasa's `latest_message`; `meaning` is the intent in the context of a dialogue.

        What Rasa has no place for is under `reading`.
        """
        reading = {
            "intents": list(self.intents),
            "topic": self.topic,
            "sentiment": self.sentiment.value,
            "anger": self.anger,
            "language": self.language,
            "entities": [dict(entity) for entity in self.entities],
            "meanings": sorted(self.meanings),
            "moods": dict(self.moods),
            "was_cut": self.was_cut,
            "topic_weight": self.topic_weight,
            "confidence": self.confidence,
        }
        return {
            "text": self.text,
            "intent": {"name": meaning or self.intent, "confidence": self.confidence},
            "entities": [],
            "intent_ranking": [{"name": name, "confidence": self.confidence} for name in self.intents],
            "reading": reading,
        }

    @classmethod
    def of_message(cls, message: Json) -> "Heard | None":
        """What `as_message` was made of; None for a message that somebody else read."""
        reading = message.get("reading")
        if not reading:
            return None
        return cls(
            text=str(message.get("text") or ""),
            intents=tuple(reading["intents"]),
            confidence=float(reading["confidence"]),
            topic=reading["topic"],
            sentiment=Sentiment(reading["sentiment"]),
            anger=float(reading["anger"]),
            language=str(reading["language"]),
            entities=tuple(reading["entities"]),
            meanings=frozenset(reading["meanings"]),
            moods=tuple(reading["moods"].items()),
            was_cut=bool(reading["was_cut"]),
            topic_weight=float(reading.get("topic_weight", 0.0)),
        )


def clean(text: str, limit: int = MOST_READ) -> str:
    """One visible line of at most `limit` characters: no control signs, no hidden characters."""
    head = text[: limit * 2]
    visible = "".join(
        " " if sign.isspace() else sign for sign in head if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return " ".join(visible.split())[:limit]


def hear(understander: "Understander", text: str, today: date) -> Heard:
    """What a message says; relative dates are read from `today`."""
    line = clean(text)
    found = understander.understand(line, today=today)
    phrases = meanings(line)
    sure = found.intents[0].confidence
    plain = (intent.name for intent in found.intents if _is_plain(intent.name, sure, phrases))
    names = _with_phrases(tuple(plain), phrases)
    topic, weight = (found.topic, found.topic_weight) if found.topic not in NO_REASON else (None, 0.0)
    if topic is None and ("cancel" in names or found.anger >= ANGER):
        topic, weight = _reason_beside(understander, line, today)
    if "names_price" in phrases:
        topic, weight = "price", 1.0
    if topic is None and ("bargain" in phrases or "ask_discount" in names):
        topic, weight = "price", ASKED_LOWER
    if "freezes" in phrases and topic == "low_usage":
        topic, weight = "outage", 1.0
    return Heard(
        text=line,
        intents=names,
        confidence=found.intents[0].confidence,
        topic=topic,
        sentiment=Sentiment(found.sentiment),
        anger=found.anger,
        language=found.language,
        entities=tuple(_entity(entity) for entity in found.entities),
        meanings=phrases,
        moods=tuple(found.moods.items()),
        was_cut=len(text) > MOST_READ,
        topic_weight=weight,
    )


def _is_plain(name: str, sure: float, phrases: frozenset[str]) -> bool:
    """Whether an intent was read surely enough, or is borne out by the words."""
    phrase, least = PLAIN_WORDS.get(name, ("", 0.0))
    return sure >= least or phrase in phrases


def _with_phrases(names: tuple[str, ...], phrases: frozenset[str]) -> tuple[str, ...]:
    """The intents of the model, put right where a phrase says more surely what is meant."""
    for phrase, unless, added, dropped in _BY_PHRASE:
        if phrase in phrases and not unless & {*names, *phrases}:
            kept = tuple(name for name in names if name not in dropped | {added})
            names = (added, *kept) if added else kept
    if "not_to" in phrases and "cancel" in names and "wants_out" not in phrases:
        names = ("stay", *(name for name in names if name not in ("cancel", "stay")))
    if "death" in phrases and "bereavement" not in names:
        names = (*names, "bereavement")
    return names or ("out_of_scope",)


def _reason_beside(understander: "Understander", line: str, today: date) -> tuple[str | None, float]:
    """The reason that stands beside a wish to cancel or an insult, and its weight: `cancel it, it is too expensive`."""
    parts = [part for part in _JOINTS.split(line) if part.strip()]
    read = understander.batch(parts, today=today) if len(parts) > 1 else []
    sure = (found for found in read if found.intents[0].confidence >= SURE_OF_TOPIC)
    return next(((one.topic, one.topic_weight) for one in sure if one.topic not in NO_REASON), (None, 0.0))


def _entity(entity: Any) -> Json:
    return {"entity": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}
