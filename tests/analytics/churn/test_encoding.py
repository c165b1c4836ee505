"""How mixed columns are read, and how shape functions fold the coefficients of the smooth member."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.churn.additive import AdditiveLogit, SplineBasis
from analytics.churn.encoding import TableEncoder, as_days, as_numbers, column_kind, is_identifier, normalised
from analytics.churn.thin_data import thin_data_abstention
from tests.analytics.churn.tables import customers


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 3], "number"),
        ([1.5, None], "number"),
        ([True, False], "category"),
        (["1", " 2.5", " "], "number"),
        (["DSL", "Fiber"], "category"),
        (["2026-01-02", "2026-03-04T10:00:00Z", None], "date"),
        ([pd.Timestamp("2026-01-02", tz="Europe/Lisbon")], "date"),
        ([None, None], "category"),
        ([1, "a"], "category"),
    ],
)
def test_kinds_of_columns(values: list[object], kind: str) -> None:
    assert column_kind(pd.Series(values)) == kind


@pytest.mark.parametrize(
    ("value", "text"), [(None, "(missing)"), (np.nan, "(missing)"), (" ", "(missing)"), (" a ", "a"), (2.0, "2")]
)
def test_spellings_of_one_category_are_one(value: Hashable, text: str) -> None:
    assert normalised(value) == text


def test_infinities_and_words_are_missing_numbers() -> None:
    assert np.isnan(as_numbers(pd.Series([np.inf, -np.inf]))).all()
    assert as_numbers(pd.Series(["1", "x", None])).tolist()[0] == 1.0


@pytest.mark.parametrize("stamp", ["1970-01-02", "1970-01-02T00:00:00Z", "1970-01-02T01:00:00+01:00"])
def test_dates_are_days_in_utc(stamp: str) -> None:
    assert as_days(pd.Series([stamp])).tolist() == [1.0]


def test_identifiers_are_running_numbers_unique_text_or_unique_numbers_named_so() -> None:
    random = pd.Series(np.random.default_rng(0).permutation(10_000)[:200])
    assert is_identifier(pd.Series(range(200), name="n"), "number")
    assert is_identifier(random.rename("CustomerId"), "number")
    assert not is_identifier(random.rename("balance"), "number")
    assert not is_identifier(random.rename("paid"), "number")
    assert is_identifier(random.astype(str).rename("key"), "category")


def test_rare_and_unseen_values_share_a_code() -> None:
    city = [f"big {k % 11}" for k in range(300)] + [f"small {k}" for k in range(20)]
    encoder = TableEncoder().fit(pd.DataFrame({"city": city}))
    codes = encoder.transform(pd.DataFrame({"city": ["small 3", "nowhere", "big 1", None]})).codes[:, 0]
    assert codes[0] == codes[1] == codes[3] != codes[2]


def test_categories_and_text_encode_alike() -> None:
    frame, _ = customers(rows=80)
    encoder = TableEncoder().fit(frame)
    as_category = frame.assign(region=frame["region"].astype("category"), contract=frame["contract"].astype("category"))
    assert np.array_equal(encoder.transform(frame).codes, encoder.transform(as_category).codes)


@settings(derandomize=True, deadline=None, max_examples=12)
@given(st.integers(0, 1000), st.sampled_from([0, 4, 12]), st.sampled_from([0.1, 10.0]))
def test_shape_functions_equal_the_design_matrix(seed: int, splines: int, penalty: float) -> None:
    frame, churned = customers(rows=120, seed=seed)
    encoder = TableEncoder().fit(frame)
    table, weight = encoder.transform(frame), np.ones(len(frame))
    basis = SplineBasis(splines).fit(
        table, weight, [len(encoder.columns[k].categories) for k in encoder.category_columns]
    )
    matrix = basis.matrix(table)
    model = AdditiveLogit(basis, penalty).fit(matrix, churned.astype(float), weight)
    assert np.allclose(model.log_odds(table), matrix @ model.coefficients + model.intercept)
    assert np.allclose(matrix.mean(axis=0)[:1], 0, atol=1e-8)


@pytest.mark.parametrize(
    ("churners", "stayers", "severity"),
    [
        (0, 50, "refuse"),
        (29, 500, "refuse"),
        (30, 500, "warn"),
        (99, 500, "warn"),
        (500, 29, "refuse"),
        (100, 100, None),
    ],
)
def test_thin_data_are_refused_or_warned_of(churners: int, stayers: int, severity: str | None) -> None:
    found = thin_data_abstention([1] * churners + [0] * stayers)
    assert (found.severity if found else None) == severity
