"""What actions may reach: one customer's facts, the one offer that is allowed, and changes to be kept with the turn.

Actions never write. They ask the desk, which collects effects; `keep` applies them in the transaction of the turn, so
that a turn is in the store as a whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd

from analytics.decisions.contact import (
    ContactFacts,
    ContactPolicy,
    Proposal,
    permission_verdict,
    pressure_verdict,
    quiet_verdict,
    rest_verdict,
)
from analytics.decisions.history import NO_HISTORY, ContactHistory, histories
from bot.dialogue.knowledge import NOTHING_KNOWN, Knowledge
from bot.generation.brief import NO_OFFER
from db.queries import deciding as queries
from db.queries.customers import CustomerDetail, customer_detail
from db.repositories.contacts import ContactRepository
from db.repositories.customers import CustomerRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.offers import OfferRepository
from db.repositories.settings import SettingsRepository
from db.vocabulary import (
    Arm,
    Channel,
    CompanyProfile,
    ConsentStatus,
    CustomerStatus,
    Decision,
    DecisionTerms,
    Json,
    OfferType,
    OutcomeKind,
    SuppressionReason,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ACTOR = "chat"
MARKETING = (Channel.EMAIL, Channel.CHAT)
_RULE_NAMES = {"no_consent": "consent_denied"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome for the ledger."""

    kind: OutcomeKind
    decision_id: str | None


@dataclass(frozen=True, slots=True)
class Suppress:
    """A customer who must not be contacted; `denies` are the channels whose consent ends with it."""

    reason: SuppressionReason
    denies: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the audit trail."""

    action: str
    details: Json


@dataclass(frozen=True, slots=True)
class EndContract:
    """The customer's contract ends on the day it is paid for."""

    today: date
    reason: str | None


Effect = Outcome | Suppress | Note | EndContract


@dataclass(slots=True)
class Desk:
    """One customer's facts, what may be offered, and the effects of a turn.

    `terms` are those of the offer that is open, else of no offer; `no_offer_because` names the rule in that case.
    `agreed` are the terms of the newest decision where the customer said yes to them, `turned_down` those where they
    said no and nothing else speaks against an offer: who comes back to it in the same conversation may have it. After
    `wait_minutes` a customer whom nobody took over is told so; None where nobody looks after that.
    """

    customer: CustomerDetail
    company: CompanyProfile | None
    today: date
    terms: DecisionTerms = NO_OFFER
    no_offer_because: str | None = "no_decision"
    agreed: DecisionTerms | None = None
    turned_down: DecisionTerms | None = None
    conversation_id: int | None = None
    wait_minutes: float | None = None
    knowledge: Knowledge = NOTHING_KNOWN
    effects: list[Effect] = field(default_factory=list)

    @property
    def has_offer(self) -> bool:
        """Whether an offer may be made."""
        return self.terms.offer_type is not OfferType.NONE

    def reopen(self, decision_id: str | None) -> None:
        """Let the offer of this decision be made once more, where the customer's own no is all that forbids it."""
        if self.turned_down is not None and self.turned_down.decision_id == decision_id:
            self.terms, self.no_offer_because, self.turned_down = self.turned_down, None, None

    def accept(self, decision_id: str) -> None:
        """The customer took the offer of this decision."""
        self.effects.append(Outcome(OutcomeKind.ACCEPTED, decision_id))

    def decline(self, decision_id: str) -> None:
        """The customer turned the offer of this decision down."""
        self.effects.append(Outcome(OutcomeKind.DECLINED, decision_id))

    def ignore(self, decision_id: str) -> None:
        """The customer left without an answer to the offer of this decision."""
        self.effects.append(Outcome(OutcomeKind.IGNORED, decision_id))

    def cancel(self, decision_id: str | None, reason: str | None) -> None:
        """The customer cancelled: the contract ends, the ledger knows, and no more retention messages go out."""
        self.effects += [
            EndContract(self.today, reason),
            Outcome(OutcomeKind.CANCELED, decision_id),
            Suppress(SuppressionReason.OUTCOME),
            Note("cancel", {"reason": reason}),
        ]

    def opt_out(self) -> None:
        """No marketing on any channel from this moment."""
        self.effects.append(Suppress(SuppressionReason.OPT_OUT, denies=MARKETING))

    def request_erasure(self) -> None:
        """The customer wants to be forgotten: no contact until a person has dealt with it."""
        self.effects += [Suppress(SuppressionReason.OBJECTION), Note("erasure_requested", {})]

    def open_ticket(self, number: int, text: str, topic: str | None) -> str:
        """Put a request on record for the team; returns its number."""
        ticket = f"T-{self.conversation_id or 0}-{number}"
        self.note("open_ticket", {"ticket": ticket, "text": text, "topic": topic})
        return ticket

    def note(self, action: str, details: Json) -> None:
        """A line for the audit trail."""
        self.effects.append(Note(action, details))


