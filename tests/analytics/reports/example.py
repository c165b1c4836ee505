"""Facts for a small report, with every part filled and, if asked for, hostile text in every text."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.reports.facts import (
    DECISION_COLUMNS,
    IMPORT_COLUMNS,
    LIFETIME_COLUMNS,
    OUTCOME_COLUMNS,
    READING_COLUMNS,
    RETENTION_COLUMNS,
    SCORE_COLUMNS,
    TIME_COLUMNS,
    Company,
    DecidingRun,
    ExplainedCustomer,
    Health,
    ModelFacts,
    Quote,
    ReportFacts,
    ScoringRun,
    Timing,
    Totals,
    Voice,
)
from analytics.reports.voices import PEOPLE_COLUMNS, SAID_COLUMNS, Side, Told, Voices, Window, summarise
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

GENERATED = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
TODAY = date(2026, 11, 1)
HOSTILE = '<script>alert("x")</script><img src=x onerror=go()>{{ 7*7 }}{leavers}\x1b[2J=1+1'
MODEL = "churn/20261101T000000Z-abc"


def scoring(job_id: int = 3, *, size: int = 60, money: bool = True, text: str = "Family", seed: int = 0) -> ScoringRun:
    """A scoring job over customers 1 to `size`, every tenth at high risk."""
    rng = np.random.default_rng(seed)
    p = np.round(np.where(np.arange(size) % 10 == 0, 0.6, 0.05) + rng.random(size) / 50, 4)
    rows = [
        (
            key,
            f"C-{key:05d}",
            f"Ada {text}",
            f"{text} {key % 3}",
            12.0,
            float(chance),
            "high" if chance > 0.5 else "low",
            round(float(chance) * 90, 2) if money else np.nan,
            500.0 if money else np.nan,
        )
        for key, chance in enumerate(p, start=1)
    ]
    return ScoringRun(job_id, MODEL, TODAY, pd.DataFrame(rows, columns=list(SCORE_COLUMNS)), timing(p))


def timing(p: np.ndarray) -> Timing:
    """When these customers may leave; the model was judged on a date on which a fifth more left than expected."""
    risks = pd.DataFrame({"churn_30": p / 3, "churn_60": p * 2 / 3, "churn_90": p, "expected_days": 900 * (1 - p)})
    judged = {30: (10.0, 12.0), 60: (20.0, 24.0), 90: (30.0, 36.0)}
    return Timing(risks[list(TIME_COLUMNS)], 60, judged, date(2026, 8, 1))


def model(text: str = "Monthly price") -> ModelFacts:
    """A model judged on 100 customers, 20 of whom left."""
    return ModelFacts(
        model_id=MODEL,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        metrics={
            "n": 100,
            "churners": 20,
            "auc": 0.8125,
            "average_precision": 0.5,
            "log_loss": 0.4,
            "brier": 0.1,
            "ece": 0.03,
            "calibration_slope": 1.1,
            "lift_at_10": 3.5,
            "recall_at_10": 0.35,
            "protocol": "time-forward",
            "intervals": {"auc": [0.75, 0.875]},
            "baselines": {"prevalence": {"auc": 0.5, "log_loss": 0.5, "ece": 0.01}},
            "drivers": [{"column": "monthly_revenue", "size": 0.4}, {"column": "plan", "size": 0.2}],
            "calibration": [
                {"forecast": 0.1, "churned": 0.12, "n": 50},
                {"forecast": 0.3, "churned": 0.28, "n": 50},
            ],
            "gains": [
                {"decile": 1, "customers": 50, "churners": 14, "churn_rate": 0.28, "recall": 0.7, "lift": 1.4},
                {"decile": 2, "customers": 50, "churners": 6, "churn_rate": 0.12, "recall": 1.0, "lift": 0.6},
            ],
        },
        card={
            "base_rate": 0.2,
            "columns": ["monthly_revenue", "plan"],
            "left_out": [text],
            "findings": [{"severity": "warn", "message": text, "hint": text}],
        },
        data_window={"observation_dates": ["2026-01-01", "2026-08-01"], "outcomes_known_until": "2026-11-01"},
        labels={"monthly_revenue": text, "plan": "Plan"},
    )


def reason(column: str, contribution: float, text: str) -> dict[str, Any]:
    """A kept reason."""
    return {"column": column, "label": text, "value": "1", "contribution": contribution, "sentence": f"{text} is high"}


def explained(text: str) -> tuple[ExplainedCustomer, ...]:
    """Reasons of the customers at high risk of `scoring`."""
    columns = ("monthly_revenue", "plan", "tenure_months")
    return tuple(
        ExplainedCustomer(
            1 + 10 * number,
            (reason(columns[number % 3], 0.5, text), reason("region", -0.2, text), reason("x", 0.1, text)),
        )
        for number in range(6)
    )


def deciding(text: str) -> DecidingRun:
    """Decisions about the customers of `scoring`: every tenth gets an offer, two are held out, one objected."""
    rows = []
    for key in range(1, 61):
        offered = key % 10 == 1
        rule = "holdout" if key in (2, 3) else "objection" if key == 4 else None
        rows.append(
            (
                key,
                "credit" if offered else "none",
                "bonus" if offered else "none",
                "holdout" if key in (2, 3) else "treated",
                rule,
                "propensity",
                2.5 if offered else 0.0,
            )
        )
    return DecidingRun(
        job_id=4,
        decisions=pd.DataFrame(rows, columns=list(DECISION_COLUMNS)),
        offers={"credit": text},
        holdout_share=0.1,
        outcomes=pd.DataFrame([("treated", "accepted", 2)], columns=list(OUTCOME_COLUMNS)),
    )


def voice(text: str) -> Voice:
    """Readings of 60 messages over two months."""
    rows = [
        ("2026-09", "price", "negative", 10),
        ("2026-09", "price", "positive", 10),
        ("2026-10", "outage", "neutral", 30),
        ("2026-10", "praise", "positive", 10),
    ]
    return Voice(
        model="language-1",
        readings=pd.DataFrame(rows, columns=list(READING_COLUMNS)),
        last_mood={1: "negative", 2: "positive", 11: "negative"},
        quotes=(Quote("price", text, "C-00001"), Quote("price", "It costs too much.", "C-00002")),
    )


def voices(text: str = "It costs too much and nobody says why.") -> Voices:
    """Thirty customers who complain and ten who praise, after five who complained."""
    sent = pd.Timestamp("2026-10-10", tz="UTC")
    rows = [(key, "complaint", text, "now", sent) for key in range(30)]
    rows += [(key, "praise", "outage", "now", sent) for key in range(10)]
    rows += [(key, "complaint", text, "before", sent) for key in range(5)]
    rows += [(key, "complaint", text, "earlier", sent - pd.Timedelta(days=200)) for key in range(20)]
    people = [(key, 20.0, key > 4, key <= 4, date(2026, 4, 1) if key <= 4 else None) for key in range(30)]
    told = Told(
        now=Window(date(2026, 10, 2), date(2026, 10, 31)),
        before=Window(date(2026, 9, 2), date(2026, 10, 1)),
        earlier=Window(date(2025, 8, 3), date(2026, 8, 2)),
        horizon_days=90,
        comparable=True,
        currency="EUR",
        reader="language-1",
        grouped_by={},
        quotes={(Side.COMPLAINT, text): [text]},
    )
    return summarise(
        pd.DataFrame(rows, columns=list(SAID_COLUMNS)),
        pd.DataFrame(people, columns=["key", *PEOPLE_COLUMNS]).set_index("key"),
        told,
    )


def lifetimes() -> pd.DataFrame:
    """Forty customers who signed up over 2025, every third gone after 100 days."""
    rows = []
    for number in range(40):
        start = pd.Timestamp("2025-01-05") + pd.Timedelta(days=9 * number)
        gone = number % 3 == 0
        rows.append((start, start + pd.Timedelta(days=100) if gone else pd.NaT, 10.0, np.nan, not gone))
    frame = pd.DataFrame(rows, columns=list(LIFETIME_COLUMNS))
    frame["churned_on"] = frame["churned_on"].astype("datetime64[us]")
    return frame


def retained() -> pd.DataFrame:
    """Two months of a company that shrinks and then grows."""
    rows = [("2026-09", 100, 4, 0.04, 0.05, 0.95, 0.97), ("2026-10", 98, 1, 1 / 98, 0.02, 0.98, 1.01)]
    return pd.DataFrame(rows, columns=list(RETENTION_COLUMNS))


def health(text: str = "customers.csv") -> Health:
    """Data with one gap and one import."""
    return Health(
        missing={"email": 0.25, "plan": 0.0},
        rows_looked_at=60,
        newest={"message": date(2026, 10, 31), "event: payment": date(2026, 10, 1)},
        imports=pd.DataFrame([("customers", text, "2026-10-30", 65, 60, 1, 2, 2)], columns=list(IMPORT_COLUMNS)),
    )


def full_facts(text: str = "A credit", **changes: Any) -> ReportFacts:
    """Facts with every part filled; `text` stands wherever text from outside can."""
    filled: dict[str, Any] = {
        "company": Company(text, "EUR", (text,)),
        "today": TODAY,
        "generated_at": GENERATED,
        "totals": Totals(80, 60, 20, 1000, 60, 5),
        "health": health(text),
        "definition": ChurnDefinition(ChurnDefinitionKind.CANCEL_DATE),
        "run": scoring(text=text),
        "previous": scoring(1, size=50, seed=1),
        "model": model(text),
        "explained": explained(text),
        "deciding": deciding(text),
        "voice": voice(text),
        "voices": voices(text),
        "lifetimes": lifetimes(),
        "retained": retained(),
        "drafts": {"needs_review": 4, "approved": 2},
        "drafts_job": 5,
    }
    return ReportFacts(**{**filled, **changes})


def empty_facts() -> ReportFacts:
    """Facts of a store with nothing in it."""
    nothing = Health({}, 0, {}, pd.DataFrame([], columns=list(IMPORT_COLUMNS)))
    return ReportFacts(Company(), TODAY, GENERATED, Totals(), nothing)
