"""What another policy would have earned, judged from decisions made by the one in force: IPS, SNIPS and DR.

For decision i let w_i = target probability of the arm taken / its logged assignment probability, r_i the reward,
q(i, a) the outcome model's reward of arm a and v(i) = sum over a of target(i, a) q(i, a). Then

    IPS    mean of w r                    (Horvitz and Thompson 1952)
    SNIPS  sum of w r / sum of w          (Swaminathan and Joachims 2015)
    DR     mean of v + w (r - q(taken))   (Dudik, Langford and Li 2011), q fitted on other rows (cross-fitting,
                                          Chernozhukov et al. 2018)

Intervals are asymptotic: normal, with the standard error of the estimator's influence values, summed within groups
(customers) where the same customer was decided about more than once; or percentile bootstrap over groups on demand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from analytics.evaluation.intervals import Interval
from db.vocabulary import Json

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Method = Literal["ips", "snips", "dr"]
IntervalKind = Literal["asymptotic", "bootstrap"]
RewardModel = Callable[[Floats, Floats], Callable[[Floats], Floats]]
"""Fits contexts (n, d) to rewards (n,) and returns the prediction for other contexts."""

METHODS: tuple[Method, ...] = ("ips", "snips", "dr")
DEFAULT_FOLDS = 5
DEFAULT_BOOTSTRAP = 1000
LEAST_ROWS = 30
"""An arm with fewer rows in a fold is predicted by the mean reward of all arms there."""
LEAST_EFFECTIVE = 50.0
"""Below this effective sample size an interval of large samples cannot be relied on."""

_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Log:
    """Logged decisions: contexts (n, d), arm taken (n,), reward (n,), assignment probability of every arm (n, arms).

    Only the probability of the arm taken need be exact where others are not known. groups: who was decided about,
    (n,); rows of one group are correlated. The rewards of different arms may have any unit, but one.
    """

    contexts: Floats
    arms: Indices
    rewards: Floats
    assignment: Floats
    groups: Indices | None = None

    def __post_init__(self) -> None:
        n = len(self.rewards)
        if not n:
            raise ValueError("A log without decisions cannot be evaluated.")
        if self.contexts.shape[:1] != (n,) or self.arms.shape != (n,) or self.assignment.shape[:1] != (n,):
            raise ValueError("The arrays of a log do not belong to the same decisions.")
        if self.groups is not None and self.groups.shape != (n,):
            raise ValueError("A log has one group per decision, or none.")
        if not (self.assigned > 0).all():
            raise ValueError("A decision was taken that its log says could not be: assignment probability 0.")

    def __len__(self) -> int:
        return len(self.rewards)

    @property
    def assigned(self) -> Floats:
        """Assignment probability of the arm taken, shape (n,)."""
        return self.of_taken(self.assignment)

    def of_taken(self, table: Floats) -> Floats:
        """The entries of a table (n, arms) at the arms taken."""
        return np.asarray(table[np.arange(len(self)), self.arms], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean reward per decision of a policy, with its interval.

    effective_sample_size: (sum of w)^2 / sum of w^2 (Kish 1965). largest_weight: of any row. unsupported: share of the
    target's choices that the logging policy never made, by the logged table; what they earn is not known.
    """

    method: Method
    interval: Interval
    interval_kind: IntervalKind
    effective_sample_size: float
    largest_weight: float
    unsupported: float
    n: int

    @property
    def value(self) -> float:
        """The estimate itself."""
        return self.interval.estimate

    @property
    def reliable(self) -> bool:
        """Whether enough decisions speak for the policy and none of its choices is unknown."""
        return self.effective_sample_size >= LEAST_EFFECTIVE and self.unsupported < 1e-9

    def as_json(self) -> Json:
        """The estimate as JSON."""
        return {
            "method": self.method,
            "value": self.value,
            "low": self.interval.low,
            "high": self.interval.high,
            "level": self.interval.level,
            "interval": self.interval_kind,
            "effective_sample_size": self.effective_sample_size,
            "largest_weight": self.largest_weight,
            "unsupported": self.unsupported,
            "n": self.n,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Champion against challenger on the same decisions: the paired difference challenger - champion, and a verdict.

    verdict: "switch" where the whole interval lies above zero and both estimates are reliable, "keep" where it lies
    below, else "undecided". The champion stays in all cases but the first.
    """

    champion: Estimate
    challenger: Estimate
    difference: Interval
    verdict: Literal["switch", "keep", "undecided"]

    def as_json(self) -> Json:
        """The comparison as JSON."""
        return {
            "champion": self.champion.as_json(),
            "challenger": self.challenger.as_json(),
            "difference": {
                "value": self.difference.estimate,
                "low": self.difference.low,
                "high": self.difference.high,
                "level": self.difference.level,
            },
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class _Terms:
    """Per-row terms of an estimator: its value and its influence (n,), which has mean zero."""

    value: float
    influence: Floats


def evaluate(
    log: Log,
    target: Floats,
    method: Method = "dr",
    *,
    predicted: Floats | None = None,
    level: float = 0.95,
    interval: IntervalKind = "asymptotic",
    draws: int = DEFAULT_BOOTSTRAP,
    seed: int = 0,
) -> Estimate:
    """Mean reward per decision under a policy that chooses arms with probabilities `target`, shape (n, arms).

    predicted: rewards of every arm (n, arms) for "dr", by default `cross_fitted_rewards` of the log. `interval` says
    how the interval is made; `draws` and `seed` are those of the bootstrap.

    Raises:
        ValueError: the target is no probability table of the log's shape, or has no weight on any row (SNIPS).
    """
    _check(log, target)
    rewards = _predictions(log, predicted, method, seed)
    terms = _terms(log, target, method, rewards)
    weights = _weights(log, target)
    if interval == "asymptotic":
        found = _asymptotic(log, terms, level)
    else:
        found = _bootstrap(
            log, lambda rows: _value(log, target, method, rewards, rows), terms.value, level, draws, seed
        )
    squares = float(weights @ weights)
    return Estimate(
        method,
        found,
        interval,
        effective_sample_size=float(weights.sum() ** 2 / squares) if squares else 0.0,
        largest_weight=float(weights.max()),
        unsupported=float((target * (log.assignment <= 0)).sum() / len(log)),
        n=len(log),
    )


def compare(
    log: Log,
    champion: Floats,
    challenger: Floats,
    method: Method = "dr",
    *,
    predicted: Floats | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Comparison:
    """Whether the challenger should take over: paired on the same rows, asymptotic interval of the difference.

    champion, challenger: probabilities of every arm, (n, arms). See `evaluate` for the rest and the errors.
    """
    rewards = _predictions(log, predicted, method, seed)
    found = [
        evaluate(log, table, method, predicted=rewards, level=level, seed=seed) for table in (champion, challenger)
    ]
    first, second = (_terms(log, table, method, rewards) for table in (champion, challenger))
    difference = _asymptotic(log, _Terms(second.value - first.value, second.influence - first.influence), level)
    sure = all(one.reliable for one in found)
    verdict: Literal["switch", "keep", "undecided"] = "undecided"
    if difference.low > 0 and sure:
        verdict = "switch"
    elif difference.high < 0:
        verdict = "keep"
    return Comparison(found[0], found[1], difference, verdict)


def average_effect(
    log: Log, arm: int, control: int = 0, *, predicted: Floats | None = None, level: float = 0.95, seed: int = 0
) -> Interval:
    """Mean reward if everybody got `arm` less that if everybody got `control`: DR (AIPW), asymptotic interval.

    This is the doubly robust estimator of an average treatment effect of Robins, Rotnitzky and Zhao (1994).
    """
    tables = np.zeros((2, *log.assignment.shape))
    tables[0, :, control] = 1.0
    tables[1, :, arm] = 1.0
    return compare(log, tables[0], tables[1], predicted=predicted, level=level, seed=seed).difference


def cross_fitted_rewards(
    log: Log, *, folds: int = DEFAULT_FOLDS, seed: int = 0, model: RewardModel | None = None
) -> Floats:
    """Predicted reward of every arm for every row, shape (n, arms), from models that did not see the row's group.

    model: fits one arm's rewards in one fold; by default a ridge regression on standardised contexts. Any model keeps
    DR consistent while the assignment probabilities are right; a better one narrows its interval.
    """
    fit = model or ridge
    fold = _folds(log, folds, seed)
    predicted = np.zeros(log.assignment.shape)
    for number in range(folds):
        out = fold == number
        if not out.any():
            continue
        known = ~out if (~out).any() else out
        everybody = float(log.rewards[known].mean())
        for arm in range(log.assignment.shape[1]):
            rows = known & (log.arms == arm)
            if rows.sum() < LEAST_ROWS:
                predicted[out, arm] = everybody
            else:
                predicted[out, arm] = fit(log.contexts[rows], log.rewards[rows])(log.contexts[out])
    return predicted


def ridge(contexts: Floats, rewards: Floats) -> Callable[[Floats], Floats]:
    """Least squares with a penalty of 1 on the weights of standardised contexts; the mean is not penalised."""
    centre, spread = contexts.mean(axis=0), contexts.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    x = (contexts - centre) / spread
    mean = float(rewards.mean())
    weights = np.linalg.solve(x.T @ x + _RIDGE * np.eye(x.shape[1]), x.T @ (rewards - mean))
    return lambda others: np.asarray(mean + (others - centre) / spread @ weights, dtype=np.float64)


def _predictions(log: Log, predicted: Floats | None, method: Method, seed: int) -> Floats:
    if predicted is None:
        return cross_fitted_rewards(log, seed=seed) if method == "dr" else np.zeros(log.assignment.shape)
    if predicted.shape != log.assignment.shape:
        raise ValueError(f"Predicted rewards of shape {log.assignment.shape} are needed, not {predicted.shape}.")
    return predicted


def _check(log: Log, target: Floats) -> None:
    if target.shape != log.assignment.shape:
        raise ValueError(f"A target of shape {log.assignment.shape} is needed, not {target.shape}.")
    if (target < 0).any() or not np.allclose(target.sum(axis=1), 1.0):
        raise ValueError("The target's probabilities are not negative and sum to one for every decision.")


def _weights(log: Log, target: Floats) -> Floats:
    return np.asarray(log.of_taken(target) / log.assigned, dtype=np.float64)


def _terms(log: Log, target: Floats, method: Method, predicted: Floats) -> _Terms:
    weights = _weights(log, target)
    if method == "snips":
        total = weights.mean()
        if not total:
            raise ValueError("The target never takes an arm that was taken: SNIPS is not defined.")
        value = float((weights * log.rewards).mean() / total)
        return _Terms(value, weights * (log.rewards - value) / total)
    rows = _row_terms(log, target, method, predicted, weights)
    return _Terms(float(rows.mean()), rows - rows.mean())


def _row_terms(log: Log, target: Floats, method: Method, predicted: Floats, weights: Floats) -> Floats:
    if method == "ips":
        return np.asarray(weights * log.rewards, dtype=np.float64)
    residual = log.rewards - log.of_taken(predicted)
    return np.asarray((target * predicted).sum(axis=1) + weights * residual, dtype=np.float64)


def _value(log: Log, target: Floats, method: Method, predicted: Floats, rows: Indices) -> float:
    """The estimate on some rows; where SNIPS has no weight there, nothing (NaN)."""
    weights = _weights(log, target)
    if method == "snips":
        total = weights[rows].sum()
        return float((weights * log.rewards)[rows].sum() / total) if total else float("nan")
    return float(_row_terms(log, target, method, predicted, weights)[rows].mean())


def _asymptotic(log: Log, terms: _Terms, level: float) -> Interval:
    """Normal interval; the influences of a group are added before they are squared (Liang and Zeger 1986)."""
    _, totals = _by_group(log, terms.influence)
    groups = len(totals)
    spread = float(np.sqrt((totals @ totals) * (groups / max(groups - 1, 1)))) / len(log)
    reach = NormalDist().inv_cdf(0.5 + level / 2) * spread
    return Interval(terms.value, terms.value - reach, terms.value + reach, level)


def _by_group(log: Log, values: Floats) -> tuple[Indices, Floats]:
    """The group of each row as 0, 1, ... and the sum of `values` in each group."""
    if log.groups is None:
        return np.arange(len(log)), values
    _, place = np.unique(log.groups, return_inverse=True)
    return place, np.asarray(np.bincount(place, weights=values), dtype=np.float64)


def _bootstrap(
    log: Log, value: Callable[[Indices], float], estimate: float, level: float, draws: int, seed: int
) -> Interval:
    """Percentile interval over resampled groups, all rows of a group together."""
    place, sizes = _by_group(log, np.ones(len(log)))
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(sizes).astype(np.int64)
    rows_of = np.split(order, ends[:-1])
    rng = np.random.default_rng(seed)
    found = [
        value(np.concatenate([rows_of[group] for group in rng.integers(0, len(rows_of), len(rows_of))]))
        for _ in range(draws)
    ]
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(estimate, float(low), float(high), level)


def _folds(log: Log, folds: int, seed: int) -> Indices:
    """The fold of each row; rows of one group share theirs."""
    if folds < 2:
        raise ValueError(f"Cross-fitting needs at least two folds, not {folds}.")
    place, sizes = _by_group(log, np.ones(len(log)))
    rng = np.random.default_rng(seed)
    return np.asarray(rng.permutation(len(sizes))[place] % folds, dtype=np.int64)
