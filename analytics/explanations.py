"""Says which columns raise or lower a forecast, in exact log-odds and in plain words.

Contributions are drivers in the model, never causes. For every row they add up to the forecast's log-odds: the smooth
member is a sum of shape functions already; each tree's output is credited to columns along its decision path, every
split giving its column the change of the node mean (Saabas 2014).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.churn import ChurnForecaster
from analytics.churn.encoding import MISSING, ColumnEncoding, EncodedTable, Floats, as_days, as_numbers, normalised
from analytics.churn.trees import BoostedTrees

ADDITIVITY_TOLERANCE = 1e-6
LEAST_CONTRIBUTION = 0.02
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class ColumnLabel:
    """How a column is named to people: label, unit after the value ('months', 'EUR'), and names for raw values."""

    label: str
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contributions:
    """Log-odds contributions (n, p) of the source columns; a row's sum plus `baseline` is its forecast's log-odds.

    `method` is 'path' for exact attribution along the trees, 'occlusion' where the trees could not be read.
    """

    columns: list[str]
    values: Floats
    baseline: float
    method: Literal["path", "occlusion"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One driver of one forecast, with the customer's value and that of their peers as text."""

    column: str
    label: str
    value: str
    peer_value: str
    contribution_log_odds: float
    direction: Literal["raises", "lowers"]
    sentence: str


class TreePaths:
    """Path attribution of one fitted `BoostedTrees`, through copies of its trees that answer with leaf numbers."""

    def __init__(self, trees: BoostedTrees) -> None:
        from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

        model = trees.model
        self._bitsets, self._map = model._bin_mapper.make_known_categories_bitsets()
        self.baseline = float(np.ravel(model._baseline_prediction)[0])
        self._trees: list[tuple[Any, list[tuple[int, Floats]]]] = []
        for (predictor,) in model._predictors:
            root, nodes, steps = leaf_steps(predictor.nodes, model.n_features_in_)
            self.baseline += root
            copy = TreePredictor(nodes, predictor.binned_left_cat_bitsets, predictor.raw_left_cat_bitsets)
            used = [(k, np.ascontiguousarray(steps[:, k])) for k in range(steps.shape[1]) if steps[:, k].any()]
            self._trees.append((copy, used))

    def contributions(self, inputs: Floats, threads: int = 1) -> Floats:
        """Log-odds (n, p) per input column of the trees; rows sum to the raw prediction less `baseline`."""
        found = np.zeros(inputs.shape, order="F")
        for start in range(0, len(inputs), CHUNK):
            part = np.ascontiguousarray(inputs[start : start + CHUNK])
            for predictor, used in self._trees:
                leaves = predictor.predict(part, self._bitsets, self._map, threads).astype(np.intp)
                for k, steps in used:
                    found[start : start + CHUNK, k] += steps[leaves]
        return found


def leaf_steps(nodes: npt.NDArray[Any], columns: int) -> tuple[float, npt.NDArray[Any], Floats]:
    """Read one tree: its root mean, its nodes with leaf numbers for leaf values, and the steps (leaves, columns).

    Node means are the count-weighted means of the leaves below; children follow their parents in `nodes`.
    """
    means = nodes["value"].astype(np.float64)
    for at in range(len(nodes) - 1, -1, -1):
        if not nodes["is_leaf"][at]:
            left, right = nodes["left"][at], nodes["right"][at]
            counts = float(nodes["count"][left]), float(nodes["count"][right])
            means[at] = (counts[0] * means[left] + counts[1] * means[right]) / (counts[0] + counts[1])
    steps = np.zeros((len(nodes), columns))
    for at in range(len(nodes)):
        if not nodes["is_leaf"][at]:
            for child in (nodes["left"][at], nodes["right"][at]):
                steps[child] = steps[at]
                steps[child, nodes["feature_idx"][at]] += means[child] - means[at]
    leaves = np.flatnonzero(nodes["is_leaf"])
    numbered = nodes.copy()
    numbered["value"][leaves] = np.arange(len(leaves))
    return float(means[0]), numbered, steps[leaves]


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
        found = paths.contributions(forecaster.trees_.inputs(table), forecaster.threads)
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


Labels = Mapping[str, ColumnLabel | str]


