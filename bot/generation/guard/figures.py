"""Holds the figures and dates of a text against the sources, each with the role its words give it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.generation.guard import sources as src
from bot.generation.guard.claims import COUNT, DURATION, MONEY, MULTIPLE, PERCENT, TIME, Claim
from bot.generation.guard.dates import DateClaim
from bot.generation.guard.lexicon import calendar, units
from bot.generation.guard.lexicon.calendar import UNITS
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.roles import (
    ANSWER,
    DATE_ROLES,
    DECIDING,
    IDIOMS,
    LAST_WORDS,
    OF_PRICE,
    OFFER_TALK,
    PAST,
    SAVE_AFTER,
    SAVE_BEFORE,
    TENURE_TALK,
    UNTIL,
    UNTIL_DATE,
)  # fmt: skip
from bot.generation.guard.reading import Reading
from bot.generation.guard.sources import Sources
from bot.generation.guard.swaps import swapped


class Figures:
    """The figures of one text."""

    def __init__(self, reading: Reading, sources: Sources, exempt: set[int]) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        self.sources = sources
        self.exempt = exempt
        self.claims: list[Claim] = []

    def check(self, claims: list[Claim], dates: list[DateClaim]) -> Iterator[tuple[str, int, int]]:
        """Findings as (rule, first token, last token)."""
        self.claims = claims
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
            return None if any(value in self.sources.hours for value in claim.values) else "time"
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

    def _clause(self, first: int) -> list[str]:
        """The folded words before a token in its clause, the last few."""
        left, _ = self._around(first, first)
        for place in range(len(left) - 1, -1, -1):
            if left[place] in {",", ";", ":", "(", "–", "—", "."}:
                return left[place + 1 :]
        return left

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
        roles = {role for _, role, period in known if self._period_fits(claim, role, period)}
        if not roles:
            return "money"
        if swapped(self, claim, left, right):
            return "swapped"
        saves = bool({*right[:2]} & SAVE_AFTER or {*self._clause(claim.first)[-4:]} & SAVE_BEFORE)
        if saves and "instead" not in right and not roles & {src.SAVING, src.REFERENCE}:
            return "money"
        by = {*left[-1:]} & _BY
        if (
            not saves
            and not by
            and roles == {src.SAVING}
            and {*left[-3:]} & {"pay", "zahlen", "price", "preis", "paga"}
        ):
            return "money"
        if self._stacked(claim) and not roles & {src.REFERENCE, src.PRICE}:
            return "stacked"
        return None

    def _period_fits(self, claim: Claim, role: str, period: str) -> bool:
        """Whether an amount per year, quarter or in total is said to be one; the billing period goes without saying."""
        if claim.period:
            return period == claim.period or (period == "" and claim.period == self.sources.billing)
        if period in {"", self.sources.billing} or role == src.REFERENCE:
            return True
        sentence = self._sentence(claim.first)
        units_said = {UNITS.get(word) or calendar.PERIODS.get(word) for word in sentence}
        if period == "total":
            return bool(
                {*sentence} & _TOTAL or units_said & {"month", "bill", "year", "quarter", "semester", "day", "week"}
            )
        return period in units_said or bool({*sentence} & _TOTAL)

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
        if src.OFFER in roles and ((left[-1:] and left[-1] in _HEDGES) or " ".join(left[-2:]) in _HEDGE_PAIRS):
            return "hedged"
        if src.OFFER in roles and {*left[-3:]} & _PAYS and {*right[:2]} & OF_PRICE and 50 not in claim.values:
            return "percent"
        return "stacked" if self._stacked(claim) else None

    def _duration(self, claim: Claim) -> str | None:
        left, right = self._around(claim.first, claim.last)
        near = {*left, *right}
        roles: set[str] = set()
        for value in claim.values:
            roles |= self.sources.durations.get((value.normalize() + 0, claim.unit), set())
        if claim.unit == "second" and not near & (_WITHIN | OFFER_TALK):
            return None
        if self._idiom(claim) or (claim.in_words and claim.values == (Decimal(1),) and self._one(claim, left, right)):
            return None
        if not roles:
            return (
                None
                if self._rough_tenure(claim, left, near) or self._whole_year(claim) or self._bills(claim, near)
                else ("duration")
            )
        if src.OFFER in roles:
            return "stacked" if left[-1:] and left[-1] in _MORE and not self._extends() else None
        if src.TENURE in roles and (near & TENURE_TALK or {*self._sentence(claim.first)} & TENURE_TALK):
            return None if not near & OFFER_TALK else "duration"
        if src.TENURE in roles and not {*self._sentence(claim.first)} & OFFER_TALK and not {*left} & calendar.NEXT:
            return None
        if any(role.startswith("until ") for role in roles) and {*left[-3:]} & UNTIL | {*right[:2]} & LAST_WORDS:
            return None
        if roles & {src.FACT, src.REFERENCE} and (near & PAST or not near & (OFFER_TALK | DECIDING)):
            return None
        return "duration"

    def _counts_beside(self, claim: Claim) -> bool:
        """Whether the sentence counts something of the customer's: `twelve films in three months`."""
        sentence = self.reading.sentence_of[claim.first]
        return any(other.kind == COUNT and self.reading.sentence_of[other.first] == sentence for other in self.claims)

    def _rough_tenure(self, claim: Claim, left: list[str], near: set[str]) -> bool:
        """`almost two years`, `more than three years`: true of how long the customer has been one."""
        hedge = next((word for word in reversed(left[-3:]) if word in _ROUGHLY), None)
        months = {"month": 1, "year": 12, "quarter": 3, "semester": 6}.get(claim.unit)
        if hedge is None or months is None or not claim.values or near & OFFER_TALK:
            return False
        low, high = _ROUGHLY[hedge]
        said = claim.values[0] * months
        tenures = [
            count for (count, unit), roles in self.sources.durations.items() if unit == "month" and src.TENURE in roles
        ]
        return any(said + low <= tenure <= said + high for tenure in tenures)

    def _whole_year(self, claim: Claim) -> bool:
        """`over a year that is 358.20`: the length of a sum that is right for it."""
        sentence = self.reading.sentence_of[claim.first]
        return (
            claim.values == (Decimal(1),)
            and claim.unit in {"year", "month", "quarter"}
            and any(
                other.kind == MONEY
                and self.reading.sentence_of[other.first] == sentence
                and any(
                    period == claim.unit
                    for value in other.values
                    for _, period in self.sources.money.get(value.normalize() + 0, ())
                )
                for other in self.claims
            )
        )

    def _extends(self) -> bool:
        """Whether more of something is what was decided."""
        return self.sources.offer_type in {"trial_extension", "free_period", "bonus"}

    def _bills(self, claim: Claim, near: set[str]) -> bool:
        return (
            claim.unit == "bill"
            and any(value in self.sources.counts for value in claim.values)
            and not near & OFFER_TALK
        )

    def _one(self, claim: Claim, left: list[str], right: list[str]) -> bool:
        """Whether `a month`, `one day` is no length: once a month, one day."""
        before = left[-1] if left else ""
        if claim.unit in {"hour", "minute"} and not {*left[-2:]} & UNTIL:
            return self.tokens[claim.first].text in calendar_articles()
        if claim.last != claim.first + 1 or self.tokens[claim.first].text not in calendar_articles():
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
        left, right = self._around(claim.first, claim.last, 4, 4)
        counted = any(value in self.sources.counts for value in claim.values)
        if words in {"twice", "zweimal", "tweemal"} and not {*left, *right} & OFFER_TALK and not {*right[:1]} & _AS:
            return None
        if counted and not {*left, *right} & OFFER_TALK and not {*right[:1]} & _AS:
            return None
        if counted and not claim.in_words and {*right[:1]} & {"€", "$", "£", "eur"}:
            return None
        if self._idiom(claim) or f" {words} " in self.sources.ours or f" {words} " in self.sources.issue:
            return None
        return "multiple"

    def _miscounted(self, claim: Claim) -> bool:
        """Whether a fact counts the very thing named, and counts it otherwise: three outages where there were two."""
        noun = self.tokens[claim.last + 1].text if claim.last + 1 < len(self.tokens) else ""
        known = self.sources.counted.get(noun.removesuffix("s"))
        return known is not None and not any(value.normalize() + 0 in known for value in claim.values)

    def _count(self, claim: Claim) -> str | None:
        if self._miscounted(claim):
            return "count"
        if self.tokens[claim.first].raw.lower() == "très":
            return None
        if self._idiom(claim) or any(value.normalize() + 0 in self.sources.counts for value in claim.values):
            return None
        if claim.in_words and claim.values in {(Decimal(1),), (Decimal(0),)}:
            return None
        raw = self.tokens[claim.first].raw
        if self._list_number(claim) or f" {raw} " in self.sources.ours or f" {raw} " in self.sources.issue:
            return None
        if self._elided_amount(claim, raw):
            return None
        if raw.isdigit() and int(raw) in {day.year for day in self.sources.dates} and len(raw) == 4:
            left, _ = self._around(claim.first, claim.last, 3)
            return "deadline" if {*left} & UNTIL_DATE else None
        return "count"

    def _elided_amount(self, claim: Claim, raw: str) -> bool:
        """`19 pounds rather than 24`: a price without its currency beside one that has it."""
        if not any(value.normalize() + 0 in self.sources.money for value in claim.values):
            return False
        left, right = self._around(claim.first, claim.last)
        if swapped(self, claim, left, right):
            return False
        sentence = self.reading.sentence_of[claim.first]
        beside = any(other.kind == MONEY and self.reading.sentence_of[other.first] == sentence for other in self.claims)
        return beside or "." in raw or "," in raw

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
        named = calendar.WEEKDAYS.get(self.tokens[claim.first].text)
        if named is not None and claim.last - claim.first in {0, 2}:
            if named in self.sources.issue_days and not ({*left} & UNTIL_DATE or {*left, *right} & OFFER_TALK):
                return None
            span = sum(word in calendar.WEEKDAYS for word in self._sentence(claim.first)) > 1
            if named in self.sources.open_days and self._has_time(claim) and (span or not {*left[-2:]} & UNTIL_DATE):
                return None
        if words & {"weekend", "wochenende"} and {*left[-2:]} & _WISHES:
            return None
        if words & calendar.MOVING_HOLIDAYS and not {*left[-4:]} & (UNTIL_DATE | calendar.NEXT | calendar.THIS):
            return None
        if words & calendar.TODAY and claim.first == claim.last:
            return self._today(left, right)
        if not fits:
            return None if any(_same_part(claim, known) for known in self.sources.partial_dates) else "date"
        roles = set().union(*fits.values())
        if self._other_role(claim, roles):
            return "date"
        sentence = {*self._sentence(claim.first)}
        by = bool({*left[-4:]} & UNTIL_DATE)
        named_role = any(word.startswith(DATE_ROLES.get(role, ())) for role in roles for word in sentence)
        if by and sentence & ANSWER and not named_role and src.DEADLINE not in roles and self._deadline() is not None:
            return "deadline"
        if roles == {"today"} and (by or self.tokens[claim.first].text in calendar.WEEKDAYS):
            return "deadline" if by else "date"
        return None

    def _other_role(self, claim: DateClaim, roles: set[str]) -> bool:
        """Whether the sentence gives a date the name of another fact: `renews on` with the day paid until."""
        sentence = self._sentence(claim.first)
        said = {role for role, stems in DATE_ROLES.items() for word in sentence if word.startswith(stems)}
        said &= {role for found in self.sources.dates.values() for role in found}
        return bool(said) and not said & roles

    def _deadline(self) -> date | None:
        return next((day for day, roles in self.sources.dates.items() if src.DEADLINE in roles), None)

    def _has_time(self, claim: DateClaim) -> bool:
        sentence = self.reading.sentence_of[claim.first]
        return any(other.kind == TIME and self.reading.sentence_of[other.first] == sentence for other in self.claims)

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


