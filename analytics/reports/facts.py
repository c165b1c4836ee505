"""What a report is made from: plain values and frames read from a store, without any drawing or wording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from analytics.reports.voices import Voices
from db.vocabulary import ChurnDefinition, Json

SCORE_COLUMNS = (
    "key",
    "customer_id",
    "name",
    "plan",
    "tenure_months",
    "churn_probability",
    "risk_band",
    "revenue_at_risk",
    "residual_value",
)
TIME_HORIZONS = (30, 60, 90)
TIME_COLUMNS = ("churn_30", "churn_60", "churn_90", "expected_days")
DECISION_COLUMNS = ("key", "offer_code", "offer_type", "arm", "blocked_by", "method", "priority")
LIFETIME_COLUMNS = ("signed_up_on", "churned_on", "tenure_months", "churned", "active")
RETENTION_COLUMNS = (
    "month",
    "at_start",
    "lost",
    "logo_churn",
    "mrr_churn",
    "gross_revenue_retention",
    "net_revenue_retention",
)
READING_COLUMNS = ("month", "topic", "mood", "messages")
IMPORT_COLUMNS = ("kind", "source", "finished_on", "rows_in", "new", "updated", "unchanged", "rejected")
OUTCOME_COLUMNS = ("arm", "kind", "customers")


@dataclass(frozen=True, slots=True)
class Company:
    """Whose customers these are; `terms` are its own words, which are no names of people.

    `currency` is None where none is known or there are several.
    """

    name: str = ""
    currency: str | None = None
    terms: tuple[str, ...] = ()
    several_currencies: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a store holds."""

    customers: int = 0
    active: int = 0
    churned: int = 0
    events: int = 0
    messages: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """When customers may leave: a frame with `TIME_COLUMNS`, one row per customer who was scored.

    judged: customers expected to leave within so many days, and who left, on `judged_on`, which the model had not seen.
    cap_months: how far remaining time is counted.
    """

    risks: pd.DataFrame
    cap_months: int
    judged: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    judged_on: date | None = None


@dataclass(frozen=True, slots=True)
class ScoringRun:
    """The scores of one job: a frame with `SCORE_COLUMNS`, one row per customer who could still leave."""

    job_id: int
    model: str
    observation_date: date
    scores: pd.DataFrame
    timing: Timing | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A fitted forecaster: how it was judged, what it was trained on, what its columns are called."""

    model_id: str
    created_at: datetime
    metrics: Json
    card: Json
    data_window: Json
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExplainedCustomer:
    """The reasons that were kept for one of the customers most at risk."""

    key: int
    reasons: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A message of a customer, already masked unless names were asked for."""

    topic: str
    text: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What customers wrote, as one language model read it.

    `readings` counts messages by `READING_COLUMNS`; `last_mood` maps customer keys to the mood of their last message.
    """

    model: str
    readings: pd.DataFrame
    last_mood: dict[int, str]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class DecidingRun:
    """The decisions of one job, with `DECISION_COLUMNS`; `offers` maps codes to names."""

    job_id: int
    decisions: pd.DataFrame
    offers: dict[str, str]
    holdout_share: float
    outcomes: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the data: missing share by field, newest record by kind, and imports with `IMPORT_COLUMNS`."""

    missing: dict[str, float]
    rows_looked_at: int
    newest: dict[str, date]
    imports: pd.DataFrame


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Everything a report says, before it is put into words."""

    company: Company
    today: date
    generated_at: datetime
    totals: Totals
    health: Health
    with_names: bool = False
    definition: ChurnDefinition | None = None
    run: ScoringRun | None = None
    previous: ScoringRun | None = None
    model: ModelFacts | None = None
    explained: tuple[ExplainedCustomer, ...] = ()
    deciding: DecidingRun | None = None
    voice: Voice | None = None
    voices: Voices | None = None
    lifetimes: pd.DataFrame | None = None
    retained: pd.DataFrame | None = None
    drafts: dict[str, int] = field(default_factory=dict)
    drafts_job: int | None = None

    @property
    def horizon(self) -> int:
        """Days of the churn horizon."""
        return self.definition.churn_horizon_days if self.definition else 90
