"""What a person writes to the customer of a hand-off: the guard reads it first at every front end, and none is cut."""

import asyncio
from typing import Any

import pytest

from bot.dialogue.answering import answer, objections
from bot.dialogue.handoffs import reply, take
from bot.dialogue.nlu import MOST_READ
from bot.tui import handing
from bot.tui.desk import Desk
from bot.tui.habits import Habits
from bot.tui.widgets.dialogs import Ask
from bot.tui.widgets.transcript import Said
from db.errors import InputError, PolicyError
from db.repositories.conversations import ConversationRepository, TurnView
from tests.bot.conftest import Talks
from tests.bot.test_copilot import propose, send
from tests.bot.test_handoffs import queued
from tests.bot.tui.harness import driving
from tests.conftest import NOW, Command

PROMISE = "I give you 90% off for life."
LONG = "word " * 500 + "end"


@pytest.fixture
def number(talks: Talks) -> int:
    """A hand-off that ann has taken."""
    talks.say("let me talk to a human")
    return take(talks.store, queued(talks).id, "ann", NOW).id


def written(talks: Talks) -> list[TurnView]:
    """What persons have written in the conversation."""
    with talks.store.read() as session:
        turns = ConversationRepository(session).last_turns(queued(talks).conversation_id)
    return [turn for turn in turns if (turn.record.get("author") or {}).get("kind") == "agent"]


def front_ends(talks: Talks) -> list[Any]:
    """What each front end sends with: words, and whether the person answers for them."""
    desk = Desk(talks.services.settings, talks.services)
    return [
        lambda number, text, anyway: answer(talks.services, number, text, anyway=anyway),
        lambda number, text, anyway: handing.write(desk, number, text, anyway=anyway),
    ]


@pytest.mark.parametrize("place", [0, 1])
def test_no_front_end_sends_what_the_guard_refuses_unless_somebody_answers_for_it(
    place: int, talks: Talks, number: int
) -> None:
    send_it = front_ends(talks)[place]
    with pytest.raises(PolicyError, match="The guard refuses"):
        send_it(number, PROMISE, False)
    assert written(talks) == []
    send_it(number, PROMISE, True)
    send_it(number, "Hello, how can I help?", True)
    refused, fine = written(talks)
    assert (refused.reply, refused.record["guard"]["verdict"]) == (PROMISE, "refuse")
    assert refused.record["guard"]["findings"] == list(objections(talks.services, number, PROMISE))
    assert fine.record["guard"] == {"verdict": "release", "findings": []}


@pytest.mark.parametrize("place", [0, 1])
def test_words_that_are_too_many_are_refused_and_not_cut(place: int, talks: Talks, number: int) -> None:
    with pytest.raises(InputError, match=r"2,503 characters long, and a message has at most 2,000") as refused:
        front_ends(talks)[place](number, LONG, True)
    assert "503" in refused.value.hint
    with pytest.raises(InputError, match="2,503"):
        reply(talks.store, number, LONG, "ann", NOW)
    assert written(talks) == []
    whole = LONG[-MOST_READ:]
    assert front_ends(talks)[place](number, whole, True)
    assert written(talks)[0].reply == whole


def test_a_long_reply_by_command_is_refused_with_its_length(talks: Talks, number: int, mainstay: Command) -> None:
    ran = mainstay("handoffs", "reply", number, LONG, "--anyway", "--store", talks.services.settings.store_location)
    assert ran.code == 2
    assert "2,503" in ran.err
    assert "2,000" in ran.err
    assert written(talks) == []


def test_a_long_reply_of_the_copilot_is_not_cut_either(talks: Talks) -> None:
    proposal = propose(talks, "hello")
    with pytest.raises(InputError, match="2,503"):
        send(talks, proposal, text=LONG, overrule=True)


async def test_a_long_reply_on_the_screen_stays_to_be_shortened(talks: Talks) -> None:
    settings = talks.services.settings
    Habits().write(settings.home)
    desk = Desk(settings, talks.services)
    talks.services.__dict__["models"] = None
    await asyncio.to_thread(talks.say, "let me talk to a human")
    take(talks.store, queued(talks).id, "ann", NOW)
    async with driving(desk, (120, 40), customer=talks.customer) as driver:
        await driver.press("escape", "f8", "enter")
        asked = driver.app.screen
        assert isinstance(asked, Ask)
        asked.query_one("Line").value = LONG  # type: ignore[attr-defined]
        await driver.press("enter")
        assert any("2,503" in str(notice) for notice in driver.notices())
        again = driver.app.screen
        assert isinstance(again, Ask)
        assert again is not asked
        assert again.value == LONG
        again.query_one("Line").value = "Hello, I am here."  # type: ignore[attr-defined]
        await driver.press("enter")
        assert Said("agent", "Hello, I am here.") in driver.app.screen.query_one("Transcript").turns  # type: ignore[attr-defined]
