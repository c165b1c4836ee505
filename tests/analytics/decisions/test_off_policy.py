"""Off-policy estimates hit what is known of a small world, their intervals cover it, and a switch needs proof."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.off_policy import (
    METHODS,
    Log,
    Method,
    average_effect,
    compare,
    cross_fitted_rewards,
    evaluate,
)


@dataclass(frozen=True)
class SmallWorld:
    """Two kinds of customers, three arms, known mean rewards and logging probabilities by kind."""

    means: np.ndarray
    logging: np.ndarray

    def log(self, n: int, rng: np.random.Generator) -> Log:
        kind = rng.integers(0, 2, n)
        assignment = self.logging[kind]
        arms = (rng.random(n)[:, None] >= np.cumsum(assignment, axis=1)).sum(axis=1)
        rewards = (rng.random(n) < self.means[kind, arms]).astype(float)
        return Log(np.column_stack([np.ones(n), kind.astype(float)]), arms, rewards, assignment)

    def value(self, target: np.ndarray) -> float:
        return float((self.means * target).sum(axis=1).mean())


WORLD = SmallWorld(np.array([[0.2, 0.5, 0.1], [0.3, 0.1, 0.7]]), np.array([[0.6, 0.2, 0.2], [0.5, 0.3, 0.2]]))
TARGET = np.array([[0.1, 0.8, 0.1], [0.0, 0.1, 0.9]])
CHAMPION = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])


def kinds(log: Log) -> np.ndarray:
    return log.contexts[:, 1].astype(int)


@pytest.mark.parametrize("method", METHODS)
def test_estimates_are_unbiased_and_intervals_cover_at_their_rate(method: Method) -> None:
    errors, covered = [], 0
    for seed in range(300):
        log = WORLD.log(500, np.random.default_rng(seed))
        found = evaluate(log, TARGET[kinds(log)], method, level=0.9)
        errors.append(found.value - WORLD.value(TARGET))
        covered += found.interval.low <= WORLD.value(TARGET) <= found.interval.high
    assert abs(np.mean(errors)) < 4 * np.std(errors) / np.sqrt(300)
    assert 0.84 <= covered / 300 <= 0.96


def test_a_good_outcome_model_narrows_the_interval() -> None:
    log = WORLD.log(3000, np.random.default_rng(1))
    width = {m: evaluate(log, TARGET[kinds(log)], m) for m in METHODS}
    spans = {m: one.interval.high - one.interval.low for m, one in width.items()}
    assert spans["dr"] < spans["snips"] < spans["ips"]


@pytest.mark.parametrize("method", METHODS)
def test_the_bootstrap_agrees_with_the_asymptotic_interval(method: Method) -> None:
    log = WORLD.log(2000, np.random.default_rng(2))
    target = TARGET[kinds(log)]
    one, other = evaluate(log, target, method), evaluate(log, target, method, interval="bootstrap", draws=400)
    assert other.value == one.value
    assert other.interval.low == pytest.approx(one.interval.low, abs=0.012)
    assert other.interval.high == pytest.approx(one.interval.high, abs=0.012)
    assert other.as_json()["interval"] == "bootstrap"


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(40, 300))
def test_the_logging_policy_itself_is_worth_what_it_earned(seed: int, n: int) -> None:
    log = WORLD.log(n, np.random.default_rng(seed))
    for method in ("ips", "snips"):
        found = evaluate(log, log.assignment, method)
        assert found.value == pytest.approx(log.rewards.mean())
        assert found.effective_sample_size == pytest.approx(n)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(-100, 100))
def test_a_shift_of_all_rewards_shifts_snips_and_dr_and_a_wrong_model_does_not_bias_dr(seed: int, shift: float) -> None:
    log = WORLD.log(200, np.random.default_rng(seed))
    moved = Log(log.contexts, log.arms, log.rewards + shift, log.assignment)
    target = TARGET[kinds(log)]
    for method in ("snips", "dr"):
        change = evaluate(moved, target, method, seed=1).value - evaluate(log, target, method, seed=1).value
        assert change == pytest.approx(shift, abs=1e-6 * (1 + abs(shift)))


def test_dr_with_no_model_is_ips() -> None:
    log = WORLD.log(400, np.random.default_rng(3))
    target = TARGET[kinds(log)]
    zero = np.zeros(log.assignment.shape)
    assert evaluate(log, target, "dr", predicted=zero).interval == evaluate(log, target, "ips").interval


def test_predictions_come_from_other_groups_only() -> None:
    log = WORLD.log(600, np.random.default_rng(4))
    groups = np.repeat(np.arange(200), 3)
    plain = Log(log.contexts, log.arms, log.rewards, log.assignment, groups)
    changed = log.rewards.copy()
    changed[groups == 7] += 1000.0
    other = Log(log.contexts, log.arms, changed, log.assignment, groups)
    same = cross_fitted_rewards(plain)[groups == 7] == cross_fitted_rewards(other)[groups == 7]
    assert same.all()


def test_repeated_customers_widen_the_interval() -> None:
    log = WORLD.log(500, np.random.default_rng(5))
    twice = Log(*(np.concatenate([part, part]) for part in (log.contexts, log.arms, log.rewards, log.assignment)))
    grouped = Log(twice.contexts, twice.arms, twice.rewards, twice.assignment, np.tile(np.arange(500), 2))
    once = evaluate(log, TARGET[kinds(log)], "ips").interval
    honest = evaluate(grouped, TARGET[kinds(twice)], "ips").interval
    fooled = evaluate(twice, TARGET[kinds(twice)], "ips").interval
    assert (honest.low, honest.high) == pytest.approx((once.low, once.high))
    assert fooled.high - fooled.low < 0.8 * (honest.high - honest.low)
    drawn = evaluate(grouped, TARGET[kinds(twice)], "ips", interval="bootstrap", draws=300).interval
    assert drawn.high - drawn.low == pytest.approx(honest.high - honest.low, rel=0.2)


def test_a_better_challenger_is_switched_to_and_a_worse_one_is_not() -> None:
    log = WORLD.log(4000, np.random.default_rng(6))
    champion, challenger = CHAMPION[kinds(log)], TARGET[kinds(log)]
    found = compare(log, champion, challenger)
    truth = WORLD.value(TARGET) - WORLD.value(CHAMPION)
    assert found.verdict == "switch"
    assert found.difference.low <= truth <= found.difference.high
    assert compare(log, challenger, champion).verdict == "keep"
    assert compare(log, champion, champion).verdict == "undecided"


def test_too_few_decisions_decide_nothing() -> None:
    log = WORLD.log(40, np.random.default_rng(7))
    found = compare(log, CHAMPION[kinds(log)], TARGET[kinds(log)])
    assert not found.challenger.reliable
    assert found.verdict == "undecided"


def test_equal_policies_are_rarely_called_different() -> None:
    flat = SmallWorld(np.full((2, 3), 0.4), WORLD.logging)
    verdicts = []
    for seed in range(200):
        log = flat.log(600, np.random.default_rng(seed))
        verdicts.append(compare(log, CHAMPION[kinds(log)], TARGET[kinds(log)]).verdict)
    assert verdicts.count("switch") <= 12


def test_choices_that_were_never_made_are_told() -> None:
    logging = np.array([[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]])
    log = SmallWorld(WORLD.means, logging).log(500, np.random.default_rng(8))
    found = evaluate(log, TARGET[kinds(log)])
    assert found.unsupported == pytest.approx(TARGET[kinds(log)][:, 2].mean())
    assert not found.reliable


def test_the_average_effect_of_an_arm() -> None:
    log = WORLD.log(20_000, np.random.default_rng(9))
    found = average_effect(log, 2)
    truth = float((WORLD.means[:, 2] - WORLD.means[:, 0]).mean())
    assert found.low <= truth <= found.high
    assert found.high - found.low < 0.06


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"assignment": np.zeros((3, 2))}, "assignment probability 0"),
        ({"arms": np.zeros(2, dtype=int)}, "do not belong"),
        ({"groups": np.zeros(2, dtype=int)}, "one group per decision"),
    ],
)
def test_a_log_that_contradicts_itself_is_refused(change: dict[str, np.ndarray], words: str) -> None:
    good = {
        "contexts": np.ones((3, 1)),
        "arms": np.zeros(3, dtype=int),
        "rewards": np.ones(3),
        "assignment": np.full((3, 2), 0.5),
    }
    with pytest.raises(ValueError, match=words):
        Log(**(good | change))


@pytest.mark.parametrize(
    "target", [np.full((400, 3), 0.5), np.full((400, 2), 0.5), np.tile([1.5, -0.5, 0.0], (400, 1))]
)
def test_a_target_that_is_no_policy_is_refused(target: np.ndarray) -> None:
    log = WORLD.log(400, np.random.default_rng(10))
    with pytest.raises(ValueError, match="target"):
        evaluate(log, target)
