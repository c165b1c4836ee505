"""Messages come in with their words as written, known again by id or by content."""

from pathlib import Path

import pytest
from sqlalchemy import select

from db.importers.mapping import MessagesMapping
from db.importers.messages import import_messages
from db.importers.results import ImportOptions, ImportResult
from db.importers.tables import open_table
from db.models import Message
from db.session import Store
from db.vocabulary import Channel, Direction, ReconciledCounts
from tests.db.importers.conftest import MakeFile
from tests.db.importers.samples import messages

TABLE = 'customer,at,text\na,2026-01-05 10:00:00,"Too dear,\nI say [/x] {y}"\nb,2026-01-06 10:00:00,Fine\n'
WITH_ID = "id,customer,at,text,stars,way,from\n"
BY_ID = messages(
    message_id="id",
    rating="stars",
    channel={"column": "way", "values": {"web": "chat"}},
    direction={"column": "from", "values": {"c": "inbound", "us": "outbound"}},
)


def _import(store: Store, path: Path, options: ImportOptions, mapping: MessagesMapping | None = None) -> ImportResult:
    return import_messages(store, open_table(path), mapping or messages(), options)


def _all(store: Store) -> list[Message]:
    with store.read() as session:
        found = list(session.scalars(select(Message).order_by(Message.id)))
        session.expunge_all()
        return found


def test_texts_arrive_as_written_and_only_once(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    path = make_file(TABLE)
    assert _import(store, path, options).counts == ReconciledCounts(2, 2, 0, 0, 0)
    assert _import(store, path, options).counts == ReconciledCounts(2, 0, 0, 2, 0)
    assert [one.text for one in _all(store)] == ["Too dear,\nI say [/x] {y}", "Fine"]
    assert {(one.direction, one.channel) for one in _all(store)} == {(Direction.INBOUND, Channel.EMAIL)}


def test_a_message_known_by_its_id_can_change(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    _import(store, make_file(WITH_ID + "m1,a,2026-01-05,Hi,4,web,c\nm2,a,2026-01-05,Yo,5,email,us\n"), options, BY_ID)
    first = _all(store)[0]
    assert (first.channel, first.direction, first.rating) == (Channel.CHAT, Direction.INBOUND, 4)
    changed = make_file(WITH_ID + "m1,a,2026-01-05,Hi there,4,web,c\nm2,a,2026-01-05,Yo,5,email,us\n")
    assert _import(store, changed, options, BY_ID).counts == ReconciledCounts(2, 0, 1, 1, 0)
    assert _all(store)[0].text == "Hi there"


def test_one_id_twice_must_say_the_same(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    line = "m1,a,2026-01-05,Hi,4,web,c\n"
    result = _import(store, make_file(WITH_ID + line + line + line.replace("Hi", "Ho")), options, BY_ID)
    assert result.counts == ReconciledCounts(3, 1, 0, 1, 1)
    assert result.reject_codes == {"duplicate-key": 1}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("m1,,2026-01-05,Hi,4,web,c", "missing-customer"),
        ("m1,a,,Hi,4,web,c", "missing-date"),
        ("m1,a,yesterday,Hi,4,web,c", "bad-date"),
        ("m1,a,2026-01-05,  ,4,web,c", "missing-text"),
        ("m1,a,2026-01-05,Hi,four,web,c", "bad-number"),
        ("m1,a,2026-01-05,Hi,4,pigeon,c", "bad-channel"),
        ("m1,a,2026-01-05,Hi,4,web,them", "bad-direction"),
        (",a,2026-01-05,Hi,4,web,c", "missing-id"),
        ("m1,a,2026-01-05,\x1b[2J,4,web,c", "control-character"),
    ],
)
def test_a_message_that_cannot_be_used_is_refused(
    line: str, code: str, store: Store, options: ImportOptions, make_file: MakeFile
) -> None:
    result = _import(store, make_file(WITH_ID + line + "\n"), options, BY_ID)
    assert result.counts.rejected == 1
    assert result.reject_codes == {code: 1}


def test_messages_of_strangers_are_refused(store: Store, options: ImportOptions, make_file: MakeFile) -> None:
    result = _import(store, make_file(TABLE), options, messages(create_customers=False))
    assert result.reject_codes == {"unknown-customer": 2}
