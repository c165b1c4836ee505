"""What a summary of customers' voices can speak of, and the figures that belong to each: topics, sides, everybody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.units import DOLLARS
from bot.generation.guard.reading import MASK, Token, fold

COMPLAINTS, PRAISE = "complaints", "praise"

_SIDE_WORDS = {
    COMPLAINTS: ("complain", "critici", "annoy", "unhappy", "dissatisf", "grievance"),
    PRAISE: ("prais", "thank", "pleased", "compliment", "satisf", "happy", "liked"),
}
_EVERYBODY = wordset("everybody everyone overall others")
_WHOLE = Decimal("0.5")


class Role(StrEnum):
    """What a figure of a subject counts."""

    CUSTOMERS = "customers"
    CUSTOMERS_BEFORE = "customers_before"
    MESSAGES = "messages"
    MESSAGES_BEFORE = "messages_before"
    WROTE_EARLIER = "churn_customers"
    LEFT = "churn_left"
    SHARE = "share_percent"
    CHURN = "churn_percent"
    REVENUE = "monthly_revenue"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing a summary can speak of, with its figures by role; `side` is empty for everybody."""

    name: str
    side: str
    values: Mapping[str, Decimal] = field(default_factory=dict)
    trend: str = ""
    compared: str = ""

    def has(self, role: Role, value: Decimal) -> bool:
        """Whether the figure of this role is this value, rounded as far as the value is."""
        known = self.values.get(role.value)
        if known is None:
            return False
        if role not in {Role.SHARE, Role.CHURN, Role.REVENUE}:
            return known == value
        decimals = len(f"{value.normalize():f}".partition(".")[2])
        return bool(abs(known - value) <= _WHOLE.scaleb(-decimals))


class Subjects:
    """The subjects of one summary, from `voices` among the facts of its brief."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        voices = facts.get("voices")
        self._facts: Mapping[str, Any] = voices if isinstance(voices, Mapping) else {}
        self._currency = str(facts.get("currency") or "").upper()
        company = str(facts.get("company") or "")
        self.topics = [
            _subject(side, topic)
            for side in (COMPLAINTS, PRAISE)
            for topic in _mapping(self._facts.get(side)).get("topics", ())
        ]
        self._sides = {side: _subject(side, _mapping(self._facts.get(side))) for side in (COMPLAINTS, PRAISE)}
        self._everybody = _subject("", self._facts)
        self._by_name: dict[str, list[Subject]] = {}
        for topic in self.topics:
            for form in _forms(topic.name):
                self._by_name.setdefault(form, []).append(topic)
        self.masks = sorted({*self._by_name, *([company] if company else [])}, key=len, reverse=True)
        self.words = frozenset(word for mask in self.masks for word in re.findall(r"[^\W\d_]+", fold(mask)))
        self.starts = [day for key in ("from", "before_from") if (day := _day(self._facts.get(key)))]
        self.ends = [day for key in ("to", "before_to") if (day := _day(self._facts.get(key)))]

    def is_named(self, token: Token) -> bool:
        """Whether a token names a topic, or everybody."""
        return token.text in _EVERYBODY or (token.text == MASK and _folded(token.raw) in self._by_name)

    def named(self, tokens: Sequence[Token], begin: int, end: int, side: str) -> Iterator[tuple[int, Subject]]:
        """The topics, and everybody, that a stretch of tokens names, each with its place.

        A name that complaints and praise share is that of `side` where one is spoken of.
        """
        for index in range(begin, end):
            token = tokens[index]
            if token.text == MASK:
                found = self._by_name.get(_folded(token.raw), [])
                mine = [topic for topic in found if topic.side == side]
                yield from ((index, topic) for topic in mine or found)
            elif token.text in _EVERYBODY:
                yield index, self._everybody

    def side_at(self, tokens: Sequence[Token], begin: int, end: int) -> str:
        """Complaints or praise: what the stretch speaks of, else what was spoken of last before it; empty for both."""
        inside = {side for token in tokens[begin:end] if (side := _side_of(token.text))}
        if inside:
            return inside.pop() if len(inside) == 1 else ""
        return next((side for token in reversed(tokens[:begin]) if (side := _side_of(token.text))), "")

    def totals(self, side: str) -> list[Subject]:
        """All messages, and all complaints or praise or both."""
        return [self._everybody, *(subject for name, subject in self._sides.items() if side in {name, ""})]

    def lasts(self, value: Decimal, unit: str) -> bool:
        """Whether a length of time is that of the period or of the horizon; `a month` is one where that is meant."""
        days = [Decimal(str(self._facts.get(key))) for key in ("days", "horizon_days") if self._facts.get(key)]
        if unit == "day":
            return value in days
        if unit == "week":
            return value * 7 in days
        return unit == "month" and (value == 1 or (value == 3 and 90 in days))

    def in_currency(self, unit: str) -> bool:
        """Whether an amount in this currency can be one of ours."""
        return not unit or unit == self._currency or (unit == "USD" and self._currency in DOLLARS)


def _subject(side: str, facts: Mapping[str, Any]) -> Subject:
    values = {role.value: Decimal(str(facts[role.value])) for role in Role if _is_number(facts.get(role.value))}
    return Subject(
        str(facts.get("name") or ""),
        side,
        values,
        str(facts.get("trend") or ""),
        str(facts.get("churn_compared") or ""),
    )


def _forms(name: str) -> set[str]:
    """A name as it may stand in a sentence: folded, and a single word also in the plural."""
    folded = _folded(name)
    if not folded:
        return set()
    return {folded, f"{folded}s"} if folded[-1:].isalpha() and folded[-1:] != "s" else {folded}


def _folded(name: str) -> str:
    return " ".join(fold(name).split())


def _side_of(word: str) -> str:
    return next((side for side, stems in _SIDE_WORDS.items() if word.startswith(stems)), "")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None
