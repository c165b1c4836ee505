"""Draws tables as inline SVG: bars, histograms, stacked bars, lines with a band, calibration dots, gains curves.

Colours come from the style sheet by class, so that light, dark and print differ there only. Every drawing has a title
and a description; what it shows stands in the table beside it as well.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from analytics.reports.document import Chart, ChartKind, Kind, Table, Value
from analytics.reports.numbers import write

WIDTH = 720
ROW = 30
LETTER = 7.7
"""Width of a letter at the font size of a drawing, in its units, in the widest of common fonts."""
LONGEST_LABEL = 42


@dataclass(frozen=True, slots=True)
class Frame:
    """The area of a plot and the ranges along its sides."""

    left: float
    top: float
    width: float
    height: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        """Where a value lies along."""
        return self.left + self.width * (value - self.x_low) / ((self.x_high - self.x_low) or 1.0)

    def y(self, value: float) -> float:
        """Where a value lies up."""
        return self.top + self.height * (1.0 - (value - self.y_low) / ((self.y_high - self.y_low) or 1.0))


def draw(table: Table, currency: str | None) -> Markup:
    """The drawing of a table that has a chart; empty where it has none."""
    if table.chart is None or not table.rows:
        return Markup("")
    makers: dict[ChartKind, Callable[[Table, Chart, str | None], Markup]] = {
        ChartKind.BARS: bars,
        ChartKind.HISTOGRAM: histogram,
        ChartKind.STACKED: stacked,
        ChartKind.LINE: line,
        ChartKind.CALIBRATION: calibration,
        ChartKind.GAINS: gains,
    }
    return makers[table.chart.kind](table, table.chart, currency)


def bars(table: Table, chart: Chart, currency: str | None) -> Markup:
    """A horizontal bar for each row, with its label before and its value after; numbers get a heading."""
    kind, along = _kind(table, chart.y[0]), _kind(table, chart.x)
    labels = [_short(write(value, along, currency)) for value in table.column(chart.x)]
    sizes = _numbers(table, chart.y[0])
    heading = "" if along is Kind.TEXT else next(column.label for column in table.columns if column.key == chart.x)
    gutter = max(80.0, max(len(label) for label in [*labels, heading]) * LETTER + 12)
    room, top = WIDTH - gutter - 76, 24 if heading else 4
    most = max([*sizes, 0.0]) or 1.0
    parts = [_text(gutter - 10, 14, heading, "tick", anchor="end")] if heading else []
    for number, (label, size) in enumerate(zip(labels, sizes, strict=True)):
        y = number * ROW + top
        length = max(1.5, room * max(0.0, size) / most)
        shown = write(size, kind, currency)
        parts.append(_text(gutter - 10, y + 16, label, "label", anchor="end"))
        parts.append(_rect(gutter, y, length, ROW - 9, "bar", f"{label}: {shown}"))
        parts.append(_text(gutter + length + 8, y + 16, shown, "value"))
    return _svg(table, chart, WIDTH, len(labels) * ROW + top, parts)


def histogram(table: Table, chart: Chart, currency: str | None) -> Markup:
    """Upright bars over the bins from `x` to `high`."""
    lows, highs = _numbers(table, chart.x), _numbers(table, chart.high or chart.x)
    sizes = _numbers(table, chart.y[0])
    frame = Frame(52, 24, WIDTH - 72, 220, lows[0], highs[-1], 0.0, _round_up(max(sizes)))
    parts = _y_axis(frame, Kind.COUNT, currency)
    for low, high, size in zip(lows, highs, sizes, strict=True):
        x, y = frame.x(low) + 1, frame.y(size)
        span = f"{write(low, Kind.SHARE, currency)} to {write(high, Kind.SHARE, currency)}"
        shown = write(size, Kind.COUNT, currency)
        if size:
            parts.append(_rect(x, y, frame.x(high) - x - 1, frame.y(0) - y, "bar", f"{span}: {shown} customers"))
            parts.append(_text((x + frame.x(high)) / 2, y - 5, shown, "small", anchor="middle"))
    steps = 5 if highs[-1] == 1.0 else 4
    for step in range(steps + 1):
        value = lows[0] + (highs[-1] - lows[0]) * step / steps
        parts.append(_text(frame.x(value), 264, write(value, Kind.SHARE, currency), "tick", anchor="middle"))
    parts.append(_text(frame.left + frame.width / 2, 286, "Churn probability", "axis", anchor="middle"))
    return _svg(table, chart, WIDTH, 294, parts)


def stacked(table: Table, chart: Chart, currency: str | None) -> Markup:
    """An upright bar for each row, cut by the shares of `y`; the first share is hatched and named in figures."""
    labels = [_short(write(value, Kind.TEXT, currency)) for value in table.column(chart.x)]
    shares = [_numbers(table, key) for key in chart.y]
    names = {column.key: column.label for column in table.columns}
    frame = Frame(52, 34, WIDTH - 72, 210, 0, len(labels), 0.0, 1.0)
    parts: list[Markup] = [_hatch(table.name)]
    for place, key in enumerate(chart.y):
        x = frame.left + place * 110
        parts += [_rect(x, 6, 14, 14, f"stack-{place}", names[key]), _text(x + 20, 18, names[key], "label")]
        if place == 0:
            parts.append(_rect(x, 6, 14, 14, "hatched", names[key], fill=f"url(#hatch-{table.name})"))
    parts += _y_axis(frame, Kind.SHARE, currency)
    for number, label in enumerate(labels):
        parts += _column(table, chart, frame, number, label, [share[number] for share in shares], names)
    return _svg(table, chart, WIDTH, 274, parts)


def _column(
    table: Table, chart: Chart, frame: Frame, number: int, label: str, shares: list[float], names: dict[str, str]
) -> list[Markup]:
    parts = []
    x, width = frame.x(number) + 4, frame.x(number + 1) - frame.x(number) - 8
    base = 0.0
    for place, (key, share) in enumerate(zip(chart.y, shares, strict=True)):
        top = min(1.0, base + share)
        y, height = frame.y(top), frame.y(base) - frame.y(top)
        title = f"{label}, {names[key]}: {write(share, Kind.SHARE, None)}"
        parts.append(_rect(x, y, width, height, f"stack-{place}", title))
        if place == 0:
            parts.append(_rect(x, y, width, height, "hatched", title, fill=f"url(#hatch-{table.name})"))
        base = top
    first = frame.y(min(1.0, shares[0])) - 5
    parts.append(_text(x + width / 2, first, write(shares[0], Kind.SHARE, None), "on-bar", anchor="middle"))
    parts.append(_text(x + width / 2, 262, label, "small", anchor="middle"))
    return parts


def line(table: Table, chart: Chart, currency: str | None) -> Markup:
    """A line over numbers along, with a band where `low` and `high` are given."""
    along, up = _numbers(table, chart.x), _numbers(table, chart.y[0])
    frame = Frame(52, 14, WIDTH - 130, 230, 0.0, max([*along, 1.0]), 0.0, 1.0)
    parts = _y_axis(frame, _kind(table, chart.y[0]), currency)
    if chart.low and chart.high:
        upper = [(frame.x(a), frame.y(b)) for a, b in zip(along, _numbers(table, chart.high), strict=True)]
        lower = [(frame.x(a), frame.y(b)) for a, b in zip(along, _numbers(table, chart.low), strict=True)]
        parts.append(_polygon([*upper, *reversed(lower)], "band"))
    points = [(frame.x(a), frame.y(b)) for a, b in zip(along, up, strict=True)]
    parts.append(_polyline(points, "line"))
    end = points[-1]
    parts.append(_text(end[0] + 8, end[1] + 4, write(up[-1], _kind(table, chart.y[0]), currency), "value"))
    for value in _steps(frame.x_high):
        parts.append(_text(frame.x(value), 264, write(value, Kind.COUNT, currency), "tick", anchor="middle"))
    label = next(column.label for column in table.columns if column.key == chart.x)
    parts.append(_text(frame.left + frame.width / 2, 286, label, "axis", anchor="middle"))
    return _svg(table, chart, WIDTH, 294, parts)


def calibration(table: Table, chart: Chart, currency: str | None) -> Markup:
    """Dots of churn rate over forecast, with the diagonal on which forecasts come true."""
    along, up = _numbers(table, chart.x), _numbers(table, chart.y[0])
    sizes = _numbers(table, chart.size) if chart.size else [1.0] * len(up)
    most = min(1.0, _round_up(max([*along, *up])))
    frame = Frame(64, 16, 400, 300, 0.0, most, 0.0, most)
    parts = [*_square(frame, "Mean forecast", "Left", currency)]
    parts.append(_polyline([(frame.x(0), frame.y(0)), (frame.x(most), frame.y(most))], "diagonal"))
    parts.append(_polyline([(frame.x(a), frame.y(b)) for a, b in zip(along, up, strict=True)], "thread"))
    for a, b, size in zip(along, up, sizes, strict=True):
        title = f"forecast {write(a, Kind.SHARE, None)}, left {write(b, Kind.SHARE, None)}, {size:,.0f} customers"
        parts.append(_dot(frame.x(a), frame.y(b), 4 + 3 * math.sqrt(size / (max(sizes) or 1.0)), title))
    fewest, largest = f"{min(sizes):,.0f}", f"{max(sizes):,.0f}"
    weight = f"{fewest} to {largest}" if fewest != largest else largest
    parts += _legend(
        frame, [("dot-key", "A group of customers", f"({weight} in each)"), ("diagonal", "As forecast", "")]
    )
    return _svg(table, chart, WIDTH, 372, parts)


def gains(table: Table, chart: Chart, currency: str | None) -> Markup:
    """Share found over share contacted, with the diagonal of a random order."""
    along, up = [0.0, *_numbers(table, chart.x)], [0.0, *_numbers(table, chart.y[0])]
    frame = Frame(64, 16, 400, 300, 0.0, 1.0, 0.0, 1.0)
    parts = [*_square(frame, "Customers contacted, most at risk first", "Leavers found", currency)]
    parts.append(_polyline([(frame.x(0), frame.y(0)), (frame.x(1), frame.y(1))], "diagonal"))
    parts.append(_polyline([(frame.x(a), frame.y(b)) for a, b in zip(along, up, strict=True)], "line"))
    for a, b in list(zip(along, up, strict=True))[1:]:
        title = f"{write(a, Kind.SHARE, None)} contacted: {write(b, Kind.SHARE, None)} of leavers found"
        parts.append(_dot(frame.x(a), frame.y(b), 4, title))
    parts += _legend(frame, [("line", "This model", ""), ("diagonal", "Random order", "")])
    return _svg(table, chart, WIDTH, 372, parts)


def _legend(frame: Frame, entries: list[tuple[str, str, str]]) -> list[Markup]:
    parts = []
    x = frame.left + frame.width + 28
    for number, (style, label, more) in enumerate(entries):
        y = frame.top + 20 + number * 52
        if style == "dot-key":
            parts.append(_dot(x + 14, y - 4, 6, label))
        else:
            parts.append(_polyline([(x, y - 4), (x + 28, y - 4)], style))
        parts.append(_text(x + 38, y, label, "label"))
        if more:
            parts.append(_text(x + 38, y + 18, more, "tick"))
    return parts


def _square(frame: Frame, along: str, up: str, currency: str | None) -> list[Markup]:
    parts = _y_axis(frame, Kind.SHARE, currency)
    for step in range(5):
        value = frame.x_high * step / 4
        shown = write(value, Kind.SHARE, currency)
        parts.append(_text(frame.x(value), frame.top + frame.height + 20, shown, "tick", anchor="middle"))
    middle = frame.left + frame.width / 2
    parts.append(_text(middle, frame.top + frame.height + 44, along, "axis", anchor="middle"))
    centre = frame.top + frame.height / 2
    parts.append(
        Markup('<text class="axis" text-anchor="middle" transform="translate(14 {:.1f}) rotate(-90)">{}</text>').format(
            centre, up
        )
    )
    return parts


def _y_axis(frame: Frame, kind: Kind, currency: str | None) -> list[Markup]:
    parts = []
    for step in range(5):
        value = frame.y_low + (frame.y_high - frame.y_low) * step / 4
        y = frame.y(value)
        parts.append(
            Markup('<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>').format(
                frame.left, frame.left + frame.width, y, y
            )
        )
        parts.append(_text(frame.left - 8, y + 4, write(value, kind, currency), "tick", anchor="end"))
    return parts


def _svg(table: Table, chart: Chart, width: float, height: float, parts: list[Markup]) -> Markup:
    opening = Markup(
        '<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{text}</desc>'
    ).format(width, height, name=table.name, title=table.title, text=chart.description)
    return opening + Markup("").join(parts) + Markup("</svg>")


def _hatch(name: str) -> Markup:
    return Markup(
        '<defs><pattern id="hatch-{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
    ).format(name)


def _rect(x: float, y: float, width: float, height: float, style: str, title: str, fill: str = "") -> Markup:
    paint = Markup(' fill="{}"').format(fill) if fill else Markup("")
    return Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"{}><title>{}</title></rect>'
    ).format(style, x, y, max(0.0, width), max(0.0, height), paint, title)


def _dot(x: float, y: float, radius: float, title: str) -> Markup:
    return Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"><title>{}</title></circle>').format(
        x, y, radius, title
    )


def _text(x: float, y: float, content: str, style: str, *, anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        style, x, y, anchor, escape(content)
    )


def _polyline(points: list[tuple[float, float]], style: str) -> Markup:
    return Markup('<polyline class="{}" points="{}"/>').format(style, _points(points))


def _polygon(points: list[tuple[float, float]], style: str) -> Markup:
    return Markup('<polygon class="{}" points="{}"/>').format(style, _points(points))


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _numbers(table: Table, key: str) -> list[float]:
    return [_size(value) for value in table.column(key)]


def _size(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _kind(table: Table, key: str) -> Kind:
    return next(column.kind for column in table.columns if column.key == key)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 times a power of ten, so that four steps have round numbers."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 4, 8, 10) if value <= factor * power * (1 + 1e-9))


def _steps(most: float) -> list[float]:
    """Round places from 0 to `most`, at most ten."""
    step = next((size for size in (1, 2, 3, 6, 12, 24, 60, 120) if most / size <= 10), most or 1)
    return [float(place * step) for place in range(int(most / step) + 1)]
