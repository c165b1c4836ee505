"""The writer behind a server, against real servers on this machine that behave well, badly, or not at all."""

import json
import logging
import random
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.generation.backend import Written
from bot.generation.brief import Brief
from bot.generation.guard import check
from bot.generation.openai_compatible.address import Server, is_loopback
from bot.generation.openai_compatible.backend import OpenAICompatibleBackend
from bot.generation.openai_compatible.pacing import Pace
from bot.generation.openai_compatible.protocol import Form
from bot.generation.spending import Prices, Spent
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief, mixed
from tests.bot.generation.chat_server import Call, Scripted, ScriptedServer, failed, said, scripted, streamed

KEY = "sk-very-secret-0123456789"
LETTER = {"subject": "About your plan", "preheader": "A word", "body": "Hello Anna,\n\nthank you.\n\nBrightline"}
LETTER_TEXT = "Subject: About your plan\nPreheader: A word\n\nHello Anna,\n\nthank you.\n\nBrightline"
OK = said("All is well.")


class Waits:
    """Sleeps that take no time and are remembered."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float, stop: threading.Event) -> None:
        self.seconds.append(seconds)


@contextmanager
def writer(
    server: ScriptedServer | str, waits: Waits | None = None, **options: Any
) -> Iterator[OpenAICompatibleBackend]:
    url = server if isinstance(server, str) else server.url
    limits = {name: options.pop(name) for name in ("most_bytes", "most_tries") if name in options}
    described = Server(url, **{"model": "some-model", **options})
    pace = Pace(described.requests_per_minute, clock=lambda: 0.0, sleep=waits or Waits())
    with closing(OpenAICompatibleBackend(described, pace=pace, chance=random.Random(1), **limits)) as backend:
        yield backend


def chat(number: int = 1) -> Brief:
    return brief(number, Channel.CHAT, "acknowledge")


def one(backend: OpenAICompatibleBackend, wanted: Brief | None = None) -> Written:
    return next(backend.write([wanted or chat()]))


def test_a_reply_is_asked_for_with_model_limits_and_seed() -> None:
    with scripted(OK) as server, writer(server) as backend:
        assert one(backend).text == "All is well."
    call = server.calls[0]
    assert (call.method, call.path) == ("POST", "/v1/chat/completions")
    assert (call.body["model"], call.body["max_tokens"], call.body["stream"]) == ("some-model", 160, False)
    assert "response_format" not in call.body
    assert "mainstay_brief" not in call.body
    assert "authorization" not in call.headers
    assert [message["role"] for message in call.body["messages"]] == ["system", "user"]


def test_an_email_is_bound_to_a_schema_that_every_server_knows() -> None:
    with scripted(said(json.dumps(LETTER))) as server, writer(server) as backend:
        assert one(backend, brief(1)).text == LETTER_TEXT
        assert backend.dialect.proven
    schema = server.calls[0].body["response_format"]["json_schema"]["schema"]
    assert set(schema) == {"type", "properties", "required", "additionalProperties"}


def test_a_server_without_schemas_is_asked_in_a_looser_form_and_the_finding_is_kept() -> None:
    def react(call: Call) -> Scripted:
        form = call.body.get("response_format", {}).get("type")
        return failed(400, f"{form} is not supported") if form else said(LETTER_TEXT)

    with scripted(react) as server, writer(server, concurrency=1) as backend:
        assert [written.text for written in backend.write([brief(1), brief(2)])] == [LETTER_TEXT] * 2
        assert backend.dialect.form is Form.TEXT
    forms = [body.get("response_format", {}).get("type") for body in server.bodies()]
    assert forms == ["json_schema", "json_object", None, None]


def test_json_objects_are_taken_where_schemas_are_refused_by_name() -> None:
    def react(call: Call) -> Scripted:
        is_schema = call.body["response_format"]["type"] == "json_schema"
        return failed(422, "no", parameter="response_format") if is_schema else said(json.dumps(LETTER))

    with scripted(react) as server, writer(server) as backend:
        assert one(backend, brief(1)).text == LETTER_TEXT
        assert backend.dialect.form is Form.JSON_OBJECT


def test_a_proven_form_is_not_given_up_for_one_bad_request() -> None:
    with (
        scripted(said(json.dumps(LETTER)), failed(400, "context too long"), said(json.dumps(LETTER))) as server,
        writer(server, concurrency=1) as backend,
    ):
        found = list(backend.write([brief(1), brief(2), brief(3)]))
        assert backend.dialect.form is Form.JSON_SCHEMA
    assert [written.text for written in found] == [LETTER_TEXT, None, LETTER_TEXT]
    assert "context too long" in (found[1].problem or "")
    assert len(server.calls) == 3


def test_a_request_that_is_refused_in_every_form_teaches_nothing() -> None:
    with scripted(failed(400, "bad luck")) as server, writer(server) as backend:
        assert "bad luck" in (one(backend, brief(1)).problem or "")
        assert backend.dialect.form is Form.JSON_SCHEMA
    assert len(server.calls) == 3


def test_a_model_with_other_parameters_is_met_on_its_terms() -> None:
    def react(call: Call) -> Scripted:
        if "max_tokens" in call.body:
            return failed(400, "use 'max_completion_tokens' instead", parameter="max_tokens")
        if "temperature" in call.body:
            return failed(400, "unsupported value", parameter="temperature")
        if "seed" in call.body:
            detail = [{"loc": ["body", "seed"], "msg": "extra fields not permitted"}]
            return Scripted(422, json.dumps({"detail": detail}).encode())
        return OK

    with scripted(react) as server, writer(server, concurrency=1) as backend:
        assert [written.text for written in backend.write([chat(1), chat(2)])] == ["All is well."] * 2
    assert len(server.calls) == 5
    assert "max_completion_tokens" in server.calls[-1].body


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_what_may_pass_is_tried_again_after_growing_pauses(status: int) -> None:
    waits = Waits()
    with scripted(*[failed(status)] * 3, OK) as server, writer(server, waits) as backend:
        assert one(backend).text == "All is well."
    assert len(server.calls) == 4
    assert all(low <= waited <= 2 * low for waited, low in zip(waits.seconds, (0.25, 0.5, 1.0), strict=True))


def test_the_pause_that_a_server_asks_for_is_kept() -> None:
    waits = Waits()
    with scripted(failed(429, retry_after="7"), OK) as server, writer(server, waits) as backend:
        assert one(backend).text == "All is well."
    assert max(waits.seconds) == 7


def test_a_server_that_asks_for_an_hour_is_not_waited_for() -> None:
    waits = Waits()
    with scripted(failed(429, "busy", retry_after="3600"), OK) as server, writer(server, waits) as backend:
        assert "asks to wait 3,600 s" in (one(backend).problem or "")
    assert waits.seconds == []


def test_failures_that_stay_are_the_problem_of_one_brief() -> None:
    def react(call: Call) -> Scripted:
        return failed(500, "cannot") if "Mary-Ann" in json.dumps(call.body["messages"]) else OK

    briefs = [chat(number) for number in range(12)]
    hit = ["Mary-Ann" in item.facts.text("first_name") for item in briefs]
    assert any(hit)
    with scripted(react) as server, writer(server, most_tries=2) as backend:
        found = list(backend.write(briefs))
    assert [written.text is None for written in found] == hit
    assert {written.problem for written in found if written.problem} == {"the server at 127.0.0.1 answers 500: cannot"}


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Scripted(body=b'{"choices": [{'), "not JSON"),
        (Scripted(body=b"[" * 40_000), "not JSON"),
        (Scripted(body=b'{"choices": []}'), "holds no text"),
        (Scripted(body=b'{"choices": [{"message": 7}]}'), "holds no message"),
        (Scripted(body=b"<html>hello</html>", kind="text/html"), "answers with text/html"),
        (Scripted(body=b"{" + b" " * 60_000 + b"}"), "larger than 50,000 bytes"),
        (said(""), "wrote nothing"),
        (said(None), "wrote nothing"),
        (said("<think>hm"), "wrote nothing"),
        (said("I was about to", ended="length"), "used up its tokens"),
        (said("I was about to", ended="content_filter"), "content filter"),
        (Scripted(body=b'{"choices": [{"message": {"refusal": "I will not"}}]}'), "declined"),
    ],
)
def test_an_answer_that_is_none_is_a_problem(reply: Scripted, problem: str) -> None:
    with scripted(reply) as server, writer(server, most_bytes=50_000) as backend:
        assert problem in (one(backend).problem or "")


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    with scripted(replace(OK, cut=20), OK) as server, writer(server) as backend:
        assert one(backend).text == "All is well."
    assert len(server.calls) == 2


def test_a_server_that_says_nothing_is_a_problem_and_not_asked_again() -> None:
    release = threading.Event()
    with scripted(replace(OK, wait_for=release)) as server, writer(server, read_timeout=0.2) as backend:
        assert "no answer from 127.0.0.1" in (one(backend).problem or "")
        release.set()
    assert len(server.calls) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_will_not_have_us_is_unavailable(status: int) -> None:
    with (
        scripted(failed(status, "go away")) as server,
        writer(server) as backend,
        pytest.raises(BackendUnavailableError, match=f"answers {status}: go away") as caught,
    ):
        list(backend.write([chat(1), chat(2)]))
    assert caught.value.hint != BackendUnavailableError.hint
    assert len(server.calls) <= 4


def test_an_account_without_credit_is_not_asked_again() -> None:
    with (
        scripted(failed(429, "no credit", code="insufficient_quota")) as server,
        writer(server) as backend,
        pytest.raises(BackendUnavailableError, match="no credit"),
    ):
        one(backend)
    assert len(server.calls) == 1


def test_a_server_that_is_not_there_is_unavailable_and_then_asked_once_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    waits = Waits()
    with writer(f"http://127.0.0.1:{port}/v1", waits, most_tries=3) as backend:
        for _ in range(2):
            with pytest.raises(BackendUnavailableError, match="cannot be reached"):
                one(backend)
    assert len(waits.seconds) == 2


def test_approved_wording_stands_in_where_the_server_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with writer(f"http://127.0.0.1:{port}/v1", most_tries=1) as backend:
        texts = list(Writer(backend, TemplateBackend(), check).write_many(mixed(3)))
    assert all(text.released and text.fell_back and "cannot be reached" in text.problem for text in texts)


def test_redirects_to_another_host_are_not_followed() -> None:
    with scripted(OK) as other:
        elsewhere = Scripted(
            307, headers={"Location": f"http://localhost:{other.server_address[1]}/v1/chat/completions"}
        )
        with (
            scripted(elsewhere) as server,
            writer(server) as backend,
            pytest.raises(BackendUnavailableError, match="redirects to localhost"),
        ):
            one(backend)
        assert other.calls == []


def test_redirects_within_the_server_are_followed_a_few_times() -> None:
    moved = Scripted(308, headers={"Location": "/v2/chat/completions"})
    with scripted(moved, OK) as server, writer(server) as backend:
        assert one(backend).text == "All is well."
    assert [call.path for call in server.calls] == ["/v1/chat/completions", "/v2/chat/completions"]
    assert server.calls[1].body == server.calls[0].body
    with (
        scripted(moved) as server,
        writer(server) as backend,
        pytest.raises(BackendUnavailableError, match="sends from"),
    ):
        one(backend)


def test_texts_come_in_the_order_of_the_briefs_and_several_are_under_way() -> None:
    together = threading.Barrier(3, timeout=20)
    briefs = [chat(number) for number in range(9)]
    places = {(item.seed * 31) % (1 << 31): str(place) for place, item in enumerate(briefs)}

    def react(call: Call) -> Scripted:
        together.wait()
        return said(f"text {places[call.body['seed']]}")

    with scripted(react) as server, writer(server, concurrency=3) as backend:
        assert [written.text for written in backend.write(briefs)] == [f"text {place}" for place in range(9)]


def test_no_more_is_asked_than_is_wanted() -> None:
    with scripted(OK) as server, writer(server, concurrency=2) as backend:
        texts = backend.write([chat(number) for number in range(200)])
        next(texts)
        texts.close()  # type: ignore[attr-defined]
    assert len(server.calls) < 20


def test_requests_keep_their_distance() -> None:
    waits = Waits()
    with scripted(OK) as server, writer(server, waits, requests_per_minute=30, concurrency=1) as backend:
        list(backend.write([chat(number) for number in range(4)]))
    assert waits.seconds == [2, 4, 6]  # the clock stands still, so each waits for all before it


def test_tokens_are_counted_and_cost_money() -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 500}
    with scripted(said("Yes.", usage=usage)) as server, writer(server, prices=Prices(2.0, 8.0)) as backend:
        assert [written.tokens for written in backend.write([chat(1), chat(2)])] == [500, 500]
        assert backend.spent == Spent(2, 2000, 1000, 0, pytest.approx(0.012))  # type: ignore[arg-type]
        assert str(backend.spent) == "2,000 tokens read and 1,000 written, costing 0.0120"


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": -3, "completion_tokens": True}, {"prompt_tokens": 10**12}])
def test_tokens_that_a_server_does_not_count_are_estimated(usage: dict[str, Any] | None) -> None:
    with scripted(said("Eleven char", usage=usage)) as server, writer(server) as backend:
        assert one(backend).tokens == 3
        assert (backend.spent.estimated, backend.spent.tokens_out) == (1, 3)
        assert 100 < backend.spent.tokens_in < 3000


def test_a_text_that_is_cut_is_paid_for_too() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 160}
    with scripted(said("I was", ended="length", usage=usage)) as server, writer(server) as backend:
        assert one(backend).tokens == 160
        assert backend.spent.tokens_out == 160


def test_thoughts_and_control_characters_are_taken_out() -> None:
    with (
        scripted(said("<think>secret plan</think>\n\nHello\x1b[31m\u0000 there\r\n\ud800")) as server,
        writer(server) as backend,
    ):
        assert one(backend).text == "Hello[31m there"
    with scripted(said("plan</think>Hello")) as server, writer(server) as backend:
        assert one(backend).text == "Hello"


def test_a_stream_gives_the_pieces_and_counts_them() -> None:
    reply = streamed(
        "<th", "ink>hm</think>", " Hello", " there", ", Anna. ", usage={"prompt_tokens": 7, "completion_tokens": 9}
    )
    with scripted(reply) as server, writer(server) as backend:
        assert list(backend.stream(chat())) == ["Hello", " there", ", Anna."]
        assert (backend.spent.tokens_in, backend.spent.tokens_out, backend.spent.estimated) == (7, 9, 0)
    assert server.calls[0].body["stream_options"] == {"include_usage": True}


def test_an_old_server_is_not_asked_for_usage_twice() -> None:
    def react(call: Call) -> Scripted:
        return failed(400, "unknown field") if "stream_options" in call.body else streamed("Hello")

    with scripted(react) as server, writer(server) as backend:
        assert "".join(backend.stream(chat())) == "Hello"
        assert "".join(backend.stream(chat())) == "Hello"
        assert backend.spent.estimated == 2
    assert len(server.calls) == 3


def test_a_server_that_does_not_stream_is_read_whole() -> None:
    with scripted(OK) as server, writer(server) as backend:
        assert "".join(backend.stream(chat())) == "All is well."


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (replace(streamed("Hello", " there"), cut=70), "broke off"),
        (streamed("Hello", ended=None, done=False), "broke off"),
        (streamed("Hello", ended="length"), "used up its tokens"),
        (streamed(), "wrote nothing"),
        (
            Scripted(body=b'data: {"error": {"message": "out of memory"}}\n\n', kind="text/event-stream"),
            "out of memory",
        ),
        (Scripted(body=b"data: {\n\n", kind="text/event-stream"), "not JSON"),
        (Scripted(body=b"data: x" * 20_000, kind="text/event-stream"), "larger than 50,000"),
    ],
)
def test_a_stream_that_goes_wrong_raises(reply: Scripted, problem: str) -> None:
    with (
        scripted(reply) as server,
        writer(server, most_bytes=50_000) as backend,
        pytest.raises(BackendError, match=problem),
    ):
        list(backend.stream(chat()))


def test_a_stream_is_opened_again_only_before_its_first_piece() -> None:
    with scripted(failed(503), streamed("Hello")) as server, writer(server) as backend:
        assert "".join(backend.stream(chat())) == "Hello"
    assert len(server.calls) == 2


def test_an_email_is_streamed_once_it_is_whole() -> None:
    with scripted(said(json.dumps(LETTER))) as server, writer(server) as backend:
        assert "".join(backend.stream(brief(1))) == LETTER_TEXT
    with (
        scripted(said("no letter")) as server,
        writer(server) as backend,
        pytest.raises(BackendError, match="no subject"),
    ):
        list(backend.stream(brief(1)))


def models(*names: str) -> Scripted:
    return Scripted(body=json.dumps({"data": [{"id": name} for name in names]}).encode())


def test_the_only_model_of_a_server_needs_no_name() -> None:
    with scripted(models("llama"), OK) as server, writer(server, model="") as backend:
        assert one(backend).text == "All is well."
    assert server.calls[1].body["model"] == "llama"
    with scripted(models("llama", "qwen")) as server, writer(server, model="") as backend:
        with pytest.raises(BackendUnavailableError, match="has 2 models") as caught:
            one(backend)
        assert "llama, qwen" in caught.value.hint


def test_the_key_of_the_environment_goes_into_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", f" {KEY}\n")
    with scripted(OK) as server, writer(server, api_key_env="SOME_KEY") as backend:
        one(backend)
    assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"


def test_azure_has_a_header_and_a_version_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", KEY)
    with scripted(OK) as server, writer(server, model="", api_key_env="SOME_KEY", api_version="2024-10-21") as backend:
        assert one(backend).text == "All is well."
    call = server.calls[0]
    assert (call.path, call.headers["api-key"]) == ("/v1/chat/completions?api-version=2024-10-21", KEY)
    assert "authorization" not in call.headers


@pytest.mark.parametrize(("value", "message"), [(None, "holds no key"), ("two words", "characters that no key has")])
def test_a_key_that_is_missing_or_broken_is_told_without_showing_it(
    value: str | None, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("SOME_KEY", value)
    with (
        scripted(OK) as server,
        writer(server, api_key_env="SOME_KEY") as backend,
        pytest.raises(BackendUnavailableError, match=message) as caught,
    ):
        one(backend)
    assert "two words" not in f"{caught.value} {caught.value.hint}"
    assert server.calls == []


def test_the_keyring_is_asked_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "keyring"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        f"def get_password(*asked):\n    return {KEY!r} if asked == ('mainstay', '127.0.0.1') else None\n"
    )
    (folder / "errors.py").write_text("class KeyringError(Exception):\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("keyring", "keyring.errors"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with scripted(OK) as server, writer(server, api_key_env="SOME_KEY") as backend:
        one(backend)
    assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_the_server_repeats_is_covered_and_none_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SOME_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with scripted(failed(401, f"Incorrect key {KEY}")) as server, writer(server, api_key_env="SOME_KEY") as backend:
        with pytest.raises(BackendUnavailableError, match=r"Incorrect key \*\*\*") as caught:
            one(backend)
        assert KEY not in f"{caught.value!r} {caught.value.hint} {backend!r} {backend.server!r}"
    assert KEY in str(server.calls[0].headers)
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("::1", True), ("LOCALHOST", True), ("10.0.0.1", False), ("localhost.evil.example", False)],
)
def test_this_machine_is_known_by_its_addresses(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


@pytest.mark.parametrize(
    ("url", "is_open"),
    [("http://127.0.0.1/v1", False), ("https://api.example/v1", False), ("http://gpu.lan:8000/v1", True)],
)
def test_an_unencrypted_way_to_another_machine_is_known(url: str, is_open: bool) -> None:
    assert Server(url).is_readable_by_others is is_open


def test_a_number_that_json_does_not_know_is_sent_as_nothing() -> None:
    odd = replace(chat(), facts=replace(chat().facts, values={"price": float("nan"), "company": "B"}))
    build: Callable[..., Any] = OpenAICompatibleBackend
    with scripted(OK) as server, closing(build(Server(server.url, "m", is_mainstay=True))) as backend:
        assert one(backend, odd).problem is None
    assert len(server.calls) == 1
