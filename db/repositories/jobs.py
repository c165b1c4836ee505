"""Long pieces of work: begun once per idempotency key, resumed after a crash, closed with a result."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.models import Job
from db.vocabulary import JobState, Json


@dataclass(frozen=True, slots=True)
class JobInfo:
    """Where a job stands."""

    id: int
    kind: str
    state: JobState
    parameters: Json
    total: int | None
    done: int
    failed: int
    message: str | None
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None


def idempotency_key(kind: str, parameters: Json) -> str:
    """The same kind of work with the same parameters has the same key."""
    canonical = json.dumps(parameters, sort_keys=True, ensure_ascii=False, default=str)
    return f"{kind}:{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"


class JobRepository:
    """The jobs of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def begin(self, kind: str, parameters: Json, now: datetime, *, total: int | None = None) -> JobInfo:
        """Begin a job, or pick up the one that the same parameters began before."""
        key = idempotency_key(kind, parameters)
        row = self.session.scalars(select(Job).where(Job.idempotency_key == key)).one_or_none()
        if row is None:
            row = Job(
                kind=kind,
                idempotency_key=key,
                parameters=parameters,
                state=JobState.RUNNING,
                total=total,
                done=0,
                failed=0,
                started_at=now,
                updated_at=now,
            )
            self.session.add(row)
        elif row.state is not JobState.DONE:
            row.state, row.updated_at, row.total = JobState.RUNNING, now, total or row.total
        self.session.flush()
        return _info(row)

    def advance(self, job_id: int, done: int, failed: int, now: datetime) -> None:
        """Say how far a job has come."""
        self.session.execute(update(Job).where(Job.id == job_id).values(done=done, failed=failed, updated_at=now))

    def finish(self, job_id: int, state: JobState, now: datetime, *, message: str | None = None) -> None:
        """Close a job."""
        self.session.execute(
            update(Job).where(Job.id == job_id).values(state=state, message=message, updated_at=now, finished_at=now)
        )

    def get(self, job_id: int) -> JobInfo | None:
        """A job by its id."""
        row = self.session.get(Job, job_id)
        return None if row is None else _info(row)

    def latest_done(self, kind: str) -> JobInfo | None:
        """The newest finished job of a kind."""
        found = self.session.scalar(select(func.max(Job.id)).where(Job.kind == kind, Job.state == JobState.DONE))
        return None if found is None else self.get(found)

    def recent(self, limit: int = 50) -> list[JobInfo]:
        """The newest jobs, newest first."""
        return [_info(row) for row in self.session.scalars(select(Job).order_by(Job.id.desc()).limit(limit))]


def _info(row: Job) -> JobInfo:
    return JobInfo(
        id=row.id,
        kind=row.kind,
        state=row.state,
        parameters=row.parameters,
        total=row.total,
        done=row.done,
        failed=row.failed,
        message=row.message,
        started_at=row.started_at,
        updated_at=row.updated_at,
        finished_at=row.finished_at,
    )
