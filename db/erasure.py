"""Forgets one customer: everything personal goes, counts and figures stay, and the ban on contact outlives both."""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.errors import NotFoundError
from db.masking import Mask
from db.models import (
    AuditEvent,
    ChurnScore,
    Conversation,
    Customer,
    DecisionRow,
    Draft,
    DraftStep,
    Event,
    Handoff,
    Job,
    Message,
    MessageReading,
    Outcome,
    Subscription,
    Suppression,
    Turn,
)
from db.repositories.audiences import KEY as AUDIENCES
from db.repositories.contacts import NOTE, SUPPRESS, ContactRepository, address_hash
from db.repositories.embeddings import EmbeddingRepository
from db.repositories.guard_verdicts import GuardVerdictRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import (
    Channel,
    ConsentStatus,
    ConversationState,
    CustomerStatus,
    DraftState,
    HandoffOutcome,
    HandoffState,
    Json,
    SuppressionReason,
)

log = logging.getLogger(__name__)

ERASED = "erase"
REQUESTED = "erasure_requested"
"""The audit actions of an erasure, and of a customer's wish for one."""

_BY_KEY = (NOTE, SUPPRESS, ERASED)
"""Audit lines with these actions name a customer by key, the others by id: the id of one may be the key of another."""

_OPEN_DRAFTS = (DraftState.NEEDS_REVIEW, DraftState.APPROVED)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased: rows of each kind that were emptied or removed. `pseudonym` stands in for the id."""

    pseudonym: str
    messages: int
    vectors: int
    conversations: int
    turns: int
    handoffs: int
    drafts: int
    decisions: int
    scores: int
    events: int
    verdicts: int
    audit_lines: int
    audiences: int = 0
    jobs: int = 0

    def as_json(self) -> Json:
        """The erasure as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """A customer who asked to be forgotten and has not been yet."""

    customer_id: str
    asked_at: datetime
    subject: str


