"""The figures of a text as typed claims: money, percentages, durations, clock times and bare numbers."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.generation.guard.lexicon import units
from bot.generation.guard.lexicon.calendar import PERIODS, UNITS
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.numbers import digits, words
from bot.generation.guard.reading import NUMBER, SIGN, WORD, Reading, Token

MONEY, PERCENT, DURATION, TIME, COUNT, MULTIPLE = "money", "percent", "duration", "time", "count", "multiple"


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure in the text, tokens `first` to `last`.

    `values` are its readings (empty: a figure that cannot be read), `unit` a currency code or a unit of time,
    `period` how often an amount is paid, `written` False where it was said in words.
    """

    kind: str
    first: int
    last: int
    values: tuple[Decimal, ...]
    unit: str = ""
    period: str = ""
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    first: int
    last: int
    values: tuple[Decimal, ...]
    in_words: bool
    article: bool = False


_BETWEEN = wordset(
    "free full whole more additional extra next following billing calendar monthly consecutive further"
    " straight paid complete entire kostenlose kostenlosen gratis freie freien volle vollen ganze ganzen"
    " weitere weiteren zusatzliche zusatzlichen nachste nachsten folgende folgenden kommenden monatliche"
    " monatlichen prochains prochaines premiers premieres dernieres derniers autres proximos proximas"
    " primeros primeras otros otras ultimos outros outras primeiros primeiras prossimi prossime primi"
    " prime altri altre ulteriori volgende eerste gratis extra volle hele business working ganzes ganzer"
    " volles voller voll entier entiere entiers entieres completo completa completos completas inteiro"
    " inteira intero intera interi heel first last past letzten letzte vergangenen ersten laatste"
    " afgelopen ultimi ultime scorsi"
)
_RANGE = wordset("- – — to bis a ate tot or oder ou o of and und et y e en") | {"à"}
_CLOCK = re.compile(r"^(am|pm|h|uhr|uur|heures|o'clock|horas|hrs)$")
_PER = wordset("per pro par al a the je im au each every por ao jeden elke ogni cada chaque by / all el la")


def _minutes(values: tuple[Decimal, ...], suffix: str) -> tuple[Decimal, ...]:
    """Hours of the clock as minutes since midnight."""
    shift = 12 if suffix == "pm" else 0
    return tuple((value % 12 + shift if suffix in {"am", "pm"} else value) * 60 for value in values)


def find_claims(reading: Reading, languages: list[frozenset[str]], taken: set[int]) -> list[Claim]:
    """Every figure of a text; `taken` holds the tokens that dates have used up."""
    return _Scanner(reading, languages, taken).scan()


