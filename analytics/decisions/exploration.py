"""Exploration: for a limited share of customers the offer is drawn, so that outcomes can tell which offer is right.

Whom: of the customers for whom some offer is worth making and whom the contact policy leaves, `share` at most, by a
stable hash of experiment and customer. What: an offer that no rule removed (eligibility, rest, terms, margin floor), or
nothing, by Thompson sampling (`bandit`). Nobody is contacted who would be left alone otherwise. Chances depend on what
is known of a customer and never on the lot, so that

    P(offer) = (1 - chance) [offer is the planned one] + chance x P(offer | drawn for)

is what off-policy evaluation needs. Where an offer is drawn, so is the tone of its letter (`tones`). All that holds for
a customer's first decision in an experiment: the lots of a customer stay the same until the experiment gets another
name, as the side of the holdout does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analytics.decisions import facts as customer_facts
from analytics.decisions.arbitration import Ranked, Stakes, context_weights
from analytics.decisions.arm_model import ArmScales
from analytics.decisions.bandit import CONTROL, ContextualBandit, Limits, Situation, arms_of, cheapest_enough
from analytics.decisions.bayesian_logistic import log_odds
from analytics.decisions.conditions import FactTable
from analytics.decisions.documents import digest
from analytics.decisions.experiment import share_of_hash
from analytics.decisions.offers import NONE_CODE, Offer
from analytics.decisions.tones import OPEN, Tone, ToneBandit, tone_of
from db.vocabulary import Json

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MINIMUM, MAXIMUM, CONTROL_SHARE = 0.02, 0.9, 0.1
"""Least and greatest probability of an offer for a customer who is drawn for, and the least one of nothing."""

_CHUNK = 2_000
_DECIMALS = 6
_USUAL_LOG_ODDS = -1.4
_FORECAST_SCALES = (0.2, 0.01, 0.2)
_ANY_OFFER_SCALES = (0.3, 0.2, 0.1)
_OWN_SCALES = (0.3, 0.1, 0.05)
"""Of level, fit of the offer to reason and mood, and risk. The catalogue's figures are assumptions, so that offers may
turn out several times as strong, or to do harm: shares of 0.1 saved shift the log-odds by 0.1."""


@dataclass(frozen=True, slots=True)
class Prospects:
    """What may be drawn for the n customers of a batch.

    codes: of the k offers. contexts: (n, k + 1, d), doing nothing first. offsets: forecast log-odds of leaving (n,).
    worth: of a saved customer (n,). spend: (n, k). drawable: (n, k). wanted: some offer is worth making (n,). free: a
    message may leave (n,). held: in the holdout, where chances are recorded and nothing is drawn (n,). moods: (n,).
    """

    customer_ids: Sequence[str]
    codes: tuple[str, ...]
    contexts: Floats
    offsets: Floats
    worth: Floats
    spend: Floats
    drawable: Mask
    wanted: Mask
    free: Mask
    held: Mask
    moods: npt.NDArray[np.object_]

    @property
    def eligible(self) -> Mask:
        """Who may be drawn for, or might be were they not held out."""
        return self.wanted & (self.free | self.held) & self.drawable.any(axis=1)

    def take(self, rows: Mask) -> "Prospects":
        """The same for some customers."""
        ids = [customer_id for customer_id, kept in zip(self.customer_ids, rows, strict=True) if kept]
        return Prospects(ids, self.codes, *(getattr(self, name)[rows] for name in _ARRAYS))


_ARRAYS = ("contexts", "offsets", "worth", "spend", "drawable", "wanted", "free", "held", "moods")


def joined_prospects(parts: Sequence[Prospects]) -> Prospects:
    """The prospects of several batches as those of one. Raises ValueError for none."""
    ids = [customer_id for part in parts for customer_id in part.customer_ids]
    return Prospects(ids, parts[0].codes, *(np.concatenate([getattr(one, name) for one in parts]) for name in _ARRAYS))


def prospects_of(
    customer_ids: Sequence[str],
    facts: FactTable,
    ranked: Sequence[Ranked],
    at_stake: Stakes,
    priorities: Floats,
    free: Mask,
    held: Mask,
    limited: Collection[str],
) -> Prospects:
    """Prospects of customers from what the arbitration knows; priorities (n, k) are -infinity where a rule spoke.

    An offer is not drawn where it would cost more than is at stake, where a weight says that it does not fit at all, or
    where it is `limited` in number: its places go where they bring most.
    """
    offers = tuple(one.offer for one in ranked)
    shape = (len(customer_ids), len(offers))
    spend = np.column_stack([one.spend for one in ranked]) if offers else np.zeros(shape)
    drawable = np.isfinite(priorities) & (spend <= at_stake.value[:, None])
    for place, one in enumerate(ranked):
        drawable[:, place] &= (one.context_weight > 0) & (one.offer.lever > 0) & (one.offer.code not in limited)
    offsets = _offsets(facts)
    return Prospects(
        customer_ids,
        tuple(offer.code for offer in offers),
        arm_contexts(offers, facts, offsets),
        offsets,
        np.nan_to_num(at_stake.worth),
        np.nan_to_num(spend),
        drawable,
        np.asarray((priorities > 0).any(axis=1), dtype=np.bool_),
        free,
        held,
        np.array([facts.value("mood", row) for row in range(shape[0])], dtype=object),
    )


def arm_contexts(offers: Sequence[Offer], facts: FactTable, offsets: Floats) -> Floats:
    """Contexts of doing nothing and of every offer (n, k + 1, 3): 1, log of the context weight, log-odds of leaving."""
    found = np.zeros((len(offsets), len(offers) + 1, 3))
    found[:, :, 0] = 1.0
    for place, offer in enumerate(offers, 1):
        found[:, place, 1] = np.log(np.clip(context_weights(offer, facts), 0.05, 20.0))
    found[:, :, 2] = np.clip(offsets - _USUAL_LOG_ODDS, -3.0, 3.0)[:, None]
    return found


def _offsets(facts: FactTable) -> Floats:
    """Forecast log-odds of leaving (n,); 0 where there is no forecast."""
    numbers = {value: float(value) if isinstance(value, int | float) else 0.5 for value in facts.distinct(_FORECAST)}
    return log_odds(facts.mapped(_FORECAST, numbers))


_FORECAST = "churn_probability"


class OfferBandit:
    """Thompson sampling over the offers of a catalogue; begins with what the catalogue assumes and learns outcomes.

    An offer that is accepted with its propensity and saves its share of those who would leave multiplies the chance of
    leaving by 1 - propensity x save rate; the logarithm of that is where its effect on the log-odds begins.

    With `tones` the letter of a drawn offer gets a drawn tone; without, tones are left to the writer.
    """

    def __init__(self, offers: Sequence[Offer], tones: Sequence[Tone] = ()) -> None:
        self.offers = tuple(offers)
        self._tones = ToneBandit(tones) if tones else None
        saved = np.clip([offer.propensity * offer.save_rate for offer in self.offers], 0.0, 0.95)
        levels = np.log1p(-saved)
        own = np.zeros((len(self.offers), 3))
        own[:, 0] = levels - levels.mean()
        self._bandit = ContextualBandit(
            arms_of([offer.code for offer in self.offers]),
            ArmScales.of(_FORECAST_SCALES, _ANY_OFFER_SCALES, _OWN_SCALES),
            any_offer=[levels.mean(), (-saved / (1 - saved)).mean(), 0.0],
            own=own,
            limits=Limits(min(MINIMUM, 0.5 / len(self.offers)), MAXIMUM, CONTROL_SHARE),
        )
        self.source = "the catalogue"

    def learn(
        self,
        facts: Sequence[Json],
        codes: Sequence[str],
        left: Sequence[bool],
        tones: Sequence[str | None] | None = None,
    ) -> None:
        """Take in what came of decisions: facts of the customers then, offers made (`none` for nothing), who left.

        tones: of the letters, None where the writer chose.
        """
        arms = {NONE_CODE: CONTROL} | {offer.code: place for place, offer in enumerate(self.offers, 1)}
        known = [
            (one, arms[code], float(gone), tone)
            for one, code, gone, tone in zip(facts, codes, left, tones or [None] * len(codes), strict=True)
            if code in arms and one.get(_FORECAST) is not None
        ]
        if not known:
            return
        table = FactTable(customer_facts.from_json(*(one for one, *_ in known)))
        offsets, chosen = _offsets(table), np.array([arm for _, arm, *_ in known])
        contexts = arm_contexts(self.offers, table, offsets)
        self._bandit.learn(contexts, chosen, [gone for _, _, gone, _ in known], offsets)
        told = digest([[one["customer_id"], arm, gone, *([tone] if tone else [])] for one, arm, gone, tone in known])
        self.source = f"{len(known):,} followed decisions, {told[:16]}"
        letters = np.flatnonzero(chosen != CONTROL).tolist()
        if self._tones is not None and letters:
            leaves = self._bandit.model.leaves(contexts, offsets)[letters, chosen[letters]]
            self._tones.learn(
                [table.value("mood", row) for row in letters],
                log_odds(leaves),
                [known[row][3] for row in letters],
                [bool(known[row][2]) for row in letters],
            )

    def tone_probabilities(self, prospects: Prospects) -> list[dict[str, float]]:
        """Chances of the tones of a drawn letter, by name for each customer; empty where the writer chooses."""
        if self._tones is None:
            return [{} for _ in prospects.customer_ids]
        return self._tones.probabilities(prospects.moods.tolist(), prospects.offsets)

    def probabilities(self, prospects: Prospects, price: float = 0.0) -> Floats:
        """Probability of nothing and of every offer (n, k + 1), rounded as it is kept; rows sum to one.

        The prospects' offers must be those of the catalogue, in its order. price: what a unit of cost counts beyond 1.
        """
        found = np.empty((len(prospects.customer_ids), len(self.offers) + 1))
        for start in range(0, len(found), _CHUNK):
            rows = slice(start, start + _CHUNK)
            nothing = np.zeros((len(prospects.worth[rows]), 1))
            situation = Situation(
                prospects.contexts[rows],
                prospects.offsets[rows],
                prospects.worth[rows],
                np.hstack([nothing, prospects.spend[rows]]),
                np.hstack([nothing == 0, prospects.drawable[rows]]),
            )
            found[rows] = np.round(self._bandit.probabilities_at(situation, 0, price), _DECIMALS)
        found[:, CONTROL] = np.round(1.0 - found[:, 1:].sum(axis=1), _DECIMALS)
        return found

    def affordable(self, prospects: Prospects, spend: float) -> Floats:
        """As `probabilities`, at the lowest price of money at which that is spent on all in expectation, or less.

        The limits of exploration may cost more than that; then so do the probabilities.
        """
        costs = np.hstack([np.zeros((len(prospects.customer_ids), 1)), prospects.spend])
        return cheapest_enough(lambda price: self.probabilities(prospects, price), costs, spend)


@dataclass(frozen=True, slots=True)
class Draw:
    """The lots of one customer: the chance to be drawn for, whether they were, and what from, by offer code.

    tones: chances of the tones of the letter where an offer is drawn, empty where the writer chooses. In the holdout
    the chances are those that the customer would have had.
    """

    chance: float
    is_drawn: bool
    probabilities: Mapping[str, float]
    tones: Mapping[str, float] = field(default_factory=dict)

    def probability(self, code: str, planned: str) -> float:
        """With which an offer is made to a customer for whom `planned` is the best one."""
        drawn = self.chance * self.probabilities.get(code, 0.0)
        return round((1 - self.chance) * (code == planned) + drawn, 9)

    def offer(self, lot: float) -> str:
        """The offer that a lot in [0, 1) falls on; the order is that of the codes."""
        reached = 0.0
        for code in sorted(self.probabilities):
            reached += self.probabilities[code]
            if lot < reached:
                return code
        return NONE_CODE

    def tone(self, experiment: str, customer_id: str) -> tuple[str | None, float]:
        """The tone that the customer's lot falls on, None where it is left to the writer, and its probability."""
        chosen = tone_of(self.tones, share_of_hash(f"{experiment}/tone", customer_id))
        return chosen, self.tones.get(chosen or OPEN, 1.0)

    def as_json(self) -> Json:
        """The draw as a JSON object; a decision adds the code and the worth of the offer that was planned."""
        drawn: Json = {"chance": self.chance, "drawn": self.is_drawn, "probabilities": dict(self.probabilities)}
        return drawn | ({"tones": dict(self.tones)} if self.tones else {})


