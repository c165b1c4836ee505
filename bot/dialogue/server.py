"""`mainstay actions`: the rasa-sdk actions over HTTP for a Rasa server, on loopback, behind a token.

The SDK's own server listens on every address without a password, answers errors with the whole request, and knows no
size limit. Here every call is checked before its body is read, and an error says nothing but its id.
"""

import json
import logging
import zlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sanic import Request, Sanic
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.dialogue.hardened import (
    LOOPBACK,
    MOST_BYTES,
    admit,
    body_of,
    error_response,
    forbidden,
    host_is_known,
    new_app,
    new_token,
    same_secret,
    token_of,
    unauthorised,
)
from bot.dialogue.served import SERVED, ServedActions
from db.errors import MainstayError
from db.vocabulary import Json

if TYPE_CHECKING:
    from bot.wiring import Services

log = logging.getLogger(__name__)

ServeCall = Callable[[Json], Awaitable[Json]]


def build_app(
    services: "Services", token: str, hosts: frozenset[str] = LOOPBACK, *, most_bytes: int = MOST_BYTES
) -> Sanic[Any, Any]:
    """The server; `hosts` are the names under which it may be called (without port)."""
    app = new_app("mainstay_actions", most_bytes)
    served = ServedActions(services)

    def refusal(request: Request) -> HTTPResponse | None:
        if not host_is_known(request, hosts) or request.headers.get("origin"):
            return forbidden()
        if request.path == "/health" or same_secret(token_of(request), token):
            return None
        return unauthorised()

    admit(app, refusal)

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

    return app


async def _answer(serve_call: ServeCall, request: Request, most_bytes: int) -> HTTPResponse:
    try:
        call = json.loads(body_of(request, most_bytes))
        return json_response(await serve_call(call))
    except KeyError as error:
        return error_response(404, error)
    except MainstayError as error:
        return error_response(503 if error.retryable else 422, error)
    except (TypeError, ValueError, zlib.error, AttributeError, RecursionError) as error:
        return error_response(400, error)


def serve(services: "Services", *, host: str = "127.0.0.1", port: int = 5055, token: str | None = None) -> None:
    """Serve until interrupted; one process. Without a token in the settings a new one is made and shown."""
    secret = token or new_token()
    hosts = LOOPBACK if host in LOOPBACK else LOOPBACK | {host.lower()}
    if token is None:
        log.warning(
            "action server: endpoints.yml needs `url: http://%s:%s/webhook` and `token: %s`", host, port, secret
        )
    build_app(services, secret, hosts).run(host=host, port=port, single_process=True, access_log=False, motd=False)
