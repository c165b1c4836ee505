"""How values look: clean, exactly as wide as asked for, in words."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.tui.wording import FORBIDDEN, bar, clean, clip, money, one_line


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text())
def test_clean_text_keeps_its_length_and_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert not [char for char in cleaned if char not in "\n\t" and unicodedata.category(char) in FORBIDDEN]


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=("C", "Z", "M")), max_size=30), st.integers(1, 20), st.booleans())
def test_clipped_text_fills_its_cells_exactly(text: str, width: int, right: bool) -> None:
    assert cell_len(clip(text, width, right=right)) == width


def test_wide_characters_count_twice() -> None:
    assert clip("株式会社", 6) == "株式… "


@pytest.mark.parametrize(
    ("share", "expected"), [(-1, "    "), (0, "    "), (0.5, "██  "), (0.53, "██▏ "), (1, "████"), (7, "████")]
)
def test_a_bar_shows_its_share(share: float, expected: str) -> None:
    assert bar(share, 4) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "cents", "expected"),
    [
        (None, "EUR", False, ""),
        (1234.5, "EUR", False, "€1,234"),
        (1234.5, "EUR", True, "€1,234.50"),
        (9.0, "SEK", True, "9.00 SEK"),
        (9.0, None, False, "9"),
    ],
)
def test_money_is_written_as_people_read_it(
    amount: float | None, currency: str | None, cents: bool, expected: str
) -> None:
    assert money(amount, currency, cents=cents) == expected


def test_one_line_takes_line_breaks_out() -> None:
    assert one_line(" two\n\tlines\x1b ") == "two lines\ufffd"
