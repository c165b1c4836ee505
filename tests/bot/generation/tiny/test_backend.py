"""The embedded backend around a writer of random weights: order, seeds, and what goes to approved wording."""

from dataclasses import replace
from functools import cache

from bot.generation.backend import Backend, Written
from bot.generation.guard import check
from bot.generation.held_out import held_out_briefs
from bot.generation.scripted import ScriptedBackend
from bot.generation.tiny.backend import EmbeddedBackend
from bot.generation.tiny.decoding import Decoder, Manner
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief
from tests.bot.generation.tiny.small_writer import network, vocabulary

SHORT = Manner(most_tokens=60)


@cache
def backend() -> EmbeddedBackend:
    rest = ScriptedBackend("Approved.", name="template")
    return EmbeddedBackend(Decoder(network(), vocabulary()), vocabulary(), rest, check, manner=SHORT)


@cache
def wrote() -> list[Written]:
    return list(backend().write(held_out_briefs(24)))


def test_every_brief_gets_one_answer() -> None:
    assert isinstance(backend(), Backend)
    assert len(wrote()) == 24
    assert all((one.text is None) == bool(one.problem) for one in wrote())


def test_the_same_briefs_get_the_same_texts() -> None:
    assert [one.text for one in backend().write(held_out_briefs(24))] == [one.text for one in wrote()]


def test_another_language_and_acts_that_state_facts_get_approved_wording() -> None:
    german = replace(brief(1, Channel.CHAT), language="de")
    stated = replace(brief(1, Channel.CHAT), dialogue_act="show_account")
    assert [one.text for one in backend().write([german, stated])] == ["Approved.", "Approved."]


def test_a_stream_says_what_is_drawn_first() -> None:
    talk = next(one for one in held_out_briefs(40) if one.channel is Channel.CHAT)
    parts = list(backend().stream(talk))
    assert len(parts) > 1
    assert "{" not in "".join(parts)
