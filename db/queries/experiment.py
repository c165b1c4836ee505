"""What the experiment is measured from: everybody's decisions with what the store knows of them since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from db.models import Customer, DecisionRow, Draft, Outcome
from db.vocabulary import CustomerStatus, Decision, DraftState, Json, OutcomeKind, decision_from_json


@dataclass(frozen=True, slots=True)
class Followed:
    """A decision and what became of its customer: `left_on` is the day they left, `left` whether they did at all."""

    key: int
    decision: Decision
    left: bool
    left_on: date | None
    contacted: bool


def decisions_in_order(session: Session, until: date | None = None, size: int = 2_000) -> Iterator[Followed]:
    """All decisions, or those made up to a day, the oldest of each customer first."""
    sent = exists().where(Draft.decision_id == DecisionRow.decision_id, Draft.state == DraftState.EXPORTED)
    told = exists().where(Outcome.decision_id == DecisionRow.decision_id, Outcome.conversation_id.is_not(None))
    query = (
        select(Customer.id, DecisionRow.document, Customer.status, Customer.churned_on, sent, told)
        .join(DecisionRow, DecisionRow.customer_id == Customer.id)
        .order_by(Customer.id, DecisionRow.decided_on, DecisionRow.created_at, DecisionRow.decision_id)
        .execution_options(yield_per=size)
    )
    if until is not None:
        query = query.where(DecisionRow.decided_on <= until)
    for key, document, status, churned_on, was_sent, was_told in session.execute(query):
        left = status is not CustomerStatus.ACTIVE
        yield Followed(key, decision_from_json(document), left, churned_on, was_sent or was_told)


def outcomes_of(
    session: Session, kinds: Sequence[OutcomeKind]
) -> dict[int, list[tuple[OutcomeKind, datetime, str | None]]]:
    """Outcomes of these kinds by customer, oldest first: what, when, of which decision."""
    found: dict[int, list[tuple[OutcomeKind, datetime, str | None]]] = {}
    rows = session.execute(
        select(Outcome.customer_id, Outcome.kind, Outcome.occurred_at, Outcome.decision_id)
        .where(Outcome.kind.in_(kinds))
        .order_by(Outcome.occurred_at, Outcome.id)
    )
    for key, kind, at, decision_id in rows:
        found.setdefault(key, []).append((kind, at, decision_id))
    return found


def followed_fingerprint(session: Session, until: date) -> Json:
    """Changes whenever a decision made up to a day does, or what is known of its end; reads no decision."""
    made = select(func.count(), func.max(DecisionRow.created_at)).where(DecisionRow.decided_on <= until)
    known = select(func.count(), func.max(Outcome.id), func.max(Outcome.occurred_at)).select_from(Outcome)
    gone = select(func.count(), func.max(Customer.updated_at), func.max(Customer.churned_on)).where(
        Customer.status != CustomerStatus.ACTIVE
    )
    return {
        name: [value.isoformat() if isinstance(value, date) else value for value in session.execute(query).one()]
        for name, query in (("decisions", made), ("outcomes", known), ("departures", gone))
    }
