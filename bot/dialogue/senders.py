"""Who writes to the chat server: each sender is one customer, has one conversation, and is answered in order."""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from db.errors import AlreadyKeptError, MainstayError, NotFoundError
from db.repositories.conversations import TurnView
from db.vocabulary import Json

log = logging.getLogger(__name__)

DEADLINE_SECONDS = 30.0
MOST_SENDERS = 5_000
MOST_WAITING = 200
MOST_OF_ONE = 5
MOST_UNDELIVERED = 50
AT_A_TIME = 16
STALE_AFTER = timedelta(hours=24)
"""A conversation that has been quiet for so long is over: the next message begins another one."""

YES_OR_NO: tuple[Json, ...] = ({"title": "Yes", "payload": "yes"}, {"title": "No", "payload": "no"})
BUTTONS: dict[str, tuple[Json, ...]] = dict.fromkeys(("cancel", "offer", "handoff", "ticket"), YES_OR_NO)
"""The buttons under a question, by what was asked."""


class BusyError(MainstayError):
    """More messages wait than the server takes."""

    retryable = True


class LateError(MainstayError):
    """The answer took longer than a call may; it comes with the next one."""

    retryable = True


class OtherCustomerError(MainstayError):
    """A sender who is one customer may not become another."""


class Answered(Protocol):
    """One answer of the chat."""

    text: str
    slots: Json
    handoff: bool
    turn: int
    actions: Sequence[Json]


class Conversations(Protocol):
    """What answers customers: `bot.conversation.Chat`."""

    def open(self, customer_id: str, *, resume: bool = False) -> Any:
        """Begin a conversation, or go on with the open one."""

    async def turn(self, session: Any, text: str, *, client_id: str | None = None) -> Any:
        """Answer one message."""

    def answered(self, customer_id: str, client_id: str, *, surely: bool = False) -> list[TurnView]:
        """The kept answer to a message with this id, after what others said just before it; else nothing."""

    async def catch_up(self, session: Any) -> list[TurnView]:
        """What others replied since."""


@dataclass(slots=True)
class Seat:
    """One customer's place in the chat: their conversation, and messages that could not be delivered yet."""

    customer_id: str
    session: Any = None
    undelivered: list[Json] = field(default_factory=list)
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


class Senders:
    """The senders of a chat server."""

    def __init__(
        self,
        chat: Conversations,
        now: Callable[[], datetime],
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        most: int = MOST_SENDERS,
    ) -> None:
        self._chat = chat
        self._now = now
        self._deadline = deadline_seconds
        self._most = most
        self._customers: OrderedDict[str, str] = OrderedDict()
        self._seats: OrderedDict[str, Seat] = OrderedDict()
        self._turns: set[asyncio.Task[list[Json]]] = set()
        self._at_a_time = asyncio.Semaphore(AT_A_TIME)
        self.waiting = 0

    def __len__(self) -> int:
        return len(self._seats)

    def seat(self, sender: str, customer_id: str) -> Seat:
        """The place of a sender. Raises OtherCustomerError for one who is another customer already."""
        if self._customers.setdefault(sender, customer_id) != customer_id:
            raise OtherCustomerError("This sender is another customer.")
        self._customers.move_to_end(sender)
        found = self._seats.setdefault(customer_id, Seat(customer_id))
        self._seats.move_to_end(customer_id)
        self._let_go(found)
        return found

    async def begin(self, sender: str, customer_id: str) -> list[Json]:
        """What a sender is to read before they have written: the greeting of a new conversation, else nothing."""
        seat = self.seat(sender, customer_id)
        async with seat.lock:
            await self._open(seat)
            return [_addressed(one, sender) for one in _taken(seat)]

    async def answer(self, sender: str, customer_id: str, text: str, message_id: str | None = None) -> list[Json]:
        """The messages that answer one message, oldest first; none while a person has the conversation.

        A sender's message with an id that they have used before is not said twice: the kept answer comes again.
        A turn that has begun is finished in any case. Raises LateError where that takes too long: what it says comes
        with the next call. Raises BusyError where too much waits, NotFoundError for an unknown customer.
        """
        seat = self.seat(sender, customer_id)
        if self.waiting >= MOST_WAITING or seat.waiting >= MOST_OF_ONE:
            raise BusyError("Too many messages wait.")
        self.waiting += 1
        seat.waiting += 1
        turn = asyncio.create_task(self._turn(seat, text, _client_id(sender, message_id)))
        self._turns.add(turn)
        turn.add_done_callback(self._over(seat))
        try:
            messages = await asyncio.wait_for(asyncio.shield(turn), self._deadline)
        except TimeoutError as error:
            turn.add_done_callback(_keep_for_later(seat))
            raise LateError("The answer comes later.") from error
        except asyncio.CancelledError:
            turn.add_done_callback(_keep_for_later(seat))
            raise
        return [_addressed(one, sender) for one in messages]

    async def news(self, sender: str, customer_id: str) -> list[Json]:
        """What came for a sender without a message of theirs: a person's words, or an answer that was late."""
        seat = self.seat(sender, customer_id)
        async with seat.lock:
            await self._open(seat)
            seat.undelivered += [_of_turn(turn) for turn in await self._chat.catch_up(seat.session)]
            return [_addressed(one, sender) for one in _taken(seat)]

    def take_back(self, sender: str, customer_id: str, messages: Sequence[Json]) -> None:
        """Messages that did not reach a sender: they come first with the next call. The newest are kept."""
        if messages:
            seat = self.seat(sender, customer_id)
            seat.undelivered = [*messages, *seat.undelivered][-MOST_UNDELIVERED:]

    async def _turn(self, seat: Seat, text: str, client_id: str | None) -> list[Json]:
        async with seat.lock, self._at_a_time:
            known = await asyncio.to_thread(self._chat.answered, seat.customer_id, client_id) if client_id else []
            if known:
                return _again(seat, known)
            await self._open(seat)
            session = seat.session
            try:
                reply = await self._chat.turn(session, text, client_id=client_id)
            except NotFoundError:
                self._seats.pop(seat.customer_id, None)
                raise
            except AlreadyKeptError:
                return await self._kept_elsewhere(seat, client_id)
            before = [*_taken(seat), *(_of_turn(turn) for turn in session.news())]
            if any(action.get("name") == "action_goodbye" for action in reply.actions):
                seat.session = None
            return [*before, *([_of_reply(reply)] if reply.text else [])]

    async def _kept_elsewhere(self, seat: Seat, client_id: str | None) -> list[Json]:
        """The answer to a message that another process has kept while this one was answering it."""
        known = await asyncio.to_thread(self._chat.answered, seat.customer_id, str(client_id), surely=True)
        seat.undelivered += [_of_turn(turn) for turn in await self._chat.catch_up(seat.session)]
        return _again(seat, known) if known else _taken(seat)

    async def _open(self, seat: Seat) -> None:
        """Begin the conversation of a seat, or go on with the one in the store."""
        if seat.session is not None:
            return
        try:
            session = await asyncio.to_thread(self._chat.open, seat.customer_id, resume=True)
        except NotFoundError:
            self._seats.pop(seat.customer_id, None)
            raise
        if session.recent and not session.state["handed_off"]:
            now = await asyncio.to_thread(self._now)
            if now - session.recent[-1].created_at > STALE_AFTER:
                session = await asyncio.to_thread(self._chat.open, seat.customer_id)
        seat.session = session
        if not session.recent:
            seat.undelivered.append({"text": session.greeting, "metadata": {"turn": 0, "author": "bot"}})

    def _over(self, seat: Seat) -> Callable[[asyncio.Task[list[Json]]], None]:
        def done(turn: asyncio.Task[list[Json]]) -> None:
            self._turns.discard(turn)
            self.waiting -= 1
            seat.waiting -= 1

        return done

    def _let_go(self, but: Seat) -> None:
        """Forget who has been quiet longest, last those with undelivered words; all of it is in the store."""
        while len(self._customers) > self._most:
            self._customers.popitem(last=False)
        too_many = len(self._seats) - self._most
        if too_many > 0:
            idle = [seat for seat in self._seats.values() if not seat.waiting and seat is not but]
            for seat in sorted(idle, key=lambda seat: bool(seat.undelivered))[:too_many]:
                del self._seats[seat.customer_id]


