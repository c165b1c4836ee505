"""What must be true if estimators and policies work, checked where the truth is known, over many seeds.

1. Coverage: 90 % intervals of each offer's average effect in the trial cover the true one in 85 to 95 % of cases.
2. Profit: the uplift policy earns more than risk ranking in at least 19 of 20 seeds.
3. Learning: the bandit's regret against the best policy of its own kind (the same contexts, model, limits and budget,
   but fitted to the true probabilities) grows as x^b with b below 1, where x counts decisions, and where x is the
   profit that this policy would have had so far. Prices rise and rivals advertise while the game goes on, so that later
   decisions are worth more: counted in decisions, regret without any learning grows faster than linearly. The
   exponents of the same bandit that never learns are told beside.
4. DR: off-policy estimates of the uplift policy, from the trial's log and from the bandit's, are unbiased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from analytics.decisions.arm_model import ArmModel, ArmScales
from analytics.decisions.bandit import cheapest_enough, within_limits
from analytics.decisions.off_policy import Log, average_effect, evaluate
from analytics.evaluation.intervals import Interval
from analytics.simulation.policies.contest import Contest, log_of, policy_named
from analytics.simulation.policies.panel import WINDOW_MONTHS
from analytics.simulation.policies.play import Decided
from analytics.simulation.policies.players import BANDIT_LIMITS, certain, planned_costs
from analytics.simulation.policies.tally import Tally, mean_interval, tallies
from db.vocabulary import Json

Floats = npt.NDArray[np.float64]
Clock = Literal["attainable", "decisions"]

PLAYERS = ("none", "risk_ranking", "propensity", "uplift", "bandit", "frozen_bandit", "oracle")
COVERAGE_LEVEL = 0.90
COVERAGE_BOUNDS = (0.85, 0.95)
SEEDS_WON = 0.95

_INFORMED_CUSTOMERS = 1000
_INFORMED_SCALE = 0.3
_FIRST_FITTED = 3
_BOOTSTRAP = 2000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one seed says.

    covered: for each offer and third of the customers, whether the interval covers the true effect. off_policy: by
    log, the error of DR (estimate - truth, euros per decision), whether its interval covers, and its effective sample
    size. class_regret: by policy, the regret of each month against the best of its kind.
    """

    seed: int
    tallies: dict[str, Tally]
    covered: tuple[bool, ...]
    off_policy: dict[str, tuple[float, bool, float]]
    class_regret: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim, the figures that speak for or against it, and whether it holds."""

    claim: str
    figures: Json
    words: str
    holds: bool

    def as_json(self) -> Json:
        """The proof as JSON."""
        return {"claim": self.claim, "holds": self.holds, "words": self.words, **self.figures}


def evidence(contest: Contest) -> Evidence:
    """What one contest, played by `PLAYERS`, says on every claim."""
    informed = _informed_model(contest)
    return Evidence(
        seed=contest.seed,
        tallies=tallies(contest),
        covered=_covered(contest),
        off_policy={
            "trial": _off_policy(contest, list(contest.known.trial.decided)),
            "bandit": _off_policy(contest, contest.games["bandit"].months),
        },
        class_regret={
            name: np.array([_class_regret(contest, informed, month) for month in contest.games[name].months])
            for name in ("bandit", "frozen_bandit")
        },
    )


def prove(found: Sequence[Evidence]) -> list[Proof]:
    """The four claims over all seeds."""
    return [
        _prove_coverage(found),
        _prove_profit(found),
        _prove_learning(found),
        _prove_off_policy(found, "trial"),
        _prove_off_policy(found, "bandit"),
    ]


def _covered(contest: Contest) -> tuple[bool, ...]:
    """For each offer and each third of the customers, whether the interval covers the effect on the same people.

    The thirds that are decided about together have customers and controls of their own, so that their intervals err
    independently.
    """
    answers = []
    for third in range(WINDOW_MONTHS):
        months = [month for month in contest.known.trial.decided if month.up.month % WINDOW_MONTHS == third]
        log = log_of(months)
        stayed = np.concatenate([~month.left for month in months]).astype(np.float64)
        leave = np.concatenate([month.options.leave for month in months])
        for arm in range(1, log.assignment.shape[1]):
            # The effect is that on those who may have the offer; the others say nothing about it.
            may = log.assignment[:, arm] > 0
            groups = None if log.groups is None else log.groups[may]
            part = Log(log.contexts[may], log.arms[may], stayed[may], log.assignment[may], groups)
            interval = average_effect(part, arm, level=COVERAGE_LEVEL, seed=contest.seed)
            truth = float((leave[may, 0] - leave[may, arm]).mean())
            answers.append(bool(interval.low <= truth <= interval.high))
    return tuple(answers)


def _off_policy(contest: Contest, months: list[Decided]) -> tuple[float, bool, float]:
    """Error of DR for the uplift policy on a log, whether its 90 % interval covers, effective sample size."""
    policy = policy_named("uplift", contest.panel, contest.known, contest.seed)
    chosen = [policy.decide(month.up).probabilities for month in months]
    true = [month.up.worth[:, None] * (1 - month.options.leave) - month.options.expected_cost for month in months]
    target = np.concatenate(chosen)
    truth = float((target * np.concatenate(true)).sum(axis=1).mean())
    estimate = evaluate(log_of(months), target, "dr", level=COVERAGE_LEVEL, seed=contest.seed)
    interval = estimate.interval
    return estimate.value - truth, bool(interval.low <= truth <= interval.high), estimate.effective_sample_size


def _informed_model(contest: Contest) -> ArmModel:
    """The bandit's own kind of model, fitted to the true probabilities of every arm for many customers."""
    months = contest.games["none"].months
    rng = np.random.default_rng(contest.seed)
    seen, arms, leaves, offsets = [], [], [], []
    for month in months:
        picked = rng.permutation(len(month.arms))[: max(_INFORMED_CUSTOMERS // len(months), 10)]
        contexts = contest.known.answers.seen(month.up.contexts[picked])
        for arm in range(month.options.leave.shape[1]):
            seen.append(contexts)
            arms.append(np.full(len(picked), arm))
            leaves.append(month.options.leave[picked, arm])
            offsets.append(month.up.offsets[picked])
    width = seen[0].shape[2]
    prior = ArmModel.prior(len(contest.panel.arms), ArmScales(*np.full((3, width), _INFORMED_SCALE)))
    return prior.updated(*(np.concatenate(part) for part in (seen, arms, leaves, offsets)))


def _class_regret(contest: Contest, informed: ArmModel, month: Decided) -> float:
    """Expected profit that the informed policy, under the bandit's limits and budget, would have had more."""
    up, answers = month.up, contest.known.answers
    leaves = informed.leaves(answers.seen(up.contexts), up.offsets)
    costs = planned_costs(up, answers)
    profits = np.where(up.allowed, (leaves[:, :1] - leaves) * up.worth[:, None] - costs, -np.inf)
    lower, upper = BANDIT_LIMITS.bounds(up.allowed)

    def at(price: float) -> Floats:
        best = (profits - price * costs).argmax(axis=1)
        return within_limits(certain(best, profits.shape[1]).probabilities, lower, upper)

    plan = cheapest_enough(at, costs, up.budget)
    return float(((plan - month.probabilities) * month.options.gain).sum())


def _prove_coverage(found: Sequence[Evidence]) -> Proof:
    every = np.array([one for seed in found for one in seed.covered])
    share = float(every.mean())
    low, high = COVERAGE_BOUNDS
    return Proof(
        f"{COVERAGE_LEVEL:.0%} intervals of average effects cover the truth in {low:.0%} to {high:.0%} of cases",
        {"coverage": share, "intervals": len(every)},
        f"{int(every.sum())} of {len(every)} intervals cover: {share:.1%}",
        low <= share <= high,
    )


def _prove_profit(found: Sequence[Evidence]) -> Proof:
    pairs = [(seed.tallies["uplift"], seed.tallies["risk_ranking"]) for seed in found]
    gains = [float(first.profit.sum() - second.profit.sum()) for first, second in pairs]
    realised = [first.realised - second.realised for first, second in pairs]
    won, won_realised = (sum(gain > 0 for gain in one) for one in (gains, realised))
    mean = mean_interval(gains)
    return Proof(
        f"the uplift policy earns more than risk ranking in at least {SEEDS_WON:.0%} of the seeds",
        {
            "won": won,
            "won_realised": won_realised,
            "seeds": len(found),
            "mean_difference": {"value": mean.estimate, "low": mean.low, "high": mean.high},
        },
        f"{won} of {len(found)} seeds by expected profit, {won_realised} with luck; "
        f"{mean.estimate:+,.0f} euros on average ({mean.low:+,.0f} to {mean.high:+,.0f})",
        won >= SEEDS_WON * len(found),
    )


def _prove_learning(found: Sequence[Evidence]) -> Proof:
    learns, frozen = (growth(found, name) for name in ("bandit", "frozen_bandit"))
    counted, counted_frozen = (growth(found, name, clock="decisions") for name in ("bandit", "frozen_bandit"))
    figures = {
        "bandit": learns,
        "frozen_bandit": frozen,
        "bandit_by_decisions": counted,
        "frozen_bandit_by_decisions": counted_frozen,
    }
    return Proof(
        "the bandit's regret grows slower than linearly, in decisions and in the profit that could be had",
        {
            name: {"exponent": one.estimate, "low": one.low, "high": one.high, "level": one.level}
            for name, one in figures.items()
        },
        f"exponent {_exponent(counted)} over decisions, without learning {_exponent(counted_frozen)}; "
        f"{_exponent(learns)} over the profit, without learning {_exponent(frozen)}",
        max(counted.high, learns.high) < 1,
    )


def _exponent(found: Interval) -> str:
    return f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})"


