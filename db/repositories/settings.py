"""Facts about the store itself: who the company is, what day it is, what counts as churn."""

from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.models import Setting
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, CompanyProfile, Json


class SettingsRepository:
    """Settings that belong to the data rather than to the machine."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, key: str) -> Json | None:
        """The value of a setting, None where it was never set."""
        found: Json | None = self.session.scalar(_value(), {"key": key})
        return found

    def put(self, key: str, value: Json) -> None:
        """Set a setting."""
        self.session.merge(Setting(key=key, value=value))

    def today(self, real_today: date) -> date:
        """The day it is in the store: the demo company lives in its own present."""
        clock = self.get("clock")
        return date.fromisoformat(clock["today"]) if clock else real_today

    def set_today(self, today: date) -> None:
        """Stop the store's clock at a day."""
        self.put("clock", {"today": today.isoformat()})

    def company(self) -> CompanyProfile | None:
        """Who writes to the customers, None until somebody said so."""
        found = self.get("company")
        if found is None:
            return None
        known: dict[str, Any] = {key: found[key] for key in CompanyProfile.__dataclass_fields__ if key in found}
        for many in ("products", "competitors"):
            known[many] = tuple(known.get(many, ()))
        return CompanyProfile(**known)

    def set_company(self, profile: CompanyProfile) -> None:
        """Say who writes to the customers."""
        self.put("company", asdict(profile))

    def churn_definition(self) -> ChurnDefinition | None:
        """What counts as churn, None until an import said so."""
        found = self.get("churn")
        if found is None:
            return None
        return ChurnDefinition(
            kind=ChurnDefinitionKind(found["kind"]),
            inactivity_days=found.get("inactivity_days"),
            activity_kinds=tuple(found.get("activity_kinds", ())),
            churn_horizon_days=found.get("churn_horizon_days", 90),
            lead_time_days=found.get("lead_time_days", 0),
        )

    def set_churn_definition(self, definition: ChurnDefinition) -> None:
        """Say what counts as churn."""
        self.put("churn", {**asdict(definition), "kind": definition.kind.value})


@cache
def _value() -> Any:
    """Made once: every turn of a conversation asks for two or three."""
    return select(Setting.value).where(Setting.key == bindparam("key"))
