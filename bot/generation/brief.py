"""The brief: everything a writer may know and must say for one message, and nothing else."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from db.errors import InputError
from db.vocabulary import Channel, DecisionTerms, Json, OfferType, Sentiment, terms_of


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What is true of one customer and of the company that writes: JSON values by name.

    The names every part relies on: today, language, company, website, support_email, support_phone, support_hours,
    postal_address, unsubscribe_url, customer_id, first_name, last_name, email, plan, price, currency,
    billing_period, customer_since, tenure_months, renewal_date, paid_until, cancel_path, usage, last_issue,
    last_message, conversation, products, competitors; a store may know more. Dates are ISO strings, money is a
    number in `currency`. `last_message` and `conversation` hold what the customer said: it may be quoted, never
    confirmed.
    """

    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The fact as text, or `default` where it is unknown or empty."""
        value = self.values.get(name)
        return default if value is None or value == "" else str(value)

    def number(self, name: str) -> float | None:
        """The fact as a number, or None where it is unknown or not a number."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def day(self, name: str) -> date | None:
        """The fact as a date, or None where it is unknown or not an ISO date."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def said(self) -> str:
        """What the customer wrote, last message last."""
        turns = self.values.get("conversation")
        earlier = [str(turn) for turn in turns] if isinstance(turns, list) else []
        return "\n".join([*earlier, self.text("last_message")]).strip()


@dataclass(frozen=True, slots=True)
class Brief:
    """What one message must say.

    `topic` is the customer's reason to leave where it is known (price, outage ...), `dialogue_act` what a chat
    reply does (acknowledge, present_offer ...), `seed` makes a writer's choices repeatable, and `objections`
    are the guard's findings on the try before this one.
    """

    channel: Channel
    facts: FactSheet
    decision: DecisionTerms
    purpose: str = "retention"
    tone: str = "warm"
    language: str = "en"
    topic: str | None = None
    mood: Sentiment | None = None
    dialogue_act: str | None = None
    variant: str = "a"
    seed: int = 0
    objections: tuple[str, ...] = ()


NO_OFFER = DecisionTerms(decision_id="none", offer_type=OfferType.NONE)
"""The decision to propose nothing."""


_NUMBERS = ("value", "count", "duration_months", "duration_days", "price", "price_during")
_WORDS = ("unit", "currency", "applies_to", "scope", "from_plan", "to_plan", "effective", "keeps", "who", "topic")

_TERMS_HINT = f"offer_type is one of {', '.join(OfferType)}; figures are numbers; valid_until is an ISO date."
_BRIEF_HINT = (
    "A brief is an object as `brief_to_json` writes it; channel is email or chat, facts and decision are objects."
)


def terms_from_json(document: Json) -> DecisionTerms:
    """Decision terms as another program wrote them; raises InputError for a value that cannot be used.

    Figures that came as text are turned into numbers, and other terms into text.
    """
    try:
        return terms_of(_tidy(document))
    except (ValueError, TypeError) as error:
        raise InputError(f"the decision cannot be read: {error}", hint=_TERMS_HINT) from error


def _tidy(document: Json) -> Json:
    tidy = dict(document)
    for key in _NUMBERS:
        value = tidy.get(key)
        if isinstance(value, str):
            try:
                value = tidy[key] = float(value)
            except ValueError:
                raise InputError(f"{key} is not a number", column=key, hint=_TERMS_HINT) from None
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputError(f"{key} is not a number", column=key, hint=_TERMS_HINT)
    if not isinstance(tidy.get("valid_until"), str | date | None):
        raise InputError("valid_until is not an ISO date", column="valid_until", hint=_TERMS_HINT)
    for key in _WORDS:
        value = tidy.get(key)
        if value is not None:
            tidy[key] = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return tidy


def brief_to_json(brief: Brief) -> Json:
    """The brief as a JSON object; `brief_from_json` is its inverse where the facts are JSON values."""
    return {
        "channel": brief.channel.value,
        "facts": dict(brief.facts.values),
        "decision": brief.decision.as_json(),
        "purpose": brief.purpose,
        "tone": brief.tone,
        "language": brief.language,
        "topic": brief.topic,
        "mood": brief.mood.value if brief.mood else None,
        "dialogue_act": brief.dialogue_act,
        "variant": brief.variant,
        "seed": brief.seed,
        "objections": list(brief.objections),
    }


def brief_from_json(document: object) -> Brief:
    """The brief that another program wrote; keys that are not known are left alone, those left out have defaults.

    Raises InputError, naming the key, for a part that is missing or of the wrong kind.
    """
    if not isinstance(document, Mapping):
        raise InputError("the brief is not a JSON object", hint=_BRIEF_HINT)
    mood = _of(document, "mood", str, None)
    seed = _of(document, "seed", int, 0)
    objections = _of(document, "objections", list, [])
    if isinstance(seed, bool) or not all(isinstance(one, str) for one in objections):
        column = "seed" if isinstance(seed, bool) else "objections"
        raise InputError(f"{column} is of the wrong kind", column=column, hint=_BRIEF_HINT)
    try:
        channel = Channel(_of(document, "channel", str, ""))
        feels = Sentiment(mood) if mood else None
    except ValueError as error:
        raise InputError(f"the brief cannot be read: {error}", hint=_BRIEF_HINT) from error
    return Brief(
        channel=channel,
        facts=FactSheet(dict(_of(document, "facts", Mapping, {}))),
        decision=terms_from_json(dict(_of(document, "decision", Mapping, {}))),
        purpose=_of(document, "purpose", str, "retention"),
        tone=_of(document, "tone", str, "warm"),
        language=_of(document, "language", str, "en"),
        topic=_of(document, "topic", str, None),
        mood=feels,
        dialogue_act=_of(document, "dialogue_act", str, None),
        variant=_of(document, "variant", str, "a"),
        seed=seed,
        objections=tuple(objections),
    )


def _of(document: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    """The value under `key`, of that kind, or the default where there is none."""
    value = document.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise InputError(f"{key} is of the wrong kind", column=key, hint=_BRIEF_HINT)
    return value
