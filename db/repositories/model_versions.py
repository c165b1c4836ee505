"""Fitted models as the store knows them: version, manifest hash, data window, metrics and card."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import ModelVersion
from db.vocabulary import Json


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One fitted model."""

    id: int
    name: str
    version: str
    manifest_sha256: str
    data_window: Json
    metrics: Json
    card: Json
    created_at: datetime


class ModelVersionRepository:
    """The fitted models of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, record: ModelRecord) -> int:
        """Record a fitted model (its `id` is ignored); the same name and version is the same row."""
        found = self.session.scalars(
            select(ModelVersion).where(ModelVersion.name == record.name, ModelVersion.version == record.version)
        ).one_or_none()
        if found is None:
            found = ModelVersion(
                name=record.name,
                version=record.version,
                manifest_sha256=record.manifest_sha256,
                data_window=record.data_window,
                metrics=record.metrics,
                card=record.card,
                created_at=record.created_at,
            )
            self.session.add(found)
            self.session.flush()
        return found.id

    def latest(self, name: str) -> ModelRecord | None:
        """The newest model of a name."""
        query = select(ModelVersion).where(ModelVersion.name == name).order_by(ModelVersion.id.desc()).limit(1)
        return self._found(query)

    def get(self, name: str, version: str) -> ModelRecord | None:
        """The model of that name and version."""
        return self._found(select(ModelVersion).where(ModelVersion.name == name, ModelVersion.version == version))

    def _found(self, query: Select[Any]) -> ModelRecord | None:
        row: ModelVersion | None = self.session.scalars(query).one_or_none()
        if row is None:
            return None
        return ModelRecord(
            row.id, row.name, row.version, row.manifest_sha256, row.data_window, row.metrics, row.card, row.created_at
        )
