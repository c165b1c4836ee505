"""The forecaster of hazards: calibrated at every horizon, falling curves, causes apart, and only the past is used."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analytics.churn import InsufficientDataError
from analytics.features import FeaturePlan
from analytics.survival import FollowedEvent, RemainingTimes, SurvivalForecaster, SurvivalTable
from analytics.survival import forecaster as forecasting
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

DATES = 6
CUSTOMERS = 700
ENDS = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE)


def plain() -> object:
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())


def daily_hazard(signal: np.ndarray) -> np.ndarray:
    return 0.004 * np.exp(0.9 * signal)


def simulated(seed: int, *, customers: int = CUSTOMERS, dates: int = DATES, known: int = 500) -> SurvivalTable:
    """Customers who leave at a constant hazard of their own, a third of the weaker ones by a failed payment."""
    rng = np.random.default_rng(seed)
    rows = customers * dates
    signal, card = rng.normal(size=rows), rng.normal(size=rows)
    leaves = rng.exponential(1 / daily_hazard(signal))
    day = np.repeat(np.arange(dates) * 30, customers)
    followed = (known - day).astype(float)
    happened = leaves <= followed
    involuntary = np.where(happened, rng.random(rows) < expit(2 * card - 1), np.nan)
    times = RemainingTimes(
        np.array([f"c{number}" for number in range(rows)], dtype=object),
        np.minimum(np.ceil(leaves), followed),
        happened,
        involuntary,
    )
    X = pd.DataFrame({"signal": signal, "card": card})
    dated = np.datetime64("2025-01-01", "us") + day.astype("timedelta64[D]")
    return SurvivalTable(X, times, followed, dated, FeaturePlan(), ENDS, FollowedEvent.END)


@pytest.fixture(scope="module")
def fitted() -> SurvivalForecaster:
    return SurvivalForecaster(plain(), follow_season=False).fit(simulated(0))


@pytest.mark.parametrize("days", [30, 60, 90, 150])
def test_every_horizon_is_ranked_and_calibrated(fitted: SurvivalForecaster, days: int) -> None:
    new = simulated(1)
    truth = 1 - np.exp(-daily_hazard(new.X["signal"].to_numpy()) * days)
    forecast = fitted.curves(new.X).churn_probability(days)[:, 0]
    assert np.corrcoef(forecast, truth)[0, 1] > 0.98
    assert forecast.mean() == pytest.approx(truth.mean(), abs=0.02)


def test_curves_fall_and_reach_as_far_as_was_seen(fitted: SurvivalForecaster) -> None:
    curves = fitted.curves(simulated(1).X.head(50))
    assert fitted.periods_ == 12
    assert curves.cap_days == fitted.cap_days_ == 360
    assert (np.diff(curves.survival(np.arange(361)), axis=1) <= 1e-12).all()
    safe, risky = fitted.curves(pd.DataFrame({"signal": [-2.0, 2.0], "card": 0.0})).expected_days()
    assert risky < 60 < 240 < safe
    assert len(fitted.curves(simulated(1).X.head(0))) == 0


def test_the_first_periods_have_models_of_their_own(fitted: SurvivalForecaster) -> None:
    assert fitted.first_ == [0, 1, 2, 3]
    alone = SurvivalForecaster(plain(), own_periods=0, most_periods=4).fit(simulated(0))
    assert alone.first_ == [0]
    assert alone.periods_ == 4


def test_departures_by_choice_and_by_failed_payment_are_told_apart(fitted: SurvivalForecaster) -> None:
    two = pd.DataFrame({"signal": 0.0, "card": [-2.0, 2.0]})
    curves = fitted.curves(two)
    share = curves.incidence(90, involuntary=True)[:, 0] / curves.churn_probability(90)[:, 0]
    assert share == pytest.approx([expit(-5), expit(3)], abs=0.08)
    few = simulated(0)
    few.times.involuntary[few.times.involuntary == 1] = 0.0
    assert SurvivalForecaster(plain(), most_periods=2).fit(few).curves(two).involuntary_share is None


def test_the_mean_forecast_of_the_population_is_the_churn_rate_of_the_past() -> None:
    table = simulated(0)
    drifted = table.X.head(400).assign(signal=lambda frame: frame["signal"] + 1.5)
    held = SurvivalForecaster(plain(), follow_season=False, most_periods=3).fit(table, population=drifted)
    forecasts = held.curves(drifted).churn_probability([30, 60, 90]).mean(axis=0)
    past = [float((table.times.happened & (table.times.days <= days)).mean()) for days in (30, 60, 90)]
    np.testing.assert_allclose(forecasts, past, atol=0.01)
    loose = SurvivalForecaster(plain(), follow_season=False, most_periods=3).fit(table)
    assert loose.curves(drifted).churn_probability(90).mean() > past[-1] + 0.15


def test_a_season_moves_every_horizon_and_keeps_curves_falling() -> None:
    table = simulated(0)
    strong = table.observation_dates < np.datetime64("2025-02-15")
    table.times.days[strong] = np.maximum(np.ceil(table.times.days[strong] / 3), 1)
    table.times.happened[strong] = True
    table.times.involuntary[strong] = 0.0
    model = SurvivalForecaster(plain(), most_periods=3).fit(table)
    same, later = pd.Timestamp("2026-01-15"), pd.Timestamp("2026-05-15")
    high = model.curves(table.X.head(300), observation_date=same).churn_probability([30, 60, 90])
    low = model.curves(table.X.head(300), observation_date=later).churn_probability([30, 60, 90])
    assert (high.mean(axis=0) > low.mean(axis=0) + 0.02).all()
    assert (np.diff(high, axis=1) >= 0).all()


def test_nothing_after_the_cut_off_reaches_the_forecaster() -> None:
    table = simulated(0, dates=4)
    cut = pd.Timestamp("2025-05-15")
    changed = simulated(0, dates=4)
    later = changed.times.days > changed.known_at(cut).known_days.max()
    changed.times.happened[later] = ~changed.times.happened[later]
    one, other = (SurvivalForecaster(plain(), most_periods=3).fit(found.known_at(cut)) for found in (table, changed))
    np.testing.assert_array_equal(one.curves(table.X.head(20)).hazards, other.curves(table.X.head(20)).hazards)


def test_rare_outcomes_are_kept_and_common_ones_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    periods = simulated(0).periods(30, 1)
    monkeypatch.setattr(forecasting, "COMMON_PER_RARE", 2)
    kept, moved = forecasting.sampled(periods, np.random.default_rng(0), 2)
    assert kept.happened.sum() == periods.happened.sum()
    assert len(kept) == 3 * kept.happened.sum()
    odds, kept_odds = (np.log(found.happened.mean() / (1 - found.happened.mean())) for found in (periods, kept))
    assert moved == pytest.approx(kept_odds - odds)
    sampled = SurvivalForecaster(plain(), follow_season=False, most_periods=2).fit(simulated(0))
    truth = 1 - np.exp(-daily_hazard(simulated(1).X["signal"].to_numpy()) * 60)
    assert sampled.curves(simulated(1).X).churn_probability(60).mean() == pytest.approx(truth.mean(), abs=0.02)


def test_too_few_departures_are_refused_and_end_the_curves() -> None:
    with pytest.raises(InsufficientDataError, match="at least 30 of each"):
        SurvivalForecaster(plain()).fit(simulated(0, customers=20, dates=2))
    short = SurvivalForecaster(plain()).fit(simulated(0, known=220))
    assert short.cap_days_ == 210


def test_without_a_model_everybody_has_one_curve(fitted: SurvivalForecaster) -> None:
    base = fitted.base_curves(3).survival([90])[:, 0]
    table = simulated(0)
    assert base == pytest.approx(np.full(3, (table.times.days > 90).mean()), abs=0.01)


def test_the_first_period_may_have_another_forecaster() -> None:
    table = simulated(3)
    one = SurvivalForecaster(plain()).fit(table)
    other = SurvivalForecaster(plain(), first=DummyClassifier(strategy="prior")).fit(table)
    first, second = other.curves(table.X).hazards, one.curves(table.X).hazards
    assert np.ptp(first[:, 0]) < 1e-9 < np.ptp(second[:, 0])
    assert first[:, 1:].std() == pytest.approx(second[:, 1:].std(), rel=0.2)
    assert [type(model).__name__ for model in other.models_[:2]] == ["DummyClassifier", "Pipeline"]
