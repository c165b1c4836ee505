"""Charts in text: columns, bars, and lines or dots on a grid of braille points with axes; always with their figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from textual.content import Content

from bot.tui.wording import bar, clip, lines

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character by row and column."""

COLUMN_BLOCKS = " ▁▂▃▄▅▆▇█"
Words = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Series:
    """Points to be joined by a line, or shown as dots; `name` stands in the legend, `style` colours them."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    style: str = "$primary"
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Axes:
    """The ranges of a plot and how its ends are written."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_words: Words = "{:g}".format
    y_words: Words = "{:.0%}".format
    x_name: str = ""


class _Canvas:
    """Cells of two by four points."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.bits = [[0] * width for _ in range(height)]
        self.styles = [[""] * width for _ in range(height)]

    def dot(self, x: float, y: float, style: str) -> None:
        """A point at shares of the width and the height; what lies outside is left out."""
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return
        column = min(2 * self.width - 1, int(x * 2 * self.width))
        row = min(4 * self.height - 1, int((1 - y) * 4 * self.height))
        self.bits[row // 4][column // 2] |= DOTS[row % 4][column % 2]
        self.styles[row // 4][column // 2] = style

    def line(self, start: tuple[float, float], end: tuple[float, float], style: str) -> None:
        """A straight line between two points."""
        steps = 1 + 2 * int(max(abs(end[0] - start[0]) * 2 * self.width, abs(end[1] - start[1]) * 4 * self.height))
        for step in range(steps + 1):
            part = step / steps
            self.dot(start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1]), style)

    def row(self, number: int) -> Content:
        """One line of the canvas."""
        pieces = [
            (chr(0x2800 + bits) if bits else " ", style)
            for bits, style in zip(self.bits[number], self.styles[number], strict=True)
        ]
        return Content.assemble(*pieces)


def plot(series: Sequence[Series], axes: Axes, width: int, height: int) -> Content:
    """Lines and dots over axes, with a legend where there is more than one."""
    top, bottom = axes.y_words(axes.y[1]), axes.y_words(axes.y[0])
    gutter = max(len(top), len(bottom))
    canvas = _Canvas(max(4, width - gutter - 2), max(2, height))
    for one in series:
        points = [
            (_share(x, axes.x), _share(y, axes.y)) for x, y in zip(one.x, one.y, strict=True) if x == x and y == y
        ]
        if one.joined:
            for start, end in pairwise(points):
                canvas.line(start, end, one.style)
        else:
            for x, y in points:
                canvas.dot(x, y, one.style)
    rows: list[Content | str] = []
    for number in range(canvas.height):
        label = top if number == 0 else bottom if number == canvas.height - 1 else ""
        rows.append(Content.assemble((f"{label:>{gutter}} ", "$quiet"), ("│", "$quiet"), canvas.row(number)))
    rows.append(Content.styled(" " * (gutter + 1) + "└" + "─" * canvas.width, "$quiet"))
    first, last = axes.x_words(axes.x[0]), axes.x_words(axes.x[1])
    middle = clip(axes.x_name, max(0, canvas.width - len(first) - len(last) - 2))
    rows.append(Content.styled(" " * (gutter + 2) + f"{first} {middle} {last}", "$quiet"))
    named = [one for one in series if one.name]
    if len(named) > 1:
        legend = [part for one in named for part in (("━ " if one.joined else "● ", one.style), (f"{one.name}  ", ""))]
        rows.append(Content.assemble(" " * (gutter + 2), *legend))
    return lines(rows)


def columns(values: Sequence[float], labels: Sequence[str], figures: Sequence[str], height: int, style: str) -> Content:
    """Upright bars from zero to the largest value, with a figure and a label under each."""
    top = max([*values, 0.0]) or 1.0
    cell = max([len(text) for text in (*labels, *figures)], default=1) + 1
    rows: list[Content | str] = []
    for number in range(height, 0, -1):
        parts = []
        for value in values:
            filled = max(0.0, min(1.0, value / top * height - (number - 1)))
            parts.append((COLUMN_BLOCKS[round(filled * 8)] * max(1, cell - 2)).ljust(cell))
        rows.append(Content.styled("".join(parts), style))
    rows.append("".join(f"{figure:<{cell}}" for figure in figures))
    rows.append(Content.styled("".join(f"{label:<{cell}}" for label in labels), "$quiet"))
    return lines(rows)


def bars(rows: Sequence[tuple[str, float, str]], width: int, style: str = "$primary") -> Content:
    """Lying bars: name, size, figure; the largest fills the room."""
    if not rows:
        return Content("")
    name = min(max(len(text) for text, _, _ in rows), max(6, width // 3))
    figure = max(len(text) for _, _, text in rows)
    room = max(4, width - name - figure - 3)
    top = max([size for _, size, _ in rows]) or 1.0
    return lines(
        [
            Content.assemble(clip(text, name), " ", (bar(max(0.0, size) / top, room), style), " ", f"{words:>{figure}}")
            for text, size, words in rows
        ]
    )


def _share(value: float, ends: tuple[float, float]) -> float:
    return (value - ends[0]) / ((ends[1] - ends[0]) or 1.0)
