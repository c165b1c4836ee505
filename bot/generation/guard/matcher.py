"""Finds phrases in a reading: a small pattern language over folded words.

Phrases are separated by ` / `. In a phrase, `stem*` is any word that starts so, `a|b` either word, `_` any one word
`..` up to three words and `...` up to six.
Phrases are indexed by the first letters of their first word, so a long list costs little.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.generation.guard.reading import Reading

_KEY = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of a rule, found at tokens `first` to `last`."""

    rule: str
    first: int
    last: int
    words: str


class PhraseBook:
    """Phrases of many rules, compiled once."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._index: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        for rule, lines in rules.items():
            grouped: dict[str, list[str]] = {}
            for line in lines.replace("\n", " ").split(" / "):
                phrase = line.strip(" /")
                if phrase:
                    for key in _keys(phrase):
                        grouped.setdefault(key, []).append(_regex(phrase))
            for key, patterns in grouped.items():
                self._index.setdefault(key, []).append((rule, re.compile(f"(?:{'|'.join(patterns)})(?= )")))

    def find(self, reading: Reading) -> Iterator[Match]:
        """Every place where a phrase of a rule begins, sentence by sentence."""
        for first, end in reading.sentences():
            texts = [token.text for token in reading.tokens[first:end]]
            joined, place = " ".join(texts) + " ", 0
            for offset, text in enumerate(texts):
                yield from self._at(joined, place, first + offset, text)
                place += len(text) + 1

    def _at(self, joined: str, place: int, index: int, word: str) -> Iterator[Match]:
        for rule, pattern in self._index.get(word[:_KEY] if len(word) >= _KEY else word + " ", ()):
            match = pattern.match(joined, place)
            if match:
                yield Match(rule, index, index + match.group().count(" "), match.group())


def _keys(phrase: str) -> set[str]:
    """The index keys of a phrase: three letters, or the whole word with a space where it is shorter."""
    first = phrase.split(" ", 1)[0]
    keys = set()
    for word in first.split("|"):
        stem = word.rstrip("*")
        keys.add(stem[:_KEY] if len(stem) >= _KEY else stem + " ")
    return keys


def _regex(phrase: str) -> str:
    parts = []
    for slot in phrase.split(" "):
        if slot == "..":
            parts.append("(?: [^ ]+){0,3}?")
        elif slot == "...":
            parts.append("(?: [^ ]+){0,6}?")
        elif slot == "_":
            parts.append(" [^ ]+")
        else:
            words = "|".join(
                re.escape(word[:-1]) + "[^ ]*" if word.endswith("*") else re.escape(word) for word in slot.split("|")
            )
            parts.append(f" (?:{words})")
    return "".join(parts).removeprefix(" ")
