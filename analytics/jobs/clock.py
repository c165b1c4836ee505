"""The day it is in a store whose data end in the past."""

from datetime import date, timedelta

from sqlalchemy import func, select

from db.models import Event, Message
from db.repositories.settings import SettingsRepository
from db.session import Store

FRESH_DAYS = 45
"""Data that end this recently are taken to be live."""


def stop_clock_at_data(store: Store, real_today: date) -> date | None:
    """Stop the store's clock on the day after its newest event or message when that lies far back; None if it is live.

    Raises StoreError when the store cannot be written.
    """
    with store.read() as session:
        newest = [session.scalar(select(func.max(column))) for column in (Event.occurred_at, Message.sent_at)]
    known = [moment.date() for moment in newest if moment is not None]
    if not known or (real_today - max(known)).days <= FRESH_DAYS:
        return None
    today: date = max(known) + timedelta(days=1)
    with store.write() as session:
        SettingsRepository(session).set_today(today)
    return today
