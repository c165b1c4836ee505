"""Tones of drawn letters: only those that become the mood, with true probabilities, and learned from who left."""

import json
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.exploration import Draw, OfferBandit, draw_from_json
from analytics.decisions.next_best import DecisionBatch
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.replay import decision_bytes, replay
from analytics.decisions.tones import EVERY_TONE, OPEN, TONES, ToneBandit, tone_of, tones_for
from analytics.decisions.trace import explain
from db.vocabulary import Decision, Sentiment, decision_from_json
from tests.analytics.decisions.build import catalogue_of, customer, decided, many

CALL = "code: call, name: Call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"
MOODS = [None, *(mood.value for mood in Sentiment)]


def exploring(**changes: object) -> DecisionPolicy:
    return DecisionPolicy.model_validate({"holdout_share": 0.1, "explore_share": 0.5, **changes})


def crowd(count: int, mood: str | None) -> pd.DataFrame:
    return pd.concat([customer(customer_id=f"c-{n:05d}", mood=mood) for n in range(count)], ignore_index=True)


@pytest.fixture(scope="module")
def batch() -> DecisionBatch:
    frame = many(1_500, seed=5)
    moods = pd.Series([MOODS[n % 4] for n in range(len(frame))], dtype=object)
    return decided(frame.assign(mood=moods), policy=exploring())


def drawn_offers(batch: DecisionBatch) -> list[Decision]:
    return [
        one
        for one in batch
        if one.inputs.get("exploration", {}).get("drawn") and one.blocked_by is None and one.offer_code != "none"
    ]


def test_only_tones_that_become_the_mood_are_drawn_and_all_of_them_are(batch: DecisionBatch) -> None:
    made = drawn_offers(batch)
    assert len(made) > 100
    seen: dict[object, set[str]] = {}
    for one in made:
        mood = one.inputs["customer"].get("mood")
        assert set(one.inputs["exploration"]["tones"]) == {OPEN, *tones_for(mood)}
        if one.tone is not None:
            assert one.tone in tones_for(mood)
            seen.setdefault(mood, set()).add(one.tone)
    assert {mood: set(tones_for(mood)) for mood in MOODS} == seen
    assert any(one.tone is None for one in made)


def test_a_tone_is_logged_with_its_probability_and_replays_to_the_same_bytes(batch: DecisionBatch) -> None:
    for one in drawn_offers(batch)[:60]:
        shares = one.inputs["exploration"]["tones"]
        assert one.tone_assignment_probability == shares[one.tone or OPEN]
        assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
        assert shares[OPEN] >= 0.1
        assert min(shares.values()) >= 0.05 - 1e-6
        stored = json.loads(json.dumps(one.as_json()))
        assert decision_from_json(stored) == one
        assert decision_bytes(replay(stored)) == decision_bytes(one)


def test_nobody_else_gets_a_drawn_tone(batch: DecisionBatch) -> None:
    made = {one.customer_id for one in drawn_offers(batch)}
    others = [one for one in batch if one.customer_id not in made]
    assert len(others) > 500
    assert all((one.tone, one.tone_assignment_probability) == (None, 1.0) for one in others)
    assert all("tone" not in one.as_json() for one in others)


def test_without_tones_the_writer_chooses_and_offers_are_drawn_as_before() -> None:
    frame = many(400, seed=6)
    with_tones, without = (decided(frame, policy=exploring(tones=tones)) for tones in (EVERY_TONE, ()))
    for one, other in zip(with_tones, without, strict=True):
        assert one.offer_code == other.offer_code
        assert other.tone is None
        assert "tones" not in other.inputs.get("exploration", {})


def test_tones_are_drawn_as_often_as_their_probabilities_say() -> None:
    made = drawn_offers(decided(crowd(3_000, "negative"), catalogue_of(CALL), exploring(explore_share=1.0)))
    shares = made[0].inputs["exploration"]["tones"]
    counts = Counter(one.tone or OPEN for one in made)
    for name, share in shares.items():
        assert counts[name] / len(made) == pytest.approx(share, abs=4 * (share * (1 - share) / len(made)) ** 0.5)


def test_who_left_turns_the_tones_towards_what_keeps_customers_of_that_mood() -> None:
    rng = np.random.default_rng(0)
    tones: list[str | None] = [*TONES[Sentiment.NEGATIVE], None] * 800
    moods = ["negative", "neutral"] * (len(tones) // 2)
    rate = {("negative", "apologetic"): 0.25, ("negative", "formal"): 0.55}
    left = [bool(rng.random() < rate.get((mood, str(tone)), 0.4)) for mood, tone in zip(moods, tones, strict=True)]
    bandit, risk = ToneBandit(EVERY_TONE), np.full(2, -0.4)
    before = bandit.probabilities(["negative", "neutral"], risk)
    bandit.learn(moods, np.full(len(tones), -0.4), tones, left)
    after = bandit.probabilities(["negative", "neutral"], risk)
    assert after[0]["apologetic"] > before[0]["apologetic"] + 0.3
    assert after[0]["formal"] == pytest.approx(0.05, abs=0.02)
    assert "apologetic" not in after[1]
    assert max(shares[name] for shares in after for name in shares) <= 0.8 + 1e-6


def test_outcomes_reach_the_tones_through_the_bandit_of_offers() -> None:
    rng = np.random.default_rng(1)
    count = 4_000
    tones: list[str | None] = [["warm", "brief"][n % 2] for n in range(count)]
    facts = [{"customer_id": f"c-{n}", "churn_probability": 0.4, "mood": "neutral"} for n in range(count)]
    left = [bool(rng.random() < {"warm": 0.2, "brief": 0.5}[str(tone)]) for tone in tones]
    offers = catalogue_of(CALL)
    prospects = decided(crowd(1, "neutral"), offers).prospects()
    bandit = OfferBandit(offers.proposals, EVERY_TONE)
    bandit.learn(facts, ["call"] * count, left, tones)
    (shares,) = bandit.tone_probabilities(prospects)
    assert shares["warm"] > 0.5 > 0.1 > shares["brief"]
    untold = OfferBandit(offers.proposals, EVERY_TONE)
    untold.learn(facts, ["call"] * count, left)
    assert untold.source != bandit.source


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.sampled_from([*MOODS, "", 3, float("nan")]), st.floats(-6, 6), st.floats(0, 1, exclude_max=True))
def test_any_mood_and_risk_give_chances_that_add_up(mood: object, risk: float, lot: float) -> None:
    (shares,) = ToneBandit(EVERY_TONE).probabilities([mood], np.array([risk]))
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
    assert set(shares) - {OPEN} == set(tones_for(mood))
    assert tone_of(shares, lot) in (None, *tones_for(mood))


def test_a_draw_with_tones_survives_json_and_one_without_keeps_its_form() -> None:
    draw = Draw(0.1, True, {"call": 1.0}, {"open": 0.5, "warm": 0.5})
    assert draw_from_json(json.loads(json.dumps(draw.as_json()))) == draw
    assert "tones" not in Draw(0.1, True, {"call": 1.0}).as_json()
    assert Draw(0.1, True, {"call": 1.0}).tone("retention", "c-1") == (None, 1.0)


def test_the_lot_of_the_tone_is_explained(batch: DecisionBatch) -> None:
    warm = next(one for one in drawn_offers(batch) if one.tone == "warm")
    told = " ".join(explain(warm))
    assert f"warm tone, with {warm.tone_assignment_probability:.0%}" in told
    left_open = next(one for one in drawn_offers(batch) if one.tone is None)
    assert "choice of the writer" in " ".join(explain(left_open))
