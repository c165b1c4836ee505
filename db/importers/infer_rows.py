"""Mappings proposed for tables with one row per event or per message."""

from collections.abc import Callable, Iterable
from typing import Any

from db.errors import InputError
from db.importers import name_hints as hints
from db.importers.mapping import (
    AmountSource,
    ColumnSource,
    EventKind,
    EventsMapping,
    MessagesMapping,
    SourceSettings,
    ValueSource,
)
from db.importers.profiles import ColumnProfile
from db.importers.proposals import ColumnProposal, ambiguous_date, cell_settings, date_style, source_settings
from db.importers.rows import Table
from db.vocabulary import Channel, ColumnRole, ColumnType, Direction

_DIRECTIONS = {
    **dict.fromkeys(("inbound", "in", "incoming", "customer", "received", "true", "1"), Direction.INBOUND.value),
    **dict.fromkeys(("outbound", "out", "outgoing", "agent", "sent", "false", "0"), Direction.OUTBOUND.value),
}


def propose_events(
    table: Table, profiles: list[ColumnProfile], currency: str | None
) -> tuple[EventsMapping, list[ColumnProposal], list[str]]:
    """The mapping of an event table, a reason for each column, and the questions it leaves open.

    Raises:
        InputError: no column could be the customer or the time.
    """
    finder = _Finder(table, profiles)
    customer = finder.customer()
    moment = finder.moment()
    quantity = finder.take(hints.EVENT_QUANTITY, "how much of it", _is_number)
    price = finder.take(hints.UNIT_PRICE, "the price of one", _is_number) if quantity is not None else None
    amount = price or finder.take(hints.EVENT_AMOUNT, "what it cost", _is_number)
    reference = finder.take(hints.EVENT_REFERENCE, "rows that share it are one act", lambda one: not one.is_unique)
    kind = finder.take(hints.EVENT_KIND, "it says what happened", lambda one: one.distinct <= 60)
    if kind is None:
        finder.questions.append("No column says what kind of event a row is; all are called `activity`.")
    attributes = tuple(one.name for one in finder.rest() if not one.is_free_text)
    product = (quantity.name, price.name) if quantity is not None and price is not None else ()
    mapping = EventsMapping(
        version=1,
        kind="events",
        source=finder.source,
        customer_id=ColumnSource(column=customer.name, strip_decimal=_ends_in_zero(customer)),
        event_kind=EventKind(constant="activity") if kind is None else EventKind(column=kind.name),
        occurred_at=finder.column(moment),
        amount=_amount(finder, amount, product),
        quantity=None if quantity is None else AmountSource(column=quantity.name, **finder.settings(quantity)),
        reference=None if reference is None else ColumnSource(column=reference.name),
        attributes=attributes,
        create_customers=True,
        currency=currency,
    )
    return mapping, finder.proposals, finder.questions


def propose_messages(
    table: Table, profiles: list[ColumnProfile], currency: str | None
) -> tuple[MessagesMapping, list[ColumnProposal], list[str]]:
    """The mapping of a message table, a reason for each column, and the questions it leaves open.

    Raises:
        InputError: no column could be the customer, the time or the text.
    """
    finder = _Finder(table, profiles)
    texts = [one for one in profiles if one.type is ColumnType.TEXT and one.mean_length >= 12 and not one.is_unique_id]
    named = [one for one in texts if hints.MESSAGE_TEXT.search(one.words)]
    if not texts:
        raise InputError("no column holds texts.", path=table.name, hint="Name the column as `text` in a mapping.")
    text = max(named or texts, key=lambda one: one.mean_length)
    finder.note(text, "its cells are the longest texts")
    customer = finder.customer()
    moment = finder.moment()
    identity = finder.take(hints.MESSAGE_ID, "it names the message", lambda one: one.is_unique)
    rating = finder.take(hints.MESSAGE_RATING, "a rating", lambda one: _is_number(one) and one.distinct <= 11)
    direction = finder.take(hints.MESSAGE_DIRECTION, "who wrote it", _known_words(_DIRECTIONS))
    channel = finder.take(hints.MESSAGE_CHANNEL, "how it was sent", _known_words({one.value: "" for one in Channel}))
    if direction is None:
        finder.questions.append("No column says who wrote a message; all are taken as written by customers (inbound).")
    mapping = MessagesMapping(
        version=1,
        kind="messages",
        source=finder.source,
        customer_id=ColumnSource(column=customer.name, strip_decimal=_ends_in_zero(customer)),
        text=ColumnSource(column=text.name),
        sent_at=finder.column(moment),
        message_id=None if identity is None else ColumnSource(column=identity.name),
        direction=ValueSource(constant=Direction.INBOUND.value)
        if direction is None
        else ValueSource(column=direction.name, values={text: _DIRECTIONS[text.lower()] for text in direction.counts}),
        channel=ValueSource(constant=(Channel.REVIEW if rating is not None else Channel.EMAIL).value)
        if channel is None
        else ValueSource(column=channel.name, values={text: text.lower() for text in channel.counts}),
        rating=None if rating is None else ColumnSource(column=rating.name, **finder.settings(rating)),
    )
    return mapping, finder.proposals, finder.questions


