"""Exploration: it stays within its share, reaches nobody whom the policy protects, and its probabilities are true."""

import json
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.budget import allocate
from analytics.decisions.exploration import Draw, OfferBandit, draw_from_json, explored
from analytics.decisions.next_best import DecisionBatch
from analytics.decisions.offers import Catalogue, default_catalogue, demo_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.replay import decision_bytes, replay
from analytics.decisions.trace import explain
from db.vocabulary import Arm, Channel, Decision, OfferType, SuppressionReason
from tests.analytics.decisions.build import catalogue_of, customer, decided, many
from tests.analytics.decisions.test_never_offered import CATALOGUES, CROWD, DAYS, IDS, POLICIES, generous

CALL = "code: call, name: Call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"
TIPS = "code: tips, name: Tips, offer_type: education, terms: {scope: a guide}, propensity: 0.5, save_rate: 0.2"
BIG = many(2_000, seed=3)


def policy_of(share: float, **changes: object) -> DecisionPolicy:
    return DecisionPolicy.model_validate({"holdout_share": 0.1, "explore_share": share, **changes})


def is_drawn(decision: Decision) -> bool:
    return bool(decision.inputs.get("exploration", {}).get("drawn"))


@pytest.fixture(scope="module")
def batch() -> DecisionBatch:
    return decided(BIG, policy=policy_of(0.3))


@settings(max_examples=40, derandomize=True, deadline=None)
@given(DAYS, POLICIES, CATALOGUES, st.sampled_from(list(Channel)), st.floats(0.01, 1.0), st.booleans(), st.data())
def test_exploration_reaches_nobody_whom_the_policy_protects(
    today: date,
    policy: DecisionPolicy,
    catalogue: Catalogue,
    channel: Channel,
    share: float,
    measured: bool,
    data: st.DataObject,
) -> None:
    reason = data.draw(st.sampled_from(list(SuppressionReason)))
    suppressed = data.draw(st.lists(st.sampled_from(IDS), max_size=20))
    # One offer in three has the strictest floor, so that it may only be made where it costs nothing.
    strict = catalogue.model_copy(
        update={
            "offers": tuple(
                offer.model_copy(update={"margin_floor": 1.0}) if number % 3 == 0 else offer
                for number, offer in enumerate(catalogue.offers)
            )
        }
    )
    options = {
        "today": today,
        "channel": channel,
        "effects": generous(catalogue, 0.9) if measured else None,
        "suppressions": pd.DataFrame({"customer_id": suppressed, "reason": [reason.value] * len(suppressed)}),
    }
    plain = list(decided(CROWD, strict, policy, **options))
    drawn = list(decided(CROWD, strict, policy.model_copy(update={"explore_share": share}), **options))
    wanted = [one.offer_code != "none" for one in plain]
    assert sum(map(is_drawn, drawn)) <= share * sum(wanted) + 1e-9
    for before, after, had_an_offer in zip(plain, drawn, wanted, strict=True):
        candidates = {item.offer_code: item for item in after.candidates}
        if not is_drawn(after):
            assert (after.offer_code, after.blocked_by) == (before.offer_code, before.blocked_by)
            continue
        assert had_an_offer
        assert after.arm is Arm.TREATED
        assert before.blocked_by is after.blocked_by is None
        assert candidates[after.offer_code].removed_by is None
        open_before = {item.offer_code for item in before.candidates if item.removed_by is None}
        assert after.inputs["exploration"]["probabilities"].keys() <= open_before
        cost = candidates[after.offer_code].parts.get("offer_cost", 0.0)
        floor = next((one.margin_floor for one in strict.offers if one.code == after.offer_code), 0.0)
        assert floor < 1.0 or cost == 0.0


def test_no_more_are_drawn_for_than_the_share_and_all_others_keep_their_offer(batch: DecisionBatch) -> None:
    plain = decided(BIG, policy=policy_of(0.0)).table()
    table = batch.table()
    wanted = int((plain["offer_code"] != "none").sum())
    assert int(table["drawn"].sum()) == int(0.3 * wanted) > 100
    same = ~table["drawn"]
    pd.testing.assert_series_equal(table.loc[same, "offer_code"], plain.loc[same, "offer_code"])
    assert len(set(table.loc[table["drawn"], "offer_code"])) >= 5
    assert table["given_up"].sum() == pytest.approx(plain["priority"].sum() - table["priority"].sum())


def test_without_a_share_nothing_changes() -> None:
    for decision in decided(CROWD, policy=policy_of(0.0)):
        assert "exploration" not in decision.inputs
        assert decision.offer_assignment_probability == 1.0


def test_every_decision_logs_the_probability_of_its_offer_and_replays_to_the_same_bytes(batch: DecisionBatch) -> None:
    seen = Counter[bool]()
    for number, decision in enumerate(batch):
        record = decision.inputs.get("exploration")
        if record is None or decision.arm is Arm.HOLDOUT:
            assert decision.offer_assignment_probability == 1.0
        else:
            chance, shares = record["chance"], record["probabilities"]
            assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
            planned = decision.offer_code == record["planned"]
            expected = (1 - chance) * planned + chance * shares.get(decision.offer_code, 0.0)
            assert decision.offer_assignment_probability == pytest.approx(expected, abs=1e-8)
            assert 0 < decision.offer_assignment_probability <= 1
            seen[record["drawn"]] += 1
        if number % 20 == 0 or is_drawn(decision):
            stored = json.loads(json.dumps(decision.as_json()))
            assert decision_bytes(replay(stored)) == decision_bytes(decision)
    assert seen[True] > 100 < seen[False]


