"""Chooses the capacity of both members and their blend by inner cross-validation on the training table."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

from analytics.churn.additive import AdditiveLogit, SplineBasis
from analytics.churn.encoding import EncodedTable, Floats
from analytics.churn.trees import BoostedTrees, Capacity

Integers = npt.NDArray[np.int64]

FOLDS = 5
RACE_FOLDS = 2
LEAST_RACE_GAIN = 0.0003
CLEAR_GAIN = 2.0
SPLINE_COUNTS = (12, 6, 16)
MOST_SPLINE_COLUMNS = 700
PENALTIES = (0.1, 0.5, 2.0, 5.0, 10.0, 20.0, 50.0)
CAPACITIES = (
    Capacity(leaves=4, learning_rate=0.07, least_leaf=20, shrinkage=5.0, features=0.4, iterations=200),
    Capacity(leaves=8, learning_rate=0.1, least_leaf=10, shrinkage=2.0, features=0.5, iterations=280),
    Capacity(leaves=31, learning_rate=0.08, least_leaf=5, shrinkage=1.0, features=0.5, iterations=200),
)
STAGE = 10
TREE_WEIGHTS = np.linspace(0.0, 1.0, 11)
SLOPE_SPREAD = 0.15
INTERCEPT_SPREAD = 0.3


@dataclass(frozen=True)
class TrainingData:
    """Distinct training rows: encoded table, 0/1 target, weights and the group that keeps rows in one fold."""

    table: EncodedTable
    y: Floats
    weight: Floats
    group: Integers

    def take(self, rows: npt.NDArray[np.bool_] | Integers) -> "TrainingData":
        """The same for some rows."""
        return TrainingData(self.table.take(rows), self.y[rows], self.weight[rows], self.group[rows])


@dataclass(frozen=True)
class Blend:
    """log-odds = intercept + slope * ((1 - tree_weight) * smooth + tree_weight * trees)."""

    tree_weight: float = 0.0
    slope: float = 1.0
    intercept: float = 0.0

    def log_odds(self, smooth: Floats, trees: Floats | None) -> Floats:
        """Blended and calibrated log-odds (n,); `trees` may be None when they carry no weight."""
        mixed = smooth if trees is None else (1 - self.tree_weight) * smooth + self.tree_weight * trees
        return self.intercept + self.slope * mixed


@dataclass(frozen=True)
class Choice:
    """What inner cross-validation chose; `log_loss` is the out-of-fold log loss of each candidate, by name."""

    spline_count: int
    penalty: float
    capacity: Capacity | None
    blend: Blend
    log_loss: dict[str, float]


def row_losses(y: Floats, log_odds: Floats) -> Floats:
    """Log loss of every row (n,), stable for large log-odds."""
    losses: Floats = np.logaddexp(0.0, np.where(y > 0, -log_odds, log_odds))
    return losses


def log_loss(y: Floats, log_odds: Floats, weight: Floats) -> float:
    """Weighted mean log loss."""
    return float(np.average(row_losses(y, log_odds), weights=weight))


def row_hashes(table: EncodedTable) -> npt.NDArray[np.uint64]:
    """One 64-bit hash per row of an encoded table: equal rows hash equal, in any order of rows."""
    mixed = np.full(len(table), 0x9E3779B97F4A7C15, dtype=np.uint64)
    columns = [table.numbers[:, k] + 0.0 for k in range(table.numbers.shape[1])]
    words = [np.where(np.isnan(column), np.nan, column).view(np.uint64) for column in columns]
    words += [table.codes[:, k].astype(np.int64).view(np.uint64) for k in range(table.codes.shape[1])]
    for word in words:
        mixed = (mixed ^ word) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(32)
    return mixed


def distinct_rows(table: EncodedTable, y: Floats, weight: Floats, groups: npt.NDArray[np.int64] | None) -> TrainingData:
    """Merge equal rows with equal labels into weights, in an order that depends on the content alone.

    Equal rows (and rows of one group, where groups are given) share a group, so that none is judged by a model that
    saw its twin.
    """
    hashes = row_hashes(table)
    keys = hashes ^ np.where(y > 0, np.uint64(0x5851F42D4C957F2D), np.uint64(0))
    unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    twin = np.unique(hashes[first], return_inverse=True)[1]
    group = twin if groups is None else _tied(twin, inverse, groups)
    merged = np.bincount(inverse, weights=weight, minlength=len(unique)).astype(np.float64)
    return TrainingData(table.take(first), y[first], merged, group.astype(np.int64))


def _tied(twin: npt.NDArray[Any], inverse: npt.NDArray[Any], groups: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Components of the graph that ties distinct rows through equal content (`twin`) and through equal `groups`."""
    own = np.unique(groups, return_inverse=True)[1]
    size, twins = len(twin), int(twin.max()) + 1
    rows = np.r_[np.arange(size), inverse]
    columns = np.r_[size + twin, size + twins + own]
    nodes = size + twins + int(own.max()) + 1
    links = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(nodes, nodes))
    return np.asarray(connected_components(links, directed=False)[1][:size])


