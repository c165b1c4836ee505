"""Turns a table of mixed columns into numbers and category codes, once, for both members of the forecaster."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Kind = Literal["number", "date", "category", "dropped"]

MISSING = "(missing)"
RARE = "(rare)"
MOST_CATEGORIES = 120
LEAST_CATEGORIES = 10
MOST_CODES = 1_200
NUMERIC_TEXT_SHARE = 0.95
SAMPLE_FOR_KINDS = 20_000
_ISO_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?\s*")
_ID_NAME = re.compile(r"[a-z](ID|Id)$|(?i:(^|[\s_.-])(id|uuid|guid)$)|(?i:^row[\s_.-]?(number|no|id)$)|(?i:^index$)")


@dataclass
class ColumnEncoding:
    """How one source column is read, and what is typical of it.

    `categories` holds the normalised values with a code of their own, in code order; `typical` is the training median
    of numbers, `common` the most common value of categories with its share of the rows.
    """

    name: str
    kind: Kind
    categories: list[str] = field(default_factory=list)
    has_missing: bool = False
    has_rare: bool = False
    typical: float = float("nan")
    common: str = ""
    shares: list[float] = field(default_factory=list)
    distinct: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EncodedTable:
    """Rows ready for the members: `numbers` (n, p) with NaN for missing, `codes` (n, q) with -1 for unseen values."""

    numbers: Floats
    codes: Codes

    def __len__(self) -> int:
        return int(self.numbers.shape[0])

    def take(self, rows: npt.NDArray[Any] | slice) -> "EncodedTable":
        """The same columns of some rows."""
        return EncodedTable(self.numbers[rows], self.codes[rows])


def normalised(value: Hashable) -> str:
    """One spelling of a category: text without outer blanks, whole floats as integers; '' and NaN are missing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return MISSING
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or MISSING


def _is_numeric_text(values: pd.Series) -> bool:
    """Whether nearly all filled cells of a text column are plain numbers, as in exports with blank cells."""
    filled = values.dropna().astype(str).str.strip()
    filled = filled[filled != ""].head(SAMPLE_FOR_KINDS)
    if filled.empty:
        return False
    return bool(pd.to_numeric(filled, errors="coerce").notna().mean() >= NUMERIC_TEXT_SHARE)


def _is_date_text(values: pd.Series) -> bool:
    """Whether nearly all filled cells of a text column are ISO dates."""
    filled = values.dropna().astype(str).head(500)
    return not filled.empty and bool(filled.map(lambda cell: bool(_ISO_DATE.fullmatch(cell))).mean() >= 0.95)


