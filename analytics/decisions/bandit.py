"""The contextual bandit: learns which offer and tone keeps whom, and logs how likely each choice was.

Thompson sampling (Thompson 1933; Russo et al. 2018) with Bayesian logistic models of the arms (`arm_model`), each of
which learns how far its arm moves the forecast. In each seeded draw of all weights the arm of greatest profit wins,

    profit(arm) = (P(leave | do nothing) - P(leave | arm)) x worth - expected cost of the arm,

and the shares of the draws won, held within the limits, are the assignment probabilities. The arm is then sampled from
exactly these probabilities; they are what off-policy evaluation needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.decisions.arm_model import ArmModel, ArmScales
from db.errors import SettingsError
from db.vocabulary import Json

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
PlanAt = Callable[[float], Floats]

DEFAULT_DRAWS = 100
CONTROL = 0
"""The place of doing nothing among the arms: always the first."""

_THOMPSON, _LOT = 0, 1
_BUDGET_STEPS = 18


@dataclass(frozen=True, slots=True)
class Arm:
    """What can be done: an offer by its code, in a tone; doing nothing has neither."""

    offer: str
    tone: str | None = None

    @property
    def name(self) -> str:
        """One word for logs and tables, such as `care-call/warm`."""
        return f"{self.offer}/{self.tone}" if self.tone else self.offer


NOTHING = Arm("none")


def arms_of(offers: Sequence[str], tones: Sequence[str] = ()) -> tuple[Arm, ...]:
    """Doing nothing, then every offer in every tone (or without one)."""
    chosen: Sequence[str | None] = tones or (None,)
    return (NOTHING, *(Arm(offer, tone) for offer in offers for tone in chosen if offer != NOTHING.offer))


@dataclass(frozen=True, slots=True)
class Limits:
    """How far exploring may go, as probabilities of each decision.

    minimum, maximum: of every arm that is allowed for the customer; doing nothing has no maximum. control_share: least
    probability of doing nothing, so that there is always something to compare with.
    """

    minimum: float = 0.01
    maximum: float = 0.9
    control_share: float = 0.1

    def __post_init__(self) -> None:
        if not (0 <= self.minimum <= self.maximum <= 1 and 0 <= self.control_share <= 1):
            raise SettingsError(
                f"The limits of exploration are probabilities and rise: minimum {self.minimum}, "
                f"maximum {self.maximum}, control share {self.control_share}.",
                hint="For example minimum 0.01, maximum 0.9 and control share 0.1.",
            )

    def bounds(self, allowed: Mask) -> tuple[Floats, Floats]:
        """Least and greatest probability of every customer's arms, both of the shape of `allowed`.

        Raises:
            SettingsError: the minima of so many arms add up to more than one.
        """
        lower = np.where(allowed, self.minimum, 0.0)
        upper = np.where(allowed, self.maximum, 0.0)
        lower[:, CONTROL], upper[:, CONTROL] = max(self.control_share, self.minimum), 1.0
        if len(lower) and lower.sum(axis=1).max() > 1:
            arms = int(allowed.sum(axis=1).max()) - 1
            raise SettingsError(
                f"{arms} arms with at least {self.minimum} each leave no {self.control_share} to the control.",
                hint="Lower the minimum or the control share, or leave arms out.",
            )
        return lower, upper


def within_limits(shares: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Floats:
    """The probabilities nearest to `shares` that lie within the bounds and sum to one; all of shape (n, arms).

    Euclidean projection onto the capped simplex: clip(shares + t, lower, upper) with the one t per row that makes the
    row sum to one (Wang and Lu 2015, arXiv:1503.01002). The sum rises with t in straight pieces that meet where an arm
    leaves a bound; the piece that holds one is found by halving.

    Raises:
        ValueError: no probabilities lie within the bounds of some row.
    """
    # One line per arm, so that sums over the arms add whole lines.
    raw, least, most = (np.asarray(values, dtype=np.float64).T.copy() for values in (shares, lower, upper))
    if (least > most).any() or (least.sum(axis=0) > 1 + 1e-9).any() or (most.sum(axis=0) < 1 - 1e-9).any():
        raise ValueError("No probabilities lie within the bounds.")
    bends = np.sort(np.concatenate([least - raw, most - raw]), axis=0)
    each = np.arange(raw.shape[1])
    low, high = np.zeros(len(each), dtype=np.int64), np.full(len(each), len(bends) - 1)
    for _ in range(len(bends).bit_length()):
        middle = (low + high) // 2
        short = np.clip(raw + bends[middle, each], least, most).sum(axis=0) < 1
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    start, end = bends[low, each], bends[high, each]
    before, after = (np.clip(raw + at, least, most).sum(axis=0) for at in (start, end))
    share = np.divide(1.0 - before, after - before, out=np.zeros(len(each)), where=after > before)
    found = np.clip(raw + start + np.clip(share, 0.0, 1.0) * (end - start), least, most)
    # What rounding left over goes to the arm with the most room, so that rows sum to one to the last bits.
    rest = 1.0 - found.sum(axis=0)
    room = np.where(rest > 0, most - found, found - least)
    found[room.argmax(axis=0), each] += rest
    return np.ascontiguousarray(found.T)


@dataclass(frozen=True, slots=True)
class Situation:
    """The n customers of one round; money in one currency.

    contexts: (n, d), or (n, arms, d) where arms are seen with contexts of their own. offsets: forecast log-odds of
    leaving (n,). worth: of a saved customer (n,). costs: expected, of every arm (n, arms). allowed: (n, arms).
    """

    contexts: Floats
    offsets: Floats
    worth: Floats
    costs: Floats
    allowed: Mask

    def __post_init__(self) -> None:
        n = len(self.contexts)
        if self.offsets.shape != (n,) or self.worth.shape != (n,) or self.costs.shape != self.allowed.shape:
            raise ValueError("The arrays of a situation do not belong to the same customers and arms.")
        if self.allowed.shape[0] != n or not self.allowed[:, CONTROL].all():
            raise ValueError("Doing nothing must be allowed for every customer.")


@dataclass(frozen=True, slots=True)
class Assignments:
    """What was chosen: the arm (n,), and the probability of every arm at the time (n, arms)."""

    arms: Indices
    probabilities: Floats

    @property
    def assignment_probability(self) -> Floats:
        """The probability of the arm that was chosen, to be logged with the decision; shape (n,)."""
        return np.asarray(self.probabilities[np.arange(len(self.arms)), self.arms])


class ContextualBandit:
    """Thompson sampling with a Bayesian logistic model of every arm, limits, and an optional budget per round.

    Choices depend on the seed, the number of the round, the situation and what was learned, on nothing else.
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        scales: ArmScales,
        *,
        any_offer: npt.ArrayLike = 0.0,
        own: npt.ArrayLike = 0.0,
        limits: Limits | None = None,
        draws: int = DEFAULT_DRAWS,
        exploration: float = 1.0,
        seed: int = 0,
    ) -> None:
        """scales, any_offer, own: of the prior (see `ArmModel.prior`). draws: of the weights, for each round.

        exploration: factor of the posterior's standard deviations in the draws; 1 is Thompson sampling, 0 always takes
        what looks best (posterior reshaping: Chapelle and Li 2011, who find less than 1 better where there is little
        time to learn).

        Raises:
            SettingsError: the first arm is not doing nothing, an arm comes twice, there are no draws, or exploration
                is negative.
        """
        if not arms or arms[CONTROL] != NOTHING or len(set(arms)) != len(arms):
            raise SettingsError("The first arm of a bandit is doing nothing, and every arm comes once.")
        if draws < 1:
            raise SettingsError(f"A bandit needs at least one draw, not {draws}.")
        self.arms = tuple(arms)
        if not 0 <= exploration < np.inf:
            raise SettingsError(f"Exploration is 0 or more, not {exploration}.", hint="1 is Thompson sampling.")
        self.limits = limits or Limits()
        self.draws = draws
        self.exploration = exploration
        self.seed = seed
        self.model = ArmModel.prior(len(arms), scales, any_offer, own)

    def choose(self, situation: Situation, round_number: int, *, budget: float | None = None) -> Assignments:
        """Assign an arm to every customer of the round.

        budget: most that the round may cost in expectation over the assignment; it is kept unless the limits alone
        cost more.
        """
        probabilities = self.probabilities(situation, round_number, budget=budget)
        lot = np.random.default_rng([self.seed, round_number, _LOT]).random(len(probabilities))
        cumulative = np.cumsum(probabilities, axis=1)
        chosen = (lot[:, None] >= cumulative).sum(axis=1)
        # Rounding may leave the last sum a little under one; the last arm that can be had stands in.
        last = probabilities.shape[1] - 1 - np.argmax(probabilities[:, ::-1] > 0, axis=1)
        return Assignments(np.minimum(chosen, last), probabilities)

    def probabilities(self, situation: Situation, round_number: int, *, budget: float | None = None) -> Floats:
        """Assignment probabilities, shape (n, arms): each row sums to one, arms not allowed have zero."""
        if situation.allowed.shape[1] != len(self.arms):
            raise ValueError(f"The situation has {situation.allowed.shape[1]} arms, the bandit {len(self.arms)}.")
        lower, upper = self.limits.bounds(situation.allowed)
        profits = self._profits(situation, round_number)

        def at(price: float) -> Floats:
            return within_limits(shares_won(profits, situation.costs * price), lower, upper)

        return at(0.0) if budget is None else cheapest_enough(at, situation.costs, budget)

    def probabilities_at(self, situation: Situation, round_number: int, price: float) -> Floats:
        """Assignment probabilities where every unit of cost counts 1 + price times, shape (n, arms)."""
        lower, upper = self.limits.bounds(situation.allowed)
        profits = self._profits(situation, round_number)
        return within_limits(shares_won(profits, situation.costs * price), lower, upper)

    def learn(
        self, contexts: npt.ArrayLike, arms: npt.ArrayLike, left: npt.ArrayLike, offsets: npt.ArrayLike = 0.0
    ) -> None:
        """Take in outcomes: contexts, the arm assigned (n,), 1 for those who left (n,), forecast log-odds."""
        self.model = self.model.updated(contexts, arms, left, offsets)

    def as_json(self) -> Json:
        """Everything that a bandit knows, for the model store."""
        return {
            "arms": [{"offer": arm.offer, "tone": arm.tone} for arm in self.arms],
            "limits": [self.limits.minimum, self.limits.maximum, self.limits.control_share],
            "draws": self.draws,
            "exploration": self.exploration,
            "seed": self.seed,
            "model": self.model.as_json(),
        }

    @classmethod
    def from_json(cls, document: Json) -> "ContextualBandit":
        """A bandit from what `as_json` gave."""
        model = ArmModel.from_json(document["model"])
        found = cls(
            [Arm(one["offer"], one["tone"]) for one in document["arms"]],
            ArmScales.of(*np.ones((3, model.width))),
            limits=Limits(*document["limits"]),
            draws=document["draws"],
            exploration=document.get("exploration", 1.0),
            seed=document["seed"],
        )
        found.model = model
        return found

    def _profits(self, situation: Situation, round_number: int) -> Floats:
        """Profit of every arm in every draw, shape (arms, draws, n); minus infinity where an arm is not allowed."""
        rng = np.random.default_rng([self.seed, round_number, _THOMPSON])
        leaves = self.model.sampled_leaves(
            situation.contexts, situation.offsets, self.draws, rng, spread=self.exploration
        )
        profits = (leaves[CONTROL] - leaves) * situation.worth - situation.costs.T[:, None]
        return np.where(situation.allowed.T[:, None], profits, -np.inf)


