"""Messages that an older language model read keep their moods; each is as the newest model that read it did."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.cli.options import moods_read_by, reading_model_of
from bot.dossier import dossier
from bot.wiring import Services
from db.models import Customer, Message, MessageReading
from db.queries.customers import customer_rows
from db.queries.deciding import last_readings
from db.repositories.messages import MessageRepository, Reading
from db.repositories.readers import readers
from db.vocabulary import Sentiment
from tests.bot.conftest import Talks
from tests.bot.test_handoffs import at
from tests.conftest import NOW, Command

OLD = "language-ffffffffffff"
"""Sorted by name it would come before the one that is installed."""


@pytest.fixture
def said(talks: Talks) -> list[int]:
    """Two messages: an angry one that only the old model read, and a later one that only the installed one did."""
    with talks.store.write() as session:
        session.execute(delete(MessageReading))
        session.execute(delete(Message))
        messages, ids = MessageRepository(session), []
        installed = talks.services.understander.version
        for place, (model, negative) in enumerate(((OLD, 0.8), (installed, 0.1))):
            at = NOW + timedelta(minutes=place)
            ids.append(messages.add(talks.customer, f"message {place}", at, source_key=bytes([place])))
            messages.add_readings(model, [Reading(ids[-1], negative, 0.1, 0.9 - negative, "price", None)])
    return ids


def of_customer(talks: Talks, model: str | None) -> list[tuple[float | None, str | None]]:
    with talks.store.read() as session:
        found = MessageRepository(session).of_customer(talks.customer, model=model)
        return [(one.negative, one.read_by) for one in found]


def test_each_message_is_as_the_newest_model_that_read_it_did(talks: Talks, said: list[int]) -> None:
    installed = talks.services.understander.version
    for model in (OLD, installed):
        assert of_customer(talks, model) == [(0.1, installed), (0.8, OLD)]
    with talks.store.write() as session:
        assert readers(session) == (installed, OLD)
        MessageRepository(session).add_readings(installed, [Reading(said[0], 0.2, 0.1, 0.7, "price", None)])
    assert of_customer(talks, OLD) == [(0.1, installed), (0.2, installed)]
    with talks.store.write() as session:
        MessageRepository(session).add_readings(OLD, [Reading(said[1], 0.7, 0.1, 0.2, "price", None)])
    assert reading_model_of(talks.services) == installed
    assert of_customer(talks, installed) == [(0.1, installed), (0.2, installed)]


def test_deciding_and_lists_see_the_mood_whichever_model_read_it(talks: Talks, said: list[int]) -> None:
    installed = talks.services.understander.version
    with talks.store.write() as session:
        session.execute(delete(MessageReading).where(MessageReading.message_id == said[1]))
        key = session.scalars(select(Customer.id).where(Customer.external_id == talks.customer)).one()
    with talks.store.read() as session:
        assert last_readings(session, installed, NOW) == {key: ("negative", "price")}
        assert customer_rows(session, [key], reading_model=installed)[0].mood is Sentiment.NEGATIVE
    assert reading_model_of(talks.services) == OLD
    with talks.store.write() as session:
        MessageRepository(session).add_readings(installed, [Reading(one, 0.0, 0.1, 0.9, None, None) for one in said])
    with talks.store.read() as session:
        assert last_readings(session, OLD, NOW) == {key: ("positive", None)}
        assert customer_rows(session, [key], reading_model=OLD)[0].mood is Sentiment.POSITIVE


def test_commands_tell_the_mood_and_who_read_it(
    talks: Talks, said: list[int], mainstay: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    understander = talks.services.understander
    monkeypatch.setattr(Services, "understander", understander)
    with talks.store.write() as session:
        session.execute(update(MessageReading).values(model=OLD))
    at_store = ("--store", talks.services.settings.store_location)
    told = mainstay("explain", talks.customer, *at_store, "--json").json["messages"]
    assert [(one["negative"], one["read_by"]) for one in told] == [(0.1, OLD), (0.8, OLD)]
    lines = mainstay("explain", talks.customer, *at_store).out
    assert f"(moods as read by {OLD})" in lines
    assert "inbound, negative: message 0" in lines
    at(talks, NOW + timedelta(minutes=5))
    talks.say("let me talk to a human")
    shown = mainstay("handoffs", "show", 1, *at_store, "--json").json["customer"]["messages"]
    assert [one["read_by"] for one in shown] == [understander.version, OLD, OLD]
    assert moods_read_by(talks.services) == f"Moods are as read by {understander.version}, else by {OLD}."


def test_a_dossier_without_a_reader_has_no_moods(talks: Talks, said: list[int]) -> None:
    found = dossier(talks.store, talks.services.models, talks.customer, NOW)
    assert [one.read_by for one in found.messages] == [None, None]
