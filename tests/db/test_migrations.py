"""Migrations: the newest schema is the models, an upgrade keeps a copy, and repeats are harmless."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select, text

from db.errors import ConversationMovedError, PolicyError
from db.migrations.runner import LATEST, copy_aside, current_revision, script, upgrade
from db.models import Base, Customer, GuardVerdict
from db.queries.guarding import guard_summary
from db.queries.overview import leaver_sums
from db.repositories.conversations import ConversationRepository, TurnView
from db.repositories.guard_verdicts import GuardVerdictRepository, NewVerdict
from db.repositories.handoffs import HandoffRepository
from db.repositories.jobs import JobRepository
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.scores import NO_TIMES, ScoredTimes, ScoreRepository, ScoreRow
from db.session import Store, open_store
from db.vocabulary import Channel, ConversationState, GuardOutcome, JobState, RiskBand


def test_the_revisions_lead_to_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
        )
        assert current_revision(connection) == f"{LATEST:04d}"
    assert [item.revision for item in script().walk_revisions()] == [f"{n:04d}" for n in range(LATEST, 0, -1)]


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    assert upgrade(store.engine, store.path) is None


def test_a_store_with_customers_is_copied_before_an_upgrade(store: Store, tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with store.write() as session:
        session.add(Customer(external_id="C1", attributes={}, created_at=now, updated_at=now))
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert store.path is not None
    copied = copy_aside(store.engine, store.path)
    assert copied is not None
    copy = create_engine(f"sqlite:///{copied}")
    with copy.connect() as connection:
        assert connection.execute(select(Customer.external_id)).scalars().all() == ["C1"]
    copy.dispose()


def test_an_older_store_keeps_its_rows_and_gets_the_cache_of_vectors(store: Store) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with store.write() as session:
        session.add(Customer(external_id="C1", attributes={}, created_at=now, updated_at=now))
    downgrade(store, "0001")
    assert store.path is not None
    store.close()
    with open_store(store.path) as upgraded, upgraded.read() as session:
        assert session.scalars(select(Customer.external_id)).all() == ["C1"]
        assert "message_embedding" in inspect(upgraded.engine).get_table_names()
    assert len(list(store.path.parent.glob("*before-upgrade*"))) == 1


def downgrade(store: Store, revision: str) -> None:
    """Take the store back to a revision."""
    scripts = script()
    with store.engine.execution_options(mainstay_write=True).begin() as connection:
        environment = EnvironmentContext(Config(), scripts)
        environment.configure(
            connection=connection,
            transactional_ddl=False,
            fn=lambda found, _: scripts._downgrade_revs(revision, found),
        )
        environment.run_migrations()


def verdict_on(customer: int, claim: str = "90%") -> NewVerdict:
    return NewVerdict(Channel.EMAIL, "scripted", 1, GuardOutcome.REFUSE, (("percent", claim),), customer_key=customer)


def test_the_verdicts_of_the_guard_come_and_go_with_their_table(store: Store) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with store.write() as session:
        session.add(Customer(id=1, external_id="C1", attributes={}, created_at=now, updated_at=now))
        session.flush()
        assert GuardVerdictRepository(session).add_many([verdict_on(1)], now) == 1
    downgrade(store, "0002")
    with store.engine.connect() as connection:
        assert current_revision(connection) == "0002"
        assert "guard_verdict" not in inspect(connection).get_table_names()
        assert connection.execute(select(Customer.external_id)).scalars().all() == ["C1"]
    assert store.path is not None
    assert upgrade(store.engine, store.path) is not None
    with store.write() as session:
        assert session.scalars(select(Customer.external_id)).all() == ["C1"]
        assert session.scalars(select(GuardVerdict)).all() == []
        assert GuardVerdictRepository(session).add_many([verdict_on(1)], now) == 1
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_scores_of_an_older_store_are_kept_and_say_nothing_of_time(store: Store) -> None:
    scored(store, ScoredTimes(0.1, 0.2, 0.3, 0.05, 400.0))
    downgrade(store, "0003")
    with store.engine.connect() as connection:
        assert "churn_30" not in {column["name"] for column in inspect(connection).get_columns("churn_score")}
    assert upgrade(store.engine, store.path) is not None
    with store.read() as session:
        found = ScoreRepository(session).current("C1")
    assert found is not None
    assert (found.churn_probability, found.times) == (0.5, NO_TIMES)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def scored(store: Store, times: ScoredTimes) -> None:
    """One customer with one score."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with store.write() as session:
        session.add(Customer(id=1, external_id="C1", attributes={}, created_at=now, updated_at=now))
        session.flush()
        model = ModelVersionRepository(session).add(
            ModelRecord(0, "churn", "v1", "00", {}, {}, {"survival": "survival-end/v1"}, now)
        )
        job = JobRepository(session).begin("score", {}, now)
        row = ScoreRow(1, 0.5, RiskBand.HIGH, 12.5, 100.0, None, times)
        assert ScoreRepository(session).add_many(job.id, model, now.date(), [row]) == 1
        JobRepository(session).finish(job.id, JobState.DONE, now)


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database on the test server."""
    server = os.environ.get("MAINSTAY_TEST_POSTGRES")
    if not server:
        pytest.skip("set MAINSTAY_TEST_POSTGRES to the address of a PostgreSQL server that may be written to")
    address = server.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(address, isolation_level="AUTOCOMMIT", connect_args={"client_encoding": "utf8"})
    name = f"mainstay_test_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def test_postgresql_gets_the_same_schema(postgres: str) -> None:
    with open_store(postgres) as store:
        assert set(Base.metadata.tables) <= set(inspect(store.engine).get_table_names())
        with store.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with open_store(postgres) as again, again.read() as session:
        assert session.scalars(select(Customer)).all() == []


def test_postgresql_counts_the_verdicts_of_the_guard_too(postgres: str) -> None:
    now = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    with open_store(postgres) as store:
        with store.write() as session:
            session.add(Customer(id=1, external_id="C1", attributes={}, created_at=now, updated_at=now))
            session.flush()
            verdicts = GuardVerdictRepository(session)
            assert verdicts.add_many([verdict_on(1), verdict_on(1, "\x00 \ud800 'x'")], now) == 2
            assert verdicts.add_many([verdict_on(999)], now) == 0
        with store.write() as session:
            found = guard_summary(session, now)
            assert (found.total.refused, found.rules[0].examples, list(found.days)) == (
                2,
                ("\x00 \ud800 'x'", "90%"),
                [now.date()],
            )
            assert GuardVerdictRepository(session).forget("C1") == 2
            assert guard_summary(session).rules[0].examples == ()
            session.delete(session.get_one(Customer, 1))
        downgrade(store, "0002")
        assert "guard_verdict" not in inspect(store.engine).get_table_names()


def test_postgresql_keeps_forecasts_in_time(postgres: str) -> None:
    times = ScoredTimes(0.1, 0.2, 0.3, 0.05, 400.0)
    with open_store(postgres) as store:
        scored(store, times)
        with store.read() as session:
            found = ScoreRepository(session).current("C1")
            assert found is not None
            assert (found.times, found.timing_model) == (times, "survival-end/v1")
            sums = leaver_sums(session, 1)
        assert (sums.days, sums.mean) == (30, 0.1)
        assert sums.variance == pytest.approx(0.09)
        downgrade(store, "0003")
        assert "churn_30" not in {column["name"] for column in inspect(store.engine).get_columns("churn_score")}
    with open_store(postgres) as again, again.read() as session:
        kept = ScoreRepository(session).current("C1")
        assert kept is not None
        assert kept.times == NO_TIMES


def test_the_demo_company_lives_in_postgresql_too(postgres: str) -> None:
    from analytics.jobs.demo import fill_demo
    from analytics.jobs.frames import read_chunks
    from db.queries.audience import parse_audience
    from db.queries.customers import CustomerFilter, customer_keys, customer_rows

    assert parse_audience("tv = yes") is not None
    with open_store(postgres) as store:
        filled = fill_demo(store, customers=60)
        assert filled.customers == 60
        chunks = list(read_chunks(store, with_history=True, size=25))
        assert [len(chunk.keys) for chunk in chunks] == [25, 25, 10]
        assert sum(len(chunk.frames.events) for chunk in chunks) == filled.events
        with store.read() as session:
            keys = customer_keys(session, CustomerFilter(audience="tv = yes and monthly_revenue > 30"))
            assert keys
            assert all((row.monthly_revenue or 0) > 30 for row in customer_rows(session, keys))


def test_postgresql_gives_a_hand_off_to_one_person_and_a_turn_its_number_once(postgres: str) -> None:
    now = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    with open_store(postgres) as store, open_store(postgres) as elsewhere:
        with store.write() as session:
            session.add(Customer(id=1, external_id="C1", attributes={}, created_at=now, updated_at=now))
            session.flush()
            talk = ConversationRepository(session).start("C1", now).id
            number = HandoffRepository(session).ask(talk, "C1", "asked", {}, now, now).id

        def bob() -> str:
            with elsewhere.write() as session:
                return HandoffRepository(session).take(number, "bob", now).taken_by or ""

        def second() -> None:
            with elsewhere.write() as session:
                known = ConversationRepository(session).get(talk)
                first_read.set()
                turn = TurnView(known.turns + 1, "hello", "", None, None, {}, now)
                ConversationRepository(session).add_turn(talk, turn, {}, ConversationState.OPEN)

        first_read = threading.Event()
        with ThreadPoolExecutor(2) as others:
            with store.write() as session:
                HandoffRepository(session).take(number, "ann", now)
                asked = others.submit(bob)
                with pytest.raises(TimeoutError):
                    asked.result(0.5)
            with pytest.raises(PolicyError, match="by ann"):
                asked.result(30)
            with store.write() as session:
                turn = TurnView(1, "hi", "", None, None, {}, now)
                ConversationRepository(session).add_turn(talk, turn, {}, ConversationState.OPEN)
                session.flush()
                late = others.submit(second)
                assert first_read.wait(30)
            with pytest.raises(ConversationMovedError):
                late.result(30)
