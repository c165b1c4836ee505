"""Collects the blocks and figures of a section while it is being written."""

import math
from typing import Any

import numpy as np

from analytics.reports.document import (
    Block,
    Case,
    Chart,
    Column,
    Figure,
    Kind,
    Quotes,
    Section,
    Sentence,
    Table,
    Tile,
    Value,
    Weight,
)


def plain(value: Any) -> Value:
    """A value that JSON can hold: numpy scalars become Python's, what is not finite becomes None."""
    if value is None or value is np.nan:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int | str) else str(value)


def count(value: Any) -> Figure:
    """A whole number of things."""
    return Figure(plain(value), Kind.COUNT)


def share(value: Any) -> Figure:
    """A share between 0 and 1."""
    return Figure(plain(value), Kind.SHARE)


def money(value: Any) -> Figure:
    """An amount in the currency of the report."""
    return Figure(plain(value), Kind.MONEY)


def number(value: Any) -> Figure:
    """A number without a unit."""
    return Figure(plain(value), Kind.NUMBER)


def text(value: Any) -> Figure:
    """A word from the store."""
    return Figure(plain(value), Kind.TEXT)


def day(value: Any) -> Figure:
    """A date as ISO text."""
    return Figure(None if value is None else value.isoformat()[:10], Kind.DATE)


class SectionBuilder:
    """A section in the making."""

    def __init__(self, section_id: str, title: str) -> None:
        self.id = section_id
        self.title = title
        self.blocks: list[Block] = []
        self.figures: dict[str, Figure] = {}
        self.tiles: list[Tile] = []

    def say(self, sentence: str, weight: Weight = Weight.PLAIN, **figures: Figure) -> None:
        """Add a sentence and the figures it names."""
        self.figures |= figures
        self.blocks.append(Sentence(sentence, weight))

    def lead(self, sentence: str, **figures: Figure) -> None:
        """Add a sentence that answers the question of the section."""
        self.say(sentence, Weight.LEAD, **figures)

    def note(self, sentence: str, **figures: Figure) -> None:
        """Add small print."""
        self.say(sentence, Weight.NOTE, **figures)

    def tile(self, label: str, name: str, figure: Figure, remark: str = "", **figures: Figure) -> None:
        """Add a figure to be seen first; `remark` may name figures in braces."""
        self.figures |= {name: figure, **figures}
        self.tiles.append(Tile(label, name, remark))

    def table(
        self,
        name: str,
        title: str,
        columns: tuple[Column, ...],
        rows: list[tuple[Any, ...]],
        *,
        chart: Chart | None = None,
        note: str = "",
    ) -> None:
        """Add a table; one without rows is left out."""
        if rows:
            kept = tuple(tuple(plain(value) for value in row) for row in rows)
            self.blocks.append(Table(name, title, columns, kept, chart, note))

    def case(self, title: str, lines: list[str]) -> None:
        """Add a customer without a name."""
        self.blocks.append(Case(title, tuple(lines)))

    def quotes(self, topic: str, texts: list[str]) -> None:
        """Add what customers wrote about a topic."""
        self.blocks.append(Quotes(topic, tuple(texts)))

    def done(self) -> Section:
        """The section."""
        return Section(self.id, self.title, tuple(self.blocks), self.figures, tuple(self.tiles))


def nothing(section_id: str, title: str, why: str) -> Section:
    """A section that says in a line why it has nothing to show."""
    return Section(section_id, title, empty=why)


def spoken(code: str) -> str:
    """A code of ours as words."""
    return code.replace("_", " ").replace("-", " ")
