"""One chat turn: read, decide, act, write, check, keep, in that order; the reply is shown when the turn is kept."""

import asyncio
import hashlib
import inspect
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.dialogue.actions.repertoire import ACTIONS, action_named
from bot.dialogue.desk import Desk, keep, open_desk
from bot.dialogue.manager import Answer, DialogueManager
from bot.dialogue.meaning import intent_of
from bot.dialogue.nlu import Heard, hear
from bot.dialogue.project.files import in_force
from bot.dialogue.speech import NOTHING_TO_SAY, Speech, greet, joined
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Spoken, Voice
from bot.generation.backend import pieces
from bot.generation.verdicts import verdicts_of
from db.errors import StoreBusyError
from db.repositories.conversations import ConversationRepository, ConversationView, TurnView
from db.repositories.guard_verdicts import GuardVerdictRepository
from db.repositories.messages import MessageRepository, Reading
from db.vocabulary import Channel, ConversationState, CustomerStatus, Json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.wiring import Services

log = logging.getLogger(__name__)

OnChunk = Callable[[str], Awaitable[None] | None]

TRIES = 5
PAUSE_SECONDS = 0.05
"""Before the second try to write a turn while another process writes; doubled before each further try."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the customer sees, and what was understood, done and allowed.

    `actions` are the actions by name with the milliseconds each took; `guard` holds the verdict on the text and the
    findings on tries before it; `recorded` is false where the store could not be written and nothing has changed.
    """

    text: str
    intent: str
    sentiment: str
    actions: tuple[Json, ...]
    slots: Json
    decision_id: str | None
    guard: Json
    handoff: bool
    conversation_id: int
    turn: int
    recorded: bool = True


@dataclass(slots=True)
class ChatSession:
    """An open conversation. `greeting` is the first bot message and says that it is one."""

    customer_id: str
    conversation_id: int
    greeting: str
    state: DialogueState
    turns: int
    lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn that is ready to be kept."""

    said: str
    heard: Heard
    meaning: str
    answer: Answer
    spoken: Spoken
    desk: Desk
    state: DialogueState
    number: int
    at: datetime


class Chat:
    """Conversations between customers and the bot, kept in the store of `services`."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._voice = Voice(services.writer)
        self._project = in_force(services.settings.home)

    def open(self, customer_id: str, *, resume: bool = False) -> ChatSession:
        """Begin a conversation, or go on with the open one. Raises NotFoundError for an unknown customer."""
        now = self._services.now()
        _ = self._services.understander  # loaded here, so that the first answer does not wait for it
        with self._services.store.read() as session:
            desk = open_desk(session, customer_id, now.date(), now, self._services.policy.contact)
            conversations = ConversationRepository(session)
            found = conversations.latest_open(customer_id) if resume else None
            turns = conversations.last_turns(found.id) if found else []
        greeting = greet(self._voice, desk)
        if found is None:
            found = self._start(desk, greeting, now)
        state = DialogueState.restored(_sender(found), found.slots, start=self._project.domain.start())
        # A contract that was cancelled may run on for a while.
        if desk.customer.status is not CustomerStatus.ACTIVE or desk.customer.churned_on is not None:
            state.set(cancelled=True)
        for turn in turns:
            _relive(state, turn)
        return ChatSession(customer_id, found.id, greeting.text, state, found.turns)

    def _start(self, desk: Desk, greeting: Spoken, now: datetime) -> ConversationView:
        with self._services.store.write() as session:
            conversations = ConversationRepository(session)
            found = conversations.start(desk.customer.customer_id, now)
            first = TurnView(0, "", greeting.text, None, None, {"acts": ["greet"]}, now)
            conversations.add_turn(found.id, first, {}, ConversationState.OPEN)
            _keep_verdicts(session, greeting, desk.customer.key, found.id, now)
        return found

    async def turn(self, session: ChatSession, text: str, on_chunk: OnChunk | None = None) -> Reply:
        """Answer one message. Turns of one session wait for each other; the text is released as a whole."""
        async with session.lock:
            turn = await self._prepare(session, text)
            recorded = await asyncio.to_thread(self._keep, session, turn)
            if recorded:
                session.state, session.turns = turn.state, turn.number
                reply = _reply(session, turn, turn.spoken)
            else:
                speech = Speech(self._voice, turn.desk, turn.state, turn.number)
                sorry = await asyncio.to_thread(speech.say, [("not_recorded", {})])
                reply = _reply(session, turn, sorry, recorded=False)
        if on_chunk is not None:
            for piece in pieces(reply.text):
                sent = on_chunk(piece)
                if inspect.isawaitable(sent):
                    await sent
        return reply

    async def _prepare(self, session: ChatSession, text: str) -> _Turn:
        """Everything but the writing, on a copy of the state."""
        now = self._services.now()
        heard, desk = await asyncio.to_thread(self._read, session, text, now)
        state = session.state.copy()
        manager = DialogueManager(self._project, lambda name: action_named(name, desk))
        meaning = intent_of(state, heard)
        answer = await manager.answer(state, heard.as_message(meaning))
        number = session.turns + 1
        spoken = await asyncio.to_thread(_speak, answer, Speech(self._voice, desk, state, number))
        state.replied(spoken.text)
        return _Turn(heard.text, heard, meaning, answer, spoken, desk, state, number, now)

    def _read(self, session: ChatSession, text: str, now: datetime) -> tuple[Heard, Desk]:
        heard = hear(self._services.understander, text, now.date())
        with self._services.store.read() as reading:
            desk = open_desk(reading, session.customer_id, now.date(), now, self._services.policy.contact)
        desk.conversation_id = session.conversation_id
        return heard, desk

    def _keep(self, session: ChatSession, turn: _Turn) -> bool:
        """Write the turn and all its effects at once; another writer is waited for. False: nothing was written."""
        pause = PAUSE_SECONDS
        for attempt in range(1, TRIES + 1):
            try:
                self._write(session, turn)
                return True
            except StoreBusyError:
                log.warning("the store is busy, try %s of %s for a turn", attempt, TRIES)
                time.sleep(pause)
                pause *= 2
        log.error("turn %s of conversation %s was not kept", turn.number, session.conversation_id)
        return False

    def _write(self, session: ChatSession, turn: _Turn) -> None:
        model = self._services.understander.version
        with self._services.store.write() as writing:
            ConversationRepository(writing).add_turn(
                session.conversation_id,
                _view(turn),
                turn.state.slots,
                _state_after(turn),
                handoff_reason=turn.state["handoff_reason"],
            )
            keep(writing, session.customer_id, turn.desk.effects, turn.at, session.conversation_id)
            messages = MessageRepository(writing)
            message_id = messages.add(
                session.customer_id,
                turn.said,
                turn.at,
                source_key=hashlib.sha256(f"{turn.state.sender_id}:{turn.number}".encode()).digest(),
                conversation_id=session.conversation_id,
            )
            messages.add_readings(model, [_reading(message_id, turn.heard)])
            _keep_verdicts(writing, turn.spoken, turn.desk.customer.key, session.conversation_id, turn.at)