class _Scanner:
    def __init__(self, reading: Reading, languages: list[frozenset[str]], taken: set[int]) -> None:
        self.tokens = reading.tokens
        self.sentence_of = reading.sentence_of
        self.languages = languages
        self.taken = taken
        self.claims: list[Claim] = []
        self._numbers: dict[int, _Number | None] = {}

    def scan(self) -> list[Claim]:
        """Walk the tokens once: a number takes the unit beside it; a unit left alone is a claim that cannot be read."""
        index = 0
        used: set[int] = set()
        while index < len(self.tokens):
            if index in self.taken:
                index += 1
                continue
            claim = self._special(index) or self._figure(index)
            if claim is None:
                index += 1
                continue
            self.claims.append(claim)
            used.update(range(claim.first, claim.last + 1))
            index = max(claim.last, index) + 1
        self._orphans(used)
        self._ranges()
        return sorted(self.claims, key=lambda claim: claim.first)

    def _token(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) and index not in self.taken else None

    def _text(self, index: int) -> str:
        token = self._token(index)
        return token.text if token is not None else ""

    def _langs(self, index: int) -> frozenset[str]:
        sentence = self.sentence_of[index]
        return self.languages[sentence] if sentence < len(self.languages) else frozenset()

    def _number(self, index: int) -> _Number | None:
        """The number that starts at a token, looked up once."""
        if index not in self._numbers:
            self._numbers[index] = self._read_number(index)
        return self._numbers[index]

    def _read_number(self, index: int) -> _Number | None:
        token = self._token(index)
        if token is None:
            return None
        if token.kind == NUMBER:
            values, last = digits.readings(token.raw), index
            sign = self._text(index + 1)
            if sign in units.SIGNS_OF_FRACTION:
                top, bottom = units.SIGNS_OF_FRACTION[sign]
                values, last = tuple(value + Decimal(top) / bottom for value in values), index + 1
            scaled = self._text(last + 1)
            if scaled in {"k", "thousand", "tausend", "mille", "mil", "mila", "duizend", "million", "hundred"}:
                factor = {"million": 1_000_000, "hundred": 100}.get(scaled, 1000)
                values, last = tuple(value * factor for value in values), last + 1
            return _Number(index, last, values, False)
        if token.kind != WORD or not (
            token.text in words.small_numbers() or token.text in words.SCALES or token.text in words.ARTICLES
        ):
            return None
        sentence, run = self.sentence_of[index], []
        for place in range(index, min(index + 9, len(self.tokens))):
            if self.sentence_of[place] != sentence or place in self.taken:
                break
            if self.tokens[place].kind == NUMBER or (self.tokens[place].kind == SIGN and self.tokens[place].raw != "-"):
                break
            run.append(self.tokens[place].text)
        value, used = words.parse(run, self._langs(index))
        if used:
            article = used == 1 and token.text in words.ARTICLES
            return _Number(index, index + used - 1, (Decimal(value),), True, article)
        if token.text in words.ARTICLES:
            return _Number(index, index, (Decimal(1),), True, True)
        return None

    def _special(self, index: int) -> Claim | None:
        """Fractions and multiples: half, two thirds, ½, double, three times."""
        token = self.tokens[index]
        if token.raw in units.SIGNS_OF_FRACTION:
            top, bottom = units.SIGNS_OF_FRACTION[token.raw]
            return Claim(PERCENT, index, index, (Decimal(100 * top) / bottom,))
        if token.kind == WORD:
            if token.text in units.MULTIPLES:
                return Claim(MULTIPLE, index, index, (Decimal(2),), in_words=True)
            if self._is_half(index):
                return self._half(index)
        if self._text(index) in UNITS and self._text(index + 1) == "and" and self._is_half(index + 3):
            return None
        number = self._number(index)
        if number is not None:
            after = self._text(number.last + 1)
            after_at = number.last + 1
            if after == "-":
                after_at, after = number.last + 2, self._text(number.last + 2)
            parts = units.FRACTIONS.get(after)
            whole = (
                UNITS.get(self._text(after_at + 3)) if after == "quarter" and self._text(after_at + 1) == "of" else None
            )
            if whole == "year":
                return Claim(DURATION, index, after_at + 3, (Decimal(3),), "month", in_words=True)
            if parts and self._fraction_here(number, after_at, after):
                return Claim(PERCENT, index, after_at, (number.values[0] * 100 / parts,), in_words=True)
            if after in units.TIMES and (not number.article) and number.values and number.values[0] > 1:
                return Claim(MULTIPLE, index, after_at, number.values, in_words=number.in_words)
        return None

    def _is_half(self, index: int) -> bool:
        text = self._text(index)
        if text not in units.HALF:
            return False
        only = units.HALF_ONLY.get(text)
        return only is None or bool(only & self._langs(index))

    def _half(self, index: int) -> Claim:
        after = index + 1
        while self._text(after) in {"a", "an", "-", "the", "of"} and after < index + 3:
            after += 1
        unit = UNITS.get(self._text(after))
        before = UNITS.get(self._text(index - 1)) if self._text(index - 2) not in units.HALF else None
        if unit in {"hour", "day", "week", "month", "year", "minute"}:
            return Claim(DURATION, index, after, (Decimal("0.5"),), unit, in_words=True)
        if before in {"hour", "day", "week", "month", "year"} and self._text(index - 1) not in {"bill"}:
            return Claim(DURATION, index, index, (Decimal("0.5"),), before, in_words=True)
        return Claim(PERCENT, index, index, (Decimal(50),), in_words=True)

    def _fraction_here(self, number: _Number, at: int, word: str) -> bool:
        """Whether a fraction noun is one here: `a quarter off`, not `a quarter` of the year nor `the third bill`."""
        if word in {"quarter", "quarters"} and number.article:
            if self._text(number.first - 1) == "by":
                return True
            return self._text(at + 1) in {"of", "off", "less", "cheaper", "discount", "reduction"}
        return not (word in {"terca", "quarta", "quinta", "quart"} and self._text(at + 1) in {"-", "feira", "d"})

    def _figure(self, index: int) -> Claim | None:
        token = self.tokens[index]
        sign = self._currency(index)
        if sign:
            start = index + 1
            while self._text(start) in {"."}:
                start += 1
            number = self._number(start)
            if number is not None and number.values and not number.article:
                return self._money(index, number, number.last, sign)
            if token.kind == SIGN or token.raw.isupper():
                follows = self._token(index + 1)
                last = index + 1 if follows is not None and follows.glued else index
                return Claim(MONEY, index, last, (), sign)
            return None
        number = self._number(index)
        if number is None:
            return None
        return self._with_unit(number)

    def _with_unit(self, number: _Number) -> Claim | None:
        place = number.last + 1
        if self._text(place) == "-" and self._text(place + 1):
            place += 1
        if number.values and self._text(place) == "and" and self._text(place + 1) == "a" and self._is_half(place + 2):
            number = _Number(number.first, place + 2, (number.values[0] + Decimal("0.5"),), True)
            place += 3
        elif (
            number.values
            and number.in_words
            and self._text(place) in {"and", "und", "et", "y"}
            and self._is_half(place + 1)
        ):
            number = _Number(number.first, place + 1, (number.values[0] + Decimal("0.5"),), True)
            place += 2
        elif self._text(place) in {",", "."} and self._text(place + 1) in {"-", "–", "—"}:
            place += 2
        found = self._unit_at(place)
        if found is None and self._text(place) in _BETWEEN:
            found = self._unit_at(place + 1) or (
                self._unit_at(place + 2) if self._text(place + 1) in _BETWEEN else None
            )
            if found is not None and found[0] != DURATION:
                found = None
        if found is None:
            return self._bare(number)
        kind, unit, last = found
        if kind == MONEY:
            return self._money(number.first, number, last, unit)
        if kind == DURATION and number.article and unit == "bill":
            return None
        if (
            kind == DURATION
            and self._text(last + 1) == "and"
            and self._text(last + 2) == "a"
            and self._is_half(last + 3)
        ):
            and_half = tuple(value + Decimal("0.5") for value in number.values)
            return Claim(kind, number.first, last + 3, and_half, unit, in_words=True)
        return Claim(kind, number.first, last, number.values, unit, in_words=number.in_words)

    def _bare(self, number: _Number) -> Claim | None:
        if number.article:
            return None
        after = self._token(number.last + 1)
        minutes = self._token(number.last + 2)
        if after is not None and after.text == "h" and minutes is not None and minutes.glued and minutes.kind == NUMBER:
            total = tuple(value * 60 + int(minutes.raw[:2]) for value in number.values)
            return Claim(TIME, number.first, number.last + 2, total)
        if after is not None and _CLOCK.match(after.text):
            return Claim(TIME, number.first, number.last + 1, _minutes(number.values, after.text))
        if self._text(number.last + 1) == ":" and after is not None and after.glued:
            minutes = self._token(number.last + 2)
            if minutes is not None and minutes.kind == NUMBER and minutes.glued and len(minutes.raw) == 2:
                total = tuple(value * 60 + int(minutes.raw) for value in number.values)
                suffix = self._token(number.last + 3)
                half = suffix is not None and suffix.text in {"am", "pm", "uhr", "uur", "h"}
                if half and suffix is not None and suffix.text == "pm" and total[0] < 720:
                    total = tuple(value + 720 for value in total)
                return Claim(TIME, number.first, number.last + 2 + half, total)
        return Claim(COUNT, number.first, number.last, number.values, in_words=number.in_words)

    def _unit_at(self, index: int) -> tuple[str, str, int] | None:
        """The kind, unit and last token of a unit that starts at a token."""
        token = self._token(index)
        if token is None:
            return None
        text = token.text
        if text in {"%", "‰", "٪"} or text in units.PERCENT_WORDS:
            return PERCENT, "%", index
        if (text, self._text(index + 1)) in units.PERCENT_PAIRS:
            return PERCENT, "%", index + 1
        if text in {"per", "pour", "por"} and self._text(index + 1) in {"hundred", "100"}:
            return PERCENT, "%", index + 1
        if (text in units.CENTS or text in units.CENT_SIGNS) and text not in {"p"} | (
            {"cent"} if not token.raw else set()
        ):
            return MONEY, "cents", index
        code = self._currency(index)
        if code:
            last = index
            if text in {"us", "canadian", "australian"}:
                last += 1
            return MONEY, code, last
        unit = UNITS.get(text)
        if unit and text not in {"an", "ora", "ore", "second", "min"}:
            return DURATION, unit, index
        if unit and text in {"an", "ora", "ore", "min"} and index and self.tokens[index - 1].text != "de":
            return DURATION, unit, index
        return None

    def _currency(self, index: int) -> str:
        token = self._token(index)
        if token is None:
            return ""
        if token.kind == SIGN:
            return units.CURRENCY_SIGNS.get(token.raw, "")
        return units.CURRENCY_WORDS.get(token.text, "")

    def _money(self, first: int, number: _Number, last: int, unit: str) -> Claim:
        values = number.values
        if unit == "cents":
            return Claim(MONEY, first, last, tuple(value / 100 for value in values), "", in_words=number.in_words)
        place = last + 1
        joined = self._text(place) in words.AND
        change = self._number(place + 1 if joined else place)
        if change is not None and not change.article and change.values and change.values[0] < 100:
            after = self._text(change.last + 1)
            if after in units.CENTS or (
                number.in_words and change.in_words and not joined and not self._unit_at(change.last + 1)
            ):
                values = tuple(value + change.values[0] / 100 for value in values)
                last = change.last + (1 if after in units.CENTS else 0)
            elif (
                not joined
                and first == number.first
                and not change.in_words
                and len(self._text(place)) == 2
                and (self._unit_at(change.last + 1) is None)
            ):
                values, last = tuple(value + change.values[0] / 100 for value in values), change.last
        period, last = self._period(last)
        return Claim(MONEY, first, last, values, unit, period, number.in_words)

    def _period(self, last: int) -> tuple[str, int]:
        """How often an amount is paid, said right after it: a month, /month, monthly, pro Monat."""
        place = last + 1
        if self._text(place) in {"off", "less", "weniger", "rabatt", "moins", "menos", "meno", "minder", "korting"}:
            period, after = self._period(place)
            return (period, after) if period else ("", last)
        if self._text(place) in {"p"} and self._text(place + 1) in {"m", "a"}:
            return ("month" if self._text(place + 1) == "m" else "year"), place + 1
        if self._text(place) in _PER or (self._token(place) is not None and self.tokens[place].text == "l"):
            unit = UNITS.get(self._text(place + 1)) or PERIODS.get(self._text(place + 1))
            if unit:
                return unit, place + 1
        if self._text(place) in PERIODS:
            return PERIODS[self._text(place)], place
        return "", last

    def _orphans(self, used: set[int]) -> None:
        """A percent or currency sign without a number that can be read is a claim all the same."""
        for index, token in enumerate(self.tokens):
            if index in used or index in self.taken:
                continue
            if token.text in {"%", "‰", "¢"} or (token.kind == SIGN and token.raw in units.CURRENCY_SIGNS):
                first = index - 1 if index and self.sentence_of[index - 1] == self.sentence_of[index] else index
                self.claims.append(Claim(PERCENT if token.text in "%‰" else MONEY, first, index, ()))
            elif token.text in units.PERCENT_WORDS and token.text not in {"percentage"}:
                self.claims.append(Claim(PERCENT, max(index - 1, 0), index, ()))

    def _ranges(self) -> None:
        """`10 to 20 %`: the first number has the unit of the second."""
        ordered = sorted(self.claims, key=lambda claim: claim.first)
        for one, two in pairwise(ordered):
            if one.kind != COUNT or two.kind not in {PERCENT, MONEY, DURATION} or not two.values:
                continue
            if two.first - one.last == 2 and self.tokens[one.last + 1].text in _RANGE:
                self.claims.remove(one)
                self.claims.append(Claim(two.kind, one.first, one.last, one.values, two.unit, two.period, one.in_words))
