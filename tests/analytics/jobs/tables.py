"""Customer tables in stores, written without an import, to train on and to score."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.artifacts import ModelStore
from analytics.jobs.training import TrainingOptions, TrainingReport, train
from db.importers.customers import import_customers
from db.importers.mapping import CustomersMapping
from db.importers.results import ImportOptions
from db.importers.tables import open_table
from db.session import Store

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def made_table(rows: int = 400, *, seed: int = 5, churners: int | None = None) -> pd.DataFrame:
    """Customers whose leaving depends on tenure, price and contract; exactly `churners` of them left, if given."""
    rng = np.random.default_rng(seed)
    tenure = rng.integers(1, 72, rows)
    price = rng.normal(60, 20, rows).round(2).clip(5)
    contract = rng.choice(["monthly", "one year", "two years"], rows, p=[0.6, 0.25, 0.15])
    pressure = 0.04 * (price - 60) - 0.05 * (tenure - 30) + np.where(contract == "monthly", 1.0, -1.0)
    pressure = pressure + rng.logistic(0, 1, rows)
    cut = np.sort(pressure)[-churners] if churners else np.quantile(pressure, 0.7)
    return pd.DataFrame(
        {
            "id": [f"C{n:05d}" for n in range(rows)],
            "tenure": tenure,
            "price": price,
            "contract": contract,
            "calls": rng.poisson(2, rows),
            "left": np.where(pressure >= cut, "yes", "no"),
        }
    )


def mapping_for(table: pd.DataFrame) -> CustomersMapping:
    """Columns by their names: id, tenure, price and left have roles, all others are features."""
    roles = {"id": "customer_id", "tenure": "tenure", "price": "monthly_revenue", "left": "label", "email": "email"}
    columns = {
        name: {
            "role": roles.get(str(name), "feature"),
            "type": "number" if pd.api.types.is_numeric_dtype(table[name]) else "text",
        }
        for name in table.columns
    }
    for role in ("id", "left", "email"):
        columns.get(role, {}).pop("type", None)
    document = {"version": 1, "kind": "customers", "columns": columns, "currency": "EUR"}
    if "left" in table:
        document["churn"] = {"definition": "label", "positive": ["yes"], "negative": ["no"]}
    return CustomersMapping.model_validate(document)


def fill(store: Store, table: pd.DataFrame, folder: Path) -> None:
    """Import a table into a store."""
    path = folder / f"table-{len(list(folder.glob('table-*')))}.csv"
    table.to_csv(path, index=False)
    import_customers(store, open_table(path), mapping_for(table), ImportOptions(NOW, out_dir=folder))


def trained(store: Store, folder: Path, **options: bool | int) -> TrainingReport:
    """Train on what the store holds."""
    allow_leaks = bool(options.get("allow_leaks", False))
    return train(store, ModelStore(folder / "models"), TrainingOptions(NOW, allow_leaks=allow_leaks))
