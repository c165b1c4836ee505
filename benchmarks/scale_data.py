"""Generated customers for the scale benchmark: the same rows as a store of ours, a plain table, and a CSV file."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.models import MONEY_SCALE
from db.repositories.settings import SettingsRepository
from db.session import open_store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

BLOCK = 50_000
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)

NUMBERS = (
    "monthly_revenue",
    "tenure_months",
    "usage_hours",
    "data_gb",
    "logins",
    "support_calls",
    "late_payments",
    "discount_percent",
    "seats",
    "contract_months_left",
    "days_since_login",
    "satisfaction",
)
CATEGORIES = {
    "plan": ("Start", "Team", "Business", "Scale", "Campus"),
    "billing_period": ("month", "quarter", "year"),
    "country": ("DE", "FR", "NL", "BE", "AT", "CH", "IT", "ES", "PL", "SE", "DK", "IE"),
    "contract": ("rolling", "one year", "two years"),
    "payment_method": ("card", "transfer", "direct debit", "invoice"),
    "acquired_by": ("search", "partner", "referral", "event", "outbound", "social"),
    "region": tuple(f"district {number:02d}" for number in range(30)),
    "main_device": ("laptop", "phone", "tablet", "desktop"),
}
COLUMNS = (*NUMBERS, *CATEGORIES)
FACTS = ("plan", "monthly_revenue", "billing_period", "tenure_months", "country")
ATTRIBUTES = tuple(name for name in COLUMNS if name not in FACTS)
SOMETIMES_MISSING = ("usage_hours", "data_gb", "support_calls", "satisfaction", "acquired_by", "region", "main_device")


def blocks(rows: int, seed: int) -> Iterator[tuple[int, pd.DataFrame, npt.NDArray[np.int64]]]:
    """The first row number, the 20 columns and the 0/1 churn label of each block of customers; seeded."""
    for start in range(0, rows, BLOCK):
        rng = np.random.default_rng([seed, start])
        frame = _block(rng, min(BLOCK, rows - start))
        yield start, frame, _churned(rng, frame)


def _block(rng: np.random.Generator, size: int) -> pd.DataFrame:
    numbers = {
        "monthly_revenue": np.round(rng.lognormal(4.0, 0.6, size), 2),
        "tenure_months": np.floor(rng.exponential(26.0, size)),
        "usage_hours": np.round(rng.gamma(2.0, 14.0, size), 1),
        "data_gb": np.round(rng.gamma(1.5, 20.0, size), 2),
        "logins": rng.poisson(18, size).astype(np.float64),
        "support_calls": rng.poisson(0.8, size).astype(np.float64),
        "late_payments": rng.poisson(0.3, size).astype(np.float64),
        "discount_percent": rng.choice([0.0, 0.0, 0.0, 5.0, 10.0, 20.0], size),
        "seats": 1.0 + rng.poisson(6, size),
        "contract_months_left": rng.integers(0, 25, size).astype(np.float64),
        "days_since_login": np.floor(rng.exponential(9.0, size)),
        "satisfaction": np.clip(np.round(rng.normal(7.0, 1.8, size)), 0, 10),
    }
    texts = {
        name: np.array(known, dtype=object)[rng.integers(0, len(known), size)] for name, known in CATEGORIES.items()
    }
    frame = pd.DataFrame({**numbers, **texts})[list(COLUMNS)]
    for name in SOMETIMES_MISSING:
        frame.loc[rng.random(size) < 0.06, name] = None
    return frame


def _churned(rng: np.random.Generator, frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Labels with smooth effects, steps and interactions, so that both members of a forecaster have work to do."""
    rolling = (frame["contract"] == "rolling").to_numpy()
    score = (
        -2.4
        + 1.1 * rolling
        - 0.5 * np.log1p(frame["tenure_months"].to_numpy()) / 2
        + 0.35 * frame["support_calls"].fillna(0.8).to_numpy() * rolling
        + 0.5 * frame["late_payments"].to_numpy()
        + 0.05 * np.minimum(frame["days_since_login"].to_numpy(), 30.0)
        - 0.25 * (frame["satisfaction"].fillna(7.0).to_numpy() - 7.0)
        + 0.9 * ((frame["discount_percent"] == 0) & (frame["monthly_revenue"] > 90)).to_numpy()
        + 0.3 * frame["plan"].isin(["Start", "Campus"]).to_numpy()
    )
    labels: npt.NDArray[np.int64] = (rng.random(len(frame)) < 1 / (1 + np.exp(-score))).astype(np.int64)
    return labels


