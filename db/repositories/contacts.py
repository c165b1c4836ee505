"""Who may be contacted, who was, and what came of it: consent, suppression, outcomes."""

import hashlib
from datetime import datetime

from sqlalchemy import Text, cast, literal, select
from sqlalchemy.orm import Session

from db.errors import InputError, NotFoundError
from db.models import AuditEvent, Consent, Customer, Draft, Outcome, Suppression
from db.vocabulary import Channel, ConsentStatus, Json, OutcomeKind, SuppressionReason

WITHHOLD = "withhold"
"""The audit action of a letter that a rule kept back."""

NOTE = "note"
"""The audit action of a note on a customer."""

SUPPRESS = "suppress"
"""The audit action of a stop to contact."""

LONGEST_NOTE = 2_000


def address_hash(email: str) -> bytes:
    """A fingerprint of an e-mail address that outlives the address itself."""
    return hashlib.sha256(email.strip().casefold().encode()).digest()


class ContactRepository:
    """Consent, suppression, outcomes and the audit trail of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def suppress(
        self,
        customer_id: str,
        reason: SuppressionReason,
        now: datetime,
        source: str,
        *,
        channel: Channel | None = None,
        until: datetime | None = None,
    ) -> None:
        """Stop contact with a customer at once, on one channel or on all. Raises NotFoundError."""
        key = self._key(customer_id)
        self.session.add(
            Suppression(customer_id=key, channel=channel, reason=reason, since=now, until=until, source=source)
        )
        self.audit(source, SUPPRESS, f"customer:{key}", now, {"reason": reason.value})

    def suppressions(self, customer_id: str, now: datetime) -> list[tuple[Channel | None, SuppressionReason]]:
        """The suppressions in force for a customer."""
        rows = self.session.scalars(
            select(Suppression)
            .join(Customer, Customer.id == Suppression.customer_id)
            .where(Customer.external_id == customer_id)
        )
        return [(row.channel, row.reason) for row in rows if row.until is None or row.until > now]

    def record_consent(
        self, customer_id: str, channel: Channel, status: ConsentStatus, source: str, now: datetime
    ) -> None:
        """Note what a customer said about a channel."""
        self.session.add(
            Consent(customer_id=self._key(customer_id), channel=channel, status=status, source=source, recorded_at=now)
        )

    def record_outcome(
        self,
        customer_id: str,
        kind: OutcomeKind,
        now: datetime,
        *,
        decision_id: str | None = None,
        draft_id: int | None = None,
        conversation_id: int | None = None,
        details: Json | None = None,
    ) -> None:
        """Note what happened after a decision."""
        self.session.add(
            Outcome(
                customer_id=self._key(customer_id),
                decision_id=decision_id,
                draft_id=draft_id,
                conversation_id=conversation_id,
                kind=kind,
                occurred_at=now,
                details=details,
            )
        )

    def outcomes(self, customer_id: str) -> list[tuple[datetime, OutcomeKind, str | None]]:
        """What happened with a customer: when, what, after which decision; oldest first."""
        rows = self.session.scalars(
            select(Outcome)
            .join(Customer, Customer.id == Outcome.customer_id)
            .where(Customer.external_id == customer_id)
            .order_by(Outcome.id)
        )
        return [(row.occurred_at, row.kind, row.decision_id) for row in rows]

    def kept_back(self, customer_id: str) -> list[tuple[datetime, str, str]]:
        """Letters to a customer that a rule kept back at the door: when, the rule, a sentence; newest first."""
        rows = self.session.execute(
            select(AuditEvent.at, AuditEvent.details)
            .join(Draft, AuditEvent.subject == literal("draft:").concat(cast(Draft.id, Text)))
            .join(Customer, Customer.id == Draft.customer_id)
            .where(AuditEvent.action == WITHHOLD, Customer.external_id == customer_id)
            .order_by(AuditEvent.id.desc())
        )
        return [(at, str(details["rule"]), str(details["sentence"])) for at, details in rows if details]

    def note(self, customer_id: str, text: str, actor: str, now: datetime) -> None:
        """Keep what somebody wants remembered of a customer. Raises InputError, NotFoundError."""
        text = text.strip()
        if not text or len(text) > LONGEST_NOTE:
            raise InputError(f"A note has 1 to {LONGEST_NOTE:,} characters.")
        self.audit(actor, NOTE, f"customer:{self._key(customer_id)}", now, {"text": text})

    def notes(self, customer_id: str) -> list[tuple[datetime, str, str]]:
        """What is to be remembered of a customer: when, by whom, what; newest first."""
        rows = self.session.execute(
            select(AuditEvent.at, AuditEvent.actor, AuditEvent.details)
            .where(AuditEvent.action == NOTE, AuditEvent.subject == f"customer:{self._key(customer_id)}")
            .order_by(AuditEvent.id.desc())
        )
        return [(at, actor, str(details["text"])) for at, actor, details in rows if details]

    def audit(self, actor: str, action: str, subject: str, now: datetime, details: Json | None = None) -> None:
        """Add a line to the audit trail."""
        self.session.add(AuditEvent(at=now, actor=actor, action=action, subject=subject, details=details))

    def _key(self, customer_id: str) -> int:
        key = self.session.scalar(select(Customer.id).where(Customer.external_id == customer_id))
        if key is None:
            raise NotFoundError(f"There is no customer {customer_id}.")
        return key
