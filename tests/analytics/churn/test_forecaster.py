"""The forecaster: scikit-learn's own rules, odd tables, calibration and determinism."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from analytics.churn import ChurnForecaster, InsufficientDataError
from analytics.evaluation.metrics import log_loss
from tests.analytics.churn.tables import customers


@pytest.fixture(scope="module")
def fitted() -> ChurnForecaster:
    return ChurnForecaster().fit(*customers())


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning", "ignore:invalid value:RuntimeWarning")
@parametrize_with_checks([ChurnForecaster()])
def test_obeys_the_rules_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def test_forecasts_better_than_the_base_rate(fitted: ChurnForecaster) -> None:
    frame, churned = customers(seed=1)
    found = fitted.predict_proba(frame)[:, 1]
    assert log_loss(churned, found) < 0.9 * log_loss(churned, np.full(len(churned), fitted.base_rate_))
    assert abs(found.mean() - churned.mean()) < 0.05


def test_is_the_same_each_time() -> None:
    frame, churned = customers(rows=200)
    first, second = (ChurnForecaster().fit(frame, churned).predict_proba(frame) for _ in range(2))
    assert np.array_equal(first, second)


def test_does_not_depend_on_the_order_of_rows() -> None:
    frame, churned = customers(rows=200)
    order = np.random.default_rng(3).permutation(len(frame))
    found = ChurnForecaster().fit(frame.iloc[order], churned[order])
    assert np.allclose(found.log_odds(frame), ChurnForecaster().fit(frame, churned).log_odds(frame))


def test_forecasts_in_chunks_as_at_once(fitted: ChurnForecaster) -> None:
    frame, _ = customers()
    parts = [fitted.predict_proba(frame.iloc[start : start + 7]) for start in range(0, len(frame), 7)]
    assert np.array_equal(np.concatenate(parts), fitted.predict_proba(frame))


@pytest.mark.parametrize("rows", [0, 1])
def test_forecasts_tables_of_no_or_one_row(fitted: ChurnForecaster, rows: int) -> None:
    assert fitted.predict_proba(customers()[0].head(rows)).shape == (rows, 2)
    assert fitted.predict(customers()[0].head(rows)).shape == (rows,)


def test_takes_values_never_seen_in_training(fitted: ChurnForecaster) -> None:
    frame, _ = customers(rows=5)
    frame["contract"] = "ten-year"
    frame["region"] = "moon"
    frame.loc[0, "usage"] = np.inf
    frame.loc[1, "tenure"] = 10_000
    frame["signed_up_on"] = pd.NaT
    assert np.isfinite(fitted.log_odds(frame)).all()


def test_leaves_out_constant_columns_and_identifiers() -> None:
    frame, churned = customers(rows=150)
    fitted = ChurnForecaster().fit(frame.assign(country="PT", number=np.arange(len(frame)) + 5), churned)
    dropped = {column.name for column in fitted.encoder_.columns if column.kind == "dropped"}
    assert dropped == {"customer_id", "country", "number"}


def test_reads_numbers_written_as_text() -> None:
    frame, churned = customers(rows=150)
    text = frame.assign(usage=frame["usage"].map(lambda cell: " " if np.isnan(cell) else f"{cell:.2f}"))
    fitted = ChurnForecaster().fit(text, churned)
    assert {column.name: column.kind for column in fitted.encoder_.columns}["usage"] == "number"


def test_weights_count_as_repeated_rows() -> None:
    frame, churned = customers(rows=200)
    weights = np.random.default_rng(0).integers(0, 3, len(frame))
    weighted = ChurnForecaster().fit(frame[["tenure", "usage"]], churned, sample_weight=weights)
    rows = np.repeat(np.arange(len(frame)), weights)
    repeated = ChurnForecaster().fit(frame[["tenure", "usage"]].iloc[rows], churned[rows])
    assert np.allclose(weighted.log_odds(frame[["tenure", "usage"]]), repeated.log_odds(frame[["tenure", "usage"]]))


def test_groups_must_be_as_long_as_the_table() -> None:
    frame, churned = customers(rows=100)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        ChurnForecaster().fit(frame, churned, groups=[1, 2])


def test_reads_the_later_of_two_words_as_churned() -> None:
    frame, churned = customers(rows=150)
    words = np.where(churned == 1, "Yes", "No")
    fitted = ChurnForecaster().fit(frame, words)
    assert list(fitted.classes_) == ["No", "Yes"]
    assert set(fitted.predict(frame)) <= {"No", "Yes"}


def test_refuses_a_single_class_with_the_reason() -> None:
    frame, _ = customers(rows=50)
    with pytest.raises(InsufficientDataError, match="only one class in the target: all 50 rows say 0"):
        ChurnForecaster().fit(frame, np.zeros(50, dtype=int))


def test_refuses_thin_data_when_told_to_and_says_so_otherwise() -> None:
    frame, churned = customers(rows=60)
    churned[np.flatnonzero(churned)[10:]] = 0
    with pytest.raises(InsufficientDataError, match="only 10 of 60 customers churned; at least 30"):
        ChurnForecaster(min_churners=30).fit(frame, churned)
    fitted = ChurnForecaster().fit(frame, churned)
    assert fitted.abstention_ is not None
    assert fitted.abstention_.severity == "refuse"


def test_has_no_reason_to_abstain_from_rich_data(fitted: ChurnForecaster) -> None:
    assert fitted.abstention_ is None
