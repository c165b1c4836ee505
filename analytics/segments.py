"""Segments: rule audiences, risk x value tiers, kinds of response, and groups found in the data, with their own names.

Groups are found by k-means on scaled columns (numbers by their ranks, so that no outlier makes a group of its own). The
number of groups is the one that comes out the same on halves of the data (adjusted Rand index; Ben-Hur, Elisseeff and
Guyon 2002). A refit on newer data keeps the numbers of the groups it finds again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.decisions.conditions import FactTable, Rule, parse_rule
from analytics.value import RiskThresholds, risk_bands
from db.errors import InputError
from db.vocabulary import Decision, Json

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]

SMALLEST_GROUP = 0.03
"""A group with a smaller share of the customers is noise, not a segment."""
MOST_CATEGORIES = 8
PERSUADABLE_GAIN = 0.03
SURE_THING_BELOW = 0.08

RESPONSES: Mapping[str, str] = {
    "persuadable": "an offer is expected to keep them: they come first",
    "sure_thing": "they stay anyway: an offer would cost and change little",
    "lost_cause": "they may well leave, and no offer measured so far changes that",
    "sleeping_dog": "every offer measured so far makes them more likely to leave: let them be",
}
"""Kinds of response with what each means for whom to contact."""

_COUNTS = (2, 3, 4, 5, 6)
_ROUNDS = 6
_FIT_ROWS = 20_000
_STABLE = 0.05
_WORTH_NAMING = 0.5
_TOLD_APART = 0.35


def audience(document: object) -> Rule:
    """A rule audience from its YAML or JSON form: typed conditions with a `name`.

    Raises:
        InputError: the name is missing, or a condition cannot be read.
    """
    if not isinstance(document, Mapping) or not str(document.get("name") or "").strip():
        raise InputError(
            "an audience needs a name.", hint="Such as {name: new_and_dear, field: tenure_months, at_most: 6}"
        )
    try:
        return parse_rule(document)
    except ValueError as error:
        raise InputError(f"the audience {document['name']!r} cannot be read: {error}") from error


def members(customers: pd.DataFrame, rule: Rule) -> npt.NDArray[np.bool_]:
    """Whether each customer belongs to an audience.

    Raises:
        InputError: the rule reads a column that the customers do not have.
    """
    missing = sorted(rule.condition.fields() - set(customers.columns))
    if missing:
        raise InputError(f"the audience {rule.name!r} reads {missing[0]!r}, which no customer has.", column=missing[0])
    return rule.condition.mask(FactTable(customers))


def tiers(churn_probability: npt.ArrayLike, value: npt.ArrayLike, thresholds: RiskThresholds) -> list[tuple[str, str]]:
    """Risk and value of each customer in words: low, medium, high; value by thirds, `unknown` where it is NaN."""
    worth = np.asarray(value, dtype=np.float64)
    known = np.isfinite(worth)
    cuts = np.quantile(worth[known], [1 / 3, 2 / 3]) if known.any() else np.zeros(2)
    levels = np.searchsorted(cuts, worth, side="left")
    words = ("low", "medium", "high")
    bands = risk_bands(churn_probability, thresholds)
    return [
        (band.value, words[min(int(level), 2)] if is_known else "unknown")
        for band, level, is_known in zip(bands, levels, known, strict=True)
    ]


def response_types(
    churn_probability: npt.ArrayLike,
    effect: npt.ArrayLike,
    *,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
) -> list[str | None]:
    """What an offer does to each customer, where its effect (fall of the churn probability) is known; else None.

    persuadable: at least 3 points fewer leave; sleeping_dog: at least 3 points more; the others stay anyway
    (sure_thing, churn probability below 8 %) or leave anyway (lost_cause). With the ends of an interval, an effect must
    be told from zero to count.
    """
    risk, fall = np.asarray(churn_probability, dtype=np.float64), np.asarray(effect, dtype=np.float64)
    helps, harms = fall >= PERSUADABLE_GAIN, fall <= -PERSUADABLE_GAIN
    if low is not None:
        helps &= np.asarray(low, dtype=np.float64) > 0
    if high is not None:
        harms &= np.asarray(high, dtype=np.float64) < 0
    kinds = np.where(risk < SURE_THING_BELOW, "sure_thing", "lost_cause").astype(object)
    kinds[helps], kinds[harms] = "persuadable", "sleeping_dog"
    kinds[np.isnan(fall) | np.isnan(risk)] = None
    found: list[str | None] = kinds.tolist()
    return found


def known_effect(decision: Decision) -> float | None:
    """How far the best offer whose effect on this very customer is known lowers their churn probability, else None."""
    averages = set(decision.inputs.get("average_effects", ()))
    own = [float(effect) for code, effect in decision.inputs.get("effects", {}).items() if code not in averages]
    return max(own, default=None)


def response_of(decision: Decision) -> str | None:
    """The kind of response of a customer, by the effects their decision was made by; None where none is known."""
    effect, risk = known_effect(decision), decision.inputs.get("customer", {}).get("churn_probability")
    if effect is None or risk is None:
        return None
    return response_types([float(risk)], [effect])[0]


@dataclass(frozen=True, slots=True)
class Scaling:
    """How columns become numbers: by rank among the values seen (numbers), or one column per category."""

    numbers: Mapping[str, Floats]
    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, customers: pd.DataFrame, columns: Sequence[str]) -> "Scaling":
        """Learned from these columns; ones that are constant or have too many categories are left out."""
        numbers, categories = {}, {}
        for name in columns:
            column = customers[name]
            if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
                known = np.sort(column.dropna().to_numpy(dtype=np.float64))
                if len(known) and known[0] < known[-1]:
                    numbers[name] = np.quantile(known, np.linspace(0, 1, 101))
                continue
            words = column.dropna().map(str)
            kinds = words.value_counts()
            if 1 < len(kinds) <= MOST_CATEGORIES:
                categories[name] = tuple(sorted(str(kind) for kind in kinds.index))
        return cls(numbers, categories)

    @property
    def features(self) -> list[tuple[str, str]]:
        """Column and category (empty for a number) of each feature."""
        kinds = [(name, kind) for name, known in self.categories.items() for kind in known]
        return [(name, "") for name in self.numbers] + kinds

    def matrix(self, customers: pd.DataFrame) -> Floats:
        """One row per customer with values in 0..1; a missing number lies in the middle."""
        found = []
        for name, quantiles in self.numbers.items():
            column = pd.to_numeric(customers[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
            ranks = (np.searchsorted(quantiles, column, "left") + np.searchsorted(quantiles, column, "right")) / 202
            found.append(np.where(np.isnan(column), 0.5, ranks))
        for name, known in self.categories.items():
            words = customers[name].map(str)
            # Two categories differ by as much as the lowest and the highest number.
            found += [(words == kind).to_numpy(dtype=np.float64) / np.sqrt(2) for kind in known]
        return np.column_stack(found) if found else np.zeros((len(customers), 0))


@dataclass(frozen=True, slots=True)
class Segments:
    """Groups found in the data: centres (groups, features), names, shares, and how stable they are (0..1)."""

    scaling: Scaling
    centres: Floats
    names: tuple[str, ...]
    shares: tuple[float, ...]
    stability: float

    def assign(self, customers: pd.DataFrame) -> Labels:
        """The group of each customer: the one with the nearest centre."""
        return _nearest(self.scaling.matrix(customers), self.centres)

    def as_json(self) -> Json:
        """Names, shares and stability as a JSON object."""
        groups = [{"name": name, "share": round(share, 4)} for name, share in zip(self.names, self.shares, strict=True)]
        return {"segments": groups, "stability": round(self.stability, 4)}


def find_segments(
    customers: pd.DataFrame, columns: Sequence[str], *, seed: int = 0, previous: Segments | None = None
) -> Segments:
    """Groups of customers who are alike in these columns.

    With `previous`, groups that are found again keep their number and name, and the count of groups stays.

    Raises:
        InputError: there are fewer than 50 customers, or no column tells them apart.
    """
    scaling = previous.scaling if previous else Scaling.of(customers, columns)
    if len(customers) < 50 or not scaling.features:
        raise InputError("segments need at least 50 customers who differ in some column.")
    rng = np.random.default_rng(seed)
    rows = scaling.matrix(customers)
    if len(rows) > _FIT_ROWS:
        rows = rows[rng.choice(len(rows), _FIT_ROWS, replace=False)]
    if previous is not None:
        stability = _stability(rows, len(previous.centres), rng)
        centres = _matched(previous.centres, _centres(rows, len(previous.centres), seed))
        moved = np.sqrt(((centres - previous.centres) ** 2).sum(axis=1))
        spread = float(np.sqrt(rows.var(axis=0).sum()))
        names = _names(scaling, centres, rows.mean(axis=0))
        kept = [old if step < spread / 2 else new for old, new, step in zip(previous.names, names, moved, strict=True)]
        names = _unique(kept)
    else:
        measured = [(count, _stability(rows, count, rng)) for count in _COUNTS]
        best = max(stability for _, stability in measured)
        # Of counts that are as stable as the best, the largest says most; where none is stable, the fewest are enough.
        as_stable = [found for found in measured if found[1] >= best - _STABLE]
        count, stability = as_stable[-1] if best >= _WORTH_NAMING else as_stable[0]
        centres = _centres(rows, count, seed)
        sizes = np.bincount(_nearest(rows, centres), minlength=count)
        centres = centres[np.argsort(-sizes, kind="stable")]
        names = _names(scaling, centres, rows.mean(axis=0))
    shares = np.bincount(_nearest(rows, centres), minlength=len(centres)) / len(rows)
    return Segments(scaling, centres, names, tuple(float(share) for share in shares), stability)


def _centres(rows: Floats, count: int, seed: int) -> Floats:
    from sklearn.cluster import KMeans

    fitted = KMeans(count, n_init=5, random_state=seed).fit(rows)
    return np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _nearest(rows: Floats, centres: Floats) -> Labels:
    distances = ((rows[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(distances.argmin(axis=1), dtype=np.intp)


def _stability(rows: Floats, count: int, rng: np.random.Generator) -> float:
    """How far groups from two halves of the data agree on everybody; 0 where one is too small to be a segment."""
    from sklearn.metrics import adjusted_rand_score

    agreed = []
    for number in range(_ROUNDS):
        order = rng.permutation(len(rows))
        halves = order[: len(rows) // 2], order[len(rows) // 2 :]
        labels = [_nearest(rows, _centres(rows[half], count, number)) for half in halves]
        if min(np.bincount(labels[0], minlength=count)) < SMALLEST_GROUP * len(rows):
            return 0.0
        agreed.append(adjusted_rand_score(*labels))
    return float(np.mean(agreed))


def _matched(old: Floats, new: Floats) -> Floats:
    """The new centres in the order of the old ones they lie nearest to, taken together."""
    from scipy.optimize import linear_sum_assignment

    distances = ((old[:, None, :] - new[None, :, :]) ** 2).sum(axis=2)
    _, order = linear_sum_assignment(distances)
    return np.asarray(new[order], dtype=np.float64)


def _names(scaling: Scaling, centres: Floats, middle: Floats) -> tuple[str, ...]:
    """What sets each group most apart from all customers, in words; every name is another one."""
    names = []
    for centre in centres:
        apart = centre - middle
        # A number spans 0..1 and a category 0..0.71: put on one scale before they are compared.
        scale = np.array([0.29 if not kind else 0.35 for _, kind in scaling.features])
        told: list[str] = []
        used: set[str] = set()
        for index in np.argsort(-np.abs(apart / scale), kind="stable"):
            column, kind = scaling.features[int(index)]
            clear = abs(apart[index] / scale[index]) >= _TOLD_APART
            if len(told) == 2 or (told and not clear):
                break
            if column in used or (kind and apart[index] < 0):
                continue
            used.add(column)
            told.append(_phrase(column, kind, bool(apart[index] > 0)))
        names.append(", ".join(told) or "like the average customer")
    return _unique(names)


def _phrase(column: str, kind: str, above: bool) -> str:
    word = column.replace("_", " ")
    return f"{word} {kind}" if kind else f"{'high' if above else 'low'} {word}"


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)
