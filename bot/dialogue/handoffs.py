"""When a person has the conversation: the bot listens, a person answers and says what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.dialogue.desk import Desk, keep, open_desk
from bot.dialogue.meaning import mood_slots
from bot.dialogue.nlu import MOST_READ, Heard, clean
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Act
from db.errors import InputError, PolicyError
from db.repositories.contacts import ContactRepository
from db.repositories.conversations import ConversationRepository, ConversationView, TurnView
from db.repositories.handoffs import HandoffRepository, HandoffView
from db.vocabulary import ConversationState, HandoffOutcome, HandoffState, Json, OutcomeKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from db.session import Store

QUOTES = 8
TURNS_READ = 60
"""A dossier reads so many turns at most: those after them are what the person sees first."""

LATE: tuple[Act, ...] = (("handoff_late", {}),)
AGAIN: tuple[Act, ...] = (("handoff_again", {}),)
CALL_BACK: tuple[Act, ...] = (("callback_offered", {}),)

SMALL_ANSWERS = frozenset(
    {
        "action_choices",
        "action_clarify",
        "action_greet_again",
        "action_handoff_waiting",
        "action_not_enough",
        "action_smalltalk",
        "action_welcome",
        "action_what_next",
    }
)
"""Answers that need not be given to somebody who waited in vain: the offer of a call stands in for them."""


class Standing(StrEnum):
    """Who speaks for us in a conversation."""

    BOT = "bot"
    WAITING = "waiting"
    PERSON = "person"
    AGAIN = "again"
    TOO_LATE = "too_late"
    BACK = "back"


def standing(state: DialogueState, handoff: HandoffView | None, now: datetime, silence: timedelta) -> Standing:
    """Who speaks: the bot, the bot until a person comes (again), a person, or the bot again after a person."""
    if handoff is not None and handoff.state is HandoffState.TAKEN:
        return Standing.AGAIN if handoff.has_lapsed(now, silence) else Standing.PERSON
    if handoff is not None and handoff.is_news and not handoff.is_overdue(now):
        return Standing.AGAIN
    if not state["handed_off"]:
        return Standing.BOT
    if handoff is None:
        return Standing.WAITING
    if handoff.is_overdue(now):
        return Standing.TOO_LATE
    return Standing.BACK if handoff.state is HandoffState.DONE else Standing.WAITING


def listen_in(desk: Desk, state: DialogueState, heard: Heard) -> None:
    """Take in a message that a person will answer: mood and reason, and what no answer may delay."""
    state.set(**mood_slots(state.slots, heard))
    if heard.has("opt_out") and not state["opted_out"]:
        desk.opt_out()
        state.set(opted_out=True)
    if heard.has("data_erasure") and not state["erasure_requested"]:
        desk.request_erasure()
        state.set(erasure_requested=True)


@dataclass(frozen=True, slots=True)
class HandoffDossier:
    """What a person reads before they answer: who asked for what, in which mood, in their own words.

    `noted` is what the bot gathered, up to the last message: a customer may cancel while they wait.
    """

    handoff: HandoffView
    noted: Json
    conversation: ConversationView
    moods: tuple[tuple[int, str], ...]
    quotes: tuple[tuple[int, str], ...]
    replies: tuple[tuple[int, str], ...]
    still_allowed: Json | None
    no_offer_because: str | None

    def as_json(self) -> Json:
        """The dossier as a JSON object."""
        handoff = self.handoff
        return {
            "id": handoff.id,
            "customer_id": handoff.customer_id,
            "conversation_id": handoff.conversation_id,
            "state": handoff.state.value,
            "reason": handoff.reason,
            "asked_at": handoff.asked_at,
            "waits_until": handoff.waits_until,
            "taken_by": handoff.taken_by,
            "taken_at": handoff.taken_at,
            "ended_at": handoff.ended_at,
            "outcome": handoff.outcome.value if handoff.outcome else None,
            "note": handoff.note,
            "noted": self.noted,
            "moods": [{"turn": number, "mood": mood} for number, mood in self.moods],
            "quotes": [{"turn": number, "text": text} for number, text in self.quotes],
            "replies": [{"turn": number, "text": text} for number, text in self.replies],
            "still_allowed": self.still_allowed,
            "no_offer_because": self.no_offer_because,
        }


def handoff_dossier(store: "Store", handoff_id: int, now: datetime) -> HandoffDossier:
    """The dossier of a hand-off as the conversation stands now. Raises NotFoundError."""
    with store.read() as session:
        handoff = HandoffRepository(session).get(handoff_id)
        conversations = ConversationRepository(session)
        conversation = conversations.get(handoff.conversation_id)
        turns = conversations.last_turns(conversation.id, TURNS_READ)
        desk = open_desk(session, handoff.customer_id, now.date(), now)
    said = [turn for turn in turns if turn.said]
    return HandoffDossier(
        handoff=handoff,
        noted={**handoff.dossier, **_since(conversation.slots)},
        conversation=conversation,
        moods=tuple((turn.number, turn.sentiment or "unread") for turn in said),
        quotes=tuple((turn.number, turn.said) for turn in _telling(said)),
        replies=tuple((turn.number, turn.reply) for turn in turns[-QUOTES:] if turn.reply),
        still_allowed=desk.terms.as_json() if desk.has_offer else None,
        no_offer_because=desk.no_offer_because,
    )


def _since(slots: Json) -> Json:
    """What the conversation came to after it was passed on, in the words of the bot's dossier."""
    cancelled = bool(slots.get("cancelled"))
    return {
        "topic": slots.get("reason"),
        "mood": slots.get("mood"),
        "wants_to_cancel": bool(slots.get("cancel_requested")) and not cancelled,
        "cancelled": cancelled,
        "offer": slots.get("offer") or "none",
        "tickets": list(slots.get("tickets") or ()),
        "callback": slots.get("callback"),
        "opted_out": bool(slots.get("opted_out")),
        "erasure_requested": bool(slots.get("erasure_requested")),
    }


