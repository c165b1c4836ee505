import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from analytics.jobs.reporting import report
from analytics.reports.page import render_page
from analytics.reports.plain import render_json
from analytics.reports.terminal import render_text
from db.models import Customer
from db.queries.overview import overview
from db.session import Store, open_store
from db.vocabulary import RiskBand
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
