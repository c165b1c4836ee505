"""What a churn report reads: whole columns of scores, decisions and lifetimes, and counts of everything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Text, and_, cast, func, select
from sqlalchemy.orm import Session

from db.models import (
    ChurnScore,
    Customer,
    DecisionRow,
    Event,
    ImportBatch,
    Job,
    Message,
    MessageReading,
    ModelVersion,
    Offer,
    Outcome,
)
from db.queries.newest import likeliest_mood
from db.vocabulary import Arm, CustomerStatus, Direction, JobState, RiskBand

Rows = list[Sequence[Any]]

IMPORTS_SHOWN = 8
QUOTE_LENGTHS = (30, 170)
"""Characters of a message short enough to quote and long enough to say something."""


@dataclass(frozen=True, slots=True)
class ScoringJob:
    """A finished scoring job, the version of its model and its observation date."""

    job_id: int
    model: str
    observation_date: date


def scoring_job(session: Session, job_id: int | None) -> ScoringJob | None:
    """The model and date of a scoring job; None where it scored nobody."""
    row = session.execute(
        select(ModelVersion.name, ModelVersion.version, ChurnScore.observation_date)
        .join(ModelVersion, ModelVersion.id == ChurnScore.model_version_id)
        .where(ChurnScore.job_id == job_id)
        .limit(1)
    ).first()
    return None if row is None or job_id is None else ScoringJob(job_id, f"{row[0]}/{row[1]}", row[2])


def scoring_job_before(session: Session, job_id: int) -> int | None:
    """The finished scoring job before this one."""
    return session.scalar(
        select(func.max(Job.id)).where(Job.kind == "score", Job.state == JobState.DONE, Job.id < job_id)
    )


def scores(session: Session, job_id: int) -> Rows:
    """Key, id, first and last name, plan, months, probability, band, revenue at risk and residual value, by key."""
    query = (
        select(
            Customer.id,
            Customer.external_id,
            Customer.first_name,
            Customer.last_name,
            Customer.plan,
            Customer.tenure_months,
            ChurnScore.churn_probability,
            cast(ChurnScore.risk_band, Text),
            ChurnScore.revenue_at_risk,
            ChurnScore.residual_value,
        )
        .join(Customer, Customer.id == ChurnScore.customer_id)
        .where(ChurnScore.job_id == job_id)
        .order_by(Customer.id)
    )
    return [tuple(row) for row in session.execute(query)]


def score_times(session: Session, job_id: int) -> Rows:
    """Churn within 30, 60 and 90 days and expected days, of the scores of a job that say when."""
    query = (
        select(ChurnScore.churn_30, ChurnScore.churn_60, ChurnScore.churn_90, ChurnScore.expected_days)
        .where(ChurnScore.job_id == job_id, ChurnScore.churn_30.is_not(None))
        .order_by(ChurnScore.customer_id)
    )
    return [tuple(row) for row in session.execute(query)]


def explained(session: Session, job_id: int, limit: int) -> Rows:
    """Key and reasons of customers at high risk whose reasons were kept, most revenue at risk first."""
    query = (
        select(ChurnScore.customer_id, ChurnScore.reasons)
        .where(ChurnScore.job_id == job_id, ChurnScore.risk_band == RiskBand.HIGH, ChurnScore.reasons.is_not(None))
        .order_by(
            func.coalesce(ChurnScore.revenue_at_risk, 0.0).desc(),
            ChurnScore.churn_probability.desc(),
            ChurnScore.customer_id,
        )
        .limit(limit)
    )
    return [tuple(row) for row in session.execute(query)]


def decisions(session: Session, job_id: int) -> Rows:
    """Key, offer code and type, arm, blocking rule, method and priority of the decisions of a job."""
    query = (
        select(
            DecisionRow.customer_id,
            DecisionRow.offer_code,
            cast(DecisionRow.offer_type, Text),
            cast(DecisionRow.arm, Text),
            DecisionRow.blocked_by,
            DecisionRow.method,
            DecisionRow.priority,
        )
        .where(DecisionRow.job_id == job_id)
        .order_by(DecisionRow.customer_id)
    )
    return [tuple(row) for row in session.execute(query)]


def planned_holdout(session: Session, job_id: int) -> float:
    """The share of customers that the experiment of a deciding job keeps out."""
    row = session.execute(
        select(cast(DecisionRow.arm, Text), DecisionRow.assignment_probability)
        .where(DecisionRow.job_id == job_id)
        .limit(1)
    ).first()
    if row is None:
        return 0.0
    # Either side of the split tells it; rounding makes both tell the same.
    return round(float(row[1]) if row[0] == Arm.HOLDOUT.value else 1.0 - float(row[1]), 9)


def offer_names(session: Session) -> dict[str, str]:
    """Names of offers by code: that of the version in force, else the newest."""
    return {row[0]: row[1] for row in session.execute(select(Offer.code, Offer.name).order_by(Offer.active, Offer.id))}


def outcome_counts(session: Session) -> Rows:
    """Side of the experiment, kind of outcome, and how many customers."""
    query = (
        select(cast(DecisionRow.arm, Text), cast(Outcome.kind, Text), func.count(Outcome.customer_id.distinct()))
        .join(DecisionRow, DecisionRow.decision_id == Outcome.decision_id)
        .group_by(DecisionRow.arm, Outcome.kind)
    )
    return [tuple(row) for row in session.execute(query)]


def lifetimes(session: Session) -> Rows:
    """Sign-up and departure as ISO dates, months as a customer, label, and whether still with us."""
    query = select(
        cast(Customer.signed_up_on, Text),
        cast(Customer.churned_on, Text),
        Customer.tenure_months,
        Customer.churned,
        Customer.status == CustomerStatus.ACTIVE,
    ).order_by(Customer.id)
    return [tuple(row) for row in session.execute(query)]


def reading_models(session: Session) -> dict[str, int]:
    """How many messages each language model has read."""
    rows = session.execute(select(MessageReading.model, func.count()).group_by(MessageReading.model))
    return {row[0]: row[1] for row in rows}


def main_reader(session: Session) -> str | None:
    """The language model that has read most messages; None where none has."""
    found = reading_models(session)
    return max(found, key=lambda name: (found[name], name), default=None)


def inbound_messages(session: Session) -> int:
    """How many messages customers have written."""
    return session.scalar(select(func.count()).select_from(Message).where(Message.direction == Direction.INBOUND)) or 0


def reading_counts(session: Session, model: str) -> Rows:
    """Month, topic, mood and number of customers' messages, as one model read them."""
    month = func.substr(cast(Message.sent_at, Text), 1, 7)
    mood = likeliest_mood()
    query = (
        select(month, func.coalesce(MessageReading.topic, ""), mood, func.count())
        .join(Message, Message.id == MessageReading.message_id)
        .where(MessageReading.model == model, Message.direction == Direction.INBOUND)
        .group_by(month, func.coalesce(MessageReading.topic, ""), mood)
    )
    return [tuple(row) for row in session.execute(query)]


