"""Frames as sorted arrays: customers become numbers and times become days once, whatever the number of dates."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.features.clock import Floats, days_of
from analytics.frames import SENTIMENT_COLUMNS, Frames

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EventLines:
    """The lines of one kind of event, sorted by customer and time; all arrays have shape (lines,).

    `opens_act` marks the first line of each act: lines of a customer with one reference are one act (an invoice), a
    line without reference is an act of its own.
    """

    customer: Codes
    day: Floats
    amount: Floats
    quantity: Floats
    opens_act: Flags

    def of_range(self, first: int, last: int) -> "EventLines":
        """The lines of the customers `first` <= code < `last`, renumbered from 0."""
        rows = slice(*np.searchsorted(self.customer, [first, last]))
        return EventLines(
            self.customer[rows] - first, self.day[rows], self.amount[rows], self.quantity[rows], self.opens_act[rows]
        )

    def before(self, day: float) -> "EventLines":
        """The lines strictly before `day`."""
        seen = self.day < day
        return EventLines(
            self.customer[seen], self.day[seen], self.amount[seen], self.quantity[seen], self.opens_act[seen]
        )


@dataclass(frozen=True, slots=True)
class MessageLines:
    """Messages sorted by customer and time; shape (messages,).

    `mood` is positive minus negative, NaN unless known; `topic` is what a message is about, None unless known.
    """

    customer: Codes
    day: Floats
    inbound: Flags
    mood: Floats
    is_negative: Flags
    topic: npt.NDArray[np.object_]

    def of_range(self, first: int, last: int) -> "MessageLines":
        """The messages of the customers `first` <= code < `last`, renumbered from 0."""
        found = self.where(slice(*np.searchsorted(self.customer, [first, last])))
        return replace(found, customer=found.customer - first)

    def where(self, chosen: Flags | slice) -> "MessageLines":
        """The chosen messages."""
        return MessageLines(*(getattr(self, name)[chosen] for name in self.__slots__))


def encode_events(frames: Frames) -> dict[str, EventLines]:
    """The lines of each kind; lines of unknown customers are left out."""
    events = frames.events
    customer = customer_codes(frames, events["customer_id"])
    kind, names = pd.factorize(events["kind"])
    day = days_of(events["occurred_at"])
    order = np.lexsort((day, customer, kind))
    order = order[(customer[order] >= 0) & (kind[order] >= 0)]
    reference = pd.factorize(events["reference"])[0][order]
    customer, kind, day = customer[order], kind[order], day[order]
    amount = events["amount"].to_numpy(dtype=np.float64)[order]
    quantity = events["quantity"].to_numpy(dtype=np.float64)[order]
    opens = _opens_act(kind, customer, reference)
    bounds = np.searchsorted(kind, np.arange(len(names) + 1))
    lines = {}
    for code, name in enumerate(names):
        rows = slice(bounds[code], bounds[code + 1])
        lines[str(name)] = EventLines(customer[rows], day[rows], amount[rows], quantity[rows], opens[rows])
    return lines


def encode_messages(frames: Frames) -> MessageLines:
    """All messages; those of unknown customers are left out."""
    messages = frames.messages
    customer = customer_codes(frames, messages["customer_id"])
    day = days_of(messages["sent_at"])
    order = np.lexsort((day, customer))
    order = order[customer[order] >= 0]
    mood = np.full(len(messages), np.nan)
    negative = np.zeros(len(messages), dtype=bool)
    if all(name in messages.columns for name in SENTIMENT_COLUMNS):
        probabilities = messages[list(SENTIMENT_COLUMNS)].to_numpy(dtype=np.float64)
        mood = probabilities[:, 2] - probabilities[:, 0]
        negative = probabilities[:, 0] > np.maximum(probabilities[:, 1], probabilities[:, 2])
    inbound = (messages["direction"] != "outbound").to_numpy(dtype=bool)
    topic = np.full(len(messages), None, dtype=object)
    if "topic" in messages.columns:
        known = messages["topic"].notna().to_numpy(dtype=bool)
        topic[known] = messages["topic"].to_numpy(dtype=object)[known]
    return MessageLines(customer[order], day[order], inbound[order], mood[order], negative[order], topic[order])


def customer_codes(frames: Frames, customer_ids: pd.Series) -> Codes:
    """The row of each id in `frames.customers`, -1 where it is unknown; shape (n,)."""
    codes: Codes = pd.Index(frames.customers["customer_id"]).get_indexer(pd.Index(customer_ids)).astype(np.int64)
    return codes


def _opens_act(kind: Codes, customer: Codes, reference: Codes) -> Flags:
    # -1 (no reference) becomes a number of its own for each line.
    lonely = reference < 0
    numbered = np.where(lonely, reference.max(initial=0) + 1 + np.arange(len(reference)), reference)
    acts = pd.DataFrame({"kind": kind, "customer": customer, "reference": numbered})
    opens: Flags = ~acts.duplicated().to_numpy()
    return opens
