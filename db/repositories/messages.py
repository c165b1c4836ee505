"""Messages and what the language model read in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.errors import AlreadyKeptError, NotFoundError
from db.models import Customer, Message, MessageReading
from db.repositories.bulk import insert_new
from db.repositories.readers import newest_last, readers
from db.vocabulary import Channel, Direction


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message with its reading, where one was made; probabilities sum to one."""

    id: int
    sent_at: datetime
    direction: Direction
    channel: Channel
    text: str
    negative: float | None
    neutral: float | None
    positive: float | None
    topic: str | None
    intents: Sequence[Mapping[str, Any]] = ()
    read_by: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one version of the language model read in a message."""

    message_id: int
    negative: float
    neutral: float
    positive: float
    topic: str | None
    intents: list[Any] | None


class MessageRepository:
    """The messages of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(
        self,
        customer_id: str,
        text: str,
        now: datetime,
        *,
        source_key: bytes,
        channel: Channel = Channel.CHAT,
        direction: Direction = Direction.INBOUND,
        conversation_id: int | None = None,
    ) -> int:
        """Keep one message; returns its id.

        Raises NotFoundError for an unknown customer, and AlreadyKeptError where one with this key is kept already.
        """
        key = self.session.scalar(_key_of(), {"customer_id": customer_id})
        if key is None:
            raise NotFoundError(f"There is no customer {customer_id}.")
        row = Message(
            customer_id=key,
            conversation_id=conversation_id,
            direction=direction,
            channel=channel,
            sent_at=now,
            text=text,
            source_key=source_key,
        )
        self.session.add(row)
        try:
            self.session.flush()
        except IntegrityError as error:
            raise AlreadyKeptError("This message is kept already.") from error
        return row.id

    def unread(self, model: str, *, after: int = 0, limit: int = 2_000) -> Sequence[tuple[int, str]]:
        """Customers' messages that this model has not read yet, by rising id."""
        query = (
            select(Message.id, Message.text)
            .outerjoin(MessageReading, and_(MessageReading.message_id == Message.id, MessageReading.model == model))
            .where(Message.direction == Direction.INBOUND, Message.id > after, MessageReading.message_id.is_(None))
            .order_by(Message.id)
            .limit(limit)
        )
        return list(self.session.execute(query))

    def unread_count(self, model: str) -> int:
        """How many customers' messages this model has not read yet."""
        read = select(func.count()).select_from(MessageReading).where(MessageReading.model == model)
        inbound = select(func.count()).select_from(Message).where(Message.direction == Direction.INBOUND)
        return (self.session.scalar(inbound) or 0) - (self.session.scalar(read) or 0)

    def add_readings(self, model: str, readings: Iterable[Reading]) -> int:
        """Keep readings; returns how many were new."""
        return insert_new(
            self.session,
            MessageReading,
            [
                {
                    "message_id": reading.message_id,
                    "model": model,
                    "negative": reading.negative,
                    "neutral": reading.neutral,
                    "positive": reading.positive,
                    "topic": reading.topic,
                    "intents": reading.intents,
                }
                for reading in readings
            ],
        )

    def of_customer(self, customer_id: str, *, model: str | None = None, limit: int = 200) -> Iterator[MessageView]:
        """A customer's messages, newest first, each as the newest model that read it did; none without a `model`.

        `model` is preferred where another is as new.
        """
        messages = self.session.scalars(
            select(Message)
            .join(Customer, Customer.id == Message.customer_id)
            .where(Customer.external_id == customer_id)
            .order_by(Message.sent_at.desc(), Message.id.desc())
            .limit(limit)
        ).all()
        readings: dict[int, MessageReading] = {}
        if model is not None and messages:
            models = readers(self.session, model)
            query = select(MessageReading).where(MessageReading.message_id.in_([one.id for one in messages]))
            for found in self.session.scalars(query.order_by(newest_last(models))):
                readings[found.message_id] = found
        for message in messages:
            reading = readings.get(message.id)
            yield MessageView(
                id=message.id,
                sent_at=message.sent_at,
                direction=message.direction,
                channel=message.channel,
                text=message.text,
                negative=reading.negative if reading else None,
                neutral=reading.neutral if reading else None,
                positive=reading.positive if reading else None,
                topic=reading.topic if reading else None,
                intents=(reading.intents or ()) if reading else (),
                read_by=reading.model if reading else None,
            )


@cache
def _key_of() -> Any:
    """Made once: every turn of a conversation asks for it."""
    return select(Customer.id).where(Customer.external_id == bindparam("customer_id"))
