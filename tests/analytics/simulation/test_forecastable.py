"""Churn of the simulated company can be forecast from its records: clearly, but not perfectly."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.simulation.simulate import SimulatedChunk


def days(span: pd.Series) -> pd.Series:
    return pd.Series(span.dt.total_seconds() / 86_400)


def observe(chunk: SimulatedChunk, on: str) -> tuple[pd.DataFrame, pd.Series]:
    """A few plain features before a date, and who left in the 90 days from it."""
    at = pd.Timestamp(on)
    own = chunk.customers.set_index("customer_id")
    own = own[(own["signed_up_on"] < at) & ~(own["churned_on"] < at)]
    tenure = days(at - own["signed_up_on"])
    term = (tenure / 30.44) % 12
    contract = own["contract"] == "12 months"
    locked, due = contract & (term < 9), contract & (term >= 9)
    features = pd.DataFrame({"tenure": np.log1p(tenure), "locked": locked, "due": due})
    events = chunk.events[chunk.events["occurred_at"] < at.tz_localize("UTC")]
    age = days(at.tz_localize("UTC") - events["occurred_at"])

    def per_customer(kind: str, days: int, how: str) -> pd.Series:
        chosen = events[(events["kind"] == kind) & (age <= days)].groupby("customer_id")["quantity"]
        return pd.Series(chosen.agg(how)).reindex(own.index)

    recent, before = per_customer("usage", 30, "mean").fillna(0), per_customer("usage", 180, "mean").fillna(0)
    features["usage"], features["trend"] = np.log1p(before), np.log((recent + 1) / (before + 1))
    features["score"] = per_customer("survey", 200, "mean").fillna(7)
    features["tickets"] = per_customer("ticket", 90, "size").fillna(0)
    messages = chunk.messages.merge(chunk.truth.messages, on="message_id")
    messages = messages[messages["sent_at"] < at.tz_localize("UTC")]
    for mood in ("negative", "positive"):
        count = messages[messages["mood"] == mood].groupby("customer_id").size().reindex(own.index).fillna(0)
        features[mood] = np.log1p(count)
    left = (own["churned_on"] >= at) & (own["churned_on"] < at + pd.Timedelta(days=90))
    return features.astype(float), left


@pytest.fixture(scope="module")
def test_window(large_chunk: SimulatedChunk) -> tuple[pd.DataFrame, pd.Series]:
    return observe(large_chunk, "2026-07-15")


def test_a_plain_model_forecasts_well_but_not_perfectly(
    large_chunk: SimulatedChunk, test_window: tuple[pd.DataFrame, pd.Series]
) -> None:
    seen = [observe(large_chunk, on) for on in ("2025-12-15", "2026-02-15", "2026-04-10")]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1))
    model.fit(pd.concat([x for x, _ in seen]), pd.concat([y for _, y in seen]))
    features, left = test_window
    assert 0.05 < left.mean() < 0.13
    assert 0.73 < roc_auc_score(left, model.predict_proba(features)[:, 1]) < 0.90


@pytest.mark.parametrize(("feature", "sign"), [("trend", -1), ("score", -1), ("negative", 1), ("positive", -1)])
def test_signs_point_the_right_way(test_window: tuple[pd.DataFrame, pd.Series], feature: str, sign: int) -> None:
    features, left = test_window
    assert 0.51 < roc_auc_score(left, sign * features[feature]) < 0.80
