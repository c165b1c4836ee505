"""Contributions add up to the forecast; reasons are worded with the customer's value and the peers'."""

import numpy as np
import pandas as pd
import pytest

from analytics.churn import ChurnForecaster
from analytics.churn.encoding import TableEncoder
from analytics.churn.trees import BoostedTrees, Capacity
from analytics.explanations import (
    ColumnLabel,
    TreePaths,
    attribution,
    column_label,
    contributions,
    global_drivers,
    reasons,
)
from tests.analytics.churn.tables import customers


@pytest.fixture(scope="module")
def fitted() -> ChurnForecaster:
    return ChurnForecaster().fit(*customers(tangled=True))


def test_the_table_of_these_tests_needs_trees(fitted: ChurnForecaster) -> None:
    assert fitted.trees_ is not None


def test_contributions_add_up_to_the_log_odds(fitted: ChurnForecaster) -> None:
    frame, _ = customers(seed=4)
    found = contributions(fitted, frame)
    assert found.method == "path"
    assert np.allclose(found.values.sum(axis=1) + found.baseline, fitted.log_odds(frame), atol=1e-9)


def test_dropped_columns_contribute_nothing(fitted: ChurnForecaster) -> None:
    found = contributions(fitted, customers()[0])
    assert not found.values[:, found.columns.index("customer_id")].any()


def test_tree_paths_add_up_with_missing_and_unseen_values() -> None:
    frame, churned = customers()
    encoder = TableEncoder().fit(frame)
    table = encoder.transform(frame)
    sizes = [len(encoder.columns[k].categories) for k in encoder.category_columns]
    capacity = Capacity(leaves=31, learning_rate=0.2, least_leaf=3, shrinkage=0.0, features=1.0, iterations=30)
    trees = BoostedTrees(capacity, sizes, seed=0).fit(table, churned.astype(float), np.ones(len(frame)))
    odd = encoder.transform(frame.assign(usage=np.nan, contract="never seen"))
    paths = TreePaths(trees)
    total = paths.contributions(trees.inputs(odd)).sum(axis=1) + paths.baseline
    assert np.allclose(total, trees.log_odds(odd), atol=1e-9)


def test_falls_back_to_occlusion_when_trees_cannot_be_read(
    fitted: ChurnForecaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, _ = customers()
    exact = contributions(fitted, frame)
    monkeypatch.setattr(attribution, "leaf_steps", lambda nodes, columns: (0.0, nodes, np.zeros((1, columns))))
    found = contributions(fitted, frame)
    assert found.method == "occlusion"
    assert np.allclose(found.values.sum(axis=1) + found.baseline, fitted.log_odds(frame), atol=1e-9)
    assert np.corrcoef(found.values.ravel(), exact.values.ravel())[0, 1] > 0.6


def test_global_drivers_name_what_the_process_uses(fitted: ChurnForecaster) -> None:
    drivers = global_drivers(fitted, customers()[0])
    assert {"tenure", "usage"} <= set(drivers.index[:4])
    assert drivers["customer_id"] == 0


def test_reasons_are_ordered_limited_and_signed(fitted: ChurnForecaster) -> None:
    for row in reasons(fitted, customers(rows=50, seed=2)[0], up=2, down=1):
        raising = [reason.contribution for reason in row if reason.raises]
        lowering = [reason.contribution for reason in row if not reason.raises]
        assert raising == sorted(raising, reverse=True)
        assert len(raising) <= 2
        assert len(lowering) <= 1
        assert all(value > 0 for value in raising)
        assert all(value < 0 for value in lowering)


def test_sentences_name_the_value_and_the_peers(fitted: ChurnForecaster) -> None:
    frame, _ = customers()
    median = frame["tenure"].median()
    labels: dict[str, ColumnLabel | str] = {"tenure": ColumnLabel("Tenure", "months"), "contract": "Contract"}
    told = {
        reason.sentence
        for row in reasons(fitted, frame.assign(tenure=1, contract="monthly"), up=7, down=7, labels=labels)
        for reason in row
        if reason.column in ("tenure", "contract")
    }
    share = (frame["contract"] == "monthly").mean()
    assert told == {
        f"Tenure is 1 month; half of customers have {median:,.0f} or more",
        f"Contract is monthly, like {share:.0%} of customers".replace("%", " %"),
    }


def test_missing_and_rare_values_are_worded(fitted: ChurnForecaster) -> None:
    frame = customers(rows=40)[0].assign(usage=np.nan, contract="eternal")
    told = {reason.sentence for row in reasons(fitted, frame, up=7, down=7) for reason in row}
    assert "Usage is not known" in told
    assert not any("nan" in sentence.lower() for sentence in told)


@pytest.mark.parametrize(
    ("name", "label"),
    [("MonthlyCharges", "Monthly charges"), ("tenure_months", "Tenure months"), ("NPS score", "NPS score"), ("x", "X")],
)
def test_column_names_become_words(name: str, label: str) -> None:
    assert column_label(name).label == label


def test_no_rows_give_no_reasons(fitted: ChurnForecaster) -> None:
    empty = customers()[0].head(0)
    assert reasons(fitted, empty) == []
    assert isinstance(global_drivers(fitted, empty), pd.Series)
