"""Customers who want no person after all: a hand-off that nobody has taken ends, and they are told so."""

import pytest
from sqlalchemy import select

from bot.dialogue.handoffs import take
from bot.dialogue.phrases import meanings
from db.models import AuditEvent
from db.repositories.handoffs import WITHDRAWN
from db.vocabulary import HandoffState
from tests.bot.conftest import NOW, Talks, did
from tests.bot.test_handoffs import queued

PERSON = "I want to talk to a person"


@pytest.mark.parametrize(
    "said",
    [
        "forget the person",
        "actually forget the person",
        "actually forget about the agent",
        "never mind the colleague",
        "nevermind the human",
        "no wait, I don't need a person any more",
        "I don't want to talk to anyone after all",
        "actually no human needed",
        "let's go on here",
        "I'd rather go on with you",
        "don't pass me on",
        "take me off the queue please",
    ],
)
def test_a_handoff_is_taken_back(said: str, talks: Talks) -> None:
    *_, reply = talks.say(PERSON, said)
    assert did([reply]) == ["withdraw_handoff"]
    assert not reply.handoff
    assert not reply.slots["erasure_requested"]
    found = queued(talks)
    assert (found.state, found.note, found.outcome, found.taken_by) == (HandoffState.DONE, WITHDRAWN, None, None)
    (after,) = talks.say("what is my plan?")
    assert did([after]) == ["show_account"]
    assert not after.handoff


def test_what_else_is_asked_for_is_done_too(talks: Talks) -> None:
    *_, reply = talks.say(PERSON, "forget the person, what is my plan?")
    assert did([reply]) == ["withdraw_handoff", "show_account"]
    *_, reply = talks.say(PERSON, "never mind the colleague and cancel my contract")
    assert did([reply]) == ["withdraw_handoff", "ask_cancel"]
    assert queued(talks).state is HandoffState.DONE


def test_a_person_can_be_asked_for_again(talks: Talks) -> None:
    talks.say(PERSON, "forget the person")
    first = queued(talks)
    (reply,) = talks.say(PERSON)
    assert did([reply]) == ["hand_off"]
    assert reply.handoff
    assert queued(talks).id != first.id
    assert queued(talks).state is HandoffState.WAITING


def test_a_person_who_has_it_keeps_it(talks: Talks) -> None:
    talks.say(PERSON)
    take(talks.store, queued(talks).id, "ann", NOW)
    (reply,) = talks.say("forget the person")
    assert reply.silent
    assert queued(talks).state is HandoffState.TAKEN


def test_who_takes_it_back_is_in_the_audit_trail(talks: Talks) -> None:
    talks.say(PERSON, "forget the person")
    with talks.store.read() as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject.like("conversation:%"))).all()
    assert "handoff_withdrawn" in actions


def test_no_to_an_offered_person_in_more_words(talks: Talks) -> None:
    *_, reply = talks.say("I want a refund", "I don't need a colleague")
    assert did([reply]) == ["handoff_declined"]


@pytest.mark.parametrize(
    "said",
    [
        "I don't want to talk to a machine",
        "don't pass me around again, get me a human",
        "forget the bot, I want a human",
        "I don't need someone to tell me lies",
        "no person called me",
        "I want to stay with you",
        "nobody came",
    ],
)
def test_other_words_take_no_person_back(said: str) -> None:
    assert "no_person" not in meanings(said)