def inner_folds(data: TrainingData, folds: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.bool_]]:
    """Masks of test rows: whole groups, stratified by whether a group holds a churner, balanced in size."""
    _, inverse = np.unique(data.group, return_inverse=True)
    count = int(inverse.max()) + 1
    size = np.bincount(inverse, minlength=count)
    churned = np.bincount(inverse, weights=data.y, minlength=count)
    # Big groups first, then churners, then the rest, dealt out in turn; ties in random order.
    order = np.lexsort((rng.permutation(count), churned > 0, -size))
    fold_of_group = np.empty(count, dtype=np.int64)
    fold_of_group[order] = np.arange(count) % folds
    fold = fold_of_group[inverse]
    for number in range(folds):
        yield fold == number


def choose(data: TrainingData, category_sizes: list[int], seed: int, *, with_trees: bool) -> Choice:
    """Choose spline count, penalty, tree capacity and blend by out-of-fold log loss."""
    folds = list(inner_folds(data, FOLDS, np.random.default_rng(seed)))
    losses: dict[str, float] = {}
    spline_count, penalty, smooth = _choose_smooth(data, category_sizes, folds, losses)
    chosen = _choose_trees(data, category_sizes, folds, seed, smooth, losses) if with_trees else None
    if chosen is None:
        return Choice(spline_count, penalty, None, _calibrated(data, smooth, smooth, 0.0), losses)
    capacity, trees = chosen
    by_weight = [log_loss(data.y, (1 - w) * smooth + w * trees, data.weight) for w in TREE_WEIGHTS]
    weight = float(TREE_WEIGHTS[int(np.argmin(by_weight))])
    losses[f"blend with {capacity.iterations} trees of {capacity.leaves} leaves, weight {weight:.1f}"] = min(by_weight)
    if not _is_clear_gain(data, smooth, (1 - weight) * smooth + weight * trees):
        return Choice(spline_count, penalty, None, _calibrated(data, smooth, smooth, 0.0), losses)
    return Choice(spline_count, penalty, capacity, _calibrated(data, smooth, trees, weight), losses)


def _is_clear_gain(data: TrainingData, before: Floats, after: Floats) -> bool:
    """Whether the paired gain in log loss is twice its standard error; less may be luck of the choices made on it."""
    gain = row_losses(data.y, before) - row_losses(data.y, after)
    mean = np.average(gain, weights=data.weight)
    variance = np.average((gain - mean) ** 2, weights=data.weight)
    return bool(mean > CLEAR_GAIN * np.sqrt(variance / data.weight.sum()))


def spline_counts(numbers: int) -> list[int]:
    """Spline counts worth trying for a table of that many numeric columns; the wider, the fewer splines each."""
    fitting = [count for count in SPLINE_COUNTS if numbers * (count + 1) <= MOST_SPLINE_COLUMNS]
    if fitting:
        return [*fitting, 0]
    return [4, 0] if numbers * 5 <= MOST_SPLINE_COLUMNS else [0]


def _choose_smooth(
    data: TrainingData, category_sizes: list[int], folds: list[npt.NDArray[np.bool_]], losses: dict[str, float]
) -> tuple[int, float, Floats]:
    """The spline count and penalty of least out-of-fold log loss, with the out-of-fold log-odds (n,).

    All penalties are tried with the first spline count, those next to the best one with the others.
    """
    counts = spline_counts(data.table.numbers.shape[1])
    best = (np.inf, counts[0], PENALTIES[0], np.zeros(len(data.y)))
    for spline_count in counts:
        basis = SplineBasis(spline_count).fit(data.table, data.weight, category_sizes)
        matrix = basis.matrix(data.table)
        at = PENALTIES.index(best[2])
        for penalty in PENALTIES if spline_count == counts[0] else PENALTIES[max(at - 1, 0) : at + 2]:
            found = np.empty(len(data.y))
            for test in folds:
                model = AdditiveLogit(basis, penalty).fit(matrix[~test], data.y[~test], data.weight[~test])
                found[test] = matrix[test] @ model.coefficients + model.intercept
            loss = log_loss(data.y, found, data.weight)
            losses[f"smooth, {spline_count} splines, penalty {penalty:g}"] = loss
            if loss < best[0]:
                best = loss, spline_count, penalty, found
    return best[1], best[2], best[3]


