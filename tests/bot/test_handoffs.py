"""Passing a conversation to a person: the queue, silence meanwhile, a call back when nobody comes, and the outcome."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.conversation import Chat
from bot.dialogue.handoffs import close, handoff_dossier, reply, take
from bot.dialogue.voice import Spoken, Voice
from db.errors import InputError, PolicyError
from db.queries.customers import customer_detail
from db.repositories.conversations import ConversationRepository
from db.repositories.handoffs import HandoffRepository, HandoffView
from db.vocabulary import HandoffOutcome, HandoffState, OutcomeKind, SuppressionReason
from db.waiting import overdue
from tests.bot.conftest import Talks, did
from tests.conftest import NOW, Command

LATER = NOW + timedelta(minutes=16)


def queued(talks: Talks) -> HandoffView:
    assert talks.session is not None
    with talks.store.read() as session:
        found = HandoffRepository(session).of_conversation(talks.session.conversation_id)
    assert found is not None
    return found


def at(talks: Talks, moment: datetime) -> None:
    """From here on it is this time."""
    talks.services.clock = lambda: moment


def test_who_asks_for_a_person_stands_in_the_queue_once(talks: Talks) -> None:
    talks.say("it is too expensive", "let me talk to a human", "hello?", "I want to talk to a person")
    found = queued(talks)
    assert (found.state, found.reason, found.customer_id) == (HandoffState.WAITING, "asked", talks.customer)
    assert found.waits_until == NOW + timedelta(minutes=15)
    with talks.store.read() as session:
        assert len(HandoffRepository(session).find()) == 1


def test_the_bot_is_silent_while_a_person_has_the_conversation(talks: Talks) -> None:
    talks.say("let me talk to a human")
    take(talks.store, queued(talks).id, "ann", NOW)
    silent, stopped = talks.say("my bill is wrong", "stop emailing me")
    assert (silent.text, silent.silent, silent.actions) == ("", True, ())
    assert stopped.silent
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}
    with talks.store.read() as session:
        turns = ConversationRepository(session).last_turns(queued(talks).conversation_id)
    assert [turn.said for turn in turns][-2:] == ["my bill is wrong", "stop emailing me"]


def test_what_a_person_writes_reaches_the_open_conversation(talks: Talks) -> None:
    talks.say("let me talk to a human")
    number = queued(talks).id
    with pytest.raises(PolicyError, match="waiting"):
        reply(talks.store, number, "hello", "ann", NOW)
    take(talks.store, number, "ann", NOW)
    with pytest.raises(InputError, match="nothing"):
        reply(talks.store, number, " \x1b ", "ann", NOW)
    assert reply(talks.store, number, "This is Ann. How can I help?", "ann", NOW) == 2
    assert talks.session is not None
    news = asyncio.run(Chat(talks.services).catch_up(talks.session))
    assert [(turn.reply, turn.record["author"]["name"]) for turn in news] == [("This is Ann. How can I help?", "ann")]
    (answered,) = talks.say("thank you, Ann")
    assert (answered.turn, answered.silent) == (3, True)
    close(talks.store, number, HandoffOutcome.RESOLVED, "ann", NOW)
    (back,) = talks.say("what is my plan?")
    assert did([back]) == ["show_account"]
    assert not back.handoff


def test_two_people_cannot_take_the_same_conversation(talks: Talks) -> None:
    talks.say("let me talk to a human")
    take(talks.store, queued(talks).id, "ann", NOW)
    with pytest.raises(PolicyError, match="by ann"):
        take(talks.store, queued(talks).id, "bob", NOW)


def test_after_the_time_out_the_bot_says_so_and_offers_a_call(talks: Talks) -> None:
    talks.say("let me talk to a human")
    at(talks, LATER)
    (late,) = talks.say("hello?")
    assert "sorry" in late.text
    assert "call" in late.text
    assert (late.handoff, late.slots["pending"]) == (False, "callback")
    assert queued(talks).state is HandoffState.TIMED_OUT
    (noted,) = talks.say("tomorrow at five")
    assert did([noted]) == ["note_callback"]


def test_what_the_customer_wants_is_not_lost_in_the_time_out(talks: Talks) -> None:
    talks.say("let me talk to a human")
    at(talks, LATER)
    assert [one.id for one in overdue(talks.store, LATER)] == [queued(talks).id]
    asked, cancelled = talks.say("I want to cancel", "yes")
    assert "sorry" in asked.text
    assert did([asked, cancelled]) == ["ask_cancel", "cancel"]


def test_who_asks_again_after_the_time_out_waits_again(talks: Talks) -> None:
    talks.say("let me talk to a human")
    at(talks, LATER)
    (again,) = talks.say("I want to talk to a person")
    assert again.handoff
    assert queued(talks).state is HandoffState.WAITING
    with talks.store.read() as session:
        counts = HandoffRepository(session).counts()
    assert counts == {HandoffState.WAITING: 1, HandoffState.TIMED_OUT: 1}


@pytest.mark.parametrize(
    ("outcome", "kinds", "suppressed"),
    [
        (HandoffOutcome.SAVED, [], set()),
        (HandoffOutcome.RESOLVED, [], set()),
        (HandoffOutcome.UNREACHABLE, [], set()),
        (HandoffOutcome.ACCEPTED, [OutcomeKind.ACCEPTED], set()),
        (HandoffOutcome.DECLINED, [OutcomeKind.DECLINED], set()),
        (HandoffOutcome.LOST, [OutcomeKind.CANCELED], {SuppressionReason.OUTCOME}),
        (HandoffOutcome.OPT_OUT, [], {SuppressionReason.OPT_OUT}),
    ],
)
def test_the_outcome_goes_to_the_ledger_and_the_contact_rules(
    outcome: HandoffOutcome, kinds: list[OutcomeKind], suppressed: set[SuppressionReason], talks: Talks
) -> None:
    talks.decide()
    talks.say("it is too expensive", "let me talk to a human")
    number = queued(talks).id
    take(talks.store, number, "ann", NOW)
    closed = close(talks.store, number, outcome, "ann", NOW, note="rang twice")
    assert (closed.state, closed.outcome, closed.note) == (HandoffState.DONE, outcome, "rang twice")
    assert [kind for kind, _ in talks.outcomes()] == kinds
    assert talks.suppressions() == suppressed
    with talks.store.read() as session:
        left = customer_detail(session, talks.customer).churned_on is not None
    assert left == (outcome is HandoffOutcome.LOST)
    with pytest.raises(PolicyError, match="over already"):
        close(talks.store, number, outcome, "ann", NOW)


def test_what_the_bot_was_told_is_not_in_the_ledger_twice(talks: Talks) -> None:
    talks.decide()
    talks.say("it is too expensive", "yes", "let me talk to a human")
    close(talks.store, queued(talks).id, HandoffOutcome.ACCEPTED, "ann", NOW)
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.ACCEPTED]


def test_a_contract_that_was_ended_in_another_conversation_ends_once(talks: Talks) -> None:
    talks.say("let me talk to a human")
    number = queued(talks).id
    talks.open()
    talks.say("I want to cancel", "yes")
    close(talks.store, number, HandoffOutcome.LOST, "ann", NOW)
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.CANCELED]


def test_an_answer_to_an_offer_that_was_not_made_is_refused(talks: Talks) -> None:
    talks.say("let me talk to a human")
    with pytest.raises(PolicyError, match="no offer"):
        close(talks.store, queued(talks).id, HandoffOutcome.ACCEPTED, "ann", NOW)
    assert queued(talks).state is HandoffState.WAITING


def test_the_dossier_tells_the_mood_of_each_message_and_quotes_the_angriest(talks: Talks) -> None:
    talks.decide()
    lines = ["I am furious, you are thieves and liars!"] + ["what is my plan?", "thanks"] * 5
    talks.say(*lines, "let me talk to a human")
    found = handoff_dossier(talks.store, queued(talks).id, NOW)
    assert len(found.moods) == len(lines) + 1
    assert found.moods[0] == (1, "negative")
    assert lines[0] in [text for _, text in found.quotes]
    assert found.quotes[-1][1] == "let me talk to a human"


def test_the_dossier_knows_what_the_customer_did_while_they_waited(talks: Talks) -> None:
    talks.say("let me talk to a human", "I want to cancel", "yes", "stop emailing me")
    noted = handoff_dossier(talks.store, queued(talks).id, NOW).noted
    assert (noted["cancelled"], noted["opted_out"], noted["why"]) == (True, True, "asked")
    assert not queued(talks).dossier["cancelled"]


def test_the_queue_by_command(talks: Talks, mainstay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTAY_ACTOR", "ann")
    talks.decide()
    talks.say("it is too expensive", "let me talk to a human")
    number = queued(talks).id
    at_store = ("--store", talks.services.settings.store_location)
    (listed,) = mainstay("handoffs", "list", *at_store, "--json").json
    assert (listed["id"], listed["customer_id"], listed["reason"]) == (number, talks.customer, "asked")
    shown = mainstay("handoffs", "show", number, *at_store)
    assert shown.code == 0
    assert "“it is too expensive”" in shown.out
    assert "mood by message" in shown.out
    assert "Forecast" in shown.out
    assert mainstay("handoffs", "reply", number, "Hello", *at_store).code == 5
    assert mainstay("handoffs", "take", number, *at_store, "--json").json["taken_by"] == "ann"
    refused = mainstay("handoffs", "reply", number, "I give you 90% off for life.", *at_store)
    assert (refused.code, "guard" in refused.err) == (5, True)
    assert mainstay("handoffs", "reply", number, "I give you 90% off for life.", "--anyway", *at_store).code == 0
    assert mainstay("handoffs", "reply", number, "Hello, how can I help?", *at_store, "--json").json["turn"] == 4
    closed = mainstay("handoffs", "close", number, "--outcome", "declined", "--note", "thinks", *at_store, "--json")
    assert closed.json["outcome"] == "declined"
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.DECLINED]
    assert mainstay("handoffs", "list", *at_store, "--json").json == []
    assert len(mainstay("handoffs", "list", "--all", *at_store, "--json").json) == 1
    assert mainstay("handoffs", "show", 99, *at_store).code == 2


def test_a_conversation_that_two_processes_hold_loses_no_turn(new_talks: Callable[[], Talks]) -> None:
    talks = new_talks()
    talks.say("it is too expensive")
    elsewhere = Chat(talks.services).open(talks.customer, resume=True)
    asyncio.run(Chat(talks.services).turn(elsewhere, "stop emailing me"))
    (reply_here,) = talks.say("what is my plan?")
    assert reply_here.turn == 3
    assert reply_here.slots["opted_out"]
    with talks.store.read() as session:
        turns = ConversationRepository(session).last_turns(elsewhere.conversation_id)
    assert [turn.said for turn in turns] == ["", "it is too expensive", "stop emailing me", "what is my plan?"]


class TakenMeanwhile(Voice):
    """A voice during whose first words a person takes the conversation."""

    def __init__(self, talks: Talks) -> None:
        super().__init__(talks.services.writer)
        self.talks = talks
        self.is_taken = False

    def say(self, *given: Any, **named: Any) -> Spoken:
        if not self.is_taken:
            self.is_taken = True
            take(self.talks.store, queued(self.talks).id, "ann", NOW)
        return super().say(*given, **named)


@pytest.mark.parametrize("moment", [NOW, LATER])
def test_the_bot_says_nothing_where_a_person_took_the_conversation_in_mid_turn(moment: datetime, talks: Talks) -> None:
    talks.say("let me talk to a human")
    at(talks, moment)
    chat = Chat(talks.services)
    chat._voice = TakenMeanwhile(talks)
    assert talks.session is not None
    reply = asyncio.run(chat.turn(talks.session, "what is my plan?"))
    assert (reply.text, reply.silent, reply.turn) == ("", True, 2)


def test_nobody_is_told_that_no_person_came_when_one_did_in_that_moment(talks: Talks) -> None:
    talks.say("let me talk to a human")
    at(talks, LATER)
    chat = Chat(talks.services)
    chat._voice = TakenMeanwhile(talks)
    assert talks.session is not None
    assert asyncio.run(chat.catch_up(talks.session)) == []
    assert queued(talks).state is HandoffState.TAKEN
    with talks.store.read() as session:
        assert ConversationRepository(session).get(talks.session.conversation_id).turns == 1


def test_who_is_taken_after_the_time_out_is_under_way_again(talks: Talks) -> None:
    talks.say("let me talk to a human")
    overdue(talks.store, LATER)
    assert queued(talks).ended_at == LATER
    assert take(talks.store, queued(talks).id, "ann", LATER).ended_at is None
