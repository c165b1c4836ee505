"""The policies that play: none, chance, risk ranking, propensity, uplift, bandit, and the all-knowing oracle."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.decisions.bandit import Assignments, ContextualBandit, Limits, Situation, arms_of, cheapest_enough
from analytics.decisions.bayesian_logistic import sigmoid
from analytics.simulation.policies.knowledge import Answers, Effects, arm_prior
from analytics.simulation.policies.panel import Panel

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

NAMES = ("none", "risk_ranking", "propensity", "uplift", "bandit", "oracle")
"""The policies of a contest, worst expected first."""

TRIAL_CONTROL = 0.3
"""Share of a trial's decisions that do nothing; the offers share the rest evenly."""

RISK_MULTIPLE = 2.0
"""Risk ranking contacts who is at least this many times as likely to leave as the average customer."""

BANDIT_DRAWS = 60
BANDIT_EXPLORATION = 0.5
"""A customer is decided about every third month and outcomes come three months later: two years are eight lessons."""

BANDIT_LIMITS = Limits(minimum=0.002, maximum=0.95, control_share=0.05)


@dataclass(frozen=True, slots=True)
class Round:
    """The k customers up in a month, as policies see them.

    rows: their places in the panel. contexts: (k, d). offsets: forecast log-odds of leaving (k,). worth: of a saved
    customer (k,). cost: of an accepted offer (k, arms); contact: (arms,); allowed: (k, arms). budget: for the month,
    in expectation.
    """

    month: int
    rows: Rows
    contexts: Floats
    offsets: Floats
    worth: Floats
    cost: Floats
    contact: Floats
    allowed: Mask
    budget: float

    @property
    def leaves(self) -> Floats:
        """Forecast probability of leaving, shape (k,)."""
        return sigmoid(self.offsets)


@dataclass(frozen=True, slots=True)
class Told:
    """A month's decisions whose outcome has become known: contexts (m, d), offsets, arms, accepted and left, (m,)."""

    month: int
    contexts: Floats
    offsets: Floats
    arms: Rows
    accepted: Mask
    left: Mask


class Policy(Protocol):
    """Decides about each month's customers, and hears three months later what came of it."""

    name: str

    def decide(self, up: Round) -> Assignments:
        """The arm of each customer, with the probabilities it was drawn from."""

    def hear(self, told: Told) -> None:
        """Take in what came of earlier decisions."""


class _Deaf:
    """A policy that does not learn while it plays."""

    def hear(self, told: Told) -> None:
        """Nothing is learned."""


class Nobody(_Deaf):
    """Contacts nobody."""

    name = "none"

    def decide(self, up: Round) -> Assignments:
        """Nothing for everybody."""
        return certain(np.zeros(len(up.rows), dtype=np.int64), up.allowed.shape[1])


class Chance(_Deaf):
    """Draws one of the allowed offers, or nothing, with fixed probabilities: a trial, or a control for learners."""

    name = "chance"

    def __init__(self, seed: int, *, control: float = TRIAL_CONTROL, within_budget: bool = False) -> None:
        self.seed, self.control, self.within_budget = seed, control, within_budget

    def decide(self, up: Round) -> Assignments:
        """The same probabilities for all; with `within_budget` so much more nothing that the money lasts."""
        offers = up.allowed.astype(float)
        offers[:, 0] = 0.0
        offers /= np.maximum(offers.sum(axis=1, keepdims=True), 1.0)
        share = 1 - self.control
        if self.within_budget:
            share = min(share, up.budget / max(float((offers * (up.cost / 2 + up.contact)).sum()), 1e-9))
        probabilities = offers * share
        probabilities[:, 0] = 1 - probabilities.sum(axis=1)
        lot = np.random.default_rng([self.seed, up.month]).random(len(up.rows))
        arms = (lot[:, None] >= np.cumsum(probabilities, axis=1)[:, :-1]).sum(axis=1)
        return Assignments(arms, probabilities)


class RiskRanking(_Deaf):
    """The usual practice: the offer that worked best in the trial goes to the highest risks until the money is gone."""

    name = "risk_ranking"

    def __init__(self, offer: int, answers: Answers, threshold: float) -> None:
        """offer: the arm that everybody gets. threshold: least churn probability to be contacted."""
        self.offer, self.answers, self.threshold = offer, answers, threshold

    def decide(self, up: Round) -> Assignments:
        """From the top of the list while the month's budget lasts."""
        cost = planned_costs(up, self.answers)[:, self.offer]
        order = np.argsort(-up.leaves, kind="stable")
        wanted = (up.allowed[:, self.offer] & (up.leaves >= self.threshold))[order]
        spent = np.cumsum(np.where(wanted, cost[order], 0.0))
        arms = np.zeros(len(up.rows), dtype=np.int64)
        arms[order[wanted & (spent <= up.budget)]] = self.offer
        return certain(arms, up.allowed.shape[1])