def as_numbers(values: pd.Series) -> Floats:
    """Any column as float64; text that is no number, and infinities, become NaN."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "fiub":
        numbers = values.to_numpy(dtype=np.float64)
    else:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isfinite(numbers).all():
        numbers = np.where(np.isinf(numbers), np.nan, numbers)
    return numbers


def as_days(values: pd.Series) -> Floats:
    """Dates as days since 1970-01-01 (UTC); what is no date becomes NaN."""
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601")
    elif getattr(values.dtype, "tz", None) is not None:
        values = values.dt.tz_convert("UTC")
    stamps = (
        values.to_numpy(dtype="datetime64[us]")
        if values.dt.tz is None
        else values.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    )
    days = stamps.astype("int64") / 86_400_000_000
    return np.where(np.isnat(stamps), np.nan, days)


def column_kind(values: pd.Series) -> Kind:
    """Whether a column is read as numbers, dates or categories."""
    dtype = values.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "date"
    if isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(dtype):
        return "category"
    if pd.api.types.is_numeric_dtype(dtype):
        return "number"
    if _is_numeric_text(values):
        return "number"
    return "date" if _is_date_text(values) else "category"


def has_id_name(name: str) -> bool:
    """Whether a column is named as an identifier: 'customerID', 'account_id', 'RowNumber', 'uuid'."""
    return bool(_ID_NAME.search(name.strip()))


def is_identifier(values: pd.Series, kind: Kind, *, least_rows: int = 100) -> bool:
    """Whether a column only tells customers apart: unique text, a running number, or unique integers named as an id."""
    filled = values.dropna()
    if len(filled) < least_rows:
        return False
    if kind == "category":
        return bool(filled.nunique() > 0.9 * len(filled))
    if kind != "number":
        return False
    numbers = as_numbers(filled)
    if not np.array_equal(numbers, np.round(numbers)) or np.unique(numbers).size < numbers.size:
        return False
    running = bool((np.diff(np.sort(numbers)) == 1).all())
    return running or has_id_name(str(values.name))


class TableEncoder:
    """Learns how to read each column of a frame, then encodes frames of the same columns.

    Constant columns and identifiers are dropped with a reason. Categories seen fewer than `least_count` times share
    one code; values never seen in training get that code too, or -1 where there was no rare value.
    """

    columns: list[ColumnEncoding]

    def fit(self, frame: pd.DataFrame, weight: Floats | None = None) -> "TableEncoder":
        """Learn the encoding from a training frame."""
        weights = np.ones(len(frame)) if weight is None else weight
        least_count = 5 if len(frame) < 2_000 else 10 if len(frame) < 20_000 else 30
        kinds = [column_kind(frame.iloc[:, i]) for i in range(frame.shape[1])]
        most = min(MOST_CATEGORIES, max(MOST_CODES // max(kinds.count("category"), 1), LEAST_CATEGORIES))
        self.columns = [self._learn(frame.iloc[:, i], kind, weights, least_count, most) for i, kind in enumerate(kinds)]
        return self

    @property
    def number_columns(self) -> list[int]:
        """Positions of the source columns behind the numbers of an encoded table."""
        return [i for i, column in enumerate(self.columns) if column.kind in ("number", "date")]

    @property
    def category_columns(self) -> list[int]:
        """Positions of the source columns behind the codes of an encoded table."""
        return [i for i, column in enumerate(self.columns) if column.kind == "category"]

    def transform(self, frame: pd.DataFrame) -> EncodedTable:
        """Encode a frame whose columns stand in the order of training."""
        number_columns, category_columns = self.number_columns, self.category_columns
        numbers = np.empty((len(frame), len(number_columns)), order="F")
        codes = np.empty((len(frame), len(category_columns)), dtype=np.int32, order="F")
        for k, i in enumerate(number_columns):
            values = frame.iloc[:, i]
            numbers[:, k] = as_days(values) if self.columns[i].kind == "date" else as_numbers(values)
        for k, i in enumerate(category_columns):
            codes[:, k] = self._codes(frame.iloc[:, i], self.columns[i])
        return EncodedTable(numbers, codes)

    def _learn(self, values: pd.Series, kind: Kind, weight: Floats, least_count: int, most: int) -> ColumnEncoding:
        name = str(values.name)
        if is_identifier(values, kind):
            return ColumnEncoding(name, "dropped", reason="it only tells customers apart")
        if kind == "category":
            return self._learn_category(name, values, weight, least_count, most)
        numbers = as_days(values) if kind == "date" else as_numbers(values)
        known = numbers[~np.isnan(numbers)]
        distinct = np.unique(known)
        if distinct.size == 0 or (distinct.size == 1 and known.size == numbers.size):
            return ColumnEncoding(name, "dropped", reason="it holds one value only")
        column = ColumnEncoding(name, kind, has_missing=known.size < numbers.size, distinct=int(distinct.size))
        column.typical = float(np.median(known))
        if distinct.size <= 2:
            shares = [float(weight[numbers == value].sum() / weight.sum()) for value in distinct]
            column.common, column.shares = normalised(float(distinct[int(np.argmax(shares))])), [max(shares)]
        return column

    def _learn_category(
        self, name: str, values: pd.Series, weight: Floats, least_count: int, most: int
    ) -> ColumnEncoding:
        codes, uniques = pd.factorize(values, use_na_sentinel=False)
        labels = [normalised(value) for value in uniques]
        mass = pd.Series(np.bincount(codes, weights=weight, minlength=len(labels)), index=labels)
        mass = mass.groupby(level=0).sum()
        mass = mass.sort_values(ascending=False, kind="stable")
        kept = mass[mass >= least_count] if len(mass) > 10 else mass
        kept = kept.head(most)
        if len(mass) < 2 or len(kept) == 0:
            return ColumnEncoding(
                name, "dropped", reason="it holds one value only" if len(mass) < 2 else "every value is rare"
            )
        column = ColumnEncoding(name, "category", categories=[str(label) for label in kept.index])
        column.has_missing = MISSING in column.categories
        column.has_rare = len(kept) < len(mass)
        column.shares = [float(share) for share in kept / mass.sum()]
        column.common = column.categories[0]
        column.distinct = len(mass)
        if column.has_rare:
            column.categories.append(RARE)
            column.shares.append(float(1 - sum(column.shares)))
        return column

    @staticmethod
    def _codes(values: pd.Series, column: ColumnEncoding) -> Codes:
        place = {label: k for k, label in enumerate(column.categories)}
        unseen = place[RARE] if column.has_rare else -1
        if values.dtype == object:
            cells = values.tolist()
            code_of = {value: place.get(normalised(value), unseen) for value in set(cells)}
            return np.fromiter(map(code_of.__getitem__, cells), dtype=np.int32, count=len(cells))
        if isinstance(values.dtype, pd.CategoricalDtype):
            codes = values.cat.codes.to_numpy().astype(np.int64)
            uniques: Sequence[Hashable] = [*values.cat.categories, None]
        else:
            codes, found = pd.factorize(values, use_na_sentinel=False)
            uniques = list(found)
        table = np.array([place.get(normalised(value), unseen) for value in uniques] or [unseen], dtype=np.int32)
        return table[codes]
