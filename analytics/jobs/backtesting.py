"""Backtests the forecasters on the history of a store: what they would have said on past dates, and what came."""

from collections.abc import Callable
from datetime import datetime, timedelta

from analytics.evaluation.backtest import Backtest, backtest
from analytics.features import feature_plan
from analytics.jobs.event_training import WARM_UP_DAYS, first_record, learnable_attributes, read_sample
from analytics.observations import TrainingTable, observation_dates, training_table
from analytics.processes import usable_cores
from analytics.survival import survival_table
from db.errors import TrainingError
from db.queries.attributes import imported_columns
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import ChurnDefinitionKind, Progress

DEFAULT_DATES = 4
LEAST_OF_EACH = 30
"""Customers who churned, and who stayed, before a test date: with fewer nothing can be learned by then."""

LEAST_FOR_PROCESSES = 20_000
"""Rows times dates from which on processes of their own save more time than it takes to start them."""


def backtest_store(
    store: Store,
    now: datetime,
    *,
    dates: int = DEFAULT_DATES,
    draws: int = 200,
    seed: int = 0,
    use_sensitive: bool = True,
    reading_model: str | None = None,
    jobs: int | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Backtest:
    """Backtest on the newest `dates` observation dates whose outcome is known and that have a past to learn from.

    `jobs` processes fit side by side, as many as cores if not given and the table is worth it. Nothing is written.
    Columns, customers and dates are those that training would take.

    Raises:
        TrainingError: churn has no dates, or the history is too short to hold a later window apart.
    """
    with store.read() as session:
        settings = SettingsRepository(session)
        definition, today = settings.churn_definition(), settings.today(now.date())
        kept_out = imported_columns(session).not_for_training(use_sensitive=use_sensitive)
    if definition is None or definition.kind is ChurnDefinitionKind.LABEL:
        raise TrainingError(
            "Churn is a label without dates in this store: there are no past dates to test on.",
            hint="Import cancel dates or events; the figures of `mainstay train` are out of fold.",
        )
    progress(Progress("read", 0, None))
    frames = read_sample(store, reading_model)
    days = observation_dates(first_record(frames) + timedelta(days=WARM_UP_DAYS), today, definition)
    attributes = learnable_attributes(frames, kept_out)
    # Every test date must be ignorant of itself: the columns are those that the first of them could have had.
    first = days[-dates:][0] if dates < len(days) else days[0]
    plan = feature_plan(frames, first, attributes=attributes, season_days=definition.churn_horizon_days)
    table = training_table(frames, definition, days, cut_off=today, plan=plan)
    chosen = [day for day in days[-dates:] if _can_learn(table.until(day)) and len(table.on(day))]
    if not chosen:
        raise TrainingError(
            f"The history up to {today} is too short for a backtest: before no date did {LEAST_OF_EACH} customers "
            "churn and stay whose outcome was known by then.",
            hint="Import more history, or shorten `churn_horizon_days` in the mapping.",
        )
    followed = survival_table(frames, definition, days, cut_off=today, plan=plan)
    if jobs is None:
        jobs = usable_cores() if len(table) * len(chosen) >= LEAST_FOR_PROCESSES else 1
    return backtest(table, chosen, survival=followed, draws=draws, seed=seed, jobs=jobs, progress=progress)


def _can_learn(known: TrainingTable) -> bool:
    churners = int(known.y.sum())
    return min(churners, len(known) - churners) >= LEAST_OF_EACH
