"""Chooses the drivers of each forecast that are worth telling, and words them with the values of the peers."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from analytics.churn import ChurnForecaster
from analytics.churn.encoding import MISSING, ColumnEncoding, Floats, as_days, as_numbers, normalised
from analytics.explanations.attribution import contributions
from analytics.explanations.figures import bound, date_text, share_text
from analytics.explanations.patterns import PATTERNS
from analytics.labels import ColumnLabel, Labels, Measure, column_label
from db.vocabulary import Reason

LEAST_CONTRIBUTION = 0.02
ROWS_AT_A_TIME = 10_000
_NOT_A_THING = re.compile(r"^(is|has|had|was|were|did|does|do|can|will|are|have|with|no|any)\b|\w+ed$|[^\w /-]", re.I)
"""Labels that 'no' and 'with' cannot stand before: 'Is active', 'Complained', 'Wants calls?'."""
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
"""Values that are words joined for machines: 'retail_shop'."""


def reasons(
    forecaster: ChurnForecaster, frame: pd.DataFrame, *, up: int = 3, down: int = 2, labels: Labels | None = None
) -> list[list[Reason]]:
    """The drivers of every row: at most `up` that raise its forecast, then at most `down` that lower it.

    Columns of one `ColumnLabel.group` tell nearly the same: they are ranked by the sum of their contributions, which
    is the contribution of the reason, and the strongest in its direction is worded. Sums below 0.02 in log-odds are
    left out, and so are further columns that repeat a value in words ('No internet service').
    """
    found = contributions(forecaster, frame)
    columns = forecaster.encoder_.columns
    named = [column_label(column.name, labels) for column in columns]
    writers = [
        _Writer(column, frame.iloc[:, k], label) for k, (column, label) in enumerate(zip(columns, named, strict=True))
    ]
    members = grouped([label.group or f"\0{column.name}" for column, label in zip(columns, named, strict=True)])
    rows: list[list[Reason]] = []
    for start in range(0, len(frame), ROWS_AT_A_TIME):
        part = found.values[start : start + ROWS_AT_A_TIME]
        rows.extend(_told(part, start, members, writers, up, down))
    return rows


def grouped(groups: Sequence[str]) -> list[list[int]]:
    """Positions of the columns of each group, in the order of their first columns."""
    members: dict[str, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    return list(members.values())


def _told(
    values: Floats, start: int, members: list[list[int]], writers: "list[_Writer]", up: int, down: int
) -> list[list[Reason]]:
    sums = np.empty((len(values), len(members)))
    strongest = np.empty((2, *sums.shape), dtype=np.intp)
    for group, places in enumerate(members):
        parts = values[:, places]
        sums[:, group] = parts.sum(axis=1)
        strongest[0, :, group] = np.asarray(places)[parts.argmax(axis=1)]
        strongest[1, :, group] = np.asarray(places)[parts.argmin(axis=1)]
    highest, lowest = strongest.tolist()
    order = np.argsort(sums, axis=1, kind="stable").tolist()
    told: list[list[Reason]] = []
    for row, (ranked, sizes) in enumerate(zip(order, sums.tolist(), strict=True)):
        said: set[str] = set()
        chosen: list[Reason] = []
        for turn, limit, sign, best in (
            (reversed(ranked), up, 1.0, highest[row]),
            (ranked, down, -1.0, lowest[row]),
        ):
            taken = 0
            for group in turn:
                if taken == limit or sign * sizes[group] < LEAST_CONTRIBUTION:
                    break
                writer = writers[best[group]]
                reason = writer.reason(start + row, sizes[group])
                if reason.value in said:
                    continue
                if writer.repeats(reason.value):
                    said.add(reason.value)
                chosen.append(reason)
                taken += 1
        told.append(chosen)
    return told


class _Writer:
    """Words the reasons of one column; sentences are kept per value, so that a table is worded once per value."""

    def __init__(self, column: ColumnEncoding, values: pd.Series, label: ColumnLabel) -> None:
        self.column = column
        self.label = label
        self.pattern = PATTERNS[label.measure]
        self.half = _half(column, label)
        self._source = values
        self._known: dict[str | float, tuple[str, str, str]] = {}
        self._common = float(column.common) if column.kind == "number" and column.shares else None
        if column.kind == "category":
            self.category = _CategoryWords(column, label)
        elif column.kind == "number":
            self._peer = self.pattern.figure(label, column.typical if self._common is None else self._common)

    @cached_property
    def _keys(self) -> list[str | float]:
        """What each cell is worded by, read when the first reason tells of them; a missing number has no number."""
        kind, source = self.column.kind, self._source
        if kind == "category":
            cells = source.tolist()
            spelling = {cell: normalised(cell) for cell in set(cells)}
            return [spelling[cell] for cell in cells]
        numbers = (as_days(source) if kind == "date" else as_numbers(source)).tolist()
        return [number if number == number else MISSING for number in numbers]

    def reason(self, row: int, size: float) -> Reason:
        """The reason for one row's contribution."""
        key = self._keys[row]
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._worded(key)
        value, peer, sentence = found
        return Reason(self.column.name, self.label.label, value, peer, round(size, 6), sentence)

    def repeats(self, value: str) -> bool:
        """Whether a value's wording is so particular that saying it twice is one reason, not two."""
        return self.column.kind == "category" and " " in value and not value[0].isdigit()

    def _worded(self, key: str | float) -> tuple[str, str, str]:
        if self.column.kind == "category":
            return self.category.worded(str(key))
        if self.column.kind == "date":
            return self._worded_date(key)
        column, label, pattern, peer = self.column, self.label, self.pattern, self._peer
        if isinstance(key, str):
            return "not known", peer, pattern.absent(label)
        value, own = pattern.figure(label, key), pattern.own(label, key)
        if self._common is not None:
            return value, peer, own + self._of_two(key, self._common, peer)
        if value == peer:
            return value, peer, f"{own}, as for the typical customer"
        told = pattern.peer(label, column.typical, key < column.typical, self.half)
        return value, peer, f"{own}; {told}" if told else own

    def _of_two(self, key: float, common: float, peer: str) -> str:
        """What the rest of a sentence says where training knew at most two values, one of them `common`."""
        share, none_before = self.column.shares[0], self.label.measure is Measure.COUNT and common == 0
        if key == common:
            return f", like {share_text(share)} of customers"
        if none_before and key == 1 and self.column.distinct == 2 and not self.column.has_missing:
            return f"; {share_text(1 - share)} of customers had one"
        if none_before:
            return f"; {share_text(share)} of customers had none"
        return f"; {peer} is the most common, for {share_text(share)} of customers"

    def _worded_date(self, key: str | float) -> tuple[str, str, str]:
        label, typical = self.label.label, self.column.typical
        peer = date_text(typical)
        if isinstance(key, str):
            return "not known", peer, f"{label} is not known"
        value = date_text(key)
        if value == peer:
            return value, peer, f"{label} is {value}, as for the typical customer"
        later = key < typical
        middle = date_text(bound(typical, later))
        return value, peer, f"{label} is {value}; for {self.half} it is {middle} or {'later' if later else 'earlier'}"


