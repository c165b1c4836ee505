"""Cells are read strictly: a number, a truth value or a date is what it says or it is refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.importers.cells import read_boolean, read_day, read_instant, read_number


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("12", ".", 12),
        ("-3", ".", -3),
        ("+4", ".", 4),
        ("007", ".", 7),
        ("1.5", ".", 1.5),
        (".5", ".", 0.5),
        ("5.", ".", 5.0),
        ("1,234.50", ".", 1234.5),
        ("1,234,567", ".", 1234567),
        ("1'234.50", ".", 1234.5),
        ("1 234,50", ",", 1234.5),
        ("1\u202f234,50", ",", 1234.5),
        ("1.234,56", ",", 1234.56),
        ("1.234", ",", 1234),
        ("1,5", ",", 1.5),
        ("€ 12.50", ".", 12.5),
        ("$12.50", ".", 12.5),
        ("-$5", ".", -5),
        ("12,50 €", ",", 12.5),
        ("12.50 EUR", ".", 12.5),
        ("USD 3", ".", 3),
        ("12 %", ".", 12),
        ("1e3", ".", 1000.0),
        ("9007199254740993", ".", 9007199254740993),
    ],
)
def test_numbers_are_read_in_their_style(text: str, decimal: str, value: float) -> None:
    assert read_number(text, decimal) == value


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("1,5", "."),
        ("1.234,56", "."),
        ("12,34,56", "."),
        ("1.5", ","),
        ("1,234.5", ","),
        ("", "."),
        (".", "."),
        ("-", "."),
        ("$", "."),
        ("EUR", "."),
        ("NaN", "."),
        ("inf", "."),
        ("1e999", "."),
        ("0x10", "."),
        ("1_000", "."),
        ("٣", "."),
        ("３", "."),
        ("twelve", "."),
        ("1-2", "."),
        ("2024-01-01", "."),
    ],
)
def test_what_is_no_number_in_this_style_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(ValueError, match=r"number"):
        read_number(text, decimal)


def test_the_other_decimal_sign_is_suggested() -> None:
    with pytest.raises(ValueError, match=r"set decimal: ',' in the mapping"):
        read_number("1.234,56", ".")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_every_number_written_by_python_is_read_back(value: float) -> None:
    assert read_number(repr(value)) == value


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=99))
def test_both_styles_agree(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english, ".") == read_number(german, ",") == pytest.approx(whole + cents / 100)


@pytest.mark.parametrize(
    ("text", "style", "moment"),
    [
        ("2026-03-04", "iso", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04T05:06:07Z", "iso", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04 05:06:07.5+02:00", "iso", datetime(2026, 3, 4, 3, 6, 7, 500_000, tzinfo=UTC)),
        ("04.03.2026", "day-first", datetime(2026, 3, 4, tzinfo=UTC)),
        ("4/3/26 5:06", "day-first", datetime(2026, 3, 4, 5, 6, tzinfo=UTC)),
        ("3/4/2026 11:06 PM", "month-first", datetime(2026, 3, 4, 23, 6, tzinfo=UTC)),
        ("3/4/2026 12:06 am", "month-first", datetime(2026, 3, 4, 0, 6, tzinfo=UTC)),
        ("2026/3/4", "year-first", datetime(2026, 3, 4, tzinfo=UTC)),
        ("4 March 2026", "words", datetime(2026, 3, 4, tzinfo=UTC)),
        ("04-Mar-26", "words", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Sept 4, 2026", "words", datetime(2026, 9, 4, tzinfo=UTC)),
        ("1772600767", "unix", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("1772600767000", "unix-ms", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("20260304", "%Y%m%d", datetime(2026, 3, 4, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_their_style(text: str, style: str, moment: datetime) -> None:
    assert read_instant(text, style) == moment
    assert read_instant(text, style).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("2026-02-29", "iso"),
        ("20260304", "iso"),
        ("2026-W10-1", "iso"),
        ("13/13/2026", "day-first"),
        ("31.04.2026", "day-first"),
        ("13/01/2026", "month-first"),
        ("3/4/2026 13:06 PM", "month-first"),
        ("4 Marz 2026", "words"),
        ("0026-03-04", "iso"),
        ("9999-12-31", "iso"),
        ("99999999999999999999", "unix"),
        ("٢٠٢٦-٠٣-٠٤", "iso"),
        ("", "iso"),
    ],
)
def test_what_is_no_date_in_this_style_is_refused(text: str, style: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date in the style|outside the years"):
        read_instant(text, style)


def test_a_day_is_the_day_that_is_written() -> None:
    assert read_day("2026-03-04T23:30:00-08:00") == date(2026, 3, 4)


def test_local_time_follows_the_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read_instant("2026-03-29 01:59", "iso", berlin).hour == 0
    assert read_instant("2026-03-29 03:00", "iso", berlin).hour == 1


@pytest.mark.parametrize(
    ("text", "value"), [("Yes", True), (" no ", False), ("1", True), ("FALSE", False), ("ja", True)]
)
def test_truth_values_are_read_without_case(text: str, value: bool) -> None:
    assert read_boolean(text) is value


def test_a_word_that_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'perhaps' is neither yes nor no"):
        read_boolean("perhaps")
