"""Inner folds and the merging of equal rows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.churn.encoding import EncodedTable
from analytics.churn.selection import TrainingData, distinct_rows, inner_folds


def _data(numbers: list[int], y: list[int], groups: list[int] | None = None) -> TrainingData:
    table = EncodedTable(np.array(numbers, dtype=float)[:, None], np.zeros((len(numbers), 0), dtype=np.int32))
    tied = None if groups is None else np.array(groups)
    return distinct_rows(table, np.array(y, dtype=float), np.ones(len(y)), tied)


def test_equal_rows_become_one_with_their_weight() -> None:
    data = _data([5, 5, 7, 5], [1, 1, 0, 0])
    assert sorted(zip(data.table.numbers[:, 0], data.y, data.weight, strict=True)) == [(5, 0, 1), (5, 1, 2), (7, 0, 1)]


def test_missing_numbers_are_equal_to_each_other() -> None:
    table = EncodedTable(np.array([[np.nan], [np.nan]]), np.zeros((2, 0), dtype=np.int32))
    assert len(distinct_rows(table, np.zeros(2), np.ones(2), None).y) == 1


def test_rows_tied_by_content_and_by_group_form_one_group() -> None:
    data = _data([1, 2, 2, 3, 9], [0, 1, 0, 0, 1], groups=[7, 7, 8, 8, 5])
    group = dict(zip(data.table.numbers[:, 0], data.group, strict=True))
    assert group[1] == group[2] == group[3] != group[9]


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 1), st.integers(0, 20)), min_size=30, max_size=80))
def test_no_group_is_split_between_folds(rows: list[tuple[int, int, int]]) -> None:
    data = _data([a for a, _, _ in rows], [b for _, b, _ in rows], [c for _, _, c in rows])
    folds = list(inner_folds(data, 5, np.random.default_rng(0)))
    assert (np.sum(folds, axis=0) == 1).all()
    for test in folds:
        assert not set(data.group[test]) & set(data.group[~test])
