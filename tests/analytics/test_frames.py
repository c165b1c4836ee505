"""The contract of the frames that everything exchanges."""

import pandas as pd
import pytest

from analytics.frames import (
    CUSTOMER_COLUMNS,
    Frames,
    check_customers,
    check_events,
    check_messages,
    check_subscriptions,
    empty_customers,
    empty_events,
    empty_messages,
    empty_subscriptions,
)
from db.errors import InputError


def test_empty_frames_pass_their_own_checks() -> None:
    frames = Frames(empty_customers(), empty_subscriptions(), empty_events(), empty_messages(with_sentiment=True))
    assert frames.checked().customers.dtypes.astype(str).to_dict() == dict(CUSTOMER_COLUMNS)


def test_missing_columns_are_filled_and_attributes_kept() -> None:
    frame = check_customers(pd.DataFrame({"customer_id": [1, 2], "segment": ["home", "office"]}))
    assert frame["customer_id"].tolist() == ["1", "2"]
    assert frame["churned_on"].isna().all()
    assert Frames(frame).attributes == ("segment",)


def test_times_become_utc_and_dates_midnights() -> None:
    events = check_events(
        pd.DataFrame({"customer_id": ["a"], "kind": ["login"], "occurred_at": ["2026-03-01T01:30:00+02:00"]})
    )
    assert events["occurred_at"].iloc[0] == pd.Timestamp("2026-02-28T23:30:00Z")
    lines = check_subscriptions(pd.DataFrame({"customer_id": ["a"], "started_on": ["2026-03-01 14:00"]}))
    assert lines["started_on"].iloc[0] == pd.Timestamp("2026-03-01")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"name": ["a"]}), "'customer_id' is missing"),
        (pd.DataFrame({"customer_id": ["a", "a"]}), "more than once"),
        (pd.DataFrame({"customer_id": ["a", None]}), "1 rows have no customer_id"),
        (pd.DataFrame({"customer_id": ["a"], "monthly_revenue": ["twenty"]}), "cannot be read as float64"),
    ],
)
def test_a_broken_customers_frame_is_refused_with_the_place(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_customers(frame)


def test_a_contract_line_may_not_end_before_it_starts() -> None:
    lines = pd.DataFrame({"customer_id": ["a"], "started_on": ["2026-03-02"], "ended_on": ["2026-03-01"]})
    with pytest.raises(InputError, match="ends before it starts"):
        check_subscriptions(lines)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"negative": [0.5]}, "together or not at all"),
        ({"negative": [1.5], "neutral": [0.0], "positive": [0.0]}, "outside 0..1"),
    ],
)
def test_sentiment_columns_are_probabilities_and_come_together(extra: dict[str, list[float]], message: str) -> None:
    frame = pd.DataFrame({"customer_id": ["a"], "sent_at": ["2026-03-01"], **extra})
    with pytest.raises(InputError, match=message):
        check_messages(frame)


def test_frames_narrow_to_some_customers() -> None:
    customers = check_customers(pd.DataFrame({"customer_id": ["a", "b"]}))
    events = check_events(
        pd.DataFrame({"customer_id": ["a", "b"], "kind": "login", "occurred_at": pd.Timestamp("2026-01-01", tz="UTC")})
    )
    narrowed = Frames(customers, events=events).of_customers(["b"])
    assert narrowed.customers["customer_id"].tolist() == narrowed.events["customer_id"].tolist() == ["b"]