def draw_from_json(document: Json) -> Draw:
    """A draw from what `Draw.as_json` gave."""
    found = {str(code): float(share) for code, share in document["probabilities"].items()}
    tones = {str(name): float(share) for name, share in document.get("tones", {}).items()}
    return Draw(float(document["chance"]), bool(document["drawn"]), found, tones)


@dataclass(frozen=True, slots=True)
class Exploring:
    """For whom one run draws: the lots of all customers who are eligible, or would be outside the holdout, by id.

    eligible: those outside it. drawn_for: how many of them are drawn for. spend: what the drawn offers are expected to
    cost. source: what the bandit learned from.
    """

    draws: Mapping[str, Draw]
    eligible: int
    drawn_for: int
    spend: float
    source: str


def explored(
    bandit: OfferBandit, experiment: str, share: float, prospects: Prospects, budget: float | None = None
) -> Exploring:
    """Choose for whom offers are drawn: of all eligible customers the share with the lowest hashes, never more.

    budget: of the run. The same share of it is for the drawn offers in expectation over the lots: dear offers become
    less likely, and where that is not enough, fewer customers are drawn for; what is left of it after the lots is for
    the plan. No more customers are drawn for than the whole budget pays for.
    """
    prospects = prospects.take(prospects.eligible)
    free = prospects.free
    # A share such as 0.29 of 100 must not become 28 for the last bit.
    eligible = int(free.sum())
    count = int(share * eligible + 1e-9)
    probabilities = bandit.probabilities(prospects)
    if budget is not None and count:
        able = prospects.take(free)
        kept = bandit.affordable(able, share * budget * eligible / count)
        each = float((kept[:, 1:] * able.spend).sum()) / eligible
        count = min(count, int(share * budget / each)) if each > 0 else count
        probabilities[free] = kept
    order = sorted(range(len(free)), key=lambda row: (_turn(experiment, prospects.customer_ids[row]), row))
    first = [row for row in order if free[row]][:count]
    names = (NONE_CODE, *prospects.codes)
    chance = round(len(first) / eligible, 9) if eligible else 0.0
    tables = [
        {code: share for code, share in zip(names, row, strict=True) if share > 0} for row in probabilities.tolist()
    ]
    drawn, spend = set[int](), 0.0
    for row in first:
        code = Draw(chance, True, tables[row]).offer(lot_of(experiment, prospects.customer_ids[row]))
        cost = 0.0 if code == NONE_CODE else float(prospects.spend[row, prospects.codes.index(code)])
        if budget is not None and spend + cost > budget:
            break
        drawn.add(row)
        spend += cost
    tones = bandit.tone_probabilities(prospects)
    draws = {
        customer_id: Draw(chance, row in drawn, tables[row], tones[row])
        for row, customer_id in enumerate(prospects.customer_ids)
    }
    return Exploring(draws, eligible, len(drawn), spend, bandit.source)


def _turn(experiment: str, customer_id: str) -> float:
    """The place of a customer in the order in which customers are drawn for, in [0, 1)."""
    return share_of_hash(f"{experiment}/explore", customer_id)


def lot_of(experiment: str, customer_id: str) -> float:
    """The lot that a customer's offer is drawn with, in [0, 1)."""
    return share_of_hash(f"{experiment}/offer", customer_id)
