"""Names of topics: what sets the texts apart, the known reason, never one writer's words, never the same twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language.topic_names import STOP_WORDS, UNNAMED, name_topics, says_enough, terms_of
from tests.analytics.language.sentences import GROUPS, LABELS, TEXTS

NUMBERS = [list(GROUPS).index(label) for label in LABELS]
NO_REASON = [None] * len(TEXTS)


def test_a_name_is_made_of_what_sets_the_texts_apart() -> None:
    names = name_topics(TEXTS, NUMBERS, NO_REASON, len(GROUPS))
    expected = ("connection", "price", "agent", "invoice", "app")
    assert all(any(word in term for term in name.words) for word, name in zip(expected, names, strict=True))
    assert all(name.name == ", ".join(name.words) for name in names)


def test_a_topic_is_called_by_the_reason_that_most_of_its_messages_carry() -> None:
    reasons = [label if label == "price" else None for label in LABELS]
    names = name_topics(TEXTS, NUMBERS, reasons, len(GROUPS))
    assert names[1].name == names[1].reason == "price"
    assert all(name.reason is None for name in names[:1] + names[2:])


def test_two_topics_of_one_reason_are_told_apart() -> None:
    names = name_topics(TEXTS, NUMBERS, ["outage"] * len(TEXTS), len(GROUPS))
    assert len({name.name for name in names}) == len(GROUPS)
    assert all(name.name.startswith("outage") for name in names)


def test_praise_and_other_are_no_reasons() -> None:
    names = name_topics(TEXTS, NUMBERS, ["other"] * len(TEXTS), len(GROUPS))
    assert all(name.reason is None for name in names)


def test_one_writer_s_name_names_no_topic() -> None:
    texts = [f"{text} Regards, Bartholomew" if place < 2 else text for place, text in enumerate(TEXTS)]
    assert all("bartholomew" not in name.name for name in name_topics(texts, NUMBERS, NO_REASON, len(GROUPS)))


def test_the_company_names_no_topic() -> None:
    texts = [f"Pellmere: {text}" if label == "app" else text for text, label in zip(TEXTS, LABELS, strict=True)]
    names = name_topics(texts, NUMBERS, NO_REASON, len(GROUPS), spare=("Pellmere",))
    assert all("pellmere" not in name.name for name in names)


def test_words_that_say_the_same_stand_once() -> None:
    texts = ["charge charges charged invoice"] * 10 + TEXTS
    names = name_topics(texts, [0] * 10 + [1] * len(TEXTS), [None] * len(texts), 2)
    assert sum("charg" in term for term in names[0].words) == 1


def test_texts_without_words_have_a_name_all_the_same() -> None:
    names = name_topics(["!!", "??", "--"], [0, 1, 1], [None] * 3, 3)
    assert len({name.name for name in names}) == 3
    assert names[0].name == UNNAMED


@pytest.mark.parametrize("text", ["", "ok", "thanks!", "hello dear team", "12345", "👍👍"])
def test_short_messages_are_about_nothing(text: str) -> None:
    assert not says_enough(text)


def test_a_sentence_is_about_something() -> None:
    assert says_enough("The router restarts.")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.integers(-1, 3)), max_size=20))
def test_names_are_unique_and_hold_letters_only(said: list[tuple[str, int]]) -> None:
    texts, labels = [text for text, _ in said], [label for _, label in said]
    names = [name.name for name in name_topics(texts, labels, [None] * len(said), 4)]
    assert len(set(names)) == 4
    assert all(name.isprintable() and not any(char.isdigit() for char in name) for name in names)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_terms_never_hold_words_without_meaning(text: str) -> None:
    assert not {word for term in terms_of(text) for word in term.split()} & STOP_WORDS
