"""What customers and we wrote: messages with their readings, conversations with their turns."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.vocabulary import Channel, ConversationState, Direction, HandoffOutcome, HandoffState, Json


class Message(Base):
    """What a customer wrote, or what we wrote to them."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    direction: Mapped[Direction]
    channel: Mapped[Channel]
    sent_at: Mapped[datetime]
    text: Mapped[str]
    rating: Mapped[float | None]
    source_key: Mapped[bytes] = mapped_column(unique=True)
    __table_args__ = (Index("ix_message_customer_id_sent_at", "customer_id", "sent_at"),)


class MessageReading(Base):
    """What one version of the language model read in a message; probabilities sum to one."""

    __tablename__ = "message_reading"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    negative: Mapped[float]
    neutral: Mapped[float]
    positive: Mapped[float]
    topic: Mapped[str | None]
    intents: Mapped[list[Any] | None]


class MessageEmbedding(Base):
    """A cache of what a text encoder makes of a text, as float16; a row belongs to a text, by its hash."""

    __tablename__ = "message_embedding"
    text_hash: Mapped[bytes] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes]


class Conversation(Base):
    """A chat: slots and state after its last whole turn. Updated by each turn."""

    __tablename__ = "conversation"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    channel: Mapped[Channel] = mapped_column(default=Channel.CHAT)
    state: Mapped[ConversationState] = mapped_column(default=ConversationState.OPEN)
    slots: Mapped[Json] = mapped_column(default=dict)
    turns: Mapped[int] = mapped_column(default=0)
    handoff_reason: Mapped[str | None]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Turn(Base):
    """One exchange of a conversation, with what was understood, done and allowed."""

    __tablename__ = "turn"
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[str]
    reply: Mapped[str]
    intent: Mapped[str | None]
    sentiment: Mapped[str | None]
    record: Mapped[Json] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Handoff(Base):
    """A conversation that a person is to take over: a state machine from waiting to done. Updated.

    `dossier` is what the bot had gathered when it passed the conversation on.
    """

    __tablename__ = "handoff"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[HandoffState]
    reason: Mapped[str]
    dossier: Mapped[Json]
    asked_at: Mapped[datetime]
    waits_until: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[HandoffOutcome | None]
    note: Mapped[str | None]
    __table_args__ = (Index("ix_handoff_state_id", "state", "id"),)
