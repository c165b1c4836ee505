"""Audiences in words: what they select, and the sentence a mistake gets."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import InputError
from db.models import ChurnScore, Customer, Job, ModelVersion
from db.queries.audience import parse_audience
from db.queries.customers import CustomerFilter, count_customers, customer_keys, customer_rows
from db.session import Store
from db.vocabulary import CustomerStatus, JobState, RiskBand

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def filled(store: Store) -> Store:
    """
    1 Ada    Max   20  low   Contract=Month  visits=3
    2 Grace  Max   50  high  Contract=Year   visits=10
    3 Edith  Mini  80  high  Contract=Month  visits=
    """
    people = [
        ("1", "Ada", "Max", 20.0, 0.1, RiskBand.LOW, {"Contract": "Month", "visits": 3}),
        ("2", "Grace", "Max", 50.0, 0.8, RiskBand.HIGH, {"Contract": "Year", "visits": 10}),
        ("3", "Edith", "Mini", 80.0, 0.7, RiskBand.HIGH, {"Contract": "Month", "visits": None}),
    ]
    with store.write() as session:
        session.add(
            Job(
                id=1, kind="score", idempotency_key="k", parameters={}, state=JobState.DONE, started_at=NOW,
                updated_at=NOW, done=3, failed=0,
            )
        )  # fmt: skip
        session.add(
            ModelVersion(
                id=1, name="churn", version="1", manifest_sha256="", data_window={}, metrics={}, card={}, created_at=NOW
            )
        )
        session.flush()
        for key, name, plan, revenue, chance, band, attributes in people:
            session.add(
                Customer(
                    id=int(key), external_id=key, first_name=name, plan=plan, monthly_revenue=revenue,
                    status=CustomerStatus.ACTIVE, attributes=attributes, created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                ChurnScore(
                    job_id=1, customer_id=int(key), churn_probability=chance, risk_band=band,
                    revenue_at_risk=chance * revenue, model_version_id=1, observation_date=date(2026, 1, 1),
                )
            )  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("risk_band = high", "2 3"),
        ("risk_band = HIGH and monthly_revenue >= 80", "3"),
        ("churn_probability > 75%", "2"),
        ("plan = max", "1 2"),
        ("plan != 'Max'", "3"),
        ("Contract = month", "1 3"),
        ("Contract in (Year, 'Two year')", "2"),
        ("visits > 3", "2"),
        ("visits is unknown", "3"),
        ("visits is known and not plan = Mini", "1 2"),
        ("(plan = Mini or monthly_revenue < 30) and risk_band = low", "1"),
        ("customer_id = 2", "2"),
        ('"nothing like it" = 1', ""),
        ("", "1 2 3"),
    ],
)
def test_an_audience_selects(filled: Store, audience: str, expected: str) -> None:
    with filled.read() as session:
        keys = customer_keys(session, CustomerFilter(audience=audience))
        assert sorted(row.customer_id for row in customer_rows(session, keys)) == expected.split()
        assert count_customers(session, CustomerFilter(audience=audience)) == len(keys)


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        ("risk_band", "a comparison such as = or >= is missing"),
        ("risk_band high", "'high' is no comparison"),
        ("risk_band = ", "a value is missing"),
        ("risk_band = hihg", "'risk_band' is compared with 'hihg'"),
        ("(risk_band = high", "a closing bracket is missing"),
        ("risk_band = high extra", "'extra' was not expected here"),
        ("plan = 'open", "a quote is not closed"),
        ("plan in Max", "after 'in' comes a list in brackets"),
        ("plan is open", "after 'is' comes 'known' or 'unknown'"),
        ("x" * 3000, "at most 2000 characters"),
    ],
)
def test_a_mistake_gets_a_sentence(audience: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_audience(audience)


@given(st.text(alphabet="abc =<>!()'\",%`.-_1;\\andornotis", max_size=60))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_text_is_a_condition_or_a_sentence(text: str) -> None:
    try:
        condition = parse_audience(text)
    except InputError:
        return
    assert condition is not None


def test_values_never_become_sql(filled: Store) -> None:
    with filled.read() as session:
        assert customer_keys(session, CustomerFilter(audience='plan = "x\' OR 1=1 --"')) == []
        assert customer_keys(session, CustomerFilter(search="%' OR 1=1 --")) == []
        assert len(customer_keys(session, CustomerFilter(search="gra"))) == 1
