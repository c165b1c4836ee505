"""What every server of ours has in common: who may call it, how large a call may be, and how little an error says."""

import hmac
import logging
import re
import secrets
import zlib
from collections.abc import Callable, Collection
from typing import Any

from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.dialogue.actions.base import new_error_id

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_SECONDS = 300
TOKEN_BYTES = 24

_HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::\d*)?")
"""A host header: a name, or an IPv6 address in brackets, and the port where it is not the usual one."""


class _Discreet(ErrorHandler):
    """Logs an error by its kind: the address of a call may hold a ticket, and a traceback what was said."""

    @staticmethod
    def log(request: Request, exception: Exception) -> None:
        """Say what kind of error it was, and no more."""
        log.error("a call to the server failed (%s)", type(exception).__name__)


def new_app(name: str, most_bytes: int) -> Sanic[Any, Any]:
    """A server with limits on size and time, whose errors repeat nothing."""
    app: Sanic[Any, Any] = Sanic(f"{name}_{secrets.token_hex(4)}", configure_logging=False, error_handler=_Discreet())
    app.config.REQUEST_MAX_SIZE = most_bytes
    app.config.RESPONSE_TIMEOUT = MOST_SECONDS
    app.config.REQUEST_TIMEOUT = 15
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.TOUCHUP = False  # Sanic would rewrite its own source, which works once in a process

    @app.exception(Exception)
    async def failed(_: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        return error_response(status, error)

    return app


def admit(app: Sanic[Any, Any], refusal: Callable[[Request], HTTPResponse | None]) -> None:
    """Refuse calls before their body is read. Sanic reads it before it asks the request middleware, too late."""

    @app.signal("http.routing.before")
    async def before_the_body(request: Request) -> None:
        if refusal(request) is not None:
            raise SanicException("refused", status_code=403)  # the middleware, which runs now, says why

    @app.on_request
    async def refuse(request: Request) -> HTTPResponse | None:
        return refusal(request)


def new_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def host_is_known(request: Request, hosts: Collection[str]) -> bool:
    """Whether the server was called by one of its names (without port)."""
    host = _HOST.fullmatch((request.headers.get("host") or "").lower())
    return host is not None and host[1] in hosts


def token_of(request: Request) -> str:
    """The token that came with a request, in its header or query; empty where none did."""
    return str(request.token or request.args.get("token") or "")


def same_secret(given: str, secret: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode(errors="surrogateescape"))


def forbidden() -> HTTPResponse:
    """The answer to a caller from elsewhere."""
    return json_response({"error": "forbidden"}, status=403)


def unauthorised() -> HTTPResponse:
    """The answer to a caller without the token."""
    return json_response({"error": "unauthorised"}, status=401)


def body_of(request: Request, most_bytes: int) -> bytes:
    """The body, inflated up to the limit. Raises ValueError for one that is larger, zlib.error for a broken one."""
    if request.headers.get("content-encoding") != "deflate":
        return bytes(request.body)
    inflater = zlib.decompressobj()
    body = inflater.decompress(request.body, most_bytes)
    if inflater.unconsumed_tail:
        raise ValueError("the body is too large")
    return body


def error_response(status: int, error: Exception, *, retry_after: int | None = None) -> HTTPResponse:
    """An error by its id alone; what it was about is in the log by its kind."""
    error_id = new_error_id()
    log.error("a call to the server failed, %s (%s)", error_id, type(error).__name__)
    headers = {"retry-after": str(retry_after)} if retry_after is not None else None
    return json_response({"error": "the call failed", "error_id": error_id}, status=status, headers=headers)
