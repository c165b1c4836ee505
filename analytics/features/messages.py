"""Features of messages: how often the customer writes, in what mood and about what, and how that changes."""

import numpy as np
import pandas as pd

from analytics.features.clock import Floats
from analytics.features.encoding import Codes, MessageLines
from analytics.features.plan import FeaturePlan

_MOOD_WINDOWS = (30, 90)
_TOPIC_WINDOW = 90
NO_TOPIC = "none"


def message_features(messages: MessageLines, plan: FeaturePlan, day: float, customers: int) -> pd.DataFrame:
    """One row per customer code 0..`customers`-1, from the messages strictly before `day`.

    Mood is the probability of positive minus that of negative, -1..1; it is NaN for customers who wrote nothing in
    the window. `topic_90d` is what they last wrote about in 90 days, "none" where they did not write. Columns of mood
    and topic exist only where `plan.with_sentiment`.
    """
    seen = messages.where(messages.day < day)
    inbound = seen.where(seen.inbound)
    columns = _counts(inbound, plan, day, customers)
    outbound = seen.where(~seen.inbound)
    columns["messages_sent_90d"] = _count(outbound.customer[day - outbound.day <= 90], customers)
    if plan.with_sentiment:
        columns |= _moods(inbound.where(~np.isnan(inbound.mood)), day, customers)
    frame = pd.DataFrame(columns)
    if plan.with_sentiment:
        frame["topic_90d"] = _last_topic(inbound.where(day - inbound.day <= _TOPIC_WINDOW), customers)
    return frame


def _counts(inbound: MessageLines, plan: FeaturePlan, day: float, customers: int) -> dict[str, Floats]:
    columns = {"messages_days_since_last": _last(inbound.customer, day - inbound.day, customers)}
    for window in plan.windows:
        columns[f"messages_count_{window}d"] = _count(inbound.customer[day - inbound.day <= window], customers)
    return columns


def _moods(known: MessageLines, day: float, customers: int) -> dict[str, Floats]:
    ago = day - known.day
    columns = {"mood_last": _last(known.customer, known.mood, customers)}
    for window in _MOOD_WINDOWS:
        recent = known.where(ago <= window)
        columns[f"mood_mean_{window}d"] = _mean(recent.customer, recent.mood, customers)
    before = known.where(ago > _MOOD_WINDOWS[-1])
    columns["mood_trend"] = columns["mood_mean_90d"] - _mean(before.customer, before.mood, customers)
    negative = known.where(known.is_negative)
    columns["messages_negative_90d"] = _count(negative.customer[day - negative.day <= 90], customers)
    columns["days_since_negative"] = _last(negative.customer, day - negative.day, customers)
    return columns


def _last_topic(recent: MessageLines, customers: int) -> pd.Series:
    topics = np.full(customers, NO_TOPIC, dtype=object)
    known = np.array([topic is not None for topic in recent.topic], dtype=bool)
    topics[recent.customer[known]] = recent.topic[known]
    return pd.Series(topics, dtype="str")


def _count(customer: Codes, customers: int) -> Floats:
    return np.bincount(customer, minlength=customers).astype(np.float64)


def _mean(customer: Codes, values: Floats, customers: int) -> Floats:
    count = _count(customer, customers)
    total = np.bincount(customer, weights=values, minlength=customers)
    return np.where(count > 0, total / np.maximum(count, 1.0), np.nan)


def _last(customer: Codes, values: Floats, customers: int) -> Floats:
    # Rows are sorted by time within a customer: the last assignment wins.
    last = np.full(customers, np.nan)
    last[customer] = values
    return last
