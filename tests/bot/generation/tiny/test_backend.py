"""The embedded backend around a writer of random weights: order, seeds, and what goes to approved wording."""

from dataclasses import replace
from functools import cache

import pytest

from bot.generation.backend import Backend, Written
from bot.generation.guard import check
from bot.generation.held_out import held_out_briefs
from bot.generation.scripted import ScriptedBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.tiny.backend import EmbeddedBackend, founded
from bot.generation.tiny.decoding import Decoder, Manner
from bot.generation.tiny.header import Header
from bot.generation.tiny.matters import NONE
from bot.generation.tiny.situation import task_of
from bot.generation.writer import Writer
from db.errors import BackendError
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief
from tests.bot.generation.tiny.small_writer import network, vocabulary

SHORT = Manner(surely=-99.0, most_tokens=60)
ANY = Manner(surely=-99.0)


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
    found = list(backend().write([german, stated]))
    assert [(one.text, one.by) for one in found] == [("Approved.", "template")] * 2
    text = Writer(backend(), TemplateBackend(), check).write(stated)
    assert (text.backend, text.fell_back) == ("template", False)


def test_what_goes_out_holds_every_mandatory_term_whatever_was_drawn() -> None:
    writer = EmbeddedBackend(Decoder(network(), vocabulary()), vocabulary(), TemplateBackend(), manner=ANY)
    asked = [one for one in held_out_briefs(500, seed=2) if one.channel is Channel.CHAT]
    offers = [one for one in asked if (task := task_of(one)) is not None and task.header.must]
    texts = [(one, found.text) for one, found in zip(offers, writer.write(offers), strict=True) if found.text]
    assert len(texts) >= 10
    for one, text in texts:
        task = task_of(one)
        assert task is not None
        assert [term for term in task.header.must if task.known[term].lower() not in text.lower()] == []


def test_a_stream_is_the_text_in_pieces_or_an_error() -> None:
    talks = [one for one in held_out_briefs(40) if one.channel is Channel.CHAT]
    said = list(backend().write(talks))
    for talk, one in zip(talks, said, strict=True):
        if one.text is None:
            with pytest.raises(BackendError):
                list(backend().stream(talk))
        else:
            assert "".join(backend().stream(talk)) == one.text
    assert any(one.text is not None and one.text != "Approved." for one in said)


def _letter(*, told: bool) -> Header:
    matter = "price_complaint" if told else NONE
    return Header("email", "price", matter, "plain", "discount", "first", frozenset({"off"}))


def test_a_sentence_stands_once_in_a_text() -> None:
    said = ("Hello. It is {off} less. It is {off} less.", "It is {off} less. {first_name}, is that enough?", "Hello.")
    assert founded(said, _letter(told=True)) == ("Hello. It is {off} less.", "{first_name}, is that enough?")


@pytest.mark.parametrize(
    ("sentence", "told", "stays"),
    [
        ("You wrote that the price worries you.", True, True),
        ("You wrote that the price worries you.", False, False),
        ("We have read your message with care.", False, False),
        ("You say that {echo}.", True, True),
        ("A smaller bill leaves more in the budget.", False, True),
    ],
)
def test_nothing_is_laid_in_the_customer_s_mouth(sentence: str, told: bool, stays: bool) -> None:
    assert (founded([sentence], _letter(told=told)) == (sentence,)) is stays


@pytest.mark.parametrize(
    ("sentence", "leaving", "stays"),
    [
        ("You like the service and are still thinking of going.", False, False),
        ("You like the service and are still thinking of going.", True, True),
        ("You are thinking of cancelling.", False, False),
        ("If you want to leave, you can do so under {cancel_path}.", False, False),
        ("If you want to leave, you can do so under {cancel_path}.", True, True),
        ("If you would rather not, nothing changes.", False, True),
    ],
)
def test_nobody_is_said_to_leave_who_did_not_say_so(sentence: str, leaving: bool, stays: bool) -> None:
    assert (founded([sentence], _letter(told=True), leaving=leaving) == (sentence,)) is stays
