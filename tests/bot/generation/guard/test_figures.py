from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bot.generation.guard.corpus import rules
from tests.bot.generation.guard.wording import (
    BY,
    FOR_MONTHS,
    LANGUAGES,
    OFF,
    PAY,
    PERCENT,
    amount,
    in_words,
    long_date,
)  # fmt: skip

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
language = st.sampled_from(LANGUAGES)


def percentages(number: int, lang: str) -> list[str]:
    return [
        f"{number} %",
        f"{number}%",
        f"{number}\u00a0%",
        f"{number} {PERCENT[lang]}",
        f"{in_words(number, lang)} {PERCENT[lang]}",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_decided_percentage_is_released_in_every_form(lang: str) -> None:
    for written in percentages(20, lang):
        assert rules(OFF[lang].format(x=written)) == [], written


@QUICK
@given(language, st.integers(1, 99), st.integers(0, 4))
def test_any_other_percentage_is_refused(lang: str, number: int, form: int) -> None:
    text = OFF[lang].format(x=percentages(number, lang)[form])
    assert (number == 20) == (rules(text) == []), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_decided_price_is_released_in_every_form(lang: str) -> None:
    for cents in (2388, 2985):
        for written in amount(cents, lang):
            assert rules(PAY[lang].format(x=written)) == [], written


@QUICK
@given(language, st.integers(1, 20_000), st.integers(0, 2))
def test_any_other_price_is_refused(lang: str, cents: int, form: int) -> None:
    text = PAY[lang].format(x=amount(cents, lang)[form])
    assert (cents in {2388, 2985}) == (rules(text) == []), text


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("digit", range(10))
def test_a_price_with_one_other_digit_is_refused(place: int, digit: int) -> None:
    price = "23.88"
    changed = price[:place] + ("." if price[place] == "." else str(digit)) + price[place + 1 :]
    assert (changed == price) == (rules(f"You would pay €{changed} a month.") == [])


@QUICK
@given(language, st.integers(1, 36), st.booleans())
def test_only_the_decided_number_of_months_is_released(lang: str, months: int, words: bool) -> None:
    written = in_words(months, lang) if words and months > 1 else str(months)
    text = FOR_MONTHS[lang].format(x=written)
    assert (months == 3) == (rules(text) == []), text


@QUICK
@given(language, st.integers(1, 400))
def test_only_the_decided_deadline_is_released(lang: str, ahead: int) -> None:
    day = date(2026, 11, 21) + timedelta(days=ahead)
    text = BY[lang].format(x=long_date(day, lang))
    assert (day == date(2026, 12, 12)) == (rules(text) == []), text


@pytest.mark.parametrize(
    "written",
    ["12 December", "December 12", "December 12th, 2026", "Dec 12", "2026-12-12", "12/12/2026", "12.12.2026",
     "Saturday, 12 December 2026", "the 12th of December"],
)  # fmt: skip
def test_a_deadline_may_be_written_in_many_ways(written: str) -> None:
    assert rules(f"Please reply by {written} if you want the offer.") == []


@pytest.mark.parametrize(
    "written",
    ["13 December", "December 21st", "2026-12-21", "11/12/2026", "Friday, 12 December 2026", "next Friday", "tomorrow",
     "the end of the month", "Christmas", "Easter", "12 December 2027", "31 February", "the 15th", "midnight"],
)  # fmt: skip
def test_another_deadline_is_refused(written: str) -> None:
    assert rules(f"Please reply by {written} if you want the offer.")


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ("You would save €5.97 a month.", True),
        ("You would save €17.91 over three months.", True),
        ("You would save €23.88 a month.", False),
        ("You would pay a fifth less for three months.", True),
        ("You would pay a quarter less for three months.", False),
        ("You would pay 80 % of your price for three months.", True),
        ("You would get 80 % off for three months.", False),
        ("You would pay 20 % of your price.", False),
        ("You would get 20 % off for a quarter.", True),
        ("You would get 20 % off for 90 days.", False),
        ("You have been with us for more than three years.", True),
        ("You have been with us for more than four years.", False),
        ("You get 20 % off for 44 months.", False),
        ("The offer is open for another three weeks.", True),
        ("Your plan renews on 15 January 2027.", True),
        ("Your plan renews on 15 December 2026.", False),
        ("The offer is valid until 15 January 2027.", False),
        ("You were online for 42 hours in the last 30 days.", True),
        ("You were online for 43 hours in the last 30 days.", False),
        ("We are here Monday to Friday from 9:00 to 18:00.", True),
        ("We are here Monday to Saturday from 9:00 to 18:00.", False),
        ("We are here Monday to Friday from 9:00 to 20:00.", False),
        ("Over a year your plan costs €358.20.", True),
        ("You would pay €23.88 a year.", False),
        ("You get at least 20 % off for three months.", False),
        ("You get 20 % off and another 20 % on top.", False),
    ],
)
def test_a_true_number_is_released_only_in_its_place(claim: str, true: bool) -> None:
    assert (rules(claim) == []) == true
