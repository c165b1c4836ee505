"""Estimates what offers did, from the store's decisions and the outcomes that were observed after them."""

from analytics.decisions.uplift.programme import (
    DEFAULT_NEED,
    EvidenceNeeded,
    ProgrammeEffects,
    followed_decision,
    programme_effects,
)
from db.errors import NotFoundError
from db.queries.effects import followed_decisions
from db.session import Store


def estimate_effects(store: Store, needed: EvidenceNeeded = DEFAULT_NEED) -> ProgrammeEffects:
    """The effect of every offer on who stays, customers in the holdout being the control.

    Raises:
        NotFoundError: no decision of the standing experiment has an outcome `retained` or `canceled` yet.
    """
    with store.read() as session:
        found = [followed_decision(who, document, retained=kept) for who, document, kept in followed_decisions(session)]
    followed = [one for one in found if one is not None]
    if not followed:
        raise NotFoundError(
            "No decision has been followed to its end yet, so no effect of an offer can be told.",
            hint="Record who was retained and who canceled once the churn horizon has passed, holdout included.",
        )
    return programme_effects(followed, needed)
