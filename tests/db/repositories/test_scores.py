"""Scores come back as they were written, with and without money and reasons."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select

from db.models import ChurnScore, Customer
from db.repositories.jobs import JobRepository
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.scores import NO_TIMES, ScoredTimes, ScoreRepository, ScoreRow
from db.session import open_store
from db.vocabulary import JobState, Reason, RiskBand
from tests.conftest import NOW

DAY = date(2026, 3, 1)
REASON = Reason("plan", "Plan", "größer", "Pro", 0.25, "Plan is größer; Pro is the most common")
LONELY = Reason("plan", "Plan", "half a pair: \ud800", "Pro", -0.00001, "Plan is odd")
ROWS = [
    ScoreRow(1, 0.75, RiskBand.HIGH, 12.5, 100.0, [REASON], ScoredTimes(0.3, 0.5, 0.75, None, 80.0)),
    ScoreRow(2, 0.25, RiskBand.LOW, None, None, None),
]
MIXED = [
    ScoreRow(1, 0.5, RiskBand.MEDIUM, None, 3.0, None),
    ScoreRow(2, 0.75, RiskBand.HIGH, 2.0, None, [REASON, LONELY]),
    ScoreRow(3, 0.25, RiskBand.LOW, 1.0, 4.0, []),
    ScoreRow(4, 0.125, RiskBand.LOW, None, None, None),
]


def test_scores_come_back_as_they_were_written(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store, store.write() as session:
        session.execute(
            insert(Customer),
            [{"external_id": name, "attributes": {}, "created_at": NOW, "updated_at": NOW} for name in ("A", "B")],
        )
        model = ModelVersionRepository(session).add(ModelRecord(0, "churn", "v1", "00", {}, {}, {}, NOW))
        job = JobRepository(session).begin("score", {}, NOW)
        scores = ScoreRepository(session)
        assert scores.add_many(job.id, model, DAY, ROWS) == 2
        assert scores.add_many(job.id, model, DAY, []) == 0
        JobRepository(session).finish(job.id, JobState.DONE, NOW)
        first, second = scores.current("A"), scores.current("B")
        without = session.scalar(select(func.count()).where(ChurnScore.reasons.is_(None)))
    assert first is not None
    assert second is not None
    assert (first.churn_probability, first.risk_band, first.revenue_at_risk) == (0.75, RiskBand.HIGH, 12.5)
    assert (first.residual_value, first.observation_date, first.model_version) == (100.0, DAY, "churn/v1")
    assert first.times == (0.3, 0.5, 0.75, None, 80.0)
    assert (second.times, second.timing_model) == (NO_TIMES, None)
    assert [reason.value for reason in first.reasons] == ["größer"]
    assert (second.risk_band, second.revenue_at_risk, second.reasons) == (RiskBand.LOW, None, ())
    assert without == 1


def test_scores_of_which_each_misses_something_else_come_back_whole(tmp_path: Path) -> None:
    names = ("A", "B", "C", "D")
    with open_store(tmp_path / "store.db") as store, store.write() as session:
        session.execute(
            insert(Customer),
            [{"external_id": name, "attributes": {}, "created_at": NOW, "updated_at": NOW} for name in names],
        )
        model = ModelVersionRepository(session).add(ModelRecord(0, "churn", "v1", "00", {}, {}, {}, NOW))
        job = JobRepository(session).begin("score", {}, NOW)
        scores = ScoreRepository(session)
        assert scores.add_many(job.id, model, DAY, MIXED) == len(MIXED)
        JobRepository(session).finish(job.id, JobState.DONE, NOW)
        found = [scores.current(name) for name in names]
        told = session.scalars(select(ChurnScore.reasons).order_by(ChurnScore.customer_id)).all()
    for row, score in zip(MIXED, found, strict=True):
        assert score is not None
        assert (score.churn_probability, score.risk_band) == (row.churn_probability, row.risk_band)
        assert (score.revenue_at_risk, score.residual_value) == (row.revenue_at_risk, row.residual_value)
        assert (score.reasons, score.times, score.observation_date) == (tuple(row.reasons or ()), NO_TIMES, DAY)
    assert [one is None for one in told] == [row.reasons is None for row in MIXED]
