"""What the small writer makes of a brief: its header and the words for its slots, or that the brief is not for it."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from analytics.language.lexicon import polarity
from bot.generation.brief import Brief
from bot.generation.guard import check
from bot.generation.template import situation as template
from bot.generation.template.slots import Slots
from bot.generation.tiny.echo import echo_of
from bot.generation.tiny.header import TONES, Header, header_of
from bot.generation.tiny.matters import AT_FAULT, GLAD, UNREAD, matter_of
from db.vocabulary import Channel, Sentiment

ACTS = {
    "greet": "greet",
    "acknowledge": "acknowledge",
    "ask_reason": "ask_reason",
    "apology_anger": "apologise",
    "present_offer": "present_offer",
    "no_offer": "no_offer",
    "offer_declined": "offer_declined",
    "is_bot": "is_bot",
    "clarify": "clarify",
    "smalltalk": "chitchat",
    "goodbye": "goodbye",
    "cannot_handle": "cannot_answer",
}
"""The dialogue acts that the small writer answers, by its own names. The others state facts or deeds in set words."""


@dataclass(frozen=True, slots=True)
class Task:
    """A brief that the small writer can take, as it was read."""

    brief: Brief
    reading: template.Reading
    header: Header
    known: Slots

    def seed(self, number: int) -> int:
        """The seed of one of several tries; another for every finding of the guard on the try before."""
        named = f"{self.reading.key}|{number}"
        return int.from_bytes(hashlib.sha256(named.encode()).digest()[:7])


def task_of(brief: Brief) -> Task | None:
    """The task, or None where a brief is for approved wording: a death, another language, acts that state facts."""
    if brief.purpose not in ("retention", "follow_up", "reminder") or not brief.language.startswith("en"):
        return None
    is_email = brief.channel is Channel.EMAIL
    act = "" if is_email else ACTS.get(brief.dialogue_act or "acknowledge", "")
    reading = template.read(brief)
    if reading.bereaved or (not is_email and not act):
        return None
    if act == "present_offer" and brief.decision.offer_type.value == "none":
        act = "no_offer"
    matter = matter_of(brief)
    if act == "present_offer" and matter == UNREAD:
        return None  # it was understood where an offer answers it, which this matter has no words for
    known = {**reading.known, **(_said(brief) if is_email else {})}
    for slot in _left_out(brief, act, known):
        known.pop(slot, None)
    return Task(brief, reading, header_of(reading, matter, _tone(brief, matter), known, act), known)


def _left_out(brief: Brief, act: str, known: Slots) -> Iterator[str]:
    """Facts that are true and yet not said: thanks for a few months, and a name to whoever just gave one."""
    if "year" not in known.get("tenure", "year"):
        yield "tenure"
    if act == "greet" and brief.facts.text("last_message"):
        yield "first_name"


def _tone(brief: Brief, matter: str) -> str:
    """The tone asked for, where the customer's mood and matter bear it."""
    cross = brief.mood is Sentiment.NEGATIVE
    if brief.tone == "cheerful" and (cross or matter not in GLAD):
        return "warm"
    if brief.tone == "warm" and cross and matter in AT_FAULT:
        return "apologetic"
    return brief.tone if brief.tone in TONES else "plain"


def _said(brief: Brief) -> Slots:
    """The customer's last message as a clause in the second person, where a letter may take it up."""
    message = brief.facts.text("last_message")
    # What the guard refused once is not tried again with the same words in it.
    echo = echo_of(message, known_words()) if message and not brief.objections else ""
    if not echo or _is_irony(brief, echo):
        return {}
    return {"echo": echo} if _may_be_said(brief, f"You say that {echo}.") else {}


def _is_irony(brief: Brief, echo: str) -> bool:
    """Whether a cross customer's clause sounds pleased: said back, it would be taken at its word."""
    return brief.mood is Sentiment.NEGATIVE and sum(map(polarity, echo.split())) > 0


def _may_be_said(brief: Brief, sentence: str) -> bool:
    """Whether the guard lets the customer's words be said back: figures in them, say, are no claim of ours to make."""
    return check(sentence, replace(brief, channel=Channel.CHAT)).released


@cache
def known_words() -> frozenset[str]:
    """Lower-case words that are spelled right: those of the encoder's vocabulary that are letters alone."""
    content = (resources.files("analytics.language") / "weights" / "tokeniser.json").read_text(encoding="utf-8")
    words: dict[str, int] = json.loads(content)["model"]["vocab"]
    return frozenset(word for word in words if re.fullmatch(r"[a-z]+", word))
