"""Turns as a whole: kept at once or not at all, one after the other, the same price however long it goes on."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from bot.conversation import Chat, Reply
from bot.dialogue.actions import service
from bot.dialogue.desk import keep, open_desk
from bot.dialogue.state import WINDOW
from bot.generation.guard import check_approved as check
from bot.generation.scripted import ScriptedBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from db.errors import NotFoundError, StoreBusyError
from db.models import GuardVerdict
from db.repositories.conversations import ConversationRepository, ConversationView, TurnView
from db.repositories.messages import MessageRepository
from db.vocabulary import Channel, ConversationState, Direction, GuardOutcome
from tests.bot.conftest import DISCOUNT, NOW, TODAY, Talks, did, understander


def conversation(talks: Talks) -> tuple[ConversationView, list[TurnView]]:
    assert talks.session is not None
    with talks.store.read() as session:
        found = ConversationRepository(session)
        number = talks.session.conversation_id
        return found.get(number), found.last_turns(number)


def test_the_greeting_comes_first_and_is_kept(talks: Talks) -> None:
    greeting = talks.open().greeting
    _, turns = conversation(talks)
    assert [(turn.number, turn.said, turn.reply) for turn in turns] == [(0, "", greeting)]


def test_a_turn_is_kept_with_what_was_understood_and_done(talks: Talks) -> None:
    (reply,) = talks.say("why is my bill so high?")
    kept, turns = conversation(talks)
    assert kept.slots == reply.slots
    assert (turns[-1].number, turns[-1].said, turns[-1].reply) == (1, "why is my bill so high?", reply.text)
    assert turns[-1].intent == "explain_bill"
    assert turns[-1].record["rules"] == ["They ask about the bill"]
    assert [action["name"] for action in turns[-1].record["actions"]] == ["action_explain_bill"]


def test_what_the_customer_wrote_joins_their_messages_with_its_reading(talks: Talks) -> None:
    talks.say("this is far too expensive")
    with talks.store.read() as session:
        found = next(MessageRepository(session).of_customer(talks.customer, model=understander().version))
    assert (found.text, found.channel, found.direction) == (
        "this is far too expensive",
        Channel.CHAT,
        Direction.INBOUND,
    )
    assert found.topic == "price"
    assert found.negative is not None


def test_a_conversation_goes_on_where_it_was(talks: Talks) -> None:
    talks.say("I want to cancel")
    number = conversation(talks)[0].id
    session = talks.open(resume=True)
    assert session.conversation_id == number
    (reply,) = talks.say("yes")
    assert did([reply]) == ["cancel"]
    assert reply.turn == 2


def test_without_an_open_conversation_a_new_one_begins(talks: Talks) -> None:
    talks.say("bye")
    assert conversation(talks)[0].state is ConversationState.CLOSED
    first = conversation(talks)[0].id
    assert talks.open(resume=True).conversation_id != first


def test_a_hand_off_waits_in_the_list(talks: Talks) -> None:
    talks.say("a human please")
    with talks.store.read() as session:
        waiting = ConversationRepository(session).waiting()
    assert [(view.customer_id, view.handoff_reason) for view in waiting] == [(talks.customer, "asked")]


def test_an_unknown_customer_cannot_chat(talks: Talks) -> None:
    talks.customer = "nobody"
    with pytest.raises(NotFoundError, match="nobody"):
        talks.open()


def test_the_reply_streams_as_a_whole_after_it_is_kept(talks: Talks) -> None:
    seen: list[str] = []
    session = talks.open()

    async def collect(piece: str) -> None:
        seen.append(piece)

    reply = asyncio.run(Chat(talks.services).turn(session, "what is my plan?", collect))
    assert len(seen) > 1
    assert "".join(seen) == reply.text


def busy(times: int, really: Callable[..., Any]) -> Callable[..., Any]:
    """A `write` of the store that is busy this many times."""
    left = [times]

    @contextmanager
    def write() -> Iterator[Any]:
        if left[0]:
            left[0] -= 1
            raise StoreBusyError("Another process is writing to the store.")
        with really() as session:
            yield session

    return write


def test_a_busy_store_delays_a_turn_but_does_not_lose_it(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.PAUSE_SECONDS", 0.0)
    talks.open()
    monkeypatch.setattr(talks.store, "write", busy(3, talks.store.write))
    (reply,) = talks.say("stop emailing me")
    assert reply.recorded
    assert talks.suppressions()


def test_a_turn_that_cannot_be_kept_claims_nothing_and_changes_nothing(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.PAUSE_SECONDS", 0.0)
    talks.say("I want to cancel")
    really = talks.store.write
    monkeypatch.setattr(talks.store, "write", busy(99, really))
    (reply,) = talks.say("yes")
    assert not reply.recorded
    assert "again" in reply.text
    assert not reply.slots["cancelled"]
    monkeypatch.setattr(talks.store, "write", really)
    (reply,) = talks.say("yes")
    assert reply.slots["cancelled"]
    assert reply.turn == 2


def test_a_turn_that_breaks_while_it_is_written_leaves_nothing(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    talks.open()

    def broken(*_: object) -> None:
        raise StoreBusyError("in the middle of it")

    monkeypatch.setattr("bot.conversation.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("bot.conversation.keep", broken)
    (reply,) = talks.say("stop emailing me")
    assert not reply.recorded
    assert len(conversation(talks)[1]) == 1


def test_a_failing_action_is_answered_and_put_on_record(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(service.ShowAccount, "execute", fail)
    (reply,) = talks.say("what is my plan?")
    assert reply.guard["verdict"] == "release"
    assert "secret" not in reply.text
    (error_id,) = conversation(talks)[1][-1].record["errors"]
    assert error_id in reply.text or "went wrong" in reply.text
    (after,) = talks.say("yes please")
    assert after.handoff


def test_a_writer_that_lies_is_replaced_by_approved_wording(talks: Talks) -> None:
    lies = ScriptedBackend("You get a free year, I promise!")
    talks.services.__dict__["writer"] = Writer(lies, TemplateBackend(), check)
    talks.decide()
    replies = talks.say("can I get a discount?", "yes")
    assert all("free year" not in reply.text for reply in replies)
    assert "20%" in replies[0].text
    assert replies[0].guard["findings"]


def test_a_model_cannot_leave_out_what_is_due(talks: Talks) -> None:
    chatty = ScriptedBackend("Thank you, that is good to know. What else is on your mind?")
    talks.services.__dict__["writer"] = Writer(chatty, TemplateBackend(), check)
    talks.decide()
    assert any(word in talks.open().greeting.lower() for word in ("bot", "assistant"))
    offered, asked, done = talks.say("it is too expensive", "I want to cancel", "yes, cancel it")
    assert "20%" in offered.text
    assert "14 May 2027" in asked.text + done.text
    assert done.slots["cancelled"]


def test_a_writer_that_says_nothing_usable_still_leaves_the_customer_with_an_answer(talks: Talks) -> None:
    class Mute(TemplateBackend):
        def compose(self, brief: object) -> str:
            return "We guarantee a refund of 999 euros."

    talks.services.__dict__["writer"] = Writer(Mute(), Mute(), check, max_tries=1)
    replies = talks.say("I want to cancel", "yes", "give me a human")
    assert [reply.guard["verdict"] for reply in replies] == ["release"] * 3
    assert "cancel" in replies[0].text
    assert "recorded" in replies[1].text
    assert "human" in replies[2].text


def test_the_window_stays_bounded_in_a_long_conversation(talks: Talks) -> None:
    session = talks.open()
    talks.say(*(["what is my plan?", "are you a bot?"] * 12))
    assert len(session.state.events) <= WINDOW
    assert session.turns == 24


def test_turns_of_one_session_wait_for_each_other(talks: Talks) -> None:
    session, chat = talks.open(), Chat(talks.services)

    async def at_once() -> list[Reply]:
        return await asyncio.gather(*(chat.turn(session, f"what is my plan? {number}") for number in range(4)))

    assert sorted(reply.turn for reply in asyncio.run(at_once())) == [1, 2, 3, 4]


def test_conversations_side_by_side_do_not_mix(talks: Talks, new_talks: Callable[[], Talks]) -> None:
    chat = Chat(talks.services)
    first, second = chat.open(talks.customer), chat.open(talks.customer)

    async def both() -> tuple[Reply, Reply]:
        left, right = await asyncio.gather(chat.turn(first, "I want to cancel"), chat.turn(second, "hello"))
        return left, right

    left, right = asyncio.run(both())
    assert left.slots["pending"] == "cancel"
    assert right.slots["pending"] is None


ODD = ("", "   ", "\x00\x1b[31m", "?" * 5, "a" * 300_000, "\u202eevil", "{first_name} %s {0}", "<script>", "\ud83d")


@pytest.mark.parametrize("text", ODD)
def test_no_message_is_too_odd_to_answer(talks: Talks, text: str) -> None:
    (reply,) = talks.say(text)
    assert reply.text
    assert reply.guard["verdict"] == "release"
    assert len(conversation(talks)[1][-1].said) <= 2_000


def test_the_offer_in_the_reply_names_its_decision(talks: Talks) -> None:
    talks.decide()
    (reply,) = talks.say("it is too expensive")
    assert reply.decision_id == DISCOUNT.decision_id
    assert conversation(talks)[1][-1].record["decision_id"] == DISCOUNT.decision_id


def verdicts(talks: Talks) -> list[tuple[str, int, GuardOutcome, list[str]]]:
    """Writer, try, verdict and rules of every row that is kept, all of them of this talk."""
    assert talks.session is not None
    with talks.store.read() as session:
        rows = list(session.scalars(select(GuardVerdict).order_by(GuardVerdict.id)))
        assert {(row.channel, row.conversation_id, row.job_id) for row in rows} <= {
            (Channel.CHAT, talks.session.conversation_id, None)
        }
        assert {row.customer_id for row in rows} <= {open_desk(session, talks.customer, TODAY, NOW).customer.key}
        return [(row.backend, row.attempt, row.verdict, [found["rule"] for found in row.findings]) for row in rows]


def test_every_try_of_a_reply_is_counted_with_its_turn(talks: Talks) -> None:
    lies = ScriptedBackend("You get a free year, I promise!")
    talks.services.__dict__["writer"] = Writer(lies, TemplateBackend(), check)
    talks.decide()
    talks.open()
    assert verdicts(talks) == [("template", 1, GuardOutcome.RELEASE, [])]
    talks.say("can I get a discount?")
    _, *after = verdicts(talks)
    assert [(backend, attempt, verdict) for backend, attempt, verdict, _ in after[:4]] == [
        ("scripted", 1, GuardOutcome.REFUSE),
        ("scripted", 2, GuardOutcome.REFUSE),
        ("scripted", 3, GuardOutcome.REFUSE),
        ("template", 4, GuardOutcome.FELL_BACK),
    ]
    assert all(rules for _, _, _, rules in after[:3])


def test_plain_words_that_stand_in_for_withheld_ones_are_counted(talks: Talks) -> None:
    class Mute(TemplateBackend):
        def compose(self, brief: object) -> str:
            return "We guarantee a refund of 999 euros."

    talks.services.__dict__["writer"] = Writer(Mute(), Mute(), check, max_tries=1)
    talks.open()
    found = verdicts(talks)
    assert found[-1] == ("plain", 1, GuardOutcome.FELL_BACK, [])
    assert [verdict for _, _, verdict, _ in found[:3]] == [
        GuardOutcome.REFUSE,
        GuardOutcome.REFUSE,
        GuardOutcome.WITHHELD,
    ]


def test_a_reply_is_kept_where_its_verdicts_cannot_be(talks: Talks) -> None:
    with talks.store.write() as session:
        session.execute(sql("DROP TABLE guard_verdict"))
    (reply,) = talks.say("stop emailing me")
    assert reply.recorded
    assert talks.suppressions()
    assert len(conversation(talks)[1]) == 2


def test_a_turn_that_is_written_again_counts_its_tries_once(
    talks: Talks, new_talks: Callable[[], Talks], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = new_talks()
    twin.say("what is my plan?")
    monkeypatch.setattr("bot.conversation.PAUSE_SECONDS", 0.0)
    times = iter([True, False])

    def broken_once(*given: Any) -> None:
        if next(times):
            raise StoreBusyError("in the middle of it")
        keep(*given)

    monkeypatch.setattr("bot.conversation.keep", broken_once)
    (reply,) = talks.say("what is my plan?")
    assert reply.recorded
    assert verdicts(talks) == verdicts(twin)
    assert len(verdicts(talks)) > 1
