"""Public data sets come in whole: every row is accounted for and importing again changes nothing."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.importers.customers import import_customers
from db.importers.events import import_events
from db.importers.infer import infer_mapping
from db.importers.mapping import CustomersMapping, EventsMapping, MessagesMapping
from db.importers.mapping_files import load_sample
from db.importers.messages import import_messages
from db.importers.results import ImportOptions
from db.importers.tables import open_table
from db.models import Customer, Event, Suppression
from db.session import Store
from db.vocabulary import ColumnRole, ReconciledCounts

pytestmark = pytest.mark.bench_data


def _inferred(path: Path) -> CustomersMapping:
    mapping = infer_mapping(open_table(path), "customers").mapping
    assert isinstance(mapping, CustomersMapping)
    return mapping


def test_telco_comes_in_by_inference_alone(store: Store, options: ImportOptions, public_data: Path) -> None:
    path = public_data / "telco_churn_ibm" / "Telco-Customer-Churn.csv"
    mapping = _inferred(path)
    assert {role: mapping.column_of(role) for role in (ColumnRole.CUSTOMER_ID, ColumnRole.LABEL)} == {
        ColumnRole.CUSTOMER_ID: "customerID",
        ColumnRole.LABEL: "Churn",
    }
    assert mapping.column_of(ColumnRole.MONTHLY_REVENUE) == "MonthlyCharges"
    assert mapping.column_of(ColumnRole.TENURE) == "tenure"
    first = import_customers(store, open_table(path), mapping, options)
    assert first.counts == ReconciledCounts(7043, 7043, 0, 0, 0)
    again = import_customers(store, open_table(path), mapping, options)
    assert again.counts == ReconciledCounts(7043, 0, 0, 7043, 0)
    with store.read() as session:
        churned = Counter(session.scalars(select(Customer.churned)))
        totals = session.scalars(select(Customer.attributes["TotalCharges"].as_string()))
        assert sum(total is None for total in totals) == 11
    assert churned == {True: 1869, False: 5174}


def _named(mapping: CustomersMapping, role: ColumnRole) -> set[str]:
    return {name for name, column in mapping.columns.items() if column.role is role}


def _twice(store: Store, path: Path, mapping: CustomersMapping, options: ImportOptions, rows: int) -> None:
    assert import_customers(store, open_table(path), mapping, options).counts == ReconciledCounts(rows, rows, 0, 0, 0)
    assert import_customers(store, open_table(path), mapping, options).counts == ReconciledCounts(rows, 0, 0, rows, 0)


@pytest.mark.slow
def test_every_telco_cell_is_in_the_store(store: Store, options: ImportOptions, public_data: Path) -> None:
    path = public_data / "telco_churn_ibm" / "Telco-Customer-Churn.csv"
    mapping = load_sample("telco")
    assert isinstance(mapping, CustomersMapping)
    import_customers(store, open_table(path), mapping, options)
    with path.open(newline="", encoding="utf-8") as file, store.read() as session:
        stored = {row.external_id: row for row in session.scalars(select(Customer))}
        for line in csv.DictReader(file):
            row = stored[line["customerID"]]
            assert row.tenure_months == float(line["tenure"])
            assert row.monthly_revenue == float(line["MonthlyCharges"])
            assert row.churned is (line["Churn"] == "Yes")
            for name, value in row.attributes.items():
                cell = line[name]
                assert value == (cell if isinstance(value, str) else float(cell) if cell.strip() else None)


@pytest.mark.slow
def test_the_leaks_of_the_later_telco_edition_are_found(
    store: Store, options: ImportOptions, public_data: Path
) -> None:
    folder = public_data / "telco_churn_ibm_v11_1_3"
    single = _inferred(folder / "Telco_customer_churn.csv")
    assert {"Churn Value", "Churn Score"} <= _named(single, ColumnRole.FEATURE)
    assert single.column_of(ColumnRole.CANCEL_REASON) == "Churn Reason"
    assert single.column_of(ColumnRole.MONTHLY_REVENUE) == "Monthly Charges"
    assert {"CLTV", "Contract", "Total Charges"} <= _named(single, ColumnRole.FEATURE)
    status = _inferred(folder / "Telco_customer_churn_status.csv")
    leaks = {"Satisfaction Score", "Customer Status", "Churn Value", "Churn Score", "Churn Category"}
    assert leaks <= _named(status, ColumnRole.FEATURE)
    shipped = load_sample("telco_v11")
    assert isinstance(shipped, CustomersMapping)
    _twice(store, folder / "Telco_customer_churn.csv", shipped, options, 7043)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 59


@pytest.mark.slow
def test_the_five_telco_tables_describe_the_same_customers(
    store: Store, options: ImportOptions, public_data: Path
) -> None:
    folder = public_data / "telco_churn_ibm_v11_1_3"
    for part in ("status", "services", "demographics"):
        path = folder / f"Telco_customer_churn_{part}.csv"
        counts = import_customers(store, open_table(path), _inferred(path), options).counts
        assert (counts.rows_in, counts.rejected) == (7043, 0)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 7043
        one = session.scalars(select(Customer).where(Customer.external_id == "8779-QRDMV")).one()
        assert (one.churned, one.tenure_months, one.monthly_revenue) == (True, 1, 39.65)
        assert (one.attributes["Offer"], one.attributes["Age"]) == ("None", 78)
    path = folder / "Telco_customer_churn_status.csv"
    again = import_customers(store, open_table(path), _inferred(path), options).counts
    assert again == ReconciledCounts(7043, 0, 0, 7043, 0)


def test_iranian_doubles_are_different_customers(store: Store, options: ImportOptions, public_data: Path) -> None:
    path = public_data / "iranian_churn_uci" / "Customer_Churn.csv"
    mapping = load_sample("iranian_churn")
    assert isinstance(mapping, CustomersMapping)
    _twice(store, path, mapping, options, 3150)
    with store.read() as session:
        assert Counter(session.scalars(select(Customer.churned))) == {True: 495, False: 2655}
    proposed = _inferred(path)
    assert proposed.customer_id is not None
    assert proposed.column_of(ColumnRole.LABEL) == "Churn"


@pytest.mark.slow
def test_online_retail_comes_in_by_its_mapping_alone(store: Store, options: ImportOptions, public_data: Path) -> None:
    path = public_data / "online_retail_uci" / "online_retail.csv.gz"
    mapping = load_sample("online_retail")
    assert isinstance(mapping, EventsMapping)
    first = import_events(store, open_table(path, mapping.source), mapping, options)
    assert first.counts == ReconciledCounts(541_909, 406_829, 0, 0, 135_080)
    assert first.reject_codes == {"missing-customer": 135_080}
    with store.read() as session:
        kinds = dict(session.execute(select(Event.kind, func.count()).group_by(Event.kind)).all())
        assert kinds == {"purchase": 397_924, "refund": 8_905}
        assert session.scalar(select(func.count()).select_from(Customer)) == 4372
    again = import_events(store, open_table(path, mapping.source), mapping, options)
    assert again.counts == ReconciledCounts(541_909, 0, 0, 406_829, 135_080)


def test_reviews_come_in_as_messages(store: Store, options: ImportOptions, public_data: Path) -> None:
    path = public_data / "app_reviews_netflix" / "netflix_reviews.csv"
    mapping = MessagesMapping.model_validate(
        {
            "version": 1,
            "kind": "messages",
            "customer_id": "reviewId",
            "message_id": "reviewId",
            "text": "content",
            "sent_at": "at",
            "rating": "score",
            "channel": {"constant": "review"},
            "create_customers": True,
        }
    )
    first = import_messages(store, open_table(path), mapping, options)
    assert first.counts.rejected <= 5
    assert first.counts.new + first.counts.rejected == 10_000
    again = import_messages(store, open_table(path), mapping, options)
    assert again.counts.unchanged == first.counts.new
