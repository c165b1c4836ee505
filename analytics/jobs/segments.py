"""Segments of a store: audiences saved by name, risk x value tiers of the scored, and groups kept between refits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.decisions.facts import plain_column
from analytics.decisions.next_best import METHOD_UPLIFT
from analytics.jobs.deciding import CHUNK, customer_frame
from analytics.segments import (
    RESPONSES,
    Scaling,
    Segments,
    audience,
    find_segments,
    known_effect,
    members,
    response_of,
    tiers,
)
from analytics.value import RiskThresholds
from db.errors import NotFoundError
from db.queries import deciding as queries
from db.repositories.decisions import DecisionRepository
from db.repositories.scores import ScoreRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import Json

AUDIENCES = "audiences"
GROUPS = "segments"
_NOT_A_TRAIT = frozenset({"customer_id", "email", "key", "status", "risk_band", "timezone", "language", "currency"})
_FORECASTS = frozenset({"churn_probability", "revenue_at_risk", "residual_value"})


@dataclass(frozen=True, slots=True)
class SegmentsReport:
    """Saved audiences, tiers and groups with how many customers each holds, their mean risk and revenue at risk.

    responses: the same by kind of response, of the customers whose own effects of offers were known when it was last
    decided, with their residual value, how many of them their best offer is expected to keep, and what the kind means.
    """

    audiences: tuple[Json, ...]
    tiers: tuple[Json, ...]
    groups: tuple[Json, ...]
    stability: float | None
    responses: tuple[Json, ...] = ()

    def as_json(self) -> Json:
        """The report as a JSON object."""
        return {
            "audiences": list(self.audiences),
            "tiers": list(self.tiers),
            "groups": list(self.groups),
            "responses": list(self.responses),
            "stability": None if self.stability is None else round(self.stability, 4),
        }


def save_audience(store: Store, document: object) -> int:
    """Keep an audience under its name, in place of one of the same name; returns how many scored customers it holds.

    Raises InputError where it cannot be read or reads a column that no customer has.
    """
    rule = audience(document)
    size = int(members(scored(store), rule).sum())
    with store.write() as session:
        settings = SettingsRepository(session)
        settings.put(AUDIENCES, {**(settings.get(AUDIENCES) or {}), rule.name: rule.as_json()})
    return size


def segments(store: Store, *, refit: bool = False, seed: int = 0) -> SegmentsReport:
    """Audiences, tiers and groups of the scored customers; groups are found once and then kept until `refit`.

    A refit keeps the numbers and names of groups that it finds again. Raises NotFoundError when nobody has been scored.
    """
    frame = scored(store)
    with store.read() as session:
        settings = SettingsRepository(session)
        saved, kept = settings.get(AUDIENCES) or {}, settings.get(GROUPS)
    found = _from_json(kept) if kept else None
    if len(frame) >= 50 and (found is None or refit):
        traits = [name for name in frame.columns if name not in _NOT_A_TRAIT | _FORECASTS]
        found = find_segments(frame, traits, seed=seed, previous=found)
        with store.write() as session:
            SettingsRepository(session).put(GROUPS, _to_json(found))
    risk = frame["churn_probability"].to_numpy(dtype=np.float64)
    words = [
        " risk, ".join(tier) + " value" for tier in tiers(risk, frame["residual_value"].astype(float), _bands(risk))
    ]
    labels = found.assign(frame) if found else None
    return SegmentsReport(
        audiences=tuple(_row(name, frame, members(frame, audience(saved[name]))) for name in sorted(saved)),
        tiers=tuple(_row(name, frame, np.array(words, dtype=object) == name) for name in sorted(set(words))),
        groups=tuple(_row(name, frame, labels == number) for number, name in enumerate(found.names)) if found else (),
        stability=found.stability if found else None,
        responses=tuple(_responses(store)),
    )


def _responses(store: Store) -> Iterator[Json]:
    """A row for each kind of response, of the newest decisions; none where no effect per customer is known."""
    kinds: dict[str, list[tuple[Json, float]]] = {}
    with store.read() as session:
        decisions = DecisionRepository(session)
        job = decisions.current_job()
        for decision in decisions.weighed_by(job, METHOD_UPLIFT) if job is not None else ():
            kind, effect = response_of(decision), known_effect(decision)
            if kind is not None and effect is not None:
                kinds.setdefault(kind, []).append((decision.inputs["customer"], effect))
    for kind, meaning in RESPONSES.items():
        if kind in kinds:
            frame = pd.DataFrame([facts for facts, _ in kinds[kind]])
            frame = frame.reindex(columns=["churn_probability", "revenue_at_risk", "residual_value"])
            yield {
                **_row(kind, frame, np.ones(len(frame), dtype=bool)),
                "residual_value": round(float(frame["residual_value"].astype(float).sum()), 2),
                "kept_by_an_offer": round(sum(effect for _, effect in kinds[kind]), 1),
                "meaning": meaning,
            }


def scored(store: Store) -> pd.DataFrame:
    """The scored customers with their attributes, numbers as numbers. Raises NotFoundError when nobody is scored."""
    with store.read() as session:
        job = ScoreRepository(session).current_job()
        if job is None:
            raise NotFoundError("Nobody has been scored yet.", hint="Run `mainstay score` first.")
    parts, after = [], 0
    while True:
        with store.read() as session:
            rows = queries.scored_customers(session, job, after, CHUNK)
        if not rows:
            break
        after = rows[-1][-1]
        parts.append(customer_frame(rows, {}))
    frame = pd.concat(parts, ignore_index=True) if parts else customer_frame([], {})
    return pd.DataFrame({str(name): _typed(frame[name]) for name in frame.columns})


def _typed(column: pd.Series) -> pd.Series:
    """Numbers as numbers where every known value is one, else plain Python values."""
    plain = plain_column(column)
    known = [value for value in plain if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return pd.to_numeric(pd.Series(plain, dtype=object)).astype(np.float64)
    return pd.Series(plain, dtype=object)


def _bands(risk: Any) -> RiskThresholds:
    return RiskThresholds.from_base_rate(float(np.mean(risk)) if len(risk) else 0.1)


def _row(name: str, frame: pd.DataFrame, mask: Any) -> Json:
    part = frame[np.asarray(mask, dtype=bool)]
    at_risk = pd.to_numeric(part["revenue_at_risk"], errors="coerce").sum()
    mean = part["churn_probability"].astype(float).mean() if len(part) else None
    return {
        "name": name,
        "customers": len(part),
        "mean_churn_probability": None if mean is None else round(float(mean), 4),
        "revenue_at_risk": round(float(at_risk), 2),
    }


def _to_json(found: Segments) -> Json:
    return {
        "numbers": {name: known.tolist() for name, known in found.scaling.numbers.items()},
        "categories": {name: list(known) for name, known in found.scaling.categories.items()},
        "centres": found.centres.tolist(),
        "names": list(found.names),
        "shares": list(found.shares),
        "stability": found.stability,
    }


def _from_json(kept: Json) -> Segments:
    numbers = {name: np.array(known, dtype=np.float64) for name, known in kept["numbers"].items()}
    categories = {name: tuple(known) for name, known in kept["categories"].items()}
    return Segments(
        Scaling(numbers, categories),
        np.array(kept["centres"], dtype=np.float64),
        tuple(kept["names"]),
        tuple(kept["shares"]),
        float(kept["stability"]),
    )
