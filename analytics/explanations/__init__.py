"""Why a forecast is what it is: exact contributions of its columns, and the strongest of them in plain words."""

from analytics.explanations.attribution import Contributions, TreePaths, contributions, global_drivers
from analytics.explanations.reasons import reasons
from analytics.labels import ColumnLabel, Labels, Measure, Noun, column_label

__all__ = [
    "ColumnLabel",
    "Contributions",
    "Labels",
    "Measure",
    "Noun",
    "TreePaths",
    "column_label",
    "contributions",
    "global_drivers",
    "reasons",
]
