"""Customers, their contracts and what happened to them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Money
from db.vocabulary import ChurnKind, CustomerStatus, Json


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
