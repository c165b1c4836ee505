"""The condition language of catalogues: small typed tests of customer facts, combined by all, any and not.

A test names a field and one operator: `{field: monthly_revenue, at_least: 20}`. Operators: at_least, at_most, between,
equals, in, not_in, is_known. An unknown value meets no test but `not_in`, `is_known: false`, and `in` with a `null` in
its list. Texts compare without regard to case; dates are ISO texts (2026-12-31) on both sides.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.decisions.documents import nearest
from db.vocabulary import Json

Fact = str | float | int | bool | None
Mask = npt.NDArray[np.bool_]

OPERATORS = ("at_least", "at_most", "between", "equals", "in", "not_in", "is_known")
_COMBINERS = ("all", "any", "not")
_NOTES = ("name", "because")
_CODE = re.compile(r"[a-z]+(_[a-z]+)+", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class FactTable:
    """Customer facts by field, read once per field: `values` are plain Python values, unknown ones None."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._coded: dict[str, tuple[npt.NDArray[np.intp], list[Fact]]] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def value(self, field: str, row: int) -> Fact:
        """The fact of one customer."""
        codes, known = self._codes(field)
        return known[int(codes[row])]

    def holds(self, field: str, test: Callable[[Fact], bool]) -> Mask:
        """Whether `test` holds, customer by customer; it is asked once per distinct value."""
        codes, known = self._codes(field)
        return np.array([test(value) for value in known], dtype=bool)[codes]

    def code(self, field: str, row: int) -> int:
        """A number that two customers share exactly when they have the same value."""
        return int(self._codes(field)[0][row])

    def distinct(self, field: str) -> list[Fact]:
        """The values that occur, and None."""
        return list(dict.fromkeys(self._codes(field)[1]))

    def mapped(self, field: str, numbers: Mapping[Fact, float]) -> npt.NDArray[np.float64]:
        """The number that belongs to each customer's value."""
        codes, known = self._codes(field)
        return np.array([numbers[value] for value in known], dtype=np.float64)[codes]

    def _codes(self, field: str) -> tuple[npt.NDArray[np.intp], list[Fact]]:
        if field not in self._coded:
            self._coded[field] = self._factorised(field)
        return self._coded[field]

    def _factorised(self, field: str) -> tuple[npt.NDArray[np.intp], list[Fact]]:
        if field not in self.frame.columns:
            return np.zeros(len(self), dtype=np.intp), [None]
        codes, uniques = pd.factorize(self.frame[field])
        # Code -1 (missing) indexes the None at the end of the list.
        return codes, [*(plain(value) for value in uniques.tolist()), None]


def plain(value: object) -> Fact:
    """A cell as a plain Python value: NaN, NaT and infinities are unknown, dates and instants are ISO dates."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, bool | int | str) else str(value)


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One test of one field."""

    field: str
    operator: str
    value: Any

    def holds(self, fact: Fact) -> bool:
        """Whether a fact passes."""
        match self.operator:
            case "is_known":
                return (fact is not None) is self.value
            case "in":
                return any(_same(fact, item) for item in self.value)
            case "not_in":
                return not any(_same(fact, item) for item in self.value)
            case "equals":
                return fact is not None and _same(fact, self.value)
            case "at_least":
                return _ordered(self.value, fact)
            case "at_most":
                return _ordered(fact, self.value)
            case _:
                return _ordered(self.value[0], fact) and _ordered(fact, self.value[1])

    def mask(self, facts: FactTable) -> Mask:
        """Whether each customer passes."""
        return facts.holds(self.field, self.holds)

    def words(self) -> str:
        """The test as a phrase."""
        name = self.field.replace("_", " ")
        match self.operator:
            case "is_known":
                return f"{name} is known" if self.value else f"{name} is not known"
            case "in":
                return f"{name} is {_listed(self.value, 'or')}"
            case "not_in":
                return f"{name} is not {_listed(self.value, 'or')}"
            case "equals":
                return f"{name} is {_word(self.value)}"
            case "between":
                return f"{name} is between {_word(self.value[0])} and {_word(self.value[1])}"
            case operator:
                return f"{name} is {operator.replace('_', ' ')} {_word(self.value)}"

    def fields(self) -> frozenset[str]:
        """The fields that are read."""
        return frozenset({self.field})

    def as_json(self) -> Json:
        """The test as it stands in a catalogue."""
        return {"field": self.field, self.operator: list(self.value) if isinstance(self.value, tuple) else self.value}


@dataclass(frozen=True, slots=True)
class Combined:
    """Conditions joined by `all`, `any` or `not` (which takes one)."""

    how: str
    parts: "tuple[Condition, ...]"

    def mask(self, facts: FactTable) -> Mask:
        """Whether each customer passes."""
        masks = [part.mask(facts) for part in self.parts]
        if self.how == "not":
            return ~masks[0]
        combine = np.logical_and if self.how == "all" else np.logical_or
        return np.asarray(combine.reduce(masks), dtype=bool)

    def words(self) -> str:
        """The combination as a phrase."""
        if self.how == "not":
            return f"not ({self.parts[0].words()})"
        return (" and " if self.how == "all" else " or ").join(part.words() for part in self.parts)

    def fields(self) -> frozenset[str]:
        """The fields that are read."""
        return frozenset().union(*(part.fields() for part in self.parts))

    def as_json(self) -> Json:
        """The combination as it stands in a catalogue."""
        parts = [part.as_json() for part in self.parts]
        return {self.how: parts[0] if self.how == "not" else parts}


