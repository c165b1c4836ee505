"""The newest thing known of a customer as a column of a query: mood, offer, draft, conversation."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from db.models import Conversation, Customer, DecisionRow, Draft, Handoff, Job, Message, MessageReading
from db.vocabulary import JobState, Sentiment


def likeliest_mood() -> ColumnElement[str]:
    """The likeliest mood of a reading; ties go to the more negative, as in `mood_of`."""
    reading = MessageReading
    return case(
        (
            and_(reading.negative >= reading.neutral, reading.negative >= reading.positive),
            Sentiment.NEGATIVE.value,
        ),
        (reading.neutral >= reading.positive, Sentiment.NEUTRAL.value),
        else_=Sentiment.POSITIVE.value,
    )


def last_mood() -> Any:
    """The mood of a customer's last message that has been read, in the newest reading of it."""
    return (
        select(likeliest_mood())
        .join(Message, Message.id == MessageReading.message_id)
        .where(Message.customer_id == Customer.id)
        .order_by(Message.sent_at.desc(), Message.id.desc(), MessageReading.model.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


def current_offer() -> Any:
    """The code of the offer that the newest deciding job chose for a customer; `none` where it chose nothing."""
    job = select(func.max(Job.id)).where(Job.kind == "decide", Job.state == JobState.DONE).scalar_subquery()
    return (
        select(DecisionRow.offer_code)
        .where(DecisionRow.customer_id == Customer.id, DecisionRow.job_id == job)
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


def newest_draft() -> Any:
    """The state of a customer's newest draft."""
    return (
        select(Draft.state)
        .where(Draft.customer_id == Customer.id)
        .order_by(Draft.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


def newest_conversation() -> Any:
    """The state of a customer's newest conversation."""
    return (
        select(Conversation.state)
        .where(Conversation.customer_id == Customer.id)
        .order_by(Conversation.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


def newest_handoff() -> Any:
    """The state of a customer's newest hand-off to a person."""
    return (
        select(Handoff.state)
        .where(Handoff.customer_id == Customer.id)
        .order_by(Handoff.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )
