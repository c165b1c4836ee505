"""Arbitration chooses, keeps every candidate, and never offers to those who must be left alone."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.effects import EffectEstimates
from analytics.decisions.offers import default_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.replay import decision_bytes, replay
from db.errors import InputError
from db.vocabulary import Arm, Decision, OfferType
from tests.analytics.decisions.build import catalogue_of, customer, decided, many

CALL = (
    "code: call, name: Call, offer_type: contact, terms: {who: a person}, "
    "propensity: 0.5, save_rate: 0.5, contact_cost: 5"
)
TIPS = (
    "code: tips, name: Tips, offer_type: education, terms: {scope: a guide}, "
    "propensity: 0.5, save_rate: 0.2, contact_cost: 1"
)
CUT = "code: cut, name: Cut, offer_type: discount, terms: {value: 25, unit: percent, duration_months: 4}"


def one(frame: pd.DataFrame, **options: Any) -> Decision:
    return decided(frame, **options).decision(0)


def test_priority_is_propensity_times_context_times_value_times_lever_minus_costs() -> None:
    catalogue = catalogue_of(
        CUT + ", propensity: 0.4, save_rate: 0.3, topic_weights: {price: 1.5}, lever: 1.1, contact_cost: 2"
    )
    decision = one(customer(), catalogue=catalogue)
    chosen = decision.candidates[1]
    # 40.00 a month, 25 % off for four months: 40 forgone if accepted; 0.5 x 400 at stake.
    assert chosen.priority == pytest.approx(0.4 * 1.5 * (0.5 * 400 * 0.3) * 1.1 - 0.4 * 40 - 2)
    assert chosen.parts["offer_cost"] == 40.0
    assert decision.offer_code == "cut"


@pytest.mark.parametrize(
    ("changes", "value", "source"),
    [
        ({}, 200.0, "residual_value"),
        ({"residual_value": 90.0}, 0.5 * 0.6 * 40 * 12, "margin"),
        ({"residual_value": None}, 0.5 * 0.6 * 40 * 12, "margin"),
        ({"monthly_revenue": None}, 200.0, "residual_value"),
        ({"monthly_revenue": None, "residual_value": None}, 60.0, "revenue_at_risk"),
        ({"monthly_revenue": None, "residual_value": None, "revenue_at_risk": None}, 50.0, "assumed"),
        ({"residual_value": -5.0, "monthly_revenue": None}, 0.0, "residual_value"),
    ],
)
def test_what_is_at_stake_comes_from_the_best_figure_there_is(
    changes: dict[str, Any], value: float, source: str
) -> None:
    line = decided(customer(**changes)).table().iloc[0]
    assert (line["value_at_stake"], line["value_source"]) == (pytest.approx(value), source)


def test_the_offer_worth_most_wins_and_the_losers_keep_their_priorities() -> None:
    decision = one(customer(), catalogue=catalogue_of(TIPS, CALL))
    assert decision.offer_code == "call"
    assert {item.offer_code: item.priority for item in decision.candidates} == {"none": 0.0, "tips": 19.0, "call": 45.0}


def test_doing_nothing_wins_when_nothing_is_worth_its_cost() -> None:
    decision = one(customer(churn_probability=0.001), catalogue=catalogue_of(TIPS, CALL))
    assert decision.offer_code == "none"
    assert decision.blocked_by is None
    assert all((item.priority or 0) <= 0 for item in decision.candidates)


def test_of_equals_the_first_in_the_catalogue_wins() -> None:
    twin = CALL.replace("code: call", "code: twin")
    assert one(customer(), catalogue=catalogue_of(twin, CALL)).offer_code == "twin"
    assert one(customer(), catalogue=catalogue_of(CALL, twin)).offer_code == "call"


def test_decisions_do_not_depend_on_the_order_of_the_rows() -> None:
    crowd = many(120)
    shuffled = crowd.sample(frac=1, random_state=3)
    policy = DecisionPolicy(holdout_share=0.2)
    there = {item.customer_id: decision_bytes(item) for item in decided(crowd, policy=policy)}
    assert there == {item.customer_id: decision_bytes(item) for item in decided(shuffled, policy=policy)}


@pytest.mark.parametrize("embed_rules", [True, False])
def test_a_stored_decision_replays_byte_for_byte(embed_rules: bool) -> None:
    crowd = many(80, seed=4)
    contacts = pd.DataFrame(
        {
            "customer_id": crowd["customer_id"][:30],
            "channel": "email",
            "sent_at": pd.Timestamp("2026-10-05 10:00", tz="UTC"),
            "offer_code": "discount-20-3",
            "offer_type": "discount",
        }
    )
    batch = decided(crowd, policy=DecisionPolicy(holdout_share=0.2), contacts=contacts, embed_rules=embed_rules)
    for decision in batch:
        stored = json.loads(json.dumps(decision.as_json()))
        assert decision_bytes(replay(stored, batch.rules)) == decision_bytes(decision)


def test_a_replay_under_other_rules_is_refused() -> None:
    batch = decided(customer(), embed_rules=False)
    other = decided(customer(), policy=DecisionPolicy(margin_rate=0.5), embed_rules=False)
    with pytest.raises(InputError, match="not those this decision was made under"):
        replay(batch.decision(0).as_json(), other.rules)


def test_an_unscored_customer_is_offered_nothing() -> None:
    assert one(customer(churn_probability=np.nan, revenue_at_risk=np.nan)).blocked_by == "not_scored"


def test_a_measured_effect_replaces_the_propensity_and_is_named() -> None:
    effects = EffectEstimates(pd.DataFrame({"tips": [0.2]}, index=["c-1"]), source="test")
    decision = one(customer(), catalogue=catalogue_of(TIPS, CALL), effects=effects)
    assert (decision.offer_code, decision.method) == ("tips", "uplift")
    assert decision.candidates[1].priority == pytest.approx(0.2 * 400 - 1)
    assert decision_bytes(replay(decision.as_json())) == decision_bytes(decision)


def test_a_held_out_customer_is_offered_nothing_but_keeps_what_it_would_have_been() -> None:
    decisions = list(decided(many(400), policy=DecisionPolicy(holdout_share=0.3)))
    held = [item for item in decisions if item.arm is Arm.HOLDOUT]
    assert 80 < len(held) < 160
    assert all(item.terms.offer_type is OfferType.NONE and item.blocked_by for item in held)
    assert any(
        candidate.removed_by == "holdout" and candidate.priority for item in held for candidate in item.candidates
    )


def test_the_table_says_the_same_as_the_decisions() -> None:
    batch = decided(many(200), policy=DecisionPolicy(holdout_share=0.2))
    table = batch.table()
    decisions = list(batch)
    assert table["customer_id"].tolist() == [decision.customer_id for decision in decisions]
    assert table["offer_code"].tolist() == [decision.offer_code for decision in decisions]
    assert table["blocked_by"].fillna("").tolist() == [decision.blocked_by or "" for decision in decisions]


def test_every_decision_names_every_offer_with_a_priority_or_the_rule_that_removed_it() -> None:
    codes = [offer.code for offer in default_catalogue().offers]
    for decision in decided(many(200)):
        assert [item.offer_code for item in decision.candidates] == codes
        for item in decision.candidates:
            assert (item.priority is not None) or (item.removed_by and item.explanation)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.concat([customer(), customer()]), "customer_id of its own"),
        (customer(customer_id=None), "customer_id of its own"),
        (customer().drop(columns="customer_id"), "'customer_id' is missing"),
        (pd.concat([customer(), customer()[["plan"]]], axis=1), "'plan' occurs twice"),
        (customer(churn_probability=1.2), "1.2 is no probability"),
        (customer(churn_probability="0.5"), "'0.5' is no probability"),
    ],
)
def test_customers_that_cannot_be_decided_about_are_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decided(frame)


@pytest.mark.parametrize(
    "changes",
    [
        {"monthly_revenue": float("inf")},
        {"monthly_revenue": -4.0},
        {"monthly_revenue": 1e300, "residual_value": 1e300},
        {"billing_period": "fortnight"},
        {"timezone": "../../etc/passwd"},
        {"customer_id": "=cmd()|'{x}'"},
        {"topic": "", "mood": "furious", "plan": "S\u202eM"},
    ],
    ids=str,
)
def test_odd_facts_are_decided_about_and_replayed_all_the_same(changes: dict[str, Any]) -> None:
    decision = one(customer(**changes))
    assert decision_bytes(replay(json.loads(json.dumps(decision.as_json())))) == decision_bytes(decision)


def test_a_customer_of_whom_nothing_is_known_is_offered_nothing() -> None:
    assert one(pd.DataFrame({"customer_id": [7]})).blocked_by == "not_scored"


def test_no_customers_make_no_decisions() -> None:
    assert list(decided(many(3).iloc[:0])) == []


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.floats(0, 10), st.sampled_from([offer.code for offer in default_catalogue().proposals]))
def test_a_lever_changes_the_priority_of_its_own_offer_and_nothing_else(lever: float, code: str) -> None:
    before = default_catalogue()
    offers = [offer.model_copy(update={"lever": lever}) if offer.code == code else offer for offer in before.offers]
    after = before.model_copy(update={"offers": tuple(offers)})
    crowd = many(30, seed=6)
    for plain, levered in zip(decided(crowd, before), decided(crowd, after), strict=True):
        for one_candidate, other in zip(plain.candidates, levered.candidates, strict=True):
            assert (one_candidate.offer_code, one_candidate.removed_by) == (other.offer_code, other.removed_by)
            if one_candidate.offer_code != code:
                assert one_candidate == other
        assert plain.blocked_by == levered.blocked_by
        if levered.offer_code != plain.offer_code:
            assert code in (plain.offer_code, levered.offer_code)
        elif plain.terms.offer_type is not OfferType.NONE:
            assert replace(levered.terms, decision_id="") == replace(plain.terms, decision_id="")