def _relive(state: DialogueState, turn: TurnView) -> None:
    """Put a turn that was kept back into the events of a state. The greeting is no turn."""
    if turn.number == 0:
        return
    meaning = turn.record.get("meaning") or turn.intent
    state.heard({"text": turn.said, "intent": {"name": meaning}})
    names = (str(action["name"]) for action in turn.record.get("actions") or ())
    state.events.extend({"event": "action", "name": name} for name in names if name in ACTIONS)
    state.replied(turn.reply)


def _keep_verdicts(writing: "Session", spoken: Spoken, customer_key: int, conversation_id: int, now: datetime) -> None:
    """Count every try of these words, in the transaction that keeps them."""
    rows = (
        row
        for text in spoken.written
        for row in verdicts_of(text, Channel.CHAT, customer_key=customer_key, conversation_id=conversation_id)
    )
    GuardVerdictRepository(writing).add_many(rows, now)


def _speak(answer: Answer, speech: Speech) -> Spoken:
    """The words of a turn, action by action."""
    spoken = joined([speech.say(result.acts) for result in answer.results if result.acts])
    return spoken if spoken.text else speech.say([NOTHING_TO_SAY])


def _state_after(turn: _Turn) -> ConversationState:
    if turn.state["handed_off"]:
        return ConversationState.HANDED_OFF
    return (
        ConversationState.CLOSED
        if any(result.action == "action_goodbye" for result in turn.answer.results)
        else ConversationState.OPEN
    )


def _view(turn: _Turn) -> TurnView:
    record = {
        "rules": list(turn.answer.rules),
        "actions": _actions(turn),
        "intents": list(turn.heard.intents),
        "meaning": turn.meaning,
        "anger": turn.heard.anger,
        "topic": turn.heard.topic,
        "decision_id": turn.state["offer_decision"],
        "no_offer_because": turn.desk.no_offer_because,
        "guard": _guard(turn.spoken),
        "errors": [result.error_id for result in turn.answer.results if result.error_id],
    }
    return TurnView(
        turn.number, turn.said, turn.spoken.text, turn.heard.intent, turn.heard.sentiment.value, record, turn.at
    )


def _actions(turn: _Turn) -> list[Json]:
    return [{"name": result.action, "ms": result.milliseconds} for result in turn.answer.results]


def _guard(spoken: Spoken) -> Json:
    return {"verdict": spoken.verdict.value, "findings": list(spoken.findings)}


def _reading(message_id: int, heard: Heard) -> Reading:
    moods = dict(heard.moods)
    return Reading(
        message_id=message_id,
        negative=moods["negative"],
        neutral=moods["neutral"],
        positive=moods["positive"],
        topic=heard.topic,
        intents=[{"name": name, "confidence": heard.confidence} for name in heard.intents],
    )


def _reply(session: ChatSession, turn: _Turn, spoken: Spoken, *, recorded: bool = True) -> Reply:
    state = turn.state if recorded else session.state
    return Reply(
        text=spoken.text,
        intent=turn.heard.intent,
        sentiment=turn.heard.sentiment.value,
        actions=tuple(_actions(turn)) if recorded else (),
        slots=dict(state.slots),
        decision_id=state["offer_decision"],
        guard=_guard(spoken),
        handoff=bool(state["handed_off"]),
        conversation_id=session.conversation_id,
        turn=turn.number,
        recorded=recorded,
    )


def _sender(conversation: ConversationView) -> str:
    return f"{conversation.customer_id}/{conversation.id}"
