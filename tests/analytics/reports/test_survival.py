import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.reports.survival import Lifetimes, counted_lifetimes, dated_lifetimes, kaplan_meier

TODAY = pd.Timestamp("2026-01-01")


def followed(entry: list[float], end: list[float], left: list[bool]) -> Lifetimes:
    return Lifetimes(np.array(entry), np.array(end), np.array(left))


def test_without_late_entry_or_censoring_survival_is_the_share_left() -> None:
    ends = [float(month) for month in range(1, 41)]
    curve = kaplan_meier(followed([-1.0] * 40, ends, [True] * 40), [0, 10, 20])
    assert curve.survival == pytest.approx([1.0, 0.75, 0.5])
    assert curve.at_risk.tolist() == [40, 31, 21]


def test_the_estimate_equals_one_worked_by_hand() -> None:
    # 20 at risk: one leaves at 2; five are lost from sight at 3; one of the 14 that are left leaves at 4.
    ends = [2.0] + [3.0] * 5 + [4.0] + [9.0] * 13
    left = [True] + [False] * 5 + [True] + [False] * 13
    curve = kaplan_meier(followed([-1.0] * 20, ends, left), [2, 4])
    assert curve.survival == pytest.approx([19 / 20, 19 / 20 * 13 / 14])
    assert (curve.low < curve.survival).all()
    assert (curve.high > curve.survival).all()


def test_customers_count_only_from_the_month_they_are_seen() -> None:
    # Twenty are seen from the start and half of them leave at 1; eighty more are seen from month 5 on.
    ends = [1.0] * 10 + [12.0] * 10 + [12.0] * 80
    left = [True] * 10 + [False] * 90
    seen = kaplan_meier(followed([-1.0] * 20 + [5.0] * 80, ends, left), [1])
    blind = kaplan_meier(followed([-1.0] * 100, ends, left), [1])
    assert seen.survival[0] == pytest.approx(0.5)
    assert blind.survival[0] == pytest.approx(0.9)


def test_where_few_are_left_nothing_is_claimed() -> None:
    curve = kaplan_meier(followed([-1.0] * 30, [2.0] * 25 + [30.0] * 5, [True] * 30), [1, 12, 24])
    assert curve.survival[0] == 1.0
    assert np.isnan(curve.survival[1:]).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0.1, 40), st.booleans()), min_size=1, max_size=60))
def test_survival_never_rises_and_lies_within_its_band(lives: list[tuple[float, float, bool]]) -> None:
    entry = [start for start, _, _ in lives]
    curve = kaplan_meier(followed(entry, [a + b for a, b, _ in lives], [left for _, _, left in lives]), range(60))
    known = ~np.isnan(curve.survival)
    assert (np.diff(curve.survival[known]) <= 1e-12).all()
    assert (curve.low[known] <= curve.survival[known] + 1e-12).all()
    assert (curve.high[known] >= curve.survival[known] - 1e-12).all()


def frame(rows: list[tuple[str | None, str | None, bool]]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["signed_up_on", "churned_on", "active"])
    for name in ("signed_up_on", "churned_on"):
        found[name] = pd.to_datetime(found[name]).astype("datetime64[us]")
    return found


def test_lifetimes_begin_with_the_first_recorded_departure() -> None:
    found = dated_lifetimes(
        frame([("2020-01-01", None, True), ("2025-01-01", "2025-07-01", False), ("2025-08-01", None, True)]), TODAY
    )
    assert found is not None
    assert found.entry[0] == pytest.approx(65.9, abs=0.1)
    assert found.entry[2] == 0
    assert found.left.tolist() == [False, True, False]


@pytest.mark.parametrize("rows", [[], [(None, None, True)], [("2025-01-01", None, True)]])
def test_without_dates_of_leaving_there_are_no_dated_lifetimes(rows: list[tuple[str | None, str | None, bool]]) -> None:
    assert dated_lifetimes(frame(rows), TODAY) is None


def test_a_label_and_time_as_a_customer_will_do() -> None:
    found = counted_lifetimes(pd.DataFrame({"tenure_months": [1.0, 5.0, np.nan], "churned": [1.0, 0.0, 1.0]}))
    assert found is not None
    assert found.end.tolist() == [1.0, 5.0]
    assert found.left.tolist() == [True, False]
