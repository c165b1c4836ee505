"""What a run draws offers from: the bandit of a catalogue, taught by what came of the store's decisions."""

from datetime import datetime

from analytics.decisions.exploration import OfferBandit
from analytics.decisions.offers import Catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.outcomes import DEFAULT_HORIZON_DAYS, fates_due
from db.session import Store
from db.vocabulary import Json


def taught_bandit(
    store: Store,
    catalogue: Catalogue,
    policy: DecisionPolicy,
    now: datetime,
    *,
    horizon_days: int = DEFAULT_HORIZON_DAYS,
) -> OfferBandit | None:
    """The bandit after every decision of the standing experiment whose end is known; None without offers.

    A customer counts once, with the first decision that meant an offer, whatever was offered then.
    """
    if not catalogue.proposals:
        return None
    facts: list[Json] = []
    codes: list[str] = []
    left: list[bool] = []
    tones: list[str | None] = []
    with store.read() as session:
        for fate in fates_due(session, policy.experiment, now, horizon_days):
            if fate.retained is not None:
                facts.append(fate.followed.decision.inputs["customer"])
                codes.append(fate.followed.decision.offer_code)
                left.append(not fate.retained)
                tones.append(fate.followed.decision.tone)
    bandit = OfferBandit(catalogue.proposals, policy.tones)
    bandit.learn(facts, codes, left, tones)
    return bandit
