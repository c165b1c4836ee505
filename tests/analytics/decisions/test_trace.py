"""A decision can be explained from its record: why this, why not that."""

import json

import pandas as pd
import pytest

from analytics.decisions.effects import EffectEstimates
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.trace import BLOCK_SENTENCES, explain, intended_offer
from db.vocabulary import Decision, SuppressionReason, decision_from_json
from tests.analytics.decisions.build import catalogue_of, customer, decided, many

CALL = "code: call, name: Call, offer_type: contact, terms: {who: a person}"
TIPS = "code: tips, name: Tips, offer_type: education, terms: {scope: a guide}"
XL_ONLY = "eligibility: [{name: big, field: plan, in: [XL]}]"
CATALOGUE = catalogue_of(
    f"{CALL}, propensity: 0.5, save_rate: 0.5, contact_cost: 5",
    f"{TIPS}, propensity: 0.5, save_rate: 0.2, contact_cost: 1",
    f"{TIPS.replace('tips', 'dear')}, propensity: 0.1, contact_cost: 90",
    f"{CALL.replace('call', 'big')}, {XL_ONLY}",
    f"{CALL.replace('call', 'huge')}, {XL_ONLY}",
)


def stored(decision: Decision) -> Decision:
    return decision_from_json(json.loads(json.dumps(decision.as_json())))


def test_the_winner_is_explained_by_its_parts_and_the_losers_by_their_rules() -> None:
    assert explain(stored(decided(customer(), CATALOGUE).decision(0))) == [
        "On 21 November 2026 the choice was call (contact, email).",
        "The churn probability is 50%, high risk. The last topic was price.",
        "call is worth 45.00 EUR: a propensity of 0.50, a context weight of 1.00 and an expected retained value of "
        "100.00 EUR; it costs 5.00 EUR. Its effect has not been measured yet; propensity stands in for it.",
        "tips is worth 19.00 EUR, 26.00 EUR less than call.",
        "Doing nothing is worth 0 by definition.",
        "dear costs more than it is expected to bring (-84.00 EUR).",
        "Not big or huge: The customer may not have it. Asked for: plan is XL; here plan is L. (rule eligibility:big)",
    ]


def test_offers_are_called_by_name_where_the_names_are_given() -> None:
    names = {"call": "A call", "tips": "Tips", "dear": "Tips", "none": "No offer"}
    said = explain(stored(decided(customer(), CATALOGUE).decision(0)), names)
    assert said[0] == "On 21 November 2026 the choice was “A call” (contact, email)."
    assert said[3:] == [
        "“Tips” (tips) is worth 19.00 EUR, 26.00 EUR less than “A call”.",
        "Doing nothing is worth 0 by definition.",
        "“Tips” (dear) costs more than it is expected to bring (-84.00 EUR).",
        "Not big or huge: The customer may not have it. Asked for: plan is XL; here plan is L. (rule eligibility:big)",
    ]


def test_a_measured_effect_is_said_to_be_one() -> None:
    effects = EffectEstimates(pd.DataFrame({"tips": [0.2]}, index=["c-1"]), source="test")
    sentences = explain(decided(customer(), CATALOGUE, effects=effects).decision(0))
    assert "a measured effect of 0.200 on a worth of 400.00 EUR" in sentences[2]
    assert "not been measured" not in sentences[2]


def test_a_held_out_customer_is_told_apart_from_one_for_whom_nothing_is_worth_it() -> None:
    held = decided(customer(), CATALOGUE, DecisionPolicy(holdout_share=0.999)).decision(0)
    assert "holdout of the standing experiment" in explain(held)[0]
    assert explain(held)[-1] == "Outside the holdout the customer would have been offered call."
    idle = decided(customer(churn_probability=0.0), CATALOGUE).decision(0)
    assert explain(idle)[0].endswith("no offer is worth more than it costs.")
    assert intended_offer(idle) is None
    misfit = decided(customer(), catalogue_of(f"{CALL}, {XL_ONLY}"))
    assert explain(misfit.decision(0))[0].endswith("no offer fits this customer.")


def test_an_unscored_customer_without_a_topic_is_explained() -> None:
    sentences = explain(decided(pd.DataFrame([{"customer_id": "c-9"}]), CATALOGUE).decision(0))
    assert "no churn forecast" in sentences[0]


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_every_rule_that_stops_all_offers_has_a_sentence(reason: SuppressionReason) -> None:
    assert reason.value in BLOCK_SENTENCES


def test_every_decision_of_a_crowd_can_be_explained() -> None:
    for decision in decided(many(150), policy=DecisionPolicy(holdout_share=0.2)):
        sentences = explain(stored(decision))
        assert sentences
        assert all(sentence.strip() and "None" not in sentence and "nan" not in sentence for sentence in sentences)


def test_an_amount_that_rests_on_an_assumption_is_said_to() -> None:
    frame = customer(monthly_revenue=None, residual_value=None, revenue_at_risk=None)
    sentences = explain(decided(frame, CATALOGUE).decision(0))
    assert "What the customer pays is not known" in " ".join(sentences)