def _keep_for_later(seat: Seat) -> Callable[[asyncio.Task[list[Json]]], None]:
    def done(turn: asyncio.Task[list[Json]]) -> None:
        if turn.cancelled():
            return
        error = turn.exception()
        if error is None:
            seat.undelivered += turn.result()
        else:
            log.error("an answer that was late failed (%s)", type(error).__name__)

    return done


def _taken(seat: Seat) -> list[Json]:
    found, seat.undelivered = seat.undelivered, []
    return found


def _client_id(sender: str, message_id: str | None) -> str | None:
    """Under which name a message with an id is kept: whatever stands in the id, it is not kept itself."""
    if message_id is None:
        return None
    return hashlib.sha256(json.dumps([sender, message_id]).encode()).hexdigest()[:32]


def _again(seat: Seat, known: Sequence[TurnView]) -> list[Json]:
    """A kept answer once more, and what could not be delivered beside it."""
    kept, answer = known[-1].record["client"], known[-1]
    buttons = BUTTONS.get(str(kept["pending"]), ())
    last = {
        "text": answer.reply,
        **({"buttons": list(buttons)} if buttons else {}),
        "metadata": {"turn": answer.number, "author": "bot", "handoff": kept["handoff"], "recorded": True},
    }
    found = [*(_of_turn(turn) for turn in known[:-1] if turn.reply), *([last] if answer.reply else [])]
    said = {(one["metadata"]["turn"], one["text"]) for one in found}
    return [*(one for one in _taken(seat) if (one["metadata"]["turn"], one["text"]) not in said), *found]


def _addressed(message: Json, sender: str) -> Json:
    return {**message, "recipient_id": sender}


def _of_reply(reply: Any) -> Json:
    """A reply in the shape of Rasa's REST channel."""
    buttons = BUTTONS.get(str(reply.slots.get("pending")), ())
    return {
        "text": reply.text,
        **({"buttons": list(buttons)} if buttons and reply.recorded else {}),
        "metadata": {"turn": reply.turn, "author": "bot", "handoff": reply.handoff, "recorded": reply.recorded},
    }


def _of_turn(turn: TurnView) -> Json:
    """What somebody else wrote."""
    author = (turn.record.get("author") or {}).get("kind") or "bot"
    return {"text": turn.reply, "metadata": {"turn": turn.number, "author": author}}
