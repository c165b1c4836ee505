"""Which decisions count as followed, and what the comparison with the holdout says of them."""

from typing import Any

import numpy as np
import pytest

from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.uplift.programme import EvidenceNeeded, FollowedDecision, followed_decision, programme_effects
from db.vocabulary import Json
from tests.analytics.decisions.build import catalogue_of, customer, decided

CALL = "code: call, name: Call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"
TIPS = "code: tips, name: Tips, offer_type: education, terms: {scope: a guide}, propensity: 0.5, save_rate: 0.2"
NEED = EvidenceNeeded(customers=50, rarer_outcomes=5, half_width=0.3)


def document(holdout_share: float, **changes: Any) -> Json:
    policy = DecisionPolicy(holdout_share=holdout_share)
    return decided(customer(**changes), catalogue_of(TIPS, CALL), policy).decision(0).as_json()


@pytest.mark.parametrize(("holdout_share", "treated"), [(0.999, False), (0.001, True)])
def test_both_sides_know_what_was_intended(holdout_share: float, treated: bool) -> None:
    found = followed_decision("c-1", document(holdout_share), retained=True)
    assert found is not None
    assert found.treated is treated
    assert found.offer_code == "call"
    assert found.treated_probability == pytest.approx(1 - holdout_share)
    assert found.facts["plan"] == "L"


@pytest.mark.parametrize("changes", [{"consent": "denied"}, {"status": "churned"}])
def test_who_was_never_in_the_draw_is_left_out(changes: dict[str, Any]) -> None:
    assert followed_decision("c-1", document(0.001, **changes), retained=True) is None


def test_without_a_holdout_nothing_is_compared() -> None:
    assert followed_decision("c-1", document(0.0), retained=True) is None


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
