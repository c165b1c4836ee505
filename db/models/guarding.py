"""What the guard said of every try to write a text."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.vocabulary import Channel, GuardOutcome


class GuardVerdict(Base):
    """The guard's word on one try; `findings` are objects of `rule` and `claim`.

    The last try of each text, and no other, has a verdict that is not refuse. Erasing a customer updates the row: it
    stays countable, without the claims and without the customer.
    """

    __tablename__ = "guard_verdict"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    channel: Mapped[Channel]
    backend: Mapped[str]
    attempt: Mapped[int]
    verdict: Mapped[GuardOutcome]
    findings: Mapped[list[Any]]
    __table_args__ = (Index("ix_guard_verdict_at", "at"),)
