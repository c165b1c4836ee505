"""Counting verdicts: every text ends once, every refusal has its rule, examples are those met most often."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from db.models import Customer, GuardVerdict
from db.queries.guarding import GuardSummary, guard_summary
from db.repositories.guard_verdicts import GuardVerdictRepository, NewVerdict
from db.session import Store
from db.vocabulary import Channel, GuardOutcome

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
RELEASE, REFUSE, FELL_BACK, WITHHELD = GuardOutcome


def row(
    verdict: GuardOutcome, attempt: int = 1, *findings: tuple[str, str], backend: str = "scripted",
    channel: Channel = Channel.EMAIL,
) -> NewVerdict:  # fmt: skip
    return NewVerdict(channel, backend, attempt, verdict, findings)


def add(store: Store, rows: Sequence[NewVerdict], at: datetime = NOW) -> None:
    with store.write() as session:
        assert GuardVerdictRepository(session).add_many(rows, at) == len(rows)


def summary(store: Store, since: datetime | None = None) -> GuardSummary:
    with store.read() as session:
        return guard_summary(session, since)


def test_an_empty_store_has_nothing_to_count(store: Store) -> None:
    found = summary(store)
    assert (found.total.texts, found.total.tries, found.rules, found.backends) == (0, 0, (), {})


@pytest.fixture
def filled(store: Store) -> Store:
    """Four letters by a writer and one chat reply: good, mended, replaced, withheld, good."""
    add(store, [row(RELEASE)], NOW - timedelta(days=9))
    add(
        store,
        [
            row(REFUSE, 1, ("percent", "90%"), ("free", "free"), ("percent", "80%")),
            row(RELEASE, 2),
            row(REFUSE, 1, ("percent", "90%")),
            row(FELL_BACK, 2, backend="template"),
            row(REFUSE, 1, ("percent", "75%"), ("percent", "70%")),
            row(WITHHELD, 2, ("percent", "90%"), backend="template"),
        ],
    )
    add(store, [row(RELEASE, 1, backend="template", channel=Channel.CHAT)], NOW + timedelta(hours=1))
    return store


def test_texts_are_counted_by_how_they_ended(filled: Store) -> None:
    total = summary(filled).total
    assert (total.texts, total.first_try, total.after_retries, total.approved, total.withheld) == (5, 2, 1, 1, 1)
    assert (total.tries, total.refused) == (8, 4)


def test_rules_come_with_their_share_and_the_claims_met_most_often(filled: Store) -> None:
    percent, free = summary(filled).rules
    assert (percent.rule, percent.refusals, percent.share) == ("percent", 4, 1.0)
    assert percent.examples == ("90%", "70%", "75%")
    assert (free.rule, free.refusals, free.share, free.examples) == ("free", 1, 0.25, ("free",))


def test_writers_channels_and_days_add_up_to_the_whole(filled: Store) -> None:
    found = summary(filled)
    assert {name: (one.tries, one.refused) for name, one in found.backends.items()} == {
        "scripted": (5, 3),
        "template": (3, 1),
    }
    assert {channel.value: one.texts for channel, one in found.channels.items()} == {"email": 4, "chat": 1}
    assert [(day.isoformat(), one.texts) for day, one in found.days.items()] == [
        ("2026-02-20", 1),
        ("2026-03-01", 3),
        ("2026-03-02", 1),
    ]


def test_only_what_came_since_is_counted(filled: Store) -> None:
    assert summary(filled, NOW).total.texts == 4
    assert summary(filled, NOW + timedelta(hours=2)).total.texts == 0


def test_a_text_that_was_never_written_is_withheld_without_a_refusal(store: Store) -> None:
    add(store, [row(WITHHELD, 5, backend="template")])
    total = summary(store).total
    assert (total.texts, total.withheld, total.tries, total.refused) == (1, 1, 0, 0)


def test_claims_of_erased_customers_are_no_examples(store: Store) -> None:
    with store.write() as session:
        session.add(Customer(id=1, external_id="C1", attributes={}, created_at=NOW, updated_at=NOW))
        session.flush()
        verdicts = GuardVerdictRepository(session)
        verdicts.add_many([NewVerdict(Channel.CHAT, "s", 1, REFUSE, (("name", "Ada"),), customer_key=1)], NOW)
        verdicts.forget("C1")
    [rule] = summary(store).rules
    assert (rule.rule, rule.refusals, rule.examples) == ("name", 1, ())


endings = st.tuples(st.sampled_from([RELEASE, FELL_BACK, WITHHELD]), st.integers(0, 3), st.sampled_from("ab"))


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(endings, max_size=20))
def test_every_text_ends_once_however_often_it_was_tried(
    store: Store, texts: list[tuple[GuardOutcome, int, str]]
) -> None:
    with store.write() as session:
        session.execute(delete(GuardVerdict))
    rows: list[NewVerdict] = []
    for ending, refused, backend in texts:
        rows += [row(REFUSE, number + 1, ("money", "$5"), backend=backend) for number in range(refused)]
        rows.append(row(ending, refused + 1, backend=backend))
    add(store, rows)
    found = summary(store)
    assert found.total.texts == len(texts)
    assert found.total.first_try == sum(ending is RELEASE and not refused for ending, refused, _ in texts)
    assert found.total.refused == sum(refused for _, refused, _ in texts)
    assert sum(one.texts for one in found.backends.values()) == len(texts)
