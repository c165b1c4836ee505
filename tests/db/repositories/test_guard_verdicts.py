"""Verdicts of the guard are kept beside other work, never at its expense, and lose their claims with a customer."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from db.errors import StoreError
from db.models import AuditEvent, Customer, GuardVerdict, Setting
from db.repositories.conversations import ConversationRepository
from db.repositories.guard_verdicts import MOST_CLAIM, GuardVerdictRepository, NewVerdict
from db.repositories.jobs import JobRepository
from db.session import Store
from db.vocabulary import Channel, GuardOutcome

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LETTER = NewVerdict(Channel.EMAIL, "scripted", 1, GuardOutcome.REFUSE, (("percent", "90%"), ("name", "Ada")), 1)


@pytest.fixture
def peopled(store: Store) -> Store:
    with store.write() as session:
        session.add_all(
            Customer(id=key, external_id=f"C{key}", attributes={}, created_at=NOW, updated_at=NOW) for key in (1, 2)
        )
    return store


def add(store: Store, *verdicts: NewVerdict) -> int:
    with store.write() as session:
        return GuardVerdictRepository(session).add_many(verdicts, NOW)


def kept(store: Store) -> list[GuardVerdict]:
    with store.read() as session:
        rows = list(session.scalars(select(GuardVerdict).order_by(GuardVerdict.id)))
        session.expunge_all()
        return rows


def test_a_verdict_is_kept_as_it_was_given(peopled: Store) -> None:
    with peopled.write() as session:
        job = JobRepository(session).begin("draft", {}, NOW).id
        talk = ConversationRepository(session).start("C2", NOW).id
    chat = NewVerdict(Channel.CHAT, "template", 2, GuardOutcome.FELL_BACK, (), 2, None, talk)
    assert add(peopled, NewVerdict(Channel.EMAIL, "scripted", 1, GuardOutcome.RELEASE, (), 1, job), chat, LETTER) == 3
    letter, reply, refused = kept(peopled)
    assert (letter.at, letter.job_id, letter.conversation_id, letter.customer_id) == (NOW, job, None, 1)
    assert (letter.channel, letter.verdict, letter.findings) == (Channel.EMAIL, GuardOutcome.RELEASE, [])
    assert (reply.job_id, reply.conversation_id, reply.customer_id) == (None, talk, 2)
    assert (reply.backend, reply.attempt, reply.verdict) == ("template", 2, GuardOutcome.FELL_BACK)
    assert refused.findings == [{"rule": "percent", "claim": "90%"}, {"rule": "name", "claim": "Ada"}]


def test_long_claims_are_cut_and_the_same_claim_is_kept_once(peopled: Store) -> None:
    long = "x" * (MOST_CLAIM + 40)
    findings = (("name", long), ("name", long + "y"), ("money", long))
    add(peopled, NewVerdict(Channel.CHAT, "scripted", 1, GuardOutcome.REFUSE, findings))
    [row] = kept(peopled)
    assert row.findings == [{"rule": "name", "claim": "x" * 60}, {"rule": "money", "claim": "x" * 60}]


def test_no_verdicts_need_no_statement(peopled: Store) -> None:
    assert add(peopled) == 0
    assert kept(peopled) == []


def test_what_cannot_be_kept_leaves_the_work_around_it_alone(peopled: Store, caplog: pytest.LogCaptureFixture) -> None:
    nobody = NewVerdict(Channel.EMAIL, "scripted", 1, GuardOutcome.RELEASE, customer_key=999)
    with peopled.write() as session:
        session.add(Setting(key="before", value={}))
        assert GuardVerdictRepository(session).add_many([LETTER, nobody], NOW) == 0
        session.add(Setting(key="after", value={}))
    with peopled.read() as session:
        assert set(session.scalars(select(Setting.key))) == {"before", "after"}
    assert kept(peopled) == []
    assert "2 verdicts of the guard were not kept" in caplog.text


def test_a_fault_of_the_caller_is_not_taken_for_one_of_a_verdict(peopled: Store) -> None:
    with peopled.write() as session:
        session.add(Customer(id=3, external_id="C1", attributes={}, created_at=NOW, updated_at=NOW))
        with pytest.raises(IntegrityError):
            GuardVerdictRepository(session).add_many([LETTER], NOW)
        session.rollback()
    assert kept(peopled) == []


def test_a_full_disk_is_never_taken_for_success(peopled: Store) -> None:
    huge = NewVerdict(Channel.EMAIL, "x" * 20_000_000, 1, GuardOutcome.RELEASE)
    try:
        with peopled.write() as session:
            session.add(Setting(key="before", value={}))
            session.flush()
            pages = session.execute(text("PRAGMA page_count")).scalar_one()
            session.execute(text(f"PRAGMA max_page_count={pages + 8}"))
            assert GuardVerdictRepository(session).add_many([huge], NOW) == 0
            session.execute(text("PRAGMA max_page_count=4294967294"))
        told = True
    except StoreError:
        told = False
    with peopled.read() as session:
        assert (session.get(Setting, "before") is not None) == told


def test_erasing_a_customer_clears_the_claims_and_keeps_the_counts(peopled: Store) -> None:
    with peopled.write() as session:
        talk = ConversationRepository(session).start("C1", NOW).id
    reply = NewVerdict(
        Channel.CHAT, "scripted", 1, GuardOutcome.REFUSE, (("name", "Ada"), ("name", "A.")), 1, None, talk
    )
    other = NewVerdict(Channel.EMAIL, "scripted", 1, GuardOutcome.REFUSE, (("name", "Grace"),), 2)
    add(peopled, LETTER, reply, other)
    with peopled.write() as session:
        verdicts = GuardVerdictRepository(session)
        assert verdicts.forget("C1") == 2
        assert verdicts.forget("C1") == verdicts.forget("nobody") == 0
    mine, said, theirs = kept(peopled)
    assert mine.findings == [{"rule": "percent", "claim": ""}, {"rule": "name", "claim": ""}]
    assert said.findings == [{"rule": "name", "claim": ""}]
    assert [(row.customer_id, row.conversation_id, row.verdict) for row in (mine, said)] == [
        (None, None, GuardOutcome.REFUSE)
    ] * 2
    assert (theirs.customer_id, theirs.findings) == (2, [{"rule": "name", "claim": "Grace"}])


def test_a_customer_cannot_be_deleted_while_claims_about_them_are_kept(peopled: Store) -> None:
    add(peopled, LETTER)
    with pytest.raises(IntegrityError), peopled.write() as session:
        session.delete(session.get_one(Customer, 1))
    with peopled.write() as session:
        GuardVerdictRepository(session).forget("C1")
        session.delete(session.get_one(Customer, 1))
        session.add(AuditEvent(at=NOW, actor="kim", action="erase", subject="customer"))
    assert [row.customer_id for row in kept(peopled)] == [None]
    assert peopled.path is not None
    assert b"Ada" not in peopled.path.read_bytes()
