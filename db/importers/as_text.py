"""Values of typed sources (Excel, Parquet, SQL) as the text that a CSV export of them would hold."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


def cell_text(value: Any) -> str:
    """The text of a value: dates in ISO form, nothing for what is missing, exact digits for numbers."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() and value.tzinfo is None else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _float_text(value: float) -> str:
    # Typed sources keep whole numbers as floats (Excel always does, pandas once a cell is missing).
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value)