def open_desk(
    session: "Session", customer_id: str, today: date, now: datetime, policy: ContactPolicy | None = None
) -> Desk:
    """The desk for one customer, under the contact policy that e-mail is under as well.

    Raises NotFoundError for an unknown customer.
    """
    customer = customer_detail(session, customer_id)
    decision = DecisionRepository(session).latest_for(customer_id)
    policy = policy or ContactPolicy()
    rule = no_offer_rule(session, customer, decision, today, now, policy)
    turned_down = None
    if rule == "settled" and decision is not None:
        was_no = queries.last_answer(session, decision.decision_id) is OutcomeKind.DECLINED
        otherwise = no_offer_rule(session, customer, decision, today, now, policy, settled=False)
        turned_down = decision.terms if was_no and otherwise is None else None
    return Desk(
        customer=customer,
        company=SettingsRepository(session).company(),
        today=today,
        terms=decision.terms if decision is not None and rule is None else NO_OFFER,
        no_offer_because=rule,
        agreed=_agreed(session, decision),
        turned_down=turned_down,
    )


def _agreed(session: "Session", decision: Decision | None) -> DecisionTerms | None:
    """The terms that a customer said yes to and did not take back."""
    if decision is None or queries.last_answer(session, decision.decision_id) is not OutcomeKind.ACCEPTED:
        return None
    return decision.terms


def no_offer_rule(
    session: "Session",
    customer: CustomerDetail,
    decision: Decision | None,
    today: date,
    now: datetime,
    policy: ContactPolicy,
    *,
    settled: bool = True,
) -> str | None:
    """The first rule that forbids an offer in chat; None where the decided offer may be made.

    Without `settled` an answer that the customer has given is no such rule.
    """
    if decision is None:
        return "no_decision"
    if decision.arm is Arm.HOLDOUT:
        return "holdout"
    if decision.blocked_by is not None:
        return decision.blocked_by
    if decision.terms.offer_type is OfferType.NONE:
        return "nothing_decided"
    if decision.terms.valid_until is None or decision.terms.valid_until < today:
        return "expired"
    if customer.status is not CustomerStatus.ACTIVE:
        return "not_active"
    return _contact_rule(session, customer.customer_id, decision, now, policy, settled)


def _contact_rule(
    session: "Session", customer_id: str, decision: Decision, now: datetime, policy: ContactPolicy, settled: bool
) -> str | None:
    facts = ContactFacts.of(queries.contact_rows(session, [customer_id], Channel.CHAT)[customer_id])
    history = _history(session, customer_id)
    verdict = permission_verdict(facts, history, now, Channel.CHAT, policy)
    if not verdict.allowed:
        suppressed = verdict.rule in set(SuppressionReason)
        return f"suppressed:{verdict.rule}" if suppressed else _RULE_NAMES.get(verdict.rule or "", verdict.rule)
    if settled and queries.settled_decisions(session, [decision.decision_id]):
        return "settled"
    offer = OfferRepository(session).cooldown_days(decision.offer_code)
    proposal = Proposal(decision.offer_code, decision.terms.offer_type, offer, decision.decision_id)
    for verdict in (
        pressure_verdict(history, now, Channel.CHAT, policy, decision.decision_id),
        quiet_verdict(facts, now, Channel.CHAT, policy),
        rest_verdict(proposal, history, now, policy),
    ):
        if not verdict.allowed:
            return verdict.rule
    return None


def _history(session: "Session", customer_id: str) -> ContactHistory:
    """What went before with one customer, without a dead address: that says nothing about chat."""
    found = histories(
        pd.DataFrame(queries.contacts(session, customer_id=customer_id), columns=list(queries.CONTACT_COLUMNS)),
        pd.DataFrame(queries.suppressions(session, customer_id), columns=list(queries.SUPPRESSION_COLUMNS)),
    ).get(customer_id, NO_HISTORY)
    alive = tuple(entry for entry in found.suppressions if entry.reason is not SuppressionReason.HARD_BOUNCE)
    return ContactHistory(found.contacts, alive)


def keep(
    session: "Session",
    customer_id: str,
    effects: Sequence[Effect],
    now: datetime,
    conversation_id: int | None,
    actor: str = ACTOR,
) -> None:
    """Write the effects of a turn in the caller's transaction."""
    contacts = ContactRepository(session)
    subject = f"conversation:{conversation_id}" if conversation_id is not None else f"customer:{customer_id}"
    for effect in effects:
        match effect:
            case Outcome(kind, decision_id):
                contacts.record_outcome(
                    customer_id, kind, now, decision_id=decision_id, conversation_id=conversation_id
                )
            case Suppress(reason, denies):
                contacts.suppress(customer_id, reason, now, actor)
                for channel in denies:
                    contacts.record_consent(customer_id, channel, ConsentStatus.DENIED, actor, now)
            case EndContract(today, reason_to_leave):
                CustomerRepository(session).end_contract(customer_id, today, now, reason=reason_to_leave)
            case Note(action, details):
                contacts.audit(actor, action, subject, now, details)
