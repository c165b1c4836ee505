"""Dates in a text, resolved against the day it is written: ISO, digits, month names, weekdays, relative days."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.generation.guard.lexicon import calendar as cal
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.reading import NUMBER, WORD, Reading, Token


@dataclass(frozen=True, slots=True)
class DateClaim:
    """A date in the text, tokens `first` to `last`.

    `days` are the dates it may mean; where it names only a part, `year`, `month` and `day` hold that part. A date
    no record can support (Easter, an impossible day) has neither. `span` is True for a week, month or year as a whole.
    """

    first: int
    last: int
    days: frozenset[date] = frozenset()
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    span: bool = False

    def fits(self, known: date) -> bool:
        """Whether the claim is true of a known date."""
        if self.days:
            return known in self.days
        parts = ((self.year, known.year), (self.month, known.month), (self.day, known.day))
        given = [(said, true) for said, true in parts if said is not None]
        if self.weekday is not None:
            given.append((self.weekday, known.weekday()))
        return bool(given) and all(said == true for said, true in given)


def find_dates(reading: Reading, today: date | None) -> list[DateClaim]:
    """Every date of a text, left to right, without overlaps."""
    finder = _Finder(reading.tokens, today)
    found: list[DateClaim] = []
    index = 0
    while index < len(reading.tokens):
        claim = finder.at(index)
        if claim is None:
            index += 1
        else:
            found.append(claim)
            index = claim.last + 1
    return found


_SEPARATORS = frozenset("-/.")
_ORDINALS = wordset("st nd rd th er eme e ste de o a ª º")
_OF = wordset("of de den dem der del di the le el il")
_UNTIL = frozenset({"until", "till", "by", "before", "bis", "jusqu", "hasta", "ate", "fino", "entro", "tot"})


class _Finder:
    def __init__(self, tokens: list[Token], today: date | None) -> None:
        self.tokens = tokens
        self.today = today

    def at(self, index: int) -> DateClaim | None:
        """The date that starts at a token, if any."""
        token = self.tokens[index]
        if token.kind == NUMBER:
            return self._digits(index) or self._day_month(index)
        if token.kind != WORD:
            return None
        return self._with_weekday(index) or self._month_day(index) or self._relative(index) or self._holiday(index)

    def _text(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def _number(self, index: int, low: int, high: int) -> int | None:
        if index >= len(self.tokens) or self.tokens[index].kind != NUMBER or not self._text(index).isdigit():
            return None
        value = int(self._text(index))
        return value if low <= value <= high else None

    def _digits(self, index: int) -> DateClaim | None:
        """2026-12-31, 31/12/2026, 31.12.26, 12/31: whatever readings are real days."""
        raw = self._text(index)
        parts, last = raw.split("."), index
        if len(parts) == 1:
            mark = self._text(index + 1)
            if mark not in _SEPARATORS or index + 2 >= len(self.tokens) or not self.tokens[index + 1].glued:
                return None
            pieces = [raw, self._text(index + 2)]
            last = index + 2
            if self._text(index + 3) == mark and index + 4 < len(self.tokens) and self.tokens[index + 4].kind == NUMBER:
                pieces.append(self._text(index + 4))
                last = index + 4
            if not all(piece.isdigit() for piece in pieces) or not self.tokens[index + 2].glued:
                return None
            if len(pieces) == 2 and mark != "/":
                return None
            parts = pieces
        elif len(parts) != 3 or not all(part.isdigit() and part for part in parts) or len(parts[1]) > 2:
            return None
        days = _readings([int(part) for part in parts], self.today)
        return DateClaim(index, last, days)

    def _skip_ordinal(self, index: int) -> int:
        """The place after an ordinal's ending: 3rd, 1er, 12., 1º."""
        if index < len(self.tokens) and self.tokens[index].glued and self._text(index) in _ORDINALS | {"."}:
            return index + 1
        return index

    def _month(self, index: int, *, alone: bool = False) -> int | None:
        month = cal.MONTHS.get(self._text(index))
        if month is None or (alone and self._text(index) in cal.WORDS_NOT_MONTHS):
            return None
        return month

    def _year(self, index: int) -> tuple[int | None, int]:
        """A year after a month, over `de`, a comma or a full stop."""
        place = index
        while self._text(place) in {"de", ",", ".", "del", "do"} and place < index + 1:
            place += 1
        year = self._number(place, 1990, 2100)
        return (year, place) if year is not None else (None, index - 1)

    def _day_month(self, index: int) -> DateClaim | None:
        """3 December, 3rd of December 2026, 3. Dezember, 3 de diciembre de 2026."""
        day = self._number(index, 1, 31)
        if day is None:
            impossible = self._month(index + 1, alone=True) is not None and len(self._text(index)) < 4
            return DateClaim(index, index + 1) if impossible else None
        place = self._skip_ordinal(index + 1)
        ordinal = place > index + 1 and self._text(index + 1) in {"st", "nd", "rd", "th"}
        while self._text(place) in _OF and place < index + 4:
            place += 1
        month = self._month(place)
        if month is None:
            if ordinal and self._text(index - 1) == "the":
                return DateClaim(index, index + 1, day=day)
            return None
        year, last = self._year(place + 1)
        return self._calendar(index, max(place, last), day, month, year)

    def _month_day(self, index: int) -> DateClaim | None:
        """December 3rd, Dec 3, 2026; December 2026; in December."""
        month = self._month(index)
        if month is None:
            return None
        place = index + 2 if self._text(index + 1) in {"the", "."} else index + 1
        day = self._number(place, 1, 31)
        if day is not None:
            last = self._skip_ordinal(place + 1) - 1
            if self._text(last) == ".":
                last -= 1
            year, year_at = self._year(last + 1)
            return self._calendar(index, max(last, year_at), day, month, year)
        year, last = self._year(index + 1)
        if year is not None:
            return DateClaim(index, last, year=year, month=month, span=True)
        if self._month(index, alone=True) is None and not self._capital_may(index):
            return None
        return DateClaim(index, index, month=month, span=True)

    def _capital_may(self, index: int) -> bool:
        """Whether a word such as May is a month here: capital, after a word that dates."""
        return self.tokens[index].raw[0].isupper() and self._text(index - 1) in {"in", "until", "by", "since", "before"}

    def _calendar(self, first: int, last: int, day: int, month: int, year: int | None) -> DateClaim:
        if year is None:
            return DateClaim(first, last, day=day, month=month)
        try:
            return DateClaim(first, last, frozenset({date(year, month, day)}))
        except ValueError:
            return DateClaim(first, last)

    def _with_weekday(self, index: int) -> DateClaim | None:
        """Friday, 12 December 2026; next Friday; on Friday."""
        weekday = cal.WEEKDAYS.get(self._text(index))
        if weekday is None or (
            self._text(index) in {"segunda", "terca", "quarta", "quinta", "sexta"}
            and self._text(index + 1) not in {"-", "feira"}
        ):
            return None
        place = index + 1
        if self._text(place) == "-" and self._text(place + 1) == "feira":
            place += 2
        after = place
        while self._text(after) in {",", "the", "den", "dem", "le", "el", "il", "dia", "de", "der"}:
            after += 1
        inner = self._digits(after) or self._day_month(after) or self._month_day(after)
        if inner is not None and (inner.days or inner.day):
            days = frozenset(day for day in inner.days if day.weekday() == weekday)
            if inner.days:
                return DateClaim(index, inner.last, days)
            return DateClaim(index, inner.last, month=inner.month, day=inner.day, weekday=weekday)
        if self.today is None:
            return DateClaim(index, place - 1)
        ahead = (weekday - self.today.weekday()) % 7 or 7
        coming = self.today + timedelta(ahead)
        around = {coming}
        near = {self._text(index - 1), self._text(place)}
        if near & cal.NEXT:
            around.add(coming + timedelta(7))
        if ahead == 7:
            around.add(self.today)
        return DateClaim(index, place - 1, frozenset(around))

    def _relative(self, index: int) -> DateClaim | None:
        """Today, tomorrow, the end of the month, this week, next year."""
        word = self._text(index)
        if word in cal.TODAY:
            return DateClaim(index, index, frozenset({self.today} if self.today else ()))
        if word in cal.TOMORROW and self._is_tomorrow(index):
            return DateClaim(index, index, frozenset({self.today + timedelta(1)} if self.today else ()))
        if word == "week" and self._text(index - 1) in {"-"}:
            return None
        if word in {"weekend", "wochenende"}:
            return DateClaim(index, index)
        if word in cal.END:
            return self._end_of(index)
        return None

    def _is_tomorrow(self, index: int) -> bool:
        word, before = self._text(index), self._text(index - 1)
        if word == "morgen":
            return before not in {"guten", "goede", "goeden", "am", "jeden", "in", "de"}
        return word != "manana" or before not in {"la", "esta", "cada"}

    def _end_of(self, index: int) -> DateClaim | None:
        """End of the month, Ende Dezember, fin de mes, fine anno."""
        place = index + 1
        while self._text(place) in _OF | cal.THIS | cal.NEXT | {
            "des",
            "dieses",
            "du",
            "d",
            "l",
            "dell",
            "van",
            "do",
            "da",
            "la",
            "het",
            "nachsten",
        }:
            place += 1
        word = self._text(place)
        month = self._month(place, alone=True)
        if month is not None and place > index:
            return (
                DateClaim(index, place, day=None, month=month, span=True)
                if self.today is None
                else (self._month_end(index, place, month))
            )
        unit = cal.UNITS.get(word)
        if unit not in {"week", "month", "year", "quarter"}:
            return None
        if self.today is None:
            return DateClaim(index, place)
        following = any(self._text(between) in cal.NEXT for between in range(index, place))
        return DateClaim(index, place, frozenset({_end_of_unit(self.today, unit, following)}))

    def _month_end(self, index: int, place: int, month: int) -> DateClaim:
        assert_today = self.today or date.min
        year = assert_today.year + (month < assert_today.month)
        return DateClaim(index, place, frozenset({_end_of_unit(date(year, month, 1), "month", False)}))

    def _holiday(self, index: int) -> DateClaim | None:
        word = self._text(index)
        if word in cal.HOLIDAYS:
            month, day = cal.HOLIDAYS[word]
            return DateClaim(index, index, month=month, day=day)
        dated = {self._text(index - 1), self._text(index - 2)} & (cal.NEXT | cal.THIS | _UNTIL)
        if word in cal.MOVING_HOLIDAYS and dated:
            return DateClaim(index, index)
        if word in cal.MOVING_HOLIDAYS and self.tokens[index].raw[0].isupper() | (word in {"easter", "ramadan"}):
            return DateClaim(index, index)
        return None


def _readings(parts: list[int], today: date | None) -> frozenset[date]:
    """The real days that two or three numbers may stand for, day first and month first."""
    if len(parts) == 2:
        year = today.year if today else 2000
        orders = [(year + more, *pair) for more in (0, 1) for pair in ((parts[1], parts[0]), (parts[0], parts[1]))]
    elif parts[0] > 31:
        orders = [(parts[0], parts[1], parts[2])]
    else:
        year = parts[2] + 2000 if parts[2] < 100 else parts[2]
        orders = [(year, parts[1], parts[0]), (year, parts[0], parts[1])]
    days = set()
    for year, month, day in orders:
        try:
            days.add(date(year, month, day))
        except ValueError:
            continue
    return frozenset(days)


def _end_of_unit(day: date, unit: str, following: bool) -> date:
    if unit == "week":
        return day + timedelta(6 - day.weekday() + 7 * following)
    if unit == "year":
        return date(day.year + following, 12, 31)
    months = 3 if unit == "quarter" else 1
    index = (day.year * 12 + day.month - 1) // months * months + months * (1 + following)
    return date(index // 12, index % 12 + 1, 1) - timedelta(1)
