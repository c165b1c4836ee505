"""Messages in: what customers wrote and what was written to them, each known again by its id or its content."""

from collections.abc import Callable
from enum import StrEnum
from hashlib import blake2b
from typing import TypeVar

from db.importers.engine import run_import
from db.importers.erased import ErasedIdentities
from db.importers.keyed import KeyedRecord, KeyedStage
from db.importers.mapping import MessagesMapping, ValueSource
from db.importers.readers import Reader, cell_reader, id_reader, instant_reader, place_of, refuse, unreadable
from db.importers.results import ImportOptions, ImportResult
from db.importers.rows import BadRow, Row, Table
from db.models import Message
from db.session import Store
from db.vocabulary import Channel, ColumnType, Direction, Json

MAX_TEXT = 100_000
"""Longest message, in characters."""

E = TypeVar("E", bound=StrEnum)


def import_messages(store: Store, table: Table, mapping: MessagesMapping, options: ImportOptions) -> ImportResult:
    """Import a table of messages. Importing the same table again changes nothing.

    Raises:
        MappingError: the mapping names a column that the table does not have.
        TooManyRejectsError: more rows are refused than the mapping allows; nothing was changed.
        InputError: the table cannot be read.
        StoreError: the store cannot be written.
    """
    erased = ErasedIdentities.of(store, options.hash_identity)

    def new_stage(mapping_id: int | None, compare: bool) -> KeyedStage:
        return KeyedStage(
            MessageReader(table, mapping),
            Message,
            create_customers=mapping.create_customers,
            erased=erased,
            mapping_id=mapping_id,
            now=options.now,
            hint="Import the customers first, or set create_customers: true.",
            compare=compare,
        )

    return run_import(store, table, mapping, new_stage, options)


class MessageReader:
    """Reads rows of one table of messages by one mapping.

    Raises:
        MappingError: the mapping names a column that the table does not have, or a word that is no channel.
    """

    def __init__(self, table: Table, mapping: MessagesMapping) -> None:
        source = mapping.source
        self._header = table.header
        self._mapping = mapping
        self.customer_column = mapping.customer_id.column
        self._customer = place_of(table, mapping.customer_id.column, why="it names the customer")
        self._read_customer = id_reader(mapping.customer_id, source)
        self._text = place_of(table, mapping.text.column, why="it is the text")
        self._read_text = cell_reader(mapping.text, source, ColumnType.TEXT)
        self._moment = place_of(table, mapping.sent_at.column, why="it says when")
        self._read_moment = instant_reader(mapping.sent_at, source)
        self._direction = _word_reader(mapping.direction, Direction, table)
        self._channel = _word_reader(mapping.channel, Channel, table)
        self._rating: tuple[int, Reader] | None = None
        if mapping.rating is not None:
            place = place_of(table, mapping.rating.column, why="it is the rating")
            self._rating = (place, cell_reader(mapping.rating, source, ColumnType.NUMBER))
        self._identity: tuple[int, Reader] | None = None
        if mapping.message_id is not None:
            place = place_of(table, mapping.message_id.column, why="it names the message")
            self._identity = (place, id_reader(mapping.message_id, source))
        known_by_id = ("direction", "channel", "sent_at", "text", "rating")
        self.compared: tuple[str, ...] = known_by_id if self._identity is not None else ("rating",)

    def read(self, row: Row) -> KeyedRecord | BadRow:
        """The message of a row, or why it is refused."""
        bad = unreadable(row, self._header)
        if bad is not None:
            return bad
        mapping, cells = self._mapping, row.cells
        column, code = self.customer_column, "bad-id"
        try:
            customer = self._read_customer(cells[self._customer])
            if customer is None:
                return refuse(row, column, "missing-customer", "the row names no customer.")
            column, code = mapping.sent_at.column, "bad-date"
            moment = self._read_moment(cells[self._moment])
            if moment is None:
                return refuse(row, column, "missing-date", "the row does not say when.")
            column, code = mapping.text.column, "bad-text"
            text = self._read_text(cells[self._text])
            if text is None:
                return refuse(row, column, "missing-text", "the message has no text.")
            if len(text) > MAX_TEXT:
                return refuse(row, column, "text-too-long", f"a message has at most {MAX_TEXT:,} characters.")
            column, code = mapping.direction.column or "", "bad-direction"
            direction = self._direction(cells)
            column, code = mapping.channel.column or "", "bad-channel"
            channel = self._channel(cells)
            column, code = mapping.rating.column if mapping.rating else "", "bad-number"
            rating = None if self._rating is None else self._rating[1](cells[self._rating[0]])
            column, code = mapping.message_id.column if mapping.message_id else "", "bad-id"
            identity = None if self._identity is None else self._identity[1](cells[self._identity[0]])
        except ValueError as error:
            return refuse(row, column, code, str(error))
        if self._identity is not None and identity is None:
            return refuse(row, column, "missing-id", "the message has no id.")
        values: Json = {
            "direction": direction,
            "channel": channel,
            "sent_at": moment,
            "text": text,
            "rating": None if rating is None else float(rating),
        }
        content = identity or f"{customer}\x1f{moment}\x1f{direction}\x1f{channel}\x1f{text}"
        digest = blake2b(content.encode(), digest_size=16, person=b"id" if identity else b"content").digest()
        return KeyedRecord(row, customer, values, digest, identity is not None, {})


def _word_reader(source: ValueSource, kind: type[E], table: Table) -> Callable[[list[str]], E]:
    if source.constant is not None:
        constant = kind(source.constant)
        return lambda cells: constant
    place = place_of(table, source.column or "", why=f"it gives the {kind.__name__.lower()}")
    values = {text: kind(word) for text, word in source.values.items()} | {one.value: one for one in kind}

    def reader(cells: list[str]) -> E:
        found = values.get(cells[place]) or values.get(cells[place].strip().casefold())
        if found is None:
            known = ", ".join(one.value for one in kind)
            raise ValueError(f"{cells[place][:40]!r} is none of {known}; translate it under `values` in the mapping.")
        return found

    return reader
