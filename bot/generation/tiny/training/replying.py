"""Composes chat replies for the small writer: an act, with what the customer's last message was about."""

import re
from collections.abc import Callable

import numpy as np

from bot.generation.tiny.header import MUST, Header
from bot.generation.tiny.matters import MATTERS, NONE, UNREAD
from bot.generation.tiny.training.composing import (
    DETAILS,
    KINDS,
    TELLING,
    Example,
    Texts,
    details,
    facts_at_hand,
    terms_at_hand,
)
from bot.generation.tiny.training.corpus import Sentence, slots_in

_ON_MATTER = ("acknowledge", "clarify", "present_offer")
"""Acts whose reply takes up what the customer wrote about."""

_OFTEN = ("acknowledge", "acknowledge", "clarify", "present_offer", "present_offer", "present_offer", "present_offer")


_LEADS_ON = re.compile(r"\?|\b(?:let's|let me|I can|start|look|happy to|glad to|sure|sort)\b", re.IGNORECASE)
"""What is said of their matter before an offer does not begin to deal with it."""


_ANNOUNCES = re.compile(r"\boffer|\bthere's (?:some|one )|\bsomething\b", re.IGNORECASE)
"""What an offer does not begin with where the sentence before has announced it."""

_ANSWERED = {"thanks": "chitchat", "praise": "chitchat", "decline": "offer_declined"}
"""Matters that are themselves what some act answers: their own replies are as good there."""


class _Line:
    """A reply in the making."""

    def __init__(self, texts: Texts, slots: set[str], rng: np.random.Generator) -> None:
        self.texts, self.slots, self.rng = texts, slots, rng
        self.said: list[str] = []

    def say(self, about: str, role: str, wanted: Callable[[Sentence], bool] = lambda _: True) -> bool:
        """Add a sentence; False where none fits."""
        used = slots_in(self.text)
        found = [
            one
            for one in self.texts.of(about, role)
            if one.slots <= self.slots and not one.slots & used and wanted(one)
        ]
        telling = [one for one in found if one.slots & TELLING]
        if telling and self.rng.random() < 0.6:
            found = telling
        if found:
            self.said.append(found[int(self.rng.integers(len(found)))].text)
        return bool(found)

    @property
    def text(self) -> str:
        return " ".join(self.said)


def reply(texts: Texts, rng: np.random.Generator) -> Example | None:
    """A chat reply; None where the corpus has none for what was drawn."""
    act = str(rng.choice((*texts.acts, *_OFTEN)))
    matter = str(rng.choice((*MATTERS, *(UNREAD,) * 4, *(NONE,) * 2)))
    kind = str(rng.choice(KINDS)) if act == "present_offer" else "none"
    slots = facts_at_hand(rng) - {"tenure"} | (terms_at_hand(rng, kind) if kind != "none" else set())
    return answer(texts, Header("chat", "unknown", matter, "plain", kind, "first", frozenset(slots), act), rng)


def answer(texts: Texts, header: Header, rng: np.random.Generator) -> Example | None:
    """A chat reply for a header; None where the corpus has none for it."""
    line = _Line(texts, set(header.slots), rng)
    if header.act == "present_offer":
        made = _offer(line, header)
    elif (header.act in _ON_MATTER and header.told) or (
        _ANSWERED.get(header.matter) == header.act and line.rng.random() < 0.7
    ):
        made = _on_matter(line, header)
    else:
        made = line.say(header.act, "act_reply")
    return Example(header, "", "", (line.text,)) if made else None


def _on_matter(line: _Line, header: Header) -> bool:
    """That the message was understood and a way on, or a question that makes it clear."""
    asks = header.act == "clarify"
    if asks and header.matter == UNREAD:
        return line.say("clarify", "act_reply")
    if not line.say(header.matter, "matter_chat_ack", lambda one: not asks or "?" not in one.text):
        return False
    wanted = (lambda one: "?" in one.text) if asks else (lambda _: "?" not in line.text)
    followed = (asks or line.rng.random() < 0.95) and line.say(header.matter, "matter_chat_next", wanted)
    return followed or not asks


def _offer(line: _Line, header: Header) -> bool:
    """What the message was about, then an offer with all its terms, and a question at the end."""
    if header.told and line.rng.random() < 0.9:
        fits = line.say(header.matter, "matter_chat_ack", lambda one: not _LEADS_ON.search(one.text))
        if not fits or not line.say("present_offer", "act_bridge"):
            return False
    elif line.rng.random() < 0.6:
        line.say("present_offer", "act_lead")
    asks, announced = line.rng.random() < 0.15, bool(line.said)
    ways: list[Callable[[Sentence], bool]] = [
        lambda one: ("?" in one.text) == asks and not (announced and _ANNOUNCES.search(one.text)),
        lambda one: not (announced and _ANNOUNCES.search(one.text)),
        lambda _: True,
    ]
    if not any(line.say(header.kind, "chat_offer", wanted) for wanted in ways):
        return False
    for term in (*DETAILS, "valid_until"):
        if term in header.slots & MUST - slots_in(line.text):
            said = details(term, header.kind)
            line.said.append(said[int(line.rng.integers(len(said)))])
    return "?" in line.text or line.say("present_offer", "act_ask")