def erase_customer(store: Store, customer_id: str, actor: str, now: datetime) -> Erasure:
    """Forget a customer in one transaction, then let the file forget as well. Raises NotFoundError.

    Amounts, dates, outcomes, verdicts and numbers of rows stay under a pseudonym, so that what was measured before
    still adds up. Nobody is contacted under this id or address again, and no import brings them back.
    """
    with store.write() as session:
        row = session.scalars(select(Customer).where(Customer.external_id == customer_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no customer {customer_id}.")
        done = _Eraser(session, row, now).erase(actor)
    if store.engine.dialect.name == "sqlite":
        # The write-ahead log still holds the pages as they were.
        with store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            raw = connection.connection.dbapi_connection
            if raw is not None:
                [is_read, *_] = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if is_read:
                    log.warning("another process reads the store: its write-ahead log forgets when that one has ended")
    return done


def erasure_requests(session: Session) -> list[ErasureRequest]:
    """Who asked to be forgotten and has not been yet, oldest first."""
    rows = session.execute(
        select(AuditEvent.subject, AuditEvent.at).where(AuditEvent.action == REQUESTED).order_by(AuditEvent.id)
    )
    found: dict[str, ErasureRequest] = {}
    for subject, at in rows:
        customer_id = _whose(session, subject)
        if customer_id is not None:
            found.setdefault(customer_id, ErasureRequest(customer_id, at, subject))
    return list(found.values())


def _whose(session: Session, subject: str) -> str | None:
    """The customer whom a line of the audit trail is about; None for one who was erased."""
    kind, _, name = subject.partition(":")
    query = select(Customer.external_id, Customer.id)
    if kind == "conversation" and name.isdecimal():
        query = query.join(Conversation, Conversation.customer_id == Customer.id).where(Conversation.id == int(name))
    else:
        query = query.where(Customer.external_id == name)
    row = session.execute(query).first()
    if row is None:
        return None
    erased = session.scalar(
        select(Suppression.id)
        .where(Suppression.customer_id == row[1], Suppression.reason == SuppressionReason.ERASED)
        .limit(1)
    )
    return None if erased is not None else str(row[0])


class _Eraser:
    """Empties the rows of one customer, table by table, inside the caller's transaction."""

    def __init__(self, session: Session, customer: Customer, now: datetime) -> None:
        self.session = session
        self.customer = customer
        self.key = customer.id
        self.known_as = customer.external_id
        self.pseudonym = f"erased-{secrets.token_hex(8)}"
        self.now = now
        self.conversations = self._ids(Conversation.id, Conversation.customer_id)
        self.drafts = self._ids(Draft.id, Draft.customer_id)
        self.handoffs = self._ids(Handoff.id, Handoff.customer_id)
        names = (customer.first_name, customer.last_name)
        full = f"{names[0]} {names[1]}" if all(names) else None
        self.mask = Mask((self.known_as, customer.email, customer.phone, full), self.pseudonym)

    def erase(self, actor: str) -> Erasure:
        """Everything, in an order that leaves no reference to what is gone."""
        verdicts = GuardVerdictRepository(self.session).forget(self.known_as)
        vectors = EmbeddingRepository(self.session).forget(self._texts())
        self._ban(actor)
        audit_lines = self._audit_trail()
        done = Erasure(
            pseudonym=self.pseudonym,
            messages=self._messages(),
            vectors=vectors,
            conversations=len(self.conversations),
            turns=self._talks(),
            handoffs=len(self.handoffs),
            drafts=self._letters(),
            decisions=self._decisions(),
            scores=self._count(update(ChurnScore).where(ChurnScore.customer_id == self.key).values(reasons=None)),
            events=self._events(),
            verdicts=verdicts,
            audit_lines=audit_lines,
            audiences=self._audiences(),
            jobs=self._jobs(),
        )
        self._facts()
        counts = {name: value for name, value in done.as_json().items() if name != "pseudonym"}
        ContactRepository(self.session).audit(actor, ERASED, f"customer:{self.key}", self.now, counts)
        return done

    def _ids(self, column: Any, owner: Any) -> list[int]:
        return list(self.session.scalars(select(column).where(owner == self.key)))

    def _count(self, statement: Any) -> int:
        result: Any = self.session.execute(statement, execution_options={"synchronize_session": False})
        return int(result.rowcount)

    def _texts(self) -> list[str]:
        messages = self.session.scalars(select(Message.text).where(Message.customer_id == self.key))
        said = self.session.scalars(select(Turn.said).where(Turn.conversation_id.in_(self.conversations)))
        return [*messages, *said]

    def _ban(self, actor: str) -> None:
        """No contact under this id or address, ever."""
        contacts = ContactRepository(self.session)
        contacts.suppress(self.known_as, SuppressionReason.ERASED, self.now, actor)
        for channel in (Channel.EMAIL, Channel.CHAT, Channel.PHONE):
            contacts.record_consent(self.known_as, channel, ConsentStatus.DENIED, actor, self.now)
        identities = {self.known_as, self.customer.email or self.known_as}
        for identity in sorted(identities):
            self.session.add(
                Suppression(
                    address_hash=address_hash(identity),
                    reason=SuppressionReason.ERASED,
                    since=self.now,
                    source=actor,
                )
            )
        self.session.flush()

    def _audit_trail(self) -> int:
        """What was noted about this customer loses its words, not its place."""
        subjects = []
        for kind, numbers in (
            ("conversation", self.conversations),
            ("draft", self.drafts),
            ("handoff", self.handoffs),
        ):
            subjects += [f"{kind}:{number}" for number in numbers]
        changed = self._count(
            update(AuditEvent)
            .where(AuditEvent.subject == f"customer:{self.key}", AuditEvent.action.in_(_BY_KEY))
            .values(details=None)
        )
        changed += self._count(
            update(AuditEvent)
            .where(AuditEvent.subject == f"customer:{self.known_as}", AuditEvent.action.not_in(_BY_KEY))
            .values(subject=f"customer:{self.pseudonym}", details=None)
        )
        for part in _parts(subjects):
            changed += self._count(update(AuditEvent).where(AuditEvent.subject.in_(part)).values(details=None))
        return changed

    def _messages(self) -> int:
        """Messages are nothing but their words: they go as a whole."""
        mine = select(Message.id).where(Message.customer_id == self.key)
        self._count(delete(MessageReading).where(MessageReading.message_id.in_(mine)))
        return self._count(delete(Message).where(Message.customer_id == self.key))

    def _talks(self) -> int:
        """Conversations keep how many turns they had, and which actions ran."""
        turns = self.session.scalars(select(Turn).where(Turn.conversation_id.in_(self.conversations))).all()
        for turn in turns:
            turn.said = turn.reply = ""
            turn.record = {name: turn.record[name] for name in ("rules", "actions") if name in turn.record}
        self._count(
            update(Conversation)
            .where(Conversation.customer_id == self.key)
            .values(slots={}, state=ConversationState.CLOSED)
        )
        self._count(update(Handoff).where(Handoff.customer_id == self.key).values(dossier={}, note=None))
        self._count(
            update(Handoff)
            .where(Handoff.customer_id == self.key, Handoff.state != HandoffState.DONE)
            .values(state=HandoffState.DONE, outcome=HandoffOutcome.OPT_OUT, ended_at=self.now)
        )
        return len(turns)

    def _letters(self) -> int:
        """Drafts keep their states and writers; none that is open may be sent any more."""
        self._count(
            update(DraftStep)
            .where(DraftStep.draft_id.in_(self.drafts))
            .values(reason=None, subject_before=None, body_before=None)
        )
        mine = Draft.customer_id == self.key
        self._count(update(Draft).where(mine, Draft.state.in_(_OPEN_DRAFTS)).values(state=DraftState.REJECTED))
        return self._count(
            update(Draft)
            .where(mine)
            .values(subject="", preheader=None, body="", brief={}, guard={}, updated_at=self.now)
        )

    def _decisions(self) -> int:
        """Decisions keep what was chosen and what was not, not what was known of the customer."""
        rows = self.session.scalars(select(DecisionRow).where(DecisionRow.customer_id == self.key)).all()
        for row in rows:
            row.document = _without_facts(row.document, self.pseudonym)
        self._count(update(Outcome).where(Outcome.customer_id == self.key).values(details=None))
        return len(rows)

    def _events(self) -> int:
        """Events keep kind, day, amount and quantity. Their keys were made of what is erased."""
        rows = self.session.scalars(select(Event).where(Event.customer_id == self.key)).all()
        for row in rows:
            row.reference, row.attributes, row.source_key = None, None, secrets.token_bytes(16)
        self._count(update(Subscription).where(Subscription.customer_id == self.key).values(cancellation_reason=None))
        return len(rows)

    def _audiences(self) -> int:
        """Saved audiences that name the customer go on without them."""
        settings = SettingsRepository(self.session)
        kept: Json = settings.get(AUDIENCES) or {}
        after = {self.mask.text(name): self.mask.text(str(text)) for name, text in kept.items()}
        changed = len(after.items() - kept.items())
        if changed:
            settings.put(AUDIENCES, after)
        return changed

    def _jobs(self) -> int:
        """Work that was asked for by the customer's name no longer tells whose it was, not even by its key."""
        changed = 0
        for row in self.session.scalars(select(Job)):
            after = self.mask.value(row.parameters)
            message = self.mask.text(row.message) if row.message else row.message
            if after != row.parameters or message != row.message:
                row.parameters, row.message = after, message
                row.idempotency_key = f"{row.kind}:{secrets.token_hex(16)}"
                changed += 1
        return changed

    def _facts(self) -> None:
        """The customer becomes a number with a plan, a price and dates, of whom nothing is forecast any more."""
        row = self.customer
        row.external_id = self.pseudonym
        row.first_name = row.last_name = row.email = row.phone = None
        row.language = row.timezone = row.country = row.cancellation_reason = None
        row.attributes, row.content_hash, row.mapping_id = {}, None, None
        row.status, row.updated_at = CustomerStatus.CHURNED, self.now
        self.session.flush()


def _without_facts(document: Json, pseudonym: str) -> Json:
    """A decision without the facts that it was made from."""
    terms = document.get("terms") or {}
    kept = ("decision_id", "offer_type", "value", "unit", "currency", "count", "duration_months", "duration_days")
    return {
        **document,
        "customer_id": pseudonym,
        "terms": {name: terms[name] for name in kept if name in terms},
        "candidates": [{**one, "explanation": "", "parts": {}} for one in document.get("candidates") or ()],
        "inputs": {},
    }


def _parts(items: list[str], size: int = 500) -> Iterable[list[str]]:
    return (items[place : place + size] for place in range(0, len(items), size))
