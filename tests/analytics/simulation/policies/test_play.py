"""Games are fair: common luck, budgets kept, nothing to those who may not have it, and the oracle cannot regret."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.arm_model import ArmModel
from analytics.simulation.policies.contest import Contest, Terms, policy_named, run_contest
from analytics.simulation.policies.knowledge import arm_prior, fit_effects
from analytics.simulation.policies.panel import WINDOW_MONTHS
from analytics.simulation.policies.play import Decided
from analytics.simulation.policies.players import NAMES, Round, best_plan, planned_costs
from analytics.simulation.policies.run import simulate_policies
from analytics.simulation.policies.tally import tallies
from db.errors import InputError
from tests.analytics.simulation.policies.conftest import SMALL

BUDGET = 150.0
BLIND = [*(name for name in NAMES if name != "oracle"), "chance"]
"""Policies that know only what a round tells them."""


def months(contest: Contest) -> list[Decided]:
    return [month for game in contest.games.values() for month in game.months]


def test_the_oracle_has_no_regret(contest: Contest) -> None:
    assert [month.regret for month in contest.games["oracle"].months] == [0.0] * SMALL.months


def test_nobody_who_keeps_to_the_budget_does_better_than_the_best_plan(contest: Contest) -> None:
    for month in months(contest):
        taken = np.arange(len(month.arms)), month.arms
        if month.options.expected_cost[taken].sum() <= BUDGET:
            # The best plan may be short of the last customer's share of the budget.
            slack = month.options.gain.max()
            assert month.regret >= -slack
    regrets = {name: one.regret.sum() for name, one in tallies(contest).items()}
    assert all(regrets[name] > 0 for name in regrets if name != "oracle")


def test_doing_nothing_is_the_measure(contest: Contest) -> None:
    alone = tallies(contest)["none"]
    assert (alone.profit.sum(), alone.realised, alone.cost.sum(), alone.contacts.sum(), alone.saves.sum()) == (0,) * 5
    for month in contest.games["none"].months:
        assert (month.left == month.left_alone).all()


def test_luck_is_the_same_for_all(contest: Contest) -> None:
    first = [game.months[0] for game in contest.games.values()]
    for month in first:
        assert (month.up.rows == first[0].up.rows).all()
        assert (month.left_alone == first[0].left_alone).all()
        idle = month.arms == 0
        assert (month.left[idle] == month.left_alone[idle]).all()
        helped = month.options.leave[np.arange(len(month.arms)), month.arms] <= month.options.leave[:, 0]
        assert not (month.left & ~month.left_alone)[helped].any()


def test_who_left_is_not_asked_again(contest: Contest) -> None:
    for game in contest.games.values():
        for month, later in zip(game.months, game.months[WINDOW_MONTHS:], strict=False):
            assert not set(month.up.rows[month.left]) & set(later.up.rows)
            assert set(month.up.rows[~month.left]) <= set(later.up.rows)


def test_nobody_gets_what_is_not_allowed(contest: Contest) -> None:
    for month in months(contest):
        assert month.up.allowed[np.arange(len(month.arms)), month.arms].all()
        assert (month.probabilities[~month.up.allowed] == 0).all()
        assert np.allclose(month.probabilities.sum(axis=1), 1, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(BLIND),
    seed=st.integers(0, 1000),
    budget=st.floats(0, 2000),
    share=st.floats(0, 1),
)
def test_policies_keep_to_the_rules_whatever_they_are(
    contest: Contest, name: str, seed: int, budget: float, share: float
) -> None:
    month = contest.games["none"].months[2]
    allowed = month.up.allowed & (np.random.default_rng(seed).random(month.up.allowed.shape) >= share)
    allowed[:, 0] = True
    up = Round(
        month.up.month,
        month.up.rows,
        month.up.contexts,
        month.up.offsets,
        month.up.worth,
        month.up.cost,
        month.up.contact,
        allowed,
        budget,
    )
    policy = policy_named(name, contest.panel, contest.known, seed)
    chosen = policy.decide(up)
    assert allowed[np.arange(len(up.rows)), chosen.arms].all()
    assert np.allclose(chosen.probabilities.sum(axis=1), 1, atol=1e-12)
    assert (chosen.probabilities[~allowed] == 0).all()
    if name in {"risk_ranking", "propensity", "uplift"}:
        costs = planned_costs(up, contest.known.answers)
        assert costs[np.arange(len(up.rows)), chosen.arms].sum() <= budget + 1e-6


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), budget=st.floats(0.1, 60))
def test_the_best_plan_is_within_one_customer_of_the_best_there_is(seed: int, budget: float) -> None:
    rng = np.random.default_rng(seed)
    profits, costs = rng.normal(2, 5, (5, 3)), rng.uniform(0, 15, (5, 3))
    profits[:, 0] = costs[:, 0] = 0
    plan = best_plan(profits, costs, np.ones((5, 3), dtype=bool), budget)
    each = np.arange(5)
    assert costs[each, plan].sum() <= budget
    every = np.stack(np.meshgrid(*[np.arange(3)] * 5), axis=-1).reshape(-1, 5)
    value, spent = profits[each, every].sum(axis=1), costs[each, every].sum(axis=1)
    best = value[spent <= budget].max()
    assert best - profits.max() - 1e-9 <= profits[each, plan].sum() <= best + 1e-9


def test_more_money_does_the_oracle_no_harm(contest: Contest) -> None:
    options = contest.games["none"].months[0].options
    gains = []
    for budget in (0.0, 50.0, 150.0, 500.0, np.inf):
        plan = best_plan(options.gain, options.expected_cost, options.allowed, budget)
        gains.append(options.gain[np.arange(len(plan)), plan].sum())
    assert gains[0] == 0
    assert gains == sorted(gains)


def test_a_customer_is_judged_by_models_that_never_saw_them(contest: Contest) -> None:
    known, trial = contest.known, contest.known.trial
    seen = known.answers.seen(trial.log.contexts)
    prior = ArmModel.prior(len(contest.panel.arms), *arm_prior(contest.panel, seen.shape[2]))
    offsets = np.concatenate([month.up.offsets for month in trial.decided])
    rows = np.concatenate([month.up.rows for month in trial.decided])
    left = np.concatenate([month.left for month in trial.decided])
    folds = known.effects.folds
    own = folds[rows] == 0
    changed = left ^ own
    first, second = (fit_effects(prior, seen, offsets, trial.log.arms, one, rows, folds) for one in (left, changed))
    before, after = (one.of(seen, offsets, rows) for one in (first, second))
    assert (before[own] == after[own]).all()
    assert (before[~own] != after[~own]).any()


def test_the_bandit_learns_and_its_frozen_twin_does_not(contest: Contest) -> None:
    first, last = (contest.games[name].months for name in ("bandit", "frozen_bandit"))
    assert (first[0].arms == last[0].arms).all()
    assert any(one.arms.tobytes() != other.arms.tobytes() for one, other in zip(first[3:], last[3:], strict=True))


def test_same_seed_same_bytes() -> None:
    terms = Terms(customers=300, months=4)
    first, again, other = (json.dumps(simulate_policies(terms, seed=seed, seeds=2).as_json()) for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"customers": 10}, "10 customers"),
        ({"months": 1}, "1 months"),
        ({"budget": -1.0}, "budget of -1"),
        ({"budget": float("nan")}, "budget of nan"),
    ],
)
def test_terms_that_cannot_be_played_are_refused(change: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Terms(**change)  # type: ignore[arg-type]


def test_an_unknown_policy_and_too_few_seeds_are_refused() -> None:
    with pytest.raises(InputError, match="no policy 'luck'"):
        run_contest(1, Terms(customers=300, months=3), ("luck",))
    with pytest.raises(InputError, match="one seed proves nothing"):
        simulate_policies(Terms(), proofs=True)
    with pytest.raises(InputError, match="0 seeds"):
        simulate_policies(Terms(), seeds=0)
