"""What is written to customers, what came of it, and who must not be contacted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Money
from db.vocabulary import Channel, ConsentStatus, DraftState, Json, OutcomeKind, SuppressionReason


class Draft(Base):
    """A message waiting for approval: a state machine whose steps stand in draft_step. Updated."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.decision_id"))
    step: Mapped[int] = mapped_column(default=1)
    channel: Mapped[Channel]
    state: Mapped[DraftState]
    variant: Mapped[str]
    backend: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=1)
    subject: Mapped[str]
    preheader: Mapped[str | None]
    body: Mapped[str]
    brief: Mapped[Json]
    guard: Mapped[Json]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("job_id", "customer_id", "step"),
        Index("ix_draft_state_id", "state", "id"),
    )


class DraftStep(Base):
    """A change of a draft: who, when, from which state to which, why, and the text before an edit."""

    __tablename__ = "draft_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    from_state: Mapped[DraftState]
    to_state: Mapped[DraftState]
    reason: Mapped[str | None]
    subject_before: Mapped[str | None]
    body_before: Mapped[str | None]


class Outcome(Base):
    """What happened after a decision or a draft."""

    __tablename__ = "outcome"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.decision_id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[OutcomeKind]
    occurred_at: Mapped[datetime]
    amount: Mapped[float | None] = mapped_column(Money)
    details: Mapped[Json | None]


class Suppression(Base):
    """Someone who must not be contacted. `address_hash` outlives an erased customer."""

    __tablename__ = "suppression"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    address_hash: Mapped[bytes | None] = mapped_column(index=True)
    channel: Mapped[Channel | None]
    reason: Mapped[SuppressionReason]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    source: Mapped[str]


class Consent(Base):
    """What a customer said about being contacted; the newest row per channel holds."""

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    channel: Mapped[Channel]
    status: Mapped[ConsentStatus]
    source: Mapped[str]
    recorded_at: Mapped[datetime]
