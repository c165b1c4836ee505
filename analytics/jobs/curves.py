"""The survival curve of one customer, from the models that scored them."""

from dataclasses import dataclass
from datetime import datetime

from analytics.artifacts import ModelStore
from analytics.jobs.frames import read_range
from analytics.jobs.judged import CHURN_MODEL
from analytics.jobs.lifetimes import lifetime_curves
from analytics.jobs.scoring import Scorer, load_scorer
from db.queries.customers import customer_detail
from db.repositories.model_versions import ModelVersionRepository
from db.session import Store

STEP_DAYS = 15
MOST_DAYS = 360


@dataclass(frozen=True, slots=True)
class CustomerCurve:
    """The chance that a customer is still there after so many days, and up to which day anything was seen."""

    days: tuple[int, ...]
    survival: tuple[float, ...]
    seen_days: int


class CurveReader:
    """Draws curves; loads the models once and again when a newer forecaster has been trained."""

    def __init__(self, store: Store, models: ModelStore) -> None:
        self.store, self.models = store, models
        self._scorer: Scorer | None = None

    def curve(self, customer_id: str, now: datetime, *, reading_model: str | None) -> CustomerCurve | None:
        """The curve of a customer; None where churn has no dates. Raises NotFoundError."""
        scorer = self._current(now)
        with self.store.read() as session:
            key = customer_detail(session, customer_id).key
            chunk = read_range(session, key, key, with_history=scorer.needs_history, reading_model=reading_model)
        features = scorer.features(chunk.frames)
        if not len(features):
            return None
        probability = scorer.probabilities(features)
        found = lifetime_curves(scorer.lifetimes, features, probability, scorer.definition, scorer.observation_date)
        if found is None:
            return None
        days = tuple(range(0, MOST_DAYS + 1, STEP_DAYS))
        survival = found.continued(MOST_DAYS).survival(days)[0]
        return CustomerCurve(days, tuple(float(one) for one in survival), found.cap_days)

    def _current(self, now: datetime) -> Scorer:
        with self.store.read() as session:
            newest = ModelVersionRepository(session).latest(CHURN_MODEL)
        if self._scorer is None or newest is None or self._scorer.record.version != newest.version:
            self._scorer = load_scorer(self.store, self.models, now, in_time=True)
        return self._scorer
