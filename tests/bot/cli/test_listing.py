"""`mainstay today`, `customers list`, `audiences` and `notes` say what the screens show."""

import csv
from pathlib import Path

import pytest

from tests.bot.tui import company
from tests.conftest import Command


@pytest.fixture
def store(tmp_path: Path) -> tuple[str, str]:
    path = tmp_path / "company.db"
    company.fill(path, plan="=1+1")
    return "--store", str(path)


def test_the_day_in_lines_and_as_json(store: tuple[str, str], mainstay: Command) -> None:
    told = mainstay("today", *store).out
    for said in ("14 customers", "Revenue at risk: 723 EUR", "Drafts to review: 4", "was unhappy: 2"):
        assert said in told
    found = mainstay("today", "--json", *store).json
    assert found["revenue_at_risk"] == pytest.approx(723, abs=1)
    assert found["leavers"]["low"] <= found["leavers"]["expected"] <= found["leavers"]["high"]
    assert found["drafts"] == {"needs_review": 4}


def test_customers_go_to_stdout_or_a_file_and_nothing_in_them_is_a_formula(
    store: tuple[str, str], mainstay: Command, tmp_path: Path
) -> None:
    shown = mainstay("customers", "list", "--where", "mood = negative", "--sort", "name", "--rising", *store).out
    rows = list(csv.DictReader(shown.splitlines()))
    assert [row["customer_id"] for row in rows] == ["LF-0001", "LF-0004"]
    assert {row["plan"] for row in rows} == {"'=1+1"}
    found = mainstay("customers", "list", "--limit", 2, "--json", *store).json
    assert [row["customer_id"] for row in found] == ["LF-0003", "LF-0006"]
    assert found[0]["plan"] == "=1+1"
    target = tmp_path / "list.csv"
    mainstay("customers", "list", "--search", "quill", "-o", target, *store)
    written = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert [row["name"] for row in written] == ["Ada Quill"]
    refused = mainstay("customers", "list", "-o", target, *store)
    assert refused.code == 2
    assert "--overwrite" in refused.err
    assert mainstay("customers", "list", "--sort", "hair", *store).code == 2


def test_audiences_are_saved_listed_and_removed(store: tuple[str, str], mainstay: Command) -> None:
    assert mainstay("audiences", "save", "Dear", "risk_band = high and offer != none", *store).code == 0
    assert mainstay("audiences", "list", "--json", *store).json == {"Dear": "risk_band = high and offer != none"}
    assert mainstay("audiences", "save", "Odd", "risk_band =", *store).code == 2
    assert mainstay("audiences", "save", "", "risk_band = high", *store).code == 2
    assert mainstay("audiences", "remove", "Dear", *store).code == 0
    gone = mainstay("audiences", "remove", "Dear", *store)
    assert gone.code != 0
    assert "There is no saved audience" in gone.err


def test_notes_are_kept_in_order(store: tuple[str, str], mainstay: Command) -> None:
    for text in ("First", "Second"):
        assert mainstay("notes", "add", "LF-0001", text, *store).code == 0
    assert [note["text"] for note in mainstay("notes", "list", "LF-0001", "--json", *store).json] == ["Second", "First"]
    assert mainstay("notes", "list", "LF-0002", "--json", *store).json == []
    assert mainstay("notes", "add", "nobody", "x", *store).code != 0
    assert mainstay("notes", "add", "LF-0001", " ", *store).code == 2
