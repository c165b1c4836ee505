"""Line charts of plain characters: a letter for every line, for terminals, logs and mails."""

from collections.abc import Mapping, Sequence

LEFT = 10
"""Columns for the numbers of the vertical axis."""


def line_chart(lines: Mapping[str, Sequence[float]], *, width: int = 64, height: int = 14) -> list[str]:
    """Curves over a common horizontal axis, drawn with the first letter of each name; later lines lie on top.

    Raises:
        ValueError: there is nothing to draw, the lines differ in length, or two names begin alike.
    """
    lengths = {len(values) for values in lines.values()}
    if len(lengths) != 1 or not next(iter(lengths)):
        raise ValueError("A chart needs lines of one length with at least one point.")
    letters = [name[0] for name in lines]
    if len(set(letters)) != len(letters):
        raise ValueError("Two lines of a chart begin with the same letter.")
    low = min(0.0, *(min(values) for values in lines.values()))
    high = max(0.0, *(max(values) for values in lines.values()))
    span = (high - low) or 1.0
    count = next(iter(lengths))
    grid = [[" "] * width for _ in range(height)]
    zero = _row(0.0, low, span, height)
    grid[zero] = ["·"] * width
    for letter, values in zip(letters, lines.values(), strict=True):
        for column in range(width):
            place = column * (count - 1) / max(width - 1, 1)
            left = int(place)
            right = min(left + 1, count - 1)
            value = values[left] + (place - left) * (values[right] - values[left])
            grid[_row(value, low, span, height)][column] = letter
    labels = {0: high, height - 1: low, zero: 0.0}
    return [
        f"{f'{labels[row]:,.0f}' if row in labels else '':>{LEFT}} |{''.join(cells)}".rstrip()
        for row, cells in enumerate(grid)
    ]


def month_axis(months: int, *, width: int = 64) -> str:
    """The line under a chart: its first and last month."""
    last = f"month {months}"
    return " " * (LEFT + 2) + "1" + last.rjust(width - 1)


def _row(value: float, low: float, span: float, height: int) -> int:
    return round((1 - (value - low) / span) * (height - 1))
