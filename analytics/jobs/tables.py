"""Which columns of a customer frame a forecaster of a static table reads, and under which names."""

from dataclasses import replace

import pandas as pd

from analytics.explanations import ColumnLabel, Measure, column_label
from analytics.features.wording import BILLED
from analytics.frames import CUSTOMER_COLUMNS
from db.queries.attributes import ImportedColumns
from db.vocabulary import ColumnRole

MODEL_COLUMNS = (
    "plan",
    "monthly_revenue",
    "billing_period",
    "tenure_months",
    "signed_up_on",
    "renewal_date",
    "country",
)
"""The customer facts that may tell something about churn; names and addresses may not."""

ROLE_OF = {
    "plan": ColumnRole.PLAN,
    "monthly_revenue": ColumnRole.MONTHLY_REVENUE,
    "billing_period": ColumnRole.BILLING_PERIOD,
    "tenure_months": ColumnRole.TENURE,
    "country": ColumnRole.COUNTRY,
}


def static_features(customers: pd.DataFrame, columns: ImportedColumns, *, use_sensitive: bool) -> pd.DataFrame:
    """The feature columns of a static table, shape (customers, features), with the ids as index.

    Facts come first, then the imported attributes that training may use. Columns without any value are left out.
    """
    kept_out = columns.not_for_training(use_sensitive=use_sensitive)
    facts = [name for name in MODEL_COLUMNS if name in customers and customers[name].notna().any()]
    attributes = [
        str(name)
        for name in customers.columns
        if name not in CUSTOMER_COLUMNS and name not in kept_out and customers[name].notna().any()
    ]
    found = customers[[*facts, *attributes]].copy()
    found.index = pd.Index(customers["customer_id"])
    return found


def feature_labels(columns: ImportedColumns, currency: str | None = None) -> dict[str, ColumnLabel | str]:
    """What people call each feature: the mapping's label, or the name of the column a fact came from."""
    given = columns.labels()
    labels: dict[str, ColumnLabel | str] = {
        "plan": "Plan",
        "monthly_revenue": "Monthly price",
        "tenure_months": "Time as a customer",
        "billing_period": "Billing period",
        "signed_up_on": "Sign-up date",
        "renewal_date": "Renewal date",
        "country": "Country",
    }
    for fact, role in ROLE_OF.items():
        source = columns.source_of(role)
        if source is not None:
            labels[fact] = given.get(source) or column_label(source).label
    labels |= given
    for fact, changes in (
        ("tenure_months", ColumnLabel("", "months", measure=Measure.TENURE_MONTHS, group="tenure")),
        ("monthly_revenue", ColumnLabel("", currency or "", measure=Measure.PRICE)),
        ("billing_period", ColumnLabel("", values=BILLED)),
    ):
        label = labels[fact]
        labels[fact] = replace(changes, label=label if isinstance(label, str) else label.label)
    labels["signed_up_on"] = ColumnLabel(column_label("signed_up_on", labels).label, group="tenure")
    return labels
