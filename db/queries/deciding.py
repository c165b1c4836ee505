"""What decisions are made from: scored customers with consent, mood and topic; contacts made; suppressions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import (
    ChurnScore,
    Consent,
    Customer,
    DecisionRow,
    Draft,
    Job,
    Message,
    MessageReading,
    Outcome,
    Suppression,
)
from db.queries.customers import mood_of
from db.repositories.readers import newest_last, readers
from db.vocabulary import Arm, Channel, CustomerStatus, DraftState, JobState, Json, OutcomeKind

CUSTOMER_COLUMNS = (
    "customer_id",
    "status",
    "churn_probability",
    "risk_band",
    "revenue_at_risk",
    "residual_value",
    "monthly_revenue",
    "currency",
    "billing_period",
    "plan",
    "tenure_months",
    "renewal_date",
    "country",
    "timezone",
    "language",
    "email",
    "consent",
    "attributes",
    "key",
)
CONTACT_COLUMNS = ("customer_id", "channel", "sent_at", "offer_code", "offer_type", "outcome", "decision_id")
SUPPRESSION_COLUMNS = ("customer_id", "reason", "channel", "since", "until")

RECENT_DAYS = 120
"""A message older than this is not what moves a customer today."""

NO_TOPIC = ("other", "question", "praise")
"""Topics of messages that are no reason to leave."""


def scored_customers(session: Session, score_job: int, after: int, limit: int) -> list[Sequence[Any]]:
    """Customers with a score of this job and a key above `after`, by key, in the order of `CUSTOMER_COLUMNS`."""
    query = (
        select(
            Customer.external_id,
            Customer.status,
            ChurnScore.churn_probability,
            ChurnScore.risk_band,
            ChurnScore.revenue_at_risk,
            ChurnScore.residual_value,
            Customer.monthly_revenue,
            Customer.currency,
            Customer.billing_period,
            Customer.plan,
            Customer.tenure_months,
            Customer.renewal_date,
            Customer.country,
            Customer.timezone,
            Customer.language,
            Customer.email,
            _newest_consent(Channel.EMAIL),
            cast(Customer.attributes, Text),
            Customer.id,
        )
        .join(ChurnScore, and_(ChurnScore.customer_id == Customer.id, ChurnScore.job_id == score_job))
        .where(Customer.id > after, Customer.status == CustomerStatus.ACTIVE)
        .order_by(Customer.id)
        .limit(limit)
    )
    return [tuple(row) for row in session.execute(query)]


def _newest_consent(channel: Channel) -> Any:
    """What the customer last said of the channel, else of any other: a no elsewhere is not turned into a yes."""
    newer = aliased(Consent)
    return (
        select(newer.status)
        .where(newer.customer_id == Customer.id)
        .order_by((newer.channel == channel).desc(), newer.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


def contact_rows(
    session: Session, customer_ids: Sequence[str], channel: Channel = Channel.EMAIL
) -> dict[str, dict[str, Any]]:
    """What the contact policy asks of each customer: status, consent to the channel, address, time zone."""
    rows = session.execute(
        select(
            Customer.external_id, Customer.status, _newest_consent(channel), Customer.email, Customer.timezone
        ).where(Customer.external_id.in_(customer_ids))
    )
    return {
        customer_id: {
            "customer_id": customer_id,
            "status": status.value,
            "consent": None if consent is None else consent.value,
            "has_email": bool(email),
            "timezone": timezone,
        }
        for customer_id, status, consent, email, timezone in rows
    }


def last_readings(session: Session, model: str, since: datetime) -> dict[int, tuple[str, str | None]]:
    """The mood of each customer's newest message and the topic of the newest one that names a reason, by key.

    A message counts as the newest model that read it did, `model` where another is as new. Messages before `since`
    no longer say what moves a customer.
    """
    rows = session.execute(
        select(
            Message.id,
            Message.customer_id,
            MessageReading.negative,
            MessageReading.neutral,
            MessageReading.positive,
            MessageReading.topic,
        )
        .join(MessageReading, MessageReading.message_id == Message.id)
        .where(Message.sent_at >= since)
        .order_by(Message.customer_id, Message.sent_at, Message.id, newest_last(readers(session, model)).desc())
    )
    found: dict[int, tuple[str, str | None]] = {}
    last = None
    for message, key, negative, neutral, positive, topic in rows:
        if message == last:
            continue
        last = message
        known = found.get(key, ("", None))[1]
        found[key] = (mood_of(negative, neutral, positive).value, topic if topic not in (None, *NO_TOPIC) else known)
    return found


RELEASED = (DraftState.APPROVED, DraftState.EXPORTED)


SETTLED = (OutcomeKind.ACCEPTED, OutcomeKind.DECLINED, OutcomeKind.CANCELED)
"""Outcomes after which a decided offer is not made again."""


def contacts(
    session: Session, states: Sequence[DraftState] = RELEASED, customer_id: str | None = None
) -> list[Sequence[Any]]:
    """E-mails in one of these states, and offers made in chat, in the order of `CONTACT_COLUMNS`.

    What came of an e-mail is the no where there was one, else the outcome that tells most of it.
    """
    mailed = (
        select(
            Customer.external_id,
            Draft.channel,
            Draft.updated_at,
            DecisionRow.offer_code,
            DecisionRow.offer_type,
            _telling_outcome(),
            DecisionRow.decision_id,
        )
        .join(Customer, Customer.id == Draft.customer_id)
        .join(DecisionRow, DecisionRow.decision_id == Draft.decision_id)
        .where(Draft.state.in_(states))
    )
    chatted = (
        select(
            Customer.external_id,
            DecisionRow.channel,
            Outcome.occurred_at,
            DecisionRow.offer_code,
            DecisionRow.offer_type,
            Outcome.kind,
            DecisionRow.decision_id,
        )
        .join(Customer, Customer.id == Outcome.customer_id)
        .join(DecisionRow, DecisionRow.decision_id == Outcome.decision_id)
        .where(Outcome.draft_id.is_(None), Outcome.conversation_id.is_not(None))
    )
    if customer_id is not None:
        mailed = mailed.where(Customer.external_id == customer_id)
        chatted = chatted.where(Customer.external_id == customer_id)
    return [tuple(row) for query in (mailed, chatted) for row in session.execute(query)]


def _telling_outcome() -> Any:
    """The outcome of a draft's decision that says most: a no before a yes before mere attention."""
    told = (OutcomeKind.DECLINED, OutcomeKind.CANCELED, OutcomeKind.ACCEPTED, OutcomeKind.IGNORED)
    rank = case({kind: number for number, kind in enumerate(told)}, value=Outcome.kind, else_=len(told))
    return (
        select(Outcome.kind)
        .where(or_(Outcome.draft_id == Draft.id, Outcome.decision_id == Draft.decision_id))
        .order_by(rank, Outcome.id)
        .limit(1)
        .correlate(Draft)
        .scalar_subquery()
    )


