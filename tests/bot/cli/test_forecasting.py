"""What `train`, `score` and `explain` print about time: who leaves when, how many, and what that rests on."""

from pathlib import Path

import pytest

from tests.analytics.jobs.tables import made_table
from tests.conftest import Command, Company


def test_score_says_how_many_will_leave_and_what_the_interval_covers(company: Company, mainstay: Command) -> None:
    shown = mainstay("score", "--store", company.location)
    assert shown.code == 0
    assert "Expected to leave in the next 30 days: " in shown.out
    assert "the rest is model error" in shown.out
    assert "Revenue at risk over 90 days: " in shown.out
    assert "hazard model survival-end/" in shown.out
    document = mainstay("score", "--store", company.location, "--json").json
    count = document["leavers"]
    assert (count["days"], count["covers"]) == (30, "chance and model error")
    assert count["low"] < count["expected"] < count["high"]
    assert f"between {count['low']:,} and {count['high']:,}" in shown.out
    for customer in document["customers"]:
        assert customer["churn_30"] < customer["churn_60"] < customer["churn_90"]
        assert customer["churn_90"] == pytest.approx(customer["churn_probability"])


def test_customers_can_be_chosen_by_when_they_leave(company: Company, mainstay: Command) -> None:
    found = mainstay("score", "--store", company.location, "--where", "churn_30 > 0.05", "--top", "500", "--json").json
    assert found["customers"]
    assert all(one["churn_30"] > 0.05 for one in found["customers"])


def test_training_shows_the_hazards_beside_separate_models(company: Company, mainstay: Command) -> None:
    shown = mainstay("train", "--store", company.location)
    assert "AUC within 90 days" in shown.out
    assert "of a model of this horizon alone" in shown.out
    assert "concordance" in shown.out


def test_without_dates_it_is_said_that_the_hazard_is_constant(
    mainstay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "customers.csv"
    made_table().to_csv(table, index=False)
    store = str(tmp_path / "store.db")
    assert mainstay("import", "customers", table, "--infer", "--yes", "--store", store).code == 0
    trained = mainstay("train", "--store", store)
    assert "No forecast in time: churn is a label without dates." in trained.err
    shown = mainstay("score", "--store", store)
    assert "The interval covers chance only" in shown.out
    assert "a constant hazard is assumed, for churn has no dates" in shown.out
    assert "30 days" not in shown.out
