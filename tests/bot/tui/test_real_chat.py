"""Stories on the chat with the real conversation behind it: copilot, and conversations that wait for a person."""

import asyncio

import pytest
from textual.widgets import OptionList

from bot.dialogue.handoffs import close, reply, take
from bot.tui.desk import Desk
from bot.tui.habits import Habits
from bot.tui.screens.chat import ChatScreen
from bot.tui.widgets.transcript import Said
from db.queries.today import Queue, handed_off
from db.repositories.conversations import ConversationRepository, TurnView
from db.repositories.handoffs import HandoffRepository, HandoffView
from db.vocabulary import HandoffOutcome, HandoffState
from tests.bot.conftest import NOW, Talks
from tests.bot.tui.harness import Driver, driving


@pytest.fixture
def real(talks: Talks) -> Desk:
    settings = talks.services.settings
    Habits().write(settings.home)
    desk = Desk(settings, talks.services)
    talks.services.__dict__["models"] = None
    return desk


def chat_of(driver: Driver) -> ChatScreen:
    screen = driver.app.screen
    assert isinstance(screen, ChatScreen)
    return screen


def turns(talks: Talks) -> list[TurnView]:
    with talks.store.read() as session:
        found = ConversationRepository(session).latest_open(talks.customer)
        return ConversationRepository(session).last_turns(found.id) if found else []


def queued(talks: Talks) -> HandoffView:
    with talks.store.read() as session:
        found = HandoffRepository(session).find(tuple(HandoffState))
    assert len(found) == 1
    return found[0]


async def say(driver: Driver, text: str) -> None:
    chat_of(driver).composer.fill(text)
    await driver.press("enter")


async def test_the_copilot_keeps_the_reply_that_was_chosen(real: Desk, talks: Talks) -> None:
    talks.decide()
    async with driving(real, (140, 40), customer=talks.customer) as driver:
        await driver.press("ctrl+t")
        await say(driver, "it is too expensive")
        proposals = chat_of(driver).query_one("#drafts", OptionList)
        assert proposals.option_count == 3
        assert "1  " in driver.text()
        assert "3  " in driver.text()
        await driver.press("down", "enter", "enter")
        sent = chat_of(driver).transcript.turns[-1]
    kept = turns(talks)[-1]
    assert (kept.said, kept.reply) == ("it is too expensive", sent.text)
    assert kept.record["author"] | {"name": ""} == {
        "kind": "agent", "name": "", "draft": 2, "edited": False, "overruled": False,
    }  # fmt: skip


async def test_replies_that_are_put_away_or_asked_for_again_leave_no_second_message(real: Desk, talks: Talks) -> None:
    talks.decide()
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        await driver.press("ctrl+t")
        await say(driver, "it is too expensive")
        await driver.press("ctrl+r")
        said = [turn.text for turn in chat_of(driver).transcript.turns if turn.who == "customer"]
        assert said == ["it is too expensive"]
        await driver.press("escape")
        assert [turn for turn in chat_of(driver).transcript.turns if turn.who == "customer"] == []
        assert chat_of(driver).composer.text == "it is too expensive"
    assert len(turns(talks)) == 1


async def test_a_second_enter_does_not_send_what_the_guard_refuses(real: Desk, talks: Talks) -> None:
    talks.decide()
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        await driver.press("ctrl+t")
        await say(driver, "it is too expensive")
        await say(driver, "You get 90 % off for ever, I promise.")
        assert "Send it all the same?" in driver.text()
        await driver.press("enter")
        assert chat_of(driver).composer.text == "You get 90 % off for ever, I promise."
    assert len(turns(talks)) == 1


