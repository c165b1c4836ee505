"""Forecasts in time of a store: trained beside the churn forecaster, kept, loaded, and at one with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from analytics.artifacts import ModelStore
from analytics.jobs.frames import CustomerChunk, read_chunks
from analytics.jobs.lifetimes import NO_DATES, lifetime_curves, lifetime_event, load_lifetimes, scored_times
from analytics.jobs.scoring import ScoringReport, load_scorer, score, score_chunk
from analytics.jobs.training import TrainingOptions, TrainingReport, train
from analytics.language.understanding import Understander
from analytics.survival import FollowedEvent, SurvivalCurves
from analytics.value import residual_value
from db.errors import ArtifactError
from db.models import ChurnScore, Customer, Event
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.scores import ScoredTimes, ScoreRepository
from db.repositories.settings import SettingsRepository
from db.session import Store, open_store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind
from tests.analytics.company import FIRST_DAY, shopping_company
from tests.analytics.jobs.tables import fill as fill_table
from tests.analytics.jobs.tables import made_table
from tests.conftest import NOW, Company

SILENCE = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, 60, ("purchase",), 60)
CANCELS = ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE)
TODAY = FIRST_DAY + timedelta(days=640)


def fill(store: Store, definition: ChurnDefinition, *, customers: int = 150) -> None:
    """Write the shopping company, its customers in the order of their keys."""
    frames = shopping_company(customers=customers)
    with store.write() as session:
        settings = SettingsRepository(session)
        settings.set_churn_definition(definition)
        settings.set_today(TODAY.date())
        made = [
            Customer(external_id=one, monthly_revenue=20.0, created_at=NOW, updated_at=NOW)
            for one in frames.customers["customer_id"]
        ]
        session.add_all(made)
        session.flush()
        keys = {one.external_id: one.id for one in made}
        events = frames.events[frames.events["occurred_at"] < TODAY]
        columns = (events["customer_id"], events["occurred_at"].dt.to_pydatetime(), events["amount"])
        session.add_all(
            Event(
                customer_id=keys[who], kind="purchase", occurred_at=at, amount=amount, source_key=f"{number}".encode()
            )
            for number, (who, at, amount) in enumerate(zip(*columns, strict=True))
        )


@pytest.fixture
def demo(company: Company) -> Iterator[Store]:
    """The demo company, trained on and scored."""
    with open_store(company.path) as opened:
        yield opened


def scores(store: Store) -> pd.DataFrame:
    """The newest scores, by key of the customer."""
    with store.read() as session:
        job = ScoreRepository(session).current_job()
        rows = session.execute(select(ChurnScore.__table__).where(ChurnScore.job_id == job)).mappings().all()
    return pd.DataFrame([dict(row) for row in rows]).set_index("customer_id").sort_index()


def chunks(store: Store, size: int = 25_000) -> list[CustomerChunk]:
    model = Understander.load_default().version
    return list(read_chunks(store, with_history=True, reading_model=model, size=size))


def run(store: Store, models: ModelStore) -> tuple[TrainingReport, ScoringReport]:
    trained = train(store, models, TrainingOptions(NOW))
    return trained, score(store, models, NOW)


def assert_at_one(found: pd.DataFrame, horizon: int) -> None:
    """Horizons rise, the churn horizon is the headline, and remaining time and risk go against one another."""
    near = found[["churn_30", "churn_60", "churn_90"]].to_numpy()
    assert ((near >= 0) & (near <= 1)).all()
    assert (np.diff(near, axis=1) >= 0).all()
    np.testing.assert_allclose(found[f"churn_{horizon}"], found["churn_probability"], atol=1e-9)
    assert found["expected_days"].between(1, 1830).all()
    assert np.corrcoef(found["expected_days"], near[:, 2])[0, 1] < -0.3


def test_scores_of_contracts_say_when_and_agree_with_the_headline(demo: Store) -> None:
    found = scores(demo)
    assert len(found) > 200
    assert_at_one(found, 90)
    # A constant hazard would make this a third.
    assert abs((np.log1p(-found["churn_30"]) / np.log1p(-found["churn_90"])).median() - 1 / 3) > 0.01


def test_the_hazard_model_is_kept_beside_the_forecaster_with_its_figures(demo: Store, company: Company) -> None:
    models = ModelStore(company.home / "models")
    with demo.read() as session:
        versions = ModelVersionRepository(session)
        churn, hazards = versions.latest("churn"), versions.latest("survival-end")
    assert churn is not None
    assert hazards is not None
    assert churn.card["survival"] == f"survival-end/{hazards.version}"
    assert hazards.data_window["plan"] == churn.data_window["plan"]
    figures = churn.metrics["survival"]
    assert figures == hazards.metrics
    assert 0.5 < figures["concordance"]["value"] < 1
    assert 0 < figures["integrated_brier"]["value"] < 0.25
    assert figures["horizons"].keys() == figures["separate_auc"].keys() == figures["leavers"].keys()
    # At the churn horizon the curves rank like the headline forecaster itself.
    assert figures["horizons"]["90"]["auc"]["value"] == pytest.approx(figures["separate_auc"]["90"])
    assert figures["separate_auc"]["90"] == pytest.approx(churn.metrics["auc"])
    model = load_lifetimes(models, churn.card["survival"])
    assert model is not None
    assert model.cap_days_ == figures["cap_days"]


def test_value_is_margin_times_survival_discounted(demo: Store, company: Company) -> None:
    scorer = load_scorer(demo, ModelStore(company.home / "models"), NOW, in_time=True)
    (chunk,) = chunks(demo)
    features = scorer.features(chunk.frames)
    probability = scorer.probabilities(features)
    curves = lifetime_curves(scorer.lifetimes, features, probability, scorer.definition, scorer.observation_date)
    assert curves is not None
    long = curves.continued(60 * 365.25 / 12)
    customers = chunk.frames.customers.set_index("customer_id")
    kept = scores(demo)
    for place in (0, 7, 50, 200):
        paid = float(customers.loc[features.index[place], "monthly_revenue"])
        key = chunk.keys[customers.index.get_loc(features.index[place])]
        worth = 0.0
        for month in range(1, 61):
            worth += paid * long.survival([month * 365.25 / 12])[place, 0] / 1.10 ** (month / 12)
        assert worth > 0
        assert kept.loc[key, "residual_value"] == pytest.approx(worth, rel=1e-6)


def test_scoring_again_changes_nothing(demo: Store, company: Company) -> None:
    before = scores(demo)
    model = Understander.load_default().version
    report = score(demo, ModelStore(company.home / "models"), NOW, reading_model=model)
    assert report.repeated
    pd.testing.assert_frame_equal(scores(demo), before)
    count = report.leavers
    assert report.leavers_days == 30
    assert count.expected == pytest.approx(before["churn_30"].sum())
    assert count.low <= count.chance_low < count.expected < count.chance_high <= count.high
    assert count.covers_model_error


def test_scoring_in_small_parts_gives_the_same_scores(demo: Store, company: Company) -> None:
    scorer = load_scorer(demo, ModelStore(company.home / "models"), NOW, in_time=True)
    parts = [score_chunk(scorer, chunk, 0.0) for chunk in chunks(demo, size=90)]
    assert len(parts) > 3
    rows = [row for part in parts for row in part]
    kept = scores(demo).loc[[row.customer_key for row in rows]]
    assert len(rows) == len(scores(demo))
    np.testing.assert_allclose(np.array([row.times.churn_30 for row in rows], dtype=np.float64), kept["churn_30"])
    np.testing.assert_allclose(
        np.array([row.times.expected_days for row in rows], dtype=np.float64), kept["expected_days"]
    )
    np.testing.assert_allclose(np.array([row.residual_value for row in rows], dtype=np.float64), kept["residual_value"])


def test_a_changed_hazard_model_is_not_loaded(demo: Store, company: Company) -> None:
    models = ModelStore(company.home / "models")
    with demo.read() as session:
        kept = ModelVersionRepository(session).latest("survival-end")
    assert kept is not None
    (company.home / "models" / "survival-end" / kept.version / "manifest.json").write_text("{}")
    with pytest.raises(ArtifactError):
        load_scorer(demo, models, NOW, in_time=True)
    load_scorer(demo, models, NOW)


@pytest.mark.slow
def test_silence_is_followed_until_it_has_lasted(store: Store, tmp_path: Path) -> None:
    fill(store, SILENCE)
    trained, report = run(store, ModelStore(tmp_path / "models"))
    assert trained.survival["event"] == "lapse"
    assert trained.survival["horizons"].keys() == {"30", "60"}
    assert report.timing_model == trained.survival["model_id"]
    found = scores(store)
    assert len(found) > 30
    assert_at_one(found, 60)
    assert found["involuntary_90"].isna().all()
    assert train(store, ModelStore(tmp_path / "models"), TrainingOptions(NOW)).survival == trained.survival


def test_a_table_without_dates_falls_back_to_a_constant_hazard(store: Store, tmp_path: Path) -> None:
    fill_table(store, made_table(), tmp_path)
    trained, report = run(store, ModelStore(tmp_path / "models"))
    assert trained.survival == {"model_id": None, "why": NO_DATES}
    assert (report.timing, report.timing_model, report.leavers_days) == ("constant_hazard", None, None)
    assert not report.leavers.covers_model_error
    assert report.leavers.expected == pytest.approx(report.expected_leavers)
    found = scores(store)
    assert found[list(ScoredTimes._fields)].isna().all(axis=None)
    assert (found["residual_value"] > 0).all()


def test_dates_without_a_hazard_model_give_a_constant_hazard_too() -> None:
    p = np.array([0.0, 0.2, 1.0])
    curves = lifetime_curves(None, None, p, replace(CANCELS, churn_horizon_days=45), date(2026, 1, 1))  # type: ignore[arg-type]
    assert curves is not None
    times = scored_times(curves)
    assert times[1].churn_30 == pytest.approx(1 - 0.8 ** (30 / 45))
    assert times[1].churn_90 == pytest.approx(1 - 0.8**2)
    assert times[0].expected_days == pytest.approx(60 * 365.25 / 12)
    assert times[1].involuntary_90 is None
    hazard = 1 - 0.8 ** (365.25 / 12 / 45)
    by_curve = residual_value(np.full(3, 10.0), curves.monthly_hazards(60))
    assert by_curve[1] == pytest.approx(residual_value(10.0, hazard))


def test_failed_payments_are_a_part_of_churn_where_they_are_told() -> None:
    curves = SurvivalCurves(np.full((1, 3), 0.1), 30, FollowedEvent.END, np.full((1, 3), 0.25))
    (times,) = scored_times(curves)
    assert times.churn_90 == pytest.approx(1 - 0.9**3)
    assert times.involuntary_90 == pytest.approx(0.25 * (1 - 0.9**3))


def test_a_lifetime_ends_with_the_contract_or_with_a_long_silence() -> None:
    assert lifetime_event(SILENCE) is FollowedEvent.LAPSE
    assert lifetime_event(CANCELS) is FollowedEvent.END
