"""What came of the decisions: who stayed through the horizon, put on record, and the effect against the holdout."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from sqlalchemy.orm import Session

from analytics.decisions.comparison import compared_offer
from analytics.decisions.experiment import SUSPECT_SPLIT, Sides, measure
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.trace import is_drawn
from analytics.evaluation.shares import wilson_interval
from db.queries.experiment import Followed, decisions_in_order, outcomes_of
from db.repositories.contacts import ContactRepository
from db.session import Store
from db.vocabulary import Arm, Candidate, Json, OutcomeKind

DEFAULT_HORIZON_DAYS = 90
RECHURN_DAYS = (30, 60, 90)

_ANSWERS = (OutcomeKind.ACCEPTED, OutcomeKind.DECLINED)
_FATES = (OutcomeKind.RETAINED, OutcomeKind.CANCELED, *_ANSWERS)
_Known = list[tuple[OutcomeKind, datetime, str | None]]


@dataclass(frozen=True, slots=True)
class Fate:
    """A customer of the experiment: the first decision that meant an offer for them, and what is known since.

    retained: active `horizon` days after the decision, None until then. left_on: the day they left.
    """

    followed: Followed
    offer: Candidate
    retained: bool | None
    left_on: date | None
    accepted: bool

    @property
    def treated(self) -> bool:
        """The side of the experiment."""
        return self.followed.decision.arm is Arm.TREATED


def observe(store: Store, now: datetime, horizon_days: int = DEFAULT_HORIZON_DAYS) -> Json:
    """Put on record who was still a customer when the horizon ended and who was not; each decision is judged once.

    Returns how many of each were recorded and how many horizons have not ended.
    """
    counts = {"retained": 0, "canceled": 0, "pending": 0}
    with store.read() as session:
        known = outcomes_of(session, (OutcomeKind.RETAINED, OutcomeKind.CANCELED))
        fates = list(_fates(decisions_in_order(session), known, None, now, horizon_days))
    with store.write() as session:
        contacts = ContactRepository(session)
        for fate in fates:
            decision = fate.followed.decision
            if fate.retained is None:
                counts["pending"] += 1
                continue
            if any(decision_id == decision.decision_id for _, _, decision_id in known.get(fate.followed.key, ())):
                continue
            kind = OutcomeKind.RETAINED if fate.retained else OutcomeKind.CANCELED
            ended = decision.decided_on + timedelta(days=horizon_days)
            day = ended if fate.retained else (fate.left_on or min(ended, now.date()))
            contacts.record_outcome(
                decision.customer_id,
                kind,
                datetime.combine(day, time(), tzinfo=UTC),
                decision_id=decision.decision_id,
                details={"observed": True, "horizon_days": horizon_days},
            )
            counts[kind.value] += 1
    return {**counts, "horizon_days": horizon_days}


def effect(store: Store, policy: DecisionPolicy, now: datetime, horizon_days: int = DEFAULT_HORIZON_DAYS) -> Json:
    """Incremental save rate and revenue against the holdout at the horizon, and re-churn of the saved.

    Customers count from the first decision that meant an offer for them, whether they were contacted or not: the two
    sides differ in nothing but the split.
    """
    with store.read() as session:
        known = outcomes_of(session, _FATES)
        fates = list(_fates(decisions_in_order(session), known, policy.experiment, now, horizon_days))
    judged = [fate for fate in fates if fate.retained is not None]
    found = measure(
        Sides(
            treated=np.array([fate.treated for fate in judged], dtype=bool),
            retained=np.array([bool(fate.retained) for fate in judged], dtype=bool),
            worth=np.array([worth_of(fate, policy) for fate in judged], dtype=np.float64),
            cost=np.array([cost_of(fate) for fate in judged], dtype=np.float64),
        ),
        policy.holdout_share,
    )
    saved = [fate for fate in judged if fate.treated and fate.accepted and fate.retained]
    held = [fate for fate in judged if not fate.treated and fate.retained]
    return {
        "experiment": policy.experiment,
        "horizon_days": horizon_days,
        "followed": len(judged),
        "pending": len(fates) - len(judged),
        "effect": found.as_json() if found else None,
        "split_is_suspect": bool(found and found.sample_ratio_p_value < SUSPECT_SPLIT),
        "rechurn": [
            {
                "days": days,
                "saved": _rechurn(saved, days, horizon_days, now),
                "holdout": _rechurn(held, days, horizon_days, now),
            }
            for days in RECHURN_DAYS
        ],
    }


def fates_due(session: Session, experiment: str, now: datetime, horizon_days: int) -> Iterator[Fate]:
    """What became of each customer of an experiment whose horizon has ended; read one by one."""
    due = decisions_in_order(session, now.date() - timedelta(days=horizon_days))
    return _fates(due, outcomes_of(session, _FATES), experiment, now, horizon_days)


def _fates(
    decisions: Iterator[Followed],
    known: dict[int, _Known],
    experiment: str | None,
    now: datetime,
    horizon_days: int,
) -> Iterator[Fate]:
    """Each customer's first decision that meant an offer, on either side, with what became of them."""
    done: set[int] = set()
    for followed in decisions:
        decision = followed.decision
        name = decision.inputs.get("experiment", {}).get("name")
        if followed.key in done or (experiment is not None and name != experiment):
            continue
        offer = compared_offer(decision)
        if offer is None:
            continue
        done.add(followed.key)
        yield _fate(followed, offer, known.get(followed.key, []), now, horizon_days)