def shares_won(profits: Floats, surcharge: Floats) -> Floats:
    """Share of the draws in which each arm is best, shape (n, arms); the first of equals wins.

    profits: (arms, draws, n); surcharge: what each arm costs beyond, (n, arms).
    """
    extra = np.ascontiguousarray(surcharge.T)
    best = profits[0] - extra[0]
    winner = np.zeros(best.shape, dtype=np.int8)
    other = np.empty_like(best)
    for arm in range(1, len(profits)):
        np.subtract(profits[arm], extra[arm], out=other)
        # The last arm that is better than all before it wins: the greatest number. A masked write would be slower.
        np.maximum(winner, (other > best).view(np.int8) * np.int8(arm), out=winner)
        np.maximum(best, other, out=best)
    won = [(winner == arm).sum(axis=0, dtype=np.int32) for arm in range(len(profits))]
    return np.stack(won, axis=1) / len(winner)


def cheapest_enough(plan_at: PlanAt, costs: Floats, budget: float) -> Floats:
    """The plan at the lowest shadow price of money that keeps to the budget.

    plan_at: probabilities (n, arms) when every unit of cost counts 1 + price times; costs: (n, arms). Where no price
    is high enough, the plan at a very high one.
    """
    free = plan_at(0.0)
    if (free * costs).sum() <= budget:
        return free
    low, high = 0.0, 1.0
    dear = plan_at(high)
    while (dear * costs).sum() > budget and high < 1e6:
        low, high = high, high * 4
        dear = plan_at(high)
    for _ in range(_BUDGET_STEPS):
        middle = (low + high) / 2
        plan = plan_at(middle)
        if (plan * costs).sum() > budget:
            low = middle
        else:
            high, dear = middle, plan
    return dear