class Propensity(_Deaf):
    """Arbitration by the chance of accepting: propensity x churn probability x worth x save rate, less costs."""

    name = "propensity"

    def __init__(self, answers: Answers, save_rates: Floats) -> None:
        self.answers, self.save_rates = answers, save_rates

    def decide(self, up: Round) -> Assignments:
        """The plan of most assumed profit within the budget."""
        at_stake = (up.leaves * up.worth)[:, None]
        costs = planned_costs(up, self.answers)
        gain = self.answers.probability(up.contexts) * at_stake * self.save_rates
        return certain(best_plan(gain - costs, costs, up.allowed, up.budget), up.allowed.shape[1])


class Uplift(_Deaf):
    """Arbitration by estimated effect: effect x worth, less costs."""

    name = "uplift"

    def __init__(self, answers: Answers, effects: Effects) -> None:
        self.answers, self.effects = answers, effects

    def decide(self, up: Round) -> Assignments:
        """The plan of most expected profit within the budget."""
        costs = planned_costs(up, self.answers)
        seen = self.answers.seen(up.contexts)
        gain = self.effects.of(seen, up.offsets, up.rows) * up.worth[:, None]
        return certain(best_plan(gain - costs, costs, up.allowed, up.budget), up.allowed.shape[1])


class Bandit:
    """Thompson sampling that begins with the forecast and the catalogue's assumptions, and with no trial."""

    name = "bandit"

    def __init__(self, panel: Panel, width: int, seed: int) -> None:
        """width: of the contexts."""
        self.answers = Answers.assumed(panel, width)
        scales, any_offer = arm_prior(panel, width + 1)
        self.bandit = ContextualBandit(
            arms_of(panel.arms[1:]),
            scales,
            any_offer=any_offer,
            limits=BANDIT_LIMITS,
            draws=BANDIT_DRAWS,
            exploration=BANDIT_EXPLORATION,
            seed=seed,
        )
        self._seen: dict[int, Floats] = {}

    def decide(self, up: Round) -> Assignments:
        """Thompson sampling within the limits and the budget."""
        self._seen[up.month] = self.answers.seen(up.contexts)
        costs = planned_costs(up, self.answers)
        situation = Situation(self._seen[up.month], up.offsets, up.worth, costs, up.allowed)
        return self.bandit.choose(situation, up.month, budget=up.budget)

    def hear(self, told: Told) -> None:
        """Learn who left and who accepted."""
        self.bandit.learn(self._seen.pop(told.month), told.arms, told.left, told.offsets)
        self.answers = self.answers.updated(told.contexts, told.arms, told.accepted)


class FrozenBandit(Bandit):
    """The same bandit that never learns: what its regret would be without any learning."""

    name = "frozen_bandit"

    def hear(self, told: Told) -> None:
        """Forget what came of it."""
        self._seen.pop(told.month)


class Oracle(_Deaf):
    """Knows every hazard and every effect, and makes each month's plan of most expected profit within the budget."""

    name = "oracle"

    def __init__(self, panel: Panel) -> None:
        self.panel = panel

    def decide(self, up: Round) -> Assignments:
        """The best plan for these customers."""
        truth = self.panel.options(up.month, up.rows)
        return certain(best_plan(truth.gain, truth.expected_cost, truth.allowed, up.budget), up.allowed.shape[1])


def planned_costs(up: Round, answers: Answers) -> Floats:
    """Expected cost of every arm: chance of accepting x cost of the offer + contact, shape (k, arms)."""
    return np.asarray(answers.probability(up.contexts) * up.cost + up.contact, dtype=np.float64)


def best_plan(profits: Floats, costs: Floats, allowed: Mask, budget: float) -> Rows:
    """The arm of each customer (k,) such that profits are greatest and costs stay within the budget.

    The multiple-choice knapsack by its Lagrangian: everybody gets the arm of greatest profit - price x cost at the
    lowest price of money that the budget allows. It is optimal but for the last customer's share of the budget
    (Kellerer, Pferschy and Pisinger 2004, section 11.2).
    """
    held = np.where(allowed, profits, -np.inf)

    def at(price: float) -> Floats:
        return certain((held - price * costs).argmax(axis=1), held.shape[1]).probabilities

    return np.asarray(cheapest_enough(at, costs, budget).argmax(axis=1), dtype=np.int64)


def certain(arms: Rows, count: int) -> Assignments:
    """Arms chosen for sure, as assignments with probabilities of one and zero."""
    probabilities = np.zeros((len(arms), count))
    probabilities[np.arange(len(arms)), arms] = 1.0
    return Assignments(arms, probabilities)