def reasons(
    forecaster: ChurnForecaster, frame: pd.DataFrame, *, up: int = 3, down: int = 2, labels: Labels | None = None
) -> list[list[Reason]]:
    """The drivers of every row: at most `up` that raise its forecast, then at most `down` that lower it.

    Contributions below 0.02 in log-odds are left out, and so are further columns that repeat the same wording of a
    value ('No internet service'). `labels` maps column names to `ColumnLabel` or text.
    """
    found = contributions(forecaster, frame)
    writers = [
        _Writer(column, frame.iloc[:, k], column_label(column.name, labels))
        for k, column in enumerate(forecaster.encoder_.columns)
    ]
    order = np.argsort(found.values, axis=1, kind="stable")
    rows: list[list[Reason]] = []
    for row in range(len(frame)):
        chosen: list[Reason] = []
        said: set[str] = set()
        for ranked, limit, sign in ((order[row, ::-1], up, 1.0), (order[row], down, -1.0)):
            taken = 0
            for at in ranked:
                size = float(found.values[row, at])
                if taken == limit or sign * size < LEAST_CONTRIBUTION:
                    break
                reason = writers[at].reason(row, size)
                if reason.value in said:
                    continue
                if _is_telling(reason.value):
                    said.add(reason.value)
                chosen.append(reason)
                taken += 1
        rows.append(chosen)
    return rows


def column_label(name: str, labels: Labels | None = None) -> ColumnLabel:
    """The label given for a column, else its name as words: 'MonthlyCharges' becomes 'Monthly charges'."""
    given = (labels or {}).get(name)
    if given is not None:
        return given if isinstance(given, ColumnLabel) else ColumnLabel(given)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\s]+", " ", name).split()
    lowered = [word if word.isupper() and len(word) > 1 else word.lower() for word in words]
    text = " ".join(lowered)
    return ColumnLabel(text[:1].upper() + text[1:] if text else name)


def _is_telling(value: str) -> bool:
    """Whether a value's wording is so particular that saying it twice is one reason, not two."""
    return " " in value and not value[0].isdigit()


def number_text(value: float) -> str:
    """A number for people: whole numbers without decimals, others with at most two or three significant digits."""
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.3g}"


def share_text(share: float) -> str:
    """A share of customers as a percentage in words."""
    if share < 0.01:
        return "fewer than 1 %"
    return f"{share:.0%}".replace("%", " %") if share <= 0.995 else "nearly all"


class _Writer:
    """Words the reasons of one column; sentences are kept per value, so that a table is worded once per value."""

    def __init__(self, column: ColumnEncoding, values: pd.Series, label: ColumnLabel) -> None:
        self.column = column
        self.label = label
        self.is_number = column.kind in ("number", "date") and not column.shares
        self._known: dict[str | float, tuple[str, str, str]] = {}
        self._values: list[Any] = []
        if column.kind == "date":
            self._values = as_days(values).tolist()
        elif column.kind == "number":
            self._values = as_numbers(values).tolist()
        elif column.kind == "category":
            self._values = values.tolist()

    def reason(self, row: int, size: float) -> Reason:
        """The reason for one row's contribution."""
        raw = self._values[row]
        key = raw if self.is_number and raw == raw else normalised(raw)
        if key not in self._known:
            self._known[key] = self._worded(key)
        value, peer, sentence = self._known[key]
        direction: Literal["raises", "lowers"] = "raises" if size > 0 else "lowers"
        return Reason(self.column.name, self.label.label, value, peer, size, direction, sentence)

    def _worded(self, key: str | float) -> tuple[str, str, str]:
        if isinstance(key, str):
            return self._worded_category(key)
        typical = self.column.typical
        value, peer = self._figure(key), self._figure(typical)
        if value == peer:
            return value, peer, f"{self.label.label} is {value}, as for the typical customer"
        if self.column.kind == "date":
            return value, peer, f"{self.label.label} is {value}; the middle customer's is {peer}"
        side = "more" if key < typical else "less"
        sentence = f"{self.label.label} is {value}; half of customers have {number_text(typical)} or {side}"
        return value, peer, sentence

    def _worded_category(self, key: str) -> tuple[str, str, str]:
        label, column = self.label.label, self.column
        peer = self.label.values.get(column.common, column.common) if column.common else self._figure(column.typical)
        if key == MISSING:
            return "not known", peer, f"{label} is not known"
        value = self.label.values.get(key, key)
        share = self._share(key)
        if share is None:
            return value, peer, f"{label} is {value}, a rare value; {peer} is the most common"
        if key == column.common:
            return value, peer, f"{label} is {value}, like {share_text(share)} of customers"
        return value, peer, f"{label} is {value}, like {share_text(share)} of customers; {peer} is the most common"

    def _share(self, key: str) -> float | None:
        if self.column.kind != "category":
            return self.column.shares[0] if key == self.column.common else 1 - self.column.shares[0]
        if key in self.column.categories:
            return self.column.shares[self.column.categories.index(key)]
        return None

    def _figure(self, value: float) -> str:
        if self.column.kind == "date":
            return str(np.datetime64(int(value), "D"))
        unit = self.label.unit.removesuffix("s") if value == 1 else self.label.unit
        return f"{number_text(value)} {unit}".rstrip()
