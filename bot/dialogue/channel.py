"""`mainstay serve`: the chat for other programs, in the shape of Rasa's REST channel and over a WebSocket.

A call is on behalf of one customer. With the server's token it names that customer itself: in `customer`, in
`metadata.customer`, or as `sender`. With a ticket the ticket names the customer. What a message says never does.

A client that may send a message twice, such as after a lost answer, gives it an id of its own in
`metadata.message_id` (a text of 1 to 200 characters), over HTTP and over the WebSocket. A message with an id that the
same sender has used before is not said again, whatever its text: its kept answer is. The store keeps that with the
turn; a customer's last 100 turns are looked at, and erasure forgets it.
"""

import json
import logging
import time
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanic import Request, Sanic, Websocket
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
from bot.dialogue.senders import DEADLINE_SECONDS, BusyError, Conversations, LateError, OtherCustomerError, Senders
from bot.dialogue.tickets import MOST_MINUTES, Ticket, read, sign
from bot.generation.backend import pieces
from db.errors import MainstayError, NotFoundError
from db.vocabulary import Json

log = logging.getLogger(__name__)

PATHS_WITHOUT_TOKEN = frozenset({"/health", "/webhooks/rest", "/webhooks/rest/"})
SOCKET_PATH = "/websocket"
LONGEST_NAME = 200
POLL_SECONDS = 2.0
FIRST_FRAME_SECONDS = 15.0
MOST_FRAME_BYTES = 64_000
MOST_CONNECTIONS = 1_000
TRY_LATER = 1013


class TicketEndedError(MainstayError):
    """A connection has outlived the ticket that opened it."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may call: the token, the server's own names, and the pages that may open a WebSocket."""

    token: str
    hosts: Collection[str] = LOOPBACK
    origins: Collection[str] = ()

    def refusal(self, request: Request) -> HTTPResponse | None:
        """Why a request is not read any further; None where it may pass, its ticket (or none) in its context."""
        origin = request.headers.get("origin")
        known_page = request.path == SOCKET_PATH and origin in self.origins
        if not host_is_known(request, self.hosts) or (origin and not known_page):
            return forbidden()
        request.ctx.ticket = None
        if request.path in PATHS_WITHOUT_TOKEN or same_secret(token_of(request), self.token):
            return None
        request.ctx.ticket = read(str(request.token or request.args.get("ticket") or ""), self.token, time.time())
        return None if request.ctx.ticket is not None and request.path != "/tickets" else unauthorised()


def build_channel(
    chat: Conversations,
    now: Callable[[], datetime],
    admission: Admission,
    *,
    most_bytes: int = MOST_BYTES,
    deadline_seconds: float = DEADLINE_SECONDS,
    poll_seconds: float = POLL_SECONDS,
    most_connections: int = MOST_CONNECTIONS,
) -> Sanic[Any, Any]:
    """The chat server."""
    app = new_app("mainstay_chat", most_bytes)
    app.config.WEBSOCKET_MAX_SIZE = MOST_FRAME_BYTES
    admit(app, admission.refusal)
    senders = Senders(chat, now, deadline_seconds=deadline_seconds)
    connections: set[Any] = set()

    _add_health(app)

    @app.get("/status")
    async def status(_: Request) -> HTTPResponse:
        counts = {"senders": len(senders), "waiting": senders.waiting, "connections": len(connections)}
        return json_response({"status": "ok", **counts})

    @app.post("/webhooks/rest/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        try:
            call = _object(body_of(request, most_bytes))
            sender, customer = _speaker(call, request.ctx.ticket)
            return json_response(await senders.answer(sender, customer, _text(call), _message_id(call)))
        except (MainstayError, TypeError, ValueError, zlib.error, RecursionError) as error:
            return _failure(error)

    @app.post("/tickets")
    async def tickets(request: Request) -> HTTPResponse:
        return _ticket(request, admission.token, most_bytes)

    @app.websocket(SOCKET_PATH)
    async def talk(request: Request, socket: Websocket) -> None:
        if len(connections) >= most_connections:
            await socket.close(code=TRY_LATER)
            return
        connections.add(socket)
        try:
            await _talk(senders, socket, request.ctx.ticket, poll_seconds)
        finally:
            connections.discard(socket)

    return app


def _add_health(app: Sanic[Any, Any]) -> None:
    """Who asks whether the server is there needs no token."""

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @app.get("/webhooks/rest", name="rest_health")
    async def rest_health(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})


def _ticket(request: Request, token: str, most_bytes: int) -> HTTPResponse:
    try:
        ticket = _asked_ticket(_object(body_of(request, most_bytes)))
    except (TypeError, ValueError, zlib.error, RecursionError) as error:
        return _failure(error)
    return json_response({"ticket": sign(ticket, token), "ends_at": ticket.ends_at})


