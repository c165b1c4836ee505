"""The action server: who may call it, and how little it says when something is wrong."""

import asyncio
import json
import socket
import zlib
from typing import Any

import httpx2
import pytest
from sanic import Sanic

from bot.dialogue.hardened import MOST_BYTES
from bot.dialogue.server import build_app
from db.vocabulary import SuppressionReason
from tests.bot.conftest import Talks
from tests.conftest import Command

TOKEN = "a-token-for-tests"


def call(talks: Talks, action: str = "action_opt_out") -> dict[str, Any]:
    message = {"text": "please, secret words"}
    return {
        "next_action": action,
        "tracker": {"sender_id": talks.customer, "slots": {}, "latest_message": message},
        "domain": {},
    }


def ask(talks: Talks, method: str = "POST", path: str = "/webhook", **request: Any) -> httpx2.Response:
    """One request to a server of its own on a free port."""
    request["headers"] = {"authorization": f"Bearer {TOKEN}", **request.get("headers", {})}

    async def answer() -> httpx2.Response:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            app = build_app(talks.services, TOKEN)
            server: Any = await app.create_server(sock=listening, return_asyncio_server=True)
            await server.startup()
            try:
                async with httpx2.AsyncClient() as client:
                    return await client.request(
                        method, f"http://127.0.0.1:{listening.getsockname()[1]}{path}", **request
                    )
            finally:
                server.close()
                await server.wait_closed()
                Sanic.unregister_app(app)

    return asyncio.run(answer())


def test_an_action_is_run_kept_and_put_into_words(talks: Talks) -> None:
    answer = ask(talks, json=call(talks))
    assert answer.status_code == 200
    assert answer.json()["events"][0] == {"event": "slot", "timestamp": None, "name": "opted_out", "value": True}
    assert answer.json()["responses"][0]["text"]
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}


def test_a_message_is_read_in_its_context(talks: Talks) -> None:
    said = {"sender_id": talks.customer, "text": "yes", "slots": {"pending": "cancel"}, "events": []}
    assert ask(talks, path="/understand", json=said).json()["intent"]["name"] == "affirm"
    assert ask(talks, path="/understand", json={**said, "slots": {}}).json()["intent"]["name"] == "yes_to_nothing"
    assert ask(talks, path="/understand", json={"text": "yes"}).status_code == 404
    assert ask(talks, path="/understand", json=said, headers={"authorization": ""}).status_code == 401


def test_a_conversation_begins_with_the_words_that_a_machine_writes(talks: Talks) -> None:
    answer = ask(talks, json=call(talks, "action_session_start")).json()
    assert answer["responses"][0]["text"] == talks.open().greeting
    assert [event["event"] for event in answer["events"]] == ["session_started", "action"]


def test_a_message_that_another_pipeline_understood_gets_our_reading_and_keeps_its_intent(talks: Talks) -> None:
    taken_in = call(talks, "action_validate_slot_mappings")
    taken_in["tracker"]["latest_message"] = {"text": "you charge too much", "intent": {"name": "price_complaint"}}
    slots = {event["name"]: event["value"] for event in ask(talks, json=taken_in).json()["events"]}
    assert slots["reason"] == "price"
    assert slots["leaving"] == "not_told"


def test_the_end_of_messages_beside_another_wish_is_kept_before_any_rule(talks: Talks) -> None:
    said = {"sender_id": talks.customer, "text": "stop emailing me and cancel my contract", "slots": {}, "events": []}
    taken_in = call(talks, "action_validate_slot_mappings")
    taken_in["tracker"]["latest_message"] = ask(talks, path="/understand", json=said).json()
    answer = ask(talks, json=taken_in).json()
    assert taken_in["tracker"]["latest_message"]["intent"]["name"] == "cancel"
    assert {"event": "slot", "timestamp": None, "name": "at_once", "value": ["action_opt_out"]} in answer["events"]
    assert answer["responses"]
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}


def test_the_token_may_stand_in_the_query(talks: Talks) -> None:
    answer = ask(talks, path=f"/webhook?token={TOKEN}", headers={"authorization": ""}, json=call(talks))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"host": "evil.example"}, 403),
        ({"origin": "https://evil.example"}, 403),
    ],
)
def test_strangers_are_sent_away(talks: Talks, headers: dict[str, str], status: int) -> None:
    assert ask(talks, headers=headers, json=call(talks)).status_code == status
    assert talks.suppressions() == set()


def test_health_needs_no_token_and_says_nothing_else(talks: Talks) -> None:
    answer = ask(talks, "GET", "/health", headers={"authorization": ""})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"next_action": "action_unknown"}, 404),
        ({"tracker": {"sender_id": "nobody"}}, 422),
        ({"tracker": {}}, 404),
        ({"tracker": "text"}, 400),
    ],
)
def test_a_wrong_call_gets_an_error_that_repeats_nothing(talks: Talks, change: dict[str, Any], status: int) -> None:
    answer = ask(talks, json={**call(talks), **change})
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "error_id"}
    assert "secret words" not in answer.text
    assert "nobody" not in answer.text


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"null", b"[" * 5_000])
def test_a_body_that_is_no_call_is_refused(talks: Talks, body: bytes) -> None:
    assert ask(talks, content=body).status_code == 400


def test_a_small_body_that_inflates_without_end_is_refused(talks: Talks) -> None:
    bomb = zlib.compress(b" " * (50 * MOST_BYTES))
    assert ask(talks, content=bomb, headers={"content-encoding": "deflate"}).status_code == 400


def test_a_deflated_call_is_read(talks: Talks) -> None:
    body = zlib.compress(json.dumps(call(talks, "action_is_bot")).encode())
    assert ask(talks, content=body, headers={"content-encoding": "deflate"}).status_code == 200


def test_a_token_that_can_be_guessed_is_refused(
    talks: Talks, mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTAY_ACTIONS_TOKEN", "short")
    ran = mainstay("actions", "--store", talks.services.settings.store_location)
    assert ran.code == 2
    assert "MAINSTAY_ACTIONS_TOKEN" in ran.err
    assert "short" not in ran.err
