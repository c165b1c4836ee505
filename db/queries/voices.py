"""What a summary of customers' messages reads: messages with their readings by time, and who wrote them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from db.models import Customer, Message, MessageReading
from db.vocabulary import CustomerStatus, Direction

KEYS_PER_QUERY = 5_000


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A customer's message and what the language model read in it."""

    id: int
    customer: int
    sent_at: datetime
    text: str
    negative: float
    neutral: float
    positive: float
    topic: str | None
    intents: Sequence[Any]


@dataclass(frozen=True, slots=True)
class WriterFacts:
    """What is known of a customer who wrote: what they pay, and whether and when they left."""

    key: int
    customer_id: str
    first_name: str | None
    last_name: str | None
    monthly_revenue: float | None
    active: bool
    churned: bool | None
    churned_on: date | None


def first_message_at(session: Session) -> datetime | None:
    """When the oldest message of a customer was sent; None where there is none."""
    return session.scalar(select(func.min(Message.sent_at)).where(Message.direction == Direction.INBOUND))


def message_count(session: Session, start: datetime, end: datetime, *, model: str | None = None) -> int:
    """How many messages customers sent from `start` up to `end`; with `model`, of those that it has read."""
    query = select(func.count()).select_from(Message).where(*_sent_between(start, end))
    if model is not None:
        query = query.join(MessageReading, and_(MessageReading.message_id == Message.id, MessageReading.model == model))
    return session.scalar(query) or 0


def read_messages_between(
    session: Session, model: str, start: datetime, end: datetime, *, after: int, limit: int, stride: int = 1
) -> list[ReadMessage]:
    """Messages of customers that `model` has read, sent from `start` up to `end`, by rising id above `after`.

    With a `stride` above one, only every so-manieth id: an even sample over the whole time.
    """
    query = (
        select(
            Message.id,
            Message.customer_id,
            Message.sent_at,
            Message.text,
            MessageReading.negative,
            MessageReading.neutral,
            MessageReading.positive,
            MessageReading.topic,
            MessageReading.intents,
        )
        .join(MessageReading, and_(MessageReading.message_id == Message.id, MessageReading.model == model))
        .where(*_sent_between(start, end), Message.id > after)
        .order_by(Message.id)
        .limit(limit)
    )
    if stride > 1:
        query = query.where(Message.id % stride == 0)
    return [
        ReadMessage(key, customer, sent_at, text, negative, neutral, positive, topic, intents or ())
        for key, customer, sent_at, text, negative, neutral, positive, topic, intents in session.execute(query)
    ]


def writers(session: Session, keys: Iterable[int]) -> Iterator[WriterFacts]:
    """The facts of these customers, in no particular order."""
    source = iter(keys)
    while part := list(islice(source, KEYS_PER_QUERY)):
        rows = session.execute(
            select(
                Customer.id,
                Customer.external_id,
                Customer.first_name,
                Customer.last_name,
                Customer.monthly_revenue,
                Customer.status == CustomerStatus.ACTIVE,
                Customer.churned,
                Customer.churned_on,
            ).where(Customer.id.in_(part))
        )
        for row in rows:
            yield WriterFacts(*row)


def _sent_between(start: datetime, end: datetime) -> tuple[Any, ...]:
    return Message.direction == Direction.INBOUND, Message.sent_at >= start, Message.sent_at < end
