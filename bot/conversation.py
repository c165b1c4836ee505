"""One chat turn: read, decide, act, write, check, keep, in that order; the reply is shown when the turn is kept."""

import asyncio
import hashlib
import inspect
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.dialogue.actions.repertoire import action_named
from bot.dialogue.copilot import BOT, Author, Draft, drafts_of, guard_of
from bot.dialogue.desk import Desk, keep, open_desk
from bot.dialogue.handoffs import CALL_BACK, LATE, Standing, listen_in, sendable, standing
from bot.dialogue.knowledge import knowledge_in
from bot.dialogue.manager import Answer, DialogueManager
from bot.dialogue.meaning import intent_of
from bot.dialogue.nlu import clean, hear
from bot.dialogue.project.files import in_force
from bot.dialogue.speech import Speech, greet, joined
from bot.dialogue.state import DialogueState
from bot.dialogue.turns import (
    ReadyTurn,
    actions_json,
    guard_json,
    keep_verdicts,
    reading_of,
    remember,
    state_after,
    turn_view,
    unsay,
    withdrawn,
    words_of_turn,
)
from bot.dialogue.voice import Spoken, Voice
from bot.generation.backend import pieces
from bot.generation.guard import GuardReport
from db.errors import ConversationMovedError, PolicyError, StoreBusyError
from db.repositories.conversations import ConversationRepository, ConversationView, TurnView
from db.repositories.handoffs import HandoffRepository, HandoffView
from db.repositories.messages import MessageRepository
from db.vocabulary import ConversationState, CustomerStatus, HandoffState, Json, Verdict

if TYPE_CHECKING:
    from bot.wiring import Services

log = logging.getLogger(__name__)

OnChunk = Callable[[str], Awaitable[None] | None]

TRIES = 5
MOST_MISSED = 12
"""Turns of others that are read back at most before the next one of ours."""

PAUSE_SECONDS = 0.05
"""Before the second try to write a turn while another process writes; doubled before each further try."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the customer sees, and what was understood, done and allowed.

    `actions` are the actions by name with the milliseconds each took; `guard` holds the verdict on the text and the
    findings on tries before it; `recorded` is false where the store could not be written and nothing has changed.
    `silent`: a person has the conversation, the message was kept for them, and there is no text.
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
    silent: bool = False
    author: Author = BOT


@dataclass(slots=True)
class ChatSession:
    """An open conversation. `greeting` is the first bot message and says that it is one.

    `recent` are the last turns of a conversation that goes on, the greeting with them if they are few; none in a new
    one. `missed` are turns that others added since and that `news` has not given out yet.
    """

    customer_id: str
    conversation_id: int
    greeting: str
    state: DialogueState
    turns: int
    recent: tuple[TurnView, ...] = ()
    missed: list[TurnView] = field(default_factory=list, repr=False)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def news(self) -> list[TurnView]:
        """What a person, or another process, replied in this conversation; given out once."""
        found, self.missed = [turn for turn in self.missed if turn.reply], []
        return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the bot would do about a message, in up to three wordings, for a person to choose from."""

    said: str
    drafts: tuple[Draft, ...]
    intent: str
    sentiment: str
    actions: tuple[str, ...]
    turn: ReadyTurn = field(repr=False)
    before: DialogueState = field(repr=False)


class Chat:
    """Conversations between customers and the bot, kept in the store of `services`."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._voice = Voice(services.writer)
        self._project = in_force(services.settings.home)
        self._knowledge = knowledge_in(services.settings.home)

    def open(self, customer_id: str, *, resume: bool = False) -> ChatSession:
        """Begin a conversation, or go on with the open one. Raises NotFoundError for an unknown customer."""
        now = self._services.now()
        _ = self._services.understander  # loaded here, so that the first answer does not wait for it
        with self._services.store.read() as session:
            desk = open_desk(session, customer_id, now.date(), now, self._services.policy.contact)
            conversations = ConversationRepository(session)
            found = conversations.latest_open(customer_id) if resume else None
            turns = conversations.last_turns(found.id) if found else []
        greeting = ""
        if found is None:
            found, turns, greeting = self._start(desk, now, resume=resume)
        if turns and turns[0].number == 0:
            greeting = turns[0].reply
        state = DialogueState.restored(_sender(found), found.slots, start=self._project.domain.start())
        # A contract that was cancelled may run on for a while.
        if desk.customer.status is not CustomerStatus.ACTIVE or desk.customer.churned_on is not None:
            state.set(cancelled=True)
        remember(state, turns)
        return ChatSession(customer_id, found.id, greeting, state, found.turns, tuple(turns))

    def _start(self, desk: Desk, now: datetime, *, resume: bool) -> tuple[ConversationView, list[TurnView], str]:
        """A new conversation with its greeting; to `resume`, the one that another process has begun meanwhile."""
        words, customer_id = greet(self._voice, desk), desk.customer.customer_id
        with self._services.store.write() as session:
            conversations = ConversationRepository(session)
            if resume and (begun := conversations.latest_open(customer_id, alone=True)) is not None:
                return begun, conversations.last_turns(begun.id), ""
            found = conversations.start(customer_id, now)
            first = TurnView(0, "", words.text, None, None, {"acts": ["greet"]}, now)
            conversations.add_turn(found.id, first, {}, ConversationState.OPEN)
            keep_verdicts(session, words, desk.customer.key, found.id, now)
        return found, [], words.text

    async def turn(
        self, session: ChatSession, text: str, on_chunk: OnChunk | None = None, *, client_id: str | None = None
    ) -> Reply:
        """Answer one message. Turns of one session wait for each other; the text is released as a whole.

        By its `client_id` the answer is found again, see `answered`. Raises AlreadyKeptError for one that is kept.
        """
        async with session.lock:
            for _ in range(TRIES):
                turn = replace(await self._prepare(session, text), client_id=client_id)
                try:
                    reply = await self._finish(session, turn)
                    break
                except ConversationMovedError:
                    log.info("conversation %s went on elsewhere; the turn is made again", session.conversation_id)
            else:
                reply = await self._not_kept(session, turn)
        if on_chunk is not None:
            for piece in pieces(reply.text):
                sent = on_chunk(piece)
                if inspect.isawaitable(sent):
                    await sent
        return reply

    def answered(self, customer_id: str, client_id: str, *, surely: bool = False) -> list[TurnView]:
        """The kept answer to a customer's message with this id, after what others said just before it; else nothing.

        Where the store is `surely` known to have it, all turns are looked at.
        """
        with self._services.store.read() as session:
            conversations = ConversationRepository(session)
            return conversations.answered(customer_id, client_id, *((None,) if surely else ()))

    async def catch_up(self, session: ChatSession) -> list[TurnView]:
        """What others replied in this conversation since the last turn, without a message of the customer."""
        async with session.lock:
            try:
                await asyncio.to_thread(self._look, session)
            except (ConversationMovedError, StoreBusyError):
                log.info("conversation %s is looked at later", session.conversation_id)
            return session.news()

    async def listen(self, session: ChatSession) -> list[TurnView]:
        """What others said and replied in this conversation since, for somebody who reads along; nothing is written."""
        async with session.lock:
            await asyncio.to_thread(self._listen, session)
            found, session.missed = session.missed, []
        return found

    def _listen(self, session: ChatSession) -> None:
        with self._services.store.read() as reading:
            self._catch_up(ConversationRepository(reading), session)

    def _standing(self, state: DialogueState, handoff: HandoffView | None, now: datetime) -> Standing:
        return standing(state, handoff, now, self._services.settings.patience.silence)

    def _look(self, session: ChatSession) -> None:
        """Catch up, and tell a customer who waits for a person in vain."""
        now = self._services.now()
        with self._services.store.read() as reading:
            self._catch_up(ConversationRepository(reading), session)
            handoff = HandoffRepository(reading).of_conversation(session.conversation_id)
            if handoff is None or self._standing(session.state, handoff, now) is not Standing.TOO_LATE:
                return
            desk = open_desk(reading, session.customer_id, now.date(), now, self._services.policy.contact)
        state, number = session.state.copy(), session.turns + 1
        state.set(handed_off=False, handoff_reason=None, pending="callback")
        speech = Speech(self._voice, desk, state, number)
        text = joined([speech.say(LATE), speech.say(CALL_BACK)]).text
        state.replied(text)
        turn = TurnView(number, "", text, None, None, {"author": BOT.as_json()}, now)
        with self._services.store.write() as writing:
            handoffs = HandoffRepository(writing)
            if self._standing(session.state, handoffs.get(handoff.id), now) is not Standing.TOO_LATE:
                return
            conversations = ConversationRepository(writing)
            conversations.add_turn(session.conversation_id, turn, state.slots, ConversationState.OPEN)
            handoffs.time_out(handoff.id, now)
        session.state, session.turns = state, number
        session.missed.append(turn)

    async def propose(self, session: ChatSession, text: str) -> Proposal:
        """What the bot would answer, for a person to choose from; nothing is kept yet."""
        async with session.lock:
            turn = await self._prepare(session, text, with_agent=True)
            make_speech = lambda state, others: Speech(  # noqa: E731
                self._voice, turn.desk, state, turn.number, others=others
            )
            # The words are found again from the state before words: an answer sets what a repetition says.
            drafts = await asyncio.to_thread(drafts_of, turn.answer, turn.state, make_speech)
        return Proposal(
            said=turn.said,
            drafts=drafts,
            intent=turn.heard.intent,
            sentiment=turn.heard.sentiment.value,
            actions=tuple(result.action.removeprefix("action_") for result in turn.answer.results),
            turn=turn,
            before=session.state.copy(),
        )

    def check(self, proposal: Proposal, text: str) -> GuardReport:
        """What the guard says of a person's own words in answer to this message."""
        return Speech(self._voice, *proposal.turn.speech).check(text)

    async def send(
        self,
        session: ChatSession,
        proposal: Proposal,
        agent: str,
        *,
        choice: int | None = None,
        text: str | None = None,
        overrule: bool = False,
    ) -> Reply:
        """Keep the reply that a person chose: a draft by number, a draft edited to `text`, or `text` of their own.

        With neither, nothing is sent and the message is kept.
        A draft does what the bot would have done. Words of their own do nothing but an opt-out or a wish to be
        forgotten in the customer's message. Raises PolicyError where the guard refuses the words, unless the person
        answers for them with `overrule`, InputError where they are too long, ConversationMovedError where
        the conversation went on meanwhile, and StoreBusyError where the store could not be written, so that nothing
        was sent.
        """
        turn = self._chosen(proposal, agent, choice, text, overrule=overrule)
        async with session.lock:
            reply = await self._finish(session, turn)
        if not reply.recorded:
            raise StoreBusyError("Another process is writing to the store, so that nothing was sent.")
        return reply

    def _chosen(
        self, proposal: Proposal, agent: str, choice: int | None, text: str | None, *, overrule: bool
    ) -> ReadyTurn:
        if choice is not None and not 1 <= choice <= len(proposal.drafts):
            raise PolicyError(f"There is no draft {choice}.", hint=f"There are {len(proposal.drafts)}.")
        turn, draft = proposal.turn, proposal.drafts[choice - 1] if choice is not None else None
        if draft is not None and text in (None, draft.text):
            author, state = Author("agent", agent, choice), draft.state.copy()
            state.set(handed_off=state["handed_off"] or turn.was_handed_off)
            return replace(turn, spoken=draft.spoken, state=state, author=author)
        if draft is None and text is None:
            return replace(_in_own_words(proposal, ""), author=Author("agent", agent))
        if not clean(text or ""):
            raise PolicyError("There is nothing to send.", hint="Choose a draft by its number, or write a reply.")
        words = sendable(text or "")  # what the guard reads is what is sent
        report = self.check(proposal, words)
        if not report.released and not overrule:
            raise PolicyError(
                f"The guard refuses this: {report.findings[0].message}", hint="Change it, or answer for it yourself."
            )
        author = Author("agent", agent, choice, edited=draft is not None, overruled=not report.released)
        chosen = _in_own_words(proposal, words)
        if draft is not None:
            state = draft.state.copy()
            unsay(state, proposal.before, words, turn.desk.terms)
            state.set(handed_off=state["handed_off"] or turn.was_handed_off)
            chosen = replace(turn, state=state)
        return replace(chosen, spoken=Spoken(words, report.verdict), author=author, checked=guard_of(report))

    async def _prepare(self, session: ChatSession, text: str, *, with_agent: bool = False) -> ReadyTurn:
        """Everything but the writing, on a copy of the state."""
        now = self._services.now()
        heard, (desk, handoff) = await asyncio.gather(
            asyncio.to_thread(lambda: hear(self._services.understander, text, now.date())),
            asyncio.to_thread(self._read, session, now),
        )
        state = session.state.copy()
        if desk.customer.status is not CustomerStatus.ACTIVE or desk.customer.churned_on is not None:
            state.set(cancelled=True)
        place, in_queue = self._standing(state, handoff, now), bool(state["handed_off"])
        if with_agent or place in (Standing.TOO_LATE, Standing.BACK):
            state.set(handed_off=False, handoff_reason=None)
        elif place is Standing.AGAIN and handoff is not None:
            state.set(handed_off=True, handoff_reason=handoff.reason)
        ready = ReadyTurn(
            said=heard.text,
            heard=heard,
            answer=Answer((), (Standing.PERSON.value,)),
            spoken=Spoken("", Verdict.RELEASE),
            desk=desk,
            state=state,
            number=session.turns + 1,
            at=now,
            standing=Standing.BOT if with_agent else place,
            handoff=handoff,
            was_handed_off=in_queue if with_agent else bool(state["handed_off"]),
        )
        if ready.standing is Standing.PERSON:
            state.heard(heard.as_message("waiting"))
            listen_in(desk, state, heard)
            state.set(handed_off=True)
            return ready
        manager = DialogueManager(self._project, lambda name: action_named(name, desk))
        meaning = intent_of(state, heard)
        answer = await manager.answer(state, heard.as_message(meaning))
        ready = replace(ready, answer=answer, meaning=meaning)
        if with_agent:
            return ready
        spoken = await asyncio.to_thread(words_of_turn, ready, Speech(self._voice, *ready.speech))
        state.replied(spoken.text)
        return replace(ready, spoken=spoken)

    def _read(self, session: ChatSession, now: datetime) -> tuple[Desk, HandoffView | None]:
        with self._services.store.read() as reading:
            self._catch_up(ConversationRepository(reading), session)
            desk = open_desk(reading, session.customer_id, now.date(), now, self._services.policy.contact)
            handoff = HandoffRepository(reading).of_conversation(session.conversation_id)
        desk.conversation_id, desk.wait_minutes = session.conversation_id, self._services.settings.handoff_minutes
        desk.knowledge = self._knowledge
        return desk, handoff

    def _catch_up(self, conversations: ConversationRepository, session: ChatSession) -> None:
        """Take in what a person, or another process, added to the conversation."""
        found = conversations.get(session.conversation_id)
        if found.turns <= session.turns:
            return
        start = self._project.domain.start()
        state = DialogueState.restored(session.state.sender_id, found.slots, session.state.events, start=start)
        turns = conversations.last_turns(found.id, min(found.turns - session.turns, MOST_MISSED))
        remember(state, turns)
        session.missed += turns
        session.state, session.turns = state, found.turns

    async def _finish(self, session: ChatSession, turn: ReadyTurn) -> Reply:
        """Write the turn, and only then let it count. Raises ConversationMovedError."""
        if not await asyncio.to_thread(self._keep, session, turn):
            return await self._not_kept(session, turn)
        session.state, session.turns = turn.state, turn.number
        return _reply(session, turn, turn.spoken)

    async def _not_kept(self, session: ChatSession, turn: ReadyTurn) -> Reply:
        """The words for a turn that could not be written."""
        sorry = await asyncio.to_thread(Speech(self._voice, *turn.speech).say, [("not_recorded", {})])
        return _reply(session, turn, sorry, recorded=False)

    def _keep(self, session: ChatSession, turn: ReadyTurn) -> bool:
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

    def _write(self, session: ChatSession, turn: ReadyTurn) -> None:
        model = self._services.understander.version
        with self._services.store.write() as writing:
            handoffs = HandoffRepository(writing)
            now_with = _state_of(handoffs.of_conversation(session.conversation_id))
            if turn.author.kind == "bot" and now_with != _state_of(turn.handoff):
                raise ConversationMovedError("A person took the conversation, or gave it back.")
            ConversationRepository(writing).add_turn(
                session.conversation_id,
                turn_view(turn),
                turn.state.slots,
                state_after(turn),
                handoff_reason=turn.state["handoff_reason"],
            )
            keep(writing, session.customer_id, turn.desk.effects, turn.at, session.conversation_id)
            messages = MessageRepository(writing)
            message_id = messages.add(
                session.customer_id,
                turn.said,
                turn.at,
                source_key=_source_key(session.customer_id, turn),
                conversation_id=session.conversation_id,
            )
            messages.add_readings(model, [reading_of(message_id, turn.heard)])
            keep_verdicts(writing, turn.spoken, turn.desk.customer.key, session.conversation_id, turn.at)
            self._queue(handoffs, session, turn)

    def _queue(self, handoffs: HandoffRepository, session: ChatSession, turn: ReadyTurn) -> None:
        """What the turn means for the queue of conversations that a person is to take over."""
        if turn.standing is Standing.TOO_LATE and turn.handoff is not None:
            handoffs.time_out(turn.handoff.id, turn.at)
        if turn.standing is Standing.AGAIN and turn.handoff is not None:
            handoffs.give_back(turn.handoff.id, turn.at, self._services.settings.patience, told=True)
        if turn.handoff is not None and withdrawn(turn):
            handoffs.withdraw(turn.handoff.id, turn.at)
        if turn.state["handed_off"] and not turn.was_handed_off and turn.standing is not Standing.PERSON:
            until = turn.at + self._services.settings.patience.wait
            reason, dossier = str(turn.state["handoff_reason"] or "asked"), dict(turn.state["dossier"] or {})
            handoffs.ask(session.conversation_id, session.customer_id, reason, dossier, turn.at, until)


