"""What the reading of conduct learns from: pairs of sentences that may not be sent and that may, and fine texts."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.generation.guard.conduct import FINE
from bot.generation.template.bank import shipped
from bot.generation.tiny.training import corpus

_BETWEEN = " || "
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z\"“])")
SAMPLE = {
    "first_name": "Anna", "last_name": "Berg", "company": "Brightline", "plan": "Fibre 500", "tenure": "three years",
    "support_phone": "0800 123 456", "support_email": "help@brightline.example", "support": "help@brightline.example",
    "cancel_path": "Account > Plan > Cancel", "quote": "it is too slow", "echo": "your calls keep dropping",
    "off": "20%", "applies_to": "your monthly price", "duration": "three months", "price": "€29.85 a month",
    "price_during": "€23.88 a month", "no_charge": "nothing to pay", "from_plan": "Fibre 500", "to_plan": "Fibre 100",
    "keeps": "your phone number", "who": "a technician", "offer_topic": "your bill", "lesson": "a tour of the settings",
    "bonus": "2 guest passes", "starts": "with your next bill", "starts_on": "1 December 2026",
    "effective": "next bill", "condition": "the plan stays active", "conditions": "the plan stays active; only once",
    "afterwards": "afterwards the normal price applies", "valid_until": "12 December 2026", "since": "March 2023",
    "paid_until": "31 December 2026", "account_price": "€29.85 a month", "ticket": "T-1042", "usage": "12 visits",
    "support_hours": "Mon-Fri 9:00-18:00", "renewal_date": "1 February 2027", "website": "brightline.example",
    "topic_phrase": "the price",
}  # fmt: skip
"""Facts that stand in slots, so that a sentence is learned as a customer would read it."""


class Example(NamedTuple):
    """A sentence, what it is (`fine`, or the kind of ground on which it may not be sent), and whose twin it is.

    Both sides of a pair have the same `pair`; a text without a twin has -1.
    """

    text: str
    kind: str
    pair: int = -1


def pairs() -> Iterator[Example]:
    """Both sides of every pair."""
    number = 0
    for path in _files("sentences_"):
        document: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind, block in document.items():
            for line in filter(None, map(str.strip, block.splitlines())):
                unsafe, safe = line.split(_BETWEEN)
                yield Example(unsafe, kind, number)
                yield Example(safe, FINE, number)
                number += 1


def unfit() -> Iterator[Example]:
    """Sentences that may not be sent and have no twin."""
    for path in _files("unfit"):
        document: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind, block in document.items():
            yield from (Example(line, kind) for line in filter(None, map(str.strip, block.splitlines())))


def fine() -> Iterator[Example]:
    """Texts that may be sent and were written for this."""
    for path in _files("fine"):
        document: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in document.values():
            yield from (Example(line, FINE) for line in filter(None, map(str.strip, block.splitlines())))


def wording() -> Iterator[Example]:
    """Texts that may be sent because they are the product's own: the wording that ships, and the writer's corpus."""
    written = [sentence.text for sentence in corpus.sentences() if not sentence.role.endswith(("subject", "preheader"))]
    written += [paragraph for letter in corpus.letters() for paragraph in letter.paragraphs]
    written += [text for groups in shipped().groups.values() for group in groups for text in group.say]
    for text in written:
        yield from (Example(sentence, FINE) for sentence in sentences(filled(text)))


def filled(text: str) -> str:
    """A text with sample facts in its slots."""
    return re.sub(r"\{(\w+)\}", lambda match: SAMPLE.get(match[1], match[1].replace("_", " ")), text)


def sentences(text: str) -> list[str]:
    """The sentences of a text that have at least three words."""
    return [part for part in _SENTENCE_END.split(text) if len(part.split()) >= 3]


def _files(start: str) -> list[Path]:
    folder = Path(str(files("bot.generation.guard.training")))
    return sorted(path for path in folder.glob("*.yaml") if path.name.startswith(start))
