"""The bandit's probabilities are probabilities, its limits are kept, what is excluded gets nothing, and it learns."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.arm_model import ArmModel, ArmScales
from analytics.decisions.bandit import (
    CONTROL,
    NOTHING,
    Arm,
    ContextualBandit,
    Limits,
    Situation,
    arms_of,
    within_limits,
)
from analytics.decisions.bayesian_logistic import LogisticPosterior, log_odds, sigmoid
from db.errors import SettingsError

ARMS = arms_of(["discount", "pause"], ["warm", "brief"])
WIDE = ArmScales.of(*np.ones((3, 3)))


def situation(n: int, seed: int, *, arms: int = len(ARMS), excluded: float = 0.3) -> Situation:
    rng = np.random.default_rng(seed)
    allowed = rng.random((n, arms)) >= excluded
    allowed[:, CONTROL] = True
    costs = rng.uniform(0, 40, (n, arms))
    costs[:, CONTROL] = 0
    contexts = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    return Situation(contexts, rng.normal(-2, 1, n), rng.uniform(50, 500, n), costs, allowed)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    minimum=st.floats(0, 0.1),
    maximum=st.floats(0.3, 1),
    control=st.floats(0, 0.5),
    budget=st.none() | st.floats(0, 5000),
)
def test_probabilities_sum_to_one_and_keep_every_limit(
    seed: int, minimum: float, maximum: float, control: float, budget: float | None
) -> None:
    round_of = situation(13, seed)
    bandit = ContextualBandit(ARMS, WIDE, limits=Limits(minimum, maximum, control), draws=17, seed=seed)
    found = bandit.choose(round_of, 4, budget=budget)
    p = found.probabilities
    assert np.allclose(p.sum(axis=1), 1, atol=1e-12)
    assert (p[:, CONTROL] >= max(control, minimum) - 1e-9).all()
    offered = round_of.allowed.copy()
    offered[:, CONTROL] = False
    assert (p[offered] >= minimum - 1e-9).all()
    assert (p[offered] <= maximum + 1e-9).all()
    assert (p[~round_of.allowed] == 0).all()
    assert round_of.allowed[np.arange(13), found.arms].all()
    assert (found.assignment_probability > 0).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.floats(0, 0.15), st.floats(0.6, 1))
def test_the_projection_is_the_nearest_point_within_the_limits(raw: list[float], least: float, most: float) -> None:
    shares = np.array([raw]) / max(sum(raw), 1e-9)
    lower, upper = np.full_like(shares, least), np.full_like(shares, most)
    found = within_limits(shares, lower, upper)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert ((found >= lower - 1e-9) & (found <= upper + 1e-9)).all()
    rng = np.random.default_rng(len(raw))
    for other in rng.dirichlet(np.ones(len(raw)), 50):
        if ((other >= least) & (other <= most)).all():
            assert ((found - shares) ** 2).sum() <= ((other - shares) ** 2).sum() + 1e-9


def test_shares_within_the_limits_are_left_alone() -> None:
    shares = np.array([[0.5, 0.3, 0.2]])
    assert within_limits(shares, np.full((1, 3), 0.1), np.full((1, 3), 0.9)) == pytest.approx(shares, abs=1e-12)


def test_the_choice_follows_the_logged_probabilities() -> None:
    one = situation(1, 3, excluded=0.0)
    many = Situation(
        np.repeat(one.contexts, 20_000, axis=0),
        np.repeat(one.offsets, 20_000),
        np.repeat(one.worth, 20_000),
        np.repeat(one.costs, 20_000, axis=0),
        np.repeat(one.allowed, 20_000, axis=0),
    )
    found = ContextualBandit(ARMS, WIDE, draws=40).choose(many, 0)
    shares = np.bincount(found.arms, minlength=len(ARMS)) / 20_000
    expected = found.probabilities[0]
    assert (found.probabilities == expected).all()
    assert (np.abs(shares - expected) <= 4 * np.sqrt(expected * (1 - expected) / 20_000) + 1e-12).all()


def test_a_budget_is_kept_and_more_money_is_not_spent_worse() -> None:
    round_of = situation(200, 8)
    bandit = ContextualBandit(ARMS, WIDE, limits=Limits(0.0, 0.9, 0.0), draws=50)
    spent = [
        float((bandit.probabilities(round_of, 1, budget=budget) * round_of.costs).sum()) for budget in (50, 300, 1000)
    ]
    assert spent[0] <= 50
    assert spent[1] <= 300
    assert spent[2] <= 1000
    assert spent == sorted(spent)
    assert spent[1] > 200


def test_same_seed_same_bytes_and_another_round_another_draw() -> None:
    round_of = situation(50, 2)
    first, again = (ContextualBandit(ARMS, WIDE, draws=30, seed=9) for _ in range(2))
    assert first.choose(round_of, 5).probabilities.tobytes() == again.choose(round_of, 5).probabilities.tobytes()
    assert first.choose(round_of, 5).arms.tobytes() == again.choose(round_of, 5).arms.tobytes()
    assert first.choose(round_of, 5).arms.tobytes() != first.choose(round_of, 6).arms.tobytes()


def test_it_learns_which_arm_keeps_whom() -> None:
    rng = np.random.default_rng(0)
    bandit = ContextualBandit(arms_of(["discount", "pause"]), ArmScales.of(*np.ones((3, 2))), draws=200)
    shift = np.array([[0.0, 0.0], [0.0, -2.0], [0.0, 2.0]])  # a discount keeps x > 0, a pause x < 0
    for _ in range(20):
        x = np.column_stack([np.ones(300), rng.choice([-1.0, 1.0], 300)])
        arm = rng.integers(0, 3, 300)
        bandit.learn(x, arm, rng.random(300) < sigmoid(-1 + (x * shift[arm]).sum(axis=1)), -1.0)
    x = np.array([[1.0, 1.0], [1.0, -1.0]])
    allowed = np.ones((2, 3), dtype=bool)
    p = bandit.probabilities(Situation(x, np.full(2, -1.0), np.full(2, 100.0), np.zeros((2, 3)), allowed), 0)
    assert p[0].argmax() == 1
    assert p[1].argmax() == 2
    assert p[0, 1] > 0.8


def test_a_bandit_survives_being_stored() -> None:
    bandit = ContextualBandit(ARMS, WIDE, limits=Limits(0.02, 0.8, 0.2), draws=25, exploration=0.4, seed=3)
    rng = np.random.default_rng(1)
    bandit.learn(rng.normal(size=(80, 3)), rng.integers(0, len(ARMS), 80), rng.random(80) < 0.3, -1.0)
    read = ContextualBandit.from_json(json.loads(json.dumps(bandit.as_json())))
    round_of = situation(20, 4)
    assert read.probabilities(round_of, 7).tobytes() == bandit.probabilities(round_of, 7).tobytes()


def test_less_exploration_follows_what_looks_best_more_often() -> None:
    round_of = situation(200, 6)
    free = Limits(0.0, 1.0, 0.0)
    greatest = [
        ContextualBandit(ARMS, WIDE, limits=free, draws=60, exploration=exploration, seed=2)
        .probabilities(round_of, 0)
        .max(axis=1)
        for exploration in (1.0, 0.3, 0.0)
    ]
    assert greatest[0].mean() < greatest[1].mean() < greatest[2].mean()
    assert (greatest[2] == 1.0).all()
    with pytest.raises(SettingsError, match="0 or more"):
        ContextualBandit(ARMS, WIDE, exploration=-0.1)


def test_arms_are_offers_in_tones() -> None:
    assert [arm.name for arm in ARMS] == ["none", "discount/warm", "discount/brief", "pause/warm", "pause/brief"]
    assert arms_of(["none", "pause"]) == (NOTHING, Arm("pause"))


@pytest.mark.parametrize("limits", [(0.3, 0.2, 0.1), (-0.1, 0.9, 0.1), (0.1, 1.1, 0.1), (0.1, 0.9, 1.5)])
def test_limits_that_are_none_are_refused(limits: tuple[float, float, float]) -> None:
    with pytest.raises(SettingsError, match="limits of exploration"):
        Limits(*limits)


def test_minima_that_leave_nothing_to_the_control_are_refused() -> None:
    bandit = ContextualBandit(ARMS, WIDE, limits=Limits(0.2, 0.9, 0.5))
    with pytest.raises(SettingsError, match=r"leave no 0\.5 to the control"):
        bandit.choose(situation(5, 1, excluded=0.0), 0)


def test_doing_nothing_cannot_be_excluded() -> None:
    good = situation(5, 1)
    allowed = good.allowed.copy()
    allowed[2, CONTROL] = False
    with pytest.raises(ValueError, match="Doing nothing must be allowed"):
        Situation(good.contexts, good.offsets, good.worth, good.costs, allowed)


def test_the_posterior_finds_the_weights_and_says_how_sure_it_is() -> None:
    rng = np.random.default_rng(5)
    truth = np.array([-0.5, 1.0, 0.0])
    x = np.column_stack([np.ones(20_000), rng.normal(size=(20_000, 2))])
    offsets = rng.normal(-1, 0.5, 20_000)
    found = LogisticPosterior.prior(np.full(3, 5.0)).updated(
        x, rng.random(20_000) < sigmoid(offsets + x @ truth), offsets
    )
    deviation = np.sqrt(np.diag(np.linalg.inv(found.precision)))
    assert (np.abs(found.mean - truth) < 4 * deviation).all()
    assert deviation.max() < 0.05
    draws = found.sample(4000, rng)
    assert draws.std(axis=0) == pytest.approx(deviation, rel=0.1)


def test_learning_in_batches_comes_to_nearly_the_same() -> None:
    rng = np.random.default_rng(6)
    x = np.column_stack([np.ones(4000), rng.normal(size=4000)])
    y = rng.random(4000) < sigmoid(x @ np.array([-1.0, 0.7]))
    at_once = LogisticPosterior.prior([1.0, 1.0]).updated(x, y)
    in_parts = LogisticPosterior.prior([1.0, 1.0])
    for rows in np.split(np.arange(4000), 20):
        in_parts = in_parts.updated(x[rows], y[rows])
    deviation = np.sqrt(np.diag(np.linalg.inv(at_once.precision)))
    assert (np.abs(in_parts.mean - at_once.mean) < 0.5 * deviation).all()


@given(st.floats(-30, 30))
def test_log_odds_undo_the_sigmoid(score: float) -> None:
    assert log_odds(sigmoid(score), least=1e-15) == pytest.approx(score, abs=0.2 if abs(score) > 20 else 1e-6)


def test_an_arm_without_data_is_judged_by_the_others() -> None:
    rng = np.random.default_rng(7)
    x, arm = np.ones((6000, 1)), rng.integers(0, 3, 6000)
    left = rng.random(6000) < sigmoid(-1.0 - 0.8 * (arm > 0))
    pooled = ArmModel.prior(4, ArmScales.of([0.5], [1.0], [0.2])).updated(x, arm, left, -1.0)
    apart = ArmModel.prior(4, ArmScales.of([0.5], [1e-3], [1.0])).updated(x, arm, left, -1.0)
    unseen = [one.leaves(np.ones((1, 1)), -1.0)[0, 3] for one in (pooled, apart)]
    assert unseen[0] == pytest.approx(sigmoid(-1.8), abs=0.03)
    assert unseen[1] == pytest.approx(sigmoid(-1.0), abs=0.03)


def test_an_error_of_the_forecast_cancels_out_of_the_effects() -> None:
    rng = np.random.default_rng(8)
    x, arm = np.ones((20_000, 1)), rng.integers(0, 2, 20_000)
    left = rng.random(20_000) < sigmoid(-1.0 - 0.5 * arm)
    model = ArmModel.prior(2, ArmScales.of([1.0], [1.0], [1.0])).updated(x, arm, left, -2.0)
    stay, go = model.leaves(np.ones((1, 1)), -2.0)[0]
    assert stay - go == pytest.approx(sigmoid(-1.0) - sigmoid(-1.5), abs=0.025)


def test_an_arm_can_be_seen_with_contexts_of_its_own() -> None:
    rng = np.random.default_rng(9)
    model = ArmModel.prior(3, ArmScales.of(*np.ones((3, 2))))
    x = rng.normal(size=(30, 2))
    arm, left = rng.integers(0, 3, 30), rng.random(30) < 0.4
    same = np.repeat(x[:, None], 3, axis=1)
    one, other = model.updated(x, arm, left), model.updated(same, arm, left)
    assert other.leaves(same, 0.0) == pytest.approx(one.leaves(x, 0.0), abs=1e-12)
    mean = one.sampled_leaves(x, 0.0, 3000, rng).mean(axis=1).T
    assert np.abs(mean - one.leaves(x, 0.0)).max() < 0.15
