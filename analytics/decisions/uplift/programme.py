"""Effects of the offers a company made, from its own decisions: who stayed with the offer, and who in the holdout.

A decision keeps the priorities of all candidates, of held-out customers too, so that each customer's *intended* offer
is known on both sides. Customers of one intended offer differ only by the side that chance put them on: their outcomes
are compared offer by offer, whether or not the offer was taken (intention to treat). An offer with too few customers,
too few departures or too wide an interval has no estimate, and the reason is said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions.comparison import compared_offer
from analytics.decisions.documents import digest
from analytics.decisions.effects import EffectEstimates, Estimated
from analytics.decisions.facts import DERIVED_COLUMNS
from analytics.decisions.trace import is_drawn
from analytics.decisions.uplift.calibration import EffectCalibration, effect_calibration
from analytics.decisions.uplift.learners import EffectLearner
from analytics.decisions.uplift.policy_value import effect_interval
from analytics.decisions.uplift.targeting import cross_fit
from analytics.decisions.uplift.trial import as_trial
from analytics.evaluation.intervals import Interval
from db.vocabulary import Arm, Decision, Json, Progress

NOT_COVARIATES = frozenset(
    {"customer_id", "status", "currency", "timezone", "has_email", "consent", "renewal_date", *DERIVED_COLUMNS}
)
"""Facts that no effect is predicted from: names, permission, calendar days, and what follows from other facts."""
HELD, OFFERED = "held out", "offered"
FITTING = "effects of offers"
"""What progress calls the fitting; it counts followed decisions."""


@dataclass(frozen=True, slots=True)
class EvidenceNeeded:
    """When an effect counts as known: customers and rarer outcomes on each side, half-width of the interval."""

    customers: int = 200
    rarer_outcomes: int = 20
    half_width: float = 0.08


DEFAULT_NEED = EvidenceNeeded()
"""The one threshold: what is too thin to be told of is too thin to decide by."""

PER_CUSTOMER, AVERAGE, PROPENSITY = "per customer", "average", "propensity"
"""What offers are weighed by, from the surest knowledge to none."""


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

    calibration: whether predicted differences between customers came true; only then `learner` is used per customer.
    """

    offer_code: str
    offered: int
    held_out: int
    retained_offered: float
    retained_held_out: float
    effect: Interval | None = None
    thin: str | None = None
    calibration: EffectCalibration | None = None
    learner: EffectLearner | None = None

    @property
    def differs(self) -> bool:
        """Whether customers with higher predicted effects surely gain more."""
        return self.calibration is not None and self.calibration.tells_customers_apart

    @property
    def average(self) -> float | None:
        """The average effect, where it is known."""
        return None if self.effect is None or self.thin is not None else self.effect.estimate

    @property
    def weighed_by(self) -> str:
        """What decisions weigh this offer by."""
        if self.average is None:
            return PROPENSITY
        return PER_CUSTOMER if self.differs else AVERAGE

    def as_json(self) -> Json:
        """The figures as a JSON object."""
        told = self.calibration
        calibration = None if told is None else {"slope": _json(told.slope), "error": told.error}
        return {
            "offer_code": self.offer_code,
            "offered": self.offered,
            "held_out": self.held_out,
            "retained_offered": _finite(self.retained_offered),
            "retained_held_out": _finite(self.retained_held_out),
            "effect": None if self.effect is None else _json(self.effect),
            "calibration": calibration,
            "weighed_by": self.weighed_by,
            "thin": self.thin,
        }


def _json(interval: Interval) -> Json:
    return {name: _finite(getattr(interval, name)) for name in ("estimate", "low", "high")}


def _finite(value: float) -> float | None:
    """JSON has neither NaN nor infinity."""
    return value if np.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class ProgrammeEffects:
    """The effects of all offers that were intended for anybody, by code, and the facts they are predicted from.

    data: a digest of what they were learned from.
    """

    offers: tuple[OfferEffect, ...]
    covariates: tuple[str, ...]
    followed: int
    data: str

    @property
    def source(self) -> str:
        """What the effects come from, in words that tell them from all others."""
        return f"holdout comparison of {self.followed:,} followed decisions, {self.data}"

    @property
    def known(self) -> tuple[OfferEffect, ...]:
        """The offers whose effect is known."""
        return tuple(offer for offer in self.offers if offer.thin is None)

    def estimates(self, customers: pd.DataFrame) -> EffectEstimates:
        """Effects for customers (column `customer_id`, facts as decisions read them), as the arbitration takes them."""
        covariates = customers.reindex(columns=list(self.covariates))
        columns: dict[str, Any] = {}
        for offer in self.offers:
            if offer.weighed_by == PER_CUSTOMER and offer.learner is not None and len(customers):
                columns[offer.offer_code] = np.clip(offer.learner.effects(covariates)[:, 0], -1.0, 1.0)
        table = pd.DataFrame(columns, index=pd.Index(customers["customer_id"], name="customer_id"))
        averages = {offer.offer_code: offer.average for offer in self.offers if offer.average is not None}
        return EffectEstimates(table, self.source, averages)

    def estimated(self, customers: pd.DataFrame, codes: Sequence[str]) -> Estimated:
        """The effects of these offers on customers, as `Effects` asks for them."""
        return self.estimates(customers).estimated(customers, codes)

    def as_json(self) -> Json:
        """The effects as a JSON object."""
        return {"followed": self.followed, "offers": [offer.as_json() for offer in self.offers]}


def followed_decision(decision: Decision, *, retained: bool) -> FollowedDecision | None:
    """A followed decision; None where chance did not decide or there is no offer that both sides are compared by.

    Customers whose offer was drawn got another one than the holdout is compared by; chance alone chose them.
    """
    offer, probability = compared_offer(decision), decision.assignment_probability
    if offer is None or not 0 < probability < 1 or is_drawn(decision):
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
    followed: Iterable[FollowedDecision],
    needed: EvidenceNeeded = DEFAULT_NEED,
    *,
    level: float = 0.95,
    progress: Callable[[Progress], None] = lambda _: None,
) -> ProgrammeEffects:
    """The effect of every intended offer; a customer counts once, with the first decision given."""
    once = list({one.customer_id: one for one in reversed(list(followed))}.values())
    names = sorted({name for one in once for name in one.facts} - NOT_COVARIATES)
    by_offer: dict[str, list[FollowedDecision]] = {}
    ordered = sorted(once, key=lambda one: one.customer_id)
    for one in ordered:
        by_offer.setdefault(one.offer_code, []).append(one)
    offers: list[OfferEffect] = []
    for code in sorted(by_offer):
        progress(Progress(FITTING, sum(offer.offered + offer.held_out for offer in offers), len(once)))
        offers.append(_effect(code, by_offer[code], names, needed, level))
    if offers:
        progress(Progress(FITTING, len(once), len(once)))
    return ProgrammeEffects(tuple(offers), tuple(names), len(once), digest([asdict(one) for one in ordered])[:16])


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
    return replace(found, effect=effect, thin=thin, calibration=calibration, learner=evidence.learner)


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