def settled_decisions(session: Session, decision_ids: Sequence[str]) -> set[str]:
    """Those of the decisions whose offer the customer has taken or turned down, or who has cancelled since."""
    rows = session.scalars(
        select(Outcome.decision_id).where(Outcome.decision_id.in_(decision_ids), Outcome.kind.in_(SETTLED)).distinct()
    )
    return {key for key in rows if key is not None}


def last_answer(session: Session, decision_id: str) -> OutcomeKind | None:
    """What a customer answered last to the offer of a decision: a yes may have been taken back."""
    return session.scalar(
        select(Outcome.kind)
        .where(Outcome.decision_id == decision_id, Outcome.kind.in_(SETTLED))
        .order_by(Outcome.id.desc())
        .limit(1)
    )


def held_out(session: Session, customer_ids: Sequence[str]) -> set[str]:
    """Those of the customers whom the newest deciding job keeps in the holdout."""
    newest = select(func.max(Job.id)).where(Job.kind == "decide", Job.state == JobState.DONE).scalar_subquery()
    rows = session.scalars(
        select(Customer.external_id)
        .join(DecisionRow, DecisionRow.customer_id == Customer.id)
        .where(Customer.external_id.in_(customer_ids), DecisionRow.arm == Arm.HOLDOUT, DecisionRow.job_id == newest)
    )
    return set(rows)


def suppressions(session: Session, customer_id: str | None = None) -> list[Sequence[Any]]:
    """All suppressions of known customers, or of one, in the order of `SUPPRESSION_COLUMNS`."""
    query = select(
        Customer.external_id, Suppression.reason, Suppression.channel, Suppression.since, Suppression.until
    ).join(Customer, Customer.id == Suppression.customer_id)
    if customer_id is not None:
        query = query.where(Customer.external_id == customer_id)
    return [tuple(row) for row in session.execute(query)]


def contact_fingerprint(session: Session) -> Json:
    """Changes whenever consent, suppressions, outcomes or released drafts do."""
    released = (
        select(func.count()).select_from(Draft).where(Draft.state.in_([DraftState.APPROVED, DraftState.EXPORTED]))
    )
    return {
        "consents": session.scalar(select(func.max(Consent.id))) or 0,
        "suppressions": session.scalar(select(func.max(Suppression.id))) or 0,
        "outcomes": session.scalar(select(func.max(Outcome.id))) or 0,
        "released": session.scalar(released) or 0,
    }
