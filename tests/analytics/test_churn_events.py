"""The forecaster for dated events follows the season and nothing else."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.artifacts import ModelCard, ModelStore
from analytics.churn_events import (
    LEAST_POPULATION,
    EventForecaster,
    TimeForwardForecaster,
    date_effects,
    fit_time_forward,
    seasonal_effect,
    shrunk_effects,
)
from analytics.explanations import contributions
from analytics.features.clock import date_of, day_of
from analytics.observations import TrainingTable, training_table
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import day, shopping_company

SILENCE = ChurnDefinition(
    ChurnDefinitionKind.INACTIVITY, inactivity_days=90, activity_kinds=("purchase",), churn_horizon_days=30
)


@pytest.fixture(scope="module")
def table() -> TrainingTable:
    return training_table(shopping_company(customers=250), SILENCE, [day(number) for number in (300, 330, 360, 390)])


def plain() -> object:
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1))


def test_forecasts_are_those_of_the_forecaster_moved_by_one_number(table: TrainingTable) -> None:
    fitted = fit_time_forward(table, scoring_date=day(420), forecaster=plain())
    before = logit(fitted.forecaster_.predict_proba(table.X)[:, 1])
    np.testing.assert_allclose(fitted.log_odds(table.X) - before, fitted.offset(), atol=1e-9)
    np.testing.assert_allclose(fitted.predict_proba(table.X).sum(axis=1), 1.0)
    assert set(fitted.predict(table.X)) <= {0, 1}


def test_contributions_add_up_to_the_forecast(table: TrainingTable) -> None:
    forecaster = EventForecaster().fit(table.X, table.y)
    found = contributions(forecaster, table.X.head(50))
    assert found.method == "path"
    np.testing.assert_allclose(
        found.values.sum(axis=1) + found.baseline, forecaster.log_odds(table.X.head(50)), atol=1e-6
    )


def test_date_effects_set_the_mean_forecast_to_the_churn_rate_of_the_date() -> None:
    y = np.array([1, 1, 0, 1, 0, 0, 0, 0])
    days = np.repeat([100, 200], 4)
    distinct, effects = date_effects(y, np.zeros(8), days)
    assert distinct.tolist() == [100, 200]
    assert effects[0] == pytest.approx(logit(0.75))
    assert effects[1] == pytest.approx(logit(0.125))  # half a case keeps the shift finite


def test_effects_within_their_sampling_error_are_taken_for_chance() -> None:
    assert shrunk_effects(np.array([0.1, -0.1]), np.array([50.0, 50.0])).tolist() == [0.0, -0.0]
    assert shrunk_effects(np.array([1.0]), np.array([1e6])).tolist() == [0.0]
    kept = shrunk_effects(np.array([1.0, -1.0]), np.array([1e6, 1.0]))
    assert kept == pytest.approx([1.0, -1 / 3], abs=1e-3)


@pytest.mark.parametrize(("lag", "expected"), [(0, 0.4), (365.25, 0.4), (91.3125, 0.0), (182.625, 0.0)])
def test_an_effect_returns_in_its_season_only(lag: float, expected: float) -> None:
    assert seasonal_effect(1000 + lag, np.array([1000]), np.array([0.4])) == pytest.approx(expected, abs=1e-6)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 2000), st.floats(-3, 3)), min_size=1, max_size=12, unique_by=lambda pair: pair[0]
    ),
    st.integers(0, 3000),
)
def test_the_seasonal_effect_never_exceeds_what_was_seen(seen: list[tuple[int, float]], at: int) -> None:
    days, effects = np.array([pair[0] for pair in seen]), np.array([pair[1] for pair in seen])
    expected = seasonal_effect(at, days, effects)
    assert min(0.0, effects.min()) - 1e-12 <= expected <= max(0.0, effects.max()) + 1e-12


def test_a_season_that_repeats_is_forecast_better() -> None:
    rng = np.random.default_rng(0)
    dates = pd.date_range("2023-01-01", periods=24, freq="30D")
    seasonal = 0.8 * np.cos(2 * np.pi * np.arange(24) * 30 / 365.25)
    signal = rng.normal(size=(24, 400))
    churned = (rng.random((24, 400)) < 1 / (1 + np.exp(-(signal + seasonal[:, None])))).astype(int)
    X, y, when = pd.DataFrame({"signal": signal.ravel()}), churned.ravel(), np.repeat(dates.to_numpy(), 400)
    scored_on = date(2025, 1, 1)
    following = TimeForwardForecaster(LogisticRegression()).fit(X, y, observation_dates=when, scoring_date=scored_on)
    assert following.offset() == pytest.approx(0.8, abs=0.25)
    assert following.offset(date(2024, 7, 1)) == pytest.approx(-0.8, abs=0.25)
    deaf = clone(following).set_params(follow_season=False).fit(X, y, observation_dates=when, scoring_date=scored_on)
    assert deaf.offset() == 0.0


def drifting_table(rng: np.random.Generator, dates: int, drift: float) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Customers whose churn follows their place among the others, while the column of all grows by `drift` a date."""
    place = rng.normal(size=(dates, 400))
    churned = (rng.random((dates, 400)) < 1 / (1 + np.exp(2.0 - place))).astype(np.int64)
    days = np.datetime64("2025-01-01") + 30 * np.arange(dates).astype("timedelta64[D]")
    usage = place + drift * np.arange(dates)[:, None]
    return pd.DataFrame({"usage": usage.ravel()}), churned.ravel(), np.repeat(days, 400)


