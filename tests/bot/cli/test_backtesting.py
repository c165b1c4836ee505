"""`mainstay evaluate churn` shows the kept figures at once and tests on past dates where there are any."""

from pathlib import Path

import pytest

from db.session import Store
from tests.analytics.jobs.tables import fill, made_table, trained
from tests.conftest import Command, Company


def test_without_dates_the_kept_figures_alone_are_shown(company: Company, mainstay: Command) -> None:
    shown = mainstay("evaluate", "churn", "--dates", 0, "--json", "--store", company.path)
    assert shown.code == 0
    assert shown.json["backtest"] is None
    assert "--dates 0" in shown.json["no_backtest"]
    assert 0.5 < shown.json["auc"] < 1
    plain = mainstay("evaluate", "churn", "--dates", 0, "--store", company.path)
    assert f"{shown.json['auc']:.4f}" in plain.out
    assert "Backtest" not in plain.out


@pytest.mark.slow
def test_past_dates_are_tested_beside_baselines(company: Company, mainstay: Command) -> None:
    found = mainstay("evaluate", "churn", "--dates", 1, "--json", "--store", company.path)
    assert found.code == 0
    document = found.json["backtest"]
    assert found.json["no_backtest"] is None
    assert len(document["dates"]) == 1
    assert {"prevalence", "recency", "tenure"} <= set(document["baselines"])
    assert document["figures"]["auc"]["low"] <= document["figures"]["auc"]["value"]
    plain = mainstay("evaluate", "churn", "--dates", 1, "--store", company.path)
    assert f"{document['figures']['auc']['value']:.4f}" in plain.out
    for words in ("Backtest, time-forward", "baseline", "Profit per customer", "lift in the top 5 %"):
        assert words in plain.out


@pytest.mark.slow
def test_a_label_has_no_past_dates(store: Store, mainstay: Command, tmp_path: Path, own_home: Path) -> None:
    fill(store, made_table(), tmp_path)
    trained(store, tmp_path)
    found = mainstay("evaluate", "churn", "--json", "--store", tmp_path / "store.db")
    assert found.code == 0
    assert found.json["backtest"] is None
    assert "label without dates" in found.json["no_backtest"]
