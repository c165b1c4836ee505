"""Amounts, percentages, dates, durations, products and competitors that a message names."""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.language.text import bounded

_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODES = {
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD",
    "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "chf": "CHF", "francs": "CHF",
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18,
    "twenty": 20, "twenty-four": 24, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}  # fmt: skip
_MONTHS = {name.lower(): place for place, name in enumerate(calendar.month_name) if name} | {
    name.lower(): place for place, name in enumerate(calendar.month_abbr) if name
}
_WEEKDAYS = {name.lower(): place for place, name in enumerate(calendar.day_name)}
_UNITS = {"day": "D", "week": "W", "month": "M", "year": "Y"}

_FIGURE = r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_WORDS = "|".join(sorted((re.escape(word) for word in _NUMBERS), key=len, reverse=True))
_COUNTS = "|".join(word for word in _WORDS.split("|") if word not in ("a", "an"))
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(_WEEKDAYS)
_CODE = "|".join(sorted(_CODES, key=len, reverse=True))

_AMOUNT = re.compile(
    rf"(?P<sign>[€$£]) ?(?P<before>{_FIGURE})(?![\d%])"
    rf"|(?<![\d.,])(?P<after>{_FIGURE}) ?(?:(?P<trail>[€$£])|(?P<code>{_CODE})\b)"
    rf"|\b(?P<word>{_WORDS}) (?P<wordcode>{_CODE})\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"(?<![\d.,])(?P<figure>\d{{1,3}}(?:[.,]\d{{1,2}})?) ?(?:%|percent\b|per cent\b|pct\b)"
    rf"|\b(?P<word>{_WORDS}) per ?cent\b",
    re.IGNORECASE,
)
# "45 a month" is a rate, not a duration: an article does not count.
_DURATION = re.compile(
    rf"(?<![\d.,])\b(?:(?P<figure>\d{{1,3}})|(?P<word>{_COUNTS}))[ -](?P<unit>day|week|month|year)s?\b"
    rf"|\b(?P<half>half a year)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
    rf"|(?P<numeric>\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}\b)"
    rf"|(?P<dayfirst>\b\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?(?:{_MONTH})\b\.?(?:,? \d{{4}}\b)?)"
    rf"|(?P<monthfirst>\b(?:{_MONTH})\b\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?)"
    r"|(?P<end>\b(?:the )?end of (?:the |this |next )?(?:month|year|week)\b)"
    r"|(?P<relative>\b(?:the )?day after tomorrow\b|\b(?:today|tonight|tomorrow|yesterday)\b)"
    rf"|(?P<inspan>\bin (?:\d{{1,3}}|{_WORDS}) (?:day|week|month|year)s?\b)"
    r"|(?P<period>\b(?:next|this|last) (?:week|month|year)\b)"
    rf"|(?P<weekday>\b(?:(?:next|this|last|on|by|until) )?(?:{_WEEKDAY})\b)"
    r"|(?P<ofmonth>\b(?:on|by|until|from|before) the \d{1,2}(?:st|nd|rd|th)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entity:
    """Something a message names, with its place in the text.

    `kind` is amount, percentage, date, duration, product or competitor. `value` is in canonical form: an amount is
    "25.00 EUR", a percentage "20", a date an ISO date (a month "2026-12", a week "2026-W49", a year "2027"), a
    duration ISO 8601 ("P3M"), a name as the catalogue spells it. `text` is `source[start:end]`.
    """

    kind: str
    value: str
    text: str
    start: int
    end: int


def find_entities(
    text: str, products: Iterable[str] = (), competitors: Iterable[str] = (), *, today: date | None = None
) -> list[Entity]:
    """Entities of a text in reading order, none overlapping. Relative dates need `today`; without it they are left out.

    Only the first part of a very long text is read.
    """
    source = text if len(text) <= len(bounded(text)) else text[: len(bounded(text))]
    found: list[Entity] = []
    for kind, names in (("product", products), ("competitor", competitors)):
        found.extend(_named(kind, names, source))
    found.extend(_matches("amount", _AMOUNT, source, _amount))
    found.extend(_matches("percentage", _PERCENT, source, _percentage))
    found.extend(_matches("date", _DATE, source, lambda match: _date(match, today)))
    found.extend(_matches("duration", _DURATION, source, _duration))
    return _without_overlaps(found)


def _matches(
    kind: str, pattern: re.Pattern[str], source: str, read: Callable[[re.Match[str]], str | None]
) -> Iterator[Entity]:
    for match in pattern.finditer(source):
        value = read(match)
        if value is not None:
            yield Entity(kind, value, match.group(), match.start(), match.end())


def _named(kind: str, names: Iterable[str], source: str) -> Iterator[Entity]:
    for name in sorted({name.strip() for name in names if name and name.strip()}, key=lambda name: (-len(name), name)):
        spelling = r"[\s-]*".join(re.escape(word) for word in re.split(r"[\s-]+", name) if word)
        for match in re.finditer(rf"(?<!\w){spelling}(?!\w)", source, re.IGNORECASE):
            yield Entity(kind, name, match.group(), match.start(), match.end())


def _without_overlaps(found: Sequence[Entity]) -> list[Entity]:
    """The longest entity of each place; of equals, the one found first."""
    kept: list[Entity] = []
    last_end = 0
    for entity in sorted(found, key=lambda entity: (entity.start, entity.start - entity.end)):
        if entity.start >= last_end:
            kept.append(entity)
            last_end = entity.end
    return kept


def _figure(digits: str) -> float:
    """A figure with either decimal sign: "1.234,50", "1,234.50", "29,90" and "29.90"."""
    plain = digits.replace(" ", "").replace("'", "")
    decimal = re.search(r"[.,](\d{1,2})$", plain)
    whole = plain[: decimal.start()] if decimal else plain
    fraction = decimal.group(1) if decimal else "0"
    return float(f"{re.sub('[.,]', '', whole)}.{fraction}")


def _amount(match: re.Match[str]) -> str | None:
    word = match["word"]
    number = float(_NUMBERS[word.lower()]) if word else _figure(match["before"] or match["after"])
    sign, code = match["sign"] or match["trail"], match["code"] or match["wordcode"]
    return f"{number:.2f} {_SYMBOLS[sign] if sign else _CODES[code.lower()]}"


def _percentage(match: re.Match[str]) -> str | None:
    word = match["word"]
    return f"{float(_NUMBERS[word.lower()]) if word else _figure(match['figure']):g}"


def _duration(match: re.Match[str]) -> str | None:
    if match["half"]:
        return "P6M"
    number = int(match["figure"]) if match["figure"] else _NUMBERS[match["word"].lower()]
    return f"P{number}{_UNITS[match['unit'].lower()]}"


def _date(match: re.Match[str], today: date | None) -> str | None:
    """The ISO form of a date expression; None where the calendar or the missing `today` forbids it."""
    kind = match.lastgroup or ""
    words = match.group().lower().rstrip(".")
    try:
        if kind == "iso":
            return date.fromisoformat(words).isoformat()
        if kind == "numeric":
            return _numeric(words)
        if today is None:
            return _with_year(words)
        if kind in ("dayfirst", "monthfirst"):
            return _with_year(words) or _next_such(words, today)
        return _RELATIVE[kind](words, today)
    except (ValueError, OverflowError):
        return None


def _numeric(words: str) -> str:
    first, second, year = (int(part) for part in re.split(r"[./]", words))
    # Day first, as in Europe, unless only month first makes a date.
    day, month = (second, first) if second > 12 and "/" in words else (first, second)
    return date(year, month, day).isoformat()


def _day_month(words: str) -> tuple[int, int]:
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\b", words)
    month = re.search(rf"\b({_MONTH})\b", words)
    if day is None or month is None:
        raise ValueError("no day and month")
    return int(day.group(1)), _MONTHS[month.group(1)]


def _with_year(words: str) -> str | None:
    year = re.search(r"\b(\d{4})$", words)
    if year is None:
        return None
    day, month = _day_month(words)
    return date(int(year.group(1)), month, day).isoformat()


def _next_such(words: str, today: date) -> str:
    """The first such day from a fortnight ago on: people speak of what comes or of what has just been."""
    day, month = _day_month(words)
    same_year = date(today.year, month, day)
    return (same_year if same_year >= today - timedelta(days=14) else date(today.year + 1, month, day)).isoformat()


def _end(words: str, today: date) -> str:
    if "year" in words:
        return date(today.year + ("next" in words), 12, 31).isoformat()
    if "week" in words:
        return (today + timedelta(days=6 - today.weekday() + 7 * ("next" in words))).isoformat()
    year, month = _shifted(today, 1 if "next" in words else 0)
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def _shifted(today: date, months: int) -> tuple[int, int]:
    total = today.year * 12 + today.month - 1 + months
    return total // 12, total % 12 + 1


def _relative(words: str, today: date) -> str:
    days = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}.get(words, 2)
    return (today + timedelta(days=days)).isoformat()


