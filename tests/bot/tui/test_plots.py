"""Charts in text."""

import math

from bot.tui.plots import Axes, Series, bars, columns, plot


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    rows = plot([Series("", (0, 1), (0.0, 1.0))], Axes((0, 1), (0, 1)), 26, 4).plain.split("\n")
    assert len(rows) == 6
    assert rows[0].startswith("100% │")
    assert rows[3].startswith("  0% │")
    body = [row[6:] for row in rows[:4]]
    first = [next(place for place, char in enumerate(row) if char != " ") for row in body]
    assert first == sorted(first, reverse=True)
    assert rows[5].split() == ["0", "1"]


def test_a_line_has_no_gaps() -> None:
    rows = plot([Series("", (0, 0.5, 1), (1.0, 0.2, 0.1))], Axes((0, 1), (0, 1)), 46, 5).plain.split("\n")
    for column in range(40):
        assert any(row[6 + column] not in " \u2800" for row in rows[:5])


def test_what_is_not_a_number_or_outside_is_left_out() -> None:
    dots = Series("dots", (0.0, 0.5, 2.0), (math.nan, 0.5, 0.5), joined=False)
    text = plot([dots, Series("line", (0, 1), (0, 0))], Axes((0, 1), (0, 1)), 30, 4).plain
    assert "● dots" in text
    assert "━ line" in text
    assert sum(char not in " \u2800" for row in text.split("\n")[:3] for char in row[6:]) == 1


def test_a_plot_in_no_room_at_all_is_still_drawn() -> None:
    assert plot([Series("", (0, 0), (0, 0))], Axes((0, 0), (0, 0)), 0, 0).plain


def test_columns_stand_over_their_figures() -> None:
    rows = columns((1.0, 0.5), ("a", "b"), ("100%", "50%"), 2, "bold").plain.split("\n")
    assert rows == ["███       ", "███  ███  ", "100% 50%  ", "a    b    "]


def test_bars_fill_the_room_and_nothing_is_nothing() -> None:
    assert bars([("long", 2.0, "2"), ("x", 1.0, "1")], 20).plain.split("\n") == [
        "long ████████████ 2",
        "x    ██████       1",
    ]
    assert bars([], 20).plain == ""
