"""`mainstay serve-model`, asked by a plain HTTP client and by our own writer."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.generation.backend import Backend, PromptBackend, Written, pieces
from bot.generation.brief import Brief
from bot.generation.brief_json import brief_to_json
from bot.generation.guard import check
from bot.generation.openai_compatible.address import Server
from bot.generation.openai_compatible.backend import OpenAICompatibleBackend
from bot.generation.scripted import ScriptedBackend
from bot.generation.serving.completions import MOST_MESSAGES
from bot.generation.serving.server import MOST_BYTES, ModelServer
from bot.generation.structured import email_from
from bot.generation.template.approved import TemplateBackend
from bot.generation.writer import Writer
from db.errors import BackendError, BackendUnavailableError, SettingsError
from db.vocabulary import Channel, Json
from tests.bot.generation.briefs import brief, mixed
from tests.bot.generation.chat_server import running
from tests.bot.generation.voices import voices_brief
from tests.conftest import ROOT, Command

TEMPLATE = TemplateBackend()
HELLO = {"messages": [{"role": "user", "content": "Hello, who are you?"}]}


class Parrot:
    """A writer that takes prompts: it says the last turn again."""

    name = "parrot"

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        yield from (Written("a brief") for _ in briefs)

    def stream(self, brief: Brief) -> Iterator[str]:
        yield from pieces("a brief")

    def complete(self, messages: Sequence[Mapping[str, str]], *, most_tokens: int | None = None) -> Written:
        words = messages[-1]["content"].split()[:most_tokens]
        return Written(" ".join(words), tokens=len(words)) if words else Written(None, "nothing was said")


@contextmanager
def serving(backend: Backend = TEMPLATE, *, key: str | None = None) -> Iterator[str]:
    """The base URL of a server on a free port."""
    server = ModelServer(backend, port=0, key=key)
    with running(server):
        yield server.url


@pytest.fixture(scope="module")
def template_url() -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.fixture(scope="module")
def parrot_url() -> Iterator[str]:
    with serving(Parrot()) as url:
        yield url


def ask(url: str, document: object = None, **request: Any) -> httpx2.Response:
    content = request.pop("content", None) or json.dumps(document).encode()
    headers = {"content-type": "application/json", **request.pop("headers", {})}
    with httpx2.Client(trust_env=False, timeout=60) as client:
        return client.post(f"{url}/chat/completions", content=content, headers=headers, **request)


def get(url: str, **headers: str) -> httpx2.Response:
    with httpx2.Client(trust_env=False, timeout=60) as client:
        return client.get(url, headers=headers)


def with_brief(one: Brief, **more: Any) -> Json:
    return {**HELLO, "mainstay_brief": brief_to_json(one), **more}


def our_writer(url: str, **options: Any) -> closing[OpenAICompatibleBackend]:
    return closing(OpenAICompatibleBackend(Server(url, is_mainstay=True, **options), most_tries=1))


def test_our_own_writer_gets_the_texts_that_the_served_one_writes(template_url: str) -> None:
    briefs = [*mixed(12), *mixed(6, Channel.CHAT), voices_brief()]
    with our_writer(template_url) as backend:
        found = [written.text for written in backend.write(briefs)]
    wanted = [TEMPLATE.compose(one) for one in briefs]
    letters = [email_from(text).as_text() if one.channel is Channel.EMAIL else text.strip()
               for one, text in zip(briefs, wanted, strict=True)]  # fmt: skip
    assert found == letters


def test_the_guard_releases_what_comes_over_the_wire(template_url: str) -> None:
    with our_writer(template_url) as backend:
        texts = list(Writer(backend, TEMPLATE, check).write_many(mixed(8)))
        assert backend.spent.answers == sum(text.attempts for text in texts if not text.fell_back)
    assert [text.backend for text in texts if text.released] == ["openai_compatible"] * 8


def test_a_reply_is_streamed_through_both_ends(template_url: str) -> None:
    one = brief(3, Channel.CHAT, "present_offer")
    with our_writer(template_url) as backend:
        parts = list(backend.stream(one))
        assert (backend.spent.answers, backend.spent.estimated) == (1, 0)
    assert "".join(parts) == TEMPLATE.compose(one)
    assert len(parts) > 3


def test_a_brief_of_a_plain_server_setting_stays_at_home(template_url: str) -> None:
    server = Server(template_url, is_mainstay=False)
    with closing(OpenAICompatibleBackend(server, most_tries=1)) as backend:
        written = next(backend.write([brief(1, Channel.CHAT)]))
    assert "answers briefs only" in (written.problem or "")


def test_the_models_are_one(template_url: str) -> None:
    found = get(f"{template_url}/models").json()
    assert [model["id"] for model in found["data"]] == ["mainstay-template"]
    assert get(template_url.replace("/v1", "/health")).json() == {"status": "ok"}


def test_an_answer_has_the_shape_that_clients_expect(template_url: str) -> None:
    one = brief(1)
    found = ask(template_url, with_brief(one, model="mainstay-template")).json()
    assert (found["object"], found["model"]) == ("chat.completion", "mainstay-template")
    assert found["choices"][0]["message"] == {"role": "assistant", "content": TEMPLATE.compose(one), "refusal": None}
    assert found["choices"][0]["finish_reason"] == "stop"
    usage = found["usage"]
    assert usage["completion_tokens"] == len(TEMPLATE.compose(one).split())
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def events(answer: httpx2.Response) -> list[Any]:
    assert answer.headers["content-type"].startswith("text/event-stream")
    data = [line[6:] for line in answer.text.split("\n") if line.startswith("data: ")]
    return [entry if entry == "[DONE]" else json.loads(entry) for entry in data]


def test_a_stream_has_the_shape_that_clients_expect(template_url: str) -> None:
    one = brief(1, Channel.CHAT, "greet")
    found = events(ask(template_url, with_brief(one, stream=True, stream_options={"include_usage": True})))
    assert found[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(event["choices"][0]["delta"].get("content", "") for event in found[:-2]) == TEMPLATE.compose(one)
    assert found[-3]["choices"][0]["finish_reason"] == "stop"
    assert (found[-2]["choices"], found[-2]["usage"]["completion_tokens"] > 5, found[-1]) == ([], True, "[DONE]")


def test_a_stream_that_fails_at_once_is_an_ordinary_error() -> None:
    with serving(ScriptedBackend(BackendError("out of words"))) as url:
        answer = ask(url, with_brief(brief(1, Channel.CHAT), stream=True))
    assert (answer.status_code, answer.json()["error"]["message"]) == (422, "out of words")


class Stumbles(Parrot):
    def stream(self, brief: Brief) -> Iterator[str]:
        yield "Hello"
        raise BackendError("out of words")


def test_a_stream_that_fails_later_ends_with_an_error_and_is_not_done() -> None:
    one = brief(1, Channel.CHAT)
    with serving(Stumbles()) as url:
        found = events(ask(url, with_brief(one, stream=True)))
        with our_writer(url) as backend, pytest.raises(BackendError, match="out of words"):
            list(backend.stream(one))
    assert found[-1]["error"]["message"] == "out of words"


@pytest.mark.parametrize(
    ("failure", "status"), [(BackendError("no words"), 422), (BackendUnavailableError("no model"), 503)]
)
def test_a_writer_that_fails_says_why(failure: BackendError, status: int) -> None:
    class Failing(Parrot):
        def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
            raise failure

    with serving(Failing()) as url:
        answer = ask(url, with_brief(brief(1)))
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, failure.message)


def test_a_fault_of_ours_is_logged_and_hardly_told(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Parrot):
        def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
            raise LookupError("inner secrets")

    with caplog.at_level(logging.ERROR), serving(Faulty()) as url:
        answer = ask(url, with_brief(brief(1)))
        again = get(f"{url}/models")
    number = re.search(r"error ([0-9a-f]{8})", answer.json()["error"]["message"])
    assert (answer.status_code, again.status_code) == (500, 200)
    assert number is not None
    assert number[1] in caplog.text
    assert "secrets" not in answer.text


def test_a_prompt_is_answered_by_a_writer_that_takes_prompts(parrot_url: str) -> None:
    assert isinstance(Parrot(), PromptBackend)
    found = ask(parrot_url, {**HELLO, "max_tokens": 3}).json()
    assert found["choices"][0]["message"]["content"] == "Hello, who are"
    assert found["usage"]["completion_tokens"] == 3
    parts = [{"type": "text", "text": "in "}, {"type": "text", "text": "parts"}]
    turns = {"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}]}
    found = events(ask(parrot_url, {**turns, "stream": True}))
    assert "".join(event["choices"][0]["delta"].get("content", "") for event in found[:-1]) == "in parts"


def test_our_writer_gets_prompts_answered_and_learns_that_there_are_no_schemas(parrot_url: str) -> None:
    with closing(OpenAICompatibleBackend(Server(parrot_url), most_tries=1)) as backend:
        told = next(backend.write([brief(1, Channel.CHAT)])).text or ""
        assert told.startswith("FACTS")
        next(backend.write([brief(1)]))
        assert backend.dialect.form.value == "text"


@pytest.mark.parametrize("writer", [TEMPLATE, ScriptedBackend("Hello.")])
def test_a_prompt_without_a_brief_needs_another_writer(writer: Backend) -> None:
    with serving(writer) as url:
        answer = ask(url, HELLO)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (400, "brief_required", "mainstay_brief")
    assert "transformers" in error["message"]


@pytest.mark.parametrize(
    ("change", "status", "parameter"),
    [
        ({"messages": []}, 400, "messages"),
        ({"messages": "Hello"}, 400, "messages"),
        ({"messages": [{"role": "king", "content": "x"}]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": 7}]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 7}]}]}, 400, "messages"),
        ({"messages": HELLO["messages"] * (MOST_MESSAGES + 1)}, 400, "messages"),
        ({"n": 2}, 400, "n"),
        ({"model": "gpt-5"}, 404, "model"),
        ({"max_tokens": 0}, 400, "max_tokens"),
        ({"max_completion_tokens": "many"}, 400, "max_completion_tokens"),
        ({"tools": [{}]}, 400, "tools"),
        ({"response_format": {"type": "json_object"}}, 400, "response_format"),
        ({"mainstay_brief": {"channel": "pigeon"}}, 400, "mainstay_brief"),
        ({"mainstay_brief": 7}, 400, "mainstay_brief"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused_by_name(
    change: Json, status: int, parameter: str, parrot_url: str
) -> None:
    answer = ask(parrot_url, {**HELLO, **change})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["type"]) == (status, parameter, "invalid_request_error")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[1]", {}, 400),
        (b"[" * 200_000, {}, 400),
        (b'{"messages": NaN}', {}, 400),
        (b'{"messages": 1e999}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b" " * (MOST_BYTES + 1), {}, 413),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{}", {"origin": "https://evil.example"}, 403),
        (b"{}", {"host": "evil.example"}, 403),
    ],
)
def test_a_body_or_caller_that_is_wrong_is_refused(
    content: bytes, headers: dict[str, str], status: int, parrot_url: str
) -> None:
    answer = ask(parrot_url, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def raw(url: str, request: bytes) -> bytes:
    """The answer to bytes that no client library would send; the connection must be closed by the server."""
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n\r\n", b"411"),
        (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"DELETE /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /", b"200"),
    ],
)
def test_odd_requests_get_an_answer_in_json_and_the_connection_is_closed(
    request_line: bytes, status: bytes, template_url: str
) -> None:
    answer = raw(template_url, request_line)
    assert status in answer.split(b"\r\n")[0]
    assert b"Content-Type: application/json" in answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"Python" not in answer


def test_addresses_with_nothing_there_are_404(template_url: str) -> None:
    assert get(f"{template_url}/nothing").status_code == 404
    with httpx2.Client(trust_env=False, timeout=60) as client:
        assert client.post(f"{template_url}/embeddings", json={}).status_code == 404


def test_a_key_is_asked_for_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(key="geheim-ü") as url:
        monkeypatch.setenv("SOME_KEY", "wrong")
        assert get(f"{url}/models").status_code == 401
        with our_writer(url, api_key_env="SOME_KEY") as backend, pytest.raises(BackendUnavailableError, match="401"):
            backend.models()
    with serving(key="right") as url:
        monkeypatch.setenv("SOME_KEY", "right")
        with our_writer(url, api_key_env="SOME_KEY") as backend:
            assert backend.models() == ["mainstay-template"]
        assert get(f"{url}/models", **{"api-key": "right"}).status_code == 200


def test_other_machines_are_served_only_with_a_key() -> None:
    with pytest.raises(SettingsError, match="there is no key"):
        ModelServer(TEMPLATE, "0.0.0.0", 0)
    with ModelServer(TEMPLATE, "0.0.0.0", 0, key="k") as server:
        assert server.names is None


def test_a_port_that_is_taken_is_named() -> None:
    with ModelServer(TEMPLATE, port=0) as server, pytest.raises(SettingsError, match="cannot be used"):
        ModelServer(TEMPLATE, port=int(server.server_address[1]))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Children hear Ctrl-C, as from a terminal, even where these tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_the_command_serves_until_it_is_interrupted(own_home: Path) -> None:
    command = [sys.executable, "-m", "bot", "serve-model", "--port", "0", "--backend", "template"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        try:
            line = process.stderr.readline()
            found = re.search(r"mainstay-template is served at (\S+);", line)
            assert found is not None, line
            answer = ask(found[1], with_brief(brief(1)))
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
        assert process.stdout.read() == ""
    assert answer.json()["choices"][0]["message"]["content"].startswith("Subject:")


def test_the_command_refuses_other_machines_without_a_key(mainstay: Command) -> None:
    ran = mainstay("serve-model", "--host", "0.0.0.0", "--port", 0, "--backend", "template")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no key" in ran.err
