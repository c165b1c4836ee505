"""Trains on dated events: observation dates in the past, features before them, outcomes after them."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.churn import ChurnForecaster
from analytics.churn_events import TimeForwardForecaster, fit_time_forward
from analytics.evaluation.intervals import bootstrap
from analytics.evaluation.metrics import churn_metrics, one_column_baseline, prevalence_baseline
from analytics.evaluation.out_of_fold import INTERVAL_METRICS, out_of_fold
from analytics.features import FeaturePlan, feature_plan
from analytics.frames import CUSTOMER_COLUMNS, Frames
from analytics.jobs.frames import read_chunks
from analytics.jobs.judged import Judged, baseline_figures
from analytics.jobs.lifetimes import fit_lifetimes
from analytics.observations import TrainingTable, observation_dates, scoring_table, training_table
from db.errors import TrainingError
from db.session import Store
from db.vocabulary import ChurnDefinition, Json, Progress

MOST_TRAINING_CUSTOMERS = 30_000
"""Customers times observation dates is what a forecaster is fitted on; more of them add time rather than skill."""

WARM_UP_DAYS = 90
"""No observation date lies closer to the first record: there would be nothing to look back on."""


def train_on_events(
    store: Store,
    definition: ChurnDefinition,
    today: date,
    kept_out: Collection[str],
    seed: int,
    reading_model: str | None,
    progress: Callable[[Progress], None],
) -> Judged:
    """Fit on all complete outcomes, judged by a forecaster that saw only what was known before the newest of them.

    Raises TrainingError when the history is too short or too few customers churned in it.
    """
    frames = read_sample(store, reading_model)
    first = first_record(frames)
    dates = observation_dates(first + timedelta(days=WARM_UP_DAYS), today, definition)
    progress(Progress("features at past dates", 0, len(dates)))
    plan = feature_plan(
        frames, dates[-1], attributes=learnable_attributes(frames, kept_out), season_days=definition.churn_horizon_days
    )
    table = training_table(frames, definition, dates, cut_off=today, plan=plan)
    _refuse_thin(table)
    progress(Progress("judge on the newest outcomes", len(dates), len(dates)))
    test = table.on(dates[-1])
    before = table.until(dates[-1])
    judge_y, judge_p, judge, protocol = _judge(table, before, test, dates[-1], seed)
    progress(Progress("fit", len(dates), len(dates)))
    at_risk = scoring_table(frames, definition, today, plan)
    model = fit_time_forward(table, scoring_date=today, population=at_risk, random_state=seed)
    progress(Progress("fit in time", len(dates), len(dates)))
    return Judged(
        model=model,
        X=table.X,
        y=table.y,
        protocol=protocol,
        metrics=churn_metrics(judge_y, judge_p),
        intervals={name: bootstrap(judge_y, judge_p, metric) for name, metric in INTERVAL_METRICS.items()},
        test_y=judge_y,
        test_p=judge_p,
        definition=definition,
        window={
            "first_record": first.isoformat(),
            "observation_dates": [day.isoformat() for day in dates],
            "outcomes_known_until": today.isoformat(),
            "plan": plan.as_json(),
        },
        baselines=_baselines(before, test) if len(before) and len(np.unique(before.y)) == 2 else {},
        lifetimes=fit_lifetimes(frames, definition, dates, today, plan, population=at_risk, judged=judge, seed=seed),
    )


def event_features(
    plan: FeaturePlan, frames: Frames, definition: ChurnDefinition, observation_date: date
) -> pd.DataFrame:
    """Features on `observation_date` of the customers who can still leave, indexed by customer id."""
    return scoring_table(frames, definition, observation_date, plan)


def read_sample(store: Store, reading_model: str | None) -> Frames:
    """The history of at most `MOST_TRAINING_CUSTOMERS` customers, spread evenly over the store."""
    parts: list[Frames] = []
    chunks = list(read_chunks(store, with_history=True, reading_model=reading_model))
    total = sum(len(chunk.keys) for chunk in chunks)
    step = max(1, -(-total // MOST_TRAINING_CUSTOMERS))
    for chunk in chunks:
        ids = chunk.frames.customers["customer_id"].to_numpy()[::step]
        parts.append(chunk.frames if step == 1 else chunk.frames.of_customers(ids))
    if not parts:
        raise TrainingError("The store holds no customers.", hint="Run `mainstay import events FILE --infer`.")
    return Frames(
        *(
            pd.concat([getattr(part, name) for part in parts], ignore_index=True)
            for name in ("customers", "subscriptions", "events", "messages")
        )
    )


def first_record(frames: Frames) -> date:
    """The first day of which anything is recorded. Events and messages outrank contract dates, which reach back."""
    firsts = [
        frame[column].min()
        for frame, column in ((frames.events, "occurred_at"), (frames.messages, "sent_at"))
        if len(frame)
    ]
    if not firsts:
        firsts = [frames.subscriptions["started_on"].min(), frames.customers["signed_up_on"].min()]
    known = [moment for moment in firsts if not pd.isna(moment)]
    if not known:
        raise TrainingError("No event, message or contract has a date.", hint="Import events or sign-up dates.")
    first: date = min(known).date()
    return first


def learnable_attributes(frames: Frames, kept_out: Collection[str]) -> list[str] | None:
    """Imported attributes that may be learned from; None leaves the choice to the plan where nothing is kept out."""
    if not any(name in kept_out for name in frames.attributes):
        return None
    varying = [
        name
        for name in ("country", "language", *frames.attributes)
        if name not in kept_out and frames.customers[name].nunique(dropna=False) > 1
    ]
    return [name for name in varying if name in frames.attributes or name in CUSTOMER_COLUMNS]


def _refuse_thin(table: TrainingTable) -> None:
    churners = int(table.y.sum())
    if churners < 30 or len(table) - churners < 30:
        raise TrainingError(
            f"Of {len(table):,} observations {churners:,} ended in churn; at least 30 of each outcome are needed.",
            hint="Import more history, or widen `churn_horizon_days` in the mapping.",
        )


def _judge(
    table: TrainingTable, before: TrainingTable, test: TrainingTable, day: date, seed: int
) -> tuple[np.ndarray, np.ndarray, TimeForwardForecaster | None, str]:
    """Outcomes and forecasts of the newest complete window, and the forecaster behind them that could not know them."""
    both = len(before) and min(int(before.y.sum()), len(before) - int(before.y.sum())) >= 30
    if not both:
        # Too short a history to hold a whole window apart: judge by customers instead of by time.
        judged = out_of_fold(ChurnForecaster(random_state=seed), table.X, table.y, groups=table.groups)
        return (
            table.y,
            judged.probabilities,
            None,
            "5-fold out of fold by customer (history too short for a time-forward test)",
        )
    model = fit_time_forward(before, scoring_date=day, population=test.X, random_state=seed)
    forecast = model.predict_proba(test.X, observation_date=day)[:, 1]
    return (
        test.y,
        forecast,
        model,
        f"time-forward: trained on outcomes before {day.day} {day:%B %Y}, tested on those after",
    )


def _baselines(before: TrainingTable, test: TrainingTable) -> Json:
    """Figures of forecasts that anybody could make: the past churn rate, recency alone, tenure alone."""
    forecasts = {"prevalence": prevalence_baseline(before.y, len(test))}
    recency = next((name for name in before.X.columns if str(name).endswith("days_since_last")), None)
    for words, column in (("recency only", recency), ("tenure only", "tenure_days")):
        if column is not None and column in before.X.columns:
            forecasts[words] = one_column_baseline(before.X[column].to_numpy(), before.y, test.X[column].to_numpy())
    return {words: baseline_figures(test.y, forecast) for words, forecast in forecasts.items()}
