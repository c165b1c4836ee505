"""Scores every customer who can still leave: churn probability, risk band, revenue at risk, residual value, reasons."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from analytics.artifacts import ModelStore
from analytics.churn import ChurnForecaster
from analytics.churn_events import TimeForwardForecaster
from analytics.evaluation.counts import CountInterval, count_interval
from analytics.explanations import ColumnLabel, reasons
from analytics.features import FeaturePlan
from analytics.features import feature_labels as event_labels
from analytics.frames import Frames
from analytics.jobs.event_training import event_features
from analytics.jobs.frames import CustomerChunk, read_chunks
from analytics.jobs.judged import CHURN_MODEL
from analytics.jobs.lifetimes import lifetime_curves, load_lifetimes, scored_times, spread_of
from analytics.jobs.tables import feature_labels
from analytics.survival import SurvivalForecaster
from analytics.value import (
    DEFAULT_MONTHS_CAP,
    RiskThresholds,
    monthly_hazard,
    residual_value,
    revenue_at_risk,
    risk_bands,
)
from db.bulk import rarer_collections
from db.errors import NotFoundError
from db.queries.attributes import ImportedColumns, imported_columns
from db.queries.overview import data_fingerprint, known_currencies, leaver_sums, score_totals
from db.repositories.jobs import JobInfo, JobRepository
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.scores import NO_TIMES, ScoreRepository, ScoreRow
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import (
    ChurnDefinition,
    ChurnDefinitionKind,
    CustomerStatus,
    JobState,
    Json,
    Progress,
    Reason,
    RiskBand,
)

EXPLAINED_SHARE = 0.10
"""Of a large store, the share of customers most at risk whose reasons are kept; others get theirs when asked for."""

EXPLAIN_ALL_UP_TO = 20_000


PAID_BACK = ("refund", "chargeback", "credit_note")
"""Kinds of events whose amounts went back to the customer."""


@dataclass(frozen=True, slots=True)
class ScoringReport:
    """What scoring found. `repeated` means that the same model had scored the same data before.

    `leavers` is how many leave within `leavers_days`, None for the churn horizon of a label without dates, counted from
    the end of the lead time.
    """

    job_id: int
    model_id: str
    scored: int
    observation_date: date
    expected_leavers: float
    revenue_at_risk: float
    bands: dict[RiskBand, int]
    leavers: CountInterval
    leavers_days: int | None
    lead_time_days: int
    churn_horizon_days: int
    timing_model: str | None
    repeated: bool

    @property
    def timing(self) -> str:
        """What says when customers leave: `hazard_model`, or `constant_hazard` where there is none."""
        return "constant_hazard" if self.timing_model is None else "hazard_model"

    def as_json(self) -> Json:
        """The report as a JSON object."""
        return {
            "job_id": self.job_id,
            "model_id": self.model_id,
            "scored": self.scored,
            "observation_date": self.observation_date.isoformat(),
            "expected_leavers": round(self.expected_leavers, 3),
            "revenue_at_risk": round(self.revenue_at_risk, 2),
            "bands": {band.value: count for band, count in self.bands.items()},
            "leavers": {"days": self.leavers_days, "lead_time_days": self.lead_time_days, **self.leavers.as_json()},
            "churn_horizon_days": self.churn_horizon_days,
            "timing": self.timing,
            "timing_model": self.timing_model,
            "repeated": self.repeated,
        }


@dataclass(frozen=True)
class Scorer:
    """A loaded model and what it needs to turn frames into scores."""

    model: ChurnForecaster | TimeForwardForecaster
    record: ModelRecord
    definition: ChurnDefinition
    columns: ImportedColumns
    observation_date: date
    currency: str | None = None
    lifetimes: SurvivalForecaster | None = None

    @property
    def forecaster(self) -> ChurnForecaster:
        """The estimator inside the model."""
        return self.model if isinstance(self.model, ChurnForecaster) else self.model.forecaster_

    @property
    def plan(self) -> FeaturePlan:
        """The columns of a feature table from events."""
        return FeaturePlan.from_json(self.record.data_window["plan"])

    @property
    def labels(self) -> dict[str, ColumnLabel | str]:
        """What people call each feature."""
        known = feature_labels(self.columns, self.currency)
        return known if isinstance(self.model, ChurnForecaster) else {**known, **event_labels(self.plan, self.currency)}

    @property
    def columns_read(self) -> list[str] | None:
        """The customer columns that the model reads; None where they are not known beforehand."""
        if isinstance(self.model, ChurnForecaster):
            return [str(name) for name in self.model.feature_names_in_]
        return None

    @property
    def needs_history(self) -> bool:
        """Whether the model reads contract lines, events and messages."""
        return not isinstance(self.model, ChurnForecaster)

    def features(self, frames: Frames) -> pd.DataFrame:
        """Features of the customers who can still leave, indexed by customer id."""
        if isinstance(self.model, ChurnForecaster):
            active = frames.customers[frames.customers["status"] == CustomerStatus.ACTIVE.value]
            table = active.reindex(columns=list(self.model.feature_names_in_))
            table.index = pd.Index(active["customer_id"])
            return table
        return event_features(self.plan, frames, self.definition, self.observation_date)

    def probabilities(self, features: pd.DataFrame) -> np.ndarray:
        """Churn probability of each row, shape (n,)."""
        if not len(features):
            return np.zeros(0)
        if isinstance(self.model, ChurnForecaster):
            found: np.ndarray = self.model.predict_proba(features)[:, 1]
        else:
            found = self.model.predict_proba(features, observation_date=self.observation_date)[:, 1]
        return found

    def explain(self, features: pd.DataFrame) -> list[list[Reason]]:
        """The reasons of each row."""
        return reasons(self.forecaster, features, labels=self.labels) if len(features) else []


def load_scorer(store: Store, models: ModelStore, now: datetime, *, in_time: bool = False) -> Scorer:
    """The newest model of the store, verified, and `in_time` the hazard model beside it.

    Raises NotFoundError where none was trained.
    """
    with store.read() as session:
        record = ModelVersionRepository(session).latest(CHURN_MODEL)
        settings = SettingsRepository(session)
        definition, today = settings.churn_definition(), settings.today(now.date())
        columns = imported_columns(session)
        currencies = known_currencies(session)
    if record is None or definition is None:
        raise NotFoundError("No forecaster has been trained on this store.", hint="Train one with `mainstay train`.")
    described = models.describe(CHURN_MODEL, record.version)
    model: ChurnForecaster | TimeForwardForecaster
    if described.type_name.endswith(TimeForwardForecaster.__name__):
        model, _ = models.load(CHURN_MODEL, TimeForwardForecaster, record.version)
    else:
        model, _ = models.load(CHURN_MODEL, ChurnForecaster, record.version)
    lifetimes = load_lifetimes(models, record.card.get("survival")) if in_time else None
    currency = currencies[0] if len(currencies) == 1 else None
    return Scorer(model, record, definition, columns, today, currency, lifetimes)


def score(
    store: Store,
    models: ModelStore,
    now: datetime,
    *,
    reading_model: str | None = None,
    explained_share: float | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> ScoringReport:
    """Score all customers with the newest model; the same model on the same data scores once.

    `explained_share` is the share of each range of customers, those most at risk, whose reasons are kept; None means
    everybody's in a small store and `EXPLAINED_SHARE` in a large one. A run that was stopped goes on where it was.
    """
    with rarer_collections():
        scorer = load_scorer(store, models, now, in_time=True)
    with store.write() as session:
        parameters: Json = {
            "model": scorer.record.version,
            "observation_date": scorer.observation_date.isoformat(),
            "data": data_fingerprint(session),
        }
        if scorer.definition.kind is not ChurnDefinitionKind.LABEL:
            parameters["in_time"] = True
        if explained_share is not None:
            parameters["explained_share"] = explained_share
        jobs, scores = JobRepository(session), ScoreRepository(session)
        job = jobs.begin("score", parameters, now, total=parameters["data"]["customers"])
        repeated = job.state is JobState.DONE
        done_before = set() if repeated else scores.scored_keys(job.id)
    if not repeated:
        share = explained_share if explained_share is not None else _usual_share(job.total or 0)
        _score_chunks(store, scorer, job, done_before, share, now, reading_model, progress)
    return _report(store, scorer, job.id, repeated=repeated)


def _score_chunks(
    store: Store,
    scorer: Scorer,
    job: JobInfo,
    done_before: set[int],
    explained_share: float,
    now: datetime,
    reading_model: str | None,
    progress: Callable[[Progress], None],
) -> None:
    seen = 0

    def rows() -> Iterator[tuple[int, Sequence[ScoreRow]]]:
        for chunk in read_chunks(
            store, with_history=scorer.needs_history, reading_model=reading_model, columns=scorer.columns_read
        ):
            if done_before.isdisjoint(chunk.keys.tolist()):
                yield len(chunk.keys), score_chunk(scorer, chunk, explained_share)

    with rarer_collections():
        for session, (size, scored) in store.write_chunks(rows()):
            ScoreRepository(session).add_many(job.id, scorer.record.id, scorer.observation_date, scored)
            seen += size
            JobRepository(session).advance(job.id, seen, 0, now)
            progress(Progress("score", seen, job.total))
    with store.write() as session:
        JobRepository(session).finish(job.id, JobState.DONE, now)


def score_chunk(scorer: Scorer, chunk: CustomerChunk, explained_share: float) -> list[ScoreRow]:
    """The scores of one range of customers, in the order of their keys, with reasons for a share of them."""
    features = scorer.features(chunk.frames)
    probability = scorer.probabilities(features)
    places = pd.Index(chunk.frames.customers["customer_id"]).get_indexer(features.index)
    money = monthly_revenue(chunk.frames, scorer.definition, scorer.observation_date)[places]
    horizon = scorer.definition.churn_horizon_days
    at_risk = revenue_at_risk(probability, money, horizon)
    curves = lifetime_curves(scorer.lifetimes, features, probability, scorer.definition, scorer.observation_date)
    hazard = monthly_hazard(probability, horizon) if curves is None else curves.monthly_hazards(DEFAULT_MONTHS_CAP)
    value = residual_value(money, hazard)
    bands = risk_bands(probability, RiskThresholds.from_base_rate(float(scorer.record.card["base_rate"])))
    explained = _most_at_risk(at_risk, probability, explained_share)
    told: list[list[Reason] | None] = [None] * len(features)
    for row, found in zip(explained.tolist(), scorer.explain(features.iloc[explained]), strict=True):
        told[row] = found
    columns = (
        chunk.keys[places].tolist(),
        probability.tolist(),
        bands,
        _known(at_risk),
        _known(value),
        told,
        [NO_TIMES] * len(features) if curves is None else scored_times(curves),
    )
    return list(map(ScoreRow._make, zip(*columns, strict=True)))


def monthly_revenue(frames: Frames, definition: ChurnDefinition, today: date) -> np.ndarray:
    """Revenue per month of each customer, NaN where unknown; from a year of events where no price is imported.

    What was paid back counts against what was paid, whatever sign its amounts have.
    """
    known = frames.customers["monthly_revenue"].to_numpy(dtype=np.float64)
    if not len(frames.events) or not np.isnan(known).any():
        return known
    end = pd.Timestamp(today, tz="UTC")
    events = frames.events[(frames.events["occurred_at"] < end) & frames.events["amount"].notna()]
    paid_back = events["kind"].isin(PAID_BACK)
    if definition.activity_kinds:
        events = events[paid_back | events["kind"].isin(definition.activity_kinds)]
    events = events.assign(amount=events["amount"].where(~paid_back, -events["amount"].abs()))
    recent = events[events["occurred_at"] >= end - pd.Timedelta(days=365)]
    spent = recent.groupby("customer_id")["amount"].sum()
    first = events.groupby("customer_id")["occurred_at"].min()
    months = ((end - first).dt.days / 30.4375).clip(lower=1.0, upper=12.0)
    per_month = (spent / months).reindex(frames.customers["customer_id"]).to_numpy(dtype=np.float64)
    return np.where(np.isnan(known), np.maximum(per_month, 0.0), known)


def explain_customer(scorer: Scorer, chunk: CustomerChunk) -> list[Reason]:
    """The reasons of one customer, for those whose reasons were not kept when they were scored."""
    explained = scorer.explain(scorer.features(chunk.frames))
    return explained[0] if explained else []


def _usual_share(customers: int) -> float:
    return 1.0 if customers <= EXPLAIN_ALL_UP_TO else EXPLAINED_SHARE


def _most_at_risk(at_risk: np.ndarray, probability: np.ndarray, share: float) -> np.ndarray:
    size = int(np.ceil(share * len(probability)))
    if not size:
        return np.empty(0, dtype=np.intp)
    order = np.argsort(-np.where(np.isnan(at_risk), probability, at_risk), kind="stable")
    found: np.ndarray = np.sort(order[:size])
    return found


def _known(values: np.ndarray) -> list[float | None]:
    """Plain numbers, None for what is not finite."""
    found: list[float | None] = values.tolist()
    for row in np.flatnonzero(~np.isfinite(values)):
        found[row] = None
    return found


def _report(store: Store, scorer: Scorer, job_id: int, *, repeated: bool) -> ScoringReport:
    with store.read() as session:
        found, sums = score_totals(session, job_id), leaver_sums(session, job_id)
    spread = None if sums.days is None else spread_of(scorer.lifetimes, sums.days)
    return ScoringReport(
        job_id=job_id,
        model_id=f"{CHURN_MODEL}/{scorer.record.version}",
        scored=found.scored,
        observation_date=scorer.observation_date,
        expected_leavers=found.expected_leavers,
        revenue_at_risk=found.revenue_at_risk,
        bands=found.bands,
        leavers=count_interval(sums.mean, sums.variance, sums.third_moment, found.scored, log_odds_spread=spread),
        leavers_days=sums.days,
        lead_time_days=scorer.definition.lead_time_days,
        churn_horizon_days=scorer.definition.churn_horizon_days,
        timing_model=scorer.record.card.get("survival"),
        repeated=repeated,
    )
