"""Leaves found for many rows at once are those that scikit-learn walks down to, to the last bit of the sum."""

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.churn import trees
from analytics.churn.encoding import EncodedTable, Floats
from analytics.churn.leaves import ROWS_AT_A_TIME, TreeLeaves
from analytics.churn.trees import BoostedTrees, Capacity

DEEP = Capacity(leaves=31, learning_rate=0.2, least_leaf=3, shrinkage=0.0, features=1.0, iterations=40)
SMALL = Capacity(leaves=2, learning_rate=0.1, least_leaf=20, shrinkage=1.0, features=1.0, iterations=5)
SIZES = [4, 30]


def table_of(rows: int, seed: int, *, missing: float = 0.1) -> tuple[EncodedTable, Floats]:
    """Continuous, whole and constant numbers with gaps, two columns of codes with some unseen, and 0/1 targets."""
    rng = np.random.default_rng(seed)
    numbers = np.column_stack([rng.normal(size=rows), rng.integers(0, 5, rows), np.full(rows, 2.0)])
    gaps = rng.random(numbers.shape) < missing
    codes = np.column_stack([rng.integers(-1, size, rows) for size in SIZES]).astype(np.int32)
    score = np.where(gaps[:, 0], 1.5, numbers[:, 0]) + 0.4 * (codes[:, 1] % 3) - (numbers[:, 1] == 2)
    return EncodedTable(np.where(gaps, np.nan, numbers), codes), (rng.random(rows) < 1 / (1 + np.exp(-score))) * 1.0


def fitted(capacity: Capacity, *, missing: float = 0.1) -> BoostedTrees:
    table, churned = table_of(3_000, seed=1, missing=missing)
    return BoostedTrees(capacity, SIZES, seed=0).fit(table, churned, np.ones(len(table)))


def walked(model: BoostedTrees, table: EncodedTable) -> Floats:
    found: Floats = model.model.decision_function(model.inputs(table))
    return found


@pytest.mark.parametrize("capacity", [DEEP, SMALL], ids=["31 leaves", "2 leaves"])
@pytest.mark.parametrize("missing", [0.0, 0.1], ids=["complete", "with gaps"])
def test_log_odds_are_those_of_scikit_learn_to_the_last_bit(capacity: Capacity, missing: float) -> None:
    model = fitted(capacity, missing=missing)
    table, _ = table_of(ROWS_AT_A_TIME + 7, seed=2)
    assert np.array_equal(model.log_odds(table), walked(model, table))


def test_values_on_a_threshold_and_beyond_all_go_where_scikit_learn_sends_them() -> None:
    model = fitted(DEEP)
    split = np.concatenate([nodes["num_threshold"][nodes["feature_idx"] == 0] for nodes in model.nodes])
    edges = np.unique(split[np.isfinite(split)])
    values = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf), [-1e300, 1e300, -0.0]])
    values = np.resize(values, max(len(values), trees.FEW_ROWS + 1))
    numbers = np.column_stack([values, np.full(len(values), 2.0), np.full(len(values), 2.0)])
    table = EncodedTable(numbers, np.zeros((len(values), 2), dtype=np.int32))
    assert np.array_equal(model.log_odds(table), walked(model, table))


def test_a_customer_alone_and_in_company_has_the_same_forecast() -> None:
    model = fitted(DEEP)
    table, _ = table_of(trees.FEW_ROWS + 1, seed=3)
    alone = [model.log_odds(table.take(slice(row, row + 1)))[0] for row in range(25)]
    assert model.log_odds(table)[:25].tolist() == alone


def test_leaves_are_numbered_in_the_order_of_the_nodes() -> None:
    model = fitted(DEEP)
    table, _ = table_of(500, seed=4)
    inputs = model.inputs(table)
    leaves = TreeLeaves(model.nodes, inputs.shape[1])
    found = list(leaves.of([leaves.marks(k, inputs[:, k]) for k in range(inputs.shape[1])]))
    known = [nodes["value"][nodes["is_leaf"] == 1] for nodes in model.nodes]
    for (predictor,), values, own in zip(model.model._predictors, known, found, strict=True):
        bitsets = model.model._bin_mapper.make_known_categories_bitsets()
        assert np.array_equal(values[own], predictor.predict(inputs, *bitsets, 1))


def test_a_tree_without_a_split_gives_everybody_its_one_leaf() -> None:
    stump = replace(SMALL, least_leaf=3_000, iterations=2)
    model = fitted(stump)
    table, _ = table_of(trees.FEW_ROWS + 1, seed=5)
    assert all(len(nodes) == 1 for nodes in model.nodes)
    assert np.array_equal(model.log_odds(table), walked(model, table))


def test_what_was_read_from_the_trees_is_neither_saved_nor_kept_through_another_fit() -> None:
    model = fitted(DEEP)
    saved: Any = pickle.dumps(model)
    table, churned = table_of(trees.FEW_ROWS + 1, seed=6)
    before = model.log_odds(table)
    assert pickle.dumps(model) == saved
    again = model.fit(table, churned, np.ones(len(table)))
    assert not np.array_equal(again.log_odds(table), before)
    assert np.array_equal(again.log_odds(table), walked(again, table))
