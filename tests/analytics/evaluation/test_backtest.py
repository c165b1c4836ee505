"""Backtests over several dates: every date is ignorant of itself, customers are resampled whole, baselines stand by."""

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.evaluation.backtest import FIGURES, PROFIT_SHARES, Backtest, backtest
from analytics.evaluation.intervals import customer_draws, percentile_interval
from analytics.evaluation.metrics import Campaign, profit_curve
from analytics.evaluation.time_forward import time_forward
from analytics.features import feature_plan
from analytics.frames import Frames
from analytics.observations import TrainingTable, training_table
from analytics.survival import SurvivalTable, survival_table
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import day, shopping_company

SILENCE = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, 90, ("purchase",), churn_horizon_days=60)
DATES = [day(number) for number in range(240, 541, 30)]
TESTED = [day(480), day(540)]


def plain() -> object:
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1))


@pytest.fixture(scope="module")
def frames() -> Frames:
    return shopping_company(customers=300)


@pytest.fixture(scope="module")
def table(frames: Frames) -> TrainingTable:
    plan = feature_plan(frames, TESTED[0], season_days=60)
    return training_table(frames, SILENCE, DATES, cut_off=day(600), plan=plan)


@pytest.fixture(scope="module")
def survival(frames: Frames, table: TrainingTable) -> SurvivalTable:
    return survival_table(frames, SILENCE, DATES, cut_off=day(600), plan=table.plan)


@pytest.fixture(scope="module")
def found(table: TrainingTable, survival: SurvivalTable) -> Backtest:
    return backtest(table, TESTED, survival=survival, forecaster=plain(), draws=40)


def test_figures_are_means_of_what_each_date_alone_gives(table: TrainingTable, found: Backtest) -> None:
    alone = [time_forward(table, test_date=when, forecaster=plain(), draws=2) for when in TESTED]
    for tested, one in zip(found.dates, alone, strict=True):
        np.testing.assert_array_equal(tested.forecasts["ours"], one.probabilities)
        np.testing.assert_array_equal(tested.y, one.y)
    for name in ("auc", "average_precision", "brier", "ece", "calibration_slope", "lift_at_10"):
        assert found.figures[name].estimate == pytest.approx(np.mean([getattr(one.metrics, name) for one in alone]))
    assert found.baselines["recency"]["auc"].estimate == pytest.approx(
        np.mean([one.baselines["recency"].auc for one in alone])
    )


def test_intervals_hold_their_estimates_and_a_model_beats_prevalence(found: Backtest) -> None:
    for name, interval in found.figures.items():
        assert interval.low <= interval.estimate <= interval.high, name
    assert set(found.baselines) == {"prevalence", "recency", "recency-frequency-money"}
    assert found.baselines["prevalence"]["auc"].estimate == 0.5
    assert found.gains["prevalence"]["auc"].low > 0
    assert found.gains["prevalence"]["auc"].estimate == pytest.approx(found.figures["auc"].estimate - 0.5)


def test_the_profit_curve_is_that_of_the_dates(found: Backtest) -> None:
    at_a_tenth = [
        profit_curve(one.y, one.forecasts["ours"], Campaign())["profit"].to_numpy()[round(0.1 * len(one.y))]
        for one in found.dates
    ]
    place = int(np.flatnonzero(np.isclose(PROFIT_SHARES, 0.1))[0])
    assert found.profit[place].estimate == pytest.approx(np.mean(at_a_tenth))
    assert found.profit[0].estimate == found.profit[0].high == 0.0
    assert found.best_share in PROFIT_SHARES


def test_forecasts_in_time_are_judged_on_the_same_dates(found: Backtest) -> None:
    in_time = found.survival
    assert in_time is not None
    assert (in_time.event, in_time.until_days, sorted(in_time.horizons)) == ("act", 60, [30, 60])
    assert in_time.concordance.low > 0.5
    assert 0 < in_time.integrated_brier.estimate < in_time.reference_brier.estimate < 0.25
    assert in_time.gain.estimate == pytest.approx(in_time.reference_brier.estimate - in_time.integrated_brier.estimate)
    same = found.figures["auc"].estimate
    assert in_time.horizons[60]["auc"].estimate == pytest.approx(same, abs=0.05)


def test_the_document_has_no_figure_that_json_cannot_hold(found: Backtest) -> None:
    document = found.as_json()
    assert set(document["figures"]) == set(FIGURES)
    assert [row["n"] for row in document["dates"]] == [len(one.y) for one in found.dates]
    assert document["survival"]["concordance"]["kind"] == "Uno, IPCW"
    assert len(document["profit"]["curve"]) == len(PROFIT_SHARES)
    assert found.protocol in document["protocol"]


def test_too_thin_a_past_leaves_out_the_forecast_in_time(table: TrainingTable, survival: SurvivalTable) -> None:
    thin = survival.rows(np.isin(survival.times.customer_ids, ["c001", "c002", "c003"]))
    found = backtest(table, TESTED[:1], survival=thin, forecaster=plain(), draws=2)
    assert found.survival is None
    assert "at least 30 of each" in found.as_json()["no_survival"]


def test_a_customer_is_taken_equally_often_on_every_date() -> None:
    first, second = np.array(["a", "b", "c"], dtype=object), np.array(["c", "a"], dtype=object)
    one, other = customer_draws([first, second], 50, 3)
    assert (one.shape, other.shape) == ((3, 50), (2, 50))
    np.testing.assert_array_equal(one[2], other[0])
    np.testing.assert_array_equal(one[0], other[1])
    assert (one.sum(axis=0) == 3).all()
    assert one.std() > 0


def test_an_inflated_figure_is_centred_on_its_estimate() -> None:
    drawn = np.linspace(0.02, 0.04, 101)
    plainly, centred = percentile_interval(0.01, drawn), percentile_interval(0.01, drawn, centred=True)
    assert plainly.low > 0.01
    assert centred.low < 0.01 < centred.high
    assert centred.low == pytest.approx(0.0005)
    empty = percentile_interval(0.5, [np.nan]).as_json()
    assert empty == {"value": 0.5, "low": None, "high": None}


def test_the_figures_do_not_depend_on_the_number_of_processes(
    table: TrainingTable, survival: SurvivalTable, found: Backtest
) -> None:
    shown: list[tuple[int, int | None]] = []
    together = backtest(
        table,
        TESTED,
        survival=survival,
        forecaster=plain(),
        draws=40,
        jobs=2,
        progress=lambda one: shown.append((one.done, one.total)),
    )
    assert together.as_json() == found.as_json()
    assert shown == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]
