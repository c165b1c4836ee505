"""Decisions on record whose end is known, as off-policy evaluation reads them, and what other policies would choose.

Arms are doing nothing and every offer of the catalogues in force then. A policy is a table of probabilities (n, arms).
Policies that learn from outcomes choose for each customer by what they learned from the others (cross-fitting), so
that their value is not flattered. All choose among the candidates that the rules left then, at the prices of the
limits that were in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from analytics.decisions import facts as customer_facts
from analytics.decisions.budget import NOTHING, Options, prices_from_json
from analytics.decisions.comparison import compared_offer
from analytics.decisions.documents import canonical_json
from analytics.decisions.effects import Estimated, no_effects
from analytics.decisions.experiment import share_of_hash
from analytics.decisions.exploration import OfferBandit, Prospects, draw_from_json
from analytics.decisions.next_best import DecisionBatch
from analytics.decisions.off_policy import Log
from analytics.decisions.offers import NONE_CODE
from analytics.decisions.replay import batch_of
from analytics.decisions.uplift.programme import followed_decision, programme_effects
from db.vocabulary import Arm, Decision, Json, Progress

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

PolicyName = Literal["decided", "propensity", "effects", "bandit"]
POLICIES: tuple[PolicyName, ...] = get_args(PolicyName)
"""What was decided; the same with offers weighed by propensity, or by measured effects; offers drawn by the bandit."""

FOLDS = 3
_CONTROL = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A decision whose end is known: the first one that meant an offer for the customer, and whether they stayed."""

    decision: Decision
    retained: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """The decisions of one run: their rows, and the batch that they came from."""

    rows: Rows
    inputs: Sequence[Json]
    ruleset: Json
    batch: DecisionBatch
    columns: Rows
    """The arm of each of the batch's offers."""


