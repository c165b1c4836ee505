"""Training says what is wrong with the data by name, leaves out what gives the label away, and judges honestly."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.artifacts import ModelStore
from db.errors import TrainingError
from db.repositories.model_versions import ModelVersionRepository
from db.session import Store
from tests.analytics.jobs.tables import fill, made_table, trained

CONTRACT = {
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


@pytest.mark.slow
def test_a_training_report_holds_what_the_contract_names(store: Store, tmp_path: Path) -> None:
    fill(store, made_table(), tmp_path)
    document = trained(store, tmp_path).as_json()
    assert document.keys() >= CONTRACT
    assert document["n"] == 400
    assert 100 < document["churners"] < 140
    assert 0.75 < document["auc"] < 1
    for name in ("average_precision", "log_loss", "brier", "ece"):
        assert 0 <= document[name] <= 1
    low, high = document["intervals"]["auc"]
    assert low < document["auc"] < high
    name, version = document["model_id"].split("/")
    assert ModelStore(tmp_path / "models").describe(name, version).version == version
    with store.read() as session:
        kept = ModelVersionRepository(session).latest("churn")
    assert kept is not None
    assert kept.metrics["auc"] == document["auc"]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_class_alone_is_refused(answer: str, store: Store, tmp_path: Path) -> None:
    fill(store, made_table().assign(left=answer), tmp_path)
    with pytest.raises(TrainingError, match="nothing to tell apart"):
        trained(store, tmp_path)


def test_a_label_without_answers_is_refused(store: Store, tmp_path: Path) -> None:
    fill(store, made_table().assign(left=[""] * 400), tmp_path)
    with pytest.raises(TrainingError):
        trained(store, tmp_path)


def test_no_customers_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="does not say what churn is"):
        trained(store, tmp_path)


@pytest.mark.parametrize("churners", [3, 9, 20])
def test_a_handful_of_churners_is_refused(churners: int, store: Store, tmp_path: Path) -> None:
    fill(store, made_table(churners=churners), tmp_path)
    with pytest.raises(TrainingError, match="Too little evidence"):
        trained(store, tmp_path)


def test_columns_that_must_not_be_learned_from_are_named_and_left_out(store: Store, tmp_path: Path) -> None:
    table = made_table()
    gone = table["left"] == "yes"
    rng = np.random.default_rng(3)
    table["leak"] = np.where(gone, 90, 10) + rng.integers(0, 9, len(table))
    table["late_reason"] = np.where(gone, rng.choice(["too dear", "moved"], len(table)), "")
    table["always"] = "the same"
    table["account_number"] = [f"A-{n * 7919 % 100_003}" for n in range(len(table))]
    fill(store, table, tmp_path)
    report = trained(store, tmp_path)
    wrong = {"leak": "leak", "late_reason": "leak", "always": "constant", "account_number": "identifier"}
    found = {column: finding.code for finding in report.findings for column in finding.columns}
    assert found == wrong
    assert set(report.left_out) == wrong.keys()
    assert set(report.columns) == {"tenure_months", "monthly_revenue", "contract", "calls"}
    assert 0.7 < report.metrics["auc"] < 0.97


@pytest.mark.slow
def test_a_leak_is_kept_when_the_user_knows_better(store: Store, tmp_path: Path) -> None:
    table = made_table()
    table["score"] = np.where(table["left"] == "yes", 90, 10) + np.arange(len(table)) % 9
    fill(store, table, tmp_path)
    honest, told = trained(store, tmp_path), trained(store, tmp_path, allow_leaks=True)
    assert "score" not in honest.columns
    assert "score" in told.columns
    assert told.metrics["auc"] > 0.99 > honest.metrics["auc"]


@pytest.mark.slow
def test_repeated_rows_are_said_and_kept_together(store: Store, tmp_path: Path) -> None:
    once = made_table(250)
    twice = pd.concat([once, once.assign(id="D" + once["id"])], ignore_index=True)
    fill(store, twice, tmp_path)
    report = trained(store, tmp_path)
    assert "repeated_rows" in {finding.code for finding in report.findings}
    assert report.protocol.endswith("duplicates in one fold")
    assert report.metrics["auc"] < 0.97


@pytest.mark.slow
def test_training_twice_gives_the_same_figures(store: Store, tmp_path: Path) -> None:
    fill(store, made_table(), tmp_path)
    assert trained(store, tmp_path).metrics == trained(store, tmp_path).metrics
