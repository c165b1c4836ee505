"""Attributes picked out of JSON documents are those of a whole parse, whatever names and values stand in them."""

import json
from typing import Any

import numpy as np
import pytest

from analytics.jobs.documents import LOOKED_AT, all_attributes, picked_attributes

PLAIN: list[dict[str, Any]] = [
    {"Visits": 3, "Web plan": "basic", "class": 1.5, "Größe": "größer", "unread": {"deep": [1, {"x": None}]}},
    {"Visits": 2.5, "Web plan": None, "class": True},
    {},
]
SURPRISES: list[dict[str, Any]] = [
    {"Visits": float("nan"), "Web plan": "basic"},
    {"Visits": float("inf")},
    {"Visits": 10**30},
    {"Visits": -(2**63)},
    {"Web plan": "\ud800"},
    {"Web plan": ""},
    {"Web plan": "a\x00b\u2028"},
    {"Web plan": [1, "é"]},
    {"unread": float("nan"), "Visits": 1},
    {'say "hi"': 4, "back\\slash": "x", "line\nbreak": 1, "": 2},
]


def same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> bool:
    """Whether the columns are of the same kind and hold the same values, NaN equal to NaN."""
    return found.keys() == expected.keys() and all(
        found[name].dtype == expected[name].dtype and found[name].tolist() == expected[name].tolist()
        if expected[name].dtype == object
        else np.array_equal(found[name], expected[name], equal_nan=True)
        for name in expected
    )


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("odd", [None, *SURPRISES], ids=repr)
def test_picked_attributes_are_those_of_a_whole_parse(odd: dict[str, Any] | None, escaped: bool) -> None:
    documents = [json.dumps(one, ensure_ascii=escaped) for one in [*PLAIN, *([] if odd is None else [odd])]]
    everything = all_attributes([*documents, None])
    picked = picked_attributes([*documents, None], [name for name in everything if name != "unread"])
    everything.pop("unread")
    assert same(picked, everything)


def test_a_name_in_no_document_is_missing_everywhere() -> None:
    assert np.isnan(picked_attributes(['{"a": 1}', None], ["b"])["b"]).all()


def test_no_names_and_no_documents_give_no_columns_and_no_rows() -> None:
    assert picked_attributes(['{"a": 1}'], []) == {}
    assert picked_attributes([], ["a"])["a"].shape == (0,)
    assert all_attributes([]) == {}


def test_a_name_that_only_a_late_document_has_is_found() -> None:
    documents = ['{"a": 1}'] * (LOOKED_AT + 5) + ['{"late": "x"}', '{"a": 2, "later": 1}']
    assert list(all_attributes(documents)) == ["a", "late", "later"]
