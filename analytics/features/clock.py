"""Days as numbers: one unit (days since 1970-01-01, UTC) for every date and instant that features compare."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

_MICROSECONDS_PER_DAY = 86_400_000_000


def day_of(moment: date | pd.Timestamp | np.datetime64 | str) -> float:
    """Days from 1970-01-01 to `moment`; a date means its midnight in UTC."""
    stamp = pd.Timestamp(moment)
    if stamp.tzinfo is not None:
        stamp = stamp.tz_convert("UTC").tz_localize(None)
    return float(stamp.as_unit("us").to_datetime64().astype(np.int64)) / _MICROSECONDS_PER_DAY


def days_of(column: pd.Series) -> Floats:
    """Days from 1970-01-01 to each value of a date or instant column, NaN where it is missing; shape (n,)."""
    naive = column if getattr(column.dtype, "tz", None) is None else column.dt.tz_convert("UTC").dt.tz_localize(None)
    microseconds = naive.to_numpy(dtype="datetime64[us]")
    days = microseconds.astype(np.int64) / _MICROSECONDS_PER_DAY
    days[np.isnat(microseconds)] = np.nan
    return days


def date_of(day: float) -> np.datetime64:
    """The instant that `day` names; the reverse of `day_of`."""
    return np.datetime64(round(day * _MICROSECONDS_PER_DAY), "us")
