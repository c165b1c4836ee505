"""The offer catalogue as imported: every version is kept, the newest of each code is active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Offer
from db.vocabulary import Json, OfferType

DEFAULT_COOLDOWN_DAYS = 90


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One offer of a catalogue; `version` changes whenever its document does."""

    code: str
    version: str
    name: str
    offer_type: OfferType
    document: Json


class OfferRepository:
    """The offers of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def replace(self, offers: Sequence[OfferRecord], now: datetime) -> None:
        """Make these the active offers; offers that are not among them are retired, never deleted."""
        known = {(row.code, row.version): row for row in self.session.scalars(select(Offer))}
        self.session.execute(update(Offer).values(active=False))
        for offer in offers:
            found = known.get((offer.code, offer.version))
            if found is not None:
                found.active = True
                continue
            self.session.add(
                Offer(
                    code=offer.code,
                    version=offer.version,
                    name=offer.name,
                    offer_type=offer.offer_type,
                    document=offer.document,
                    active=True,
                    imported_at=now,
                )
            )

    def active(self) -> list[OfferRecord]:
        """The active offers in the order of their import."""
        rows = self.session.scalars(select(Offer).where(Offer.active).order_by(Offer.id))
        return [OfferRecord(row.code, row.version, row.name, row.offer_type, row.document) for row in rows]

    def cooldown_days(self, code: str) -> int:
        """Days that the newest version of an offer rests after it was made; the default where none is kept."""
        document = self.session.scalar(
            select(Offer.document).where(Offer.code == code).order_by(Offer.id.desc()).limit(1)
        )
        return int((document or {}).get("cooldown_days", DEFAULT_COOLDOWN_DAYS))