def _same_part(claim: DateClaim, known: DateClaim) -> bool:
    """Whether a date without a year is the one that a fact names without a year."""
    if claim.days or known.days or claim.month is None or claim.month != known.month:
        return False
    return claim.day in (known.day, None) and claim.year in (known.year, None)


_WISHES = frozenset(
    {"nice", "good", "great", "lovely", "schones", "tolles", "bon", "buen", "bom", "buon", "fijn", "pleasant"}
)
_WITHIN = wordset("within innerhalb binnen under unter less than sous menos entro meno en")
_PAYS = frozenset(["pay", "pays", "zahlen", "zahlst", "payez", "paga", "pagas", "betaalt", "paghi", "pague"])
_BY = wordset("by um di de em met en con")
_MORE = wordset("another further additional weitere weiteren autres otros outros altri ulteriori extra")
_TOTAL = wordset(
    "total overall altogether all sum insgesamt gesamt zusammen summe somme tout conjunto suma soma tutto"
    " adds whole entire totale complesso totaal samen ersparnis"
    " saving savings save saves sparen sparst economisez ahorra"
    " ahorras poupa risparmia bespaart"
)
_AS = frozenset({"as", "so", "that", "what"})
_HEDGES = wordset("least minimum mindestens almeno minstens over oltre uber")
_HEDGE_PAIRS = frozenset(
    {
        "up to",
        "more than",
        "bis zu",
        "mehr als",
        "plus de",
        "jusqu a",
        "au moins",
        "al menos",
        "mas de",
        "hasta un",
        "hasta el",
        "pelo menos",
        "mais de",
        "ate um",
        "fino al",
        "fino a",
        "piu di",
        "piu del",
        "meer dan",
        "ten minste",
        "wel tot",
        "tot wel",
        "at least",
        "mas del",
        "mais do",
        "au minimum",
    }
)
_ROUGHLY = {
    "nearly": (-5, 0),
    "almost": (-5, 0),
    "fast": (-5, 0),
    "presque": (-5, 0),
    "casi": (-5, 0),
    "quase": (-5, 0),
    "quasi": (-5, 0),
    "bijna": (-5, 0),
    "than": (0, 11),
    "als": (0, 11),
    "uber": (0, 11),
    "over": (0, 11),
    "de": (0, 11),
    "di": (0, 11),
    "dan": (0, 11),
    "oltre": (0, 11),
    "ruim": (0, 11),
    "about": (-2, 2),
    "around": (-2, 2),
    "etwa": (-2, 2),
    "rund": (-2, 2),
    "environ": (-2, 2),
    "unos": (-2, 2),
    "circa": (-2, 2),
    "cerca": (-2, 2),
    "ongeveer": (-2, 2),
    "some": (-2, 2),
    "roughly": (-2, 2),
    "well": (0, 11),
}
"""Words before how long a customer has been one, and by how many months the truth may differ from what is said."""


PER_WORDS = wordset("per once twice pro par al por every each op")


def calendar_articles() -> frozenset[str]:
    """Articles that may stand before a unit of time without counting it."""
    return frozenset(
        {"a", "an", "un", "une", "una", "uno", "um", "uma", "ein", "eine", "einen", "einem", "einer", "een"}
    )


__all__ = ["COUNT", "Figures"]
