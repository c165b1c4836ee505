"""Features say what was known before the observation date, and nothing later."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.features import FeaturePlan, customer_features, feature_labels, feature_plan
from analytics.features.choice import telling_columns
from analytics.frames import Frames, check_customers, check_events, check_messages, check_subscriptions
from tests.analytics.company import day, small_company

OBSERVED = day(420)
COMPANY = small_company()


def _events(rows: Sequence[tuple[str, str, float, str | None]]) -> Frames:
    frame = pd.DataFrame(rows, columns=["kind", "occurred_at", "amount", "reference"]).assign(customer_id="a")
    customers = check_customers(pd.DataFrame({"customer_id": ["a", "b"], "signed_up_on": "2026-01-01"}))
    return Frames(customers, events=check_events(frame))


@settings(derandomize=True, deadline=None, max_examples=8)
@given(seed=st.integers(0, 10_000), start=st.integers(0, 150))
def test_rows_dated_on_or_after_the_observation_date_change_nothing(seed: int, start: int) -> None:
    later = small_company(seed, customers=12, days=20)
    moved = pd.Timestamp(OBSERVED) - pd.Timestamp(day(0)) + pd.Timedelta(days=start)
    strangers = later.customers.assign(customer_id="new" + later.customers["customer_id"])
    more = Frames(
        _joined(COMPANY.customers, strangers, moved, "signed_up_on"),
        _joined(COMPANY.subscriptions, later.subscriptions, moved, "started_on", "ended_on"),
        _joined(COMPANY.events, later.events, moved, "occurred_at"),
        _joined(COMPANY.messages, later.messages, moved, "sent_at"),
    )
    pd.testing.assert_frame_equal(customer_features(COMPANY, OBSERVED), customer_features(more, OBSERVED))


def test_an_end_that_lies_in_the_future_is_not_known() -> None:
    lines = COMPANY.subscriptions
    later = lines["ended_on"] >= pd.Timestamp(OBSERVED)
    assert later.any()
    unknowing = Frames(
        COMPANY.customers, lines.assign(ended_on=lines["ended_on"].mask(later)), COMPANY.events, COMPANY.messages
    )
    pd.testing.assert_frame_equal(customer_features(COMPANY, OBSERVED), customer_features(unknowing, OBSERVED))


def test_chunks_of_customers_give_the_same_table() -> None:
    whole = customer_features(COMPANY, OBSERVED)
    pd.testing.assert_frame_equal(whole, customer_features(COMPANY, OBSERVED, chunk_customers=7))


def test_the_order_of_event_rows_does_not_matter() -> None:
    shuffled = Frames(COMPANY.customers, COMPANY.subscriptions, COMPANY.events.iloc[::-1], COMPANY.messages)
    pd.testing.assert_frame_equal(
        customer_features(COMPANY, OBSERVED), customer_features(shuffled, OBSERVED), check_exact=False
    )


def test_lines_with_one_reference_are_one_act() -> None:
    frames = _events(
        [
            ("purchase", "2026-03-01", 10.0, "i1"),
            ("purchase", "2026-03-01", 5.0, "i1"),
            ("purchase", "2026-03-11", 6.0, "i2"),
            ("purchase", "2026-03-21", 9.0, None),
        ]
    )
    row = customer_features(frames, pd.Timestamp("2026-03-31")).loc["a"]
    assert row["purchase_count_30d"] == 3
    assert row["purchase_amount_30d"] == 30.0
    assert row["purchase_amount_per_act"] == 10.0
    assert row["purchase_days_since_last"] == 10.0
    assert row["purchase_lines_per_act"] == pytest.approx(4 / 3)
    assert row["purchase_gap_mean_days"] == 10.0
    assert row["purchase_gap_sd_days"] == 0.0
    assert row["purchase_days_since_last_but_2"] == 30.0
    assert row["purchase_active_weeks_share"] == pytest.approx(3 / 5)
    assert row["tenure_days"] == 89


def test_trend_compares_windows_of_equal_length() -> None:
    frames = _events([("login", "2026-03-20", 1.0, None)] * 3 + [("login", "2026-02-10", 1.0, None)])
    row = customer_features(frames, pd.Timestamp("2026-03-31")).loc["a"]
    assert row["login_count_trend_30d"] == 0.5


def test_a_customer_without_events_has_zero_counts_and_no_recency() -> None:
    row = customer_features(_events([("login", "2026-03-20", 1.0, None)]), pd.Timestamp("2026-03-31")).loc["b"]
    assert row["login_count_30d"] == 0
    assert np.isnan(row["login_days_since_last"])


def test_the_same_season_a_year_ago_is_counted_where_there_is_history() -> None:
    dates = ["2024-06-01", "2025-01-05", "2025-03-30", "2025-04-02"]
    frames = _events([("login", at, 1.0, None) for at in dates])
    row = customer_features(
        Frames(frames.customers.assign(signed_up_on=pd.Timestamp("2024-01-01")), events=frames.events),
        pd.Timestamp("2026-01-01"),
    ).loc["a"]
    assert row["login_count_same_season"] == 2  # 2025-01-05 and 2025-03-30 lie within 90 days of 2025-01-01


def test_contract_features_follow_the_line_in_force() -> None:
    lines = pd.DataFrame(
        [
            ("a", "basic", "2025-01-10", "2025-06-10", 10.0),
            ("a", "basic", "2025-06-10", "2025-12-10", 12.0),
            ("a", "plus", "2025-12-10", None, 15.0),
        ],
        columns=["customer_id", "plan", "started_on", "ended_on", "mrr"],
    ).assign(billing_period="month", discount_percent=5.0)
    customers = check_customers(pd.DataFrame({"customer_id": ["a"], "signed_up_on": ["2025-01-10"]}))
    row = customer_features(Frames(customers, check_subscriptions(lines)), pd.Timestamp("2026-01-20")).loc["a"]
    assert (row["plan"], row["monthly_revenue"], row["discount_percent"]) == ("plus", 15.0, 5.0)
    assert (row["contract_price_rises_365d"], row["contract_days_since_price_rise"]) == (1, 224)
    assert (row["contract_plan_changes_365d"], row["contract_days_since_plan_change"]) == (1, 41)
    assert row["days_to_renewal"] == pytest.approx(21, abs=2)
    assert row["contract_days"] == 375


def test_mood_features_read_inbound_messages_only() -> None:
    messages = pd.DataFrame(
        [
            ("2026-03-01", "inbound", 0.8, 0.2, 0.0),
            ("2025-11-01", "inbound", 0.0, 0.2, 0.8),
            ("2026-03-30", "outbound", 0.0, 0.0, 1.0),
        ],
        columns=["sent_at", "direction", "negative", "neutral", "positive"],
    ).assign(customer_id="a", message_id=["1", "2", "3"])
    customers = check_customers(pd.DataFrame({"customer_id": ["a"], "signed_up_on": ["2025-01-10"]}))
    row = customer_features(Frames(customers, messages=check_messages(messages)), pd.Timestamp("2026-03-31")).loc["a"]
    assert (row["mood_last"], row["mood_mean_90d"], row["mood_trend"]) == pytest.approx((-0.8, -0.8, -1.6))
    assert (row["messages_negative_90d"], row["days_since_negative"], row["messages_sent_90d"]) == (1, 30, 1)


def test_the_topic_is_that_of_their_last_message_before_the_day() -> None:
    rows = [
        ("a", "2026-02-01", "inbound", "price"),
        ("a", "2026-03-01", "inbound", "outage"),
        ("a", "2026-03-20", "outbound", "praise"),
        ("a", "2026-04-01", "inbound", "competitor"),
        ("b", "2025-06-01", "inbound", "price"),
        ("c", "2026-03-01", "inbound", None),
    ]
    messages = pd.DataFrame(rows, columns=["customer_id", "sent_at", "direction", "topic"])
    messages = messages.assign(
        message_id=[str(row) for row in range(len(rows))], negative=0.2, neutral=0.6, positive=0.2
    )
    checked = check_messages(messages.drop(columns="topic")).assign(topic=messages["topic"])
    customers = check_customers(pd.DataFrame({"customer_id": list("abc"), "signed_up_on": ["2025-01-10"] * 3}))
    table = customer_features(Frames(customers, messages=checked), pd.Timestamp("2026-03-31"))
    assert table["topic_90d"].tolist() == ["outage", "none", "none"]


def test_the_plan_of_the_training_table_shapes_every_later_table() -> None:
    plan = feature_plan(COMPANY, OBSERVED, prune=False)
    quiet = Frames(COMPANY.customers)
    assert list(customer_features(quiet, OBSERVED, plan=plan).columns) == list(customer_features(COMPANY, OBSERVED))
    assert FeaturePlan.from_json(plan.as_json()) == plan


def test_pruning_leaves_out_what_tells_nothing_new() -> None:
    table = pd.DataFrame(
        {
            "first": [1.0, 2.0, 3.0, np.nan, 5.0],
            "same_order": [10.0, 20.0, 300.0, np.nan, 500.0],
            "constant": 1.0,
            "own": [2.0, 1.0, 5.0, 3.0, 1.0],
            "word": ["a", "b", "a", "b", "a"],
        }
    )
    assert telling_columns(table) == ("first", "own", "word")
    assert telling_columns(table[["constant"]]) == ("constant",)


def test_a_pruned_plan_gives_its_columns_only() -> None:
    pruned = feature_plan(COMPANY, OBSERVED)
    assert 0 < len(pruned.columns) < customer_features(COMPANY, OBSERVED).shape[1]
    assert tuple(customer_features(COMPANY, OBSERVED, plan=pruned).columns) == pruned.columns
    assert FeaturePlan.from_json(pruned.as_json()) == pruned


def test_every_column_has_a_label_in_plain_words() -> None:
    plan = feature_plan(COMPANY, OBSERVED, prune=False)
    columns = set(customer_features(COMPANY, OBSERVED)) - set(plan.attributes)
    assert columns <= set(feature_labels(plan))


def test_no_customers_give_a_table_without_rows() -> None:
    nobody = Frames(COMPANY.customers.iloc[:0])
    assert customer_features(nobody, OBSERVED, plan=feature_plan(COMPANY, OBSERVED)).shape[0] == 0


def _joined(frame: pd.DataFrame, later: pd.DataFrame, moved: pd.Timedelta, *dates: str) -> pd.DataFrame:
    shifted = later.assign(**{name: (later[name] + moved).astype(later[name].dtype) for name in dates})
    return pd.concat([frame, shifted], ignore_index=True)