def _telling(said: Sequence[TurnView]) -> list[TurnView]:
    """The newest messages, and before them the angriest of the others."""
    newest = list(said[-QUOTES // 2 :])
    rest = [turn for turn in said if turn not in newest]
    angriest = sorted(rest, key=lambda turn: float(turn.record.get("anger") or 0.0), reverse=True)[: QUOTES // 2]
    return sorted(angriest, key=lambda turn: turn.number) + newest


def take(store: "Store", handoff_id: int, actor: str, now: datetime) -> HandoffView:
    """Take a hand-off: from here on the bot is silent. Raises PolicyError where somebody has it."""
    with store.write() as session:
        taken = HandoffRepository(session).take(handoff_id, actor, now)
        _note(session, taken, "handoff_taken", actor, now)
    return taken


def sendable(text: str) -> str:
    """A person's words as the customer reads them. Raises InputError where there are none or too many to send."""
    words = clean(text, len(text))
    if not words:
        raise InputError("There is nothing to send.", hint="Write what the customer is to read.")
    if len(words) > MOST_READ:
        raise InputError(
            f"This is {len(words):,} characters long, and a message has at most {MOST_READ:,}; nothing was sent.",
            hint=f"Shorten it by {len(words) - MOST_READ:,}, or send it in parts.",
        )
    return words


def reply(
    store: "Store", handoff_id: int, text: str, actor: str, now: datetime, *, findings: Sequence[Json] = ()
) -> int:
    """Keep what a person writes to the customer, with what the guard found in it; returns the turn.

    Front ends call `bot.dialogue.answering.answer`, which has the guard read it. Raises PolicyError where nobody has
    taken it, InputError for words that cannot be sent.
    """
    words = sendable(text)
    with store.write() as session:
        handoff = HandoffRepository(session).get(handoff_id)
        if handoff.state is not HandoffState.TAKEN:
            raise PolicyError(
                f"Hand-off {handoff_id} is {handoff.state.value.replace('_', ' ')}.",
                hint=f"Take it first: `mainstay handoffs take {handoff_id}`.",
            )
        conversations = ConversationRepository(session)
        found = conversations.get(handoff.conversation_id)
        record = {
            "author": {"kind": "agent", "name": actor, "edited": False},
            "guard": {"verdict": "refuse" if findings else "release", "findings": list(findings)},
        }
        turn = TurnView(found.turns + 1, "", words, None, None, record, now)
        conversations.add_turn(found.id, turn, {**found.slots, "pending": None}, found.state)
    return turn.number


def close(
    store: "Store", handoff_id: int, outcome: HandoffOutcome, actor: str, now: datetime, *, note: str | None = None
) -> HandoffView:
    """End a hand-off: the outcome goes to the ledger and the contact rules, and the bot speaks again.

    `lost` ends the contract, as the chat does; `opt_out` ends contact. `saved` is kept here and nowhere else: whether
    it was a save is observed when the horizon has passed. Raises PolicyError for one that is over, or for an answer
    to an offer that was not made.
    """
    with store.write() as session:
        closed = HandoffRepository(session).close(handoff_id, outcome, actor, now, note=note)
        conversations = ConversationRepository(session)
        slots = conversations.get(closed.conversation_id).slots
        desk = open_desk(session, closed.customer_id, now.date(), now)
        known = {(kind, decision) for _, kind, decision in ContactRepository(session).outcomes(closed.customer_id)}
        _carry_out(desk, outcome, slots, known)
        keep(session, closed.customer_id, desk.effects, now, closed.conversation_id, actor)
        _note(session, closed, "handoff_closed", actor, now)
        conversations.reopen(
            closed.conversation_id,
            ConversationState.CLOSED if outcome is HandoffOutcome.LOST else ConversationState.OPEN,
        )
    return closed


def _carry_out(
    desk: Desk, outcome: HandoffOutcome, slots: Json, known: Collection[tuple[OutcomeKind, str | None]]
) -> None:
    """What an outcome asks of the desk. What the customer had told the bot already is in the ledger once."""
    decision_id = slots.get("offer_decision")
    match outcome:
        case HandoffOutcome.ACCEPTED | HandoffOutcome.DECLINED:
            decision_id = decision_id or (desk.terms.decision_id if desk.has_offer else None)
            if decision_id is None:
                raise PolicyError("There is no offer that the customer could have answered.", hint="Choose `saved`.")
            if (OutcomeKind(outcome.value), decision_id) not in known:
                (desk.accept if outcome is HandoffOutcome.ACCEPTED else desk.decline)(decision_id)
        case HandoffOutcome.LOST:
            if not slots.get("cancelled") and desk.customer.churned_on is None:
                desk.cancel(decision_id, slots.get("reason"))
        case HandoffOutcome.OPT_OUT:
            desk.opt_out()
        case _:
            pass


def _note(session: "Session", handoff: HandoffView, action: str, actor: str, now: datetime) -> None:
    outcome = {"outcome": handoff.outcome.value} if handoff.outcome else None
    ContactRepository(session).audit(actor, action, f"handoff:{handoff.id}", now, outcome)