def _choose_trees(
    data: TrainingData,
    category_sizes: list[int],
    folds: list[npt.NDArray[np.bool_]],
    seed: int,
    smooth: Floats,
    losses: dict[str, float],
) -> tuple[Capacity, Floats] | None:
    """The capacity whose blend with `smooth` has the least log loss, with its out-of-fold log-odds; None for no gain.

    Capacities race on the first folds; the winner alone is fitted on the rest, and only if it helped so far.
    """
    raced = np.any(folds[:RACE_FOLDS], axis=0)
    alone = log_loss(data.y[raced], smooth[raced], data.weight[raced])
    best: tuple[float, Capacity, Floats] | None = None
    for capacity in CAPACITIES:
        stages = np.full((capacity.iterations // STAGE, len(data.y)), np.nan)
        _fill_stages(stages, data, category_sizes, folds[:RACE_FOLDS], capacity, seed)
        loss = min(_blended_loss(data, smooth, stage, raced) for stage in stages)
        losses[f"blend with trees of {capacity.leaves} leaves, first folds"] = loss
        if best is None or loss < best[0]:
            best = loss, capacity, stages
    if best is None or best[0] > alone - LEAST_RACE_GAIN * alone:
        return None
    _, capacity, stages = best
    _fill_stages(stages, data, category_sizes, folds[RACE_FOLDS:], capacity, seed)
    everywhere = np.ones(len(data.y), dtype=bool)
    judged = [_blended_loss(data, smooth, stage, everywhere) for stage in stages]
    chosen = int(np.argmin(judged))
    return replace(capacity, iterations=(chosen + 1) * STAGE), stages[chosen]


def _blended_loss(data: TrainingData, smooth: Floats, trees: Floats, rows: npt.NDArray[np.bool_]) -> float:
    y, weight, smooth, trees = data.y[rows], data.weight[rows], smooth[rows], trees[rows]
    return min(log_loss(y, (1 - w) * smooth + w * trees, weight) for w in TREE_WEIGHTS[2::2])


def _fill_stages(
    stages: Floats,
    data: TrainingData,
    category_sizes: list[int],
    folds: list[npt.NDArray[np.bool_]],
    capacity: Capacity,
    seed: int,
) -> None:
    """Write the out-of-fold log-odds after every `STAGE` trees into `stages` (stages, n), for some folds' rows."""
    for test in folds:
        train = data.take(~test)
        model = BoostedTrees(capacity, category_sizes, seed).fit(train.table, train.y, train.weight)
        inputs = model.inputs(data.table.take(test))
        for number, stage in enumerate(model.model.staged_decision_function(inputs), start=1):
            if number % STAGE == 0:
                stages[number // STAGE - 1, test] = stage


def _calibrated(data: TrainingData, smooth: Floats, trees: Floats, tree_weight: float) -> Blend:
    """Affine calibration of the blended out-of-fold log-odds, drawn towards the identity when evidence is thin."""
    mixed = (1 - tree_weight) * smooth + tree_weight * trees

    def objective(at: Floats) -> tuple[float, Floats]:
        slope, intercept = at
        log_odds = intercept + slope * mixed
        error = (expit(log_odds) - data.y) * data.weight
        value = log_loss(data.y, log_odds, data.weight) * data.weight.sum()
        value += 0.5 * ((slope - 1) / SLOPE_SPREAD) ** 2 + 0.5 * (intercept / INTERCEPT_SPREAD) ** 2
        gradient = np.array(
            [error @ mixed + (slope - 1) / SLOPE_SPREAD**2, error.sum() + intercept / INTERCEPT_SPREAD**2]
        )
        return value, gradient

    found = minimize(objective, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.3, 2.0), (-2.0, 2.0)])
    return Blend(tree_weight, float(found.x[0]), float(found.x[1]))