def _prove_off_policy(found: Sequence[Evidence], log: str) -> Proof:
    errors = [seed.off_policy[log][0] for seed in found]
    covered = float(np.mean([seed.off_policy[log][1] for seed in found]))
    effective = float(np.mean([seed.off_policy[log][2] for seed in found]))
    mean = mean_interval(errors)
    return Proof(
        f"DR from the {log}'s log is unbiased for the uplift policy",
        {
            "mean_error": {"value": mean.estimate, "low": mean.low, "high": mean.high},
            "coverage_at_90": covered,
            "effective_sample_size": effective,
        },
        f"mean error {mean.estimate:+.2f} euros a decision ({mean.low:+.2f} to {mean.high:+.2f}); "
        f"{covered:.0%} of the 90 % intervals cover; effective sample size {effective:,.0f}",
        mean.covers_zero,
    )


def growth(
    found: Sequence[Evidence], name: str, *, clock: Clock = "attainable", level: float = 0.95, seed: int = 0
) -> Interval:
    """Exponent b of cumulative regret ~ x^b, of the means over seeds, with its bootstrap interval over seeds.

    clock: x counts the profit that could be had (what was earned and what was missed), or decisions. Least squares of
    the logarithms from the first month after outcomes are known.
    """
    regret = np.array([np.cumsum(one.class_regret[name]) for one in found])
    if clock == "attainable":
        passed = np.array([np.cumsum(one.class_regret[name] + one.tallies[name].profit) for one in found])
    else:
        passed = np.array([np.cumsum(one.tallies[name].decisions, dtype=np.float64) for one in found])

    def exponent(rows: npt.NDArray[np.int64]) -> float:
        total, at = (np.maximum(one[rows].mean(axis=0), 1.0)[_FIRST_FITTED:] for one in (regret, passed))
        return float(np.polyfit(np.log(at), np.log(total), 1)[0])

    rng = np.random.default_rng(seed)
    drawn = [exponent(rng.integers(0, len(found), len(found))) for _ in range(_BOOTSTRAP)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(exponent(np.arange(len(found))), float(low), float(high), level)
