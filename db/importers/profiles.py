"""What the cells of a table look like, column by column: type, style, fill, spread; the evidence for a mapping."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from db.importers.cells import fits_style, read_number
from db.importers.rows import Row, Table
from db.vocabulary import ColumnType

MOST_ROWS = 20_000
MOST_CELLS = 4_000_000

MISSING_WORDS = frozenset(
    {"na", "n/a", "n.a.", "null", "none", "nan", "-", "--", "?", "#n/a", "\\n", "missing", "unknown", "nil", "(blank)"}
)
_ODD_SHARE = 0.02
"""A column with no more cells than this that do not fit is still one of numbers or dates."""
_ENOUGH_TO_JUDGE = 50
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]+")
_DATE_LIKE = re.compile(
    r"[0-9]{1,4}[./-][0-9A-Za-z]{1,9}[./-][0-9]{1,4}"
    r"|[A-Za-z]{3,9}\.? [0-9]{1,2},? [0-9]{4}"
    r"|[0-9]{1,2} [A-Za-z]{3,9}\.? [0-9]{2,4}"
)
_STYLES = ("iso", "year-first", "day-first", "month-first", "words")
_DECIMAL_SHAPE = {
    ".": re.compile(r"\.[0-9]{1,2}$|\.[0-9]{4,}$|,[0-9]{3}\."),
    ",": re.compile(r",[0-9]{1,2}$|,[0-9]{4,}$|\.[0-9]{3},"),
}


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """The evidence of one column. `texts` are its cells as they stand, `filled` those that are not blank.

    `odd` are the few cells that do not fit the type of all others.
    """

    name: str
    place: int
    texts: list[str]
    filled: list[str] = field(repr=False)
    counts: Counter[str] = field(repr=False)
    type: ColumnType = ColumnType.TEXT
    decimal: str | None = None
    date_styles: tuple[str, ...] = ()
    missing_values: tuple[str, ...] = ()
    numbers: list[float] = field(default_factory=list, repr=False)
    odd: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The name in lower case words: `MonthlyCharges` becomes `monthly charges`."""
        return words_of(self.name)

    @property
    def distinct(self) -> int:
        """Number of different cells that are not blank."""
        return len(self.counts)

    @property
    def is_unique(self) -> bool:
        """Whether every row has a cell of its own."""
        return bool(self.texts) and self.distinct == len(self.texts)

    @property
    def is_unique_id(self) -> bool:
        """Whether every cell is different and a single word."""
        return self.is_unique and not any(" " in text for text in self.filled[:200])

    @property
    def is_whole(self) -> bool:
        """Whether all its numbers are whole."""
        return self.type is ColumnType.NUMBER and all(number.is_integer() for number in self.numbers)

    @property
    def mean_length(self) -> float:
        """Mean number of characters of its filled cells."""
        return sum(map(len, self.filled)) / max(len(self.filled), 1)

    @property
    def is_free_text(self) -> bool:
        """Whether its cells read like sentences."""
        spaced = sum(1 for text in self.filled[:1000] if text.count(" ") >= 3)
        return (
            self.type is ColumnType.TEXT
            and self.mean_length > 30
            and spaced > 0.4 * min(len(self.filled), 1000)
            and self.distinct > 0.3 * len(self.filled)
        )


def words_of(name: str) -> str:
    """A column name in lower case words."""
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    split = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", split)
    return " ".join(re.findall(r"[a-z0-9äöüßéèáóñç]+", split.lower()))


def profile_table(table: Table) -> tuple[list[ColumnProfile], int]:
    """Profiles of all columns over the first rows, and how many rows those are; unreadable rows are passed over.

    Raises:
        InputError: the table cannot be read that far.
    """
    most = max(200, min(MOST_ROWS, MOST_CELLS // len(table.header)))
    good = (row.cells for row in table.rows() if isinstance(row, Row))
    rows = list(islice(good, most))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.header)
    names = table.header
    profiles = [_profile(name, place, list(columns[place])) for place, name in enumerate(names)]
    return profiles, len(rows)


def file_decimal(profiles: list[ColumnProfile], delimiter: str | None) -> str:
    """The decimal sign that the columns of the file agree on; a semicolon file without evidence uses a comma."""
    votes = Counter(profile.decimal for profile in profiles if profile.decimal is not None)
    if votes:
        return votes.most_common(1)[0][0]
    return "," if delimiter == ";" and any("," in text for one in profiles for text in one.filled[:50]) else "."


def _profile(name: str, place: int, texts: list[str]) -> ColumnProfile:
    filled = [text for text in texts if text and not text.isspace()]
    counts = Counter(filled)
    absent = tuple(sorted(text for text in counts if text.strip().casefold() in MISSING_WORDS))
    values = [text for text in counts if text not in absent] if absent else list(counts)
    if not values:
        return ColumnProfile(name, place, texts, filled, counts)
    kind, decimal, styles = _type_of(values)
    odd: tuple[str, ...] = ()
    if kind is ColumnType.TEXT and (odd := _odd_ones(values, counts)):
        values = [text for text in values if text not in odd]
        kind, decimal, styles = _type_of(values)
    if kind is ColumnType.TEXT:
        return ColumnProfile(name, place, texts, filled, counts)
    numbers: list[float] = []
    if kind is ColumnType.NUMBER:
        by_text = {text: float(read_number(text, decimal or ".")) for text in values}
        numbers = [by_text[text] for text in filled if text in by_text]
    return ColumnProfile(name, place, texts, filled, counts, kind, decimal, styles, absent, numbers, odd)


def _odd_ones(values: list[str], counts: Counter[str]) -> tuple[str, ...]:
    """The few cells that are neither numbers nor dates in a column of them; none where they are not few."""
    if sum(not _could_fit(text) for text in values[:200]) > 0.1 * min(len(values), 200):
        return ()
    odd = tuple(sorted(text for text in values if not _could_fit(text)))
    rows = sum(counts[text] for text in values)
    few = sum(counts[text] for text in odd) <= _ODD_SHARE * rows
    return odd if few and rows >= _ENOUGH_TO_JUDGE else ()


def _could_fit(text: str) -> bool:
    return bool(_DATE_LIKE.search(text)) or _all_numbers([text], ".") or _all_numbers([text], ",")


def _type_of(values: list[str]) -> tuple[ColumnType, str | None, tuple[str, ...]]:
    head = values[:200]
    if not any(_LEADING_ZERO.fullmatch(text.strip()) for text in values):
        fitting = [decimal for decimal in (".", ",") if _all_numbers(head, decimal) and _all_numbers(values, decimal)]
        if fitting:
            return ColumnType.NUMBER, _decimal_of(values, fitting), ()
    if all(_DATE_LIKE.search(text) for text in head):
        styles = tuple(style for style in _STYLES if fits_style(head, style) and fits_style(values, style))
        if styles:
            return ColumnType.DATE, None, styles
    return ColumnType.TEXT, None, ()


def _all_numbers(values: list[str], decimal: str) -> bool:
    try:
        for text in values:
            read_number(text, decimal)
    except ValueError:
        return False
    return True


def _decimal_of(values: list[str], fitting: list[str]) -> str | None:
    """The decimal sign, None where the numbers are the same in both readings or nothing tells."""
    if len(fitting) == 1 and any("." in text or "," in text for text in values):
        return fitting[0]
    for decimal in fitting:
        if any(_DECIMAL_SHAPE[decimal].search(text.strip()) for text in values):
            return decimal
    return None
