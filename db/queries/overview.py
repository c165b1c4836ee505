"""The store at a glance: counts, money at risk, and a fingerprint that changes when the data do."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from db.models import ChurnScore, Customer, Event, Message, MessageReading
from db.repositories.scores import ScoreRepository
from db.vocabulary import CustomerStatus, Json, RiskBand


@dataclass(frozen=True, slots=True)
class Overview:
    """Totals over the customers who are still with us and their newest scores; money per currency unit."""

    customers: int
    active: int
    churned: int
    scored: int
    expected_leavers: float
    revenue_at_risk: float
    monthly_revenue: float
    bands: dict[RiskBand, int]
    currencies: tuple[str, ...]
    messages: int
    events: int

    @property
    def currency(self) -> str | None:
        """The currency of all money in the store, None where there are several or none is known."""
        return self.currencies[0] if len(self.currencies) == 1 else None


@dataclass(frozen=True, slots=True)
class ScoreTotals:
    """Totals over the scores of one job; money per currency unit."""

    scored: int
    expected_leavers: float
    revenue_at_risk: float
    bands: dict[RiskBand, int]


@dataclass(frozen=True, slots=True)
class LeaverSums:
    """Sums over the scores of a job of the churn probability p, of p (1 - p) and of p (1 - p) (1 - 2 p).

    They are the mean, the variance and the third central moment of how many leave, each by a chance of its own.
    `days` is the horizon of p, None where that is the churn horizon of the store.
    """

    mean: float
    variance: float
    third_moment: float
    days: int | None


def overview(session: Session) -> Overview:
    """The totals of the store."""
    active = Customer.status == CustomerStatus.ACTIVE
    customers, still, money = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((active, 1), else_=0)), 0),
            func.coalesce(func.sum(case((active, Customer.monthly_revenue), else_=None)), 0.0),
        ).select_from(Customer)
    ).one()
    totals = score_totals(session, ScoreRepository(session).current_job())
    return Overview(
        customers=customers,
        active=int(still),
        churned=customers - int(still),
        scored=totals.scored,
        expected_leavers=totals.expected_leavers,
        revenue_at_risk=totals.revenue_at_risk,
        monthly_revenue=float(money or 0.0),
        bands=totals.bands,
        currencies=known_currencies(session),
        messages=session.scalar(select(func.count()).select_from(Message)) or 0,
        events=session.scalar(select(func.count()).select_from(Event)) or 0,
    )


def score_totals(session: Session, job_id: int | None) -> ScoreTotals:
    """The totals of one scoring job, read from its scores alone."""
    rows = session.execute(
        select(
            ChurnScore.risk_band,
            func.count(),
            func.coalesce(func.sum(ChurnScore.churn_probability), 0.0),
            func.coalesce(func.sum(ChurnScore.revenue_at_risk), 0.0),
        )
        .where(ChurnScore.job_id == job_id)
        .group_by(ChurnScore.risk_band)
    ).all()
    return ScoreTotals(
        scored=sum(count for _, count, _, _ in rows),
        expected_leavers=float(sum(leavers for _, _, leavers, _ in rows)),
        revenue_at_risk=float(sum(at_risk or 0.0 for _, _, _, at_risk in rows)),
        bands={band: count for band, count, _, _ in rows},
    )


def leaver_sums(session: Session, job_id: int) -> LeaverSums:
    """The sums of one scoring job over the next 30 days, over the whole churn horizon where churn has no dates."""
    dated = session.scalar(
        select(ChurnScore.churn_30).where(ChurnScore.job_id == job_id, ChurnScore.churn_30.is_not(None)).limit(1)
    )
    p = ChurnScore.churn_probability if dated is None else ChurnScore.churn_30
    sums = (func.coalesce(func.sum(one), 0.0) for one in (p, p * (1 - p), p * (1 - p) * (1 - 2 * p)))
    found = session.execute(select(*sums).where(ChurnScore.job_id == job_id)).one()
    return LeaverSums(float(found[0]), float(found[1]), float(found[2]), None if dated is None else 30)


def known_currencies(session: Session) -> tuple[str, ...]:
    """The currencies of the customers' prices, in order."""
    found = session.scalars(select(Customer.currency).where(Customer.currency.is_not(None)).distinct())
    return tuple(sorted(code for code in found if code))


def data_fingerprint(session: Session) -> Json:
    """Changes whenever customers, events, messages or readings do; the same data have the same fingerprint."""
    customers, newest = session.execute(select(func.count(), func.max(Customer.updated_at)).select_from(Customer)).one()
    return {
        "customers": customers,
        "updated_at": newest.isoformat() if newest else None,
        "events": session.scalar(select(func.max(Event.id))) or 0,
        "messages": session.scalar(select(func.max(Message.id))) or 0,
        "readings": session.scalar(select(func.count()).select_from(MessageReading)) or 0,
    }
