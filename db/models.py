"""The schema on one page: typed SQLAlchemy models, facts append-only unless their docstring says otherwise.

Money is kept as whole ten-thousandths of a currency unit, instants in UTC. Everything a customer or a company
wrote is text without meaning to the store. No foreign key cascades: history is never deleted by accident.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    UniqueConstraint,
    types,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.vocabulary import (
    Arm,
    Channel,
    ChurnKind,
    ConsentStatus,
    ConversationState,
    CustomerStatus,
    Direction,
    DraftState,
    JobState,
    Json,
    OfferType,
    OutcomeKind,
    RiskBand,
    SuppressionReason,
    Verdict,
)

APPLICATION_ID = 0x6D737479
"""Marks a SQLite file as a mainstay store ("msty")."""

MONEY_SCALE = 10_000

E = TypeVar("E", bound=StrEnum)


class UTCDateTime(types.TypeDecorator[datetime]):
    """An instant; SQLite forgets time zones, so UTC goes in and UTC comes out. Naive values are refused."""

    impl = types.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """A time zone aware column where the database has one."""
        return dialect.type_descriptor(types.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, without its zone where the database cannot keep one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant with its zone."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Money(types.TypeDecorator[float]):
    """An amount in a currency's main unit, stored as whole ten-thousandths so that sums are exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> int | None:
        """Whole ten-thousandths."""
        return None if value is None else round(value * MONEY_SCALE)

    def process_result_value(self, value: int | None, dialect: Dialect) -> float | None:
        """The amount in the main unit."""
        return None if value is None else value / MONEY_SCALE


def _enum(kind: type[E]) -> Enum:
    values: Callable[[Any], list[str]] = lambda members: [member.value for member in members]  # noqa: E731
    return Enum(kind, values_callable=values, native_enum=False, length=24, create_constraint=False)


class Base(DeclarativeBase):
    """The parent of all tables; names every constraint so that migrations can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UTCDateTime(),
        date: types.Date(),
        Json: JSON(),
        list[Any]: JSON(),
        str: types.Text(),
        bytes: LargeBinary(),
        CustomerStatus: _enum(CustomerStatus),
        ChurnKind: _enum(ChurnKind),
        Channel: _enum(Channel),
        Direction: _enum(Direction),
        OfferType: _enum(OfferType),
        Arm: _enum(Arm),
        DraftState: _enum(DraftState),
        Verdict: _enum(Verdict),
        JobState: _enum(JobState),
        ConversationState: _enum(ConversationState),
        SuppressionReason: _enum(SuppressionReason),
        ConsentStatus: _enum(ConsentStatus),
        OutcomeKind: _enum(OutcomeKind),
        RiskBand: _enum(RiskBand),
    }


class Setting(Base):
    """A fact about the store itself: company profile, clock, churn definition. Current state."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Json]


class MappingFile(Base):
    """A mapping file as it was used for an import."""

    __tablename__ = "mapping_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    document: Mapped[Json]
    first_used_at: Mapped[datetime]


