"""The roster answers what the store answers, page by page."""

from itertools import product
from pathlib import Path

import pytest

from db.errors import InputError
from db.models import Customer
from db.queries.customers import CustomerFilter, CustomerOrder, count_customers, customer_keys, value_scale
from db.queries.roster import Roster, roster_stamp
from db.session import Store, open_store
from db.vocabulary import CustomerStatus, RiskBand
from tests.bot.tui import company

WANTED = (
    CustomerFilter(),
    CustomerFilter("oka"),
    CustomerFilter("LF-00 mail"),
    CustomerFilter("100%"),
    CustomerFilter("nobody"),
    CustomerFilter(band=RiskBand.HIGH),
    CustomerFilter(audience="mood = negative or offer = stay-20"),
    CustomerFilter("a", RiskBand.LOW, "tenure_months > 30", include_churned=True),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "company.db"
    company.fill(path)
    store = open_store(path)
    with store.write() as session:
        session.query(Customer).filter(Customer.id == 14).update({"status": CustomerStatus.CHURNED, "plan": None})
    return store


@pytest.mark.parametrize(("order", "descending"), list(product(CustomerOrder, (True, False))))
def test_every_page_is_that_of_the_store(store: Store, order: CustomerOrder, descending: bool) -> None:
    roster = Roster.of(store)
    assert roster is not None
    with store.read() as session:
        for wanted in WANTED:
            roster.choose(session, wanted.audience)
            everyone = customer_keys(session, wanted, order, descending=descending)
            assert roster.keys(wanted, order, descending=descending, limit=20) == everyone
            assert roster.keys(wanted, order, descending=descending, limit=3, offset=2) == everyone[2:5]
            assert roster.count(wanted) == len(everyone) == count_customers(session, wanted)


def test_the_stamp_changes_with_the_customers(store: Store) -> None:
    with store.read() as session:
        before = roster_stamp(session)
    with store.write() as session:
        session.query(Customer).filter(Customer.id == 1).update({"updated_at": company.NOW.replace(year=2027)})
    with store.read() as session:
        assert roster_stamp(session) != before


def test_a_store_too_large_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.queries.roster.LARGEST", 13)
    assert Roster.of(store) is None


def test_an_audience_that_cannot_be_read_is_an_error_and_the_one_before_holds(store: Store) -> None:
    roster = Roster.of(store)
    assert roster is not None
    with store.read() as session:
        roster.choose(session, "risk_band = high")
        with pytest.raises(InputError, match="missing"):
            roster.choose(session, "plan =")
    assert roster.count(CustomerFilter(audience="risk_band = high")) == 4


def test_values_are_worded_by_their_place_among_all(store: Store) -> None:
    with store.read() as session:
        scale = value_scale(session)
    assert scale is not None
    assert [scale.word(value) for value in (200.0, 280.0, 330.0)] == ["LOW", "MED", "HIGH"]
