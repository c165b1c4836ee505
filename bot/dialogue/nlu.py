"""From a message to what the policy needs: intents, entities, mood, anger, and what the message means here."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from db.vocabulary import Json, Sentiment

if TYPE_CHECKING:
    from analytics.language.understanding import Understander

MOST_READ = 2_000
"""Characters of a message that are read; nobody needs more to say what they want."""

NO_REASON = ("other", "praise")
SURE_OF_TOPIC = 0.4
STRONG_ANGER = 0.65
ANGER = 0.5

_JOINTS = re.compile(r"\b(?:because|since|as|cause|and|but|so)\b|[,.;:!?]", re.IGNORECASE)
_HESITANT = re.compile(
    r"\b(?:thinking (?:about|of)|consider(?:ing)?|might|should i|not sure (?:if|whether)|tempted to|about whether)\b"
)
_ABOUT_CANCELLING = re.compile(
    r"\b(?:what (?:happens|would happen|if)|(?:is|are) there (?:a |any )?(?:fees?|penalt\w+|charges?)|notice period|"
    r"cancell?ation (?:fees?|terms|period|policy)|what does it cost to cancel)\b"
)
_LEAVING = re.compile(r"\b(?:cancel|leav|terminat|quit|notice)")
_WANTS_OUT = re.compile(
    r"\b(?:i (?:just )?want out|get me out|i'?m (?:out|off|leaving)|i quit|done with you|i'?m done|"
    r"(?:end|cancel|close|terminate|stop|quit) (?:mine|ours|it all))\b"
    r"|^(?:just |please |now )*(?:do it|get on with it|end it)(?: now| already)?[ .!]*$"
)
_INSISTS = re.compile(
    r"(?:^|[,.;!:] *|\b(?:just|then|actually|please|now|and|so|still|to) )cancel"
    r"(?: (?:it|this|that|everything|all|now|please|already|anyway|today|my \w+|the \w+))*[ .!]*$"
)
_ORDERS = re.compile(
    r"^(?:please|pls|just|ok(?:ay)?|so|then|now|yes|you can|i said|i want you to|[ ,.!])*cancel\b"
    r"(?! (?:\w+ ){0,3}(?:appointment|visit|technician|engineer|order|booking|call|callback|delivery|ticket|request|"
    r"meeting|newsletter|cancell?ation|culture))"
)
_KEEPS = re.compile(
    r"(?<!can )(?<!could )\bkeep (?:it|everything|things|my \w+|the (?:plan|contract|subscription|service))\b"
    r"|\bleave (?:it|everything|things) (?:as (?:it is|they are|is)|for now)\b|\b(?:don'?t|do not) (?:you )?cancel\b"
)
_NOT_TO = re.compile(
    r"\b(?:don'?t|won'?t|never|(?<!can )(?<!could )not|no need to|didn'?t)"
    r" (?!let |allow |just |only |understand |know )(?:\w+ ){0,3}cancel"
)
_ASKS_HOW = re.compile(
    r"^(?:and |so |but |ok(?:ay)? |hm+ |wait |[, ])*(?:(?:how|where|when|which|why|what|who|do i|must i|should i|"
    r"would i|is it|is there|am i|will i)\b.*\b(?:cancel|leav|terminat)"
    r"|(?:can|could|may) i\b.*\bcancel.*\b(?:online|myself|later|any ?time|whenever|by|without|if)\b)"
)
_WHAT_NOW = re.compile(
    r"\b(?:what (?:are|will) you (?:gonna |going to |plan to )?do|what now|and now what"
    r"|what happens (?:now|next))\b"
)
_ABOUT_ACCOUNT = re.compile(
    r"\b(?:what (?:is it|do) i (?:have|pay)|what (?:is|'s) my plan|which plan|my (?:current )?plan\?"
    r"|what i (?:have|pay))"
)
_WHAT_CAN_YOU = re.compile(r"\bwhat (?:can|could) you (?:do|offer)\b")
_WANTS_PERSON = re.compile(
    r"\b(?:don'?t|do not|hate|dislike|tired of|sick of)(?: (?:like|want|wish|enjoy))?(?: to)?"
    r" (?:talk|chat|speak|typ|deal|writ)\w* (?:to |with )?(?:a |an |this |these |some )?"
    r"(?:machines?|computers?|bots?|robots?|chatbots?|programs?|ai)\b"
)
_NOT_ENOUGH = re.compile(
    r"\b(?:not (?:good |nearly |really )?enough|(?:does not|doesn'?t|did not|didn'?t) help|not help(?:ful|ing)|no use|"
    r"is that (?:all|it)|are you (?:kidding|joking|serious)|"
    r"you must be joking|that(?: i|')s (?:it|all)\?|not an answer|waste of (?:my )?time)"
)
_ABOUT_DATES = re.compile(
    r"\b(?:until when|paid (?:until|till|up to)|next (?:payment|renewal|bill)|when (?:does|do|will|is) (?:my|it|the)"
    r" (?:\w+ )?(?:end|renew|expire|run out|due|over))"
)
_FOR_ANOTHER = re.compile(
    r"\b(?:her|his|their|(?:mother|father|mum|mom|dad|wife|husband|brother|sister|son|daughter|partner|gran\w*)'?s)"
    r" (?:\w+ )?(?:account|contract|plan|subscription|line|service|membership)\b"
)
_BARGAIN = re.compile(
    r"\b(?:better (?:price|deal|offer|than that)|do better|more than that|best (?:price|you can do|offer)|cheaper|"
    r"lower (?:price|it)|match (?:that|it|their|them)|knock|throw in|only \d+ ?%|make it \d+|negotiat\w+|"
    r"\d+ ?(?:%|percent)|half price|why (?:can'?t you|not more)|"
    r"or (?:else )?i(?:'m| am| will|'ll)? (?:leav|go|cancel|walk))"
)
_ABOUT_OFFER = re.compile(
    r"\b(?:how (?:much|long)|until when|valid|what(?:'s| is) the (?:catch|offer|deal|suggestion)|conditions?|terms|"
    r"tell me more|more details?|what exactly|what do i (?:get|pay)|then what|afterwards|and after|"
    r"after (?:that|the|those)|sign)\b"
)
_CORRECTION = re.compile(
    r"\b(?:(?:that'?s|this is) not what i (?:said|meant|asked|want\w*)|i (?:didn'?t|did not) (?:say|mean|ask)|"
    r"no,? i mean\w*|i meant|you (?:misunderstood|got (?:that|it|me) wrong|don'?t understand)|wrong answer)\b"
)
_PLAIN_YES = re.compile(
    r"^(?:(?:oh |well )?(?:yes|yep|yeah|yup|ok|okay|sure|please|go ahead|go on(?: then)?"
    r"|do it|confirm(?:ed)?|correct|right|fine|ja|oui"
    r"|si|sí))(?:[ ,.!]+(?:yes|please|do it|go ahead|cancel(?: it)?|thanks?|that'?s right|sure|now|i'?m sure))*[ .!]*$"
)
_PLAIN_NO = re.compile(
    r"^(?:no|nope|nah|nein|non|don'?t|better not|rather not)"
    r"(?:[ ,.!]+(?:no|thanks?|thank you|not now|don'?t|nothing|please|that'?s (?:all|it)|i'?m good))*[ .!]*$"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message says. `intents` are names, the one that asks for most first; `anger` is between 0 and 1.

    `meanings` are readings by pattern that depend on the dialogue: hesitant, about_cancelling, wants_out, bargain,
    about_offer, about_account, about_dates, what_now, what_can_you,
    wants_person, not_enough,
    asks_how,
    not_to, keeps, for_another, correction, yes, no, question.
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
    names = tuple(intent.name for intent in found.intents)
    meanings = _meanings(line)
    if "keeps" in meanings and not {"stay", "cancel"} & set(names):
        names = ("stay", *(name for name in names if name not in ("goodbye", "out_of_scope")))
    if "not_to" in meanings and "cancel" in names and "wants_out" not in meanings:
        names = ("stay", *(name for name in names if name not in ("cancel", "stay")))
    if "wants_out" in meanings and "cancel" not in names:
        names = ("cancel", *(name for name in names if name not in ("out_of_scope", "stay")))
    if "wants_person" in meanings and "human_request" not in names:
        names = ("human_request", *(name for name in names if name not in ("out_of_scope", "is_this_a_bot")))
    if "not_enough" in meanings:
        names = tuple(name for name in names if name != "is_this_a_bot") or ("out_of_scope",)
    topic = found.topic if found.topic not in NO_REASON else None
    if topic is None and "cancel" in names:
        topic = _reason_beside(understander, line, today)
    return Heard(
        text=line,
        intents=names,
        confidence=found.intents[0].confidence,
        topic=topic,
        sentiment=Sentiment(found.sentiment),
        anger=found.anger,
        language=found.language,
        entities=tuple(_entity(entity) for entity in found.entities),
        meanings=meanings,
        moods=tuple(found.moods.items()),
        was_cut=len(text) > MOST_READ,
    )


def _reason_beside(understander: "Understander", line: str, today: date) -> str | None:
    """The reason that stands beside the wish to cancel: `cancel it, it is too expensive`."""
    parts = [part for part in _JOINTS.split(line) if part.strip()]
    read = understander.batch(parts, today=today) if len(parts) > 1 else []
    sure = (found.topic for found in read if found.intents[0].confidence >= SURE_OF_TOPIC)
    return next((topic for topic in sure if topic not in NO_REASON), None)


def _entity(entity: Any) -> Json:
    return {"entity": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}


def _meanings(line: str) -> frozenset[str]:
    plain = line.lower().replace("’", "'")
    patterns = {
        "hesitant": _HESITANT,
        "about_cancelling": _ABOUT_CANCELLING,
        "wants_out": _WANTS_OUT,
        "bargain": _BARGAIN,
        "about_offer": _ABOUT_OFFER,
        "about_account": _ABOUT_ACCOUNT,
        "about_dates": _ABOUT_DATES,
        "what_now": _WHAT_NOW,
        "asks_how": _ASKS_HOW,
        "not_to": _NOT_TO,
        "keeps": _KEEPS,
        "for_another": _FOR_ANOTHER,
        "what_can_you": _WHAT_CAN_YOU,
        "wants_person": _WANTS_PERSON,
        "not_enough": _NOT_ENOUGH,
        "correction": _CORRECTION,
        "yes": _PLAIN_YES,
        "no": _PLAIN_NO,
    }
    found = {name for name, pattern in patterns.items() if pattern.search(plain)}
    if not _LEAVING.search(plain):
        found.discard("about_cancelling")
    if (_INSISTS.search(plain) or _ORDERS.search(plain)) and not _NOT_TO.search(plain):
        found.add("wants_out")
    return frozenset(found | ({"question"} if plain.endswith("?") else set()))