def test_the_same_inputs_are_drawn_alike_in_any_order_and_other_experiments_draw_anew(batch: DecisionBatch) -> None:
    first = {one.customer_id: one for one in batch}
    again = {one.customer_id: one for one in decided(BIG.sample(frac=1.0, random_state=1), policy=policy_of(0.3))}
    assert {key: decision_bytes(one) for key, one in first.items()} == {
        key: decision_bytes(again[key]) for key in first
    }
    other = decided(BIG, policy=policy_of(0.3, experiment="spring"))
    assert {one.customer_id for one in other if is_drawn(one)} != {key for key, one in first.items() if is_drawn(one)}


def test_offers_are_drawn_as_often_as_their_probabilities_say() -> None:
    frame = pd.concat([customer(customer_id=f"c-{number:05d}") for number in range(4_000)], ignore_index=True)
    decisions = list(decided(frame, catalogue_of(CALL, TIPS), policy_of(1.0, holdout_share=0.0)))
    shares = decisions[0].inputs["exploration"]["probabilities"]
    made = Counter(one.offer_code for one in decisions)
    assert set(shares) == {"none", "call", "tips"}
    for code, share in shares.items():
        error = (share * (1 - share) / len(decisions)) ** 0.5
        assert made[code] / len(decisions) == pytest.approx(share, abs=4 * error)
        assert share >= 0.02
    assert shares["none"] >= 0.1


@pytest.mark.parametrize("budget", [5.0, 60.0, 300.0])
def test_a_budget_holds_with_exploration(budget: float) -> None:
    table = decided(BIG, policy=policy_of(0.3, budget=budget)).table()
    assert table["spend"].sum() <= budget + 1e-6
    assert table["drawn"].sum() > 0
    assert (table.loc[table["drawn"], "blocked_by"].isna()).all()


def test_offers_that_are_limited_in_number_are_not_drawn() -> None:
    policy = policy_of(0.5, volumes={"personal-call": 3})
    batch = decided(BIG, policy=policy)
    table = batch.table()
    assert (table["offer_code"] == "personal-call").sum() <= 3
    assert "personal-call" not in set(table.loc[table["drawn"], "offer_code"])
    prices = allocate(decided(BIG, policy=policy.unlimited).options(), policy.limits).rationing
    assert prices.prices.offers["personal-call"] > 0
    for number in np.flatnonzero(table["drawn"].to_numpy())[:20]:
        decision = batch.decision(int(number))
        assert decision_bytes(replay(json.loads(json.dumps(decision.as_json())))) == decision_bytes(decision)


def test_outcomes_turn_the_draws_towards_what_works() -> None:
    offers = catalogue_of(CALL, TIPS).proposals
    prospects = decided(BIG, catalogue_of(CALL, TIPS)).prospects()
    prospects = prospects.take(prospects.drawable.sum(axis=1) == 2)
    facts = [{"customer_id": f"c-{n}", "churn_probability": 0.5} for n in range(3_000)]
    codes = ["none", "call", "tips"] * 1_000
    rng = np.random.default_rng(0)
    left = [bool(rng.random() < {"none": 0.5, "call": 0.55, "tips": 0.25}[code]) for code in codes]
    bandit = OfferBandit(offers)
    before = bandit.probabilities(prospects).mean(axis=0)
    bandit.learn(facts, codes, left)
    after = bandit.probabilities(prospects).mean(axis=0)
    assert after[2] > before[2] + 0.1
    assert after[1] < before[1] - 0.1
    assert after[1] >= 0.02
    assert "3,000 followed decisions" in bandit.source


def test_a_lot_falls_where_the_order_of_codes_puts_it_and_survives_json() -> None:
    draw = Draw(0.1, True, {"tips": 0.25, "call": 0.25, "none": 0.5})
    assert [draw.offer(lot) for lot in (0.0, 0.24, 0.25, 0.74, 0.75, 0.999)] == [
        "call", "call", "none", "none", "tips", "tips",
    ]  # fmt: skip
    assert draw.probability("call", "call") == pytest.approx(0.9 + 0.1 * 0.25)
    assert draw.probability("tips", "call") == pytest.approx(0.1 * 0.25)
    assert draw_from_json(json.loads(json.dumps(draw.as_json()))) == draw


def test_nobody_to_draw_for_is_no_error() -> None:
    bandit = OfferBandit(default_catalogue().proposals)
    prospects = decided(CROWD.assign(status="churned")).prospects()
    found = explored(bandit, "retention", 0.5, prospects)
    assert (found.draws, found.eligible, found.drawn_for, found.spend) == ({}, 0, 0, 0.0)
    assert len(decided(CROWD.head(0), policy=policy_of(0.5))) == 0
    assert demo_catalogue().proposals


def test_a_drawn_offer_is_explained(batch: DecisionBatch) -> None:
    drawn = [one for one in batch if is_drawn(one)]
    offered = next(one for one in drawn if one.terms.offer_type is not OfferType.NONE)
    share = offered.inputs["exploration"]["probabilities"][offered.offer_code]
    told = " ".join(explain(offered))
    assert f"This was drawn, to learn from: {offered.offer_code} with a probability of {share:.0%}, among " in told
    assert f"none ({offered.inputs['exploration']['probabilities']['none']:.0%})" in told
    assert f"{offered.offer_assignment_probability:.1%} in all" in told
    nothing = next(one for one in drawn if one.terms.offer_type is OfferType.NONE)
    assert "the lot fell on nothing" in explain(nothing)[0]
    kept = next(one for one in batch if "exploration" in one.inputs and not is_drawn(one) and one.blocked_by is None)
    assert "not for this one" in " ".join(explain(kept))
