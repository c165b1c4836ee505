"""Holds the figures and dates of a text against the sources, each with the role its words give it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.generation.guard import sources as src
from bot.generation.guard.claims import COUNT, DURATION, MONEY, MULTIPLE, PERCENT, TIME, Claim
from bot.generation.guard.dates import DateClaim
from bot.generation.guard.lexicon import calendar, units
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.roles import (
    ANSWER,
    IDIOMS,
    LAST_WORDS,
    OF_PRICE,
    OFFER_TALK,
    PAST,
    SAVE_AFTER,
    SAVE_BEFORE,
    TENURE_TALK,
    UNTIL,
)  # fmt: skip
from bot.generation.guard.reading import Reading
from bot.generation.guard.sources import Sources


class Figures:
    """The figures of one text."""

    def __init__(self, reading: Reading, sources: Sources, exempt: set[int]) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        self.sources = sources
        self.exempt = exempt

    def check(self, claims: list[Claim], dates: list[DateClaim]) -> Iterator[tuple[str, int, int]]:
        """Findings as (rule, first token, last token)."""
        for claim in claims:
            if claim.first in self.exempt:
                continue
            rule = self._rule(claim)
            if rule:
                yield rule, claim.first, claim.last
        for day in dates:
            if day.first not in self.exempt and (rule := self._date(day)):
                yield rule, day.first, day.last

    def _rule(self, claim: Claim) -> str | None:
        if claim.kind == MONEY:
            return self._money(claim)
        if claim.kind == PERCENT:
            return self._percent(claim)
        if claim.kind == DURATION:
            return self._duration(claim)
        if claim.kind == TIME:
            return "time"
        if claim.kind == MULTIPLE:
            return self._multiple(claim)
        return self._count(claim)

    def _around(self, first: int, last: int, before: int = 5, after: int = 4) -> tuple[list[str], list[str]]:
        """The folded words just before and after a claim, inside its sentence."""
        sentence = self.reading.sentence_of[first]
        left = [
            self.tokens[i].text for i in range(max(first - before, 0), first) if self.reading.sentence_of[i] == sentence
        ]
        right = [
            self.tokens[i].text
            for i in range(last + 1, min(last + 1 + after, len(self.tokens)))
            if self.reading.sentence_of[i] == sentence
        ]
        return left, right

    def _sentence(self, index: int) -> list[str]:
        sentence = self.reading.sentence_of[index]
        return [token.text for token, at in zip(self.tokens, self.reading.sentence_of, strict=True) if at == sentence]

    def _stacked(self, claim: Claim) -> bool:
        left, right = self._around(claim.first, claim.last, 2, 2)
        near = {*left[-2:], *right[:1]}
        return (bool(near & units.STACKING) and not near & {"more", "mas", "mais", "encore", "otro", "extra"}) or bool(
            {*left[-1:]} & {"extra", "another", "more", "encore", "otro", "+"}
        )

    def _money(self, claim: Claim) -> str | None:
        left, right = self._around(claim.first, claim.last)
        known = [
            (value, role, period)
            for value in claim.values
            for role, period in self.sources.money.get(value.normalize() + 0, ())
        ]
        if not known or not self._currency_fits(claim.unit):
            return "money"
        roles = {role for _, role, period in known if not claim.period or period in {claim.period, "", claim.period}}
        if not roles:
            return "money"
        saves = bool({*right[:2]} & SAVE_AFTER or {*left[-4:]} & SAVE_BEFORE)
        if saves and "instead" not in right and not roles & {src.SAVING, src.REFERENCE}:
            return "money"
        if not saves and roles == {src.SAVING} and {*left[-3:]} & {"pay", "zahlen", "price", "preis", "paga"}:
            return "money"
        if self._stacked(claim) and src.REFERENCE not in roles:
            return "stacked"
        return None

    def _currency_fits(self, unit: str) -> bool:
        ours = self.sources.currency
        if not unit or unit == ours or not ours:
            return True
        return unit == "USD" and ours in units.DOLLARS

    def _percent(self, claim: Claim) -> str | None:
        left, right = self._around(claim.first, claim.last)
        roles: set[str] = set()
        for value in claim.values:
            roles |= self.sources.percents.get(value.normalize() + 0, set())
            roles |= {
                role
                for known, found in self.sources.percents.items()
                for role in found
                if claim.in_words and abs(known - value) < Decimal("0.4")
            }
        if roles == {src.REMAINING}:
            return None if {*right[:2]} & OF_PRICE and not {*right} & SAVE_AFTER else "percent"
        if not roles:
            return "percent"
        if src.OFFER in roles and {*left[-3:]} & {
            "pay",
            "pays",
            "zahlen",
            "zahlst",
            "payez",
            "paga",
            "pagas",
            "betaalt",
        }:
            if {*right[:2]} & OF_PRICE and 50 not in claim.values:
                return "percent"
        return "stacked" if self._stacked(claim) else None

    def _duration(self, claim: Claim) -> str | None:
        left, right = self._around(claim.first, claim.last)
        near = {*left, *right}
        roles: set[str] = set()
        for value in claim.values:
            roles |= self.sources.durations.get((value.normalize() + 0, claim.unit), set())
        if self._idiom(claim) or (claim.in_words and claim.values == (Decimal(1),) and self._one(claim, left, right)):
            return None
        if not roles:
            return "duration"
        if src.OFFER in roles:
            return None
        if src.TENURE in roles and (near & TENURE_TALK or {*self._sentence(claim.first)} & TENURE_TALK):
            return None if not near & OFFER_TALK else "duration"
        if any(role.startswith("until ") for role in roles) and {*left[-3:]} & UNTIL | {*right[:2]} & LAST_WORDS:
            return None
        if roles & {src.FACT, src.REFERENCE} and (near & PAST or not near & OFFER_TALK):
            return None
        return "duration"

    def _one(self, claim: Claim, left: list[str], right: list[str]) -> bool:
        """Whether `a month`, `one day` is no length: once a month, one day."""
        before = left[-1] if left else ""
        if claim.first == claim.last or self.tokens[claim.first].text not in calendar_articles():
            return False
        return (
            before in PER_WORDS
            or before in {"", "such", "just", "what", "in", "of", "once"}
            or bool({*right[:2]} & {"ago", "passe", "fa", "geleden", "atras"})
        )

    def _idiom(self, claim: Claim) -> bool:
        sentence = self._sentence(claim.first)
        left, right = self._around(claim.first, claim.last, 3, 3)
        span = [token.text for token in self.tokens[claim.first : claim.last + 1]]
        phrase = " " + " ".join([*left, *span, *right]) + " "
        del sentence
        return any(f" {idiom} " in phrase for idiom in IDIOMS)

    def _multiple(self, claim: Claim) -> str | None:
        words = " ".join(token.text for token in self.tokens[claim.first : claim.last + 1])
        if self._idiom(claim) or f" {words} " in self.sources.ours or f" {words} " in self.sources.issue:
            return None
        return "multiple"

    def _count(self, claim: Claim) -> str | None:
        if self._idiom(claim) or any(value.normalize() + 0 in self.sources.counts for value in claim.values):
            return None
        if claim.in_words and claim.values in {(Decimal(1),), (Decimal(0),)}:
            return None
        raw = self.tokens[claim.first].raw
        if self._list_number(claim) or f" {raw} " in self.sources.ours or f" {raw} " in self.sources.issue:
            return None
        if any(value.normalize() + 0 in self.sources.money for value in claim.values) and claim.first == claim.last:
            return None if "." in raw or "," in raw else "count"
        if raw.isdigit() and int(raw) in {day.year for day in self.sources.dates} and len(raw) == 4:
            return None
        return "count"

    def _list_number(self, claim: Claim) -> bool:
        """Whether a number opens a line as in a list: `1.` or `2)`."""
        after = self.tokens[claim.last + 1] if claim.last + 1 < len(self.tokens) else None
        if after is None or after.raw not in ".)" or not after.glued or not claim.values or claim.values[0] > 9:
            return False
        line = self.reading.plain.rfind("\n", 0, self.tokens[claim.first].start) + 1
        return not self.reading.plain[line : self.tokens[claim.first].start].strip()

    def _date(self, claim: DateClaim) -> str | None:
        left, right = self._around(claim.first, claim.last, 8, 5)
        words = {token.text for token in self.tokens[claim.first : claim.last + 1]}
        fits = {day: roles for day, roles in self.sources.dates.items() if claim.fits(day)}
        if words & calendar.TODAY and claim.first == claim.last:
            return self._today(left, right)
        if not fits:
            return "date"
        roles = set().union(*fits.values())
        sentence = {*self._sentence(claim.first)}
        by = bool({*left[-4:]} & UNTIL)
        if by and sentence & ANSWER and src.DEADLINE not in roles and self._deadline() is not None:
            return "deadline"
        if roles == {"today"} and by:
            return "deadline"
        return None

    def _deadline(self) -> date | None:
        return next((day for day, roles in self.sources.dates.items() if src.DEADLINE in roles), None)

    def _today(self, left: list[str], right: list[str]) -> str | None:
        """`today` presses only as a last day: only today, ends today."""
        if {*left[-2:]} & {
            "only",
            "nur",
            "seulement",
            "solo",
            "apenas",
            "alleen",
            "until",
            "by",
            "bis",
            "ends",
            "end",
            "expires",
            "before",
            "just",
            "noch",
            "uniquement",
            "jusqu",
            "hasta",
            "ate",
            "entro",
            "tot",
        }:
            return None if self._deadline() == self.sources.today and self.sources.today else "deadline"
        return "deadline" if {*right[:1]} & {"only", "seulement"} else None


PER_WORDS = wordset("per once twice pro par al por every each op")


def calendar_articles() -> frozenset[str]:
    """Articles that may stand before a unit of time without counting it."""
    return frozenset(
        {"a", "an", "un", "une", "una", "uno", "um", "uma", "ein", "eine", "einen", "einem", "einer", "een"}
    )


__all__ = ["COUNT", "Figures"]
