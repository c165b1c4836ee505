"""A time-forward test uses nothing that was unknown on the test date."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.evaluation.time_forward import time_forward
from analytics.observations import TrainingTable, training_table
from db.errors import TrainingError
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import day, shopping_company

SILENCE = ChurnDefinition(
    ChurnDefinitionKind.INACTIVITY, inactivity_days=90, activity_kinds=("purchase",), churn_horizon_days=30
)


@pytest.fixture(scope="module")
def table() -> TrainingTable:
    return training_table(
        shopping_company(customers=250), SILENCE, [day(number) for number in (300, 330, 360, 390, 420)]
    )


def plain() -> object:
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1))


def test_the_last_date_is_forecast_from_the_dates_whose_outcome_was_known(table: TrainingTable) -> None:
    result = time_forward(table, forecaster=plain(), draws=20)
    assert result.test_date == day(420)
    assert result.training_dates == (day(300), day(330), day(360), day(390))
    assert len(result.y) == len(result.probabilities) == len(table.on(day(420)))
    assert "4 observation dates" in result.protocol


def test_outcomes_that_were_not_known_do_not_change_the_forecast(table: TrainingTable) -> None:
    unknown = table.observation_dates > np.datetime64(day(345))
    changed = replace(table, y=np.where(unknown, 1 - table.y, table.y))
    first = time_forward(table, test_date=day(360), forecaster=plain(), draws=5)
    second = time_forward(changed, test_date=day(360), forecaster=plain(), draws=5)
    np.testing.assert_array_equal(first.probabilities, second.probabilities)


def test_a_useful_forecast_beats_prevalence_and_reports_every_baseline(table: TrainingTable) -> None:
    result = time_forward(table, forecaster=plain(), draws=50)
    assert set(result.baselines) == {"prevalence", "recency", "recency-frequency-money"}
    assert result.metrics.auc > 0.6
    assert result.baselines["prevalence"].auc == 0.5
    assert result.gains["prevalence"]["auc"].low > 0
    assert result.intervals["auc"].low <= result.metrics.auc <= result.intervals["auc"].high


def test_a_test_without_known_outcomes_is_refused(table: TrainingTable) -> None:
    with pytest.raises(TrainingError, match="No forecast can be tested"):
        time_forward(table, test_date=day(300), forecaster=plain())
