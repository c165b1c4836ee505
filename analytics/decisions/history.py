"""What went before with each customer: contacts made, offers shown, suppressions; frames in, histories out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd

from analytics.decisions.conditions import plain
from db.errors import InputError
from db.vocabulary import Channel, Json, OfferType, OutcomeKind, SuppressionReason

CONTACT_COLUMNS = ("customer_id", "channel", "sent_at", "offer_code", "offer_type", "outcome", "decision_id")
"""Columns of the contacts frame: a row per message sent or offer shown to a customer; the last four may be missing."""

SUPPRESSION_COLUMNS = ("customer_id", "reason", "channel", "since", "until")
"""Columns of the suppressions frame; no channel means every channel, no `until` means for good."""


@dataclass(frozen=True, slots=True, order=True)
class PastContact:
    """A message sent to a customer, or an offer shown in chat, and what came of it.

    `decision_id` is known only where the past is asked about one decision; it is not part of a stored history.
    """

    at: datetime
    channel: Channel
    offer_code: str = ""
    offer_type: OfferType = OfferType.NONE
    outcome: str = ""
    decision_id: str = ""

    @property
    def declined(self) -> bool:
        """Whether the customer said no to the offer."""
        return self.outcome == OutcomeKind.DECLINED

    def as_json(self) -> Json:
        """The contact as a JSON object."""
        offer = {"offer_code": self.offer_code, "offer_type": self.offer_type.value} if self.offer_code else {}
        outcome = {"outcome": self.outcome} if self.outcome else {}
        return {"at": self.at.isoformat(), "channel": self.channel.value, **offer, **outcome}


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A reason not to contact a customer: on one channel or on all (None), for a time or for good (None)."""

    reason: SuppressionReason
    since: datetime | None = None
    until: datetime | None = None
    channel: Channel | None = None

    def as_json(self) -> Json:
        """The suppression as a JSON object without the parts that are open."""
        days = {"since": self.since, "until": self.until}
        filled = {key: day.isoformat() for key, day in days.items() if day is not None}
        return {"reason": self.reason.value, **filled} | ({"channel": self.channel.value} if self.channel else {})


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """All that a contact policy knows of the past of one customer; contacts are sorted by time."""

    contacts: tuple[PastContact, ...] = ()
    suppressions: tuple[Suppressed, ...] = ()

    def since(self, moment: datetime) -> "ContactHistory":
        """The history without contacts before `moment`."""
        return ContactHistory(tuple(past for past in self.contacts if past.at >= moment), self.suppressions)

    def as_json(self) -> Json:
        """The history as a JSON object without the parts that are empty."""
        contacts = [past.as_json() for past in self.contacts]
        suppressions = [entry.as_json() for entry in self.suppressions]
        both = {"contacts": contacts, "suppressions": suppressions}
        return {key: rows for key, rows in both.items() if rows}


NO_HISTORY = ContactHistory()


def histories(
    contacts: pd.DataFrame | None, suppressions: pd.DataFrame | None, customer_ids: Sequence[str] | None = None
) -> dict[str, ContactHistory]:
    """The history of every customer that has one, from the two frames (either may be None).

    With `customer_ids` only those are read: a batch of a few need not go through everybody's past.

    Raises:
        InputError: a column is missing, or a channel, reason or time cannot be read.
    """
    past: dict[str, list[PastContact]] = {}
    for customer_id, contact in _contacts(_of(contacts, customer_ids)):
        past.setdefault(customer_id, []).append(contact)
    held: dict[str, list[Suppressed]] = {}
    for customer_id, entry in _suppressions(_of(suppressions, customer_ids)):
        held.setdefault(customer_id, []).append(entry)
    return {
        customer_id: ContactHistory(
            tuple(sorted(past.get(customer_id, ()))),
            tuple(sorted(held.get(customer_id, ()), key=lambda entry: str(entry.as_json()))),
        )
        for customer_id in past.keys() | held.keys()
    }