class ImportBatch(Base):
    """One import and its reconciled counts."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("mapping_file.id"))
    kind: Mapped[str]
    source: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rows_in: Mapped[int] = mapped_column(default=0)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_updated: Mapped[int] = mapped_column(default=0)
    rows_unchanged: Mapped[int] = mapped_column(default=0)
    rows_rejected: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        CheckConstraint(
            "finished_at IS NULL OR rows_in = rows_new + rows_updated + rows_unchanged + rows_rejected",
            name="reconciled",
        ),
    )


class Customer(Base):
    """A customer's current facts; `attributes` holds every other imported column by its source name. Updated."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str | None]
    timezone: Mapped[str | None]
    country: Mapped[str | None]
    plan: Mapped[str | None]
    monthly_revenue: Mapped[float | None] = mapped_column(Money)
    currency: Mapped[str | None]
    billing_period: Mapped[str | None]
    signed_up_on: Mapped[date | None]
    tenure_months: Mapped[float | None]
    renewal_date: Mapped[date | None]
    status: Mapped[CustomerStatus] = mapped_column(default=CustomerStatus.ACTIVE)
    churned: Mapped[bool | None]
    churned_on: Mapped[date | None]
    churn_kind: Mapped[ChurnKind | None]
    cancellation_reason: Mapped[str | None]
    attributes: Mapped[Json] = mapped_column(default=dict)
    content_hash: Mapped[bytes | None]
    mapping_id: Mapped[int | None] = mapped_column(ForeignKey("mapping_file.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Subscription(Base):
    """A contract line; a plan change or a price rise ends one and starts the next. Ends are filled in later."""

    __tablename__ = "subscription"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    plan: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    mrr: Mapped[float | None] = mapped_column(Money)
    billing_period: Mapped[str | None]
    discount_percent: Mapped[float | None]
    cancellation_reason: Mapped[str | None]


class Event(Base):
    """Something dated that a customer did or that happened to them; `source_key` makes re-import harmless.

    Lines that share a `reference` are one act, such as the lines of an invoice.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    amount: Mapped[float | None] = mapped_column(Money)
    quantity: Mapped[float | None]
    reference: Mapped[str | None]
    attributes: Mapped[Json | None]
    source_key: Mapped[bytes] = mapped_column(unique=True)
    __table_args__ = (Index("ix_event_customer_id_occurred_at", "customer_id", "occurred_at"),)


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


class Offer(Base):
    """A version of an offer in the catalogue; a change adds a version and retires the one before."""

    __tablename__ = "offer"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[str]
    name: Mapped[str]
    offer_type: Mapped[OfferType]
    document: Mapped[Json]
    active: Mapped[bool] = mapped_column(default=True)
    imported_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("code", "version"),)


class ModelVersion(Base):
    """A fitted model: where its files lie, what they must hash to, and how it was measured."""

    __tablename__ = "model_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    manifest_sha256: Mapped[str]
    data_window: Mapped[Json]
    metrics: Mapped[Json]
    card: Mapped[Json]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("name", "version"),)


class Job(Base):
    """A long piece of work that can be resumed; the same idempotency key is the same work. Updated as it runs."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    parameters: Mapped[Json]
    state: Mapped[JobState]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_job_kind_id", "kind", "id"),)


class ChurnScore(Base):
    """What a model said about a customer in one scoring job."""

    __tablename__ = "churn_score"
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    churn_probability: Mapped[float]
    risk_band: Mapped[RiskBand]
    revenue_at_risk: Mapped[float | None]
    residual_value: Mapped[float | None]
    reasons: Mapped[list[Any] | None]
    model_version_id: Mapped[int] = mapped_column(ForeignKey("model_version.id"))
    observation_date: Mapped[date]
    __table_args__ = (Index("ix_churn_score_customer_id", "customer_id"), {"sqlite_with_rowid": False})


class DecisionRow(Base):
    """What was decided for a customer: every candidate with its priority or the rule that removed it."""

    __tablename__ = "decision"
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    decided_on: Mapped[date]
    channel: Mapped[Channel]
    arm: Mapped[Arm]
    assignment_probability: Mapped[float]
    offer_code: Mapped[str]
    offer_type: Mapped[OfferType]
    method: Mapped[str]
    blocked_by: Mapped[str | None]
    priority: Mapped[float | None]
    valid_until: Mapped[date | None]
    document: Mapped[Json]
    created_at: Mapped[datetime]
    __table_args__ = (Index("ix_decision_job_id", "job_id"),)


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


class ExperimentAssignment(Base):
    """The side of an experiment a customer was put on, with the probability of that side."""

    __tablename__ = "experiment_assignment"
    experiment: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    arm: Mapped[Arm]
    assignment_probability: Mapped[float]
    assigned_at: Mapped[datetime]


class AuditEvent(Base):
    """Who did what to which row, when."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Json | None]
