"""One cell at a time: text to a number, a truth value, a day or an instant, strictly, or the reason why not."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no table needs, with the mark for undecodable bytes among them. Tabs and line ends are text."""

LINE_BREAKING: Final = re.compile("[\t\n\r\u2028\u2029]")
"""Allowed in free text, not in names, ids and addresses."""

_NUMBER = {
    ".": re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[,'’ \u00a0\u202f][0-9]{3})+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"),
    ",": re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[.'’ \u00a0\u202f][0-9]{3})+)?(?:,[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"),
}
_PLAIN_INTEGER = re.compile(r"[+-]?[0-9]{1,300}")
_PLAIN_DECIMAL = re.compile(r"[+-]?[0-9]{1,300}\.[0-9]{1,300}")
_SEPARATORS = {".": str.maketrans("", "", ",'’ \u00a0\u202f"), ",": str.maketrans(",", ".", ".'’ \u00a0\u202f")}
_CURRENCY_SIGNS = "$€£¥₹₽₺₴₩%\u00a0 "
_CURRENCY_CODE = re.compile(r"^(?:[A-Z]{3}\s)?(.*?)(?:\s[A-Z]{3})?$", re.DOTALL)

TRUE_WORDS: Final = frozenset(
    {"yes", "y", "true", "t", "1", "1.0", "on", "ja", "oui", "si", "sí", "sim", "vrai", "wahr"}
)
FALSE_WORDS: Final = frozenset(
    {"no", "n", "false", "f", "0", "0.0", "off", "nein", "non", "não", "nee", "faux", "falsch"}
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_CLOCK = r"(?:[T,]?\s*(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:\.\d{1,9})?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_NUMERIC_DAY = re.compile(r"(?P<a>\d{1,2})[./-](?P<b>\d{1,2})[./-](?P<y>\d{4}|\d{2})" + _CLOCK, re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[./](?P<a>\d{1,2})[./](?P<b>\d{1,2})" + _CLOCK, re.ASCII)
_DAY_WORD = re.compile(r"(?P<d>\d{1,2})[. -]+(?P<w>[A-Za-z]{3,9})\.?,?[ -]+(?P<y>\d{4}|\d{2})" + _CLOCK, re.ASCII)
_WORD_DAY = re.compile(r"(?P<w>[A-Za-z]{3,9})\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})" + _CLOCK, re.ASCII)
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)

DATE_STYLES: Final = ("iso", "day-first", "month-first", "year-first", "words", "unix", "unix-ms")
"""Named date styles of a mapping; anything with a % sign is a pattern of strptime."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def read_number(text: str, decimal: str = ".") -> int | float:
    """A number in the given decimal style; thousands must stand in threes. Whole numbers stay exact integers.

    Raises:
        ValueError: with the reason as a sentence.
    """
    if _PLAIN_INTEGER.fullmatch(text):
        return int(text)
    if decimal == "." and _PLAIN_DECIMAL.fullmatch(text):
        return float(text)
    bare = text.strip(_CURRENCY_SIGNS)
    if bare and bare[0] in "+-" and len(bare) > 1 and bare[1] in _CURRENCY_SIGNS:
        bare = bare[0] + bare[1:].lstrip(_CURRENCY_SIGNS)
    if not _NUMBER[decimal].fullmatch(bare):
        stripped = _CURRENCY_CODE.match(bare)
        bare = stripped.group(1).strip(_CURRENCY_SIGNS) if stripped else bare
    if not any(sign.isdigit() for sign in bare) or not _NUMBER[decimal].fullmatch(bare):
        raise ValueError(_why_no_number(bare, decimal))
    value = float(bare.translate(_SEPARATORS[decimal]))
    if not math.isfinite(value):
        raise ValueError(f"{_shown(text)} is too large a number.")
    plain = bare.translate(_SEPARATORS[decimal])
    return int(plain) if _PLAIN_INTEGER.fullmatch(plain) else value


def read_boolean(text: str, true_words: frozenset[str] = TRUE_WORDS, false_words: frozenset[str] = FALSE_WORDS) -> bool:
    """True or False by the words given (compared without case).

    Raises:
        ValueError: with the reason as a sentence.
    """
    word = text.strip().casefold()
    if word in true_words:
        return True
    if word in false_words:
        return False
    raise ValueError(f"{_shown(text)} is neither yes nor no; list such values under true_values or false_values.")


def read_instant(text: str, style: str = "iso", zone: ZoneInfo | None = None) -> datetime:
    """An instant in UTC; a text without a zone is local time in `zone` (UTC where None).

    Raises:
        ValueError: with the reason as a sentence.
    """
    moment = _parse_moment(text.strip(), style)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or UTC)
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"{_shown(text)} lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def read_day(text: str, style: str = "iso") -> date:
    """The day of a date or of a date with a time, as it is written.

    Raises:
        ValueError: with the reason as a sentence.
    """
    moment = _parse_moment(text.strip(), style)
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"{_shown(text)} lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return moment.date()


def fits_style(texts: Iterable[str], style: str) -> bool:
    """Whether every text is a date in this style."""
    try:
        for text in texts:
            read_day(text, style)
    except ValueError:
        return False
    return True


def _why_no_number(bare: str, decimal: str) -> str:
    other = "," if decimal == "." else "."
    if any(sign.isdigit() for sign in bare) and _NUMBER[other].fullmatch(bare):
        return (
            f"{_shown(bare)} is no number with {decimal!r} as its decimal sign; set decimal: {other!r} in the mapping."
        )
    return f"{_shown(bare)} is not a number."


def _parse_moment(text: str, style: str) -> datetime:
    try:
        reader = _READERS.get(style)
        if reader is not None:
            return reader(text)
        return datetime.strptime(text, style)
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"{_shown(text)} is not a date in the style {style!r}.") from error


def _read_iso(text: str) -> datetime:
    if _ISO.fullmatch(text) is None:
        raise ValueError(text)
    return datetime.fromisoformat(text.replace(" Z", "Z") if text.endswith(" Z") else text)


def _read_day_first(text: str) -> datetime:
    found = _NUMERIC_DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return _assembled(found, int(found["a"]), int(found["b"]))


def _read_month_first(text: str) -> datetime:
    found = _NUMERIC_DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return _assembled(found, int(found["b"]), int(found["a"]))


def _read_year_first(text: str) -> datetime:
    found = _YEAR_FIRST.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return _assembled(found, int(found["b"]), int(found["a"]))


def _read_words(text: str) -> datetime:
    found = _DAY_WORD.fullmatch(text) or _WORD_DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    word = found["w"].lower()
    short = "sep" if word == "sept" else word
    names = _MONTHS if len(short) == 3 else _FULL_MONTHS
    return _assembled(found, int(found["d"]), names.index(short) + 1)


def _read_unix(text: str) -> datetime:
    return datetime.fromtimestamp(float(read_number(text)), UTC)


def _read_unix_ms(text: str) -> datetime:
    return datetime.fromtimestamp(float(read_number(text)) / 1000, UTC)


_READERS: Final[dict[str, Callable[[str], datetime]]] = {
    "iso": _read_iso,
    "day-first": _read_day_first,
    "month-first": _read_month_first,
    "year-first": _read_year_first,
    "words": _read_words,
    "unix": _read_unix,
    "unix-ms": _read_unix_ms,
}


def _assembled(found: re.Match[str], day: int, month: int) -> datetime:
    year = int(found["y"])
    if len(found["y"]) == 2:
        # The century window of POSIX: 69 to 99 lie in the 1900s.
        year += 1900 if year >= 69 else 2000
    hour = int(found["h"] or 0)
    half = (found["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(found.group())
        hour = hour % 12 + (12 if half == "pm" else 0)
    return datetime.combine(date(year, month, day), time(hour, int(found["m"] or 0), int(found["s"] or 0)))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
