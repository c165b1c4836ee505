"""Forecasts in time beside the churn forecaster: the hazard model that `train` keeps, and what `score` reads off it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.artifacts import ModelCard, ModelStore
from analytics.churn import InsufficientDataError
from analytics.churn_events import EventForecaster, SmoothEventForecaster, TimeForwardForecaster
from analytics.evaluation.survival_backtest import judge_through
from analytics.features import FeaturePlan
from analytics.frames import Frames
from analytics.observations import churn_labels
from analytics.survival import (
    FollowedEvent,
    SurvivalCurves,
    SurvivalForecaster,
    SurvivalTable,
    fit_survival,
    followed_event,
    survival_table,
)
from analytics.survival.curves import DAYS_PER_MONTH
from analytics.value import DEFAULT_MONTHS_CAP, Floats
from db.repositories.model_versions import ModelRecord
from db.repositories.scores import ScoredTimes
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, Json

HORIZONS = (30, 60, 90)
MOST_DAYS = DEFAULT_MONTHS_CAP * DAYS_PER_MONTH
"""Remaining time is expected over as many days as residual value, later ones counting as these."""

MOST_FOLLOWED = 5_000
"""Customers whose hazards are learned; more of them add time rather than skill."""

NO_DATES = "churn is a label without dates"
NOT_JUDGED = "the history is too short for a time-forward test"


@dataclass(frozen=True)
class Lifetimes:
    """A hazard model, None where there is none for the reason `why`, and its figures on a date that it did not see."""

    model: SurvivalForecaster | None
    rows: int = 0
    figures: Json | None = None
    why: str = ""

    def as_json(self, model_id: str | None) -> Json:
        """The figures and what stands behind them."""
        if self.model is None:
            return {"model_id": None, "why": self.why}
        reach = {
            "model_id": model_id,
            "event": self.model.event_,
            "cap_days": self.model.cap_days_,
            "period_days": self.model.period_days,
            "date_spread": [round(float(spread), 6) for spread in self.model.date_spread_],
        }
        return {**(self.figures or {"why": self.why}), **reach}


def lifetime_event(definition: ChurnDefinition) -> FollowedEvent:
    """What ends a customer's lifetime: the contract ends, or silence has lasted as long as the definition says."""
    event = followed_event(definition)
    return FollowedEvent.LAPSE if event is FollowedEvent.ACT else event


