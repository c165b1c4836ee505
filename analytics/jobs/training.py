"""Trains the churn forecaster on what the store holds, judges it on rows it never saw, and keeps it with its card."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.artifacts import ModelCard, ModelStore, library_versions, table_fingerprint
from analytics.checks import Finding, check_training_table
from analytics.churn import ChurnForecaster
from analytics.evaluation.metrics import Metrics, gains_by_decile, one_column_baseline, prevalence_baseline
from analytics.evaluation.out_of_fold import exact_duplicate_groups, out_of_fold, stratified_splits
from analytics.jobs.event_training import train_on_events
from analytics.jobs.frames import read_chunks
from analytics.jobs.judged import CHURN_MODEL, Judged, baseline_figures
from analytics.jobs.lifetimes import keep_lifetimes
from analytics.jobs.tables import static_features
from db.errors import ArtifactError, LeakageError, NotFoundError, TrainingError
from db.queries.attributes import ImportedColumns, imported_columns
from db.queries.overview import data_fingerprint
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, Json, Progress

MOST_TRAINING_CUSTOMERS = 100_000
"""More customers than this sharpen a forecast by less than their noise; a seeded sample is taken instead."""

LEFT_OUT = ("leak", "identifier", "constant")
"""Findings about columns that training goes on without."""


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How to train. `use_sensitive` None means what the mapping says, and yes where it says nothing."""

    now: datetime
    seed: int = 0
    allow_leaks: bool = False
    use_sensitive: bool | None = None


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training found; `metrics` are measured on rows the model did not see, with 95 % intervals."""

    model_id: str
    protocol: str
    metrics: Json
    intervals: Json
    findings: tuple[Finding, ...]
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    sensitive: tuple[str, ...] = ()
    repeated: bool = False
    survival: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        """One flat document: the figures by name, then what stands behind them."""
        return {
            **self.metrics,
            "protocol": self.protocol,
            "model_id": self.model_id,
            "intervals": self.intervals,
            "columns": list(self.columns),
            "left_out": list(self.left_out),
            "sensitive": list(self.sensitive),
            "repeated": self.repeated,
            "findings": [asdict(finding) for finding in self.findings],
            "survival": self.survival,
        }


def train(
    store: Store,
    models: ModelStore,
    options: TrainingOptions,
    *,
    reading_model: str | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> TrainingReport:
    """Train, judge and keep a forecaster for the churn definition of the store.

    The same data, day and options lead to the same forecaster, which is then not trained again.

    Raises TrainingError when the data cannot train one, LeakageError when no honest column is left.
    """
    with store.read() as session:
        settings = SettingsRepository(session)
        definition, today = _defined(settings.churn_definition()), settings.today(options.now.date())
        columns = imported_columns(session)
        data = data_fingerprint(session)
        newest = ModelVersionRepository(session).latest(CHURN_MODEL)
    sensitive = options.use_sensitive if options.use_sensitive is not None else columns.use_sensitive is not False
    trained_on = {
        "data": data,
        "today": today.isoformat(),
        "language": reading_model,
        "seed": options.seed,
        "allow_leaks": options.allow_leaks,
        "sensitive": sensitive,
        "libraries": library_versions(),
        "definition": _definition_json(definition),
        "in_time": definition.kind is not ChurnDefinitionKind.LABEL,
    }
    if newest is not None and newest.card.get("trained_on") == trained_on and _is_kept(models, newest):
        return _reported_before(newest)
    progress(Progress("read", 0, None))
    if definition.kind is ChurnDefinitionKind.LABEL:
        judged = _train_on_table(store, columns, definition, options, sensitive, progress)
    else:
        attributes = columns.not_for_training(use_sensitive=sensitive)
        judged = train_on_events(store, definition, today, attributes, options.seed, reading_model, progress)
    learned = {str(column) for column in judged.X.columns}
    return _keep(store, models, judged, options, trained_on, tuple(sorted(columns.sensitive() & learned)))


def _defined(definition: ChurnDefinition | None) -> ChurnDefinition:
    if definition is None:
        raise TrainingError(
            "The store does not say what churn is.",
            hint="Give the mapping a `churn` section: a label column, a cancel date, or inactivity of N days.",
        )
    return definition


def _is_kept(models: ModelStore, record: ModelRecord) -> bool:
    """Whether the files of a forecaster are there and unchanged."""
    try:
        models.describe(CHURN_MODEL, record.version)
        if record.card["survival"]:
            models.describe(*record.card["survival"].split("/"))
    except (ArtifactError, NotFoundError):
        return False
    return True


def _reported_before(record: ModelRecord) -> TrainingReport:
    """The report of a forecaster as it was when it was trained."""
    figures = {name: record.metrics.get(name) for name in Metrics.__dataclass_fields__}
    return TrainingReport(
        model_id=f"{CHURN_MODEL}/{record.version}",
        protocol=record.metrics["protocol"],
        metrics=figures,
        intervals=record.metrics["intervals"],
        findings=tuple(Finding(**{**one, "columns": tuple(one["columns"])}) for one in record.card["findings"]),
        columns=tuple(record.card["columns"]),
        left_out=tuple(record.card["left_out"]),
        sensitive=tuple(record.card["sensitive"]),
        repeated=True,
        survival=record.metrics["survival"],
    )


def _definition_json(definition: ChurnDefinition) -> Json:
    return {**asdict(definition), "kind": definition.kind.value, "activity_kinds": list(definition.activity_kinds)}


def _train_on_table(
    store: Store,
    columns: ImportedColumns,
    definition: ChurnDefinition,
    options: TrainingOptions,
    use_sensitive: bool,
    progress: Callable[[Progress], None],
) -> Judged:
    chunks = [chunk.frames.customers for chunk in read_chunks(store, with_history=False)]
    if not chunks:
        raise TrainingError("The store holds no customers.", hint="Run `mainstay import customers FILE --infer`.")
    customers = pd.concat(chunks, ignore_index=True)
    customers = customers[customers["churned"].notna()]
    if len(customers) > MOST_TRAINING_CUSTOMERS:
        customers = customers.sample(MOST_TRAINING_CUSTOMERS, random_state=options.seed).sort_index()
    X = static_features(customers, columns, use_sensitive=use_sensitive)
    y = customers["churned"].to_numpy(dtype=np.int64)
    X, findings, left_out = refuse_columns(X, y, allow_leaks=options.allow_leaks)
    forecaster = ChurnForecaster(random_state=options.seed)
    progress(Progress("judge on rows kept apart", 0, 5))
    repeated = any(finding.code == "repeated_rows" for finding in findings)
    judged = out_of_fold(forecaster, X, y, groups=exact_duplicate_groups(X) if repeated else None)
    progress(Progress("fit", 5, 5))
    return Judged(
        model=forecaster.fit(X, y),
        X=X,
        y=y,
        protocol="5-fold out of fold, stratified" + (", duplicates in one fold" if repeated else ""),
        metrics=judged.metrics,
        intervals=judged.intervals,
        test_y=y,
        test_p=judged.probabilities,
        definition=definition,
        findings=tuple(findings),
        left_out=tuple(left_out),
        baselines=_baselines(X, y, options.seed),
    )


def _baselines(X: pd.DataFrame, y: np.ndarray, seed: int) -> Json:
    """The churn rate alone and tenure alone, each row forecast by rows of other folds."""
    prevalence, tenure = np.empty(len(y)), np.empty(len(y))
    known = "tenure_months" in X.columns
    for train, test in stratified_splits(y, None, 5, seed):
        prevalence[test] = prevalence_baseline(y[train], len(test))
        if known:
            months = X["tenure_months"].to_numpy(dtype=np.float64)
            tenure[test] = one_column_baseline(months[train], y[train], months[test])
    found = {"prevalence": baseline_figures(y, prevalence)}
    return found | ({"tenure only": baseline_figures(y, tenure)} if known else {})


def refuse_columns(
    X: pd.DataFrame, y: np.ndarray, *, allow_leaks: bool
) -> tuple[pd.DataFrame, list[Finding], list[str]]:
    """The table without leaking, identifying and constant columns, all findings, and what was left out.

    Raises TrainingError for a target that cannot be learned, LeakageError when no honest column is left.
    """
    findings = check_training_table(X, y, allow_leaks=allow_leaks)
    for finding in findings:
        if finding.severity == "refuse" and finding.code not in LEFT_OUT:
            raise TrainingError(finding.message, hint=finding.hint)
    left_out = [
        column
        for finding in findings
        if finding.code in LEFT_OUT and not (allow_leaks and finding.code == "leak")
        for column in finding.columns
    ]
    kept = X.drop(columns=[column for column in left_out if column in X.columns])
    if not len(kept.columns):
        raise LeakageError(f"No honest column is left after {', '.join(left_out)}.")
    return kept, findings, left_out


def _keep(
    store: Store,
    models: ModelStore,
    judged: Judged,
    options: TrainingOptions,
    trained_on: Json,
    sensitive: tuple[str, ...],
) -> TrainingReport:
    """Write the model with its card, and enter it in the ledger."""
    figures = {name: _number(value) for name, value in judged.metrics.as_dict().items()}
    version = models.save(CHURN_MODEL, judged.model, _card(judged, options.now))
    hazards = keep_lifetimes(models, judged.lifetimes, judged.window.get("plan", {}), options.now)
    hazards_id = None if hazards is None else f"{hazards.name}/{hazards.version}"
    survival = judged.lifetimes.as_json(hazards_id)
    intervals = {name: [found.low, found.high] for name, found in judged.intervals.items()}
    record = ModelRecord(
        id=0,
        name=CHURN_MODEL,
        version=version.version,
        manifest_sha256=version.version.rsplit("-", 1)[1],
        data_window=judged.window,
        metrics={**figures, "intervals": intervals, **_more_figures(judged), "survival": survival},
        card={
            "left_out": list(judged.left_out),
            "columns": [str(column) for column in judged.X.columns],
            "findings": [asdict(finding) for finding in judged.findings],
            "base_rate": float(np.mean(judged.y)),
            "definition": _definition_json(judged.definition),
            "sensitive": list(sensitive),
            "trained_on": trained_on,
            "survival": hazards_id,
        },
        created_at=options.now,
    )
    with store.write() as session:
        versions = ModelVersionRepository(session)
        versions.add(record)
        if hazards is not None:
            versions.add(hazards)
    return TrainingReport(
        model_id=f"{CHURN_MODEL}/{version.version}",
        protocol=judged.protocol,
        metrics=dict(figures),
        intervals=intervals,
        findings=judged.findings,
        columns=tuple(str(column) for column in judged.X.columns),
        left_out=judged.left_out,
        sensitive=sensitive,
        survival=survival,
    )


def _more_figures(judged: Judged) -> Json:
    return {
        "protocol": judged.protocol,
        "gains": gains_by_decile(judged.test_y, judged.test_p).to_dict("records"),
        "calibration": calibration_bins(judged.test_y, judged.test_p),
        "drivers": judged.drivers(),
        "baselines": judged.baselines,
    }


def _card(judged: Judged, now: datetime) -> ModelCard:
    return ModelCard(
        title="Churn forecaster",
        created_at=now,
        purpose="Forecasts which customers will leave, so that people can decide whom to talk to. "
        "It says what goes along with leaving, not what causes it.",
        churn_definition=describe(judged.definition),
        protocol=judged.protocol,
        training_rows=len(judged.y),
        churners=int(np.sum(judged.y)),
        training_data_sha256=table_fingerprint(judged.X, judged.y),
        columns={str(name): str(judged.X[name].dtype) for name in judged.X.columns},
        metrics={name: float(value) for name, value in judged.metrics.as_dict().items()},
        limitations=(
            "Valid for customers like those it was trained on, and for the churn definition above.",
            "Reasons are drivers in the model, not causes.",
            "Not to be used to decide about credit, employment, insurance or access to services.",
        ),
    )


def describe(definition: ChurnDefinition) -> str:
    """A churn definition in words."""
    if definition.kind is ChurnDefinitionKind.LABEL:
        return "the label column of the imported table"
    window = f"within {definition.churn_horizon_days} days"
    if definition.lead_time_days:
        window += f" after a lead time of {definition.lead_time_days} days"
    if definition.kind is ChurnDefinitionKind.CANCEL_DATE:
        return f"the contract ends {window}"
    kinds = " or ".join(definition.activity_kinds) or "activity"
    return f"no {kinds} {window}"


def calibration_bins(y: np.ndarray, p: np.ndarray, bins: int = 10) -> list[Json]:
    """Mean forecast and churn rate in bins of equal size, lowest first."""
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [{"forecast": float(p[part].mean()), "churned": float(y[part].mean()), "n": len(part)} for part in parts]


def _number(value: Any) -> float | int | None:
    """A figure that JSON can hold: NaN becomes null."""
    if isinstance(value, int | np.integer):
        return int(value)
    return float(value) if np.isfinite(value) else None
