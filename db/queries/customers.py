"""Customers as screens and lists show them: ordered keys first, then the rows in view."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.errors import NotFoundError
from db.models import ChurnScore, Customer, DecisionRow, Message, MessageReading
from db.queries.audience import parse_audience
from db.queries.newest import current_offer, last_mood
from db.repositories.decisions import DecisionRepository
from db.repositories.readers import newest_last, readers
from db.repositories.scores import ScoreRepository
from db.vocabulary import Arm, CustomerStatus, Json, OfferType, RiskBand, Sentiment


class CustomerOrder(StrEnum):
    """What a list of customers can be ordered by."""

    REVENUE_AT_RISK = "revenue_at_risk"
    CHURN_PROBABILITY = "churn_probability"
    RESIDUAL_VALUE = "residual_value"
    MONTHLY_REVENUE = "monthly_revenue"
    TENURE = "tenure_months"
    NAME = "name"
    PLAN = "plan"
    CUSTOMER_ID = "customer_id"
    CHURN_30 = "churn_30"
    MOOD = "mood"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers a list shows. `search` looks in id, name, e-mail and plan; `audience` is a condition in words."""

    search: str = ""
    band: RiskBand | None = None
    audience: str = ""
    include_churned: bool = False


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of a list of customers; None where nothing is known."""

    key: int
    customer_id: str
    name: str
    plan: str | None
    monthly_revenue: float | None
    currency: str | None
    tenure_months: float | None
    churn_probability: float | None
    risk_band: RiskBand | None
    revenue_at_risk: float | None
    residual_value: float | None
    mood: Sentiment | None
    offer_code: str | None
    offer_type: OfferType | None
    arm: Arm | None
    churn_30: float | None = None
    churn_60: float | None = None
    churn_90: float | None = None
    expected_days: float | None = None


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """A customer's current facts."""

    key: int
    customer_id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    language: str | None
    timezone: str | None
    country: str | None
    plan: str | None
    monthly_revenue: float | None
    currency: str | None
    billing_period: str | None
    signed_up_on: date | None
    tenure_months: float | None
    renewal_date: date | None
    status: CustomerStatus
    churned_on: date | None
    cancellation_reason: str | None
    attributes: Json

    @property
    def name(self) -> str:
        """First and last name, or the id where neither is known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.customer_id


def customer_keys(
    session: Session,
    wanted: CustomerFilter = CustomerFilter(),
    order: CustomerOrder = CustomerOrder.REVENUE_AT_RISK,
    *,
    descending: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> list[int]:
    """The keys of the customers that fit, in order; unknown values come last, of equals the likelier to leave first."""
    column = _order_column(order)
    direction = column.desc() if descending else column.asc()
    query = _scored(session, select(Customer.id)).where(*_conditions(wanted))
    then = ChurnScore.churn_probability.desc()
    ordered = query.order_by(column.is_(None), direction, then, Customer.id)
    return list(session.scalars(ordered.limit(limit).offset(offset or None)))


def customer_rows(session: Session, keys: Sequence[int], *, reading_model: str | None = None) -> list[CustomerRow]:
    """The rows of these customers in the order given; `reading_model` names the model whose moods are shown."""
    if not keys:
        return []
    decision = aliased(DecisionRow)
    query = _scored(
        session,
        select(
            Customer.id,
            Customer.external_id,
            Customer.first_name,
            Customer.last_name,
            Customer.plan,
            Customer.monthly_revenue,
            Customer.currency,
            Customer.tenure_months,
            ChurnScore.churn_probability,
            ChurnScore.risk_band,
            ChurnScore.revenue_at_risk,
            ChurnScore.residual_value,
            decision.offer_code,
            decision.offer_type,
            decision.arm,
            ChurnScore.churn_30,
            ChurnScore.churn_60,
            ChurnScore.churn_90,
            ChurnScore.expected_days,
        ),
    ).outerjoin(
        decision,
        and_(decision.customer_id == Customer.id, decision.job_id == DecisionRepository(session).current_job()),
    )
    moods = _moods(session, keys, reading_model)
    found = {row[0]: _row(row, moods.get(row[0])) for row in session.execute(query.where(Customer.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def customer_ids(session: Session, keys: Sequence[int]) -> list[str]:
    """The external ids of these customers, in no particular order."""
    found: list[str] = []
    for start in range(0, len(keys), 5_000):
        part = keys[start : start + 5_000]
        found += session.scalars(select(Customer.external_id).where(Customer.id.in_(part)))
    return found


def count_customers(session: Session, wanted: CustomerFilter = CustomerFilter()) -> int:
    """How many customers fit."""
    return int(session.scalar(_scored(session, select(func.count(Customer.id))).where(*_conditions(wanted))) or 0)


@dataclass(frozen=True, slots=True)
class ValueScale:
    """How much customers are worth here: half are below `middle`, a fifth above `high`; `most` fills a bar."""

    middle: float
    high: float
    most: float

    def word(self, value: float) -> str:
        """HIGH for the most valuable fifth, LOW for the lesser half, MED between."""
        return "HIGH" if value > self.high else "MED" if value > self.middle else "LOW"


def value_scale(session: Session) -> ValueScale | None:
    """The scale of residual values in the newest scores; None where no value is known."""
    job = ScoreRepository(session).current_job()
    known = select(ChurnScore.residual_value).where(ChurnScore.job_id == job, ChurnScore.residual_value.is_not(None))
    size = session.scalar(select(func.count()).select_from(known.subquery())) or 0
    if not size:
        return None
    ordered = known.order_by(ChurnScore.residual_value)
    middle, high, most = (
        float(session.scalar(ordered.offset(min(size - 1, int(share * size))).limit(1)) or 0.0)
        for share in (0.5, 0.8, 0.98)
    )
    return ValueScale(middle, high, most)


def known_of_nobody(session: Session, *, reading_model: str | None = None) -> frozenset[CustomerOrder]:
    """What a list need not show: values that no customer has, and the id where it stands in for every name."""
    job, order = ScoreRepository(session).current_job(), CustomerOrder
    of_scores = {order.CHURN_30: ChurnScore.churn_30, order.RESIDUAL_VALUE: ChurnScore.residual_value}
    asked: dict[CustomerOrder, Any] = {
        order.PLAN: select(Customer.id).where(Customer.plan.is_not(None)),
        order.TENURE: select(Customer.id).where(Customer.tenure_months.is_not(None)),
        order.MONTHLY_REVENUE: select(Customer.id).where(Customer.monthly_revenue.is_not(None)),
        order.CUSTOMER_ID: select(Customer.id).where(
            or_(Customer.first_name.is_not(None), Customer.last_name.is_not(None))
        ),
        order.MOOD: select(MessageReading.message_id).where(MessageReading.model == reading_model),
    }
    for name, column in of_scores.items():
        asked[name] = select(ChurnScore.customer_id).where(ChurnScore.job_id == job, column.is_not(None))
    return frozenset(name for name, query in asked.items() if session.scalar(query.limit(1)) is None)


def customer_detail(session: Session, customer_id: str) -> CustomerDetail:
    """A customer's facts by the id the company uses. Raises NotFoundError."""
    row = session.scalars(_by_id(), {"customer_id": customer_id}).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no customer {customer_id}.")
    fields = {name: getattr(row, name) for name in CustomerDetail.__dataclass_fields__ if hasattr(Customer, name)}
    return CustomerDetail(key=row.id, customer_id=row.external_id, **fields)


