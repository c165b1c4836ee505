"""Conversations: slots and whole turns, written together or not at all."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.errors import ConversationMovedError, NotFoundError
from db.models import Conversation, Customer, Turn
from db.vocabulary import Channel, ConversationState, Json

TURNS_KNOWN = 100
"""Among so many of a customer's last turns a message is known again by its id."""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation after its last whole turn."""

    id: int
    customer_id: str
    state: ConversationState
    slots: Json
    turns: int
    handoff_reason: str | None
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange. `record` holds what was understood, done and allowed."""

    number: int
    said: str
    reply: str
    intent: str | None
    sentiment: str | None
    record: Json
    created_at: datetime


class ConversationRepository:
    """The conversations of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def start(self, customer_id: str, now: datetime, *, channel: Channel = Channel.CHAT) -> ConversationView:
        """Begin a conversation. Raises NotFoundError for an unknown customer."""
        key = self.session.scalar(select(Customer.id).where(Customer.external_id == customer_id))
        if key is None:
            raise NotFoundError(f"There is no customer {customer_id}.")
        row = Conversation(
            customer_id=key,
            channel=channel,
            state=ConversationState.OPEN,
            slots={},
            turns=0,
            started_at=now,
            updated_at=now,
        )
        self.session.add(row)
        self.session.flush()
        return _view(row, customer_id)

    def get(self, conversation_id: int) -> ConversationView:
        """A conversation by its id. Raises NotFoundError."""
        row = self.session.execute(_by_id(), {"id": conversation_id}).first()
        if row is None:
            raise NotFoundError(f"There is no conversation {conversation_id}.")
        return _view(row[0], row[1])

    def latest_open(self, customer_id: str, *, alone: bool = False) -> ConversationView | None:
        """The newest conversation of a customer that has not ended.

        With `alone`, in a write, nobody else begins one for this customer before the transaction ends.
        """
        if alone:
            # SQLite has one writer at a time; elsewhere two processes must not both find none.
            self.session.scalar(select(Customer.id).where(Customer.external_id == customer_id).with_for_update())
        row = self.session.scalars(
            select(Conversation)
            .join(Customer, Customer.id == Conversation.customer_id)
            .where(Customer.external_id == customer_id, Conversation.state != ConversationState.CLOSED)
            .order_by(Conversation.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else _view(row, customer_id)

    def add_turn(
        self,
        conversation_id: int,
        turn: TurnView,
        slots: Json,
        state: ConversationState,
        *,
        handoff_reason: str | None = None,
    ) -> None:
        """Keep a turn and what it changed. Raises ConversationMovedError where another has its number already."""
        row = self.session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFoundError(f"There is no conversation {conversation_id}.")
        if 0 < turn.number <= row.turns:
            raise ConversationMovedError(f"Conversation {conversation_id} went on elsewhere.")
        self.session.add(
            Turn(
                conversation_id=conversation_id,
                number=turn.number,
                said=turn.said,
                reply=turn.reply,
                intent=turn.intent,
                sentiment=turn.sentiment,
                record=turn.record,
                created_at=turn.created_at,
            )
        )
        row.slots, row.state, row.turns, row.updated_at = slots, state, turn.number, turn.created_at
        row.handoff_reason = handoff_reason or row.handoff_reason

    def reopen(self, conversation_id: int, state: ConversationState = ConversationState.OPEN) -> None:
        """Give a conversation back to the bot, or end it."""
        row = self.session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFoundError(f"There is no conversation {conversation_id}.")
        row.state = state
        row.slots = {**row.slots, "handed_off": False}

    def last_turns(self, conversation_id: int, limit: int = 12) -> list[TurnView]:
        """The last turns of a conversation, oldest first."""
        rows = self.session.scalars(
            select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.number.desc()).limit(limit)
        )
        return [_turn(row) for row in rows][::-1]

    def answered(self, customer_id: str, client_id: str, limit: int | None = TURNS_KNOWN) -> list[TurnView]:
        """The turn of a customer's message that had this id, and what others said just before it; else nothing.

        Only a customer's last turns are looked at, or all of them without a `limit`.
        """
        newest = self.session.scalars(
            select(Turn)
            .join(Conversation, Conversation.id == Turn.conversation_id)
            .join(Customer, Customer.id == Conversation.customer_id)
            .where(Customer.external_id == customer_id)
            .order_by(Turn.conversation_id.desc(), Turn.number.desc())
            .limit(limit)
        ).all()
        for place, row in enumerate(newest):
            if (row.record.get("client") or {}).get("id") == client_id:
                same = (one for one in newest[place + 1 :] if one.conversation_id == row.conversation_id)
                before = takewhile(lambda one: not one.said, same)
                return [_turn(one) for one in (row, *before)][::-1]
        return []

    def waiting(self) -> list[ConversationView]:
        """Conversations that wait for a person, longest wait first."""
        rows = self.session.execute(
            select(Conversation, Customer.external_id)
            .join(Customer, Customer.id == Conversation.customer_id)
            .where(Conversation.state == ConversationState.HANDED_OFF)
            .order_by(Conversation.updated_at)
        )
        return [_view(row, customer_id) for row, customer_id in rows]


def _turn(row: Turn) -> TurnView:
    return TurnView(row.number, row.said, row.reply, row.intent, row.sentiment, row.record, row.created_at)


def _view(row: Conversation, customer_id: str) -> ConversationView:
    return ConversationView(
        id=row.id,
        customer_id=customer_id,
        state=row.state,
        slots=dict(row.slots),
        turns=row.turns,
        handoff_reason=row.handoff_reason,
        started_at=row.started_at,
        updated_at=row.updated_at,
    )


@cache
def _by_id() -> Any:
    """Made once: every turn asks for it."""
    of_customer = select(Conversation, Customer.external_id).join(Customer, Customer.id == Conversation.customer_id)
    return of_customer.where(Conversation.id == bindparam("id"))
