"""Plans under a budget keep to it, are as good as the programme allows, and do not depend on the order of customers."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.budget import Allocation, Limits, Options, allocate
from analytics.decisions.next_best import DecisionBatch
from analytics.decisions.offers import default_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.replay import decision_bytes, replay
from analytics.decisions.trace import explain, intended_offer
from db.errors import InputError
from db.vocabulary import OfferType
from tests.analytics.decisions.build import customer, decided, many

CODES = ("a", "b", "c")
WORTH = st.one_of(st.just(-np.inf), st.integers(-3, 12).map(float), st.floats(0.5, 20.0))
SPEND = st.one_of(st.integers(0, 6).map(float), st.floats(0.0, 8.0))


def options(worth: Any, spend: Any, free: Any = None, ids: list[str] | None = None) -> Options:
    value = np.array(worth, dtype=np.float64)
    names = ids or [f"c{row:04d}" for row in range(len(value))]
    allowed = np.ones(len(value), dtype=bool) if free is None else np.array(free, dtype=bool)
    return Options(names, CODES[: value.shape[1]], value, np.array(spend, dtype=np.float64), allowed)


def crowd(count: int, seed: int = 0) -> Options:
    rng = np.random.default_rng(seed)
    worth = np.where(rng.random((count, 3)) < 0.2, -np.inf, np.round(rng.gamma(1.0, 10.0, (count, 3)) - 4, 6))
    return options(worth, np.round(rng.gamma(2.0, 4.0, (count, 3)), 4), rng.random(count) > 0.1)


def figures(found: Options, plan: Allocation) -> tuple[float, float, dict[str, int]]:
    row = {name: index for index, name in enumerate(found.customer_ids)}
    pairs = [(row[name], found.codes.index(code)) for name, code in plan.rationing.assigned.items()]
    made = [found.codes[index] for _, index in pairs]
    assert all(found.free[who] and found.worth[who, what] > 0 for who, what in pairs)
    return (
        float(sum(found.worth[who, what] for who, what in pairs)),
        float(sum(found.spend[who, what] for who, what in pairs)),
        {code: made.count(code) for code in found.codes},
    )


def best_of_all(found: Options, limits: Limits) -> float:
    """The best whole plan, by trying every one."""
    best = 0.0
    for choice in itertools.product(range(-1, len(found.codes)), repeat=len(found.customer_ids)):
        pairs = [(who, what) for who, what in enumerate(choice) if what >= 0]
        if any(not found.free[who] or not found.worth[who, what] > 0 for who, what in pairs):
            continue
        volumes = {code: sum(what == index for _, what in pairs) for index, code in enumerate(found.codes)}
        spent = sum(found.spend[pair] for pair in pairs)
        if limits.budget is not None and spent > limits.budget + 1e-9:
            continue
        if all(volumes[code] <= volume for code, volume in limits.volumes.items()):
            best = max(best, float(sum(found.worth[pair] for pair in pairs)))
    return best


SMALL = st.integers(1, 5).flatmap(
    lambda count: st.tuples(
        st.lists(st.lists(WORTH, min_size=2, max_size=2), min_size=count, max_size=count),
        st.lists(st.lists(SPEND, min_size=2, max_size=2), min_size=count, max_size=count),
        st.lists(st.booleans(), min_size=count, max_size=count),
    )
)
LIMITS = st.builds(
    Limits,
    st.one_of(st.none(), st.floats(0.0, 25.0)),
    st.dictionaries(st.sampled_from(CODES[:2]), st.integers(0, 4), max_size=2),
)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(SMALL, LIMITS)
def test_a_plan_keeps_to_its_limits_and_the_programme_bounds_every_plan(parts: Any, limits: Limits) -> None:
    found = options(*parts)
    plan = allocate(found, limits)
    profit, spent, volumes = figures(found, plan)
    assert (plan.profit, plan.spent) == pytest.approx((profit, spent))
    assert limits.budget is None or spent <= limits.budget + 1e-6
    assert all(volumes[code] <= volume for code, volume in limits.volumes.items())
    best = best_of_all(found, limits)
    assert profit <= best + 1e-6
    assert best <= plan.bound + 1e-6
    # At most one customer is split for each limit, and no split customer is worth more than the dearest option.
    known = found.worth[np.isfinite(found.worth)]
    dearest = max(known.max(initial=0.0), 0.0)
    assert plan.bound - profit <= (len(limits.volumes) + 1) * dearest + 1e-6


@settings(max_examples=40, derandomize=True, deadline=None)
@given(SMALL, st.floats(0.0, 20.0), st.floats(0.1, 5.0))
def test_the_price_is_what_more_budget_brings_at_most_and_less_costs_at_least(
    parts: Any, budget: float, more: float
) -> None:
    found = options(*parts)
    here = allocate(found, Limits(budget))
    price = here.rationing.prices.budget
    assert allocate(found, Limits(budget + more)).bound - here.bound <= price * more + 1e-5
    less = min(more, budget)
    assert here.bound - allocate(found, Limits(budget - less)).bound >= price * less - 1e-5


@pytest.mark.parametrize("count", [300, 9_000])
def test_the_order_of_customers_does_not_matter(count: int) -> None:
    found = crowd(count)
    limits = Limits(count * 0.8, {"a": count // 40, "b": count // 10})
    order = np.random.default_rng(1).permutation(count)
    mixed = options(
        found.worth[order], found.spend[order], found.free[order], [found.customer_ids[row] for row in order]
    )
    plan, again = allocate(found, limits), allocate(mixed, limits)
    assert dict(plan.rationing.assigned) == dict(again.rationing.assigned)
    assert plan.rationing.prices == again.rationing.prices
    profit, spent, volumes = figures(found, plan)
    assert spent <= count * 0.8
    assert all(volumes[code] <= volume for code, volume in limits.volumes.items())
    assert 0 <= plan.bound - profit < 20


def test_letting_only_the_doubtful_into_the_programme_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found, limits = crowd(6_000, seed=4), Limits(3_000.0, {"b": 200})
    small = allocate(found, limits)
    monkeypatch.setattr("analytics.decisions.budget._FIRST_CONTESTED", 6_000)
    whole = allocate(found, limits)
    assert small.bound == pytest.approx(whole.bound, rel=1e-9)
    assert small.rationing.prices.budget == pytest.approx(whole.rationing.prices.budget, abs=1e-5)


def test_of_customers_who_are_alike_the_first_ids_are_served() -> None:
    found = options([[5.0, 4.0]] * 50, [[2.0, 1.0]] * 50)
    plan = allocate(found, Limits(60.0, {"b": 20}))
    # 20 cheap ones for 20, and 20 dear ones for the other 40.
    assert [plan.rationing.assigned.get(name) for name in found.customer_ids] == ["a"] * 20 + ["b"] * 20 + [None] * 10
    assert plan.profit == pytest.approx(plan.bound) == 180


def test_without_binding_limits_everyone_gets_what_is_worth_most() -> None:
    found = options([[5.0, 7.0], [-1.0, -np.inf], [3.0, 2.0]], np.ones((3, 2)))
    plan = allocate(found, Limits(3.0, {"a": 1}))
    assert plan.rationing.assigned == {"c0000": "b", "c0002": "a"}
    assert plan.rationing.prices.as_json() == {}
    assert (plan.profit, plan.bound, plan.free_profit) == (10.0, 10.0, 10.0)


def test_a_budget_of_nothing_buys_only_what_costs_nothing() -> None:
    plan = allocate(options([[5.0, 1.0], [5.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]), Limits(0.0))
    assert plan.rationing.assigned == {"c0000": "b"}
    assert plan.spent == 0.0


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (lambda: Limits(-1.0), "budget is -1.0"),
        (lambda: Limits(float("inf")), "budget is inf"),
        (lambda: Limits(None, {"a": -2}), "limit of a is -2"),
    ],
)
def test_limits_that_cannot_be_are_refused(limits: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        limits()


def test_a_limit_on_an_offer_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no offer 'z' to limit"):
        allocate(crowd(3), Limits(None, {"z": 1}))


def test_nobody_and_nothing_to_offer_is_a_plan() -> None:
    empty = Options([], [], np.zeros((0, 0)), np.zeros((0, 0)), np.zeros(0, dtype=bool))
    assert allocate(empty, Limits(5.0)).profit == 0.0


CROWD = many(400, seed=2).assign(currency="EUR")


def rationed(budget: float | None = None, holdout_share: float = 0.0, **volumes: int) -> DecisionBatch:
    policy = DecisionPolicy(holdout_share=holdout_share, budget=budget, volumes=volumes)
    return decided(CROWD, policy=policy)


def test_decisions_under_a_budget_cost_no_more_and_say_who_went_without() -> None:
    unlimited = decided(CROWD).table()
    table = rationed(40.0).table()
    assert unlimited["spend"].sum() > 80
    assert 30 < table["spend"].sum() <= 40
    left_out = table[(table["offer_code"] == "none") & (unlimited["offer_code"] != "none")]
    assert len(left_out) > 10
    assert set(left_out["blocked_by"]) == {"budget"}
    assert table["priority"].sum() < unlimited["priority"].sum()


@pytest.mark.parametrize(("budget", "volumes"), [(40.0, {}), (None, {"checkup-call": 3}), (25.0, {"checkup-call": 1})])
def test_every_decision_of_a_rationed_batch_replays_to_the_same_bytes(
    budget: float | None, volumes: dict[str, int]
) -> None:
    codes = [offer.code for offer in default_catalogue().proposals]
    limited = {codes[0]: volumes["checkup-call"]} if volumes else {}
    policy = DecisionPolicy(holdout_share=0.2, budget=budget, volumes=limited)
    some = CROWD.head(120)
    apart = decided(some, policy=policy, embed_rules=False)
    for own, shared in zip(decided(some, policy=policy), apart, strict=True):
        assert decision_bytes(replay(own.as_json())) == decision_bytes(own)
        assert decision_bytes(replay(shared.as_json(), apart.rules)) == decision_bytes(shared)


def test_a_plan_over_more_customers_is_kept_by_each_batch() -> None:
    policy = DecisionPolicy(holdout_share=0.1, budget=40.0)
    whole = decided(CROWD, policy=policy)
    plan = allocate(decided(CROWD, policy=policy.unlimited).options(), policy.limits).rationing
    parts = [decided(CROWD.iloc[start : start + 100], policy=policy, rationing=plan) for start in range(0, 400, 100)]
    assert [item.as_json() for part in parts for item in part] == [item.as_json() for item in whole]


def test_the_held_out_would_get_what_the_prices_allow_and_no_more() -> None:
    tight, loose = rationed(10.0, holdout_share=0.5), rationed(None, holdout_share=0.5)
    held = [row for row, one in enumerate(loose) if one.blocked_by == "holdout" and intended_offer(one)]
    still = [row for row in held if intended_offer(tight.decision(row)) is not None]
    assert 0 < len(still) < len(held)
    assert all(tight.decision(row).blocked_by == "holdout" for row in held)
    assert all(tight.decision(row).terms.offer_type is OfferType.NONE for row in held)


def test_a_customer_whom_the_budget_does_not_reach_can_be_told_why() -> None:
    batch = decided(customer(), policy=DecisionPolicy(holdout_share=0.0, budget=0.05))
    decision = batch.decision(0)
    assert decision.blocked_by == "budget"
    assert intended_offer(decision) is None
    told = " ".join(explain(decision))
    assert "budget is worth more with other customers" in told
    assert "(rule budget)" in told


def test_a_stored_offer_that_is_no_longer_open_is_not_made_on_replay() -> None:
    batch = decided(customer(), policy=DecisionPolicy(holdout_share=0.0, budget=500.0))
    document = batch.decision(0).as_json()
    assert document["offer_code"] != "none"
    document["inputs"]["customer"]["consent"] = "denied"
    again = replay(document)
    assert (again.offer_code, again.blocked_by) == ("none", "no_consent")
