"""Whole tables as plain columns, in chunks of customers, for the jobs that train and score.

Rows are tuples in the order of the `*_COLUMNS` beside each function. Dates come as ISO text and instants as ISO
text in UTC, money in whole ten-thousandths (`db.models.MONEY_SCALE`), attributes as JSON text: parsing whole
columns at once is several times faster than doing it row by row.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Date, Enum, Text, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from db.models import Customer, Event, Message, MessageReading, Money, Subscription, UTCDateTime
from db.vocabulary import Direction

CUSTOMER_FIELDS = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "language",
    "timezone",
    "country",
    "plan",
    "monthly_revenue",
    "currency",
    "billing_period",
    "signed_up_on",
    "tenure_months",
    "renewal_date",
    "status",
    "churned_on",
    "churn_kind",
    "churned",
)
CUSTOMER_COLUMNS = ("key", "customer_id", *CUSTOMER_FIELDS, "attributes")
SUBSCRIPTION_COLUMNS = (
    "customer_id",
    "plan",
    "started_on",
    "ended_on",
    "mrr",
    "billing_period",
    "discount_percent",
    "cancellation_reason",
)
EVENT_COLUMNS = ("customer_id", "kind", "occurred_at", "amount", "quantity", "reference")
MESSAGE_FIELDS = ("customer_id", "sent_at", "direction", "channel", "text")
MESSAGE_COLUMNS = ("message_id", *MESSAGE_FIELDS, "negative", "neutral", "positive", "topic")


def next_range(session: Session, after: int, size: int) -> tuple[int, int] | None:
    """The lowest and highest key of the next `size` customers with a key above `after`; None where there are none."""
    found = select(Customer.id).where(Customer.id > after).order_by(Customer.id).limit(size).subquery()
    low, high = session.execute(select(func.min(found.c.id), func.max(found.c.id))).one()
    return None if low is None else (low, high)


def customers(session: Session, low: int, high: int) -> list[Sequence[Any]]:
    """Customers with keys in `low..high`."""
    columns = [_plain(getattr(Customer, name)) for name in CUSTOMER_FIELDS]
    query = select(Customer.id, Customer.external_id, *columns, cast(Customer.attributes, Text))
    return _rows(session, query.where(Customer.id.between(low, high)).order_by(Customer.id))


def picked_customers(
    session: Session, low: int, high: int, facts: Sequence[str], *, with_attributes: bool
) -> list[Sequence[Any]]:
    """Key, id, some facts and, `with_attributes`, the attributes of customers with keys in `low..high`."""
    columns = [_plain(getattr(Customer, name)) for name in facts]
    if with_attributes:
        columns.append(cast(Customer.attributes, Text))
    query = select(Customer.id, Customer.external_id, *columns)
    return _rows(session, query.where(Customer.id.between(low, high)).order_by(Customer.id))


def subscriptions(session: Session, low: int, high: int) -> list[Sequence[Any]]:
    """Contract lines of customers with keys in `low..high`; `customer_id` is the key."""
    columns = [_plain(getattr(Subscription, name)) for name in SUBSCRIPTION_COLUMNS]
    query = select(*columns).where(Subscription.customer_id.between(low, high))
    return _rows(session, query.order_by(Subscription.customer_id, Subscription.id))


def events(session: Session, low: int, high: int) -> list[Sequence[Any]]:
    """Events of customers with keys in `low..high`, in time order per customer; `customer_id` is the key."""
    columns = [_plain(getattr(Event, name)) for name in EVENT_COLUMNS]
    query = select(*columns).where(Event.customer_id.between(low, high))
    return _rows(session, query.order_by(Event.customer_id, Event.occurred_at, Event.id))


def messages(session: Session, low: int, high: int, reading_model: str | None) -> list[Sequence[Any]]:
    """Customers' own messages with the readings of one model; `customer_id` is the key."""
    columns = [_plain(getattr(Message, name)) for name in MESSAGE_FIELDS]
    reading = (MessageReading.negative, MessageReading.neutral, MessageReading.positive, MessageReading.topic)
    query = (
        select(Message.id, *columns, *reading)
        .outerjoin(
            MessageReading, (MessageReading.message_id == Message.id) & (MessageReading.model == (reading_model or ""))
        )
        .where(Message.customer_id.between(low, high), Message.direction == Direction.INBOUND)
    )
    return _rows(session, query.order_by(Message.customer_id, Message.sent_at, Message.id))


def _plain(column: Any) -> Any:
    """The column as the database holds it, without per-row conversion in Python."""
    if isinstance(column.type, Money):
        return type_coerce(column, BigInteger)
    return cast(column, Text) if isinstance(column.type, UTCDateTime | Date | Enum) else column


def _rows(session: Session, query: Any) -> list[Sequence[Any]]:
    """The rows as the driver gives them: `_plain` columns need no conversion."""
    with session.connection().execute(query) as result:
        return list(result.cursor.fetchall())
