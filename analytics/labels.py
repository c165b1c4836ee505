"""What a column measures, of what, and how people call it: what the wording of a reason needs to know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Measure(StrEnum):
    """The kinds of measure that have wording of their own; `plain` is every other."""

    PLAIN = "plain"
    COUNT = "count"
    COUNT_SO_FAR = "count_so_far"
    SAME_SEASON = "same_season"
    WEEKS_SHARE = "weeks_share"
    TOTAL = "total"
    PER_ACT = "per_act"
    LAST = "last"
    TREND = "trend"
    DIRECTION = "direction"
    LAST_RATIO = "last_ratio"
    DAYS_SINCE = "days_since"
    DAYS_UNTIL = "days_until"
    USUAL_GAP = "usual_gap"
    LONGEST_GAP = "longest_gap"
    LAST_GAP_RATIO = "last_gap_ratio"
    RUNNING_GAP_RATIO = "running_gap_ratio"
    MOOD = "mood"
    MOOD_CHANGE = "mood_change"
    TENURE_MONTHS = "tenure_months"
    TENURE_DAYS = "tenure_days"
    PRICE = "price"
    DISCOUNT = "discount"


@dataclass(frozen=True, slots=True)
class Noun:
    """How events of a kind are called: 'a renewal notice', 'renewal notices', and what they did ('went out').

    `total` names what their quantities add up to, where that has a name ('usage').
    """

    one: str
    many: str
    did: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class ColumnLabel:
    """How a column is named to people: label, unit after the value ('months', 'EUR'), and names for raw values.

    `measure` chooses the wording of reasons, `noun` is what is measured, `window` the days it is measured over.
    `group` is shared by columns that tell nearly the same; of a group one reason is shown. `signed` values may be
    negative.
    """

    label: str
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    measure: Measure = Measure.PLAIN
    noun: Noun = Noun("", "")
    window: int = 0
    group: str = ""
    signed: bool = True


Labels = Mapping[str, ColumnLabel | str]


def column_label(name: str, labels: Labels | None = None) -> ColumnLabel:
    """The label given for a column, else its name as words: 'MonthlyCharges' becomes 'Monthly charges'."""
    given = (labels or {}).get(name)
    if given is not None:
        return given if isinstance(given, ColumnLabel) else ColumnLabel(given)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\s]+", " ", name).split()
    lowered = [word if word.isupper() and len(word) > 1 else word.lower() for word in words]
    text = " ".join(lowered)
    return ColumnLabel(text[:1].upper() + text[1:] if text else name)