def _fate(followed: Followed, offer: Candidate, known: _Known, now: datetime, horizon_days: int) -> Fate:
    start = followed.decision.decided_on
    end = start + timedelta(days=horizon_days)
    cancelled = [at.date() for kind, at, _ in known if kind is OutcomeKind.CANCELED and at.date() >= start]
    seen = [at.date() for kind, at, _ in known if kind is OutcomeKind.RETAINED]
    answers = [kind for kind, at, _ in known if kind in _ANSWERS and start <= at.date() <= end]
    accepted = answers[-1:] == [OutcomeKind.ACCEPTED]  # a yes may be taken back
    left_on = min(
        [*cancelled, *([followed.left_on] if followed.left_on and followed.left_on >= start else [])], default=None
    )
    retained: bool | None
    if now.date() < end:
        # Those who leave early are known early: counting them before the others are due would tell of leavers only.
        retained = None
    elif left_on is not None:
        retained = left_on > end
    else:
        # A customer who left on a day that nobody knows counts as gone: when in doubt, no save is claimed.
        retained = any(day >= end for day in seen) or not followed.left
    return Fate(followed, offer, retained, left_on, accepted)


def worth_of(fate: Fate, policy: DecisionPolicy) -> float:
    """What keeping the customer was worth when it was decided: the residual value, else margin over the horizon."""
    customer = fate.followed.decision.inputs.get("customer", {})
    residual, monthly = customer.get("residual_value"), customer.get("monthly_revenue")
    if residual is not None:
        return float(residual)
    if monthly is not None:
        return float(monthly) * policy.margin_rate * policy.horizon_months
    return policy.value_when_unknown


def cost_of(fate: Fate) -> float:
    """What contact and offer cost: 0 in the holdout, the offer only where it was accepted."""
    if not fate.treated:
        return 0.0
    decision = fate.followed.decision
    drawn = [item for item in decision.candidates if is_drawn(decision) and item.offer_code == decision.offer_code]
    parts = (drawn[0] if drawn else fate.offer).parts
    contact = float(parts.get("contact_cost", 0.0)) if fate.followed.contacted or fate.accepted else 0.0
    return contact + (float(parts.get("offer_cost", 0.0)) if fate.accepted else 0.0)


def _rechurn(retained: list[Fate], days: int, horizon_days: int, now: datetime) -> Json | None:
    """The share of the retained who left within `days` after the horizon, of those whose time is up; None for none."""
    due = [
        fate
        for fate in retained
        if fate.followed.decision.decided_on + timedelta(days=horizon_days + days) <= now.date()
    ]
    if not due:
        return None
    ends = [fate.followed.decision.decided_on + timedelta(days=horizon_days + days) for fate in due]
    gone = sum(fate.left_on is not None and fate.left_on <= end for fate, end in zip(due, ends, strict=True))
    low, high = wilson_interval(gone, len(due))
    return {
        "customers": len(due),
        "left": gone,
        "share": round(gone / len(due), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }
