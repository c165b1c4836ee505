"""From JSON documents to columns: the imported attributes of customers as numbers and text."""

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

LOOKED_AT = 1_000
"""So many documents usually name all attributes there are."""


def all_attributes(documents: Sequence[str | None]) -> dict[str, np.ndarray]:
    """A column (n,) for each name in any document."""
    parsed = _parsed(documents)
    names: dict[str, None] = {}
    for document in parsed[:LOOKED_AT]:
        names.update(dict.fromkeys(document))
    for document in parsed[LOOKED_AT:]:
        if len(document) > len(names) or not document.keys() <= names.keys():
            names.update(dict.fromkeys(document))
    return {name: column_of([document.get(name) for document in parsed]) for name in names}


def picked_attributes(documents: Sequence[str | None], names: Sequence[str]) -> dict[str, np.ndarray]:
    """The columns (n,) of these names alone: what else a document holds is passed over, not made into objects."""
    fields = [f"a{place}" for place in range(len(names))]
    try:
        picked = msgspec.defstruct(
            "Picked",
            [(field, Any, None) for field in fields],
            rename=dict(zip(fields, names, strict=True)),
            gc=False,
        )
        read = msgspec.json.Decoder(picked).decode
        rows = [read(text or "{}") for text in documents]
    except (ValueError, msgspec.DecodeError):
        # Quotation marks in a name, and values such as NaN, are more than msgspec reads.
        parsed = _parsed(documents)
        return {name: column_of([document.get(name) for document in parsed]) for name in names}
    return {name: column_of(list(map(attrgetter(field), rows))) for field, name in zip(fields, names, strict=True)}


def _parsed(documents: Sequence[str | None]) -> list[dict[str, Any]]:
    """All documents; one parse of the joined texts is far quicker than one per row."""
    found: list[dict[str, Any]] = json.loads("[" + ",".join(text or "{}" for text in documents) + "]")
    return found


def column_of(values: Sequence[Any]) -> np.ndarray:
    """Numbers and booleans become floats, everything else text, with None where missing."""
    kinds = set(map(type, values))
    if kinds <= {int, float, bool, type(None)}:
        return np.array(values, dtype=np.float64)
    found = np.empty(len(values), dtype=object)
    found[:] = values if kinds <= {str, type(None)} else [_as_text(value) for value in values]
    return found


def _as_text(value: Any) -> str | None:
    """The value as text: true is 1, a list is its JSON text."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, separators=(",", ":"))
    return None if value is None else str(value)
