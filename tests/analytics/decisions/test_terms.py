"""The terms of an offer are exact, true of the customer, and never below the margin floor."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.decisions.money import rounded
from analytics.decisions.offers import Offer, OfferTerms, default_catalogue, demo_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.terms import terms_for
from db.errors import InputError
from db.vocabulary import PRICE_OFFERS, DecisionTerms, OfferType
from tests.analytics.decisions.build import REACHABLE, TODAY, catalogue_of, customer, decided, many


def stated(offer_type: str, terms: dict[str, Any], **facts: Any) -> DecisionTerms:
    offer = Offer(code="x", name="X", offer_type=OfferType(offer_type), terms=OfferTerms.model_validate(terms))
    return terms_for(offer, REACHABLE | facts, "d1", TODAY)


PERCENT = {"value": 20, "unit": "percent", "duration_months": 3}


@pytest.mark.parametrize(
    ("offer_type", "terms", "facts", "price", "price_during"),
    [
        ("discount", PERCENT, {"monthly_revenue": 29.85}, 29.85, 23.88),
        ("discount", PERCENT, {"monthly_revenue": 29.99}, 29.99, 23.99),
        ("discount", PERCENT | {"value": 50}, {"monthly_revenue": 29.85}, 29.85, 14.93),
        ("discount", PERCENT | {"value": 33}, {"monthly_revenue": 1980.0, "currency": "JPY"}, 1980.0, 1327.0),
        ("discount", PERCENT, {"monthly_revenue": 9.999, "currency": "KWD"}, 9.999, 7.999),
        ("discount", {"value": 5, "unit": "amount", "duration_months": 6}, {}, 40.0, 35.0),
        ("discount", {"value": 30, "unit": "new_price", "duration_months": 6}, {}, 40.0, 30.0),
        ("discount", PERCENT, {"billing_period": "quarter"}, 120.0, 96.0),
        ("discount", PERCENT | {"duration_months": 12}, {"billing_period": "year"}, 480.0, 384.0),
        ("free_period", {"value": 1, "unit": "months"}, {}, 40.0, 0.0),
        ("pause", {"value": 2, "unit": "months"}, {}, 40.0, 0.0),
        ("plan_change", {"unit": "new_price"}, {"cheaper_plan": "M", "cheaper_plan_price": 29.9}, 40.0, 29.9),
        ("plan_change", {"unit": "new_price", "value": 25, "to_plan": "M"}, {}, 40.0, 25.0),
    ],
)
def test_prices_are_computed_to_the_cent_of_the_currency(
    offer_type: str, terms: dict[str, Any], facts: dict[str, Any], price: float, price_during: float
) -> None:
    found = stated(offer_type, terms, **facts)
    assert (found.price, found.price_during) == (price, price_during)
    assert found.currency == facts.get("currency", "EUR")


def test_a_plan_change_names_both_plans_and_the_new_price() -> None:
    found = stated("plan_change", {"unit": "new_price"}, cheaper_plan="M", cheaper_plan_price=29.9)
    assert (found.from_plan, found.to_plan, found.value, found.unit) == ("L", "M", 29.9, "new_price")


def test_a_bonus_in_percent_becomes_whole_money_rounded_down() -> None:
    found = stated("bonus", {"value": 15, "unit": "percent", "scope": "a credit"}, monthly_revenue=33.5)
    assert (found.value, found.unit, found.currency, found.scope) == (5.0, "amount", "EUR", "a credit")


def test_a_call_is_about_the_last_reason_and_says_nothing_of_money() -> None:
    found = stated("contact", {"who": "a person"}, topic="billing_error")
    assert (found.topic, found.price, found.value, found.currency) == ("your bill", None, None, None)
    assert stated("contact", {"who": "a person"}, topic="praise").topic is None


@pytest.mark.parametrize(
    ("offer_type", "terms", "facts", "message"),
    [
        ("discount", PERCENT, {"monthly_revenue": None}, "price this customer pays is not known"),
        ("discount", PERCENT, {"monthly_revenue": 0.0}, "cannot be stated"),
        ("discount", PERCENT, {"currency": None}, "currency this customer pays in is not known"),
        ("discount", PERCENT, {"billing_period": "year"}, "whole billing periods"),
        ("discount", {"value": 50, "unit": "amount", "duration_months": 3}, {}, "would not be below"),
        ("discount", {"value": 45, "unit": "new_price", "duration_months": 3}, {}, "would not be below"),
        ("discount", PERCENT, {"monthly_revenue": 0.01}, "would not be below"),
        ("free_period", {"value": 1, "unit": "months"}, {"billing_period": "quarter"}, "whole billing periods"),
        ("plan_change", {"unit": "new_price"}, {}, "no cheaper plan"),
    ],
)
def test_terms_that_cannot_be_computed_are_refused(
    offer_type: str, terms: dict[str, Any], facts: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        stated(offer_type, terms, **facts)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.integers(100, 50_000), st.integers(1, 99), st.sampled_from([1, 3, 12]))
def test_a_discount_lies_within_half_a_cent_of_the_exact_share(cents: int, percent: int, months: int) -> None:
    period = {1: "month", 3: "quarter", 12: "year"}[months]
    terms = {"value": percent, "unit": "percent", "duration_months": 12}
    found = stated("discount", terms, monthly_revenue=cents / 100, billing_period=period)
    assert found.price == cents * months / 100
    assert found.price_during is not None
    exact = cents * months * (100 - percent) / 10_000
    assert abs(found.price_during - exact) <= 0.005 + 1e-9
    assert found.price_during < found.price
    assert found.price_during == round(found.price_during, 2)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(1, 365))
def test_an_offer_is_valid_for_its_days_and_no_more(today: date, days: int) -> None:
    offer = Offer(
        code="x", name="X", offer_type=OfferType.CONTACT, terms=OfferTerms(who="a person"), validity_days=days
    )
    assert terms_for(offer, REACHABLE, "d1", today).valid_until == today + timedelta(days=days)


@pytest.mark.parametrize(
    ("amount", "decimals", "expected"), [(14.925, 2, 14.93), (1.005, 2, 1.01), (2.5, 0, 3.0), (-0.125, 2, -0.13)]
)
def test_halves_are_rounded_away_from_zero(amount: float, decimals: int, expected: float) -> None:
    assert rounded(np.array([amount]), decimals)[0] == expected


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.floats(0.05, 1.0), st.integers(1, 36), st.integers(0, 10_000))
def test_no_price_offer_leaves_less_than_the_margin_floor(margin_rate: float, horizon: int, seed: int) -> None:
    policy = DecisionPolicy(holdout_share=0.0, margin_rate=margin_rate, horizon_months=horizon)
    catalogue = default_catalogue()
    crowd = many(40, seed=seed)
    revenue = dict(zip(crowd["customer_id"], crowd["monthly_revenue"], strict=True))
    for decision in decided(crowd, policy=policy):
        terms = decision.terms
        if terms.offer_type not in PRICE_OFFERS:
            continue
        assert terms.price is not None
        assert terms.price_during is not None
        share = 1 - terms.price_during / terms.price
        months = horizon if terms.offer_type is OfferType.PLAN_CHANGE else terms.duration_months
        assert months is not None
        left = margin_rate - share * months / horizon
        # Prices are rounded to the currency's unit, which moves the share a little.
        assert left >= catalogue.offer(decision.offer_code).margin_floor - 1 / revenue[decision.customer_id] - 1e-9


def test_the_margin_floor_is_named_with_its_figures() -> None:
    deep = "code: deep, name: Deep, offer_type: discount, terms: {value: 90, unit: percent, duration_months: 12}"
    decision = decided(customer(), catalogue_of(deep)).decision(0)
    assert decision.candidates[1].removed_by == "margin_floor"
    assert "margin of -30% of the price; the floor is 20%" in decision.candidates[1].explanation


@pytest.mark.parametrize("catalogue", [default_catalogue(), demo_catalogue()], ids=["default", "demo"])
def test_every_decided_offer_has_terms_that_a_letter_can_state(catalogue: Any) -> None:
    decisions = [item for item in decided(many(400, seed=2), catalogue) if item.offer_code != "none"]
    assert len({item.offer_code for item in decisions}) >= 3
    for decision in decisions:
        facts = decision.inputs["customer"]
        assert decision.terms == terms_for(catalogue.offer(decision.offer_code), facts, decision.decision_id, TODAY)
        assert decision.terms.valid_until == TODAY + timedelta(days=14)
