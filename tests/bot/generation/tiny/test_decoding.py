"""Constrained decoding with a writer of random weights: whatever it wants to say, only what is allowed comes out."""

from functools import cache

import numpy as np
import pytest

from bot.generation.tiny.decoding import Decoder, Draw, Manner
from bot.generation.tiny.header import SLOTS, Header
from bot.generation.tiny.train import vocabulary_file
from bot.generation.tiny.training.composing import example
from bot.generation.tiny.vocabulary import Vocabulary
from tests.bot.generation.tiny.small_writer import RECIPE, network, texts, vocabulary

WILD = Manner(temperature=2.0, share=0.999, most_tokens=200)
HEADERS = [example(number, texts(), seed=8).header for number in range(64)]


@cache
def decoder() -> Decoder:
    return Decoder(network(), vocabulary())


@cache
def wild() -> list[Draw]:
    return decoder().draw(HEADERS, list(range(len(HEADERS))), WILD, batch=32)


def _counts(draw: Draw) -> dict[str, int]:
    found = [vocabulary().slots[token] for token in draw.ids if token in vocabulary().slots]
    return {slot: found.count(slot) for slot in found}


def test_only_slots_that_can_be_filled_come_out() -> None:
    for header, draw in zip(HEADERS, wild(), strict=True):
        assert set(_counts(draw)) <= header.slots


def test_no_figure_or_address_comes_from_the_model() -> None:
    for draw in wild():
        subject, preheader, paragraphs = vocabulary().parts(draw.ids)
        text = " ".join((subject, preheader, *paragraphs))
        for slot in SLOTS:
            text = text.replace(f"{{{slot}}}", "")
        assert not set("0123456789%€$£@/\\<>*_#[]{}|=") & set(text)


def test_a_letter_has_its_parts_in_order() -> None:
    marks = {vocabulary().subject: "s", vocabulary().preheader: "p", vocabulary().paragraph: "."}
    for header, draw in zip(HEADERS, wild(), strict=True):
        order = "".join(marks.get(token, "") for token in draw.ids)
        assert order == "" if header.skill == "chat" else order.startswith("s")
        if header.skill == "email" and draw.whole:
            assert order[:3] == "sp."
            assert set(order[3:]) == {"."}


def test_a_text_is_the_same_whatever_stands_beside_it() -> None:
    manner = Manner(most_tokens=40)
    together = decoder().draw(HEADERS[:6], range(6), manner)
    alone = [decoder().draw([header], [seed], manner)[0] for seed, header in enumerate(HEADERS[:6])]
    assert [draw.ids for draw in together] == [draw.ids for draw in alone]


def test_the_stream_gives_the_ids_of_the_draw() -> None:
    chat = next(header for header in HEADERS if header.skill == "chat")
    manner = Manner(most_tokens=40)
    assert tuple(decoder().stream(chat, 3, manner)) == decoder().draw([chat], [3], manner)[0].ids


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_likelihood_is_the_mean_log_probability(temperature: float) -> None:
    draw = decoder().draw(HEADERS[:1], [1], Manner(temperature=temperature, most_tokens=20))[0]
    assert -np.log(vocabulary().size) * 3 < draw.likelihood < 0


def test_a_header_without_slots_is_written_too() -> None:
    header = Header("chat", "price", "price_complaint", "plain", "none", "first", frozenset(), "acknowledge")
    assert _counts(decoder().draw([header], [0], WILD)[0]) == {}


def test_a_network_may_have_room_for_more_pieces_than_there_are() -> None:
    fewer = Vocabulary(vocabulary_file(texts(), RECIPE.vocabulary - 100, seed=3, examples=300))
    draws = Decoder(network(), fewer).draw(HEADERS[:4], range(4), WILD)
    assert fewer.size < RECIPE.vocabulary
    assert all(token < fewer.size for draw in draws for token in draw.ids)
