"""A small real chat completions server for tests, which answers or misbehaves as its script says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass(frozen=True)
class Scripted:
    """What the server sends back. `cut` bytes of the body are sent, then the connection breaks off."""

    status: int = 200
    body: bytes = b"{}"
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait_for: threading.Event | None = None


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


Reaction = Callable[[Call], Scripted]


class ScriptedServer(ThreadingHTTPServer):
    """Answers with the reactions in turn, the last one for ever after, and keeps every call."""

    daemon_threads = True

    def __init__(self, reactions: tuple[Reaction | Scripted, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self._reactions = reactions
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of the calls, in order."""
        return [call.body for call in self.calls]

    def reaction(self, call: Call) -> Scripted:
        with self._lock:
            chosen = self._reactions[min(len(self.calls), len(self._reactions) - 1)]
            self.calls.append(call)
        return chosen if isinstance(chosen, Scripted) else chosen(call)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that give up are part of these tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._react({})

    def do_POST(self) -> None:
        self._react(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _react(self, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = cast("ScriptedServer", self.server).reaction(Call(self.command, self.path, headers, body))
        if reply.wait_for is not None:
            reply.wait_for.wait(30)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut])
        if reply.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class names it
        pass


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Serve in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def scripted(*reactions: Reaction | Scripted) -> Iterator[ScriptedServer]:
    server = ScriptedServer(reactions)
    with running(server):
        yield server


def said(text: str | None, *, ended: str = "stop", usage: dict[str, Any] | None = None) -> Scripted:
    """A whole answer."""
    document: dict[str, Any] = {"choices": [{"message": {"content": text}, "finish_reason": ended}]}
    if usage is not None:
        document["usage"] = usage
    return Scripted(body=json.dumps(document).encode())


def failed(status: int, message: str = "", *, parameter: str = "", code: str = "", **headers: str) -> Scripted:
    """An error in OpenAI's form."""
    error = {"message": message, "param": parameter or None, "code": code or None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(status, json.dumps({"error": error}).encode(), headers=named)


def streamed(*texts: str, ended: str | None = "stop", done: bool = True, usage: Any = None) -> Scripted:
    """A streamed answer."""
    documents: list[Any] = [{"choices": [{"delta": {"content": text}, "finish_reason": None}]} for text in texts]
    if ended is not None:
        documents.append({"choices": [{"delta": {}, "finish_reason": ended}]})
    if usage is not None:
        documents.append({"choices": [], "usage": usage})
    lines = [f"data: {json.dumps(document)}\n\n" for document in documents] + ["data: [DONE]\n\n"] * done
    return Scripted(body="".join(lines).encode(), kind="text/event-stream")
