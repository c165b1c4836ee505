"""Columns that give the label away: equal to it, filled only for those who left, or telling it alone."""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from db.importers.profiles import ColumnProfile
from db.vocabulary import ColumnType

TELLS_ALONE = 0.93
"""AUC of a single column from which it is not believed; honest single drivers stay well below."""

_NAMED = re.compile(
    r"\b(churn|attrition|cancel+ation|retention) (score|probability|risk|category|reason|type|prediction|propensity)\b"
    r"|\bpropensity to (churn|leave)\b|\bcustomer status\b|\bnaive bayes\b|\bsatisfaction score\b"
)
_ROWS_PER_CATEGORY = 10
_MOST_CATEGORIES = 60


def leak_reason(column: ColumnProfile, churned: Sequence[bool | None]) -> str | None:
    """Why a column cannot be used to forecast the label, None where nothing speaks against it.

    `churned` has one entry per row, None where the label is missing.
    """
    pairs = [(text, gone) for text, gone in zip(column.texts, churned, strict=True) if gone is not None]
    if not pairs or len({gone for _, gone in pairs}) < 2:
        return None
    if filled_only_for_churners(column, churned):
        return "it is filled only for customers who left, so it is known only afterwards"
    if _NAMED.search(column.words):
        return "by its name it is made from the label or written down afterwards"
    if _is_categorical(column, len(pairs)) and _same_as_label(pairs):
        return "it says the same as the label"
    strength = _strength(column, pairs)
    if strength >= TELLS_ALONE:
        return f"it tells the label almost alone (AUC {strength:.2f}), so it is probably written down afterwards"
    return None


def filled_only_for_churners(column: ColumnProfile, churned: Sequence[bool | None]) -> bool:
    """Whether nearly all churners have a cell here and nearly nobody else."""
    gone = [bool(text.strip()) for text, left in zip(column.texts, churned, strict=True) if left]
    stayed = [bool(text.strip()) for text, left in zip(column.texts, churned, strict=True) if left is False]
    if not gone or not stayed:
        return False
    return sum(gone) >= 0.5 * len(gone) and sum(stayed) <= 0.01 * len(stayed)


def _is_categorical(column: ColumnProfile, rows: int) -> bool:
    """Whether its cells repeat enough for their churn rates to mean something."""
    return column.distinct <= min(_MOST_CATEGORIES, max(2, rows // _ROWS_PER_CATEGORY))


def _same_as_label(pairs: list[tuple[str, bool]]) -> bool:
    sides: dict[str, set[bool]] = defaultdict(set)
    for text, gone in pairs:
        sides[text.strip()].add(gone)
    return len(sides) > 1 and all(len(side) == 1 for side in sides.values())


def _strength(column: ColumnProfile, pairs: list[tuple[str, bool]]) -> float:
    """AUC of the column alone: by value for numbers, by churn rate for few categories."""
    gone = np.array([left for _, left in pairs])
    categorical = _is_categorical(column, len(pairs))
    if column.type is ColumnType.NUMBER and not categorical:
        if len(column.numbers) != len(column.texts) or len(pairs) != len(column.texts):
            return 0.5
        values = np.asarray(column.numbers)
        found = _auc(values, gone)
        return max(found, 1 - found)
    if not categorical:
        return 0.5
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for text, left in pairs:
        totals[text][0] += 1
        totals[text][1] += left
    rates = {text: churners / rows for text, (rows, churners) in totals.items()}
    return _auc(np.array([rates[text] for text, _ in pairs]), gone)


def _auc(values: "np.typing.NDArray[np.float64]", gone: "np.typing.NDArray[np.bool_]") -> float:
    """Area under the ROC curve by ranks, ties shared (Mann-Whitney)."""
    distinct, place, count = np.unique(values, return_inverse=True, return_counts=True)
    del distinct
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    churners = int(gone.sum())
    others = len(gone) - churners
    return float((ranks[gone].sum() - churners * (churners + 1) / 2) / (churners * others))
