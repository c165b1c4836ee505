"""`mainstay evaluate churn` shows the kept figures at once and tests on past dates where there are any."""

from pathlib import Path

import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.evaluation.backtest import backtest
from analytics.observations import training_table
from analytics.survival import survival_table
from bot.cli.backtesting import show_backtest
from db.session import Store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import day, shopping_company
from tests.analytics.jobs.tables import fill, made_table, trained
from tests.conftest import Command, Company

SILENCE = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, 90, ("purchase",), churn_horizon_days=60)


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


def test_a_backtest_is_shown_with_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    frames = shopping_company(customers=250)
    dates = [day(number) for number in range(240, 541, 60)]
    labelled = training_table(frames, SILENCE, dates, cut_off=day(600))
    followed = survival_table(frames, SILENCE, dates, cut_off=day(600), plan=labelled.plan)
    forecaster = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1))
    found = backtest(labelled, [day(540)], survival=followed, forecaster=forecaster, draws=10)
    show_backtest(found)
    shown = capsys.readouterr().out
    for interval in (*found.figures.values(), *(one["auc"] for one in found.baselines.values())):
        assert f"{interval.estimate:.4f}" in shown
    assert found.survival is not None
    assert f"{found.survival.concordance.estimate:.4f}" in shown
    assert f"best at {found.best_share:.0%}" in shown
    for words in ("Backtest, time-forward", "recency", "churn within 30 days: AUC", "the time to the next act"):
        assert words in shown


@pytest.mark.slow
def test_a_label_has_no_past_dates(store: Store, mainstay: Command, tmp_path: Path, own_home: Path) -> None:
    fill(store, made_table(), tmp_path)
    trained(store, tmp_path)
    found = mainstay("evaluate", "churn", "--json", "--store", tmp_path / "store.db")
    assert found.code == 0
    assert found.json["backtest"] is None
    assert "label without dates" in found.json["no_backtest"]