async def _talk(senders: Senders, socket: Any, ticket: Ticket | None, poll_seconds: float) -> None:
    """One connection: the customer's frames are answered in order, and what comes from elsewhere is passed on."""
    try:
        first: Json = {}
        if ticket is None:
            first = _object(await socket.recv(timeout=FIRST_FRAME_SECONDS) or b"null")
        sender, customer = _speaker(first, ticket)
        await _send(senders, socket, sender, customer, await senders.begin(sender, customer))
        if "message" in first:
            await _answer_frame(senders, socket, sender, customer, _text(first), _message_id(first))
        while True:
            frame = await socket.recv(timeout=poll_seconds)
            if ticket is not None and ticket.ends_at <= time.time():
                raise TicketEndedError("The ticket has ended.")
            if frame is None:
                await _send(senders, socket, sender, customer, await senders.news(sender, customer))
            else:
                said = _object(frame)
                await _answer_frame(senders, socket, sender, customer, _text(said), _message_id(said))
    except (MainstayError, TypeError, ValueError, RecursionError) as error:
        await socket.send(json.dumps({"type": "error", **_problem(error)}))
        await socket.close(code=1008)


async def _answer_frame(
    senders: Senders, socket: Any, sender: str, customer: str, text: str, message_id: str | None = None
) -> None:
    """One message over a connection: each reply in pieces, then as a whole; a busy server keeps the connection."""
    try:
        messages = await senders.answer(sender, customer, text, message_id)
        await _send(senders, socket, sender, customer, messages, in_pieces=True)
    except (BusyError, LateError) as error:
        await socket.send(json.dumps({"type": "error", **_problem(error)}))
    await socket.send(json.dumps({"type": "end", "recipient_id": sender}))


async def _send(
    senders: Senders, socket: Any, sender: str, customer: str, messages: Sequence[Json], *, in_pieces: bool = False
) -> None:
    """Messages over a connection; what it does not take comes with the next call. Nobody else waits for it."""
    left = list(messages)
    try:
        while left:
            for piece in pieces(left[0]["text"]) if in_pieces else ():
                await _frame(socket, {"type": "chunk", "recipient_id": sender, "text": piece})
            await _frame(socket, {"type": "message", **left[0]})
            left.pop(0)
    finally:
        senders.take_back(sender, customer, left)


async def _frame(socket: Any, content: Json) -> None:
    await socket.send(json.dumps(content, ensure_ascii=False))


def _object(body: bytes | str) -> Json:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("a call is a JSON object")
    return found


def _text(call: Json) -> str:
    text = call.get("message")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("a call needs a message")
    return text


def _message_id(call: Json) -> str | None:
    """The client's own id of a message, None where it gives none."""
    found = _metadata(call).get("message_id")
    return None if found is None else _name(found)


def _metadata(call: Json) -> Json:
    found = call.get("metadata") or {}
    if not isinstance(found, dict):
        raise ValueError("metadata is an object")
    return found


def _name(found: Any) -> str:
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_NAME:
        raise ValueError("a name is a text that is not empty and not long")
    return found


def _speaker(call: Json, ticket: Ticket | None) -> tuple[str, str]:
    """The sender and the customer of a call. A ticket admits no other customer or sender than its own."""
    metadata, named = _metadata(call), call.get("customer")
    if named is None:
        named = metadata.get("customer")
    if ticket is not None:
        if named not in (None, ticket.customer_id) or call.get("sender") not in (None, ticket.sender):
            raise OtherCustomerError("The ticket is for another customer.")
        return ticket.sender, ticket.customer_id
    sender = _name(call.get("sender"))
    return sender, _name(named) if named is not None else sender


def _asked_ticket(call: Json) -> Ticket:
    customer = _name(call.get("customer"))
    minutes = call.get("minutes", 60)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= MOST_MINUTES:
        raise ValueError("minutes are a whole number")
    return Ticket(customer, _name(call.get("sender", customer)), int(time.time()) + 60 * minutes)


STATUS: tuple[tuple[type[Exception], int], ...] = (
    (BusyError, 503),
    (LateError, 504),
    (OtherCustomerError, 409),
    (TicketEndedError, 401),
    (NotFoundError, 404),
)


def _failure(error: Exception) -> HTTPResponse:
    is_busy = isinstance(error, MainstayError) and error.retryable
    default = (503 if is_busy else 422) if isinstance(error, MainstayError) else 400
    status = next((status for kind, status in STATUS if isinstance(error, kind)), default)
    # An answer that is late is on its way: whoever sent the message again would say it twice.
    again = is_busy and not isinstance(error, LateError)
    return error_response(status, error, retry_after=2 if again else None)


def _problem(error: Exception) -> Json:
    """What a connection is told of an error: the status that a call would have got, and an id."""
    response = _failure(error)
    return {"status": response.status, **json.loads(response.body or b"{}")}


def serve_chat(
    chat: Conversations,
    now: Callable[[], datetime],
    *,
    host: str = "127.0.0.1",
    port: int = 5005,
    token: str | None = None,
    names: Collection[str] = (),
    origins: Collection[str] = (),
) -> None:
    """Serve until interrupted; one process. Without a token a new one is made and shown."""
    secret = token or new_token()
    hosts = LOOPBACK | {name.lower() for name in (host, *names)}
    if token is None:
        log.warning("chat server: http://%s:%s/webhooks/rest/webhook, token %s", host, port, secret)
    app = build_channel(chat, now, Admission(secret, hosts, frozenset(origins)))
    app.run(host=host, port=port, single_process=True, access_log=False, motd=False)
