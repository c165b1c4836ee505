"""`mainstay actions`: the rasa-sdk actions over HTTP for a Rasa server, on loopback, behind a token.

The SDK's own server listens on every address without a password, answers errors with the whole request, and knows no
size limit. Here every call is checked before its body is read, and an error says nothing but its id.
"""

import hmac
import json
import logging
import secrets
import zlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.dialogue.actions.base import new_error_id
from bot.dialogue.served import SERVED, ServedActions
from db.errors import MainstayError
from db.vocabulary import Json

if TYPE_CHECKING:
    from bot.wiring import Services

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_SECONDS = 300
TOKEN_BYTES = 24

ServeCall = Callable[[Json], Awaitable[Json]]


def build_app(
    services: "Services", token: str, hosts: frozenset[str] = LOOPBACK, *, most_bytes: int = MOST_BYTES
) -> Sanic[Any, Any]:
    """The server; `hosts` are the names under which it may be called (without port)."""
    app: Sanic[Any, Any] = Sanic(f"mainstay_actions_{secrets.token_hex(4)}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = most_bytes
    app.config.RESPONSE_TIMEOUT = MOST_SECONDS
    app.config.REQUEST_TIMEOUT = 15
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.TOUCHUP = False  # Sanic would rewrite its own source, which works once in a process
    served = ServedActions(services)

    @app.on_request
    async def admit(request: Request) -> HTTPResponse | None:
        return _refusal(request, token, hosts)

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @app.get("/actions")
    async def actions(_: Request) -> HTTPResponse:
        return json_response([{"name": name} for name in sorted(SERVED)])

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        return await _answer(served.run, request, most_bytes)

    @app.post("/understand")
    async def understand(request: Request) -> HTTPResponse:
        return await _answer(served.understand, request, most_bytes)

    @app.exception(Exception)
    async def failed(_: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        return _error(status, error)

    return app


def _refusal(request: Request, token: str, hosts: frozenset[str]) -> HTTPResponse | None:
    """Why a request is not read any further; None where it may pass."""
    host = (request.headers.get("host") or "").rsplit(":", 1)[0] if "]" not in request.host else request.host
    if host.lower() not in hosts or request.headers.get("origin"):
        return json_response({"error": "forbidden"}, status=403)
    if request.path == "/health":
        return None
    given = request.token or request.args.get("token") or ""
    if not hmac.compare_digest(given.encode(), token.encode()):
        return json_response({"error": "unauthorised"}, status=401)
    return None


async def _answer(serve_call: ServeCall, request: Request, most_bytes: int) -> HTTPResponse:
    try:
        call = json.loads(_body(request, most_bytes))
        return json_response(await serve_call(call))
    except KeyError as error:
        return _error(404, error)
    except MainstayError as error:
        return _error(503 if error.retryable else 422, error)
    except (TypeError, ValueError, zlib.error, AttributeError, RecursionError) as error:
        return _error(400, error)


def _body(request: Request, most_bytes: int) -> bytes:
    """The body, inflated up to the limit."""
    if request.headers.get("content-encoding") != "deflate":
        return bytes(request.body)
    inflater = zlib.decompressobj()
    body = inflater.decompress(request.body, most_bytes)
    if inflater.unconsumed_tail:
        raise ValueError("the body is too large")
    return body


def _error(status: int, error: Exception) -> HTTPResponse:
    error_id = new_error_id()
    log.error("a call to the action server failed, %s (%s)", error_id, type(error).__name__)
    return json_response({"error": "the call failed", "error_id": error_id}, status=status)


def serve(services: "Services", *, host: str = "127.0.0.1", port: int = 5055, token: str | None = None) -> None:
    """Serve until interrupted; one process. Without a token in the settings a new one is made and shown."""
    secret = token or secrets.token_urlsafe(TOKEN_BYTES)
    hosts = LOOPBACK if host in LOOPBACK else LOOPBACK | {host.lower()}
    if token is None:
        log.warning(
            "action server: endpoints.yml needs `url: http://%s:%s/webhook` and `token: %s`", host, port, secret
        )
    build_app(services, secret, hosts).run(host=host, port=port, single_process=True, access_log=False, motd=False)
