"""A conversation whose person fell silent: it waits again, the customer is told so, and the day's figures know it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversation import Chat
from bot.dialogue.handoffs import close, reply, take
from bot.settings import load_settings
from bot.today import WAITING, today
from bot.tui.agenda import to_do
from bot.tui.desk import Desk
from bot.tui.handing import standing, waiting_of
from bot.wiring import Services
from db.models import AuditEvent, Customer, Handoff
from db.queries.customers import CustomerFilter, count_customers
from db.queries.today import handed_off
from db.repositories.conversations import ConversationRepository
from db.repositories.handoffs import HandoffRepository
from db.vocabulary import ConversationState, HandoffOutcome, HandoffState
from db.waiting import overdue
from tests.bot.conftest import Talks, did
from tests.bot.test_handoffs import at, queued
from tests.conftest import NOW, Command

SILENT = NOW + timedelta(hours=8)
NEXT_DAY = NOW + timedelta(days=1)
"""Later than any time of day at which a command may run: they take the store's day and the real time of day."""


def taken(talks: Talks) -> int:
    talks.say("let me talk to a human")
    return take(talks.store, queued(talks).id, "ann", NOW).id


def waits_by_list(talks: Talks) -> int:
    with talks.store.read() as session:
        return count_customers(session, CustomerFilter(audience=WAITING))


def test_who_is_left_by_a_person_is_told_that_somebody_was_asked_again(talks: Talks) -> None:
    number = taken(talks)
    at(talks, SILENT - timedelta(seconds=1))
    (silent,) = talks.say("are you there?")
    assert silent.silent
    at(talks, SILENT)
    told, after = talks.say("anybody?", "hello?")
    assert "again" in told.text or "once more" in told.text
    assert told.handoff
    assert did([told, after]) == ["handoff_waiting", "handoff_waiting"]
    assert after.text
    assert "again" not in after.text
    found = queued(talks)
    assert (found.id, found.state, found.was_with) == (number, HandoffState.WAITING, "ann")
    assert (found.taken_by, found.waits_until) == (None, SILENT + timedelta(minutes=15))
    with talks.store.read() as session:
        (noted,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "handoff_returned"))
        assert (noted.subject, (noted.details or {})["was_with"]) == (f"handoff:{number}", "ann")


def test_what_the_customer_wants_meanwhile_is_done(talks: Talks) -> None:
    taken(talks)
    at(talks, SILENT)
    asked, cancelled = talks.say("I want to cancel", "yes")
    assert "again" in asked.text or "once more" in asked.text
    assert did([asked, cancelled]) == ["ask_cancel", "cancel"]


def test_each_word_of_the_person_gives_them_more_time(talks: Talks) -> None:
    number = taken(talks)
    reply(talks.store, number, "I am looking into it.", "ann", NOW + timedelta(hours=5))
    assert overdue(talks.store, NOW + timedelta(hours=12)) == []
    assert queued(talks).state is HandoffState.TAKEN
    overdue(talks.store, NOW + timedelta(hours=13))
    assert queued(talks).state is HandoffState.WAITING


def test_words_of_the_customer_do_not(talks: Talks) -> None:
    taken(talks)
    at(talks, NOW + timedelta(hours=7))
    talks.say("hello?")
    overdue(talks.store, SILENT)
    assert queued(talks).state is HandoffState.WAITING


def test_after_the_queues_own_time_out_the_bot_offers_a_call(talks: Talks) -> None:
    taken(talks)
    overdue(talks.store, SILENT)
    at(talks, SILENT + timedelta(minutes=16))
    (late,) = talks.say("hello?")
    assert (late.handoff, late.slots["pending"]) == (False, "callback")
    assert queued(talks).state is HandoffState.TIMED_OUT


def test_another_person_takes_it_and_ends_it(talks: Talks) -> None:
    number = taken(talks)
    overdue(talks.store, SILENT)
    at(talks, SILENT + timedelta(minutes=1))
    assert take(talks.store, number, "bob", SILENT + timedelta(minutes=1)).taken_by == "bob"
    assert queued(talks).was_with is None
    (silent,) = talks.say("hello?")
    assert silent.silent
    close(talks.store, number, HandoffOutcome.RESOLVED, "bob", SILENT)
    (back,) = talks.say("what is my plan?")
    assert did([back]) == ["show_account"]


