"""Reads from the store what a churn report says, and builds the document."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from analytics.explanations import ColumnLabel, column_label
from analytics.features import FeaturePlan
from analytics.features import feature_labels as event_labels
from analytics.frames import CUSTOMER_COLUMNS
from analytics.jobs.frames import read_range
from analytics.jobs.judged import CHURN_MODEL
from analytics.jobs.retention import retention_by_month, retention_frame
from analytics.jobs.tables import feature_labels
from analytics.jobs.voices import Ask, voices
from analytics.reports.assemble import build_document
from analytics.reports.document import ReportDocument
from analytics.reports.facts import (
    DECISION_COLUMNS,
    IMPORT_COLUMNS,
    LIFETIME_COLUMNS,
    OUTCOME_COLUMNS,
    READING_COLUMNS,
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
from analytics.reports.masking import mask, same_words
from analytics.value import DEFAULT_MONTHS_CAP
from db.queries import reporting as queries
from db.queries.attributes import imported_columns
from db.queries.deciding import last_readings
from db.queries.overview import Overview, overview
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository
from db.repositories.jobs import JobRepository
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.scores import ScoreRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import ColumnRole, CustomerStatus, Sentiment

EXPLAINED_READ = 2_000
QUOTED_TOPICS = 5
QUOTES_EACH = 2
QUOTE_CANDIDATES = 60
HEALTH_ROWS = 10_000
MOOD_HOLDS = timedelta(days=365)
NO_TOPIC = ("", "other", "praise")
HEALTH_LEFT_OUT = ("customer_id", "churned", "churned_on", "churn_kind", "status")


def report(
    store: Store,
    now: datetime,
    *,
    generated_at: datetime | None = None,
    reading_model: str | None = None,
    with_names: bool = False,
    with_voices: bool = True,
) -> ReportDocument:
    """The churn report of a store at a moment of its clock; `generated_at` is the real time, `now` by default.

    To summarise what customers say takes longer than all the rest: `with_voices` leaves it out for who waits.

    `reading_model` is the language model whose readings count; without readings of it, the one that read most.
    """
    with store.read() as session:
        facts = read_facts(session, now, generated_at or now, reading_model, with_names=with_names)
    facts = replace(facts, retained=retention_frame(retention_by_month(store, now)))
    if facts.voice is not None and with_voices:
        heard = voices(store, Ask(facts.today, facts.voice.model, with_names=with_names))
        facts = replace(facts, voices=heard)
    return build_document(facts)


def read_facts(
    session: Session, now: datetime, generated_at: datetime, reading_model: str | None, *, with_names: bool
) -> ReportFacts:
    """What a report says, read in one transaction."""
    settings = SettingsRepository(session)
    seen = overview(session)
    profile = settings.company()
    company = Company(
        profile.company if profile else "",
        seen.currency,
        (profile.company, *profile.products, *profile.competitors) if profile else (),
        several_currencies=len(seen.currencies) > 1,
    )
    job = ScoreRepository(session).current_job()
    before = queries.scoring_job_before(session, job) if job is not None else None
    inbound = queries.inbound_messages(session)
    model = _reader(session, reading_model)
    drafted = JobRepository(session).latest_done("draft")
    return ReportFacts(
        company=company,
        today=settings.today(now.date()),
        generated_at=generated_at,
        totals=_totals(session, seen, inbound, model),
        health=_health(session),
        with_names=with_names,
        definition=settings.churn_definition(),
        run=_run(session, job),
        previous=_run(session, before),
        model=_model(session, seen.currency),
        explained=_explained(session, job),
        deciding=_deciding(session),
        voice=_voice(session, model, company.terms, now, with_names=with_names) if model else None,
        lifetimes=_lifetimes(session),
        drafts={state.value: size for state, size in DraftRepository(session).counts().items()},
        drafts_job=drafted.id if drafted else None,
    )


def _totals(session: Session, seen: Overview, inbound: int, model: str | None) -> Totals:
    read = queries.reading_models(session).get(model or "", 0)
    return Totals(seen.customers, seen.active, seen.churned, seen.events, inbound, max(0, inbound - read))


def _run(session: Session, job_id: int | None) -> ScoringRun | None:
    found = queries.scoring_job(session, job_id)
    if found is None:
        return None
    rows = [
        (key, customer_id, " ".join(part for part in (first, last) if part), *rest)
        for key, customer_id, first, last, *rest in queries.scores(session, found.job_id)
    ]
    frame = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
    for name in ("churn_probability", "revenue_at_risk", "residual_value", "tenure_months"):
        frame[name] = frame[name].astype("float64")
    return ScoringRun(found.job_id, found.model, found.observation_date, frame, _timing(session, found))


def _timing(session: Session, job: queries.ScoringJob) -> Timing | None:
    """When the customers of a scoring job may leave, with what the hazard model then used was off by when judged."""
    rows = queries.score_times(session, job.job_id)
    if not rows:
        return None
    name, version = job.model.split("/")
    versions = ModelVersionRepository(session)
    churn = versions.get(name, version)
    timed = churn.card.get("survival") if churn else None
    survival = versions.get(*timed.split("/")) if timed else None
    metrics = survival.metrics if survival else {}
    judged = {int(days): (one["expected"], float(one["left"])) for days, one in metrics.get("leavers", {}).items()}
    on = metrics.get("held_out_date")
    return Timing(
        pd.DataFrame(rows, columns=list(TIME_COLUMNS), dtype="float64"),
        DEFAULT_MONTHS_CAP,
        judged,
        date.fromisoformat(on) if on else None,
    )


def _model(session: Session, currency: str | None) -> ModelFacts | None:
    record = ModelVersionRepository(session).latest(CHURN_MODEL)
    if record is None:
        return None
    named = [str(name) for name in record.card.get("columns") or []]
    return ModelFacts(
        model_id=f"{CHURN_MODEL}/{record.version}",
        created_at=record.created_at,
        metrics=record.metrics,
        card=record.card,
        data_window=record.data_window,
        labels=column_names(session, record, named, currency),
    )


def column_names(
    session: Session, record: ModelRecord, columns: Iterable[str], currency: str | None = None
) -> dict[str, str]:
    """What people call these columns of a forecaster."""
    known: dict[str, ColumnLabel | str] = dict(feature_labels(imported_columns(session), currency))
    if record.data_window.get("plan"):
        known |= event_labels(FeaturePlan.from_json(record.data_window["plan"]))
    return {name: column_label(name, known).label for name in columns}


def _explained(session: Session, job_id: int | None) -> tuple[ExplainedCustomer, ...]:
    if job_id is None:
        return ()
    rows = queries.explained(session, job_id, EXPLAINED_READ)
    return tuple(ExplainedCustomer(key, tuple(reasons)) for key, reasons in rows)


def _deciding(session: Session) -> DecidingRun | None:
    job = DecisionRepository(session).current_job()
    if job is None:
        return None
    frame = pd.DataFrame(queries.decisions(session, job), columns=list(DECISION_COLUMNS))
    frame["priority"] = frame["priority"].astype("float64")
    return DecidingRun(
        job_id=job,
        decisions=frame,
        offers=queries.offer_names(session),
        holdout_share=queries.planned_holdout(session, job),
        outcomes=pd.DataFrame(queries.outcome_counts(session), columns=list(OUTCOME_COLUMNS)),
    )


def _reader(session: Session, wanted: str | None) -> str | None:
    """The language model whose readings are shown."""
    found = queries.reading_models(session)
    if wanted is not None and found.get(wanted):
        return wanted
    return max(found, key=lambda name: (found[name], name), default=None)


def _voice(session: Session, model: str, terms: tuple[str, ...], now: datetime, *, with_names: bool) -> Voice:
    counted = queries.reading_counts(session, model)
    bad: Counter[str] = Counter()
    for _, topic, mood, size in counted:
        if mood == Sentiment.NEGATIVE.value and topic not in NO_TOPIC:
            bad[topic] += size
    topics = sorted(bad, key=lambda topic: (-bad[topic], topic))[:QUOTED_TOPICS]
    names = set() if with_names else queries.people_names(session)
    quotes: list[Quote] = []
    for topic in topics:
        quotes += _quotes(session, model, topic, names, terms, quotes, with_names=with_names)
    return Voice(
        model=model,
        readings=pd.DataFrame(counted, columns=list(READING_COLUMNS)),
        last_mood={key: mood for key, (mood, _) in last_readings(session, model, now - MOOD_HOLDS).items() if mood},
        quotes=tuple(quotes),
    )


def _quotes(
    session: Session,
    model: str,
    topic: str,
    names: set[str],
    terms: tuple[str, ...],
    told: list[Quote],
    *,
    with_names: bool,
) -> list[Quote]:
    """Messages of different customers about a topic; those that need no masking come first.

    A message that says what one in `told` says is passed over, as is one that adds to another or is part of it.
    """
    found: list[Quote] = []
    for text, customer_id, first, last in queries.quotable(session, model, topic, QUOTE_CANDIDATES):
        own = {part for name in (first, last) if name for part in name.split()}
        line = " ".join(text.split()) if with_names else mask(text, names | own, terms, customer_id)
        if not any(same_words(line, other.text) or other.customer_id == customer_id for other in (*told, *found)):
            found.append(Quote(topic, f"{line} ({customer_id})" if with_names else line, customer_id))
    return sorted(found, key=lambda quote: "[" in quote.text)[:QUOTES_EACH]


def _lifetimes(session: Session) -> pd.DataFrame:
    frame = pd.DataFrame(queries.lifetimes(session), columns=list(LIFETIME_COLUMNS))
    for name in ("signed_up_on", "churned_on"):
        frame[name] = pd.to_datetime(frame[name], errors="coerce").astype("datetime64[us]")
    frame["tenure_months"] = frame["tenure_months"].astype("float64")
    frame["churned"] = frame["churned"].astype("float64")
    frame["active"] = frame["active"].astype(bool)
    return frame


def _health(session: Session) -> Health:
    """Completeness over the customers with the lowest keys, freshness and imports over everything."""
    looked_over = queries.first_customers(session, HEALTH_ROWS)
    missing: dict[str, float] = {}
    looked_at = 0
    if looked_over is not None:
        frame = read_range(session, *looked_over, with_history=False).frames.customers
        frame = frame[frame["status"] == CustomerStatus.ACTIVE.value]
        looked_at = len(frame)
        ignored = {
            name
            for name, attribute in imported_columns(session).attributes.items()
            if attribute.role in (ColumnRole.ID, ColumnRole.IGNORE)
        }
        kept = [name for name in frame.columns if name not in HEALTH_LEFT_OUT and name not in ignored]
        shares = frame[kept].isna().mean() if looked_at else pd.Series(dtype="float64")
        missing = {str(name): float(part) for name, part in shares.items() if part < 1 or name not in CUSTOMER_COLUMNS}
    return Health(
        missing=missing,
        rows_looked_at=looked_at,
        newest=queries.newest_records(session),
        imports=pd.DataFrame(queries.last_imports(session), columns=list(IMPORT_COLUMNS)),
    )
