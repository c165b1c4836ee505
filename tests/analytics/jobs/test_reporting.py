import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from analytics.jobs.reporting import report
from analytics.reports.page import render_page
from analytics.reports.plain import render_json
from analytics.reports.terminal import render_text
from db.models import ChurnScore, Customer
from db.queries.overview import overview
from db.repositories.jobs import JobRepository
from db.repositories.scores import ScoreRepository, ScoreRow
from db.session import Store, open_store
from db.vocabulary import JobState, RiskBand
from tests.conftest import NOW, Company


def test_an_empty_store_has_a_report_that_says_so(store: Store) -> None:
    document = report(store, NOW)
    assert "no customers" in document.section("headline").empty


def test_the_headline_says_what_the_store_says(company: Company) -> None:
    with open_store(company.path) as store:
        document = report(store, NOW)
        with store.read() as session:
            seen = overview(session)
    figures = {name: figure.value for name, figure in document.section("headline").figures.items()}
    assert figures["leavers"] == pytest.approx(seen.expected_leavers)
    assert figures["at_risk"] == pytest.approx(seen.revenue_at_risk)
    assert figures["scored"] == seen.scored
    bands = document.section("risk").tables[0]
    assert bands.column("customers") == [seen.bands.get(RiskBand(band), 0) for band in ("high", "medium", "low")]


def test_every_section_of_a_worked_store_has_something_to_say(company: Company) -> None:
    with open_store(company.path) as store:
        document = report(store, NOW)
    assert [section.id for section in document.sections if section.empty] == []


def test_nobody_is_named_unless_names_are_asked_for(company: Company) -> None:
    with open_store(company.path) as store:
        hidden, named = report(store, NOW), report(store, NOW, with_names=True)
        with store.read() as session:
            ids = list(session.scalars(select(Customer.external_id)))
            emails = [email for email in session.scalars(select(Customer.email)) if email]
    for text in (render_page(hidden), render_text(hidden), render_json(hidden)):
        assert not [one for one in (*ids, *emails) if one in text]
    assert [one for one in ids if one in render_page(named)]


def test_the_same_store_makes_the_same_report(company: Company) -> None:
    with open_store(company.path) as store:
        first = report(store, NOW)
        later = report(store, NOW, generated_at=NOW + timedelta(hours=1))
        assert render_page(first) == render_page(report(store, NOW))
    one, other = json.loads(render_json(first)), json.loads(render_json(later))
    assert one.pop("generated_at") != other.pop("generated_at")
    assert one == other


def test_a_second_scoring_is_compared_with_the_first(company: Company) -> None:
    with open_store(company.path) as store:
        before = report(store, NOW)
        with store.write() as session:
            jobs, scores = JobRepository(session), ScoreRepository(session)
            last = scores.current_job()
            model = session.scalars(select(ChurnScore.model_version_id).where(ChurnScore.job_id == last).limit(1)).one()
            keys = session.scalars(select(ChurnScore.customer_id).where(ChurnScore.job_id == last)).all()
            job = jobs.begin("score", {"model": "the same", "day": "a later one"}, NOW)
            rows = [ScoreRow(key, 0.5, RiskBand.HIGH, 10.0, 20.0, None) for key in keys]
            scores.add_many(job.id, model, NOW.date(), rows)
            jobs.finish(job.id, JobState.DONE, NOW)
        after = report(store, NOW)
    assert "first scoring" in render_text(before).replace("\n ", "")
    figures = after.section("headline").figures
    assert figures["leavers_before"] == before.section("headline").figures["leavers"]
    assert figures["leavers"].value == pytest.approx(0.5 * len(keys))
    high_before = before.section("headline").figures["high_risk"].value
    assert isinstance(high_before, int)
    assert figures["rose"].value == len(keys) - high_before


def test_masked_quotes_come_from_different_customers(company: Company) -> None:
    with open_store(company.path) as store:
        named = report(store, NOW, with_names=True)
    writers = [text.rsplit("(", 1)[1] for quotes in named.section("voice").quotes for text in quotes.texts]
    assert writers
    assert len(writers) == len(set(writers))
