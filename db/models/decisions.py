"""What was forecast and decided for a customer, from which offers, and on which side of an experiment."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.vocabulary import Arm, Channel, Json, OfferType, RiskBand


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


class ChurnScore(Base):
    """What a model said about a customer in one scoring job.

    `churn_30`, `churn_60` and `churn_90` are churn probabilities within so many days and `expected_days` the expected
    remaining time; None where churn has no dates. `involuntary_90` is the part of `churn_90` that failed payments
    make up, None where the data do not tell.
    """

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
    churn_30: Mapped[float | None]
    churn_60: Mapped[float | None]
    churn_90: Mapped[float | None]
    involuntary_90: Mapped[float | None]
    expected_days: Mapped[float | None]
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
    __table_args__ = (Index("ix_decision_job_id_customer_id", "job_id", "customer_id"),)


class ExperimentAssignment(Base):
    """The side of an experiment a customer was put on, with the probability of that side."""

    __tablename__ = "experiment_assignment"
    experiment: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    arm: Mapped[Arm]
    assignment_probability: Mapped[float]
    assigned_at: Mapped[datetime]
