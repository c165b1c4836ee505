"""Churn scores: written in bulk by scoring jobs, read one customer at a time."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from db.models import ChurnScore, Customer, Job, ModelVersion
from db.vocabulary import JobState, Reason, RiskBand


class ScoredTimes(NamedTuple):
    """When a customer may leave: churn probability within so many days, and days until then in expectation.

    `involuntary_90` is the part of `churn_90` that failed payments make up.
    """

    churn_30: float | None = None
    churn_60: float | None = None
    churn_90: float | None = None
    involuntary_90: float | None = None
    expected_days: float | None = None


NO_TIMES = ScoredTimes()


class ScoreRow(NamedTuple):
    """One score to be written; `customer_key` is the store's own number of the customer."""

    customer_key: int
    churn_probability: float
    risk_band: RiskBand
    revenue_at_risk: float | None
    residual_value: float | None
    reasons: Sequence[Reason] | None
    times: ScoredTimes = NO_TIMES


_BANDS = {band: band.value for band in RiskBand}


def _known_columns(rows: Sequence[ScoreRow]) -> dict[str, Sequence[object]]:
    """The columns of scores that hold anything, in the order of the table.

    Python's driver takes longer over a value that is missing than over all the others of its row.
    """
    if not rows:
        return {}
    keys, probabilities, bands, at_risk, value, reasons, times = zip(*rows, strict=True)
    columns: dict[str, Sequence[object]] = {
        "customer_id": keys,
        "churn_probability": probabilities,
        "risk_band": [_BANDS[band] for band in bands],
        "revenue_at_risk": at_risk,
        "residual_value": value,
        "reasons": [None if one is None else _as_json(one) for one in reasons],
    }
    if any(one is not NO_TIMES for one in times):
        columns |= zip(ScoredTimes._fields, zip(*times, strict=True), strict=True)
    return {name: values for name, values in columns.items() if any(one is not None for one in values)}


def _as_json(reasons: Sequence[Reason]) -> str:
    """Without blanks: a row of a thousand bytes or more takes a whole page of SQLite's to itself."""
    import msgspec  # the screens that read scores do not wait for it

    try:
        return msgspec.json.encode(reasons).decode()
    except UnicodeEncodeError:  # half of a surrogate pair is no UTF-8, but can stand escaped
        return json.dumps([asdict(reason) for reason in reasons], separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class CustomerScore:
    """What the newest scoring said about a customer."""

    customer_id: str
    churn_probability: float
    risk_band: RiskBand
    revenue_at_risk: float | None
    residual_value: float | None
    reasons: tuple[Reason, ...]
    model_version: str
    observation_date: date
    times: ScoredTimes = NO_TIMES
    timing_model: str | None = None
    """The hazard model behind `times`; None where a constant hazard was assumed."""


class ScoreRepository:
    """The scores of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add_many(self, job_id: int, model_version_id: int, observation_date: date, rows: Iterable[ScoreRow]) -> int:
        """Add the scores of one chunk of a scoring job; returns how many."""
        shared = {"job_id": job_id, "model_version_id": model_version_id, "observation_date": observation_date}
        told: list[ScoreRow] = []
        untold: list[ScoreRow] = []
        for row in rows:
            (untold if row.reasons is None else told).append(row)
        for part in (untold, told):
            self._insert(_known_columns(part), shared)
        return len(told) + len(untold)

    def _insert(self, columns: dict[str, Sequence[object]], shared: dict[str, object]) -> None:
        """Hand plain values to the driver: SQLAlchemy's own conversion of each row takes longer than a forecast.

        What all rows share stands in the statement, for to bind it anew for each row doubles the time of the write.
        """
        if not columns:
            return
        connection = self.session.connection()
        constants = {
            name: bindparam(name, value, type_=ChurnScore.__table__.c[name].type, literal_execute=True)
            for name, value in shared.items()
        }
        statement = insert(ChurnScore).values({**dict.fromkeys(columns), **constants})
        compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        rows = list(zip(*columns.values(), strict=True))
        if compiled.positional:
            connection.exec_driver_sql(str(compiled), rows)
        else:
            connection.exec_driver_sql(str(compiled), [dict(zip(columns, row, strict=True)) for row in rows])

    def current_job(self) -> int | None:
        """The newest finished scoring job."""
        return self.session.scalar(select(func.max(Job.id)).where(Job.kind == "score", Job.state == JobState.DONE))

    def scored_keys(self, job_id: int) -> set[int]:
        """The customers a scoring job has done, to resume it."""
        return set(self.session.scalars(select(ChurnScore.customer_id).where(ChurnScore.job_id == job_id)))

    def current(self, customer_id: str) -> CustomerScore | None:
        """The newest score of a customer."""
        row = self.session.execute(
            select(ChurnScore, ModelVersion.name, ModelVersion.version, ModelVersion.card)
            .join(Customer, Customer.id == ChurnScore.customer_id)
            .join(ModelVersion, ModelVersion.id == ChurnScore.model_version_id)
            .where(Customer.external_id == customer_id, ChurnScore.job_id == self.current_job())
        ).first()
        if row is None:
            return None
        score = row[0]
        return CustomerScore(
            customer_id=customer_id,
            churn_probability=score.churn_probability,
            risk_band=score.risk_band,
            revenue_at_risk=score.revenue_at_risk,
            residual_value=score.residual_value,
            reasons=tuple(Reason(**reason) for reason in score.reasons or ()),
            model_version=f"{row[1]}/{row[2]}",
            observation_date=score.observation_date,
            times=ScoredTimes(*(getattr(score, name) for name in ScoredTimes._fields)),
            timing_model=row[3].get("survival"),
        )

    def history(self, customer_id: str, limit: int = 24) -> list[tuple[date, float]]:
        """Churn probability by observation date, oldest first."""
        rows = self.session.execute(
            select(ChurnScore.observation_date, ChurnScore.churn_probability)
            .join(Customer, Customer.id == ChurnScore.customer_id)
            .where(Customer.external_id == customer_id)
            .order_by(ChurnScore.job_id.desc())
            .limit(limit)
        )
        return [(day, probability) for day, probability in rows][::-1]
