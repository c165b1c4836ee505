"""What a targeting rule is worth: values and paired gains from doubly robust or inverse-probability scores.

With arm A received with probability e_A, outcome Y and an outcome model m, the score of customer i for arm a is

    ips  1{A = a} Y / e_a                             (Horvitz & Thompson 1952)
    dr   m_a(x) + 1{A = a} (Y - m_a(x)) / e_a         (Robins, Rotnitzky & Zhao 1994; Dudik, Langford & Li 2011)

Its mean over customers is the mean outcome had all of them got arm a, so that the mean over the arms that a rule
chooses is the rule's value. Intervals are normal with the standard error over customers; the rule and the outcome
model must come from other customers than those it is judged on.
"""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analytics.decisions.uplift.trial import Floats, Integers, Trial
from analytics.evaluation.intervals import Interval


def outcome_scores(trial: Trial, forecasts: Floats | None = None) -> Floats:
    """Scores (n, arms): doubly robust with the outcome `forecasts` (n, arms), inverse-probability without.

    Raises:
        ValueError: the forecasts have another shape than the trial's probabilities.
    """
    base = np.zeros(trial.probabilities.shape) if forecasts is None else np.array(forecasts, dtype=np.float64)
    if base.shape != trial.probabilities.shape:
        raise ValueError(f"forecasts need the shape {trial.probabilities.shape} (customers, arms), got {base.shape}")
    rows = np.arange(len(trial))
    base[rows, trial.arm] += (trial.outcome - base[rows, trial.arm]) / trial.probabilities[rows, trial.arm]
    return base


def policy_value(scores: Floats, chosen: npt.ArrayLike, *, level: float = 0.95) -> Interval:
    """Mean outcome under a rule; `chosen` is one arm position per customer (n,), or probabilities (n, arms)."""
    return mean_interval(scores_of(scores, chosen), level=level)


def policy_gain(scores: Floats, chosen: npt.ArrayLike, other: npt.ArrayLike, *, level: float = 0.95) -> Interval:
    """Value of a rule less that of another for the same customers, with its paired interval."""
    return mean_interval(scores_of(scores, chosen) - scores_of(scores, other), level=level)


def effect_interval(scores: Floats, arm: int, control: int = 0, *, level: float = 0.95) -> Interval:
    """Average effect of an arm against the control."""
    return mean_interval(scores[:, arm] - scores[:, control], level=level)


def scores_of(scores: Floats, chosen: npt.ArrayLike) -> Floats:
    """The score (n,) of what a rule chooses for each customer.

    Raises:
        ValueError: `chosen` is neither (n,) positions nor (n, arms) probabilities.
    """
    rule = np.asarray(chosen)
    if rule.shape == scores.shape:
        return np.asarray((scores * rule).sum(axis=1), dtype=np.float64)
    if rule.shape != scores.shape[:1]:
        raise ValueError(f"a rule is an arm per customer {scores.shape[:1]} or probabilities {scores.shape}")
    return np.asarray(scores[np.arange(len(scores)), rule.astype(np.int64)], dtype=np.float64)


def mean_interval(values: Floats, *, level: float = 0.95) -> Interval:
    """Mean of independent values with its normal interval; infinitely wide for fewer than two values."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, float("-inf"), float("inf"), level)
    reach = NormalDist().inv_cdf((1 + level) / 2) * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return Interval(mean, mean - reach, mean + reach, level)


def single_arm(arm: int, customers: int, arms: int, budget_share: float = 1.0) -> Floats:
    """Probabilities (customers, arms) of giving one arm to a random share of the customers, the control to the rest."""
    rule = np.zeros((customers, arms))
    rule[:, 0] = 1 - budget_share
    rule[:, arm] += budget_share
    return rule


def best_arms(
    effects: Floats, *, costs: npt.ArrayLike | None = None, budget_share: float = 1.0, only: int | None = None
) -> Integers:
    """The arm (n,) with the highest predicted effect less cost for each customer, the control where none pays.

    `effects` (n, offers) are predicted effects of arms 1, 2, ... against the control, `costs` (offers,) in the unit of
    the outcome. With a `budget_share` below 1 only the int(n share) customers who gain most get an offer; equal gains
    go by row. `only` keeps one arm in play.

    Raises:
        ValueError: the budget share lies outside [0, 1], or costs do not fit.
    """
    if not 0 <= budget_share <= 1:
        raise ValueError(f"the budget share lies between 0 and 1, got {budget_share}")
    net = np.asarray(effects, dtype=np.float64) - (0.0 if costs is None else np.asarray(costs, dtype=np.float64))
    if only is not None:
        net = np.where(np.arange(1, net.shape[1] + 1) == only, net, -np.inf)
    gain, best = net.max(axis=1), net.argmax(axis=1) + 1
    chosen = np.where(gain > 0, best, 0)
    if budget_share < 1:
        first = np.argsort(-gain, kind="stable")[: int(len(gain) * budget_share)]
        within = np.zeros(len(gain), dtype=bool)
        within[first] = True
        chosen = np.where(within, chosen, 0)
    return np.asarray(chosen, dtype=np.int64)
