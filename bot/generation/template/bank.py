"""The wording bank: variants by slot, each with the situations it fits, read from the package's YAML files."""

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from db.errors import InputError

SLOT = re.compile(r"\{(\w+)\}")
LOOKED_AT = 8
"""How many variants, in the customer's own order, compete for a place in a text."""

JUST_SAID = 25
"""How many words back a word of weight still sounds like a repetition."""

THANKS = re.compile(r"\bthank|\bgrateful|\bglad (?:of it|to have you|that you)")
"""Thanks, of which a text needs no more than one."""

RECUR = frozenset(
    {"would", "could", "should", "about", "there", "which", "price", "month", "months", "custom", "their"}
)
"""Beginnings of words that come again in any letter about an offer and are no repetition."""

Situation = Mapping[str, str]
"""What decides whether a variant fits: tone, mood, told, tenure, contact, offer, kind and topic by name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Variants that fit the same situations; a dimension that `when` does not name may be anything."""

    when: Mapping[str, frozenset[str]]
    say: tuple[str, ...]

    def fits(self, situation: Situation) -> bool:
        """Whether every named dimension has one of its allowed values."""
        return all(situation.get(key) in allowed for key, allowed in self.when.items())


@dataclass(frozen=True, slots=True)
class Bank:
    """All approved wording by slot name (`closing`, `acknowledge.price`, `reply.greet`)."""

    groups: Mapping[str, tuple[Group, ...]]

    def variants(self, slot: str, situation: Situation, known: Mapping[str, str]) -> list[str]:
        """The variants of a slot that fit the situation and need no slot that is not known."""
        return [
            text
            for group in self.groups.get(slot, ())
            if group.fits(situation)
            for text in group.say
            if slots_in(text) <= known.keys()
        ]


@cache
def slots_in(text: str) -> frozenset[str]:
    """The slots that a sentence needs."""
    return frozenset(SLOT.findall(text))


def fill(text: str, known: Mapping[str, str]) -> str:
    """Put the words in; what was put in is never read as a slot again. A sentence begins with a capital."""

    def words(match: re.Match[str]) -> str:
        value, before = known[match[1]], text[: match.start()].rstrip()
        begins = not before or before[-1] in ".!?"
        return f"{value[:1].upper()}{value[1:]}" if begins and "@" not in value else value

    return SLOT.sub(words, text)


FULL_TO_SHORT = {
    "do not": "don’t", "does not": "doesn’t", "did not": "didn’t", "cannot": "can’t", "is not": "isn’t",
    "are not": "aren’t", "was not": "wasn’t", "were not": "weren’t", "have not": "haven’t", "has not": "hasn’t",
    "should not": "shouldn’t", "would not": "wouldn’t", "will not": "won’t", "we would": "we’d", "you would": "you’d",
    "we are": "we’re", "you are": "you’re", "i am": "I’m", "it is": "it’s", "that is": "that’s",
    "you have been": "you’ve been", "we have been": "we’ve been", "we will": "we’ll", "you will": "you’ll",
    "i would": "I’d", "i will": "I’ll", "there is": "there’s", "here is": "here’s",
}  # fmt: skip
"""Full forms and how people say them."""

FULL = re.compile(
    r"(?:^|(?<=[.!?:,;] )|(?<= that )|(?<=[Ii]f )|(?<= (?:and|but|why) )|(?<= so )|(?<= when )|(?<= because ))"
    r"(?P<clause>it is|that is|there is|here is|we are|you are|i am|we would|you would|i would|we will|you will|i will)"
    r"(?= [\w{])(?! (?:not|and|or|but)\b)"
    r"|\b(?P<any>(?:you|we) have been|cannot|(?:do|does|did|is|are|was|were|have|has|should|would|will) not)(?= [\w{])",
    re.IGNORECASE,
)
"""Full forms that may be shortened: at the beginning of a clause, or before a negation, with a word after them."""


def spoken(text: str) -> str:
    """The wording with the short forms of speech (`we’d`, `don’t`); to be used before slots are filled."""

    def short(match: re.Match[str]) -> str:
        found = FULL_TO_SHORT[match[0].lower()]
        return found[:1].upper() + found[1:] if match[0][:1].isupper() else found

    return FULL.sub(short, text)


def shuffled(variants: list[str], key: str) -> list[str]:
    """The variants in an order that depends on `key` alone, the same on every machine."""
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big")).sample(variants, len(variants))


def choose(variants: list[str], key: str, so_far: str) -> str | None:
    """The variant for `key` that repeats the least of what the text says already; None where there is none."""
    looked_at = shuffled(variants, key)[:LOOKED_AT]
    earlier = so_far.lower()
    starts = re.findall(r"(?:^|[.!?:]\s+|\n)([\w’']+)", earlier)
    return min(looked_at, key=lambda text: _echo(text.lower(), earlier, starts), default=None)


def _echo(text: str, earlier: str, starts: list[str]) -> int:
    """How much a sentence repeats: runs of words, a first word, a word of weight, a question, thanks."""
    words = text.split()
    again = len(_weighty(words) & _weighty(earlier.split()[-JUST_SAID:]))
    runs = sum(" ".join(words[at : at + 3]) in earlier for at in range(len(words) - 2))
    first = words[0].strip("{},.") if words else ""
    begun = 3 * (first in starts[-3:]) + 2 * (first == "if") * starts.count("if")
    twice = ("?" in text and "?" in earlier) + bool(THANKS.search(text) and THANKS.search(earlier))
    return 2 * again + 2 * runs + begun + 4 * twice


def _weighty(words: list[str]) -> set[str]:
    """The beginnings of the longer words, so that `suggest` and `suggestion` count as the same."""
    stems = (word.strip(".,:?!")[:6] for word in words)
    return {stem for stem in stems if len(stem) >= 5} - RECUR


@cache
def shipped() -> Bank:
    """The wording that comes with the package; raises InputError naming the file where one is wrong."""
    groups: dict[str, tuple[Group, ...]] = {}
    for file in _files(resources.files("bot.generation.template") / "wording"):
        for slot, entries in _read(file).items():
            if slot in groups:
                raise InputError(f"the slot {slot!r} is written twice", path=file.name)
            groups[slot] = tuple(_group(entry, slot, file.name) for entry in entries)
    return Bank(groups)


def _files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _files(entry)
        elif entry.name.endswith(".yaml"):
            found.append(entry)
    return found


def _read(file: Traversable) -> dict[str, list[Any]]:
    import yaml

    try:
        document = yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise InputError(f"it is not YAML: {' '.join(str(error).split())}", path=file.name) from error
    if not isinstance(document, dict) or not all(isinstance(entries, list) for entries in document.values()):
        raise InputError("wording files hold lists of variants by slot name", path=file.name)
    return document


def _group(entry: Any, slot: str, source: str) -> Group:
    """A plain sentence is a group of its own; a mapping has `when` and `say`."""
    if isinstance(entry, str):
        return Group({}, (entry,))
    if not isinstance(entry, dict) or set(entry) - {"when", "say"} or not isinstance(entry.get("say"), list):
        raise InputError(f"slot {slot!r}: an entry is a sentence, or a mapping with `when` and `say`", path=source)
    when = {
        key: frozenset([value] if isinstance(value, str) else value) for key, value in entry.get("when", {}).items()
    }
    return Group(when, tuple(entry["say"]))
