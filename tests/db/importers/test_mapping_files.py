"""Mapping files: what is wrong is named by line and key, and what is right survives being written and read."""

import re
from pathlib import Path

import pytest

from db.errors import MappingError
from db.importers.mapping import CustomersMapping, EventsMapping
from db.importers.mapping_files import (
    dump_mapping,
    load_mapping,
    load_sample,
    parse_mapping,
    sample_names,
    save_mapping,
)
from tests.db.importers.samples import from_yaml

GOOD = """version: 1
kind: customers
columns:
  id: {role: customer_id}
  churn: {role: label}
churn: {definition: label, positive: Yes, negative: [No]}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "match"),
    [
        ("role: label", "roll: label", 5, r"the key 'roll' is not known. Did you mean 'role'"),
        ("role: label", "role: labell", 5, r"columns.churn.role: 'labell' is not allowed.*Did you mean 'label'"),
        ("role: label", "role: label, type: nummer", 5, r"Did you mean 'number'"),
        ("kind: customers", "kind: customer", 2, r"must be customers, messages or events.*Did you mean 'customers'"),
        ("kind: customers", "kind: [customers]", 2, r"`kind` must be"),
        ("version: 1", "version: 2", 1, r"version: 2 is not allowed"),
        ("version: 1\n", "", 1, r"the key 'version' is missing"),
        ("definition: label", "definition: lable", 6, r"Did you mean 'label'"),
        ("positive: Yes, ", "", 1, r"needs `positive`"),
        ("positive: Yes", "positive: No", 6, r"'no' stands under positive and under negative"),
        ("positive: Yes", "positve: Yes", 6, r"the key 'positve' is not known. Did you mean 'positive'"),
        ("id: {role: customer_id}", "id: {role: feature}", 1, r"one column needs the role customer_id"),
        ("role: label", "role: customer_id", 1, r"'id' and 'churn' both have the role customer_id"),
        ("  churn: {role", "  id: {role", 5, r"'id' stands here a second time \(first in line 4\)"),
        ("{role: label}", "{role: label", 6, r"this is not YAML"),
        ("{role: label}", "&a {role: label}\n  x: *a", None, r"anchors and aliases"),
        ("version: 1", "version: 1\nmax_reject_share: 2", 2, r"max_reject_share: .*less than or equal to 1"),
        ("version: 1", "version: 1\nsource: {time_zone: Mars/Base}", 2, r"time_zone: this is no time zone"),
        ("version: 1", "version: 1\nsource: {date_format: dmy}", 2, r"use one of iso, day-first"),
        ("version: 1", "version: 1\nsource: {delimiter: ';;'}", 2, r"use one sign"),
        ("version: 1", "version: 1\nsource: {delimeter: ';'}", 2, r"Did you mean 'delimiter'"),
        ("version: 1", "version: 1\ncurrency: euro", 2, r"currency: "),
    ],
)
def test_a_mistake_is_named_by_line_and_key(old: str, new: str, line: int | None, match: str) -> None:
    assert old in GOOD
    with pytest.raises(MappingError, match=match) as caught:
        parse_mapping(GOOD.replace(old, new, 1), "my.yaml")
    assert caught.value.message.startswith("my.yaml")
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text", ["", "- a\n", "word", "a: b: c", "\x00", "{" * 5000, "version: !!python/name:os.system"]
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match=r"YAML|consists of|kind"):
        parse_mapping(text, "my.yaml")


def test_words_that_yaml_likes_to_change_stay_words() -> None:
    mapping = from_yaml(
        "columns:\n  No: {role: customer_id}\n  007: {role: feature, true_values: [On, yes, 1, 2024-01-01, 012]}\n"
    )
    assert list(mapping.columns) == ["No", "007"]
    assert mapping.columns["007"].true_values == ("On", "yes", "1", "2024-01-01", "012")


def test_a_mapping_survives_writing_and_reading(tmp_path: Path) -> None:
    for name in sample_names():
        mapping = load_sample(name)
        path = tmp_path / f"{name}.yaml"
        save_mapping(mapping, path)
        assert load_mapping(path) == mapping
        assert load_mapping(path).sha256() == mapping.sha256()
        with pytest.raises(MappingError, match="exists already"):
            save_mapping(mapping, path)


def test_columns_with_hostile_names_survive() -> None:
    names = ["a: b", "#x", "- y", "{z}", "'q'", "Call  Failure", "ключ", "*star", "true", "null", " pad ", "x" * 300]
    columns = {name: {"role": "feature"} for name in names} | {"id": {"role": "customer_id"}}
    mapping = CustomersMapping.model_validate({"version": 1, "kind": "customers", "columns": columns})
    text = dump_mapping(mapping, dict.fromkeys(names, "why\nversion: 2"))
    assert parse_mapping(text, "my.yaml") == mapping


def test_the_wrong_kind_is_said() -> None:
    with pytest.raises(MappingError, match="this mapping is for customers, the import is for events"):
        parse_mapping(GOOD, "my.yaml", kind="events")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        load_mapping(tmp_path / "none.yaml")


def test_samples_say_what_they_are_for() -> None:
    assert sample_names() == ("iranian_churn", "online_retail", "telco", "telco_v11")
    retail = load_sample("online_retail")
    assert isinstance(retail, EventsMapping)
    assert retail.customer_id.strip_decimal
    with pytest.raises(MappingError, match=re.escape("Did you mean 'telco'")):
        load_sample("telcos")
