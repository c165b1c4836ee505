"""Public data sets come in whole: every row is accounted for and importing again changes nothing."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from db.importers.customers import import_customers
from db.importers.infer import infer_mapping
from db.importers.mapping import CustomersMapping
from db.importers.results import ImportOptions
from db.importers.tables import open_table
from db.models import Customer
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
