"""What the page of a customer asks for beyond the dossier: history, notes, survival curve; calls that block."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.tui.wording import clean
from db.queries.customers import customer_detail
from db.queries.history import HistoryItem, average_times, customer_history
from db.repositories.contacts import ContactRepository

if TYPE_CHECKING:
    from analytics.jobs.curves import CurveReader, CustomerCurve
    from bot.wiring import Services

Note = tuple[datetime, str, str]


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """What passed with a customer and what is noted of them; `usual` is the mean risk at 30, 60 and 90 days."""

    history: list[HistoryItem]
    notes: list[Note]
    usual: tuple[float | None, float | None, float | None]


class CustomerRecords:
    """The records of a store."""

    def __init__(self, services: "Services") -> None:
        self.services = services

    @cached_property
    def curves(self) -> "CurveReader":
        """What draws survival curves; its models are loaded with the first one."""
        from analytics.jobs.curves import CurveReader

        return CurveReader(self.services.store, self.services.models)

    def of(self, customer_id: str) -> CustomerRecord:
        """The record of a customer. Raises NotFoundError."""
        with self.services.store.read() as session:
            key = customer_detail(session, customer_id).key
            history = customer_history(session, key, customer_id)
            return CustomerRecord(history, ContactRepository(session).notes(customer_id), average_times(session))

    def add_note(self, customer_id: str, text: str) -> None:
        """Note something of a customer. Raises InputError, NotFoundError."""
        with self.services.store.write() as session:
            now = self.services.now()
            ContactRepository(session).note(customer_id, clean(text), self.services.settings.actor, now)

    def curve(self, customer_id: str, *, reading_model: str | None) -> "CustomerCurve | None":
        """How the chance to be still there falls; None where churn has no dates. Raises NotFoundError."""
        return self.curves.curve(customer_id, self.services.now(), reading_model=reading_model)
