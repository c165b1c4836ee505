"""The feature table of an observation date: one row per customer known by then, nothing dated on or after it."""

from datetime import date

import numpy as np
import pandas as pd

from analytics.features.clock import Floats, day_of, days_of
from analytics.features.contracts import contract_features, encode_contracts
from analytics.features.encoding import EventLines, encode_events, encode_messages
from analytics.features.events import event_features
from analytics.features.messages import message_features
from analytics.features.plan import FeaturePlan, KindPlan
from analytics.frames import Frames

CHUNK_CUSTOMERS = 25_000
"""Customers computed at a time: bounds the scratch memory at some tens of megabytes."""


class FeatureBuilder:
    """Encodes frames once and computes the features of any number of observation dates from them."""

    def __init__(self, frames: Frames, *, chunk_customers: int = CHUNK_CUSTOMERS) -> None:
        self._customers = frames.customers.reset_index(drop=True)
        self._chunk = chunk_customers
        self._events = encode_events(frames)
        self._messages = encode_messages(frames)
        self._contracts = encode_contracts(frames)
        self._signed_up = days_of(self._customers["signed_up_on"])
        self._first_seen = self._first_trace()

    @property
    def first_seen(self) -> Floats:
        """Day of the sign-up, or else of the first dated row, NaN where there is none; shape (customers,)."""
        return np.where(np.isnan(self._signed_up), self._first_seen, self._signed_up)

    def features(self, observation_date: date | pd.Timestamp, plan: FeaturePlan) -> pd.DataFrame:
        """The table of one observation date: customers known strictly before it, columns of `plan`."""
        day = day_of(observation_date)
        ends = range(self._chunk, len(self._customers) + self._chunk, self._chunk)
        chunks = [self._chunk_features(end - self._chunk, min(end, len(self._customers)), day, plan) for end in ends]
        return pd.concat(chunks or [self._chunk_features(0, 0, day, plan)])

    def _chunk_features(self, first: int, last: int, day: float, plan: FeaturePlan) -> pd.DataFrame:
        count = last - first
        customers = self._customers.iloc[first:last]
        parts = [pd.DataFrame({"tenure_days": day - self._signed_up[first:last]})] if plan.with_tenure else []
        if plan.with_subscriptions:
            rows = (self._contracts.customer >= first) & (self._contracts.customer < last)
            lines = self._contracts.where(rows)
            lines.customer[:] -= first
            parts.append(contract_features(lines, day, count))
        parts.extend(
            event_features(self._kind(kind).of_range(first, last), kind, plan, day, count) for kind in plan.kinds
        )
        if plan.with_messages:
            parts.append(message_features(self._messages.of_range(first, last), plan, day, count))
        parts.append(customers[list(plan.attributes)])
        table = pd.concat([part.reset_index(drop=True) for part in parts], axis=1)
        table.index = pd.Index(customers["customer_id"], name="customer_id")
        return table.loc[self.first_seen[first:last] < day, list(plan.columns or table.columns)]

    def _kind(self, kind: KindPlan) -> EventLines:
        nothing = np.empty(0, dtype=np.float64)
        none = np.empty(0, dtype=np.int64)
        return self._events.get(kind.name) or EventLines(none, nothing, nothing, nothing, none.astype(bool))

    def _first_trace(self) -> Floats:
        first = np.full(len(self._customers), np.inf)
        for lines in self._events.values():
            np.minimum.at(first, lines.customer, lines.day)
        np.minimum.at(first, self._messages.customer, self._messages.day)
        np.minimum.at(first, self._contracts.customer, self._contracts.started)
        return np.where(np.isinf(first), np.nan, first)
