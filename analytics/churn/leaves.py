"""Finds the leaves that rows end in, for all rows of a tree at once instead of walking down row by row."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.churn.encoding import Floats

Marks = npt.NDArray[np.uint8]

MISSING_MARK = 255
ROWS_AT_A_TIME = 25_000
"""The marks of so many rows stay in the processor's cache while all trees read them."""


class _Split(NamedTuple):
    """Rows whose mark is at most `mark` go left; `left` and `right` are splits or numbers of leaves."""

    column: int
    mark: int
    missing_goes_left: bool
    left: "_Split | int"
    right: "_Split | int"


class TreeLeaves:
    """Leaf numbers of rows in trees of scikit-learn's histogram boosting, exactly the leaves it finds itself.

    Each input column becomes one mark, a byte: how many of the thresholds of all trees lie below it. Boosting tries
    at most 254 thresholds per column, so a mark loses nothing, and a split compares bytes, many rows per instruction.
    Leaves are numbered in the order of the nodes; `trees` are their node arrays, without categorical splits.
    """

    def __init__(self, trees: Sequence[npt.NDArray[Any]], columns: int) -> None:
        names = ("is_leaf", "feature_idx", "num_threshold")
        is_leaf, feature, threshold = (np.concatenate([nodes[name] for nodes in trees]) for name in names)
        self._thresholds = [np.unique(threshold[(feature == k) & (is_leaf == 0)]) for k in range(columns)]
        self._mark_of = {
            (column, threshold): mark
            for column, known in enumerate(self._thresholds)
            for mark, threshold in enumerate(known.tolist())
        }
        self._roots = [self._read(nodes) for nodes in trees]
        self._values = [nodes["value"][nodes["is_leaf"] == 1] for nodes in trees]

    def _read(self, nodes: npt.NDArray[Any]) -> _Split | int:
        """The root of a tree; children follow their parents in `nodes`."""
        names = ("is_leaf", "left", "right", "feature_idx", "missing_go_to_left", "num_threshold")
        is_leaf, left, right, feature, missing, threshold = (nodes[name].tolist() for name in names)
        number = (np.cumsum(nodes["is_leaf"]) - 1).tolist()
        built: dict[int, _Split | int] = {}
        for at in reversed(range(len(nodes))):
            if is_leaf[at]:
                built[at] = number[at]
            else:
                mark = self._mark_of[feature[at], threshold[at]]
                built[at] = _Split(feature[at], mark, bool(missing[at]), built[left[at]], built[right[at]])
        return built[0]

    def marks(self, column: int, values: Floats) -> Marks:
        """The marks (n,) of some values of an input column."""
        found = np.searchsorted(self._thresholds[column], values).astype(np.uint8)
        found[np.isnan(values)] = MISSING_MARK
        return found

    def of(self, marks: Sequence[Marks]) -> Iterator[Marks]:
        """The leaf numbers (n,) in each tree in turn, from the marks (n,) of each input column."""
        # One more makes 255 a 0: where missing values go left, they are smaller than all others.
        lifted = [column + np.uint8(1) for column in marks]
        for root in self._roots:
            found = _chosen(root, marks, lifted)
            yield found if isinstance(found, np.ndarray) else np.full(len(marks[0]), found)

    def added(self, marks: Sequence[Marks], baseline: float) -> Floats:
        """The baseline plus the values (n,) of all leaves, added in scikit-learn's order: the same to the last bit."""
        total = np.full(len(marks[0]), baseline)
        for values, leaves in zip(self._values, self.of(marks), strict=True):
            total += values.take(leaves)
        return total


def _chosen(split: _Split | int, marks: Sequence[Marks], lifted: Sequence[Marks]) -> Marks | np.uint8:
    """The leaf numbers below a split, from the tips to the root; one number for all where it is a leaf itself."""
    if isinstance(split, int):
        return np.uint8(split)
    if split.missing_goes_left:
        goes_left = lifted[split.column] <= np.uint8(split.mark + 1)
    else:
        goes_left = marks[split.column] <= np.uint8(split.mark)
    left, right = _chosen(split.left, marks, lifted), _chosen(split.right, marks, lifted)
    # right ^ (left ^ right) where the mask is all ones, right where it is all zeros.
    found = np.negative(goes_left.view(np.uint8))
    found &= left ^ right
    found ^= right
    return found
