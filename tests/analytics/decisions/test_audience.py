"""Customers are joined with what decisions need, plans with their prices, and the past with its customers."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from analytics.decisions.audience import audience
from analytics.decisions.documents import canonical_json
from analytics.decisions.history import histories, history_from_json
from analytics.decisions.plans import PlanLadder, ladder_from_customers, ladder_from_profile
from analytics.simulation.company import company_profile
from db.errors import InputError
from db.vocabulary import Channel
from tests.analytics.decisions.build import customer, decided

CUSTOMERS = pd.DataFrame({"customer_id": ["a", "b", "c"], "email": ["a@x.example", None, " "], "plan": ["S", "M", "L"]})


def test_forecasts_reasons_and_addresses_find_their_customers() -> None:
    forecasts = pd.DataFrame({"customer_id": ["c", "a"], "churn_probability": [0.3, 0.1], "risk_band": ["high", "low"]})
    reasons = pd.DataFrame({"customer_id": ["b"], "topic": ["price"], "mood": ["negative"]})
    joined = audience(CUSTOMERS, forecasts, reasons=reasons)
    assert joined["customer_id"].tolist() == ["a", "b", "c"]
    assert joined["has_email"].tolist() == [True, False, False]
    assert joined["churn_probability"].fillna(-1).tolist() == [0.1, -1.0, 0.3]
    assert joined["topic"].fillna("").tolist() == ["", "price", ""]


def test_a_table_without_any_address_does_not_count_as_customers_without_one() -> None:
    for customers in (CUSTOMERS.drop(columns="email"), CUSTOMERS.assign(email=None)):
        assert audience(customers)["has_email"].isna().all()
    assert decided(customer(has_email=None)).decision(0).blocked_by is None


@pytest.mark.parametrize(
    ("channel", "consent"),
    [
        (Channel.EMAIL, ["granted", "denied", "unknown"]),
        (Channel.PHONE, ["denied", "denied", "unknown"]),
        (Channel.CHAT, ["denied", "denied", "unknown"]),
    ],
)
def test_the_newest_word_on_the_channel_holds_and_then_that_on_any_other(channel: Channel, consent: list[str]) -> None:
    rows = [
        ("a", "email", "denied", 1),
        ("a", "email", "granted", 2),
        ("a", "phone", "denied", 3),
        ("b", "email", "denied", 1),
    ]
    consents = pd.DataFrame(rows, columns=["customer_id", "channel", "status", "day"])
    consents["recorded_at"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(consents.pop("day"), unit="D")
    for shuffled in (consents, consents.iloc[::-1]):
        assert audience(CUSTOMERS, channel=channel, consents=shuffled)["consent"].tolist() == consent


def test_two_forecasts_of_one_customer_are_refused() -> None:
    forecasts = pd.DataFrame({"customer_id": ["a", "a"], "churn_probability": [0.1, 0.2]})
    with pytest.raises(InputError, match="forecasts: a customer occurs more than once"):
        audience(CUSTOMERS, forecasts)


@pytest.mark.parametrize(
    ("plan", "price", "cheaper"),
    [
        ("Family 300 + TV", 53.9, "Essential 100 + TV"),
        ("Gigabit 1000", 54.9, "Family 300"),
        ("Gigabit 1000", 35.0, "Essential 100"),
        ("Essential 100 + TV", 41.9, None),
        ("Essential 100", 29.9, None),
        ("Unheard Of", 99.0, None),
        (None, 99.0, None),
        ("Gigabit 1000", None, None),
    ],
)
def test_the_next_cheaper_plan_has_the_same_features(
    plan: str | None, price: float | None, cheaper: str | None
) -> None:
    step = ladder_from_profile(company_profile()).cheaper(plan, price, "EUR")
    assert (step.name if step else None) == cheaper


def test_a_plan_in_another_currency_is_not_cheaper() -> None:
    assert ladder_from_profile(company_profile()).cheaper("Gigabit 1000", 54.9, "USD") is None


def test_a_price_that_customers_do_not_agree_on_is_not_promised() -> None:
    rows = [("S", 20.0)] * 30 + [("M", 30.0 + index) for index in range(30)] + [("L", 50.0)] * 19
    paying = pd.DataFrame(rows, columns=["plan", "monthly_revenue"]).assign(currency="EUR")
    assert ladder_from_customers(paying).as_json() == {"S": 20.0}
    assert ladder_from_customers(pd.DataFrame({"customer_id": ["a"]})) == PlanLadder()


def test_histories_do_not_depend_on_row_order_and_survive_json() -> None:
    contacts = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b"],
            "channel": ["email", "chat", "email"],
            "sent_at": [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1)],
            "offer_code": ["cut", None, None],
            "offer_type": ["discount", None, None],
            "outcome": ["declined", None, None],
        }
    )
    suppressions = pd.DataFrame(
        {"customer_id": ["c", "c"], "reason": ["opt_out", "complaint"], "channel": ["email", None]}
    )
    found = histories(contacts, suppressions)
    assert found == histories(contacts.iloc[::-1], suppressions.iloc[::-1])
    assert found["a"].contacts[0].channel is Channel.CHAT
    assert found["a"].contacts[1].declined
    assert all(history_from_json(past.as_json()) == past for past in found.values())
    assert canonical_json(found["b"].as_json()) == '{"contacts":[{"at":"2026-03-01T00:00:00+00:00","channel":"email"}]}'


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"customer_id": ["a"], "channel": ["email"]}, "'sent_at' is missing"),
        (
            {"customer_id": ["a"], "channel": ["pigeon"], "sent_at": [datetime(2026, 1, 1)]},
            "customer 'a' cannot be read",
        ),
        ({"customer_id": ["a"], "channel": ["email"], "sent_at": [None]}, "it has no time"),
        ({"customer_id": ["a"], "channel": ["email"], "sent_at": ["soon"]}, "is not a time"),
    ],
)
def test_a_past_that_cannot_be_read_is_refused(frame: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        histories(pd.DataFrame(frame), None)
