"""A message that a client sends twice, because its answer was lost, is said once."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect

from bot.conversation import Chat
from bot.dialogue.handoffs import reply, take
from db.erasure import erase_customer
from db.errors import AlreadyKeptError
from db.repositories.conversations import TURNS_KNOWN, ConversationRepository, TurnView
from db.repositories.handoffs import HandoffRepository
from tests.bot.conftest import Talks
from tests.bot.dialogue.test_channel import TOKEN, Slow, others, run, say, serving
from tests.conftest import NOW


def said(talks: Talks, customer_id: str = "") -> list[str]:
    """What the customer has said, as the store has it."""
    with talks.store.read() as session:
        conversations = ConversationRepository(session)
        found = conversations.latest_open(customer_id or talks.customer)
        return [turn.said for turn in conversations.last_turns(found.id) if turn.said] if found else []


def once(message_id: Any) -> dict[str, Any]:
    return {"metadata": {"message_id": message_id}}


def test_a_message_that_is_sent_again_gets_its_answer_again_and_no_second_turn(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            first = (await say(client, talks.customer, "I want to cancel", **once("m-1"))).json()
            assert len(first) == 2  # the greeting, and the question with its buttons
            assert (await say(client, talks.customer, "I want to cancel", **once("m-1"))).json() == first
        async with serving(talks) as (client, _):  # another process
            assert (await say(client, talks.customer, "I want to cancel", **once("m-1"))).json() == first
            second = (await say(client, talks.customer, "no", **once("m-2"))).json()
            assert (await say(client, talks.customer, "no", **once("m-2"))).json() == second
            assert (await say(client, talks.customer, "I want to cancel", **once("m-1"))).json() == first
            await say(client, talks.customer, "no")
            await say(client, talks.customer, "no")

    run(story())
    assert said(talks) == ["I want to cancel", "no", "no", "no"]


def test_two_processes_that_get_a_message_at_the_same_time_say_it_once(talks: Talks) -> None:
    """Both look for an answer before either has one: the store decides, and no second conversation is begun."""
    slow = [Slow(talks.services) for _ in range(2)]
    for chat in slow:
        chat.seconds = 0.5

    async def story() -> None:
        async with serving(talks, slow[0]) as (one, _), serving(talks, slow[1]) as (two, _):
            calls = [say(client, talks.customer, "I want to cancel", **once("m-1")) for client in (one, two)]
            found = [response.json() for response in await asyncio.gather(*calls)]
            answers = {json.dumps(messages[-1], sort_keys=True) for messages in found}
            assert len(answers) == 1, answers
            for client in (one, two):
                later = (await say(client, talks.customer, "no", **once(f"later-{client.base_url}"))).json()
                assert [message["text"] for message in found[0][-1:]] != [message["text"] for message in later]

    run(story())
    assert said(talks) == ["I want to cancel", "no", "no"]


def test_an_id_is_used_up_however_many_turns_ago_it_was(talks: Talks) -> None:
    talks.open()
    assert talks.session is not None
    chat, session = Chat(talks.services), talks.session
    first = asyncio.run(chat.turn(session, "hello", client_id="m"))
    with pytest.raises(AlreadyKeptError):
        asyncio.run(chat.turn(session, "I want to cancel", client_id="m"))
    *_, kept = chat.answered(talks.customer, "m", surely=True)
    assert kept.reply == first.text
    assert said(talks) == ["hello"]
    assert session.turns == 1


def test_the_id_of_one_sender_is_not_that_of_another(talks: Talks) -> None:
    (other,) = others(talks, 1)

    async def story() -> None:
        async with serving(talks) as (client, _):
            await say(client, "tab-1", "hello", customer=talks.customer, **once("1"))
            await say(client, "tab-2", "hello", customer=talks.customer, **once("1"))
            await say(client, other, "hello", **once("1"))

    run(story())
    assert (said(talks), said(talks, other)) == (["hello", "hello"], ["hello"])


def test_an_answer_that_was_late_comes_once_to_who_asks_again(talks: Talks) -> None:
    slow = Slow(talks.services)
    slow.seconds = 0.5

    async def story() -> None:
        async with serving(talks, slow, deadline_seconds=0.1) as (client, _):
            assert (await say(client, talks.customer, "what is my plan?", **once("m"))).status_code == 504
            while (await client.get("/status")).json()["waiting"]:
                await asyncio.sleep(0.05)
            found = (await say(client, talks.customer, "what is my plan?", **once("m"))).json()
            assert [one["metadata"]["turn"] for one in found] == [0, 1]

    run(story())
    assert said(talks) == ["what is my plan?"]


def test_words_of_a_person_that_came_with_the_lost_answer_come_again(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            await say(client, talks.customer, "let me talk to a human")
            with talks.store.read() as session:
                found = ConversationRepository(session).latest_open(talks.customer)
                assert found is not None
                handoff = HandoffRepository(session).of_conversation(found.id)
            assert handoff is not None
            take(talks.store, handoff.id, "ann", NOW)
            reply(talks.store, handoff.id, "This is Ann.", "ann", NOW)
            first = (await say(client, talks.customer, "hello?", **once("m"))).json()
            assert [one["text"] for one in first] == ["This is Ann."]
            assert (await say(client, talks.customer, "hello?", **once("m"))).json() == first

    run(story())


def test_over_a_connection_too(talks: Talks) -> None:
    async def answered(socket: Any, frame: dict[str, Any]) -> list[str]:
        await socket.send(json.dumps(frame))
        texts = []
        while (found := json.loads(await socket.recv()))["type"] != "end":
            texts += [found["text"]] if found["type"] == "message" else []
        return texts

    async def story() -> None:
        async with serving(talks) as (_, address):
            headers = {"authorization": f"Bearer {TOKEN}"}
            frame = {"sender": talks.customer, "message": "what is my plan?", **once("m")}
            async with connect(address, additional_headers=headers) as socket:
                first = await answered(socket, frame)
                assert await answered(socket, frame) == first
            async with connect(address, additional_headers=headers) as socket:
                assert await answered(socket, frame) == first

    run(story())
    assert said(talks) == ["what is my plan?"]


@pytest.mark.parametrize("message_id", ["", 7, ["m"], "m" * 201])
def test_what_is_no_id_is_refused(message_id: Any, talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            assert (await say(client, talks.customer, "hello", **once(message_id))).status_code == 400

    run(story())
    assert said(talks) == []


def test_ids_are_known_for_a_bounded_time_and_forgotten_with_the_customer(talks: Talks) -> None:
    def known(client_id: str) -> list[TurnView]:
        with talks.store.read() as session:
            return ConversationRepository(session).answered(talks.customer, client_id)

    with talks.store.write() as session:
        conversations = ConversationRepository(session)
        found = conversations.start(talks.customer, NOW)
        for number in range(1, TURNS_KNOWN + 2):
            record = {"client": {"id": f"m{number}"}, "rules": []}
            turn = TurnView(number, "hello", "Hello.", None, None, record, NOW)
            conversations.add_turn(found.id, turn, {}, found.state)
    assert known("m1") == []
    assert [turn.number for turn in known("m2")] == [2]
    pseudonym = erase_customer(talks.store, talks.customer, "ann", NOW).pseudonym
    talks.customer = pseudonym
    assert known("m2") == []
