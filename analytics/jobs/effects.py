"""Estimates what offers did, from the store's decisions and what became of their customers."""

from datetime import datetime

from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.uplift.programme import (
    DEFAULT_NEED,
    EvidenceNeeded,
    FollowedDecision,
    ProgrammeEffects,
    followed_decision,
    programme_effects,
)
from analytics.jobs.outcomes import DEFAULT_HORIZON_DAYS, fates_due
from db.errors import NotFoundError
from db.session import Store


def estimate_effects(
    store: Store,
    policy: DecisionPolicy,
    now: datetime,
    *,
    horizon_days: int = DEFAULT_HORIZON_DAYS,
    needed: EvidenceNeeded = DEFAULT_NEED,
) -> ProgrammeEffects:
    """The effect of every offer on who stays through the horizon, customers in the holdout being the control.

    Raises:
        NotFoundError: no horizon of a decision of the standing experiment has ended yet.
    """
    followed = _followed(store, policy, now, horizon_days)
    if not followed:
        raise NotFoundError(
            f"No decision has been followed for {horizon_days} days yet, so no effect of an offer can be told.",
            hint="Import customers again once that time has passed, or `mainstay outcomes import` who stayed and left.",
        )
    return programme_effects(followed, needed)


def effects_for_deciding(
    store: Store,
    policy: DecisionPolicy,
    now: datetime,
    *,
    horizon_days: int = DEFAULT_HORIZON_DAYS,
    needed: EvidenceNeeded = DEFAULT_NEED,
) -> ProgrammeEffects | None:
    """What decisions may weigh offers by: effects per customer where the data carry them, else averages.

    Offers of which neither is known are weighed by propensity x context x value x lever; None where that is so of all.
    """
    found = programme_effects(_followed(store, policy, now, horizon_days), needed)
    return found if any(offer.average is not None for offer in found.offers) else None


def _followed(store: Store, policy: DecisionPolicy, now: datetime, horizon_days: int) -> list[FollowedDecision]:
    with store.read() as session:
        found = [
            followed_decision(fate.followed.decision, retained=fate.retained)
            for fate in fates_due(session, policy.experiment, now, horizon_days)
            if fate.retained is not None
        ]
    return [one for one in found if one is not None]
