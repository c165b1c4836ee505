"""The trend of a customer's mood over their messages, as known at a date: features for the churn forecast."""

from datetime import datetime

import numpy as np
import pandas as pd

COLUMNS = ("mood_count", "mood_mean", "mood_last", "mood_slope")
_DAYS_PER_STEP = 30.0


def mood_trend(readings: pd.DataFrame, before: datetime | pd.Timestamp | None = None) -> pd.DataFrame:
    """Mood per customer from readings with `customer_id`, `sent_at` (UTC), `negative` and `positive` probabilities.

    Mood is positive minus negative, -1 to 1. Only readings strictly before `before` count; rows without a time or a
    reading are left out. Returns one row per customer, index `customer_id`: `mood_count`, `mood_mean`, `mood_last`
    (ties in time: their mean) and `mood_slope`, the least-squares change per 30 days (NaN where all times are equal).
    """
    known = readings.dropna(subset=["customer_id", "sent_at", "negative", "positive"])
    if before is not None:
        known = known[known["sent_at"] < pd.Timestamp(before)]
    frame = pd.DataFrame(
        {
            "customer_id": known["customer_id"].to_numpy(),
            "mood": known["positive"].to_numpy(dtype=float) - known["negative"].to_numpy(dtype=float),
            "at": known["sent_at"].to_numpy(),
        }
    )
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    groups = frame.groupby("customer_id", sort=True)
    # Times are taken from each customer's first message: far from zero the sums of squares would lose their digits.
    days = (frame["at"] - groups["at"].transform("min")).dt.total_seconds().to_numpy(dtype=float) / 86_400
    steps = days / _DAYS_PER_STEP
    centred = steps - pd.Series(steps).groupby(frame["customer_id"]).transform("mean").to_numpy()
    sums = (
        pd.DataFrame(
            {"customer_id": frame["customer_id"], "xy": centred * frame["mood"], "xx": centred * centred},
        )
        .groupby("customer_id", sort=True)
        .sum()
    )
    latest = frame[frame["at"] == groups["at"].transform("max")].groupby("customer_id", sort=True)["mood"].mean()
    spread = sums["xx"].to_numpy(dtype=float)
    slope = np.divide(sums["xy"].to_numpy(dtype=float), spread, out=np.full(len(spread), np.nan), where=spread > 1e-9)
    trend = pd.DataFrame({"mood_count": groups.size(), "mood_mean": groups["mood"].mean(), "mood_last": latest})
    trend["mood_slope"] = slope
    return trend
