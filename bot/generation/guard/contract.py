"""The guard as a contract for automation: one JSON object in, one out."""

from collections.abc import Mapping
from typing import Any

from bot.generation.brief import Brief, FactSheet, terms_from_json
from bot.generation.guard.checking import check
from bot.generation.guard.reading import fold
from db.errors import InputError
from db.vocabulary import Channel, Json

_HINT = "Each line is an object with facts (object), decision (object), text (string) and channel (email or chat)."


def check_json(line: Mapping[str, Any]) -> Json:
    """Check one document `{facts, decision, text, channel}`: `{verdict: release|refuse, findings: [...]}`.

    Unknown keys are left alone. Raises InputError where a part is missing or of the wrong kind.
    """
    if not isinstance(line, Mapping):
        raise InputError("not a JSON object", hint=_HINT)
    facts, decision = _object(line, "facts"), _object(line, "decision")
    text = line.get("text")
    if not isinstance(text, str):
        raise InputError("text is not a string", column="text", hint=_HINT)
    try:
        channel = Channel(line.get("channel", "email"))
    except ValueError as error:
        raise InputError(f"channel {line.get('channel')!r} is unknown", column="channel", hint=_HINT) from error
    language = facts.get("language")
    brief = Brief(
        channel=channel,
        facts=FactSheet(facts),
        decision=terms_from_json(_numbers(decision)),
        language=language if isinstance(language, str) and language else "en",
        dialogue_act=line.get("dialogue_act") if isinstance(line.get("dialogue_act"), str) else None,
    )
    report = check(text, brief)
    return {"verdict": report.verdict.value, "findings": [found.as_json() for found in report.findings]}


def _object(line: Mapping[str, Any], name: str) -> Json:
    value = line.get(name)
    if value is None and name in line:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{name} is not an object", column=name, hint=_HINT)
    return dict(value)


_NUMBERS = ("value", "count", "duration_months", "duration_days", "price", "price_during")


def _numbers(decision: Json) -> Json:
    """The decision with figures that came as text turned into numbers, and text fields as text."""
    tidy = dict(decision)
    for key in _NUMBERS:
        value = tidy.get(key)
        if isinstance(value, str):
            try:
                tidy[key] = float(value)
            except ValueError:
                raise InputError(f"{key} is not a number", column=key, hint=_HINT) from None
        elif value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise InputError(f"{key} is not a number", column=key, hint=_HINT)
    for key in (
        "unit",
        "currency",
        "applies_to",
        "scope",
        "from_plan",
        "to_plan",
        "effective",
        "keeps",
        "who",
        "topic",
    ):
        if isinstance(tidy.get(key), list):
            tidy[key] = ", ".join(str(item) for item in tidy[key])
        elif tidy.get(key) is not None:
            tidy[key] = str(tidy[key])
    return tidy


def mandatory_parts(text: str, brief: Brief) -> tuple[str, ...]:
    """What a finished e-mail should hold and this text lacks: opt_out, valid_until. Advice, never a refusal."""
    missing = []
    folded, facts = fold(text), brief.facts
    url = facts.text("unsubscribe_url")
    words = (
        "unsubscribe",
        "opt out",
        "opt-out",
        "abmelden",
        "abbestellen",
        "desabonner",
        "desinscri",
        "darse de baja",
        "cancelar a subscricao",
        "disiscri",
        "cancellare l'iscrizione",
        "afmelden",
        "uitschrijven",
    )
    if brief.channel is Channel.EMAIL and url and url not in text and not any(word in folded for word in words):
        missing.append("opt_out")
    until = brief.decision.valid_until
    if until is not None and str(until.day) not in text:
        missing.append("valid_until")
    return tuple(missing)