def test_what_all_customers_do_alike_does_not_move_the_mean_forecast() -> None:
    X, y, when = drifting_table(np.random.default_rng(0), dates=4, drift=0.2)
    later = X[-400:] + 1.0
    fitted = TimeForwardForecaster(LogisticRegression(), follow_season=False)
    held = clone(fitted).fit(X, y, observation_dates=when, population=later)
    drifting = clone(fitted).fit(X, y, observation_dates=when)
    assert held.predict_proba(later)[:, 1].mean() == pytest.approx(y.mean(), abs=1e-3)
    assert drifting.predict_proba(later)[:, 1].mean() > y.mean() + 0.05
    np.testing.assert_allclose(drifting.log_odds(later) - held.log_odds(later), held.drift_, atol=1e-12)


def test_a_handful_of_customers_shows_no_drift() -> None:
    X, y, when = drifting_table(np.random.default_rng(0), dates=4, drift=0.2)
    fitted = TimeForwardForecaster(LogisticRegression())
    assert fitted.fit(X, y, observation_dates=when, population=X.tail(LEAST_POPULATION - 1)).drift_ == 0.0
    assert fitted.fit(X, y, observation_dates=when, population=X.tail(LEAST_POPULATION)).drift_ != 0.0


def test_days_and_dates_are_the_same_clock() -> None:
    moment = pd.Timestamp("2026-03-01T12:30:00Z")
    assert date_of(day_of(moment)) == np.datetime64("2026-03-01T12:30:00")
    assert day_of(date(1970, 1, 3)) == 2.0


def test_the_default_forecaster_learns_and_is_stored_whole(table: TrainingTable, tmp_path: Path) -> None:
    small = table.rows(table.observation_dates >= np.datetime64(day(360)))
    fitted = fit_time_forward(small, scoring_date=day(420), population=small.X)
    forecasts = fitted.predict_proba(small.X)[:, 1]
    assert forecasts[small.y == 1].mean() > forecasts[small.y == 0].mean()
    store = ModelStore(tmp_path)
    store.save("churn", fitted, ModelCard("Churn", datetime(2026, 1, 1, tzinfo=UTC), "test"))
    loaded, _ = store.load("churn", TimeForwardForecaster)
    np.testing.assert_array_equal(loaded.predict_proba(small.X)[:, 1], forecasts)
    assert loaded.offset(day(500)) == fitted.offset(day(500))
    assert loaded.drift_ == fitted.drift_
