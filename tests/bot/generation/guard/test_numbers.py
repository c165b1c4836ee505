from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.guard.numbers import digits, words
from bot.generation.guard.reading import fold, read
from tests.bot.generation.guard.wording import LANGUAGES, in_words

ALL = settings(max_examples=200, deadline=None, derandomize=True)


@ALL
@given(st.sampled_from(LANGUAGES), st.integers(2, 99))
def test_every_number_below_a_hundred_is_read_in_words(lang: str, number: int) -> None:
    written = in_words(number, lang)
    tokens = [token.text for token in read(written, written).tokens]
    assert words.parse(tokens, frozenset({lang})) == (number, len(tokens))


@pytest.mark.parametrize(
    ("written", "lang", "value"),
    [
        ("one hundred and twenty", "en", 120),
        ("two thousand five hundred", "en", 2500),
        ("hundertfünfzig", "de", 150),
        ("zweihundert", "de", 200),
        ("deux cents", "fr", 200),
        ("cent cinquante", "fr", 150),
        ("mil doscientos", "es", 1200),
        ("duzentos", "pt", 200),
        ("centoventi", "it", 120),
        ("honderdvijftig", "nl", 150),
        ("a dozen", "en", 0),
        ("once", "en", 0),
        ("once", "es", 11),
        ("due", "it", 2),
    ],
)
def test_larger_numbers_and_words_that_mean_something_else(written: str, lang: str, value: int) -> None:
    assert words.parse(fold(written).split(), frozenset({lang}))[0] == value


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("12", ["12"]),
        ("1,5", ["1.5"]),
        ("1.234", ["1.234", "1234"]),
        ("1.234,56", ["1234.56"]),
        ("1,234.56", ["1234.56"]),
        ("1'234.50", ["1234.50"]),
        ("1 234", ["1234"]),
        ("1.2.3", []),
        ("1,234,567", ["1234567"]),
    ],
)
def test_digits_are_read_with_the_marks_of_every_language(written: str, values: list[str]) -> None:
    assert list(digits.readings(written)) == [Decimal(value) for value in values]
