"""Retention of a small store, month by month, by hand."""

from datetime import UTC, date, datetime

import pytest

from analytics.jobs.retention import retention_by_month
from db.models import Customer, Event, Subscription
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

NOW = datetime(2026, 5, 10, tzinfo=UTC)
ENDS = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE)

Line = tuple[date, date | None, float]


def fill(store: Store, definition: ChurnDefinition, lines: dict[str, tuple[str, list[Line]]]) -> None:
    with store.write() as session:
        SettingsRepository(session).set_churn_definition(definition)
        for external_id, (currency, of_customer) in lines.items():
            customer = Customer(external_id=external_id, currency=currency, created_at=NOW, updated_at=NOW)
            session.add(customer)
            session.flush()
            session.add_all(
                Subscription(customer_id=customer.id, started_on=start, ended_on=end, mrr=mrr)
                for start, end, mrr in of_customer
            )


def test_the_newest_complete_months_by_hand(store: Store) -> None:
    begin = date(2025, 1, 1)
    fill(
        store,
        ENDS,
        {
            "first to leave": ("EUR", [(begin, date(2026, 1, 15), 5.0)]),
            "stays": ("EUR", [(begin, None, 60.0)]),
            "leaves in March": ("EUR", [(begin, date(2026, 3, 20), 40.0)]),
            "pays less from April": ("EUR", [(begin, date(2026, 4, 1), 30.0), (date(2026, 4, 1), None, 20.0)]),
        },
    )
    found = retention_by_month(store, NOW, months=6)
    # Departures are recorded from 15 January on: February is the first month that can be told.
    assert [month.end for month in found] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    february, march, april = (month.money for month in found)
    assert february is not None
    assert (february.logo_churn, february.gross_revenue_retention) == (0.0, 1.0)
    assert march is not None
    assert (march.at_start, march.lost, march.start_mrr, march.churned_mrr) == (3, 1, 130.0, 40.0)
    assert april is not None
    assert (april.start_mrr, april.contraction_mrr) == (90.0, 10.0)
    assert april.net_revenue_retention == pytest.approx(80 / 90)


def test_currencies_are_kept_apart(store: Store) -> None:
    begin, gone = date(2025, 1, 1), date(2026, 1, 15)
    fill(
        store,
        ENDS,
        {
            "early": ("EUR", [(begin, gone, 5.0)]),
            "euro": ("EUR", [(begin, None, 10.0)]),
            "yen": ("JPY", [(begin, date(2026, 4, 20), 1000.0)]),
        },
    )
    april = retention_by_month(store, NOW, months=1)[0]
    assert april.money is None
    assert april.everybody.logo_churn == 0.5
    document = april.as_json()
    assert document["by_currency"]["EUR"]["gross_revenue_retention"] == 1.0
    assert document["by_currency"]["JPY"]["gross_revenue_retention"] == 0.0
    assert "start_mrr" not in document


def test_silence_counts_customers(store: Store) -> None:
    silence = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, inactivity_days=30, activity_kinds=("purchase",))
    fill(store, silence, {"buys": ("EUR", []), "stops": ("EUR", [])})
    acts = [(1, date(2026, 1, 5)), (1, date(2026, 3, 25)), (1, date(2026, 4, 20)), (2, date(2026, 3, 20))]
    with store.write() as session:
        session.add_all(
            Event(
                customer_id=customer,
                kind="purchase",
                occurred_at=datetime(when.year, when.month, when.day, tzinfo=UTC),
                source_key=str(number).encode(),
            )
            for number, (customer, when) in enumerate(acts)
        )
    april = retention_by_month(store, NOW, months=1)[0]
    assert (april.everybody.at_start, april.everybody.lost, april.money) == (2, 1, None)


def test_without_dates_there_are_no_months(store: Store) -> None:
    assert retention_by_month(store, NOW) == []
    fill(store, ChurnDefinition(ChurnDefinitionKind.LABEL), {})
    assert retention_by_month(store, NOW) == []
