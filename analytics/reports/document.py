"""The report as a document: sections of sentences, figures, tables and quotes; every form is written from it alone.

A sentence holds names of figures in braces, never a number of its own, so that text, tables and JSON cannot disagree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from db.vocabulary import Json

Value = float | int | str | None

_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    COUNT = "count"
    EXPECTED = "expected"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its kind; None means that it is not known."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; an `aside` explains the others and is left out where there is little room."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    aside: bool = False


class ChartKind(StrEnum):
    """The drawings that a table can have."""

    BARS = "bars"
    HISTOGRAM = "histogram"
    STACKED = "stacked"
    LINE = "line"
    CALIBRATION = "calibration"
    GAINS = "gains"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of columns of its table: `x` along, `y` up; `low`, `high` bound a band; `size` weighs dots."""

    kind: ChartKind
    description: str
    x: str
    y: tuple[str, ...]
    low: str | None = None
    high: str | None = None
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, in the order of the columns; `note` says how to read it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    chart: Chart | None = None
    note: str = ""

    def column(self, key: str) -> list[Value]:
        """The values of a column. Raises KeyError for an unknown one."""
        places = [place for place, column in enumerate(self.columns) if column.key == key]
        if not places:
            raise KeyError(key)
        return [row[places[0]] for row in self.rows]

    def as_json(self) -> Json:
        """The table as a JSON object with one object per row."""
        keys = [column.key for column in self.columns]
        return {
            "name": self.name,
            "title": self.title,
            "columns": [{"key": one.key, "label": one.label, "kind": one.kind.value} for one in self.columns],
            "rows": [dict(zip(keys, row, strict=True)) for row in self.rows],
            "note": self.note,
        }


class Weight(StrEnum):
    """What a sentence is for: the answer of a section, plain text, or small print."""

    LEAD = "lead"
    PLAIN = "plain"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence whose numbers are names of figures in braces."""

    text: str
    weight: Weight = Weight.PLAIN

    def parts(self) -> Iterator[tuple[str, str | None]]:
        """Pieces in order: literal text with None, or an empty text with the name of a figure."""
        end = 0
        for found in _PLACE.finditer(self.text):
            if found.start() > end:
                yield self.text[end : found.start()], None
            yield "", found.group(1)
            end = found.end()
        if end < len(self.text):
            yield self.text[end:], None


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure to be seen first, with what it is and a remark below it."""

    label: str
    figure: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One customer without a name, in lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """What customers wrote about a topic, masked."""

    topic: str
    texts: tuple[str, ...]


Block = Sentence | Table | Case | Quotes


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; `empty` says in a line why there is nothing to show."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    figures: dict[str, Figure] = field(default_factory=dict)
    tiles: tuple[Tile, ...] = ()
    empty: str = ""

    @property
    def sentences(self) -> list[Sentence]:
        """The sentences in order."""
        return [block for block in self.blocks if isinstance(block, Sentence)]

    @property
    def tables(self) -> list[Table]:
        """The tables in order."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def cases(self) -> list[Case]:
        """The cases in order."""
        return [block for block in self.blocks if isinstance(block, Case)]

    @property
    def quotes(self) -> list[Quotes]:
        """The quotes in order."""
        return [block for block in self.blocks if isinstance(block, Quotes)]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A churn report. Only `generated_at` differs between two reports on the same store."""

    title: str
    company: str
    as_of: date
    generated_at: datetime
    currency: str | None
    with_names: bool
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section:
        """A section by its id. Raises KeyError for an unknown one."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)