class _Finder:
    """Gives each column one use at most."""

    def __init__(self, table: Table, profiles: list[ColumnProfile]) -> None:
        self.table = table
        self.profiles = profiles
        self.source: SourceSettings = source_settings(table, profiles)
        self.proposals: list[ColumnProposal] = []
        self.questions: list[str] = []
        self._used: set[str] = set()

    def customer(self) -> ColumnProfile:
        """The column that names the customer."""
        for pattern in hints.CUSTOMER_ID[:2]:
            for one in self.rest():
                if pattern.search(one.words) and one.filled:
                    self.note(one, "its name says that it is the customer", ColumnRole.CUSTOMER_ID)
                    return one
        raise InputError(
            "no column names the customer.",
            path=self.table.name,
            hint="Write a mapping with `customer_id: NAME OF THE COLUMN`.",
        )

    def moment(self) -> ColumnProfile:
        """The column that says when."""
        dated = [one for one in self.rest() if one.type is ColumnType.DATE]
        named = [one for one in dated if hints.EVENT_TIME.search(one.words)]
        found = next(iter(named or dated), None)
        if found is None:
            raise InputError(
                "no column says when it happened.",
                path=self.table.name,
                hint="Write a mapping; date_format says how dates are written.",
            )
        self.note(found, "its cells are dates")
        if date_style(found, self.source) is None:
            self.questions.append(ambiguous_date(found))
        return found

    def take(self, pattern: Any, reason: str, fits: Callable[[ColumnProfile], bool]) -> ColumnProfile | None:
        """The first unused column whose name and cells fit."""
        found = next((one for one in self.rest() if one.filled and pattern.search(one.words) and fits(one)), None)
        if found is not None:
            self.note(found, reason)
        return found

    def note(self, one: ColumnProfile, reason: str, role: ColumnRole = ColumnRole.FEATURE) -> None:
        """Use a column."""
        self._used.add(one.name)
        self.proposals.append(ColumnProposal(one.name, role, one.type, f"{one.name}: {reason}."))

    def rest(self) -> Iterable[ColumnProfile]:
        """The unused columns."""
        return [one for one in self.profiles if one.name not in self._used]

    def settings(self, one: ColumnProfile) -> dict[str, Any]:
        """What the cells of a column need to be read."""
        return cell_settings(one, self.source)

    def column(self, one: ColumnProfile) -> ColumnSource:
        """A column with what its cells need."""
        return ColumnSource(column=one.name, **self.settings(one))


def _amount(finder: _Finder, amount: ColumnProfile | None, product: tuple[str, ...]) -> AmountSource | None:
    if product:
        return AmountSource(product=product)
    return None if amount is None else AmountSource(column=amount.name, **finder.settings(amount))


def _is_number(one: ColumnProfile) -> bool:
    return one.type is ColumnType.NUMBER


def _known_words(words: dict[str, str]) -> Callable[[ColumnProfile], bool]:
    return lambda one: bool(one.counts) and all(text.lower() in words for text in one.counts)


def _ends_in_zero(one: ColumnProfile) -> bool:
    return one.type is ColumnType.NUMBER and all(text.endswith(".0") for text in one.filled)
