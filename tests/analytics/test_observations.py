"""Observation dates, labels and training tables."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.features import customer_features
from analytics.frames import Frames, check_customers, check_events, check_subscriptions
from analytics.observations import at_risk, churn_labels, observation_dates, scoring_table, training_table
from db.errors import TrainingError
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import day, shopping_company, small_company

CANCEL = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE, churn_horizon_days=30, lead_time_days=10)
SILENCE = ChurnDefinition(
    ChurnDefinitionKind.INACTIVITY, inactivity_days=60, activity_kinds=("purchase",), churn_horizon_days=30
)
SEEN_ON = date(2026, 1, 1)


def _contract(*spans: tuple[str, str | None]) -> Frames:
    lines = pd.DataFrame([("a", *span) for span in spans], columns=["customer_id", "started_on", "ended_on"])
    return Frames(check_customers(pd.DataFrame({"customer_id": ["a"]})), check_subscriptions(lines))


@pytest.mark.parametrize(
    ("spans", "label"),
    [
        ([("2025-01-01", None)], [0]),
        ([("2025-01-01", "2026-01-11")], []),  # leaves within the lead time: nothing could reach them
        ([("2025-01-01", "2026-01-12")], [1]),
        ([("2025-01-01", "2026-02-10")], [1]),
        ([("2025-01-01", "2026-02-11")], [0]),
        ([("2025-01-01", "2025-12-31")], []),
        ([("2026-01-01", None)], []),
        ([("2025-01-01", "2026-01-20"), ("2026-01-20", None)], [0]),  # a change of plan is not churn
        ([("2025-01-01", "2026-01-20"), ("2026-03-20", None)], [1]),  # won back after the window
        ([("2024-01-01", "2024-03-01"), ("2025-06-01", "2026-01-20")], [1]),
    ],
)
def test_a_contract_that_ends_in_the_window_is_churn(spans: list[tuple[str, str | None]], label: list[int]) -> None:
    assert churn_labels(_contract(*spans), CANCEL, SEEN_ON).churned.tolist() == label


def test_without_contract_lines_the_churn_date_of_the_customer_counts() -> None:
    customers = pd.DataFrame(
        {"customer_id": ["a", "b", "c"], "signed_up_on": "2025-01-01", "churned_on": ["2026-01-15", None, "2025-06-01"]}
    )
    labels = churn_labels(Frames(check_customers(customers)), CANCEL, SEEN_ON)
    assert dict(zip(labels.customer_ids, labels.churned, strict=True)) == {"a": 1, "b": 0}


def test_silence_is_churn_only_of_those_who_were_active() -> None:
    events = pd.DataFrame(
        [
            ("stays", "2025-12-20T00:00"),
            ("stays", "2026-01-10T00:00"),
            ("leaves", "2025-12-31T23:59"),
            ("leaves", "2026-02-01T00:00"),
            ("silent", "2025-10-01T00:00"),
        ],
        columns=["customer_id", "occurred_at"],
    ).assign(kind="purchase")
    other = pd.DataFrame({"customer_id": ["leaves"], "occurred_at": ["2026-01-05T00:00"], "kind": ["refund"]})
    customers = check_customers(pd.DataFrame({"customer_id": ["stays", "leaves", "silent"]}))
    frames = Frames(customers, events=check_events(pd.concat([events, other])))
    labels = churn_labels(frames, SILENCE, SEEN_ON)
    assert dict(zip(labels.customer_ids, labels.churned, strict=True)) == {"stays": 0, "leaves": 1}
    assert churn_labels(frames, SILENCE, SEEN_ON, population="seen").churned.tolist() == [0, 1, 1]
    assert churn_labels(frames, SILENCE, SEEN_ON, churn_horizon_days=40).churned.tolist() == [0, 0]


def test_a_label_without_dates_cannot_be_observed() -> None:
    with pytest.raises(TrainingError, match="cannot be observed"):
        churn_labels(_contract(("2025-01-01", None)), ChurnDefinition(ChurnDefinitionKind.LABEL), SEEN_ON)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(30, 900), st.integers(1, 60), st.integers(1, 120), st.integers(0, 30))
def test_every_label_window_ends_by_the_cut_off(span: int, every: int, horizon: int, lead: int) -> None:
    definition = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE, churn_horizon_days=horizon, lead_time_days=lead)
    first, cut_off = day(0), day(span)
    if horizon + lead > span:
        with pytest.raises(TrainingError, match="too short"):
            observation_dates(first, cut_off, definition, every_days=every)
        return
    dates = observation_dates(first, cut_off, definition, every_days=every, at_most=8)
    assert 1 <= len(dates) <= 8
    assert dates == sorted(dates)
    assert dates[0] >= first
    assert dates[-1] + timedelta(days=horizon + lead) == cut_off


def test_a_training_table_holds_what_was_known_and_what_came_of_it() -> None:
    company = small_company()
    dates = [day(number) for number in (200, 260, 320, 380)]
    table = training_table(company, CANCEL, dates, cut_off=day(365))
    assert sorted(set(table.observation_dates)) == [pd.Timestamp(when).to_datetime64() for when in dates[:3]]
    expected = churn_labels(company, CANCEL, dates[1])
    rows = table.on(dates[1])
    assert rows.customer_ids.tolist() == expected.customer_ids.tolist()
    assert rows.y.tolist() == expected.churned.tolist()
    features = customer_features(company, dates[1], plan=table.plan).loc[list(rows.customer_ids)]
    pd.testing.assert_frame_equal(rows.X, features.reset_index(drop=True))


def test_training_rows_do_not_depend_on_what_happened_after_the_cut_off() -> None:
    company, cut_off = shopping_company(customers=60), day(400)
    known = company.events["occurred_at"] <= pd.Timestamp(cut_off, tz="UTC")
    dates = [day(number) for number in (310, 340, 370)]
    whole = training_table(company, SILENCE, dates, cut_off=cut_off)
    then = training_table(replace(company, events=company.events[known]), SILENCE, dates, cut_off=cut_off)
    pd.testing.assert_frame_equal(whole.X, then.X)
    np.testing.assert_array_equal(whole.y, then.y)


def test_until_keeps_the_rows_whose_outcome_is_known() -> None:
    table = training_table(shopping_company(customers=60), SILENCE, [day(300), day(330), day(360)])
    assert set(table.until(day(360)).observation_dates) == set(
        table.observation_dates[table.observation_dates < np.datetime64(day(331))]
    )
    assert len(table.base_rates()) == 3


def test_no_usable_window_is_a_training_error() -> None:
    with pytest.raises(TrainingError, match="No label window"):
        training_table(small_company(), CANCEL, [day(300)], cut_off=day(310))


def test_a_scoring_table_has_the_customers_at_risk_and_the_columns_of_training() -> None:
    company = small_company()
    table = training_table(company, CANCEL, [day(300)])
    scored = scoring_table(company, CANCEL, day(400), table.plan)
    assert list(scored.columns) == list(table.X.columns)
    assert set(scored.index) == set(at_risk(company, CANCEL, day(400)))
    assert 0 < len(scored) < len(company.customers)
