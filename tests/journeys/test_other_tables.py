"""Tables of other trades and habits: leaking columns, no ids, events instead of customers."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command

LEAKS = {"Churn Value", "Churn Score", "Churn Reason"}


def data_file(public_data: Path, *parts: str) -> Path:
    path = public_data.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


def reconciled(document: dict[str, Any]) -> int:
    """The rows of an import, every one of them accounted for."""
    parts = [document[name] for name in ("new", "updated", "unchanged", "rejected")]
    assert document["rows_in"] == sum(parts)
    return int(document["rows_in"])


@pytest.mark.bench_data
@pytest.mark.slow
def test_training_refuses_what_was_written_down_after_the_customer_left(
    public_data: Path, mainstay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = ("--store", tmp_path / "v11.db")
    table = data_file(public_data, "telco_churn_ibm_v11_1_3", "Telco_customer_churn.csv")
    imported = mainstay("import", "customers", table, "--infer", "--yes", "--json", *store).json
    assert reconciled(imported) == 7_043
    honest = mainstay("train", "--json", *store).json
    assert LEAKS.isdisjoint(honest["columns"])
    assert 0.8 < honest["auc"] < 0.9
    told = mainstay("train", "--allow-leaks", "--json", *store).json
    kept = LEAKS & set(told["columns"])
    assert kept
    assert kept <= {column for finding in told["findings"] for column in finding["columns"]}
    assert told["auc"] > honest["auc"]


@pytest.mark.bench_data
@pytest.mark.slow
def test_the_joined_edition_is_read_without_its_leaks(
    public_data: Path, mainstay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = data_file(public_data, "telco_churn_ibm_v11_1_3", "Telco_customer_churn_services.csv").parent
    with (folder / "Telco_customer_churn_status.csv").open(encoding="utf-8", newline="") as file:
        status = {row["Customer ID"]: row for row in csv.DictReader(file)}
    with (folder / "Telco_customer_churn_services.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, **status[row["Customer ID"]]} for row in csv.DictReader(file)]
    with Path("joined.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    store = ("--store", tmp_path / "joined.db")
    assert reconciled(mainstay("import", "customers", "joined.csv", "--infer", "--yes", "--json", *store).json) == 7_043
    trained = mainstay("train", "--json", *store).json
    late = {"Customer Status", "Churn Value", "Churn Score", "Churn Category", "Churn Reason", "Satisfaction Score"}
    assert late.isdisjoint(trained["columns"])
    assert trained["auc"] < 0.97


@pytest.mark.bench_data
@pytest.mark.slow
def test_a_table_without_ids_trains_by_its_sample_mapping(public_data: Path, mainstay: Command, tmp_path: Path) -> None:
    store = ("--store", tmp_path / "iran.db")
    table = data_file(public_data, "iranian_churn_uci", "Customer_Churn.csv")
    imported = mainstay("import", "customers", table, "--mapping", "iranian_churn", "--json", *store).json
    assert reconciled(imported) == imported["new"] == 3_150
    trained = mainstay("train", "--json", *store).json
    assert (trained["n"], trained["churners"]) == (3_150, 495)
    assert trained["auc"] >= 0.984
    assert trained["log_loss"] <= 0.115
    assert trained["sensitive"] == ["Age", "Age Group"]
    assert mainstay("score", "--json", *store).json["scored"] == 3_150 - 495


@pytest.mark.bench_data
@pytest.mark.slow
def test_a_shop_with_events_alone_is_forecast_through_time(
    public_data: Path, mainstay: Command, tmp_path: Path
) -> None:
    store = ("--store", tmp_path / "shop.db")
    events = data_file(public_data, "online_retail_uci", "online_retail.csv.gz")
    imported = mainstay(
        *("import", "events", events, "--mapping", "online_retail", "--json"), *store, "--rejects-in", tmp_path
    ).json
    assert reconciled(imported) == 541_909
    assert any("the store's clock stands at 10 December 2011" in note for note in imported["notes"])
    trained = mainstay("train", "--json", *store).json
    assert trained["auc"] > 0.7
    scored = mainstay("score", "--json", *store).json
    assert scored["observation_date"] == "2011-12-10"
    assert scored["scored"] > 1_000
    assert mainstay("decide", "--json", *store).json["today"] == "2011-12-10"