Condition = FieldTest | Combined


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition; `because` says in words why it is there."""

    name: str
    condition: Condition
    because: str = ""

    def as_json(self) -> Json:
        """The rule as it stands in a catalogue."""
        notes = {"name": self.name} | ({"because": self.because} if self.because else {})
        return notes | self.condition.as_json()

    def broken_words(self, facts: FactTable, row: int) -> str:
        """A sentence saying what the rule asks and what is true of this customer."""
        found = ", ".join(
            f"{field.replace('_', ' ')} is {_word(facts.value(field, row))}"
            for field in sorted(self.condition.fields())
        )
        reason = f" {_sentence(self.because)}" if self.because else ""
        return f"Asked for: {self.condition.words()}; here {found}.{reason}"


def parse_rule(document: object) -> Rule:
    """A rule from its YAML form.

    Raises:
        ValueError: an unknown key or operator, or a value of the wrong kind; the message names the key.
    """
    if isinstance(document, Rule):
        return document
    if not isinstance(document, Mapping):
        raise ValueError("a condition is written {field: NAME, OPERATOR: VALUE}")
    notes = {key: document[key] for key in _NOTES if key in document}
    if not all(isinstance(note, str) and note.strip() for note in notes.values()):
        raise ValueError("name and because are texts")
    condition = parse_condition({key: value for key, value in document.items() if key not in _NOTES})
    name = notes.get("name") or "_".join(sorted(condition.fields()))
    return Rule(name, condition, notes.get("because", ""))


def parse_condition(document: object) -> Condition:
    """A condition from its YAML form; raises ValueError as `parse_rule` does."""
    if not isinstance(document, Mapping):
        raise ValueError("a condition is written {field: NAME, OPERATOR: VALUE}")
    keys = [str(key) for key in document]
    for key in keys:
        if key not in ("field", *OPERATORS, *_COMBINERS):
            raise ValueError(f"{key!r} is no operator. {nearest(key, ['field', *OPERATORS, *_COMBINERS, *_NOTES])}")
    if len(keys) == 1 and keys[0] in _COMBINERS:
        return _combined(keys[0], document[keys[0]])
    operators = [key for key in keys if key in OPERATORS]
    if "field" not in keys or len(operators) != 1 or len(keys) != 2:
        raise ValueError(f"a condition has one field and one operator; found {', '.join(keys) or 'nothing'}")
    field = document["field"]
    if not isinstance(field, str) or not field:
        raise ValueError("field is the name of a customer fact")
    return FieldTest(field, operators[0], _checked(operators[0], document[operators[0]]))


def _combined(how: str, value: object) -> Combined:
    if how == "not":
        return Combined("not", (parse_condition(value),))
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f"{how} takes a list of conditions")
    return Combined(how, tuple(parse_condition(item) for item in value))


def _checked(operator: str, value: object) -> object:
    value = [_iso(item) for item in value] if isinstance(value, list | tuple) else _iso(value)
    match operator:
        case "is_known":
            fits = isinstance(value, bool)
        case "in" | "not_in":
            fits = isinstance(value, list) and bool(value) and all(_is_fact(item) for item in value)
        case "equals":
            fits = value is not None and _is_fact(value)
        case "between":
            fits = isinstance(value, list) and len(value) == 2 and _ordered(value[0], value[1])
        case _:
            fits = _is_orderable(value)
    if not fits:
        raise ValueError(f"{operator} takes {_TAKES[operator]}; found {value!r}")
    return tuple(value) if isinstance(value, list) else value


_TAKES = {
    "at_least": "a number or a date",
    "at_most": "a number or a date",
    "between": "a list of two numbers or dates, the lower first",
    "equals": "a text, a number, a date, true or false",
    "in": "a list of values",
    "not_in": "a list of values",
    "is_known": "true or false",
}


def _iso(value: object) -> object:
    """YAML reads 2026-12-31 as a date; here it is a text."""
    return plain(value) if isinstance(value, date) else value


def _is_fact(value: object) -> bool:
    return value is None or isinstance(value, str | bool) or _is_orderable(value)


def _is_orderable(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return bool(np.isfinite(value))
    return isinstance(value, str) and bool(_ISO_DATE.fullmatch(value))


def _ordered(low: Any, high: Any) -> bool:
    """low <= high, false where the two do not compare."""
    if not _is_orderable(low) or not _is_orderable(high) or isinstance(low, str) is not isinstance(high, str):
        return False
    return bool(low <= high)


def _same(fact: Fact, item: Fact) -> bool:
    if isinstance(fact, str) and isinstance(item, str):
        return fact.strip().casefold() == item.strip().casefold()
    if isinstance(fact, bool) is not isinstance(item, bool):
        return False
    return fact == item


def _word(value: Fact) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    # A code such as slow_support is read more easily as words; anything else stays as it is.
    return value.replace("_", " ") if _CODE.fullmatch(value) else value


def _listed(values: tuple[Fact, ...], joint: str) -> str:
    words = [_word(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
