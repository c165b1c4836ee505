"""The truth keeps its word: hazards come true, effects are heterogeneous, and outcomes follow the offer."""

import numpy as np
import pandas as pd
import pytest

from analytics.simulation.company import OFFER_TYPES
from analytics.simulation.simulate import SimulatedChunk
from analytics.simulation.truth import RESPONSE_TYPES, churn_probability, true_outcomes
from db.errors import InputError


@pytest.mark.parametrize("share", ["all", "low", "high"])
def test_as_many_leave_as_the_hazards_say(large_chunk: SimulatedChunk, share: str) -> None:
    hazards = large_chunk.truth.hazards
    likely = hazards["hazard"] > hazards["hazard"].quantile(0.9)
    part = hazards[{"all": likely | ~likely, "low": ~likely, "high": likely}[share]]
    expected = part["hazard"].sum()
    deviation = np.sqrt((part["hazard"] * (1 - part["hazard"])).sum())
    assert expected > 100
    assert abs(part["left"].sum() - expected) < 4 * deviation


def test_leaving_for_lack_of_payment_comes_true_too(large_chunk: SimulatedChunk) -> None:
    customers = large_chunk.customers
    lost = (customers["churn_kind"] == "involuntary").sum()
    expected = large_chunk.truth.hazards["payment_hazard"].sum()
    assert abs(lost - expected) < 4 * np.sqrt(expected)


def test_a_customer_is_at_risk_once_a_month_until_leaving(chunk: SimulatedChunk) -> None:
    hazards = chunk.truth.hazards
    assert not hazards.duplicated(["customer_id", "month"]).any()
    left = hazards[hazards["left"]].set_index("customer_id")["month"]
    churned = chunk.customers.dropna(subset=["churned_on"]).set_index("customer_id")["churned_on"]
    assert (left == churned[left.index].dt.to_period("M").dt.to_timestamp()).all()
    assert set(left.index) == set(churned.index)


def test_all_four_kinds_of_customers_exist(large_chunk: SimulatedChunk) -> None:
    kinds = large_chunk.truth.customers["response_type"].value_counts(normalize=True)
    assert set(kinds.index) == set(RESPONSE_TYPES)
    assert kinds.min() > 0.01


def test_the_kinds_mean_what_they_say(large_chunk: SimulatedChunk) -> None:
    active = large_chunk.truth.customers[large_chunk.truth.customers["active"]]
    base = churn_probability(active, "none")
    best = np.min([churn_probability(active, offer) for offer in OFFER_TYPES[1:]], axis=0)
    kind = active["response_type"]
    assert (base - best)[kind == "persuadable"].min() >= 0.03
    assert (best - base)[kind == "sleeping_dog"].min() > 0
    assert base[kind == "sure_thing"].max() < base[kind == "lost_cause"].min()


def test_no_single_offer_is_best_for_everybody(large_chunk: SimulatedChunk) -> None:
    effects = large_chunk.truth.customers[[f"effect_{offer}" for offer in OFFER_TYPES]]
    assert (effects["effect_none"] == 0).all()
    shares = effects.idxmin(axis=1).value_counts(normalize=True)
    assert shares.max() < 0.6
    assert (shares > 0.02).sum() >= 5


def test_sampled_outcomes_follow_their_probabilities(large_chunk: SimulatedChunk) -> None:
    outcomes = true_outcomes(large_chunk.truth, "discount", np.random.default_rng(1))
    expected = outcomes["probability"].sum()
    assert abs(outcomes["churned"].sum() - expected) < 4 * np.sqrt(expected)
    assert outcomes["accepted"].any()


def test_without_an_offer_nobody_accepts_and_reality_agrees(large_chunk: SimulatedChunk) -> None:
    outcomes = true_outcomes(large_chunk.truth, "none", np.random.default_rng(2))
    assert not outcomes["accepted"].any()
    active = large_chunk.truth.customers[large_chunk.truth.customers["active"]]
    assert outcomes["probability"].mean() == pytest.approx(active["left_within_90_days"].mean(), abs=0.04)


def test_policies_share_their_luck(large_chunk: SimulatedChunk) -> None:
    none = true_outcomes(large_chunk.truth, "none", np.random.default_rng(3))
    pick = large_chunk.truth.customers[large_chunk.truth.customers["active"]]
    effects = pick[[f"effect_{offer}" for offer in OFFER_TYPES]].to_numpy()
    best = np.array([str(offer) for offer in OFFER_TYPES], dtype=object)[effects.argmin(axis=1)]
    treated = true_outcomes(large_chunk.truth, best, np.random.default_rng(3))
    assert treated["churned"].sum() < none["churned"].sum()
    assert not (treated["churned"] & ~none["churned"]).any()


def test_a_longer_horizon_loses_more(chunk: SimulatedChunk) -> None:
    active = chunk.truth.customers[chunk.truth.customers["active"]]
    month, year = churn_probability(active, "none", 30), churn_probability(active, "none", 365)
    assert (year > month).all()


@pytest.mark.parametrize("offer", ["teapot", ["discount"]])
def test_unknown_or_miscounted_offers_are_refused(chunk: SimulatedChunk, offer: str | list[str]) -> None:
    with pytest.raises(InputError, match=r"is no offer type|offers were given"):
        true_outcomes(chunk.truth, offer, np.random.default_rng(0))


def test_the_truth_of_messages_covers_what_customers_wrote(chunk: SimulatedChunk) -> None:
    inbound = chunk.messages[chunk.messages["direction"] == "inbound"]
    assert set(chunk.truth.messages["message_id"]) == set(inbound["message_id"])
    assert not set(chunk.truth.messages.columns) & set(chunk.messages.columns) - {"message_id"}


def test_nothing_true_hides_in_the_recorded_frames(chunk: SimulatedChunk) -> None:
    secrets = set(chunk.truth.customers.columns) - {"customer_id"}
    recorded = pd.Index([]).append([frame.columns for frame in (chunk.customers, chunk.events, chunk.subscriptions)])
    assert not secrets & set(recorded)
