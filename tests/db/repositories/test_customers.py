"""A cancellation ends the contract on the day it is paid for, once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from db.errors import NotFoundError
from db.models import Customer, Subscription
from db.repositories.customers import CustomerRepository
from db.session import Store
from db.vocabulary import ChurnKind, CustomerStatus

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("renews", "last", "status"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), CustomerStatus.ACTIVE),
        (date(2026, 1, 1), date(2026, 3, 10), CustomerStatus.CHURNED),
        (None, date(2026, 3, 10), CustomerStatus.CHURNED),
    ],
)
def test_a_contract_runs_to_the_day_it_is_paid_for(
    store: Store, renews: date | None, last: date, status: CustomerStatus
) -> None:
    with store.write() as session:
        customer = Customer(external_id="C1", renewal_date=renews, attributes={}, created_at=NOW, updated_at=NOW)
        session.add(customer)
        session.flush()
        session.add(Subscription(customer_id=customer.id, started_on=date(2025, 4, 1), mrr=30.0))
        session.flush()
        assert CustomerRepository(session).end_contract("C1", NOW.date(), NOW, reason="price") == last
        assert CustomerRepository(session).end_contract("C1", date(2027, 1, 1), NOW, reason="other") == last
    with store.read() as session:
        found = session.scalars(select(Customer)).one()
        assert (found.status, found.churned_on, found.churn_kind) == (status, last, ChurnKind.VOLUNTARY)
        assert found.cancellation_reason == "price"
        assert session.scalars(select(Subscription.ended_on)).all() == [last]


def test_nobody_unknown_cancels(store: Store) -> None:
    with store.write() as session, pytest.raises(NotFoundError, match="no customer C9"):
        CustomerRepository(session).end_contract("C9", NOW.date(), NOW)