def records(frame: pd.DataFrame) -> list[tuple[float | str | None, ...]]:
    """The rows of a block as plain values, None where missing."""
    return list(zip(*([None if v != v else v for v in frame[name].tolist()] for name in frame), strict=True))


def write_plain(path: Path, rows: int, seed: int) -> None:
    """One SQLite table `customer` with an id and the 20 columns, and an empty table `score`."""
    connection = sqlite3.connect(path)
    kinds = ", ".join(f'"{name}" {"REAL" if name in NUMBERS else "TEXT"}' for name in COLUMNS)
    connection.execute(f"CREATE TABLE customer (id INTEGER PRIMARY KEY, {kinds})")
    connection.execute("CREATE TABLE score (customer_id INTEGER PRIMARY KEY, churn_probability REAL)")
    marks = ",".join("?" * (len(COLUMNS) + 1))
    for start, frame, _ in blocks(rows, seed):
        numbered = ((start + n, *values) for n, values in enumerate(records(frame), 1))
        connection.executemany(f"INSERT INTO customer VALUES ({marks})", numbered)
    connection.commit()
    connection.close()


def write_store(path: Path, rows: int, seed: int) -> None:
    """A store of ours with the same customers: five facts, fifteen attributes, a name and an address each."""
    with open_store(path) as store, store.write() as session:
        settings = SettingsRepository(session)
        settings.set_churn_definition(ChurnDefinition(ChurnDefinitionKind.LABEL))
        settings.set_today(NOW.date())
    connection = sqlite3.connect(path)
    for start, frame, _ in blocks(rows, seed):
        connection.executemany(
            "INSERT INTO customer (id, external_id, first_name, last_name, email, currency, status, plan,"
            " monthly_revenue, billing_period, tenure_months, country, attributes, created_at, updated_at)"
            " VALUES (?,?,?,?,?,'EUR','active',?,?,?,?,?,?,?,?)",
            _store_rows(start, frame),
        )
        connection.commit()
    connection.close()


def _store_rows(start: int, frame: pd.DataFrame) -> Iterator[tuple[int | float | str | None, ...]]:
    stamp = NOW.strftime("%Y-%m-%d %H:%M:%S.000000")
    facts = records(frame[list(FACTS)])
    attributes = records(frame[list(ATTRIBUTES)])
    for n, ((plan, price, billing, tenure, country), values) in enumerate(zip(facts, attributes, strict=True)):
        key = start + n + 1
        document = json.dumps(
            {name: value for name, value in zip(ATTRIBUTES, values, strict=True) if value is not None}
        )
        money = round(float(price or 0) * MONEY_SCALE)
        mail = f"person{key}@customer.example"
        names = f"Given{key % 997}", f"Family{key % 7919}"
        yield (key, f"C-{key:08d}", *names, mail, plan, money, billing, tenure, country, document, stamp, stamp)


def write_csv(path: Path, rows: int, seed: int) -> None:
    """The same customers as a CSV file with an id, a name, an address and the label."""
    for start, frame, churned in blocks(rows, seed):
        keys = np.arange(start + 1, start + 1 + len(frame))
        frame.insert(0, "customer_id", [f"C-{key:08d}" for key in keys])
        frame.insert(1, "name", [f"Given{key % 997} Family{key % 7919}" for key in keys])
        frame.insert(2, "email", [f"person{key}@customer.example" for key in keys])
        frame["churned"] = np.where(churned == 1, "yes", "no")
        frame.to_csv(path, index=False, mode="w" if start == 0 else "a", header=start == 0)