def history_from_json(document: Json) -> ContactHistory:
    """A history from what `ContactHistory.as_json` gave."""
    contacts = tuple(
        PastContact(
            datetime.fromisoformat(row["at"]),
            Channel(row["channel"]),
            row.get("offer_code", ""),
            OfferType(row.get("offer_type", "none")),
            row.get("outcome", ""),
        )
        for row in document.get("contacts", ())
    )
    suppressions = tuple(
        Suppressed(
            SuppressionReason(row["reason"]),
            datetime.fromisoformat(row["since"]) if "since" in row else None,
            datetime.fromisoformat(row["until"]) if "until" in row else None,
            Channel(row["channel"]) if "channel" in row else None,
        )
        for row in document.get("suppressions", ())
    )
    return ContactHistory(contacts, suppressions)


def utc(moment: object) -> datetime | None:
    """An instant as an aware datetime in UTC; a naive one is taken as UTC, a missing one is None."""
    if moment is None or (isinstance(moment, float) and pd.isna(moment)) or moment is pd.NaT:
        return None
    stamp = moment.to_pydatetime() if isinstance(moment, pd.Timestamp) else moment
    if not isinstance(stamp, datetime):
        raise TypeError(f"{moment!r} is not a time")
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


def day_before(moment: datetime, days: float) -> datetime:
    """The instant that many times 24 hours earlier, never before the first year a datetime can hold."""
    earliest = datetime.min.replace(tzinfo=moment.tzinfo)
    return moment - min(timedelta(days=days), moment - earliest)


def _of(frame: pd.DataFrame | None, customer_ids: Sequence[str] | None) -> pd.DataFrame | None:
    if frame is None or customer_ids is None or "customer_id" not in frame.columns:
        return frame
    return frame[frame["customer_id"].map(str).isin(set(customer_ids))]


def _contacts(frame: pd.DataFrame | None) -> list[tuple[str, PastContact]]:
    rows = _rows("contacts", frame, ("customer_id", "channel", "sent_at"), CONTACT_COLUMNS)
    found: list[tuple[str, PastContact]] = []
    for row in rows:
        try:
            at = utc(row["sent_at"])
            if at is None:
                raise ValueError("it has no time")
            contact = PastContact(
                at,
                Channel(str(row["channel"])),
                _text(row["offer_code"]),
                OfferType(_text(row["offer_type"]) or "none"),
                _text(row["outcome"]),
                _text(row["decision_id"]),
            )
        except (TypeError, ValueError) as error:
            raise InputError(f"contacts: a row of customer {row['customer_id']!r} cannot be read: {error}") from error
        found.append((str(row["customer_id"]), contact))
    return found


def _suppressions(frame: pd.DataFrame | None) -> list[tuple[str, Suppressed]]:
    rows = _rows("suppressions", frame, ("customer_id", "reason"), SUPPRESSION_COLUMNS)
    found: list[tuple[str, Suppressed]] = []
    for row in rows:
        try:
            channel = _text(row["channel"])
            entry = Suppressed(
                SuppressionReason(str(row["reason"])),
                utc(row["since"]),
                utc(row["until"]),
                Channel(channel) if channel else None,
            )
        except (TypeError, ValueError) as error:
            raise InputError(
                f"suppressions: a row of customer {row['customer_id']!r} cannot be read: {error}"
            ) from error
        found.append((str(row["customer_id"]), entry))
    return found


def _rows(
    name: str, frame: pd.DataFrame | None, needed: tuple[str, ...], columns: tuple[str, ...]
) -> list[Mapping[str, object]]:
    if frame is None or not len(frame):
        return []
    for column in needed:
        if column not in frame.columns:
            raise InputError(f"{name}: the column {column!r} is missing.", column=column)
    cells = [frame[column].tolist() if column in frame.columns else [None] * len(frame) for column in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def _text(value: object) -> str:
    known = plain(value)
    return "" if known is None else str(known)