def _in_span(words: str, today: date) -> str:
    number, unit = words.removeprefix("in ").rsplit(" ", 1)
    count = int(number) if number.isdigit() else _NUMBERS[number]
    unit = unit.rstrip("s")
    if unit in ("day", "week"):
        return (today + timedelta(days=count * (7 if unit == "week" else 1))).isoformat()
    year, month = _shifted(today, count * (12 if unit == "year" else 1))
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1])).isoformat()


def _period(words: str, today: date) -> str:
    step = {"next": 1, "this": 0, "last": -1}[words.split()[0]]
    if words.endswith("week"):
        year, week, _ = (today + timedelta(weeks=step)).isocalendar()
        return f"{year}-W{week:02d}"
    if words.endswith("month"):
        year, month = _shifted(today, step)
        return f"{year}-{month:02d}"
    return str(today.year + step)


def _weekday(words: str, today: date) -> str:
    """The coming such day; "next" means the one of the coming week, "last" the one before today."""
    wanted = _WEEKDAYS[words.split()[-1]]
    ahead = (wanted - today.weekday()) % 7
    if words.startswith("last"):
        return (today - timedelta(days=(today.weekday() - wanted) % 7 or 7)).isoformat()
    if words.startswith("next"):
        return (today + timedelta(days=7 - today.weekday() + wanted)).isoformat()
    return (today + timedelta(days=ahead or 7)).isoformat()


def _of_month(words: str, today: date) -> str:
    day = int(re.findall(r"\d+", words)[0])
    year, month = _shifted(today, 0 if day >= today.day else 1)
    return date(year, month, day).isoformat()


_RELATIVE: dict[str, Callable[[str, date], str]] = {
    "end": _end,
    "relative": _relative,
    "inspan": _in_span,
    "period": _period,
    "weekday": _weekday,
    "ofmonth": _of_month,
}
