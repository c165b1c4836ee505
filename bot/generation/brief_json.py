"""A brief as a JSON object and back: how a brief travels to a writer in another process or on another machine."""

import math
from collections.abc import Mapping
from typing import Any

from bot.generation.brief import Brief, FactSheet, terms_from_json
from db.errors import InputError
from db.vocabulary import Channel, DecisionTerms, Json, Sentiment

MOST_NESTED = 16
"""Facts within facts within facts: what lies deeper is left out."""

MOST_BITS = 1024
"""Longer integers cannot be written in decimal within Python's own limit."""

_NUMBERS = ("value", "price", "price_during")
_COUNTS = ("count", "duration_months", "duration_days")
_TEXTS = ("unit", "currency", "applies_to", "scope", "from_plan", "to_plan", "effective", "keeps", "who", "topic")
_HINT = "Compare it with what `brief_to_json` writes."


def brief_to_json(brief: Brief) -> Json:
    """The brief as a JSON object. Facts that are no JSON values become their text, as FactSheet.text gives it."""
    return {
        "channel": brief.channel.value,
        "facts": plain(brief.facts.values),
        "decision": plain(brief.decision.as_json()),
        "purpose": brief.purpose,
        "tone": brief.tone,
        "language": brief.language,
        "topic": brief.topic,
        "intent": brief.intent,
        "mood": brief.mood.value if brief.mood is not None else None,
        "dialogue_act": brief.dialogue_act,
        "variant": brief.variant,
        "seed": brief.seed,
        "objections": list(brief.objections),
    }


def brief_from_json(document: object) -> Brief:
    """The brief that a JSON object describes; names that are missing have their defaults, unknown ones are left out.

    Raises InputError for a document that is no brief, whatever it is.
    """
    if not isinstance(document, dict):
        raise InputError("a brief is a JSON object", hint=_HINT)
    facts = _of(document, "facts", dict, {})
    objections = _of(document, "objections", list, [])
    mood = _of(document, "mood", str, None)
    try:
        channel = Channel(_of(document, "channel", str, ""))
        feeling = Sentiment(mood) if mood is not None else None
    except ValueError as error:
        raise InputError(f"the brief cannot be read: {error}", hint=_HINT) from error
    return Brief(
        channel=channel,
        facts=FactSheet(plain(facts)),
        decision=_terms(_of(document, "decision", dict, {})),
        purpose=_of(document, "purpose", str, "retention"),
        tone=_of(document, "tone", str, "warm"),
        language=_of(document, "language", str, "en"),
        topic=_of(document, "topic", str, None),
        intent=_of(document, "intent", str, None),
        mood=feeling,
        dialogue_act=_of(document, "dialogue_act", str, None),
        variant=_of(document, "variant", str, "a"),
        seed=_of(document, "seed", int, 0),
        objections=tuple(str(objection) for objection in objections),
    )


def plain(value: Any, depth: int = 0) -> Any:
    """The value with nothing in it but JSON values; numbers that JSON has no form for become None."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value) if value.bit_length() <= MOST_BITS else None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        inner = value.items() if depth < MOST_NESTED else ()
        return {str(name): plain(part, depth + 1) for name, part in inner}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part, depth + 1) for part in value] if depth < MOST_NESTED else []
    return str(value)


def _of(document: Json, name: str, kind: type, default: Any) -> Any:
    """The value of that name where it is of that kind, the default where it is missing or null."""
    value = document.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InputError(f"the brief cannot be read: {name} is not of the right kind", hint=_HINT)
    return value


def _terms(document: Json) -> DecisionTerms:
    """Decision terms whose every field is of the kind it should be."""
    for names, kinds in ((_NUMBERS, (int, float)), (_COUNTS, (int,)), (_TEXTS, (str,)), (("valid_until",), (str,))):
        for name in names:
            value = document.get(name)
            if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
                raise InputError(f"the decision cannot be read: {name} is not of the right kind", hint=_HINT)
    return terms_from_json(document)
