"""Texts of any kind are cleaned, split and recognised the same way, in bounded time."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language.encoder import prepared
from analytics.language.text import (
    MAX_CHARS,
    as_texts,
    clauses,
    guess_language,
    negated,
    normalise,
    printable,
    tokenise,
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("I DON'T like it", "i do not like it"),
        ("it does n't work", "it does not work"),
        ("cant wont dont", "can not will not do not"),
        ("soooo gooood!!!!!", "soo good!!"),
        ("see https://example.org/a?b=c now", "see weblink now"),
        ("write to ada@mail.example", "write to mailaddress"),
        ("great 👍", "great emopos"),
        ("no :(", "no emoneg"),
        ("don’t", "do not"),
        ("a\x00b\u200bc", "a b c"),
        ("", ""),
    ],
)
def test_texts_are_brought_to_one_form(text: str, line: str) -> None:
    assert normalise(text) == line


@pytest.mark.parametrize(
    ("line", "turned"),
    [
        ("not bad at all", ["bad", "at", "all"]),
        ("not good, but cheap", ["good"]),
        ("not only fast", []),
        ("never a problem", ["a", "problem"]),
        ("it works", []),
    ],
)
def test_a_negator_turns_the_words_of_its_clause(line: str, turned: list[str]) -> None:
    tokens = tokenise(line)
    assert [token for token, flag in zip(tokens, negated(tokens), strict=True) if flag] == turned


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my internet is down", "en"),
        ("router dead", "en"),
        ("Ich möchte bitte mit einem Menschen sprechen", "de"),
        ("je voudrais résilier mon abonnement, merci", "fr"),
        ("quiero cancelar mi contrato por favor, gracias", "es"),
        ("vorrei disdire il mio contratto, grazie", "it"),
        ("ik wil graag mijn abonnement opzeggen", "nl"),
        ("我要取消我的合同", "und"),
        ("12345", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_guessed(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_long_texts_keep_head_and_tail() -> None:
    text = "start " + "x" * 100_000 + " finish"
    assert len(printable(text)) <= MAX_CHARS + 1
    assert printable(text).startswith("start")
    assert printable(text).endswith("finish")


def test_clauses_are_split_and_bounded() -> None:
    assert clauses("The line is down. I want a refund and I will leave!") == [
        "The line is down.",
        "I want a refund",
        "and I will leave!",
    ]
    assert len(clauses("no. " * 5_000)) <= 40


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=300))
def test_normalising_is_stable_and_clean(text: str) -> None:
    line = normalise(text)
    assert line == line.strip()
    assert "\n" not in line
    assert not any(sign < " " for sign in line)
    assert len(negated(tokenise(line))) == len(tokenise(line))


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT])
def test_a_missing_text_is_an_empty_one(missing: object) -> None:
    assert as_texts(["", missing, "nan", 3]) == ["", "", "nan", "3"]


@pytest.mark.parametrize("sign", [" ", "\n", "\t", "\r\n", "\u3000"])
@pytest.mark.parametrize("read", [normalise, prepared, clauses])
def test_white_space_without_end_is_read_in_a_moment(sign: str, read: Callable[[str], object]) -> None:
    start = time.process_time()
    found = read(f"it broke {sign * MAX_CHARS} it does n't matter")
    # It takes a thousandth of a second, and hundreds of them where every place of a run is tried as its start.
    assert time.process_time() - start < 0.1
    assert "matter" in str(found)
