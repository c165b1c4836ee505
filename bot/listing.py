"""The list of customers as a CSV file that no spreadsheet runs: what is shown, one line per customer."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.outreach.exports import safe_cell, write_whole
from db.queries.customers import CustomerRow, customer_rows

if TYPE_CHECKING:
    from bot.wiring import Services

COLUMNS = (
    "customer_id",
    "name",
    "plan",
    "tenure_months",
    "monthly_revenue",
    "currency",
    "churn_probability",
    "risk_band",
    "churn_30",
    "churn_60",
    "churn_90",
    "revenue_at_risk",
    "residual_value",
    "mood",
    "offer_code",
    "arm",
)
CHUNK = 500


def write_customers(
    services: "Services",
    keys: Sequence[int],
    target: Path,
    *,
    reading_model: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write customers in the order of their keys; returns the path. Raises InputError, StoreError."""
    content = "".join(csv_lines(services, keys, reading_model=reading_model))
    return write_whole(target, content.encode("utf-8"), overwrite=overwrite)


def csv_lines(services: "Services", keys: Sequence[int], *, reading_model: str | None = None) -> Iterator[str]:
    """The file in pieces: numbers as numbers, text defused."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for rows in listed(services, keys, reading_model=reading_model):
        writer.writerows([_cells(row) for row in rows])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def listed(
    services: "Services", keys: Sequence[int], *, reading_model: str | None = None
) -> Iterator[list[CustomerRow]]:
    """The customers in the order of their keys, some hundred at a time."""
    for start in range(0, len(keys), CHUNK):
        with services.store.read() as session:
            rows = customer_rows(session, keys[start : start + CHUNK], reading_model=reading_model)
        yield rows


def _cells(row: CustomerRow) -> list[object]:
    found: list[object] = []
    for name in COLUMNS:
        value = getattr(row, name)
        found.append("" if value is None else safe_cell(str(value)) if isinstance(value, str) else value)
    return found
