"""Which decisions count as followed, and what the comparison with the holdout says of them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.budget import allocate
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.trace import RATIONED
from analytics.decisions.uplift.programme import EvidenceNeeded, FollowedDecision, followed_decision, programme_effects
from db.vocabulary import Arm, Decision
from tests.analytics.decisions.build import catalogue_of, customer, decided, many

CALL = "code: call, name: Call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"
TIPS = "code: tips, name: Tips, offer_type: education, terms: {scope: a guide}, propensity: 0.5, save_rate: 0.2"
NEED = EvidenceNeeded(customers=50, rarer_outcomes=5, half_width=0.3)


def made(holdout_share: float, **changes: Any) -> Decision:
    policy = DecisionPolicy(holdout_share=holdout_share)
    return decided(customer(**changes), catalogue_of(TIPS, CALL), policy).decision(0)


@pytest.mark.parametrize(("holdout_share", "treated"), [(0.999, False), (0.001, True)])
def test_both_sides_know_what_was_intended(holdout_share: float, treated: bool) -> None:
    found = followed_decision(made(holdout_share), retained=True)
    assert found is not None
    assert found.treated is treated
    assert found.offer_code == "call"
    assert found.treated_probability == pytest.approx(1 - holdout_share)
    assert found.facts["plan"] == "L"


def test_who_got_a_drawn_offer_is_not_compared_by_the_planned_one() -> None:
    frame = pd.concat([customer(customer_id=f"c-{number}") for number in range(60)], ignore_index=True)
    policy = DecisionPolicy(holdout_share=0.3, explore_share=0.5)
    decisions = list(decided(frame, catalogue_of(TIPS, CALL), policy))
    drawn = [bool(one.inputs["exploration"]["drawn"]) for one in decisions]
    found = [followed_decision(one, retained=True) for one in decisions]
    assert 0 < sum(drawn) < 60
    assert [one is None for one in found] == drawn
    assert {one.offer_code for one in found if one} == {"call"}


@pytest.mark.parametrize("changes", [{"consent": "denied"}, {"status": "churned"}])
def test_who_was_never_in_the_draw_is_left_out(changes: dict[str, Any]) -> None:
    assert followed_decision(made(0.001, **changes), retained=True) is None


def test_without_a_holdout_nothing_is_compared() -> None:
    assert followed_decision(made(0.0), retained=True) is None


def test_alike_customers_of_whom_a_limit_served_some_have_nobody_to_be_compared_with() -> None:
    frame = pd.DataFrame([customer().iloc[0].to_dict() | {"customer_id": f"c-{n:03d}"} for n in range(200)])
    policy = DecisionPolicy(holdout_share=0.5, volumes={"call": 30})
    decisions = list(decided(frame, catalogue_of(CALL), policy))
    assert sum(one.offer_code == "call" for one in decisions) == 30
    assert sum(one.blocked_by == "offer_volume" for one in decisions) > 30
    assert [followed_decision(one, retained=True) for one in decisions] == [None] * 200


@pytest.mark.parametrize(
    "limits",
    [{"budget": 100.0}, {"volumes": {"discount-20-3": 12}}, {"budget": 300.0, "volumes": {"discount-20-3": 10}}],
)
def test_under_limits_a_customer_counts_alike_on_whichever_side_chance_puts_them(limits: dict[str, Any]) -> None:
    frame = many(400)
    frame["consent"] = "granted"
    policy = DecisionPolicy(holdout_share=0.3, **limits)
    plan = allocate(decided(frame, policy=policy.unlimited).options(), policy.limits).rationing
    batch = decided(frame, policy=policy, rationing=plan)
    others = decided(frame, policy=DecisionPolicy(holdout_share=0.999, **limits), rationing=plan)
    treated = [
        (one, other) for one, other in zip(batch, others, strict=True) if one.arm is Arm.TREATED is not other.arm
    ]
    counted = [(followed_decision(one, retained=True), one, other) for one, other in treated]
    assert sum(item.removed_by in RATIONED for one, _ in treated for item in one.candidates) > 20
    assert sum(found is not None for found, _, _ in counted) > 5
    for found, one, other in counted:
        mirrored = followed_decision(other, retained=True)
        if found is None:
            assert mirrored is None
        else:
            assert mirrored is not None
            assert found.offer_code == one.offer_code == mirrored.offer_code


def followed(count: int, effect: float, seed: int = 0) -> list[FollowedDecision]:
    rng = np.random.default_rng(seed)
    treated = rng.random(count) < 0.5
    stayed = rng.random(count) < 0.6 + effect * treated
    plans = rng.choice(["M", "L"], count)
    return [
        FollowedDecision(f"c-{n}", "call", bool(treated[n]), 0.5, {"plan": str(plans[n])}, bool(stayed[n]))
        for n in range(count)
    ]


def test_an_effect_that_is_alike_for_all_is_given_to_all() -> None:
    effects = programme_effects(followed(1_200, 0.2), NEED)
    (offer,) = effects.known
    assert offer.effect is not None
    assert offer.effect.low < 0.2 < offer.effect.high
    assert not offer.differs
    estimates = effects.estimates(customer()).of(["c-1"], ["call"])
    assert estimates[0, 0] == pytest.approx(offer.effect.estimate, abs=1e-6)


def test_a_customer_counts_once_with_the_first_decision() -> None:
    rows = followed(300, 0.2)
    again = [FollowedDecision(one.customer_id, "tips", one.treated, 0.5, one.facts, not one.retained) for one in rows]
    once, twice = programme_effects(rows, NEED), programme_effects([*rows, *again], NEED)
    assert twice.followed == 300
    assert twice.as_json() == once.as_json()


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (followed(60, 0.2), "50 are needed"),
        ([FollowedDecision(f"c-{n}", "call", n % 2 == 0, 0.5, {"x": n % 7}, True) for n in range(200)], "left; 5 are"),
    ],
)
def test_thin_data_are_named(rows: list[FollowedDecision], complaint: str) -> None:
    (offer,) = programme_effects(rows, NEED).offers
    assert offer.thin is not None
    assert complaint in offer.thin
    assert offer.effect is None
