"""The chat server: who may speak as whom, in which order they are answered, and what outlives a crash or a lock."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sanic import Sanic
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from bot.conversation import Chat
from bot.dialogue.channel import LONGEST_NAME, Admission, _answer_frame, build_channel
from bot.dialogue.handoffs import reply, take
from bot.dialogue.hardened import MOST_BYTES
from bot.dialogue.senders import MOST_OF_ONE, Senders
from bot.dialogue.tickets import Ticket, read, sign
from db.erasure import erase_customer
from db.errors import NotFoundError
from db.queries.customers import CustomerFilter, customer_keys, customer_rows
from db.repositories.conversations import ConversationRepository
from db.repositories.handoffs import HandoffRepository
from db.session import sqlite_module
from db.vocabulary import SuppressionReason
from tests.bot.conftest import Talks
from tests.bot.test_failures import lock, store_path
from tests.conftest import NOW, ROOT, Command

TOKEN = "a-token-for-the-tests"
PAGE = "https://shop.example"
WEBHOOK = "/webhooks/rest/webhook"


class Slow(Chat):
    """A chat whose answers take as long as is asked for."""

    seconds = 0.0
    under_way = 0
    most_under_way = 0

    async def turn(self, *given: Any, **named: Any) -> Any:
        Slow.under_way += 1
        Slow.most_under_way = max(Slow.most_under_way, Slow.under_way)
        try:
            await asyncio.sleep(self.seconds)
            return await super().turn(*given, **named)
        finally:
            Slow.under_way -= 1


@asynccontextmanager
async def serving(
    talks: Talks, chat: Chat | None = None, **options: Any
) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    """A server of its own on a free port, and a client with the token."""
    admission = Admission(TOKEN, origins=(PAGE,))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = build_channel(
            chat or Chat(talks.services), talks.services.now, admission, **{"poll_seconds": 0.05, **options}
        )
        server: Any = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        place = f"127.0.0.1:{listening.getsockname()[1]}"
        try:
            headers = {"authorization": f"Bearer {TOKEN}"}
            async with httpx2.AsyncClient(base_url=f"http://{place}", headers=headers, timeout=60) as client:
                yield client, f"ws://{place}/websocket"
        finally:
            server.close()
            await server.wait_closed()
            Sanic.unregister_app(app)


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def others(talks: Talks, count: int) -> list[str]:
    with talks.store.read() as session:
        rows = customer_rows(session, customer_keys(session, CustomerFilter()))
    return [row.customer_id for row in rows if row.customer_id != talks.customer][:count]


async def say(client: httpx2.AsyncClient, sender: str, message: str, **more: Any) -> httpx2.Response:
    return await client.post(WEBHOOK, json={"sender": sender, "message": message, **more})


def test_a_message_is_answered_in_the_shape_of_rasas_channel(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            first = (await say(client, talks.customer, "I want to cancel")).json()
            assert [one["recipient_id"] for one in first] == [talks.customer] * 2
            assert "automated" in first[0]["text"] or "bot" in first[0]["text"]
            assert first[1]["buttons"] == [
                {"title": "Yes", "payload": "yes"}, {"title": "No", "payload": "no"},
            ]  # fmt: skip
            second = (await say(client, talks.customer, "no")).json()
            assert len(second) == 1
            assert "buttons" not in second[0]

    run(story())


def test_a_sender_is_the_customer_who_is_named_and_no_other(talks: Talks) -> None:
    (other,) = others(talks, 1)

    async def story() -> None:
        async with serving(talks) as (client, _):
            await say(client, "tab-1", f"I am customer {other}, stop emailing me", customer=talks.customer)
            assert (await say(client, "tab-1", "hello", customer=other)).status_code == 409
            assert (await say(client, "tab-2", "hello", metadata={"customer": talks.customer})).status_code == 200
            assert (await say(client, "tab-3", "hello")).status_code == 404
            assert (await client.get("/status")).json()["senders"] == 1

    run(story())
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}
    with talks.store.read() as session:
        assert ConversationRepository(session).latest_open(other) is None
        mine = ConversationRepository(session).latest_open(talks.customer)
    assert mine is not None
    assert mine.turns == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": b"Bearer \xff\xfe.\xff"}, 401),
        ({"host": "evil.example"}, 403),
        ({"host": "[::1].evil.example"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": PAGE}, 403),
    ],
)
def test_strangers_are_sent_away(headers: dict[str, Any], status: int, talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            sent = await client.post(WEBHOOK, json={"sender": talks.customer, "message": "hi"}, headers=headers)
            assert sent.status_code == status

    run(story())
    with talks.store.read() as session:
        assert ConversationRepository(session).latest_open(talks.customer) is None


@pytest.mark.parametrize("host", ["[::1]", "[::1]:5005", "LOCALHOST:1", "localhost", "127.0.0.1:5005"])
def test_every_name_of_this_machine_is_known(host: str, talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            assert (await client.get("/status", headers={"host": host})).status_code == 200

    run(story())


def test_health_needs_no_token_and_status_does(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            for path in ("/health", "/webhooks/rest"):
                answer = await client.get(path, headers={"authorization": ""})
                assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
            assert (await client.get("/status", headers={"authorization": ""})).status_code == 401
            await say(client, talks.customer, "hello")
            assert (await client.get("/status")).json() == {
                "status": "ok", "senders": 1, "waiting": 0, "connections": 0,
            }  # fmt: skip

    run(story())


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[1]", b"null", b"[" * 5_000,
        b'{"sender": "x"}', b'{"message": "secret words"}',
        b'{"sender": 7, "message": "secret words"}', b'{"sender": "", "message": "secret words"}',
        b'{"sender": "x", "message": ["secret words"]}',
        b'{"sender": "x", "message": "hi", "metadata": "secret words"}',
        b'{"sender": "PM-0000001", "message": "secret words", "customer": ""}',
        b'{"sender": "x", "message": " "}', b'{"sender": "x", "message": "secret words", "customer": 3}',
        b'{"sender": "nobody", "message": "secret words"}',
    ],
)  # fmt: skip
def test_a_wrong_call_gets_an_error_that_repeats_nothing(body: bytes, talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            answer = await client.post(WEBHOOK, content=body)
            assert answer.status_code in (400, 404)
            assert set(answer.json()) == {"error", "error_id"}
            assert "secret" not in answer.text
            assert "nobody" not in answer.text

    run(story())


def test_a_body_that_is_too_large_is_refused(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            answer = await client.post(WEBHOOK, content=b"x" * (MOST_BYTES + 1))
            assert answer.status_code == 413

    run(story())


def test_messages_of_one_sender_are_answered_in_order_and_too_many_are_refused(talks: Talks) -> None:
    chat = Slow(talks.services)
    chat.seconds = 0.1

    async def story() -> list[httpx2.Response]:
        async with serving(talks, chat) as (client, _):
            await say(client, talks.customer, "hello")
            return await asyncio.gather(*(say(client, talks.customer, f"what is my plan? {n}") for n in range(8)))

    answers = run(story())
    fine = [answer for answer in answers if answer.status_code == 200]
    assert len(fine) == MOST_OF_ONE
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.headers["retry-after"] == "2"
    turns = [one["metadata"]["turn"] for answer in fine for one in answer.json()]
    assert sorted(turns) == list(range(2, 2 + MOST_OF_ONE))
    with talks.store.read() as session:
        found = ConversationRepository(session).latest_open(talks.customer)
        assert found is not None
        kept = ConversationRepository(session).last_turns(found.id)
    assert [turn.number for turn in kept] == list(range(2 + MOST_OF_ONE))


def test_senders_do_not_wait_for_one_another(talks: Talks) -> None:
    chat = Slow(talks.services)
    chat.seconds, Slow.most_under_way = 0.5, 0
    customers = others(talks, 6)

    async def story() -> list[httpx2.Response]:
        async with serving(talks, chat) as (client, _):
            return await asyncio.gather(*(say(client, one, "what is my plan?") for one in customers))

    answers = run(story())
    assert [answer.json()[-1]["recipient_id"] for answer in answers] == customers
    assert Slow.most_under_way > 1


def test_an_answer_that_is_late_comes_with_the_next_one(talks: Talks) -> None:
    chat = Slow(talks.services)

    async def story() -> None:
        async with serving(talks, chat, deadline_seconds=2.0) as (client, _):
            await say(client, talks.customer, "hello")
            chat.seconds = 3.0
            late = await say(client, talks.customer, "stop emailing me")
            assert late.status_code == 504
            assert "retry-after" not in late.headers
            chat.seconds = 0.0
            while (await client.get("/status")).json()["waiting"]:
                await asyncio.sleep(0.05)
            both = (await say(client, talks.customer, "what is my plan?")).json()
            assert [one["metadata"]["turn"] for one in both] == [2, 3]

    run(story())
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}


def test_a_ticket_is_for_one_customer_and_one_while(talks: Talks) -> None:
    (other,) = others(talks, 1)

    async def story() -> None:
        async with serving(talks) as (client, url):
            made = await client.post("/tickets", json={"customer": talks.customer, "sender": "tab", "minutes": 5})
            ticket = made.json()["ticket"]
            mine = {"authorization": f"Bearer {ticket}"}
            answer = await client.post(WEBHOOK, json={"message": "hello"}, headers=mine)
            assert answer.json()[-1]["recipient_id"] == "tab"
            for wrong in ({"customer": other}, {"sender": other}):
                refused = await client.post(WEBHOOK, json={"message": "hello", **wrong}, headers=mine)
                assert refused.status_code == 409
            again = await client.post("/tickets", json={"customer": other}, headers=mine)
            assert again.status_code == 401
            async with connect(f"{url}?ticket={ticket}", origin=Origin(PAGE)) as ws:
                await ws.send(json.dumps({"message": "what is my plan?"}))
                assert (await frames(ws))[-2]["recipient_id"] == "tab"

    run(story())


@pytest.mark.parametrize("minutes", [0, -1, 1.5, True, "60", 100_000])
def test_a_ticket_needs_a_reasonable_time(minutes: Any, talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (client, _):
            asked = await client.post("/tickets", json={"customer": talks.customer, "minutes": minutes})
            assert asked.status_code == 400

    run(story())


def test_a_ticket_that_was_changed_or_has_ended_is_none() -> None:
    text = sign(Ticket("a", "b", 1_000), TOKEN)
    assert read(text, TOKEN, 999) == Ticket("a", "b", 1_000)
    assert read(text, TOKEN, 1_000) is None
    assert read(text, TOKEN + "x", 999) is None
    assert read("x" + text, TOKEN, 999) is None
    other = sign(Ticket("c", "b", 1_000), "another token")
    assert read(f"{other.split('.')[0]}.{text.split('.')[1]}", TOKEN, 999) is None
    for rubbish in ("", ".", "a.b", "é.ü", "." + text):
        assert read(rubbish, TOKEN, 0) is None


def test_a_ticket_holds_the_longest_names() -> None:
    ticket = Ticket("\U0001f600" * LONGEST_NAME, "\U0001f600" * LONGEST_NAME, 1_000)
    assert read(sign(ticket, TOKEN), TOKEN, 999) == ticket


def test_a_connection_ends_with_its_ticket(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (_, url):
            # Long enough for a greeting on a busy machine.
            ticket = sign(Ticket(talks.customer, "tab", int(time.time()) + 6), TOKEN)
            async with connect(f"{url}?ticket={ticket}") as ws:
                assert json.loads(await asyncio.wait_for(ws.recv(), 60))["type"] == "message"
                assert json.loads(await asyncio.wait_for(ws.recv(), 60))["status"] == 401
                with pytest.raises(ConnectionClosed):
                    await asyncio.wait_for(ws.recv(), 60)

    run(story())


async def frames(ws: Any) -> list[dict[str, Any]]:
    """What comes over a connection up to the end of an answer."""
    found: list[dict[str, Any]] = []
    while not found or found[-1]["type"] != "end":
        found.append(json.loads(await asyncio.wait_for(ws.recv(), 60)))
    return found


def with_token(**more: Any) -> dict[str, Any]:
    return {"additional_headers": {"authorization": f"Bearer {TOKEN}"}, **more}


def test_a_websocket_streams_the_reply_and_passes_on_what_a_person_writes(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (_, url), connect(url, **with_token()) as ws:
            await ws.send(
                json.dumps({"sender": "tab", "customer": talks.customer, "message": "let me talk to a human"})
            )
            greeting, *rest = await frames(ws)
            assert greeting["type"] == "message"
            chunks = [one["text"] for one in rest if one["type"] == "chunk"]
            assert len(chunks) > 1
            assert rest[-2]["type"] == "message"
            assert "".join(chunks) == rest[-2]["text"]
            assert rest[-2]["metadata"]["handoff"]
            with talks.store.read() as session:
                (waiting,) = HandoffRepository(session).find()
            take(talks.store, waiting.id, "ann", NOW)
            reply(talks.store, waiting.id, "This is Ann.", "ann", NOW)
            news = json.loads(await asyncio.wait_for(ws.recv(), 60))
            assert (news["text"], news["metadata"]["author"]) == ("This is Ann.", "agent")
            await ws.send(json.dumps({"message": "thanks Ann"}))
            assert [one["type"] for one in await frames(ws)] == ["end"]

    run(story())


def test_a_reply_that_a_broken_connection_did_not_take_comes_with_the_next_one(talks: Talks) -> None:
    chat = Slow(talks.services)

    async def story() -> None:
        async with serving(talks, chat) as (client, url):
            async with connect(url, **with_token()) as ws:
                await ws.send(json.dumps({"sender": talks.customer, "message": "what is my plan?"}))
                await frames(ws)
                chat.seconds = 1.0
                await ws.send(json.dumps({"message": "stop emailing me"}))
                while not (await client.get("/status")).json()["waiting"]:
                    await asyncio.sleep(0.05)
            while (await client.get("/status")).json()["waiting"]:
                await asyncio.sleep(0.05)
            async with connect(url, **with_token()) as ws:
                await ws.send(json.dumps({"sender": talks.customer}))
                told = json.loads(await asyncio.wait_for(ws.recv(), 60))
                assert told["metadata"]["turn"] == 2

    run(story())


def test_who_does_not_read_their_replies_keeps_nobody_waiting(talks: Talks) -> None:
    (other,) = others(talks, 1)

    async def story() -> None:
        unread: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        class Clogged:
            """A connection that takes nothing."""

            async def send(self, _: str) -> None:
                await unread

        senders = Senders(Chat(talks.services), talks.services.now)
        stuck = asyncio.create_task(_answer_frame(senders, Clogged(), "tab", talks.customer, "what is my plan?"))
        while not senders.waiting:
            await asyncio.sleep(0.01)
        while senders.waiting:
            await asyncio.sleep(0.01)
        assert (await senders.answer("elsewhere", talks.customer, "thanks"))[-1]["metadata"]["turn"] == 2
        assert (await senders.answer(other, other, "hello"))[-1]["metadata"]["turn"] == 1
        stuck.cancel()
        await asyncio.gather(stuck, return_exceptions=True)
        assert [one["metadata"]["turn"] for one in await senders.news("tab", talks.customer)] == [0, 1]

    run(story())


def test_who_is_refused_is_so_before_their_body_is_read(talks: Talks) -> None:
    async def story() -> bytes:
        async with serving(talks) as (client, _):
            there, back = await asyncio.open_connection(client.base_url.host, client.base_url.port)
            back.write(f"POST {WEBHOOK} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n".encode())
            try:
                return await asyncio.wait_for(there.readline(), 10)
            finally:
                back.close()

    assert b" 401 " in run(story())


def test_seats_are_bounded_and_an_erased_customer_has_none(talks: Talks) -> None:
    senders = Senders(Chat(talks.services), talks.services.now, most=3)
    for number in range(9):
        senders.take_back(f"s{number}", f"c{number}", [{"text": "hello", "metadata": {}}] * 90)
    assert len(senders) == 3

    run(erased(senders, talks))


async def erased(senders: Senders, talks: Talks) -> None:
    await senders.answer("tab", talks.customer, "what is my plan?")
    assert len(senders) == 3
    erase_customer(talks.store, talks.customer, "ann", NOW)
    with pytest.raises(NotFoundError):
        await senders.answer("tab", talks.customer, "hello?")
    assert len(senders) == 2


class Broken(Chat):
    """A chat with a fault that repeats what was said."""

    async def turn(self, session: Any, text: str, *given: Any, **named: Any) -> Any:
        raise AttributeError(text)


def test_a_fault_is_logged_without_the_ticket_and_what_was_said(talks: Talks, caplog: pytest.LogCaptureFixture) -> None:
    ticket = sign(Ticket(talks.customer, "tab", 2**33), TOKEN)

    async def story() -> None:
        async with serving(talks, Broken(talks.services)) as (_, url), connect(f"{url}?ticket={ticket}") as ws:
            await ws.send(json.dumps({"message": "secret words"}))
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(frames(ws), 60)

    run(story())
    assert "AttributeError" in caplog.text
    assert "secret" not in caplog.text
    assert ticket not in caplog.text


def test_who_waits_in_vain_is_told_without_asking(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (_, url), connect(url, **with_token()) as ws:
            await ws.send(json.dumps({"sender": talks.customer, "message": "let me talk to a human"}))
            await frames(ws)
            talks.services.clock = lambda: NOW + timedelta(minutes=16)
            told = json.loads(await asyncio.wait_for(ws.recv(), 60))
            assert "sorry" in told["text"]
            assert "call" in told["text"]
            await ws.send(json.dumps({"message": "what is my plan?"}))
            assert "sorry" not in (await frames(ws))[-2]["text"]

    run(story())


def test_a_websocket_needs_a_token_and_a_known_page(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (_, url):
            for options, status in (
                ({}, 401),
                (with_token(origin="https://evil.example"), 403),
                ({"additional_headers": {"authorization": "Bearer wrong"}}, 401),
            ):
                with pytest.raises(InvalidStatus) as refused:
                    async with connect(url, **options):
                        pass
                assert refused.value.response.status_code == status

    run(story())


def test_connections_are_counted_and_one_that_ends_makes_room(talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks, most_connections=1) as (client, url):
            for _ in range(2):
                async with connect(url, **with_token()) as ws:
                    await ws.send(json.dumps({"sender": talks.customer, "message": "hello"}))
                    await frames(ws)
                    async with connect(url, **with_token()) as another:
                        with pytest.raises(ConnectionClosed) as refused:
                            await asyncio.wait_for(another.recv(), 60)
                        assert refused.value.rcvd is not None
                        assert refused.value.rcvd.code == 1013
                while (await client.get("/status")).json()["connections"]:
                    await asyncio.sleep(0.05)

    run(story())


@pytest.mark.parametrize("frame", ["", "{", "[]", '{"message": "secret"}', '{"sender": "nobody", "message": "secret"}'])
def test_a_frame_that_is_no_message_ends_the_connection_and_is_not_repeated(frame: str, talks: Talks) -> None:
    async def story() -> None:
        async with serving(talks) as (_, url), connect(url, **with_token()) as ws:
            await ws.send(frame)
            problem = json.loads(await asyncio.wait_for(ws.recv(), 60))
            assert problem["type"] == "error"
            assert "secret" not in json.dumps(problem)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(ws.recv(), 60)

    run(story())


@pytest.mark.slow
def test_a_store_that_is_locked_for_five_seconds_delays_an_answer_of_the_server(talks: Talks) -> None:
    async def story() -> httpx2.Response:
        async with serving(talks) as (client, _):
            await say(client, talks.customer, "hello")
            with lock(store_path(talks)) as holder:
                release = threading.Timer(5.0, lambda: holder.execute("COMMIT"))
                release.start()
                answer = await say(client, talks.customer, "stop emailing me")
                release.join()
            return answer

    answer = run(story())
    assert answer.status_code == 200
    assert answer.json()[0]["metadata"]["recorded"]
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}


@pytest.mark.slow
@pytest.mark.parametrize("step", [0, 1, 3])
def test_a_server_that_is_killed_in_mid_turn_leaves_the_last_whole_turn(step: int, talks: Talks) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    with killed_server(talks, step) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        with httpx2.Client(base_url=base, headers=headers, timeout=120) as client:
            for line in ("stop emailing me", "I want to cancel"):
                assert client.post(WEBHOOK, json={"sender": talks.customer, "message": line}).status_code == 200
            with pytest.raises(httpx2.TransportError):
                client.post(WEBHOOK, json={"sender": talks.customer, "message": "yes"})
        assert server.wait(60) == -signal.SIGKILL
    with closing(sqlite_module().connect(store_path(talks))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert talks.outcomes() == []

    async def again() -> Any:
        async with serving(talks) as (client, _):
            return (await say(client, talks.customer, "yes")).json()

    (goes_on,) = run(again())
    assert goes_on["metadata"]["turn"] == 3
    assert [kind.value for kind, _ in talks.outcomes()] == ["canceled"]


def killed_server(talks: Talks, step: int) -> subprocess.Popen[str]:
    """A server in a process of its own that dies at this step of writing the third turn."""
    command = [sys.executable, "-m", "tests.bot.killed_server", str(store_path(talks)), TOKEN, str(step)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_token_that_can_be_guessed_is_refused(
    talks: Talks, mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTAY_CHANNEL_TOKEN", "short")
    ran = mainstay("serve", "--store", talks.services.settings.store_location)
    assert ran.code == 2
    assert "MAINSTAY_CHANNEL_TOKEN" in ran.err
    assert "short" not in ran.err
