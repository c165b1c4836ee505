"""What follows from an imported customer row: recorded consent, and nobody writes to someone who has died or moved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.importers.customer_rows import CustomerRecord
from db.models import Consent, Customer, Suppression
from db.vocabulary import Channel, ConsentStatus, SuppressionReason

SOURCE_PREFIX = "import:"


def write_consents(session: Session, records: Sequence[CustomerRecord], source: str, now: datetime) -> None:
    """Record consent where it differs from what is known. What a customer told us directly outranks a table."""
    telling = [record for record in records if record.consents]
    ids = _store_ids(session, telling)
    newest = _newest_consents(session, list(ids.values()))
    rows = []
    for record in telling:
        customer_id = ids[record.external_id]
        for channel, granted in record.consents:
            status = ConsentStatus.GRANTED if granted else ConsentStatus.DENIED
            known = newest.get((customer_id, channel))
            if known is not None and (known.status is status or not known.source.startswith(SOURCE_PREFIX)):
                continue
            rows.append(
                {
                    "customer_id": customer_id,
                    "channel": channel,
                    "status": status,
                    "source": f"{SOURCE_PREFIX}{source}",
                    "recorded_at": now,
                }
            )
    if rows:
        session.execute(insert(Consent), rows)


def write_life_events(session: Session, records: Sequence[CustomerRecord], source: str, now: datetime) -> None:
    """Suppress every contact with customers whose reason for leaving forbids it."""
    ids = _store_ids(session, [record for record in records if record.life_event])
    known = set(
        session.scalars(
            select(Suppression.customer_id).where(
                Suppression.customer_id.in_(ids.values()), Suppression.reason == SuppressionReason.LIFE_EVENT
            )
        )
    )
    rows = [
        {
            "customer_id": customer_id,
            "reason": SuppressionReason.LIFE_EVENT,
            "since": now,
            "source": f"{SOURCE_PREFIX}{source}",
        }
        for customer_id in ids.values()
        if customer_id not in known
    ]
    if rows:
        session.execute(insert(Suppression), rows)


def _store_ids(session: Session, records: Sequence[CustomerRecord]) -> dict[str, int]:
    if not records:
        return {}
    wanted = [record.external_id for record in records]
    found = session.execute(select(Customer.external_id, Customer.id).where(Customer.external_id.in_(wanted)))
    return {row.external_id: row.id for row in found}


def _newest_consents(session: Session, customer_ids: list[int]) -> dict[tuple[int, Channel], Consent]:
    if not customer_ids:
        return {}
    rows = session.scalars(select(Consent).where(Consent.customer_id.in_(customer_ids)).order_by(Consent.id))
    return {(row.customer_id, row.channel): row for row in rows}
