from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language.entities import find_entities

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("I pay €45 a month", "amount", "45.00 EUR"),
        ("it was 1.234,50 € in total", "amount", "1234.50 EUR"),
        ("$1,234.50 for nothing", "amount", "1234.50 USD"),
        ("only 29,90 euros", "amount", "29.90 EUR"),
        ("twenty dollars", "amount", "20.00 USD"),
        ("£9.99", "amount", "9.99 GBP"),
        ("15 bucks", "amount", "15.00 USD"),
        ("20% off", "percentage", "20"),
        ("12.5 percent", "percentage", "12.5"),
        ("ten per cent", "percentage", "10"),
        ("down for 3 days", "duration", "P3D"),
        ("a 24-month contract", "duration", "P24M"),
        ("half a year", "duration", "P6M"),
        ("two weeks without an answer", "duration", "P2W"),
        ("end of the month", "date", "2026-11-30"),
        ("at the end of the year", "date", "2026-12-31"),
        ("end of next month", "date", "2026-12-31"),
        ("next Friday", "date", "2026-11-27"),
        ("on Monday", "date", "2026-11-23"),
        ("last Friday", "date", "2026-11-20"),
        ("tomorrow", "date", "2026-11-22"),
        ("the day after tomorrow", "date", "2026-11-23"),
        ("in two weeks", "date", "2026-12-05"),
        ("in 3 months", "date", "2027-02-21"),
        ("next month", "date", "2026-12"),
        ("this week", "date", "2026-W47"),
        ("last year", "date", "2025"),
        ("on the 15th", "date", "2026-12-15"),
        ("by the 30th", "date", "2026-11-30"),
        ("14 June", "date", "2027-06-14"),
        ("on November 15th", "date", "2026-11-15"),
        ("June 14th, 2028", "date", "2028-06-14"),
        ("2027-02-01", "date", "2027-02-01"),
        ("14.06.2027", "date", "2027-06-14"),
        ("12/31/2026", "date", "2026-12-31"),
        ("I have fibre-250 at home", "product", "Fibre 250"),
        ("NORTHWAVE offers more", "competitor", "Northwave"),
    ],
)
def test_entities_are_found_in_canonical_form(text: str, kind: str, value: str) -> None:
    found = find_entities(text, ["Fibre 250", "Fibre"], ["Northwave"], today=SATURDAY)
    assert [(entity.kind, entity.value) for entity in found] == [(kind, value)]
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(
    "text", ["", "hello", "30.02.2027", "2026-13-45", "version 1.2.3", "call 555-0199", "Marching"]
)
def test_nothing_is_made_up(text: str) -> None:
    assert find_entities(text, today=SATURDAY) == []


def test_relative_dates_need_today() -> None:
    assert find_entities("next Friday") == []
    assert [entity.value for entity in find_entities("14 June 2027 or tomorrow")] == ["2027-06-14"]


def test_names_with_signs_of_patterns_are_taken_literally() -> None:
    found = find_entities("do you have C++ (basic)?", ["C++ (basic)", ""])
    assert [entity.value for entity in found] == ["C++ (basic)"]


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789 .,%€$-/abcdefinorstuwy", max_size=80))
def test_entities_never_overlap_and_quote_the_text(text: str) -> None:
    last = 0
    for entity in find_entities(text, ["TV"], ["Rival"], today=SATURDAY):
        assert text[entity.start : entity.end] == entity.text
        assert entity.start >= last
        last = entity.end


def test_a_megabyte_is_read_in_part() -> None:
    assert find_entities("€5 " + "9" * 1_000_000, today=SATURDAY)[0].value == "5.00 EUR"
