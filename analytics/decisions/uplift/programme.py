"""Effects of the offers a company made, from its own decisions: who stayed with the offer, and who in the holdout.

A decision keeps the priorities of all candidates, of held-out customers too, so that each customer's *intended* offer
is known on both sides. Customers of one intended offer differ only by the side that chance put them on: their outcomes
are compared offer by offer, whether or not the offer was taken (intention to treat). An offer with too few customers,
too few departures or too wide an interval has no estimate, and the reason is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions.comparison import compared_offer
from analytics.decisions.effects import EffectEstimates
from analytics.decisions.facts import DERIVED_COLUMNS
from analytics.decisions.uplift.calibration import effect_calibration
from analytics.decisions.uplift.learners import EffectLearner
from analytics.decisions.uplift.policy_value import effect_interval
from analytics.decisions.uplift.targeting import cross_fit
from analytics.decisions.uplift.trial import as_trial
from analytics.evaluation.intervals import Interval
from db.vocabulary import Arm, Decision, Json

NOT_COVARIATES = frozenset(
    {"customer_id", "status", "currency", "timezone", "has_email", "consent", "renewal_date", *DERIVED_COLUMNS}
)
"""Facts that no effect is predicted from: names, permission, calendar days, and what follows from other facts."""
HELD, OFFERED = "held out", "offered"


@dataclass(frozen=True, slots=True)
class EvidenceNeeded:
    """When an effect counts as known: customers and rarer outcomes on each side, half-width of the interval."""

    customers: int = 200
    rarer_outcomes: int = 20
    half_width: float = 0.08


DEFAULT_NEED = EvidenceNeeded()


@dataclass(frozen=True, slots=True)
class FollowedDecision:
    """A decision whose end is known: the intended offer, the side, its probability, the facts then, who stayed."""

    customer_id: str
    offer_code: str
    treated: bool
    treated_probability: float
    facts: Json
    retained: bool


@dataclass(frozen=True, slots=True)
class OfferEffect:
    """The effect of one offer on the share of customers who stay, or in `thin` why it is not known.

    `differs` says whether predicted differences between customers came true; only then `learner` is used per customer.
    """

    offer_code: str
    offered: int
    held_out: int
    retained_offered: float
    retained_held_out: float
    effect: Interval | None = None
    thin: str | None = None
    differs: bool = False
    learner: EffectLearner | None = None

    def as_json(self) -> Json:
        """The figures as a JSON object."""
        found = self.effect
        interval = None if found is None else {"estimate": found.estimate, "low": found.low, "high": found.high}
        return {
            "offer_code": self.offer_code,
            "offered": self.offered,
            "held_out": self.held_out,
            "retained_offered": self.retained_offered,
            "retained_held_out": self.retained_held_out,
            "effect": interval,
            "differs_between_customers": self.differs,
            "thin": self.thin,
        }


@dataclass(frozen=True, slots=True)
class ProgrammeEffects:
    """The effects of all offers that were intended for anybody, by code, and the facts they are predicted from."""

    offers: tuple[OfferEffect, ...]
    covariates: tuple[str, ...]
    followed: int

    @property
    def known(self) -> tuple[OfferEffect, ...]:
        """The offers whose effect is known."""
        return tuple(offer for offer in self.offers if offer.thin is None)

    def estimates(self, customers: pd.DataFrame) -> EffectEstimates:
        """Effects for customers (column `customer_id`, facts as decisions read them), as the arbitration takes them."""
        covariates = customers.reindex(columns=list(self.covariates))
        columns: dict[str, Any] = {}
        for offer in self.known:
            if offer.differs and offer.learner is not None:
                columns[offer.offer_code] = np.clip(offer.learner.effects(covariates)[:, 0], -1.0, 1.0)
            elif offer.effect is not None:
                columns[offer.offer_code] = np.full(len(customers), offer.effect.estimate)
        table = pd.DataFrame(columns, index=pd.Index(customers["customer_id"], name="customer_id"))
        return EffectEstimates(table, f"holdout comparison of {self.followed:,} followed decisions")

    def as_json(self) -> Json:
        """The effects as a JSON object."""
        return {"followed": self.followed, "offers": [offer.as_json() for offer in self.offers]}


def followed_decision(decision: Decision, *, retained: bool) -> FollowedDecision | None:
    """A followed decision; None where chance did not decide or there is no offer that both sides are compared by."""
    offer, probability = compared_offer(decision), decision.assignment_probability
    if offer is None or not 0 < probability < 1:
        return None
    treated = decision.arm is not Arm.HOLDOUT
    return FollowedDecision(
        decision.customer_id,
        offer.offer_code,
        treated,
        probability if treated else 1 - probability,
        decision.inputs["customer"],
        retained,
    )


def programme_effects(
    followed: Iterable[FollowedDecision], needed: EvidenceNeeded = DEFAULT_NEED, *, level: float = 0.95
) -> ProgrammeEffects:
    """The effect of every intended offer; a customer counts once, with the first decision given."""
    once = list({one.customer_id: one for one in reversed(list(followed))}.values())
    names = sorted({name for one in once for name in one.facts} - NOT_COVARIATES)
    by_offer: dict[str, list[FollowedDecision]] = {}
    for one in sorted(once, key=lambda one: one.customer_id):
        by_offer.setdefault(one.offer_code, []).append(one)
    offers = tuple(_effect(code, by_offer[code], names, needed, level) for code in sorted(by_offer))
    return ProgrammeEffects(offers, tuple(names), len(once))


def _effect(
    code: str, rows: Sequence[FollowedDecision], names: Sequence[str], needed: EvidenceNeeded, level: float
) -> OfferEffect:
    treated = np.array([one.treated for one in rows])
    stayed = np.array([one.retained for one in rows], dtype=np.float64)
    sides = (stayed[treated], stayed[~treated])
    retained, base = (float(side.mean()) if len(side) else float("nan") for side in sides)
    found = OfferEffect(code, len(sides[0]), len(sides[1]), retained, base, thin=_too_thin(sides, needed))
    if found.thin is not None:
        return found
    covariates = pd.DataFrame([one.facts for one in rows]).reindex(columns=list(names))
    trial = as_trial(
        covariates,
        np.where(treated, OFFERED, HELD),
        stayed,
        control=HELD,
        assignment_probability=np.array([one.treated_probability for one in rows]),
    )
    evidence = cross_fit(trial)
    effect = effect_interval(evidence.scores, 1, level=level)
    calibration = effect_calibration(evidence.effects[:, 0], evidence.scores[:, 1] - evidence.scores[:, 0], level=level)
    half_width = (effect.high - effect.low) / 2
    thin = None
    if half_width > needed.half_width:
        thin = (
            f"the interval reaches {half_width * 100:.1f} percentage points to each side; "
            f"{needed.half_width * 100:.1f} or less are needed"
        )
    return replace(found, effect=effect, thin=thin, differs=calibration.tells_customers_apart, learner=evidence.learner)


def _too_thin(sides: Sequence[Any], needed: EvidenceNeeded) -> str | None:
    """Why the sides (offered, held out) hold too little to learn from, or None."""
    for name, side in zip((OFFERED, HELD), sides, strict=True):
        if len(side) < needed.customers:
            return f"{len(side):,} customers were {name}; {needed.customers:,} are needed"
        rarer = int(min(side.sum(), len(side) - side.sum()))
        if rarer < needed.rarer_outcomes:
            what = "left" if side.mean() > 0.5 else "stayed"
            return f"{rarer:,} of those {name} {what}; {needed.rarer_outcomes:,} are needed"
    return None