def quotable(session: Session, model: str, topic: str, limit: int) -> Rows:
    """Text, customer id, first and last name of clearly negative messages about a topic, clearest first."""
    size = func.length(Message.text)
    query = (
        select(Message.text, Customer.external_id, Customer.first_name, Customer.last_name)
        .join(MessageReading, and_(MessageReading.message_id == Message.id, MessageReading.model == model))
        .join(Customer, Customer.id == Message.customer_id)
        .where(
            Message.direction == Direction.INBOUND,
            MessageReading.topic == topic,
            MessageReading.negative > 0.5,
            size.between(*QUOTE_LENGTHS),
        )
        .order_by(MessageReading.negative.desc(), Message.id)
        .limit(limit)
    )
    return [tuple(row) for row in session.execute(query)]


def people_names(session: Session) -> set[str]:
    """The first and last names in the store, to be kept out of quotes."""
    found: set[str] = set()
    for column in (Customer.first_name, Customer.last_name):
        names = session.scalars(select(column).where(column.is_not(None)).distinct())
        found.update(part for name in names if name for part in name.split())
    return found


def first_customers(session: Session, size: int) -> tuple[int, int] | None:
    """The lowest and highest key of the first `size` customers; None where there are none."""
    first = select(Customer.id).order_by(Customer.id).limit(size).subquery()
    low, high = session.execute(select(func.min(first.c.id), func.max(first.c.id))).one()
    return None if low is None else (low, high)


def newest_records(session: Session) -> dict[str, date]:
    """The day of the newest event of each kind, message, sign-up and departure."""
    found: dict[str, date] = {}
    for kind, newest in session.execute(select(Event.kind, func.max(Event.occurred_at)).group_by(Event.kind)):
        found[f"event: {kind}"] = newest.date()
    message = session.scalar(select(func.max(Message.sent_at)))
    if message is not None:
        found["message"] = message.date()
    for name, column in (("sign-up", Customer.signed_up_on), ("departure", Customer.churned_on)):
        newest_day = session.scalar(select(func.max(column, type_=Date)))
        if newest_day is not None:
            found[name] = newest_day
    return found


def last_imports(session: Session) -> Rows:
    """Kind, source, day, rows in, new, updated, unchanged and rejected of the last finished imports, newest first."""
    query = (
        select(ImportBatch)
        .where(ImportBatch.finished_at.is_not(None))
        .order_by(ImportBatch.id.desc())
        .limit(IMPORTS_SHOWN)
    )
    return [
        (
            row.kind,
            row.source,
            row.finished_at.date().isoformat() if row.finished_at else None,
            row.rows_in,
            row.rows_new,
            row.rows_updated,
            row.rows_unchanged,
            row.rows_rejected,
        )
        for row in session.scalars(query)
    ]
