"""Which columns raise or lower a forecast, in exact log-odds.

Contributions are drivers in the model, never causes. For every row they add up to the forecast's log-odds: the smooth
member is a sum of shape functions already; each tree's output is credited to columns along its decision path, every
split giving its column the change of the node mean (Saabas 2014).
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.churn import ChurnForecaster
from analytics.churn.encoding import EncodedTable, Floats
from analytics.churn.leaves import ROWS_AT_A_TIME
from analytics.churn.trees import BoostedTrees

ADDITIVITY_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Contributions:
    """Log-odds contributions (n, p) of the source columns; a row's sum plus `baseline` is its forecast's log-odds.

    `method` is 'path' for exact attribution along the trees, 'occlusion' where the trees could not be read.
    """

    columns: list[str]
    values: Floats
    baseline: float
    method: Literal["path", "occlusion"]


class TreePaths:
    """Path attribution of one fitted `BoostedTrees`: what each leaf credits to the columns on its path."""

    def __init__(self, trees: BoostedTrees) -> None:
        self.baseline = trees.baseline
        self._leaves = trees.leaves
        self._steps: list[list[tuple[int, Floats]]] = []
        for tree in trees.nodes:
            root, steps = leaf_steps(tree, trees.model.n_features_in_)
            self.baseline += root
            used = np.flatnonzero(steps.any(axis=0)).tolist()
            self._steps.append([(k, np.ascontiguousarray(steps[:, k])) for k in used])

    def contributions(self, inputs: Floats) -> Floats:
        """Log-odds (n, p) per input column of the trees; rows sum to the raw prediction less `baseline`."""
        found = np.zeros(inputs.shape, order="F")
        for start in range(0, len(inputs), ROWS_AT_A_TIME):
            rows = slice(start, start + ROWS_AT_A_TIME)
            marks = [self._leaves.marks(k, inputs[rows, k]) for k in range(inputs.shape[1])]
            for leaves, steps_of in zip(self._leaves.of(marks), self._steps, strict=True):
                for k, steps in steps_of:
                    found[rows, k] += steps.take(leaves)
        return found


def leaf_steps(nodes: npt.NDArray[Any], columns: int) -> tuple[float, Floats]:
    """Read one tree: its root mean, and the steps (leaves, columns) on the path to each leaf, in the order of nodes.

    Node means are the count-weighted means of the leaves below; children follow their parents in `nodes`.
    """
    names = ("is_leaf", "left", "right", "feature_idx", "count", "value")
    is_leaf, left, right, feature, count, means = (nodes[name].tolist() for name in names)
    inner = [at for at in range(len(nodes)) if not is_leaf[at]]
    for at in reversed(inner):
        counts = float(count[left[at]]), float(count[right[at]])
        means[at] = (counts[0] * means[left[at]] + counts[1] * means[right[at]]) / (counts[0] + counts[1])
    steps = np.zeros((len(nodes), columns))
    for at in inner:
        for child in (left[at], right[at]):
            steps[child] = steps[at]
            steps[child, feature[at]] += means[child] - means[at]
    return means[0], steps[nodes["is_leaf"] == 1]


def contributions(forecaster: ChurnForecaster, frame: pd.DataFrame) -> Contributions:
    """Contributions of every source column to every row's log-odds, checked to add up, else by occlusion."""
    table = forecaster.encode(frame)
    goal = forecaster.encoded_log_odds(table)
    try:
        found = _path_contributions(forecaster, table)
    except (AttributeError, ImportError, TypeError, ValueError):
        return _occlusion(forecaster, table, goal)
    error = np.abs(found.values.sum(axis=1) + found.baseline - goal).max(initial=0.0)
    return found if error <= ADDITIVITY_TOLERANCE else _occlusion(forecaster, table, goal)


def _sources(forecaster: ChurnForecaster) -> list[int]:
    """Positions of the source columns behind the numbers, then the codes, of an encoded table."""
    encoder = forecaster.encoder_
    return [*encoder.number_columns, *encoder.category_columns]


def _path_contributions(forecaster: ChurnForecaster, table: EncodedTable) -> Contributions:
    blend, sources = forecaster.choice_.blend, _sources(forecaster)
    values = np.zeros((len(table), len(forecaster.encoder_.columns)), order="F")
    weight = blend.slope * (1.0 if forecaster.trees_ is None else 1 - blend.tree_weight)
    baseline = blend.intercept + weight * forecaster.smooth_.intercept
    for source, effect in zip(sources, forecaster.smooth_.effects(table), strict=True):
        values[:, source] = weight * effect
    if forecaster.trees_ is not None:
        weight = blend.slope * blend.tree_weight
        paths = TreePaths(forecaster.trees_)
        found = paths.contributions(forecaster.trees_.inputs(table))
        baseline += weight * paths.baseline
        for k, source in enumerate(sources):
            values[:, source] += weight * found[:, k]
    return Contributions([column.name for column in forecaster.encoder_.columns], values, baseline, "path")


def _occlusion(forecaster: ChurnForecaster, table: EncodedTable, goal: Floats) -> Contributions:
    """Change of the forecast when one column takes its typical value; the remainder is shared out by size."""
    encoder, count = forecaster.encoder_, table.numbers.shape[1]
    values = np.zeros((len(table), len(encoder.columns)))
    typical = EncodedTable(np.empty((1, count)), np.zeros((1, table.codes.shape[1]), dtype=np.int32))
    for k, source in enumerate(_sources(forecaster)):
        numbers, codes = table.numbers, table.codes
        if k < count:
            numbers = numbers.copy()
            numbers[:, k] = typical.numbers[0, k] = encoder.columns[source].typical
        else:
            codes = codes.copy()
            codes[:, k - count] = 0
        values[:, source] = goal - forecaster.encoded_log_odds(EncodedTable(numbers, codes))
    baseline = float(forecaster.encoded_log_odds(typical)[0])
    remainder = goal - baseline - values.sum(axis=1)
    size = np.abs(values) + 1e-12
    values += size / size.sum(axis=1, keepdims=True) * remainder[:, None]
    return Contributions([column.name for column in encoder.columns], values, baseline, "occlusion")


def global_drivers(forecaster: ChurnForecaster, frame: pd.DataFrame) -> pd.Series:
    """Mean absolute contribution in log-odds per column over the rows of a frame, largest first."""
    found = contributions(forecaster, frame)
    sizes = np.abs(found.values).mean(axis=0) if len(found.values) else np.zeros(len(found.columns))
    return pd.Series(sizes, index=found.columns, name="mean_absolute_log_odds").sort_values(
        ascending=False, kind="stable"
    )
