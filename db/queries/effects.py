"""Decisions whose end is known: what was decided, and whether the customer stayed."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Customer, DecisionRow, Outcome
from db.vocabulary import Json, OutcomeKind

ROWS_PER_FETCH = 1_000
ENDS = (OutcomeKind.RETAINED, OutcomeKind.CANCELED)


def followed_decisions(session: Session) -> Iterator[tuple[str, Json, bool]]:
    """Customer, decision document and whether they were retained by the newest word on it; oldest decisions first."""
    newest = (
        select(func.max(Outcome.id).label("id"))
        .where(Outcome.kind.in_(ENDS), Outcome.decision_id.is_not(None))
        .group_by(Outcome.decision_id)
        .subquery()
    )
    rows = session.execute(
        select(Customer.external_id, DecisionRow.document, Outcome.kind)
        .join(newest, newest.c.id == Outcome.id)
        .join(DecisionRow, DecisionRow.decision_id == Outcome.decision_id)
        .join(Customer, Customer.id == DecisionRow.customer_id)
        .order_by(DecisionRow.decided_on, DecisionRow.created_at, DecisionRow.decision_id)
        .execution_options(yield_per=ROWS_PER_FETCH)
    )
    for customer_id, document, kind in rows:
        yield customer_id, document, kind is OutcomeKind.RETAINED
