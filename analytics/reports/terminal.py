"""The report as text for a terminal of eighty columns, with bars of blocks."""

import textwrap
import unicodedata
from collections.abc import Iterator

from analytics.reports.document import (
    Block,
    Case,
    Chart,
    ChartKind,
    Column,
    Kind,
    Quotes,
    ReportDocument,
    Section,
    Sentence,
    Table,
    Value,
    Weight,
)
from analytics.reports.numbers import figure_text, sentence_text, write

WIDTH = 80
NARROWEST_BAR = 8
WIDEST_TEXT = 46
MOST_ROWS = 16
EIGHTHS = " ▏▎▍▌▋▊▉█"
STACK = "█▒░"


def render_text(document: ReportDocument) -> str:
    """The document as text; what customers wrote cannot steer the terminal."""
    return "\n".join(_lines(document)) + "\n"


def printable(text: str) -> str:
    """The text without control and direction characters."""
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs") else sign for sign in text)


def _lines(document: ReportDocument) -> Iterator[str]:
    yield from _wrapped(document.title)
    yield f"As of {document.as_of.day} {document.as_of:%B %Y}"
    yield f"Generated {document.generated_at:%Y-%m-%d %H:%M} UTC"
    for section in document.sections:
        yield ""
        yield section.title.upper()
        yield "─" * WIDTH
        if section.empty:
            yield from _wrapped(section.empty)
        yield from _tiles(section, document.currency)
        for block in section.blocks:
            yield from _block(block, section, document.currency)


def _tiles(section: Section, currency: str | None) -> Iterator[str]:
    for tile in section.tiles:
        value = figure_text(section.figures[tile.figure], currency)
        remark = sentence_text(Sentence(tile.remark), section, currency)
        yield f"  {tile.label:<22}{value:>12}   {remark}".rstrip()
    if section.tiles:
        yield ""


def _block(block: Block, section: Section, currency: str | None) -> Iterator[str]:
    if isinstance(block, Sentence):
        text = sentence_text(block, section, currency)
        yield from _wrapped(text, indent="  " if block.weight is Weight.NOTE else "")
    elif isinstance(block, Table):
        yield ""
        yield from _table(block, currency)
        yield ""
    elif isinstance(block, Case):
        yield from _wrapped(block.title)
        for line in block.lines:
            yield from _wrapped(line, indent="    ", first="  - ")
    elif isinstance(block, Quotes):
        yield from _wrapped(block.topic)
        for text in block.texts:
            yield from _wrapped(f"“{text}”", indent="   ", first="  ")


def _wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    return textwrap.wrap(
        printable(text), WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent
    )


def _table(table: Table, currency: str | None) -> Iterator[str]:
    if all(column.kind is Kind.TEXT for column in table.columns):
        yield from _entries(table)
        return
    places = [place for place, column in enumerate(table.columns) if not column.aside]
    columns = [table.columns[place] for place in places]
    rows = [[row[place] for place in places] for row in _shown(table)]
    cells = [
        [printable(write(value, column.kind, currency)) for value, column in zip(row, columns, strict=True)]
        for row in rows
    ]
    widths = _widths(columns, cells)
    yield from _wrapped(table.title)
    yield from _header(columns, widths)
    bars = _bars(table, WIDTH - sum(widths) - 2 * len(widths) - 2)
    for number, row in enumerate(cells):
        first, *more = _folded(row, columns, widths)
        yield f"{first}  {bars[number]}".rstrip() if bars else first.rstrip()
        yield from (line.rstrip() for line in more)
    if len(rows) < len(table.rows):
        yield f"  ({len(rows)} of {len(table.rows)} rows; all of them in the other forms of this report)"


def _entries(table: Table) -> Iterator[str]:
    """A table of words as entries that may run over several lines."""
    yield from _wrapped(table.title)
    for first, *rest in table.rows:
        more = "; ".join(str(value) for value in rest if value)
        yield from _wrapped(f"{first}: {more}", indent="      ", first="  ")


def _shown(table: Table) -> list[tuple[Value, ...]]:
    """All rows, or evenly spaced ones of a long curve."""
    if len(table.rows) <= MOST_ROWS + 4:
        return list(table.rows)
    step = next(size for size in (2, 3, 4, 6, 12, 24, 48, len(table.rows)) if len(table.rows) / size <= MOST_ROWS)
    return list(table.rows[::step])


def _widths(columns: list[Column], cells: list[list[str]]) -> list[int]:
    found = []
    for place, column in enumerate(columns):
        longest = min(WIDEST_TEXT, max((len(row[place]) for row in cells), default=0))
        word = max(len(word) for word in column.label.split())
        found.append(max(longest, min(word, 12)))
    while sum(found) + 2 * len(found) > WIDTH and max(found) > 10:
        found[found.index(max(found))] -= 1
    return found


def _header(columns: list[Column], widths: list[int]) -> Iterator[str]:
    """The labels, standing on the line above the first row."""
    lines = _folded([column.label for column in columns], columns, widths, from_below=True)
    return (line.rstrip() for line in lines)


def _folded(cells: list[str], columns: list[Column], widths: list[int], *, from_below: bool = False) -> list[str]:
    """A row as lines: a cell that is wider than its column goes on below."""
    folded = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    height = max(len(lines) for lines in folded)
    for lines in folded:
        blank = [""] * (height - len(lines))
        lines[:] = [*blank, *lines] if from_below else [*lines, *blank]
    return ["  " + "  ".join(map(_pad, line, widths, columns)) for line in zip(*folded, strict=True)]


def _pad(cell: str, width: int, column: Column) -> str:
    return cell.ljust(width) if column.kind in (Kind.TEXT, Kind.DATE) else cell.rjust(width)


def _bars(table: Table, room: int) -> list[str]:
    """A bar for each shown row, or none where there is no chart or no room."""
    if table.chart is None or room < NARROWEST_BAR:
        return []
    room = min(room, 30)
    if table.chart.kind is ChartKind.STACKED:
        return _stacks(table, table.chart, room)
    place = [column.key for column in table.columns].index(table.chart.y[0])
    sizes = [_size(row[place]) for row in _shown(table)]
    most = 1.0 if table.chart.kind in (ChartKind.LINE, ChartKind.GAINS) else max([*sizes, 0.0])
    return [_bar(size / most if most else 0.0, room) for size in sizes]


def _stacks(table: Table, chart: Chart, room: int) -> list[str]:
    keys = [column.key for column in table.columns]
    bars = []
    for row in _shown(table):
        edges, total = [0], 0.0
        for key in chart.y:
            total += _size(row[keys.index(key)])
            edges.append(round(min(1.0, total) * room))
        bars.append(
            "".join(sign * (end - start) for sign, start, end in zip(STACK, edges[:-1], edges[1:], strict=False))
        )
    return bars


def _bar(part: float, room: int) -> str:
    eighths = round(min(1.0, max(0.0, part)) * room * 8)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def _size(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
