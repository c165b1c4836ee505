"""What a store knows of itself: settings, imports, long work, fitted models, and who did what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.vocabulary import JobState, Json


class Setting(Base):
    """A fact about the store itself: company profile, clock, churn definition. Current state."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Json]


class MappingFile(Base):
    """A mapping file as it was used for an import."""

    __tablename__ = "mapping_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    document: Mapped[Json]
    first_used_at: Mapped[datetime]


class ImportBatch(Base):
    """One import and its reconciled counts."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("mapping_file.id"))
    kind: Mapped[str]
    source: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rows_in: Mapped[int] = mapped_column(default=0)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_updated: Mapped[int] = mapped_column(default=0)
    rows_unchanged: Mapped[int] = mapped_column(default=0)
    rows_rejected: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        CheckConstraint(
            "finished_at IS NULL OR rows_in = rows_new + rows_updated + rows_unchanged + rows_rejected",
            name="reconciled",
        ),
    )


class ModelVersion(Base):
    """A fitted model: where its files lie, what they must hash to, and how it was measured."""

    __tablename__ = "model_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    manifest_sha256: Mapped[str]
    data_window: Mapped[Json]
    metrics: Mapped[Json]
    card: Mapped[Json]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("name", "version"),)


class Job(Base):
    """A long piece of work that can be resumed; the same idempotency key is the same work. Updated as it runs."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    parameters: Mapped[Json]
    state: Mapped[JobState]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_job_kind_id", "kind", "id"),)


class AuditEvent(Base):
    """Who did what to which row, when."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Json | None]
