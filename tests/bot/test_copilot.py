"""An agent with the bot beside them: three drafts, a choice, an edit or own words, and a record of who wrote what."""

import asyncio
from typing import Any

import pytest

from bot.conversation import Chat, Proposal, Reply
from db.errors import ConversationMovedError, PolicyError, StoreBusyError
from db.repositories.conversations import ConversationRepository, TurnView
from db.vocabulary import OutcomeKind, SuppressionReason
from tests.bot.conftest import Talks, did
from tests.bot.test_conversation import busy


def propose(talks: Talks, said: str) -> Proposal:
    session = talks.session or talks.open()
    return asyncio.run(Chat(talks.services).propose(session, said))


def send(talks: Talks, proposal: Proposal, **chosen: Any) -> Reply:
    assert talks.session is not None
    return asyncio.run(Chat(talks.services).send(talks.session, proposal, "ann", **chosen))


def turns(talks: Talks) -> list[TurnView]:
    assert talks.session is not None
    with talks.store.read() as session:
        return ConversationRepository(session).last_turns(talks.session.conversation_id)


@pytest.mark.parametrize(
    "said", ["it is too expensive", "I want to cancel", "let me talk to a human", "what is my plan?", "hello"]
)
def test_three_drafts_say_the_same_in_different_words_and_change_nothing(said: str, talks: Talks) -> None:
    talks.decide()
    proposal = propose(talks, said)
    assert len({draft.text for draft in proposal.drafts}) == 3
    assert all(draft.spoken.verdict.value == "release" for draft in proposal.drafts)
    assert len(turns(talks)) == 1


@pytest.mark.parametrize("said", ["ok but I want half the price", "make it 50 percent and we have a deal"])
def test_no_draft_takes_a_wish_for_more_as_a_yes(said: str, talks: Talks) -> None:
    talks.decide()
    talks.say("can I get a discount?")
    proposal = propose(talks, said)
    assert proposal.actions == ("no_offer",)
    send(talks, proposal, choice=1)
    assert talks.outcomes() == []
    assert talks.outcomes() == []


def test_the_first_draft_is_what_the_bot_would_have_said(talks: Talks) -> None:
    talks.decide()
    proposal = propose(talks, "it is too expensive")
    (reply,) = talks.say("it is too expensive")
    assert proposal.drafts[0].text == reply.text


def test_each_draft_of_an_offer_names_its_terms(talks: Talks) -> None:
    talks.decide()
    proposal = propose(talks, "it is too expensive")
    assert all("20" in draft.text for draft in proposal.drafts)


def test_a_draft_that_is_sent_does_what_the_bot_would_have_done(talks: Talks) -> None:
    talks.decide()
    reply = send(talks, propose(talks, "it is too expensive"), choice=2)
    assert (reply.slots["offer"], reply.turn) == ("presented", 1)
    send(talks, propose(talks, "yes"), choice=1)
    assert talks.outcomes() == [(OutcomeKind.ACCEPTED, "dec-discount")]
    author = turns(talks)[1].record["author"]
    assert (author["kind"], author["name"], author["draft"], author["edited"]) == ("agent", "ann", 2, False)
    assert turns(talks)[1].reply == reply.text


def test_an_edit_is_read_by_the_guard_and_kept_as_an_edit(talks: Talks) -> None:
    talks.decide()
    proposal = propose(talks, "it is too expensive")
    with pytest.raises(PolicyError, match="guard refuses"):
        send(talks, proposal, choice=1, text="You get 50% off for life.")
    assert len(turns(talks)) == 1
    reply = send(talks, proposal, choice=1, text=proposal.drafts[0].text + " Take your time.")
    assert (reply.author.edited, reply.slots["offer"]) == (True, "presented")


def test_an_edit_without_the_figures_is_no_offer(talks: Talks) -> None:
    talks.decide()
    reply = send(talks, propose(talks, "it is too expensive"), choice=1, text="I am sorry to hear that.")
    assert (reply.slots["offer"], reply.slots["pending"]) == ("none", None)


def test_a_person_may_say_that_they_are_one_and_who_and_promise_no_more_for_it(talks: Talks) -> None:
    proposal = propose(talks, "is there a real human?")
    with pytest.raises(PolicyError, match="guard refuses"):
        send(talks, proposal, text="I'm Ann, a person and not a bot, and I have credited you 15 euros.")
    reply = send(talks, proposal, text="Hi, this is Ann from Pellmere. I'm a person, not a bot.")
    assert reply.text == "Hi, this is Ann from Pellmere. I'm a person, not a bot."
    assert not reply.author.overruled


def test_own_words_do_nothing_but_what_nobody_may_delay(talks: Talks) -> None:
    talks.say("I want to cancel")
    reply = send(talks, propose(talks, "yes, and stop emailing me"), text="Let me look into this with you first.")
    assert did([reply]) == []
    assert not reply.slots["cancelled"]
    assert reply.slots["pending"] is None
    assert talks.outcomes() == []
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}
    assert turns(talks)[-1].record["author"] == {
        "kind": "agent", "name": "ann", "draft": None, "edited": False, "overruled": False,
    }  # fmt: skip


def test_a_message_to_which_nothing_is_sent_is_kept(talks: Talks) -> None:
    reply = send(talks, propose(talks, "stop emailing me"))
    assert (reply.text, reply.silent) == ("", True)
    assert turns(talks)[-1].said == "stop emailing me"
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}


def test_who_overrules_the_guard_is_on_record(talks: Talks) -> None:
    proposal = propose(talks, "it is too expensive")
    reply = send(talks, proposal, text="I have credited you 15 euros.", overrule=True)
    assert reply.author.overruled
    assert turns(talks)[-1].record["guard"]["verdict"] == "refuse"
    assert turns(talks)[-1].record["guard"]["findings"]


def test_a_proposal_that_the_conversation_has_overtaken_is_not_sent(talks: Talks) -> None:
    proposal = propose(talks, "what is my plan?")
    talks.say("I want to cancel")
    with pytest.raises(ConversationMovedError):
        send(talks, proposal, choice=1)
    assert [turn.said for turn in turns(talks)] == ["", "I want to cancel"]


def test_what_could_not_be_kept_was_not_sent(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.PAUSE_SECONDS", 0.0)
    proposal = propose(talks, "what is my plan?")
    really = talks.store.write
    monkeypatch.setattr(talks.store, "write", busy(99, really))
    with pytest.raises(StoreBusyError, match="nothing was sent"):
        send(talks, proposal, choice=1)
    monkeypatch.setattr(talks.store, "write", really)
    assert send(talks, proposal, choice=1).turn == 1


@pytest.mark.parametrize("choice", [0, -1, 4])
def test_a_draft_that_is_not_there_is_not_sent(choice: int, talks: Talks) -> None:
    with pytest.raises(PolicyError, match="no draft"):
        send(talks, propose(talks, "hello"), choice=choice)
    assert len(turns(talks)) == 1


def test_own_words_are_sent_without_what_nobody_sees(talks: Talks) -> None:
    proposal = propose(talks, "hello")
    with pytest.raises(PolicyError, match="nothing to send"):
        send(talks, proposal, text=" \x1b\u200b ", overrule=True)
    assert send(talks, proposal, text="Good\u200b day.\x1b[2J", overrule=True).text == "Good day.[2J"
