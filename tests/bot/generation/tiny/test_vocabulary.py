"""The small writer's own words: whole texts come back, slots are one token, figures are none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.tiny.header import SLOTS
from bot.generation.tiny.training.composing import example
from tests.bot.generation.tiny.small_writer import texts, vocabulary


def test_letters_and_replies_come_back_as_they_were() -> None:
    for number in range(400):
        made = example(number, texts(), seed=9)
        if made.header.skill == "email":
            ids = vocabulary().letter(made.subject, made.preheader, made.paragraphs)
            assert vocabulary().parts(ids) == (made.subject, made.preheader, made.paragraphs)
        else:
            assert vocabulary().parts(vocabulary().reply(made.paragraphs[0]))[2] == made.paragraphs


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("text", ["{}", "We see {}.", "({})", '"{}", you say', "to {}, or not"])
def test_a_slot_is_one_token_and_keeps_its_blanks(slot: str, text: str) -> None:
    written = text.format(f"{{{slot}}}")
    ids = vocabulary().text(written)
    assert [vocabulary().slots[token] for token in ids if token in vocabulary().slots] == [slot]
    assert vocabulary().joined(ids).strip() == written


@given(st.lists(st.sampled_from(["Please", "write", "back", "{plan}", ",", "{first_name}", "-", "soon"]), min_size=1))
def test_any_mix_of_words_and_slots_comes_back(words: list[str]) -> None:
    text = " ".join(words)
    assert vocabulary().joined(vocabulary().text(text)).strip() == text


def test_headers_are_control_words_alone() -> None:
    made = example(1, texts(), seed=9)
    ids = vocabulary().header(made.header)
    assert [vocabulary().pieces[token] for token in ids] == made.header.words()
    assert set(ids) <= set(vocabulary().forbidden())


def test_tokens_with_figures_are_forbidden() -> None:
    forbidden = set(vocabulary().forbidden())
    for place, piece in enumerate(vocabulary().pieces):
        if any(sign in "0123456789%€@" for sign in piece):
            assert place in forbidden or place in vocabulary().slots