def _source_key(customer_id: str, turn: ReadyTurn) -> bytes:
    """The key that the store keeps once: by the client's own id where it gives one, else by the place of the turn."""
    place = f"{turn.state.sender_id}:{turn.number}"
    named = json.dumps([customer_id, turn.client_id]) if turn.client_id is not None else place
    return hashlib.sha256(named.encode()).digest()


def _state_of(handoff: HandoffView | None) -> tuple[int, HandoffState] | None:
    """Which hand-off it is and how it stands."""
    return (handoff.id, handoff.state) if handoff is not None else None


def _in_own_words(proposal: Proposal, words: str) -> ReadyTurn:
    """A turn in which the bot does nothing but listen."""
    turn, state = proposal.turn, proposal.before.copy()
    desk = replace(turn.desk, effects=[])
    state.heard(turn.heard.as_message(turn.heard.intent))
    listen_in(desk, state, turn.heard)
    state.set(pending=None, last_acts=[], handed_off=state["handed_off"] or turn.was_handed_off)
    if words:
        state.replied(words)
    answer = Answer((), ("own_words",))
    return replace(turn, spoken=Spoken(words, Verdict.RELEASE), state=state, desk=desk, answer=answer)


def _reply(session: ChatSession, turn: ReadyTurn, spoken: Spoken, *, recorded: bool = True) -> Reply:
    state = turn.state if recorded else session.state
    return Reply(
        text=spoken.text,
        intent=turn.heard.intent,
        sentiment=turn.heard.sentiment.value,
        actions=tuple(actions_json(turn)) if recorded else (),
        slots=dict(state.slots),
        decision_id=state["offer_decision"],
        guard=guard_json(turn, spoken),
        handoff=bool(state["handed_off"]),
        conversation_id=session.conversation_id,
        turn=turn.number,
        recorded=recorded,
        silent=not spoken.text,
        author=turn.author,
    )


def _sender(conversation: ConversationView) -> str:
    return f"{conversation.customer_id}/{conversation.id}"
