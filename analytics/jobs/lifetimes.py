"""Forecasts in time for a store: trains the hazard models, and says of every customer when they may leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.artifacts import ModelCard, ModelStore
from analytics.features import FeaturePlan, feature_plan
from analytics.frames import Frames
from analytics.jobs.event_training import (
    WARM_UP_DAYS,
    event_features,
    first_record,
    learnable_attributes,
    read_sample,
)
from analytics.jobs.frames import read_chunks
from analytics.jobs.scoring import monthly_revenue
from analytics.observations import observation_dates, scoring_table
from analytics.survival import FollowedEvent, SurvivalForecaster, fit_survival, followed_event, survival_table
from analytics.value import DEFAULT_MONTHS_CAP, residual_value
from db.errors import NotFoundError, TrainingError
from db.queries.attributes import imported_columns
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, Json, Progress

HORIZONS = (30, 60, 90)


@dataclass(frozen=True)
class LifetimeForecasts:
    """Forecasts in time of the customers who can still leave on `observation_date`.

    `customers` has the columns customer_id, `churn_30`, `churn_60`, `churn_90` (those that `churn_cap_days` allows),
    expected_days (of at most `cap_days`), residual_value (NaN without known revenue) and, where the data tell,
    voluntary_90 and involuntary_90.
    """

    customers: pd.DataFrame
    observation_date: date
    churn_cap_days: int
    cap_days: int


def lifetime_events(definition: ChurnDefinition) -> tuple[FollowedEvent, FollowedEvent]:
    """The event behind churn within a horizon, and the one that ends a customer's lifetime.

    They differ where silence is churn: no act within a horizon is churn, but a lifetime ends with a long silence.
    """
    event = followed_event(definition)
    return event, FollowedEvent.LAPSE if event is FollowedEvent.ACT else event


def train_lifetimes(
    store: Store,
    models: ModelStore,
    now: datetime,
    *,
    seed: int = 0,
    use_sensitive: bool = True,
    reading_model: str | None = None,
    forecaster: Any = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[str]:
    """Fit a hazard model for each event on everything known, keep it with its card, and return the model ids.

    Raises:
        TrainingError: churn has no dates, or the history is too short or too thin.
    """
    with store.read() as session:
        settings = SettingsRepository(session)
        definition, today = _dated(settings.churn_definition()), settings.today(now.date())
        kept_out = imported_columns(session).not_for_training(use_sensitive=use_sensitive)
    frames = read_sample(store, reading_model)
    dates = observation_dates(first_record(frames) + timedelta(days=WARM_UP_DAYS), today, definition)
    # Windows that are not over tell of the nearer periods: dates go on after the last whole window.
    step = timedelta(days=30)
    dates += [dates[-1] + step * k for k in range(1, 12) if dates[-1] + step * (k + 1) <= today]
    attributes = learnable_attributes(frames, kept_out)
    plan = feature_plan(frames, dates[-1], attributes=attributes, season_days=definition.churn_horizon_days)
    population = scoring_table(frames, definition, today, plan)
    events = tuple(dict.fromkeys(lifetime_events(definition)))
    kept = []
    for place, event in enumerate(events):
        progress(Progress(f"hazards of {event.value}", place, len(events)))
        table = survival_table(frames, definition, dates, cut_off=today, event=event, plan=plan)
        fitted = fit_survival(
            table, scoring_date=today, population=population, forecaster=forecaster, random_state=seed
        )
        kept.append(_keep(store, models, fitted, event, plan, now, len(table)))
    return kept


def forecast_lifetimes(
    store: Store,
    models: ModelStore,
    now: datetime,
    *,
    customer_ids: Sequence[str] | None = None,
    margin_rate: float = 1.0,
    reading_model: str | None = None,
) -> LifetimeForecasts:
    """Forecasts in time of every customer who can still leave, or of the named ones, by the newest models.

    Residual value is `margin_rate` x monthly revenue x survival, discounted, over at most `DEFAULT_MONTHS_CAP` months.

    Raises:
        NotFoundError: `train_lifetimes` has not run on this store.
    """
    with store.read() as session:
        settings = SettingsRepository(session)
        definition, today = _dated(settings.churn_definition()), settings.today(now.date())
        near, far = lifetime_events(definition)
        churn, plan = _load(ModelVersionRepository(session), models, near)
        lifetime = churn if far is near else _load(ModelVersionRepository(session), models, far)[0]
    parts = []
    for chunk in read_chunks(store, with_history=True, reading_model=reading_model):
        frames = chunk.frames if customer_ids is None else chunk.frames.of_customers(list(customer_ids))
        if len(frames.customers):
            parts.append(_forecasts(frames, plan, definition, today, churn, lifetime, margin_rate))
    customers = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"customer_id": []})
    return LifetimeForecasts(customers, today, churn.cap_days_, lifetime.cap_days_)


def _forecasts(
    frames: Frames,
    plan: FeaturePlan,
    definition: ChurnDefinition,
    today: date,
    churn: SurvivalForecaster,
    lifetime: SurvivalForecaster,
    margin_rate: float,
) -> pd.DataFrame:
    features = event_features(plan, frames, definition, today)
    near = churn.curves(features, observation_date=today)
    far = near if lifetime is churn else lifetime.curves(features, observation_date=today)
    places = pd.Index(frames.customers["customer_id"]).get_indexer(features.index)
    margin = margin_rate * monthly_revenue(frames, definition, today)[places]
    columns: dict[str, Any] = {"customer_id": features.index.to_numpy(dtype=object)}
    reached = [days for days in HORIZONS if days <= near.cap_days]
    columns |= {f"churn_{days}": near.churn_probability(days)[:, 0] for days in reached}
    columns["expected_days"] = far.expected_days()
    columns["residual_value"] = residual_value(margin, far.monthly_hazards(DEFAULT_MONTHS_CAP))
    if near.involuntary_share is not None and 90 in reached:
        columns["voluntary_90"] = near.incidence(90, involuntary=False)[:, 0]
        columns["involuntary_90"] = near.incidence(90, involuntary=True)[:, 0]
    return pd.DataFrame(columns)


def _keep(
    store: Store,
    models: ModelStore,
    fitted: SurvivalForecaster,
    event: FollowedEvent,
    plan: FeaturePlan,
    now: datetime,
    rows: int,
) -> str:
    name = _name(event)
    card = ModelCard(
        title=f"Hazards until {event.value}",
        created_at=now,
        purpose="Forecasts when customers may leave, so that people can decide whom to talk to and what that is worth.",
        training_rows=rows,
        limitations=(
            f"Says nothing beyond {fitted.cap_days_} days.",
            "Not to be used to decide about credit, employment, insurance or access to services.",
        ),
    )
    version = models.save(name, fitted, card)
    window: Json = {"plan": plan.as_json(), "cap_days": fitted.cap_days_}
    record = ModelRecord(
        id=0,
        name=name,
        version=version.version,
        manifest_sha256=version.version.rsplit("-", 1)[1],
        data_window=window,
        metrics={"base_hazards": np.round(fitted.base_hazards_, 6).tolist()},
        card={"event": event.value, "rows": rows},
        created_at=now,
    )
    with store.write() as session:
        ModelVersionRepository(session).add(record)
    return f"{name}/{version.version}"


def _load(
    versions: ModelVersionRepository, models: ModelStore, event: FollowedEvent
) -> tuple[SurvivalForecaster, FeaturePlan]:
    record = versions.latest(_name(event))
    if record is None:
        raise NotFoundError(
            "No forecast in time has been trained on this store.",
            hint="Call `analytics.jobs.lifetimes.train_lifetimes` with the store first.",
        )
    model, _ = models.load(record.name, SurvivalForecaster, record.version)
    return model, FeaturePlan.from_json(record.data_window["plan"])


def _name(event: FollowedEvent) -> str:
    return f"survival-{event.value}"


def _dated(definition: ChurnDefinition | None) -> ChurnDefinition:
    if definition is None or definition.kind is ChurnDefinitionKind.LABEL:
        raise TrainingError(
            "Churn is a label without dates in this store: there is no time to forecast.",
            hint="Import cancel dates or events.",
        )
    return definition
