"""Small real objects for the tests of decisions: customers, catalogues, batches."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions.next_best import DecisionBatch, decide
from analytics.decisions.offers import Catalogue, default_catalogue, parse_catalogue
from analytics.decisions.plans import PlanLadder, PlanPrice
from analytics.decisions.policy import DecisionPolicy

TODAY = date(2026, 11, 21)
LADDER = PlanLadder({name: PlanPrice(name, price, "EUR") for name, price in (("S", 19.9), ("M", 29.9), ("L", 44.9))})

REACHABLE: dict[str, Any] = {
    "customer_id": "c-1",
    "status": "active",
    "churn_probability": 0.5,
    "risk_band": "high",
    "revenue_at_risk": 60.0,
    "residual_value": 400.0,
    "monthly_revenue": 40.0,
    "currency": "EUR",
    "billing_period": "month",
    "plan": "L",
    "tenure_months": 26.0,
    "renewal_date": pd.Timestamp("2027-01-15"),
    "country": "DE",
    "timezone": "Europe/Berlin",
    "language": "en",
    "topic": "price",
    "mood": "negative",
    "has_email": True,
    "consent": "granted",
}
"""A customer whom nothing blocks, save the holdout."""


def customer(**changes: Any) -> pd.DataFrame:
    """One customer, with changes."""
    return pd.DataFrame([REACHABLE | changes])


def _drawn(rng: np.random.Generator, values: list[str | None], count: int) -> pd.Series:
    return pd.Series([values[index] for index in rng.integers(0, len(values), count)], dtype=object)


def many(count: int, seed: int = 0) -> pd.DataFrame:
    """A mixed crowd."""
    rng = np.random.default_rng(seed)
    probability = rng.beta(1.2, 3.0, count)
    revenue = np.round(rng.uniform(8, 90, count), 2)
    frame = pd.DataFrame({"customer_id": [f"c-{index}" for index in range(count)]})
    frame["churn_probability"] = np.where(rng.random(count) < 0.05, np.nan, probability)
    frame["risk_band"] = np.where(probability > 0.4, "high", np.where(probability > 0.2, "medium", "low"))
    frame["monthly_revenue"] = np.where(rng.random(count) < 0.05, np.nan, revenue)
    frame["residual_value"] = np.where(rng.random(count) < 0.3, np.nan, revenue * 12 * (1 - probability))
    frame["currency"] = rng.choice(["EUR", "JPY", "USD"], count)
    frame["billing_period"] = rng.choice(["month", "quarter", "year"], count, p=[0.7, 0.1, 0.2])
    frame["plan"] = _drawn(rng, ["S", "M", "L", None], count)
    frame["tenure_months"] = rng.integers(0, 60, count).astype(float)
    frame["renewal_date"] = pd.Timestamp("2027-01-15")
    frame["timezone"] = _drawn(rng, ["Europe/Berlin", "America/New_York", None, "Nowhere/Land"], count)
    frame["topic"] = _drawn(rng, ["price", "quality", "not_using", "competitor", "bereavement", None], count)
    frame["mood"] = _drawn(rng, ["negative", "neutral", "positive", None], count)
    frame["has_email"] = rng.random(count) > 0.1
    frame["consent"] = _drawn(rng, ["granted", "denied", "unknown", None], count)
    frame["status"] = rng.choice(["active", "churned"], count, p=[0.95, 0.05])
    return frame


def decided(
    customers: pd.DataFrame, catalogue: Catalogue | None = None, policy: DecisionPolicy | None = None, **options: Any
) -> DecisionBatch:
    """A batch under the default catalogue, without a holdout unless the policy has one."""
    options.setdefault("today", TODAY)
    options.setdefault("ladder", LADDER)
    return decide(customers, catalogue or default_catalogue(), policy or DecisionPolicy(holdout_share=0.0), **options)


def catalogue_of(*offers: str) -> Catalogue:
    """A catalogue of offers written as YAML flow mappings."""
    return parse_catalogue("version: 1\noffers:\n" + "".join(f"  - {{{offer}}}\n" for offer in offers), "test.yaml")
