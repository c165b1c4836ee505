"""Customer facts as decisions read them: plain values in declared columns, derived facts added, ready to be stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from analytics.decisions.conditions import plain
from analytics.decisions.plans import PlanLadder
from db.errors import InputError
from db.vocabulary import Json

CORE_COLUMNS = (
    "customer_id",
    "status",
    "churn_probability",
    "risk_band",
    "revenue_at_risk",
    "residual_value",
    "monthly_revenue",
    "currency",
    "billing_period",
    "plan",
    "tenure_months",
    "renewal_date",
    "country",
    "timezone",
    "language",
    "topic",
    "mood",
    "has_email",
    "consent",
)
"""Columns of a customers frame that decisions know by name; only customer_id must be there."""

DERIVED_COLUMNS = ("days_to_renewal", "cheaper_plan", "cheaper_plan_price")
"""Facts that are computed from the others, the day and the plan ladder."""

_DECIMALS = {
    "churn_probability": 6,
    "revenue_at_risk": 4,
    "residual_value": 4,
    "monthly_revenue": 4,
    "tenure_months": 2,
    "cheaper_plan_price": 4,
}

TOPIC_ALIASES: Mapping[str, str] = {
    "too_expensive": "price",
    "switched_service": "competitor",
    "quality": "outage",
    "low_quality": "outage",
    "customer_service": "slow_support",
    "missing_features": "missing_feature",
    "unused": "low_usage",
    "not_using": "low_usage",
    "moving": "moving_house",
    "hardware": "equipment",
    "renewal": "contract_end",
}
"""Other names in use for a reason to leave, and the one that decisions use."""


def prepare(
    customers: pd.DataFrame, today: date, ladder: PlanLadder, wanted: frozenset[str], currency: str | None
) -> pd.DataFrame:
    """The facts that a decision may read, one row per customer in the order given, as plain Python values.

    Columns: the core ones, the derived ones, and the attributes in `wanted`. Unknown values are None. `currency` is
    taken where a customer has none. Numbers are rounded as they will be stored, so that a replay computes the same.

    Raises:
        InputError: there is no customer_id column, an id is missing or occurs twice, or a churn probability is none.
    """
    if "customer_id" not in customers.columns:
        raise InputError("customers: the column 'customer_id' is missing.", column="customer_id")
    if not customers.columns.is_unique:
        repeated = customers.columns[customers.columns.duplicated()][0]
        raise InputError(f"customers: the column {repeated!r} occurs twice.", column=str(repeated))
    extra = sorted(wanted - set(CORE_COLUMNS) - set(DERIVED_COLUMNS))
    columns = [column for column in (*CORE_COLUMNS, *extra) if column in customers.columns]
    facts = {column: plain_column(customers[column], column) for column in columns}
    ids = [None if key is None else str(key) for key in facts["customer_id"]]
    if None in ids or len(set(ids)) < len(ids):
        raise InputError("customers: every row needs a customer_id of its own.", column="customer_id")
    facts["customer_id"] = _object(ids)
    _check_probabilities(facts.get("churn_probability", ()))
    if "topic" in facts:
        facts["topic"] = _object([canonical_topic(topic) for topic in facts["topic"]])
    if currency is not None:
        facts["currency"] = _object([known or currency for known in facts.get("currency", [None] * len(ids))])
    return pd.DataFrame(facts | _derived(facts, today, ladder), dtype=object)


def canonical_topic(topic: object) -> str | None:
    """The name that decisions use for a reason to leave; None for none."""
    if not isinstance(topic, str) or not topic.strip():
        return None
    name = topic.strip().lower().replace(" ", "_").replace("-", "_")
    return TOPIC_ALIASES.get(name, name)


def as_json(names: list[str], values: tuple[object, ...]) -> Json:
    """The facts of one customer without the unknown ones."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def from_json(*documents: Json) -> pd.DataFrame:
    """Rows of prepared facts, each from what `as_json` gave."""
    frame = pd.DataFrame(list(documents), dtype=object)
    return frame.where(frame.notna(), None)


def plain_column(column: pd.Series, name: str = "") -> np.ndarray:
    """A column as an object array of plain Python values, missing ones None."""
    if pd.api.types.is_bool_dtype(column.dtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        return _plain_codes(column)
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if pd.api.types.is_float_dtype(column.dtype) and name in _DECIMALS:
        numbers = np.round(numbers, _DECIMALS[name])
    known = np.isfinite(numbers)
    whole = pd.api.types.is_integer_dtype(column.dtype) and bool(known.all())
    plain_values: np.ndarray = (column.to_numpy(dtype=np.int64) if whole else numbers).astype(object)
    plain_values[~known] = None
    return plain_values


def _plain_codes(column: pd.Series) -> np.ndarray:
    """Converted once per distinct value."""
    codes, uniques = pd.factorize(column)
    known = np.empty(len(uniques) + 1, dtype=object)
    known[:-1] = [plain(value) for value in uniques.tolist()]
    known[-1] = None
    converted: np.ndarray = known[codes]
    return converted


def _derived(facts: Mapping[str, np.ndarray], today: date, ladder: PlanLadder) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    if "renewal_date" in facts:
        found["days_to_renewal"] = _object([_days_until(value, today) for value in facts["renewal_date"]])
    if ladder.plans and {"plan", "monthly_revenue"} <= facts.keys():
        currencies = facts.get("currency", [None] * len(facts["plan"]))
        steps = [
            ladder.cheaper(plan, revenue, unit)
            for plan, revenue, unit in zip(facts["plan"], facts["monthly_revenue"], currencies, strict=True)
        ]
        found["cheaper_plan"] = _object([step.name if step else None for step in steps])
        found["cheaper_plan_price"] = _object([round(step.monthly_price, 4) if step else None for step in steps])
    return found


def _object(values: Sequence[object]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def _check_probabilities(values: Iterable[object]) -> None:
    for value in values:
        if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
            raise InputError(f"customers: {value!r} is no probability between 0 and 1.", column="churn_probability")


def _days_until(value: object, today: date) -> int | None:
    try:
        return (date.fromisoformat(str(value)[:10]) - today).days if value is not None else None
    except ValueError:
        return None