def fit_lifetimes(
    frames: Frames,
    definition: ChurnDefinition,
    dates: Sequence[date],
    today: date,
    plan: FeaturePlan,
    *,
    population: pd.DataFrame,
    judged: TimeForwardForecaster | None,
    seed: int = 0,
) -> Lifetimes:
    """Fit hazards at `dates` and the months after them, in which outcomes are known in part.

    `judged` is the churn forecaster as of the last of `dates`: curves are bent to its forecasts and compared with what
    came. `population` are the features of the customers at risk today.
    """
    ids = frames.customers["customer_id"].to_numpy(dtype=object)
    followed = frames.of_customers(ids[:: max(1, -(-len(ids) // MOST_FOLLOWED))])
    step = timedelta(days=30)
    later = [dates[-1] + step * k for k in range(1, 12) if dates[-1] + step * (k + 1) <= today]
    event = lifetime_event(definition)
    table = survival_table(followed, definition, [*dates, *later], cut_off=today, event=event, plan=plan)
    try:
        model = fit_survival(
            table,
            scoring_date=today,
            population=population,
            forecaster=timing_forecaster(seed),
            first=first_month_forecaster(seed),
            random_state=seed,
        )
    except InsufficientDataError as error:
        return Lifetimes(None, why=str(error))
    if judged is None:
        return Lifetimes(model, len(table), why=NOT_JUDGED)
    try:
        return Lifetimes(model, len(table), _figures(followed, table, dates[-1], judged, seed))
    except InsufficientDataError as error:
        return Lifetimes(model, len(table), why=f"{NOT_JUDGED}: {error}")


def _figures(frames: Frames, table: SurvivalTable, day: date, judged: TimeForwardForecaster, seed: int) -> Json:
    definition, test = table.definition, table.on(day)
    labels = churn_labels(frames, definition, day)
    churned = pd.Series(labels.churned == 1, index=labels.customer_ids)
    outcome = churned.reindex(test.times.customer_ids, fill_value=False).to_numpy(dtype=bool)
    return judge_through(
        table.known_at(day),
        test.confirmed(outcome, definition.churn_horizon_days),
        judged.predict_proba(test.X, observation_date=day)[:, 1],
        forecaster=timing_forecaster(seed),
        first=first_month_forecaster(seed),
        seed=seed,
    )


def timing_forecaster(seed: int) -> SmoothEventForecaster:
    """What later hazards are learned with: curves are bent to the churn forecaster, so they tell timing alone."""
    return SmoothEventForecaster(random_state=seed)


def first_month_forecaster(seed: int) -> EventForecaster:
    """What the hazard of the first month is learned with: it stays as it is when curves are bent."""
    return EventForecaster(random_state=seed)


def keep_lifetimes(models: ModelStore, found: Lifetimes, plan: Json, now: datetime) -> ModelRecord | None:
    """Write the hazard model with its card; returns its entry for the ledger, None where there is no model."""
    if found.model is None:
        return None
    name = f"survival-{found.model.event_}"
    card = ModelCard(
        title=f"Hazards until {found.model.event_}",
        created_at=now,
        purpose="Forecasts when customers may leave, so that people can decide whom to talk to and what that is worth.",
        training_rows=found.rows,
        limitations=(
            f"Saw nothing beyond {found.model.cap_days_} days: later hazards are those of the last quarter before.",
            "Not to be used to decide about credit, employment, insurance or access to services.",
        ),
    )
    version = models.save(name, found.model, card).version
    return ModelRecord(
        id=0,
        name=name,
        version=version,
        manifest_sha256=version.rsplit("-", 1)[1],
        data_window={"plan": plan, "cap_days": found.model.cap_days_},
        metrics=found.as_json(f"{name}/{version}"),
        card={"event": found.model.event_, "rows": found.rows},
        created_at=now,
    )


def load_lifetimes(models: ModelStore, model_id: str | None) -> SurvivalForecaster | None:
    """The hazard model of a `NAME/VERSION`, verified."""
    if model_id is None:
        return None
    name, version = model_id.split("/")
    return models.load(name, SurvivalForecaster, version)[0]


def lifetime_curves(
    model: SurvivalForecaster | None,
    features: pd.DataFrame,
    churn_probability: Floats,
    definition: ChurnDefinition,
    observation_date: date,
) -> SurvivalCurves | None:
    """Curves that give each customer (n,) their churn probability at the churn horizon; None where churn has no dates.

    Without a model the hazard is constant.
    """
    if definition.kind is ChurnDefinitionKind.LABEL:
        return None
    horizon = definition.churn_horizon_days
    if model is None:
        return SurvivalCurves(churn_probability[:, None], horizon, lifetime_event(definition))
    return model.curves(features, observation_date=observation_date).through(churn_probability, horizon)


def scored_times(curves: SurvivalCurves) -> list[ScoredTimes]:
    """What the store keeps of curves, one row per customer."""
    reaching = curves.continued(MOST_DAYS)
    columns: list[list[Any]] = [*reaching.churn_probability(HORIZONS).T.tolist()]
    told = curves.involuntary_share is not None
    columns.append(reaching.incidence(max(HORIZONS), involuntary=True)[:, 0].tolist() if told else [None] * len(curves))
    columns.append(reaching.expected_days(MOST_DAYS).tolist())
    return list(map(ScoredTimes._make, zip(*columns, strict=True)))


def spread_of(model: SurvivalForecaster | None, days: int) -> float | None:
    """How far past dates strayed from the model over a horizon, as a standard deviation in log-odds."""
    if model is None:
        return None
    place = min(-(-days // model.period_days), model.periods_) - 1
    return float(np.asarray(model.date_spread_)[place])
