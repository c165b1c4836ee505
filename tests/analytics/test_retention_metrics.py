"""Churn and retention between two dates, by hand and by their laws."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.frames import Frames
from analytics.retention_metrics import Retention, cohort_retention, month_ends, retention
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

ENDS = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE)
START, END = date(2026, 3, 31), date(2026, 4, 30)

Line = tuple[str, str, str | None, float | None]


def company(lines: list[Line], customers: list[dict[str, Any]] | None = None) -> Frames:
    frame = pd.DataFrame(lines, columns=["customer_id", "started_on", "ended_on", "mrr"])
    ids = [{"customer_id": one} for one in frame["customer_id"].unique()]
    return Frames(pd.DataFrame([*ids, *(customers or [])]), subscriptions=frame).checked()


def test_retention_by_hand() -> None:
    found = retention(
        company(
            [
                ("stays", "2025-01-01", None, 50.0),
                ("leaves", "2025-01-01", "2026-04-15", 30.0),
                ("pays less", "2025-01-01", "2026-04-10", 40.0),
                ("pays less", "2026-04-10", None, 25.0),
                ("pays more", "2025-01-01", "2026-04-10", 20.0),
                ("pays more", "2026-04-10", None, 28.0),
                ("has two", "2025-01-01", None, 5.0),
                ("has two", "2025-06-01", "2026-04-02", 5.0),
                ("joins", "2026-04-20", None, 99.0),
                ("left long ago", "2024-01-01", "2025-01-01", 70.0),
                ("comes and goes", "2026-04-05", "2026-04-25", 11.0),
            ]
        ),
        ENDS,
        START,
        END,
    )
    assert (found.at_start, found.lost, found.joined, found.unpriced) == (5, 1, 1, 0)
    assert (found.start_mrr, found.churned_mrr, found.joined_mrr) == (150.0, 30.0, 99.0)
    assert (found.contraction_mrr, found.expansion_mrr, found.end_mrr) == (20.0, 8.0, 108.0)
    assert found.logo_churn == pytest.approx(1 / 5)
    assert found.mrr_churn == pytest.approx(50 / 150)
    assert found.gross_revenue_retention == pytest.approx(100 / 150)
    assert found.net_revenue_retention == pytest.approx(108 / 150)


@pytest.mark.parametrize(("again", "lost"), [("2026-05-02", 0), ("2026-05-05", 1)])
def test_a_short_gap_between_two_lines_is_no_departure(again: str, lost: int) -> None:
    frames = company([("c", "2025-01-01", "2026-04-27", 10.0), ("c", again, None, 12.0)])
    found = retention(frames, ENDS, START, END)
    assert (found.at_start, found.lost) == (1, lost)
    assert found.end_mrr == (0.0 if lost else 10.0)


def test_who_leaves_and_comes_back_in_between_was_not_lost() -> None:
    frames = company([("c", "2025-01-01", "2026-04-02", 10.0), ("c", "2026-04-25", None, 10.0)])
    assert retention(frames, ENDS, START, END).lost == 0


def test_customers_without_lines_count_from_sign_up_to_departure() -> None:
    known: dict[str, Any] = {"signed_up_on": "2025-01-01", "monthly_revenue": 10.0}
    customers: list[dict[str, Any]] = [
        known | {"customer_id": "stays"},
        known | {"customer_id": "leaves", "churned_on": "2026-04-09", "status": "churned"},
        known | {"customer_id": "left who knows when", "status": "churned"},
        {"customer_id": "unpriced", "signed_up_on": "2025-01-01"},
    ]
    found = retention(company([], customers), ENDS, START, END)
    assert (found.at_start, found.lost, found.unpriced) == (3, 1, 1)
    assert (found.start_mrr, found.churned_mrr) == (20.0, 10.0)


def test_silence_loses_customers_but_no_recurring_money() -> None:
    silence = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, inactivity_days=30, activity_kinds=("purchase",))
    acts = [("buys on", "2026-03-30"), ("buys on", "2026-04-29"), ("stops", "2026-03-20"), ("stopped", "2026-01-01")]
    events = pd.DataFrame(acts, columns=["customer_id", "occurred_at"]).assign(kind="purchase")
    frames = Frames(pd.DataFrame({"customer_id": events["customer_id"].unique()}), events=events).checked()
    found = retention(frames, silence, START, END)
    assert (found.at_start, found.lost, found.unpriced) == (2, 1, 2)
    assert found.logo_churn == 0.5
    assert found.gross_revenue_retention is None
    assert found.as_json()["net_revenue_retention"] is None


def test_a_label_without_dates_has_no_retention() -> None:
    with pytest.raises(ValueError, match="label without dates"):
        retention(company([("c", "2025-01-01", None, 1.0)]), ChurnDefinition(ChurnDefinitionKind.LABEL), START, END)
    with pytest.raises(ValueError, match="before it starts"):
        retention(company([("c", "2025-01-01", None, 1.0)]), ENDS, END, START)


FIRST = date(2025, 1, 1)
spans = st.tuples(st.integers(0, 6), st.integers(0, 500), st.integers(0, 300) | st.none(), st.floats(0, 500))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(spans, min_size=1, max_size=25), st.integers(0, 450), st.integers(0, 200))
def test_the_laws_of_retention(lines: list[tuple[int, int, int | None, float]], start: int, length: int) -> None:
    def day(number: int) -> str:
        return (FIRST + timedelta(days=number)).isoformat()

    frames = company([(f"c{who}", day(on), None if n is None else day(on + n), mrr) for who, on, n, mrr in lines])
    begin = FIRST + timedelta(days=start)
    found = retention(frames, ENDS, begin, begin + timedelta(days=length))
    assert 0 <= found.lost <= found.at_start
    assert found.end_mrr >= -1e-6
    churn, gross, net = found.mrr_churn, found.gross_revenue_retention, found.net_revenue_retention
    assert (churn is None) == (found.start_mrr == 0)
    if churn is not None and gross is not None and net is not None:
        assert 0 <= churn <= 1 + 1e-9
        assert gross <= 1
        assert net >= gross - 1e-9
    same = retention(frames, ENDS, begin, begin)
    assert (same.lost, same.joined, same.churned_mrr, same.contraction_mrr, same.expansion_mrr) == (0, 0, 0, 0, 0)


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.lists(spans, min_size=2, max_size=20))
def test_groups_of_customers_add_up_to_all_of_them(lines: list[tuple[int, int, int | None, float]]) -> None:
    def of(members: set[int]) -> Retention:
        rows: list[Line] = []
        for who, on, length, mrr in lines:
            begin = FIRST + timedelta(days=on)
            end = None if length is None else (begin + timedelta(days=length)).isoformat()
            if who in members:
                rows.append((f"c{who}", begin.isoformat(), end, mrr))
        return retention(company(rows), ENDS, date(2025, 9, 1), date(2026, 1, 1)) if rows else Retention()

    low, high, both = of({0, 1, 2}), of({3, 4, 5, 6}), of(set(range(7)))
    for name, value in (low + high).as_json().items():
        assert value == pytest.approx(both.as_json()[name])


def test_months_end_on_their_last_day() -> None:
    assert month_ends(date(2024, 3, 15), 2) == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]
    assert month_ends(date(2024, 3, 31), 1) == [date(2024, 2, 29), date(2024, 3, 31)]


def test_cohorts_by_hand() -> None:
    rows = [
        ("2025-01-10", None, True),
        ("2025-02-10", "2025-02-28", False),
        ("2025-03-10", "2025-06-01", False),
        ("2025-05-10", None, True),
        ("2024-12-31", "2025-01-05", False),
        ("2025-02-01", None, False),
    ]
    frame = pd.DataFrame(rows, columns=["signed_up_on", "churned_on", "active"])
    frame[["signed_up_on", "churned_on"]] = frame[["signed_up_on", "churned_on"]].apply(pd.to_datetime)
    first, second = cohort_retention(frame, pd.Timestamp("2025-07-01"), (1, 3))
    assert (first.quarter, first.customers) == ("2025 Q1", 3)
    assert first.shares == pytest.approx((2 / 3, 1 / 3))
    assert (second.quarter, second.customers, second.shares) == ("2025 Q2", 1, (1.0, None))
