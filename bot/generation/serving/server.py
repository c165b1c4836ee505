"""The HTTP side of `mainstay serve-model`: who may ask, how much, and answers whole or as a stream.

Only this machine may ask unless another address is chosen, and then a key is required. The texts are as the writer gave
them: the guard stands where they are used, on the side that asks.
"""

import hmac
import json
import logging
import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from socketserver import TCPServer
from typing import Any, cast

from bot.generation.backend import Backend, pieces
from bot.generation.serving.completions import (
    Asked,
    RequestError,
    answer,
    chunk_json,
    completion_json,
    model_name,
    models_json,
    read_request,
    usage_json,
)
from bot.generation.spending import estimated_tokens
from db.errors import MainstayError, SettingsError
from db.vocabulary import Json

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
MOST_DRAINED = 8_000_000
"""Bytes of a refused body that are read away, so that its sender gets to see the refusal."""

MOST_WAITING = 32
"""Requests that may wait for the writer; more are told to come again."""

SECONDS = 30.0
"""How long a silent connection is kept."""

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class ModelServer(ThreadingHTTPServer):
    """Serves one writer at `host` and `port` (0: any free one), with `key` asked of everybody where there is one.

    Each connection has a thread; the writer gets one request at a time. Raises SettingsError where another address
    than this machine's is to be served without a key, or the address cannot be had.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, backend: Backend, host: str = "127.0.0.1", port: int = 8417, *, key: str | None = None) -> None:
        is_local = host in {"127.0.0.1", "localhost", "::1"}
        if not is_local and not key:
            raise SettingsError(
                f"serving at {host} lets other machines ask, and there is no key",
                hint="Put a key into the variable that --api-key-env names, or serve at 127.0.0.1.",
            )
        self.backend = backend
        self.key = key
        self.names = LOCAL_NAMES if is_local and not key else None
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._turn = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            raise SettingsError(
                f"port {port} of {host} cannot be used: {error.strerror}.", hint="Try --port."
            ) from error

    def server_bind(self) -> None:
        """Bind without asking the network for our own name, as the base class does, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def url(self) -> str:
        """What clients set as their base URL."""
        host, port = self.server_address[0], self.server_address[1]
        name = str(host)
        return f"http://{f'[{name}]' if ':' in name else name}:{port}/v1"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The writer for oneself; raises RequestError where too many wait for it."""
        if not self._waiting.acquire(blocking=False):
            raise RequestError(503, "too many requests are waiting", code="overloaded")
        try:
            with self._turn:
                yield
        finally:
            self._waiting.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a fault of ours, kept in the log."""
        error = sys.exception() if sys.version_info >= (3, 12) else sys.exc_info()[1]
        if isinstance(error, OSError):
            log.info("a client went away (%s)", type(error).__name__)
        else:
            log.error("a request failed", exc_info=error)


