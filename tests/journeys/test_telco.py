"""A data scientist with one customer table: from the file to approved letters, by commands a script can rely on."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command

TRAIN_KEYS = {
    "n",
    "churners",
    "protocol",
    "auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "lift_at_10",
    "model_id",
}
SENDER = (
    *("--company", "Northline Telecom"),
    *("--support-email", "care@northline.example"),
    *("--postal-address", "Northline Telecom, 1 Harbour Row"),
    *("--unsubscribe-url", "https://northline.example/stop"),
)


def telco(public_data: Path, folder: Path, rows: int | None = None) -> Path:
    """The table, or its first rows."""
    source = public_data / "telco_churn_ibm" / "Telco-Customer-Churn.csv"
    if not source.exists():
        pytest.skip(f"{source} is not there")
    if rows is None:
        return source
    path = folder / "telco.csv"
    with source.open(encoding="utf-8") as file:
        path.write_text("".join(itertools.islice(file, rows + 1)), encoding="utf-8")
    return path


def roles(document: dict[str, Any]) -> dict[str, str]:
    """Column by role, for roles that one column has."""
    return {column["role"]: name for name, column in document["mapping"]["columns"].items()}


def the_whole_way(table: Path, rows: int, top: int, mainstay: Command, folder: Path) -> dict[str, Any]:
    """Import, train, score, decide, draft, approve, export, report; returns what training said."""
    store = ("--store", folder / "telco.db")
    first = mainstay("import", "customers", table, "--infer", "--yes", "--json", *store).json
    assert (
        roles(first).items()
        >= {
            "customer_id": "customerID",
            "label": "Churn",
            "monthly_revenue": "MonthlyCharges",
            "tenure": "tenure",
        }.items()
    )
    assert first["rows_in"] == first["new"] == rows
    again = mainstay("import", "customers", table, "--infer", "--yes", "--json", *store).json
    assert (again["rows_in"], again["unchanged"], again["new"]) == (rows, rows, 0)
    for found in (first, again):
        assert found["rows_in"] == found["new"] + found["updated"] + found["unchanged"] + found["rejected"]

    trained = mainstay("train", "--json", *store).json
    assert trained.keys() >= TRAIN_KEYS
    assert trained["n"] == rows
    scored = mainstay("score", "--top", 5, "--json", *store).json
    assert scored["scored"] == rows - trained["churners"]
    chances = [customer["churn_probability"] for customer in scored["customers"]]
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(customer["reasons"] for customer in scored["customers"])
    decided = mainstay("decide", "--json", *store).json
    assert decided["decided"] == scored["scored"] == sum(decided["offers"].values())
    letters(top, mainstay, folder, store)
    return dict(trained)


def letters(top: int, mainstay: Command, folder: Path, store: tuple[object, ...]) -> None:
    """Drafts are written, listed and approved; the table has no addresses, so none leaves."""
    assert mainstay("init", *SENDER, *store).code == 0
    drafted = mainstay("draft", "--top", top, "--json", *store).json
    assert 0 < drafted["drafted"] == drafted["new"] <= min(drafted["wanted"], top)
    assert mainstay("draft", "--top", top, "--json", *store).json["new"] == 0
    listed = mainstay("drafts", "list", "--limit", 500, "--jsonl", *store).jsonl
    assert len(listed) == drafted["drafted"]
    assert {draft["guard"]["verdict"] for draft in listed} == {"release"}
    approved = mainstay("drafts", "approve", "--all", "--yes", "--json", *store).json
    assert sorted(approved["drafts"]) == sorted(draft["id"] for draft in listed)
    exported = mainstay("drafts", "export", "--json", "-o", folder / "letters", *store)
    assert exported.code == 5
    assert exported.json["exported"] == []
    assert {kept["rule"] for kept in exported.json["withheld"]} == {"no_address"}
    assert not (folder / "letters").exists()


@pytest.mark.bench_data
def test_the_first_rows_go_the_whole_way(
    public_data: Path, mainstay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trained = the_whole_way(telco(public_data, tmp_path, 1_200), 1_200, 25, mainstay, tmp_path)
    assert trained["auc"] > 0.8


@pytest.mark.bench_data
@pytest.mark.slow
def test_the_whole_table_goes_the_whole_way(
    public_data: Path, mainstay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trained = the_whole_way(telco(public_data, tmp_path), 7_043, 200, mainstay, tmp_path)
    assert (trained["churners"], trained["auc"] >= 0.848, trained["ece"] < 0.025) == (1_869, True, True)
    store = ("--store", tmp_path / "telco.db")
    assert mainstay("report", "--format", "json", *store).json
    assert "churn" in mainstay("report", "--format", "text", *store).out.lower()
    for form, magic in (("html", b"<!doctype html"), ("xlsx", b"PK")):
        path = tmp_path / f"report.{form}"
        assert mainstay("report", "--format", form, "-o", path, *store).code == 0
        assert path.read_bytes()[: len(magic)].lower() == magic.lower()
    assert (tmp_path / "report.html").stat().st_size < 1_000_000
