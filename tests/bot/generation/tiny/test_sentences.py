"""Sentences that were learned are known again as they stand, and no others."""

from dataclasses import replace

import numpy as np

from bot.generation.held_out import held_out_briefs
from bot.generation.tiny.decoding import USUAL, Decoder
from bot.generation.tiny.sentences import Sentences, packed, split
from bot.generation.tiny.situation import task_of
from bot.generation.tiny.training.composing import example
from tests.bot.generation.tiny.small_writer import network, texts, vocabulary


def test_a_sentence_is_known_with_its_slots_and_no_other_is() -> None:
    known = Sentences(packed(["We can offer {off} less. {first_name}, is that enough?", "Yes."]))
    assert len(known) == 3
    assert all(one in known for one in ("We can offer {off} less.", "{first_name}, is that enough?", "Yes."))
    assert not any(one in known for one in ("We can offer {bonus} less.", "Yes", "", 3))


def test_every_sentence_of_an_example_is_known() -> None:
    known = Sentences(packed(texts().lines()))
    made = [example(number, texts(), seed=9) for number in range(300)]
    lines = [line for one in made for line in (one.subject, one.preheader, *one.paragraphs) if line]
    assert [sentence for line in lines for sentence in split(line) if sentence not in known] == []


def test_a_text_of_known_sentences_is_sure_and_a_babbling_writer_is_not() -> None:
    headers = [task.header for brief in held_out_briefs(12) if (task := task_of(brief)) is not None]
    manner = replace(USUAL, most_tokens=60, attempts=0)
    draws = Decoder(network(), vocabulary()).draw(headers, range(len(headers)), manner)
    assert max(draw.weakest for draw in draws) < USUAL.surely
    written = [sentence for draw in draws for sentence in _sentences(draw.ids)]
    knowing = Decoder(network(), vocabulary(), frozenset(written)).draw(headers, range(len(headers)), manner)
    assert [draw.ids for draw in knowing] == [draw.ids for draw in draws]
    assert np.mean([draw.weakest for draw in knowing]) > np.mean([draw.weakest for draw in draws])


def _sentences(ids: tuple[int, ...]) -> list[str]:
    subject, preheader, paragraphs = vocabulary().parts(ids)
    return [sentence for text in (subject, preheader, *paragraphs) for sentence in split(text)]