async def test_a_conversation_that_waits_is_taken_answered_and_ended(real: Desk, talks: Talks) -> None:
    await asyncio.to_thread(talks.say, "let me talk to a human")
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        assert "let me talk to a human" in driver.text()
        assert "Waits for a person" in driver.text()
        await driver.press("escape", "f8", "enter")
        assert queued(talks).state is HandoffState.TAKEN
        assert "you have this conversation: you answer" in driver.text()
        await driver.press("ctrl+t")
        assert "you are the customer" in driver.text()
        await say(driver, "is anybody there?")
        assert "the message is kept for them" in driver.text()
        await driver.press("ctrl+t")
        await say(driver, "You get 90 % off for ever, I promise.")
        assert "The guard refuses this" in driver.text()
        await driver.press("n", "escape")
        assert chat_of(driver).composer.text == "You get 90 % off for ever, I promise."
        chat_of(driver).composer.text = ""
        await say(driver, "Hello, I am here now.")
        assert chat_of(driver).transcript.turns[-1] == Said("agent", "Hello, I am here now.")
        assert turns(talks)[-1].reply == "Hello, I am here now."
        await driver.press("f8", *["down"] * 5, "enter")
        assert "this ends the contract" in driver.text()
        await driver.press("enter")
        assert queued(talks).state is HandoffState.TAKEN
        await driver.press("f8", "down", "enter")
        assert queued(talks).outcome is HandoffOutcome.RESOLVED
        assert not chat_of(driver).check_action("hand_off", ())
    with talks.store.read() as session:
        assert handed_off(session) == Queue()


async def test_what_a_person_answered_is_not_shown_as_the_bots_when_one_comes_back(real: Desk, talks: Talks) -> None:
    await asyncio.to_thread(talks.say, "let me talk to a human")
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        await driver.press("ctrl+t")
        await say(driver, "hello?")
        await driver.press("enter", "enter")
        await driver.press("escape", "ctrl+g")
        assert [turn.who for turn in chat_of(driver).transcript.turns] == [
            "bot", "customer", "bot", "customer", "agent", "note",
        ]  # fmt: skip


async def test_what_a_colleague_and_the_customer_write_elsewhere_is_shown_while_the_chat_is_open(
    real: Desk, talks: Talks
) -> None:
    await asyncio.to_thread(talks.say, "let me talk to a human")
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        before = len(chat_of(driver).transcript.turns)
        take(talks.store, queued(talks).id, "ann", NOW)
        reply(talks.store, queued(talks).id, "Ann here, one moment.", "ann", NOW)
        await asyncio.to_thread(talks.say, "thank you, Ann")
        chat_of(driver).look_for_news()
        await driver.settle()
        assert chat_of(driver).transcript.turns[before:] == [
            Said("colleague", "Ann here, one moment."),
            Said("customer", "thank you, Ann"),
            Said("note", "ann has this conversation; the bot is silent. f8 answers or ends it."),
        ]
        chat_of(driver).look_for_news()
        await driver.settle()
        assert len(chat_of(driver).transcript.turns) == before + 3
        close(talks.store, queued(talks).id, HandoffOutcome.RESOLVED, "ann", NOW)
        chat_of(driver).look_for_news()
        await driver.settle()
        assert chat_of(driver).transcript.turns[-1].text.startswith("No person has this conversation any more")


async def test_what_the_customer_wrote_meanwhile_stands_before_the_answer_of_the_person(
    real: Desk, talks: Talks
) -> None:
    await asyncio.to_thread(talks.say, "let me talk to a human")
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        await driver.press("escape", "f8", "enter")
        await asyncio.to_thread(talks.say, "is anybody there?")
        await say(driver, "Hello, I am here now.")
        assert chat_of(driver).transcript.turns[-2:] == [
            Said("customer", "is anybody there?"),
            Said("agent", "Hello, I am here now."),
        ]


async def test_passing_on_is_told_once_and_counted_today(real: Desk, talks: Talks) -> None:
    async with driving(real, (120, 40), customer=talks.customer) as driver:
        await say(driver, "let me talk to a human")
        await say(driver, "hello?")
        notes = [turn.text for turn in chat_of(driver).transcript.turns if turn.who == "note"]
        assert notes == ["A person takes over from here. f8 if that is you."]
        await driver.press("escape", "0")
        assert "1  conversation waits for a person" in driver.text()
