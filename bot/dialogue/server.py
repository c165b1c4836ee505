"""`mainstay actions`: the rasa-sdk actions over HTTP for a Rasa server, on loopback, behind a token.

The SDK's own server listens on every address without a password, answers errors with the whole request, and knows no
size limit. Here every call is checked before its body is read, and an error says nothing but its id.
"""

import asyncio
import hmac
import json
import logging
import secrets
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.dialogue.actions.base import new_error_id
from bot.dialogue.actions.repertoire import ACTIONS, actions_for
from bot.dialogue.desk import Desk, keep, open_desk
from bot.dialogue.nlu import clean
from bot.dialogue.runner import ActionResult, ActionRunner
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Voice, brief_for_chat
from bot.generation.facts import fact_sheet
from db.errors import MainstayError
from db.vocabulary import Json, Sentiment

if TYPE_CHECKING:
    from bot.wiring import Services

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_SECONDS = 300
TOKEN_BYTES = 24


class ServedActions:
    """Runs one call of a Rasa server: opens the desk of its sender, runs the action, keeps the effects, finds words."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._voice = Voice(services.writer)

    async def run(self, call: Json) -> Json:
        """Events and responses in the shape of the SDK. Raises NotFoundError for a sender who is no customer.

        Raises KeyError for an action that is not known, TypeError or ValueError for a call in another shape.
        """
        name, sender = str(call["next_action"]), str(call["tracker"]["sender_id"])
        if name not in ACTIONS:
            raise KeyError(name)
        now = await asyncio.to_thread(self._services.now)
        desk = await asyncio.to_thread(self._desk, sender, now)
        state = DialogueState.restored(sender, dict(call["tracker"].get("slots") or {}))
        message = _message(call["tracker"].get("latest_message"))
        state.heard(message)
        result = await ActionRunner(actions_for(desk, (name,))).run(name, state, message)
        if desk.effects:
            await asyncio.to_thread(self._keep, sender, desk, now)
        words = await asyncio.to_thread(self._words, result, desk, state)
        return {"events": list(result.events), "responses": [{"text": words}]}

    def _desk(self, customer_id: str, now: datetime) -> Desk:
        with self._services.store.read() as session:
            return open_desk(session, customer_id, now.date(), now, self._services.policy.contact)

    def _keep(self, customer_id: str, desk: Desk, now: datetime) -> None:
        with self._services.store.write() as session:
            keep(session, customer_id, desk.effects, now, None)

    def _words(self, result: ActionResult, desk: Desk, state: DialogueState) -> str:
        sheet = fact_sheet(desk.customer, desk.company, desk.today, said=state.said())
        mood = Sentiment(state["mood"]) if state["mood"] in list(Sentiment) else Sentiment.NEUTRAL
        seed = zlib.crc32(f"{state.sender_id}:{result.action}".encode())
        brief = brief_for_chat(sheet, desk.terms, topic=state["reason"], mood=mood, seed=seed)
        return self._voice.say(result.acts, brief).text


def _message(found: Any) -> Json:
    message = dict(found) if isinstance(found, dict) else {}
    return {**message, "text": clean(str(message.get("text") or ""))}


def build_app(services: "Services", token: str, hosts: frozenset[str] = LOOPBACK) -> Sanic[Any, Any]:
    """The server; `hosts` are the names under which it may be called (without port)."""
    app: Sanic[Any, Any] = Sanic(f"mainstay_actions_{secrets.token_hex(4)}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
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
        return json_response([{"name": name} for name in sorted(ACTIONS)])

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        return await _answer(served, request)

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


async def _answer(served: ServedActions, request: Request) -> HTTPResponse:
    try:
        call = json.loads(_body(request))
        return json_response(await served.run(call))
    except KeyError as error:
        return _error(404, error)
    except MainstayError as error:
        return _error(503 if error.retryable else 422, error)
    except (TypeError, ValueError, zlib.error, AttributeError, RecursionError) as error:
        return _error(400, error)


def _body(request: Request) -> bytes:
    """The body, inflated up to the limit."""
    if request.headers.get("content-encoding") != "deflate":
        return bytes(request.body)
    inflater = zlib.decompressobj()
    body = inflater.decompress(request.body, MOST_BYTES)
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