@cache
def _by_id() -> Any:
    """Made once: every turn of a conversation asks for it."""
    return select(Customer).where(Customer.external_id == bindparam("customer_id"))


def _scored(session: Session, query: Any) -> Any:
    job = ScoreRepository(session).current_job()
    return query.outerjoin(ChurnScore, and_(ChurnScore.customer_id == Customer.id, ChurnScore.job_id == job))


def _conditions(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if not wanted.include_churned:
        conditions.append(Customer.status == CustomerStatus.ACTIVE)
    if wanted.band is not None:
        conditions.append(ChurnScore.risk_band == wanted.band)
    if wanted.audience.strip():
        conditions.append(parse_audience(wanted.audience))
    for word in wanted.search.split():
        places = (Customer.external_id, Customer.first_name, Customer.last_name, Customer.email, Customer.plan)
        conditions.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    return conditions


def _order_column(order: CustomerOrder) -> ColumnElement[Any]:
    columns: dict[CustomerOrder, Any] = {
        CustomerOrder.REVENUE_AT_RISK: ChurnScore.revenue_at_risk,
        CustomerOrder.CHURN_PROBABILITY: ChurnScore.churn_probability,
        CustomerOrder.RESIDUAL_VALUE: ChurnScore.residual_value,
        CustomerOrder.MONTHLY_REVENUE: Customer.monthly_revenue,
        CustomerOrder.TENURE: Customer.tenure_months,
        CustomerOrder.NAME: func.lower(func.coalesce(Customer.last_name, Customer.first_name, Customer.external_id)),
        CustomerOrder.PLAN: func.lower(Customer.plan),
        CustomerOrder.CUSTOMER_ID: Customer.external_id,
        CustomerOrder.CHURN_30: ChurnScore.churn_30,
        CustomerOrder.MOOD: last_mood(),
        CustomerOrder.OFFER: current_offer(),
    }
    found: ColumnElement[Any] = columns[order]
    return found


def _moods(session: Session, keys: Sequence[int], model: str | None) -> dict[int, Sentiment]:
    """The mood of each customer's last message that was read, as the newest model did; `model` breaks a tie."""
    if model is None:
        return {}
    rows = session.execute(
        select(Message.customer_id, MessageReading.negative, MessageReading.neutral, MessageReading.positive)
        .join(MessageReading, MessageReading.message_id == Message.id)
        .where(Message.customer_id.in_(keys))
        .order_by(Message.sent_at, Message.id, newest_last(readers(session, model)))
    )
    return {key: mood_of(negative, neutral, positive) for key, negative, neutral, positive in rows}


def mood_of(negative: float, neutral: float, positive: float) -> Sentiment:
    """The likeliest of the three moods."""
    return max(
        ((negative, Sentiment.NEGATIVE), (neutral, Sentiment.NEUTRAL), (positive, Sentiment.POSITIVE)),
        key=lambda pair: pair[0],
    )[1]


def _row(row: Any, mood: Sentiment | None) -> CustomerRow:
    return CustomerRow(
        key=row[0],
        customer_id=row[1],
        name=" ".join(part for part in (row[2], row[3]) if part),
        plan=row[4],
        monthly_revenue=row[5],
        currency=row[6],
        tenure_months=row[7],
        churn_probability=row[8],
        risk_band=row[9],
        revenue_at_risk=row[10],
        residual_value=row[11],
        mood=mood,
        offer_code=row[12],
        offer_type=row[13],
        arm=row[14],
        churn_30=row[15],
        churn_60=row[16],
        churn_90=row[17],
        expected_days=row[18],
    )
