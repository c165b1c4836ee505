"""Forgetting a customer: nothing personal is left in any column or in the file, and counts still add up."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text

from bot.conversation import Chat
from bot.settings import Settings
from bot.wiring import Services
from db.erasure import erase_customer, erasure_requests
from db.errors import NotFoundError
from db.importers.erased import ErasedIdentities
from db.models import AuditEvent, Customer
from db.queries.customers import customer_detail
from db.repositories.contacts import ContactRepository, address_hash
from db.repositories.drafts import DraftRepository
from db.repositories.handoffs import HandoffRepository
from db.session import Store
from db.vocabulary import DraftState, HandoffOutcome, SuppressionReason
from tests.conftest import NOW, Command, Company

MARKER = "zyxw-marker-7431"
SAID = (
    f"the internet is down, my pet {MARKER} cannot sleep",
    f"it happens every evening, says {MARKER}",
    f"please call me back, ask for {MARKER}",
    "delete my data",
    f"let me talk to a human about {MARKER}",
)


@pytest.fixture
def services(company: Company) -> Iterator[Services]:
    built = Services(Settings(home=company.home, store=company.location), clock=lambda: NOW)
    yield built
    built.close()


def cells(store: Store) -> Iterator[tuple[str, Any]]:
    """Every cell of every table, with the name of its column."""
    with store.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            result = connection.execute(text(f'SELECT * FROM "{table}"'))
            names = list(result.keys())
            for row in result:
                yield from ((f"{table}.{name}", value) for name, value in zip(names, row, strict=True))


def holding(store: Store, words: set[str]) -> set[str]:
    """The columns in which one of these words stands."""
    found = set()
    for column, value in cells(store):
        if isinstance(value, str) and any(word.casefold() in value.casefold() for word in words):
            found.add(column)
    return found


def talk(services: Services, customer_id: str) -> None:
    """A conversation that leaves words in as many places as it can."""
    chat = Chat(services)
    session = chat.open(customer_id)

    async def say() -> None:
        for line in SAID:
            await chat.turn(session, line)

    asyncio.run(say())
    with services.store.write() as writing:
        found = HandoffRepository(writing).of_conversation(session.conversation_id)
        assert found is not None
        HandoffRepository(writing).take(found.id, "ann", NOW)
        HandoffRepository(writing).close(
            found.id, HandoffOutcome.RESOLVED, "ann", NOW + timedelta(minutes=1), note=f"spoke of {MARKER}"
        )


def test_a_customer_whose_id_is_the_key_of_another_takes_nothing_of_theirs(store: Store) -> None:
    with store.write() as session:
        for key, name in ((1, "2"), (2, "1")):
            session.add(Customer(id=key, external_id=name, attributes={}, created_at=NOW, updated_at=NOW))
        session.flush()
        contacts = ContactRepository(session)
        contacts.note("1", "likes mornings", "ann", NOW)
        contacts.note("2", "likes evenings", "ann", NOW)
        # As the action server of Rasa notes it: by the customer's id.
        contacts.audit("chat", "erasure_requested", "customer:2", NOW, {})

    erase_customer(store, "2", "ann", NOW)

    with store.read() as session:
        assert [text for _, _, text in ContactRepository(session).notes("1")] == ["likes mornings"]
        assert erasure_requests(session) == []
        assert session.query(AuditEvent).where(AuditEvent.subject == "customer:2").count() == 1


@pytest.mark.slow
def test_who_erases_is_told_that_the_file_still_remembers(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with store.write() as session:
        session.add(Customer(id=1, external_id="C1", attributes={}, created_at=NOW, updated_at=NOW))
    with store.read() as reading:
        reading.query(Customer).count()
        erase_customer(store, "C1", "ann", NOW)
    assert "write-ahead log" in caplog.text
    caplog.clear()
    with store.write() as session:
        session.add(Customer(id=2, external_id="C2", attributes={}, created_at=NOW, updated_at=NOW))
    erase_customer(store, "C2", "ann", NOW)
    assert "write-ahead log" not in caplog.text


@pytest.mark.slow
def test_nothing_personal_of_an_erased_customer_is_left(services: Services) -> None:
    store = services.store
    with store.read() as session:
        draft = DraftRepository(session).find(state=DraftState.NEEDS_REVIEW)[0]
        customer = customer_detail(session, draft.customer_id)
    assert customer.email
    talk(services, draft.customer_id)
    words = {draft.customer_id, customer.email, customer.name, MARKER, " ".join(draft.body.split()[:8])}
    held = holding(store, words)
    assert {"turn.said", "message.text", "audit_event.details", "handoff.dossier", "handoff.note"} <= held
    assert {"draft.brief", "decision.document", "conversation.slots", "customer.email"} <= held
    before = {name: sum(column == name for column, _ in cells(store)) for name in ("turn.number", "outcome.id")}

    done = erase_customer(store, draft.customer_id, "ann", NOW)

    assert holding(store, words) == set()
    assert before == {name: sum(column == name for column, _ in cells(store)) for name in before}
    assert done.turns == len(SAID) + 1
    assert (done.drafts, done.handoffs, done.conversations) == (1, 1, 1)
    assert store.path is not None
    for path in store.path.parent.glob(f"{store.path.name}*"):
        left = path.read_bytes()
        assert not [word for word in words if word.encode() in left], path
    with store.read() as session:
        assert DraftRepository(session).get(draft.id).state is DraftState.REJECTED
        reasons = ContactRepository(session).suppressions(done.pseudonym, NOW)
        with pytest.raises(NotFoundError):
            customer_detail(session, draft.customer_id)
    assert SuppressionReason.ERASED in {reason for _, reason in reasons}


@pytest.mark.slow
def test_who_asked_to_be_forgotten_is_listed_until_it_is_done(
    services: Services, mainstay: Command, company: Company
) -> None:
    with services.store.read() as session:
        drafts = DraftRepository(session).find(state=DraftState.NEEDS_REVIEW)[:2]
        first, other = (draft.customer_id for draft in drafts)
        mine = drafts[0].email
    talk(services, first)
    with services.store.read() as session:
        assert [one.customer_id for one in erasure_requests(session)] == [first]
    assert mainstay("customers", "requests", "--store", company.location, "--json").json[0]["customer_id"] == first
    assert mainstay("customers", "erase", first, "--store", company.location).code == 1
    assert mainstay("customers", "erase", "nobody", "--yes", "--store", company.location).code == 2
    ran = mainstay("customers", "erase", first, "--yes", "--json", "--store", company.location)
    assert ran.json["turns"] == len(SAID) + 1
    with services.store.read() as session:
        assert erasure_requests(session) == []
        assert customer_detail(session, other).customer_id == other
    erased = ErasedIdentities.of(services.store, address_hash)
    assert mine
    assert erased.holds(first, None)
    assert erased.holds("another id", mine.upper())
    assert not erased.holds(other, "somebody@else.example")
