"""Who gets a draft: customers with a decided offer, most worth keeping first, and who is left out by which rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from db.models import ChurnScore, Customer, DecisionRow, Draft
from db.queries.audience import parse_audience
from db.repositories.scores import ScoreRepository
from db.vocabulary import CustomerStatus, DraftState, OfferType

_PLANNED = DecisionRow.document["inputs"]["exploration"]["planned_worth"].as_float()
_WORTH = func.coalesce(_PLANNED, DecisionRow.priority)
"""A drawn offer takes the turn of the planned one: were the drawn ones written last, they would seem to do nothing."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A customer to be written to, and the decision that says what about."""

    key: int
    customer_id: str
    decision_id: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The recipients in order, and how many of the wanted customers were left out by each rule."""

    recipients: tuple[Recipient, ...]
    left_out: dict[str, int]


def select_recipients(
    session: Session,
    decide_job: int,
    *,
    top: int | None,
    where: str,
    job_id: int | None,
    with_no_offer: bool = False,
    customers: Collection[str] = (),
) -> Selection:
    """Recipients by the priority of their offer, highest first, at most `top`; `customers` names those in question.

    Customers whose draft of another job is still open are left out, and those who were written to about the same
    decision: nobody gets two letters at once, nor the same offer twice.
    """
    query = _considered(session, decide_job, where, Draft.job_id != (job_id if job_id is not None else -1))
    recipients: list[Recipient] = []
    left_out: dict[str, int] = {}
    for key, customer_id, decision_id, blocked_by, offer_type, has_open_draft, was_written_to in session.execute(query):
        if customers and customer_id not in customers:
            continue
        rule = blocked_by or _left_out(offer_type, has_open_draft, was_written_to, with_no_offer=with_no_offer)
        if rule is not None:
            left_out[rule] = left_out.get(rule, 0) + 1
        elif top is None or len(recipients) < top:
            recipients.append(Recipient(key, customer_id, decision_id))
    return Selection(tuple(recipients), left_out)


def _considered(session: Session, decide_job: int, where: str, of_another_job: ColumnElement[bool]) -> Any:
    """The customers in question with what may leave them out, in the order in which they are written to."""
    score_job = ScoreRepository(session).current_job()
    written_to = exists().where(
        Draft.customer_id == Customer.id,
        Draft.decision_id == DecisionRow.decision_id,
        Draft.state == DraftState.EXPORTED,
        of_another_job,
    )
    open_draft = exists().where(
        Draft.customer_id == Customer.id,
        Draft.state.in_([DraftState.NEEDS_REVIEW, DraftState.APPROVED]),
        of_another_job,
    )
    query: Any = (
        select(
            Customer.id,
            Customer.external_id,
            DecisionRow.decision_id,
            DecisionRow.blocked_by,
            DecisionRow.offer_type,
            open_draft,
            written_to,
        )
        .join(DecisionRow, and_(DecisionRow.customer_id == Customer.id, DecisionRow.job_id == decide_job))
        .outerjoin(ChurnScore, and_(ChurnScore.customer_id == Customer.id, ChurnScore.job_id == score_job))
        .where(Customer.status == CustomerStatus.ACTIVE)
        .order_by(func.coalesce(_WORTH, 0.0).desc(), ChurnScore.revenue_at_risk.desc(), Customer.id)
    )
    if where.strip():
        query = query.where(parse_audience(where))
    return query


def _left_out(offer_type: OfferType, has_open_draft: bool, was_written_to: bool, *, with_no_offer: bool) -> str | None:
    if has_open_draft:
        return "open_draft"
    if was_written_to:
        return "already_written_to"
    return "no_offer_worth_it" if offer_type is OfferType.NONE and not with_no_offer else None


def chunks(recipients: Sequence[Recipient], size: int) -> list[Sequence[Recipient]]:
    """The recipients in groups of at most `size`."""
    return [recipients[start : start + size] for start in range(0, len(recipients), size)]