class Logbook:
    """Followed decisions in arrays; `rules` finds catalogue and policy by the digest that a decision keeps."""

    def __init__(self, told: Sequence[Told], rules: Callable[[str], Json]) -> None:
        self.told = list(told)
        grouped: dict[str, list[int]] = {}
        for row, one in enumerate(self.told):
            inputs = one.decision.inputs
            shared = {name: inputs[name] for name in ("rules", "today", "moment", "channel", "experiment")}
            prices = inputs.get("allocation", {}).get("prices", {})
            grouped.setdefault(canonical_json(shared | {"prices": prices}), []).append(row)
        batches = []
        for rows in grouped.values():
            inputs_of = [self.told[row].decision.inputs for row in rows]
            ruleset = inputs_of[0].get("ruleset") or rules(inputs_of[0]["rules"])
            batches.append((np.array(rows, dtype=np.intp), inputs_of, ruleset, batch_of(inputs_of, ruleset)))
        codes = sorted({code for *_, batch in batches for code in batch.options().codes})
        self.codes = (NONE_CODE, *codes)
        place = {code: number for number, code in enumerate(self.codes)}
        self._groups = [
            _Group(rows, inputs_of, ruleset, batch, np.array([place[c] for c in batch.options().codes], dtype=np.intp))
            for rows, inputs_of, ruleset, batch in batches
        ]
        self._place = place
        ids = [one.decision.customer_id for one in self.told]
        self._fold = np.array([int(share_of_hash("folds", customer_id) * FOLDS) for customer_id in ids], dtype=np.intp)

    def __len__(self) -> int:
        return len(self.told)

    def log(self, rewards: Floats) -> Log:
        """The log with these rewards, (n,): both sides of the experiment, with the probability of every arm."""
        assignment = np.zeros((len(self), len(self.codes)))
        for row, one in enumerate(self.told):
            assignment[row] = self._assignment(one.decision)
        arms = np.array([self._place[one.decision.offer_code] for one in self.told], dtype=np.int64)
        return Log(self._contexts(), arms, rewards, assignment)

    def table(self, name: PolicyName, progress: Callable[[Progress], None] = lambda _: None) -> Floats:
        """Probability of every arm under a policy, (n, arms); rows sum to one."""
        if name == "decided":
            return self._certain([self._planned(one.decision) for one in self.told])
        if name == "propensity":
            return self._chosen(lambda group: no_effects(len(group.rows), len(group.columns)))
        return self._by_effects(progress) if name == "effects" else self._drawn()

    def _planned(self, decision: Decision) -> str:
        """What the policy in force chose for a customer, or would have outside the holdout."""
        if decision.blocked_by is not None and decision.arm is Arm.TREATED:
            return NONE_CODE
        offer = compared_offer(decision)
        return NONE_CODE if offer is None else offer.offer_code

    def _assignment(self, decision: Decision) -> Floats:
        found = np.zeros(len(self.codes))
        planned, record = self._planned(decision), decision.inputs.get("exploration")
        if record is None:
            found[self._place[planned]] = 1.0
        else:
            draw = draw_from_json(record)
            for code in {planned, *draw.probabilities}:
                found[self._place[code]] = draw.probability(code, planned)
        held = float(decision.inputs["experiment"]["holdout_share"])
        found *= 1 - held
        found[_CONTROL] += held
        return found

    def _contexts(self) -> Floats:
        """What rewards are predicted from: log-odds of leaving, and worth of a saved customer on a log scale."""
        found = np.zeros((len(self), 2))
        for group in self._groups:
            prospects = group.batch.prospects()
            found[group.rows] = np.column_stack([prospects.offsets, np.log1p(np.maximum(prospects.worth, 0.0))])
        return found

    def _certain(self, codes: Sequence[str]) -> Floats:
        found = np.zeros((len(self), len(self.codes)))
        found[np.arange(len(self)), [self._place[code] for code in codes]] = 1.0
        return found

    def _chosen(self, estimated: Callable[[_Group], Estimated]) -> Floats:
        """The offer worth most of each customer, weighed by other effects."""
        found = np.zeros((len(self), len(self.codes)))
        for group in self._groups:
            batch = batch_of(group.inputs, group.ruleset, estimated(group))
            best = _best(batch.options(), group.inputs[0])
            best[~_may_get(batch.prospects())] = NOTHING
            arms = np.where(best == NOTHING, _CONTROL, group.columns[np.maximum(best, 0)])
            found[group.rows, arms] = 1.0
        return found

    def _by_effects(self, progress: Callable[[Progress], None]) -> Floats:
        effects = []
        for fold in range(FOLDS):
            others = [self.told[row] for row in np.flatnonzero(self._fold != fold)]
            known = [followed_decision(one.decision, retained=one.retained) for one in others]
            progress(Progress("effects learned from the other customers", fold, FOLDS))
            effects.append(programme_effects(one for one in known if one is not None))
        progress(Progress("effects learned from the other customers", FOLDS, FOLDS))

        def estimated(group: _Group) -> Estimated:
            facts = customer_facts.from_json(*(inputs["customer"] for inputs in group.inputs))
            codes, found = group.batch.options().codes, no_effects(len(group.rows), len(group.columns))
            for fold, learned in enumerate(effects):
                own = self._fold[group.rows] == fold
                if own.any():
                    part = learned.estimated(facts[own], codes)
                    found.effects[own], found.is_average[own] = part.effects, part.is_average
            return found

        return self._chosen(estimated)

    def _drawn(self) -> Floats:
        """What the bandit would draw from; where nothing can be drawn, what was decided."""
        found = self.table("decided")
        for group in self._groups:
            prospects = group.batch.prospects(group.batch.setting.policy.volumes)
            for fold in range(FOLDS):
                own = prospects.eligible & (self._fold[group.rows] == fold)
                if not own.any():
                    continue
                bandit = OfferBandit(group.batch.setting.catalogue.proposals)
                others = [self.told[row] for row in np.flatnonzero(self._fold != fold)]
                bandit.learn(
                    [one.decision.inputs["customer"] for one in others],
                    [one.decision.offer_code for one in others],
                    [not one.retained for one in others],
                )
                rows = group.rows[own]
                found[rows] = 0.0
                columns = np.concatenate([[_CONTROL], group.columns])
                found[np.ix_(rows, columns)] = bandit.probabilities(prospects.take(own))
        return found


def supported(table: Floats, log: Log, otherwise: Floats) -> tuple[Floats, float]:
    """A policy that never does what the log has never done, and the share of its choices that had to be replaced.

    Where the probability of a choice was zero, nothing is known of what it earns; `otherwise` is done instead.
    """
    lost = np.where(log.assignment > 0, 0.0, table).sum(axis=1)
    return np.where(log.assignment > 0, table, 0.0) + lost[:, None] * otherwise, float(lost.mean())


def _best(options: Options, inputs: Json) -> Rows:
    """The offer worth most at the prices of the limits then in force, NOTHING where none is worth its price."""
    if not options.codes:
        return np.full(len(options.customer_ids), NOTHING, dtype=np.intp)
    prices = prices_from_json(inputs.get("allocation", {}).get("prices", {}))
    reduced = np.where(options.worth > 0, options.worth, -np.inf)
    reduced = reduced - prices.budget * np.nan_to_num(options.spend) - prices.of(options.codes)
    best = reduced.argmax(axis=1)
    return np.where(reduced[np.arange(len(reduced)), best] > 0, best, NOTHING)


def _may_get(prospects: Prospects) -> Mask:
    return prospects.free | prospects.held