class _Handler(BaseHTTPRequestHandler):
    """One connection, request after request."""

    protocol_version = "HTTP/1.1"
    server_version = "mainstay"
    sys_version = ""
    timeout = SECONDS

    @property
    def owner(self) -> ModelServer:
        """The server with the writer."""
        return cast("ModelServer", self.server)

    def do_GET(self) -> None:
        """The list of models, and whether the server is well."""
        if self.headers.get("content-length") or self.headers.get("transfer-encoding"):
            self.close_connection = True  # a body that nobody reads must not pass for the next request
        try:
            self._admit()
            path = self.path.partition("?")[0].rstrip("/")
            if path == "/v1/models":
                self._send(200, models_json(self.owner.backend))
            elif path == "/health":
                self._send(200, {"status": "ok"})
            else:
                raise RequestError(404, "there is nothing at this address")
        except RequestError as error:
            self._refuse(error)

    def do_POST(self) -> None:
        """An answer to a chat completions request."""
        try:
            body = self._body()
            self._admit()
            if self.path.partition("?")[0].rstrip("/") != "/v1/chat/completions":
                raise RequestError(404, "there is nothing at this address")
            self._answer(read_request(body, self.owner.backend))
        except RequestError as error:
            self._refuse(error)

    def _admit(self) -> None:
        """Raises RequestError for a stranger: without the key, or a web page that calls this machine."""
        owner = self.owner
        host = self.headers.get("host") or ""
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if self.headers.get("origin") or (owner.names is not None and name.casefold() not in owner.names):
            raise RequestError(403, "calls from web pages are not answered", code="forbidden")
        if owner.key is None:
            return
        scheme, _, bearer = (self.headers.get("authorization") or "").partition(" ")
        given = bearer.strip() if scheme.casefold() == "bearer" else self.headers.get("api-key") or ""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), owner.key.encode()):
            raise RequestError(401, "the key is missing or wrong", code="invalid_api_key")

    def _body(self) -> bytes:
        """The body of a request; raises RequestError for one that is too large, of no known length or not JSON."""
        length = self.headers.get("content-length") or ""
        if self.headers.get("transfer-encoding") or not (length.isascii() and length.isdigit()) or len(length) > 15:
            self.close_connection = True
            raise RequestError(411, "the body needs a Content-Length")
        size = int(length)
        if size > MOST_BYTES:
            self.close_connection = True
            self._drain(min(size, MOST_DRAINED))
            raise RequestError(413, f"the body is larger than {MOST_BYTES:,} bytes")
        body = self.rfile.read(size)
        if len(body) < size:
            self.close_connection = True
            raise RequestError(400, "the body is shorter than its Content-Length")
        if (self.headers.get("content-type") or "").partition(";")[0].strip().casefold() != "application/json":
            raise RequestError(415, "the body must be application/json")
        return body

    def _drain(self, size: int) -> None:
        while size > 0 and (read := len(self.rfile.read(min(size, 65_536)))):
            size -= read

    def _answer(self, asked: Asked) -> None:
        frame: Json = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model_name(self.owner.backend),
        }
        with _as_request_errors(), self.owner.turn():
            if asked.stream:
                self._stream(frame, asked)
                return
            written = answer(self.owner.backend, asked)
        self._send(200, completion_json(frame, asked, written))

    def _stream(self, frame: Json, asked: Asked) -> None:
        """The text as it comes. What goes wrong before the first piece is an ordinary refusal, later an event."""
        texts = self._texts(asked)
        first = next(texts, "")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        said = ""
        try:
            with _as_request_errors():
                self._event(chunk_json(frame, {"role": "assistant", "content": ""}))
                for text in chain([first], texts):
                    said += text
                    self._event(chunk_json(frame, {"content": text}))
        except RequestError as error:
            self._event(error.as_json())
        else:
            self._event(chunk_json(frame, {}, "stop"))
            if asked.with_usage:
                usage = usage_json(asked, estimated_tokens(said))
                self._event({**chunk_json(frame, {}), "choices": [], "usage": usage})
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _texts(self, asked: Asked) -> Iterator[str]:
        if asked.brief is not None:
            return iter(self.owner.backend.stream(asked.brief))
        return pieces(answer(self.owner.backend, asked).text or "")

    def _event(self, document: Json) -> None:
        self._chunk(b"data: " + json.dumps(document).encode("ascii") + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        """A chunk of a body whose length is not known beforehand; an empty one ends it."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _refuse(self, error: RequestError) -> None:
        self._send(error.status, error.as_json())

    def _send(self, status: int, document: Json) -> None:
        body = json.dumps(document).encode("ascii")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", "Bearer")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", "1")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses by itself (methods, malformed requests), in the same form as all else."""
        self.close_connection = True
        self.request_version = self.protocol_version  # a request too odd to have one still gets a status line
        said = message if message and message.isascii() and message.isprintable() else HTTPStatus(code).phrase
        self._send(code, RequestError(code, said[:200]).as_json())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class names it
        """Requests go to the log of the process, without their bodies."""
        log.info("%s %s", self.client_address[0], (format % args)[:200])


@contextmanager
def _as_request_errors() -> Iterator[None]:
    """What a writer raises as an answer to whoever asked."""
    try:
        yield
    except RequestError:
        raise
    except MainstayError as error:
        raise RequestError(503 if error.retryable else 422, error.message, code="no_text") from error
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        number = secrets.token_hex(4)
        log.error("a text failed, %s", number, exc_info=error)
        raise RequestError(500, f"the writer failed; the log of the server has error {number}") from error