def _half(column: ColumnEncoding, label: ColumnLabel) -> str:
    """Whose median it is: that of everybody, or of those who have a value at all."""
    if not column.has_missing:
        return "half of customers"
    if label.measure is Measure.DAYS_SINCE and label.window:
        return f"half of those with {label.window + 1} or more"
    return f"half {PATTERNS[label.measure].those}"


class _CategoryWords:
    """Sentences about the values of a category column."""

    def __init__(self, column: ColumnEncoding, label: ColumnLabel) -> None:
        self.column = column
        self.label = label
        known = [label.values.get(value, value) for value in column.categories]
        self._yes_no = {"yes", "no"} <= {value.lower() for value in known}
        self._are_phrases = _are_phrases(known)
        self._thing = None if _NOT_A_THING.search(label.label) else _inside(label.label)

    def worded(self, key: str) -> tuple[str, str, str]:
        """The value, that of the peers, and the sentence."""
        label, column = self.label, self.column
        peer = label.values.get(column.common, column.common)
        peer = "not known" if peer == MISSING else peer
        if key == MISSING:
            return "not known", peer, f"{label.label} is not known"
        value = " ".join(label.values.get(key, key).split())
        own = self._own(value)
        if key not in column.categories:
            return value, peer, f"{own}, a rare value; {self._phrase(peer)} is the most common"
        sentence = f"{own}, like {share_text(column.shares[column.categories.index(key)])} of customers"
        if key != column.common and not self._yes_no:
            sentence += f"; {self._phrase(peer)} is the most common"
        return value, peer, sentence

    def _own(self, value: str) -> str:
        said = value.lower()
        if said in ("yes", "no") and self._thing is None:
            return f"{self.label.label}: {said}"
        if said == "no":
            return f"No {self._thing}"
        if self._yes_no and said == "yes":
            return f"With {self._thing}"
        if self._yes_no and said.startswith("no "):
            return value
        return f"{self.label.label} is {self._phrase(value)}"

    def _phrase(self, value: str) -> str:
        said = value.replace("_", " ") if _CODE.fullmatch(value) else value
        return _inside(said) if self._are_phrases else said


def _are_phrases(values: list[str]) -> bool:
    """Whether the values read like 'Month-to-month' or 'Electronic check', not like names ('New York')."""
    several = [words[1:] for value in values if len(words := re.split(r"[\s-]+", value.strip())) > 1]
    return bool(several) and not any(word[:1].isupper() for words in several for word in words)


def _inside(text: str) -> str:
    """Words as they stand inside a sentence: 'Online security' becomes 'online security', 'DSL line' stays."""
    first, *rest = text.split() or [""]
    if any(letter.isupper() for letter in first[1:]) or any(word[:1].isupper() and not word.isupper() for word in rest):
        return text
    return text[:1].lower() + text[1:]