def test_one_that_was_left_twice_comes_back_twice_and_each_is_told(talks: Talks) -> None:
    # The clock of the demo company stands at one day.
    talks.services.settings = talks.services.settings.model_copy(update={"handoff_hours": 3.0})
    number = taken(talks)
    at(talks, NOW + timedelta(hours=3))
    talks.say("hello?")
    take(talks.store, number, "bob", NOW + timedelta(hours=3))
    at(talks, NOW + timedelta(hours=6))
    (told,) = talks.say("hello?")
    assert "again" in told.text or "once more" in told.text
    assert queued(talks).was_with == "bob"


def test_a_person_who_answers_in_that_moment_keeps_the_conversation(talks: Talks) -> None:
    number = taken(talks)
    at(talks, SILENT)
    chat, session = Chat(talks.services), talks.session
    assert session is not None
    ready = asyncio.run(chat._prepare(session, "hello?"))
    reply(talks.store, number, "Here I am.", "ann", SILENT)
    with talks.store.write() as writing:
        chat._queue(HandoffRepository(writing), session, ready)
    assert queued(talks).state is HandoffState.TAKEN


def test_a_conversation_that_a_person_has_does_not_wait(talks: Talks) -> None:
    talks.say("let me talk to a human")
    assert (today(talks.services).queue.size, waits_by_list(talks)) == (1, 1)
    take(talks.store, queued(talks).id, "ann", NOW)
    found = today(talks.services)
    assert (found.queue.size, found.queue.with_person, waits_by_list(talks)) == (0, 1, 0)
    assert "Conversations waiting for a person: 0 (1 more with a person)" in list(found.lines())
    at(talks, SILENT)
    found = today(talks.services)
    assert (found.queue.size, found.queue.with_person, waits_by_list(talks)) == (1, 0, 1)
    assert found.queue.first[0].was_with == "ann"
    assert "Conversations waiting for a person: 1 (1 back because nobody wrote to them)" in list(found.lines())
    (line,) = (line for line in to_do(found) if "waits for a person" in line.what)
    assert "1 left by a person" in line.remark


def test_the_queue_shows_who_left_it(talks: Talks, mainstay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    number = taken(talks)
    monkeypatch.setattr(Services, "now", lambda _: SILENT)
    at_store = ("--store", talks.services.settings.store_location)
    assert "(ann fell silent)" in mainstay("handoffs", "list", *at_store).out
    assert mainstay("handoffs", "list", *at_store, "--json").json[0]["was_with"] == "ann"
    assert "ann had taken it" in mainstay("handoffs", "show", number, *at_store).out
    assert "ann had it and fell silent" in standing(queued(talks))


def test_how_long_a_person_may_be_silent_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().patience.silence == timedelta(hours=8)
    monkeypatch.setenv("MAINSTAY_HANDOFF_HOURS", "0.5")
    assert load_settings().patience.silence == timedelta(minutes=30)


def test_a_long_queue_says_how_much_of_it_is_shown(talks: Talks, mainstay: Command) -> None:
    with talks.store.write() as session:
        conversations = ConversationRepository(session)
        ids = list(session.scalars(select(Customer.external_id).limit(30)))
        for place in range(205):
            found = conversations.start(ids[place % 30], NOW)
            conversations.reopen(found.id, ConversationState.HANDED_OFF)
            HandoffRepository(session).ask(found.id, found.customer_id, "asked", {}, NOW, NEXT_DAY)
    at_store = ("--store", talks.services.settings.store_location)
    ran = mainstay("handoffs", "list", *at_store, "--json")
    assert (len(ran.json), "200 of 205 shown" in ran.err) == (200, True)
    rest = mainstay("handoffs", "list", "--skip", 200, *at_store, "--json")
    assert [one["id"] for one in rest.json] == [201, 202, 203, 204, 205]
    assert "5 of 205 shown" in rest.err
    assert "shown" not in mainstay("handoffs", "list", "--limit", 300, *at_store).err
    with talks.store.read() as session:
        queue = handed_off(session)
    assert (len(queue.first), queue.size) == (200, 205)
    with talks.store.write() as session:
        last = session.get(Handoff, 205)
        assert last is not None
        for one in session.scalars(select(Handoff).where(Handoff.customer_id == last.customer_id, Handoff.id != 205)):
            one.state = HandoffState.DONE
        customer_id = session.scalars(select(Customer.external_id).where(Customer.id == last.customer_id)).one()
    assert waiting_of(Desk(talks.services.settings, talks.services), customer_id)
