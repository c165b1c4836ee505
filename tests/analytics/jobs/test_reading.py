"""Frames of customers: picked columns read like all columns, whatever the attributes hold."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert

from analytics.jobs.frames import read_chunks
from db.models import Customer
from db.session import Store, open_store
from tests.conftest import NOW

ATTRIBUTES: tuple[dict[str, Any], ...] = (
    {"Visits": 3, "Web plan": "basic", "mixed": True, "vip": True, "tags": ["a", "é"], 'say "hi"': 1.5, "Größe": 2},
    {"Visits": 2.5, "Web plan": None, "mixed": "yes", "vip": False, 'say "hi"': None, "Größe": 3},
    {},
    {"Visits": None, "Web plan": "größer", "mixed": 2.0, "tags": {"k": 1}},
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path / "store.db")
    rows = [
        {
            "external_id": f"C{place}",
            "plan": "Pro" if place % 2 else None,
            "monthly_revenue": 10.25 * place,
            "churned": bool(place % 2),
            "attributes": document,
            "created_at": NOW,
            "updated_at": NOW,
        }
        for place, document in enumerate(ATTRIBUTES)
    ]
    with store.write() as session:
        session.execute(insert(Customer), rows)
    return store


def frame(store: Store, columns: list[str] | None, size: int = 10) -> pd.DataFrame:
    chunks = [chunk.frames.customers for chunk in read_chunks(store, with_history=False, columns=columns, size=size)]
    return pd.concat(chunks, ignore_index=True)


@pytest.mark.parametrize(
    "columns",
    [
        ["plan", "Visits", "Web plan", "mixed", "vip", "tags"],
        ["plan", "Visits", 'say "hi"'],
        ["Größe", "Visits"],
        ["plan"],
        [],
    ],
)
def test_picked_columns_hold_what_all_columns_hold(store: Store, columns: list[str]) -> None:
    everything, picked = frame(store, None), frame(store, columns)
    expected = ["customer_id", "status", "monthly_revenue", *columns]
    assert set(expected) <= set(picked.columns)
    pd.testing.assert_frame_equal(picked[expected].astype(everything[expected].dtypes), everything[expected])


def test_an_attribute_that_nobody_has_is_missing_everywhere(store: Store) -> None:
    assert frame(store, ["nobody has it"])["nobody has it"].isna().all()


def test_numbers_and_booleans_are_floats_and_mixed_values_text(store: Store) -> None:
    found = frame(store, None)
    assert found["Visits"].dtype == found["vip"].dtype == "float64"
    assert found["mixed"].fillna("missing").tolist() == ["1", "yes", "missing", "2.0"]
    assert found["tags"].dropna().tolist() == ['["a","\\u00e9"]', '{"k":1}']
    assert found["monthly_revenue"].tolist() == [0.0, 10.25, 20.5, 30.75]


@pytest.mark.parametrize("size", [1, 3, 4, 10])
def test_chunks_of_any_size_hold_every_customer_once(store: Store, size: int) -> None:
    chunks = list(read_chunks(store, with_history=True, size=size))
    assert [len(chunk.keys) for chunk in chunks] == [min(size, 4 - start) for start in range(0, 4, size)]
    assert [name for chunk in chunks for name in chunk.frames.customers["customer_id"]] == ["C0", "C1", "C2", "C3"]
