"""Estimates what offers did, from the store's decisions and what became of their customers; keeps what was fitted."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from analytics.artifacts import ModelCard, ModelStore, library_versions
from analytics.decisions.documents import digest
from analytics.decisions.offers import Catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.uplift.programme import (
    DEFAULT_NEED,
    EvidenceNeeded,
    FollowedDecision,
    ProgrammeEffects,
    followed_decision,
    programme_effects,
)
from analytics.jobs.outcomes import DEFAULT_HORIZON_DAYS, fates_due
from db.errors import ArtifactError, NotFoundError
from db.queries.experiment import followed_fingerprint
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.session import Store
from db.vocabulary import Json, Progress

KEPT_VERSIONS = 2


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where fitted effects are kept, and the catalogue they belong to: another catalogue, and they are fitted again."""

    models: ModelStore
    catalogue: Catalogue


def estimate_effects(
    store: Store,
    policy: DecisionPolicy,
    now: datetime,
    *,
    horizon_days: int = DEFAULT_HORIZON_DAYS,
    needed: EvidenceNeeded = DEFAULT_NEED,
    keeping: Keeping | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> ProgrammeEffects:
    """The effect of every offer on who stays through the horizon, customers in the holdout being the control.

    With `keeping`, effects that were fitted to the same outcomes are taken from there and others are put there.

    Raises:
        NotFoundError: no horizon of a decision of the standing experiment has ended yet.
    """
    found = _effects(store, policy, now, horizon_days, needed, keeping, progress)
    if not found.followed:
        raise NotFoundError(
            f"No decision has been followed for {horizon_days} days yet, so no effect of an offer can be told.",
            hint="Import customers again once that time has passed, or `mainstay outcomes import` who stayed and left.",
        )
    return found


def effects_for_deciding(
    store: Store,
    policy: DecisionPolicy,
    now: datetime,
    *,
    horizon_days: int = DEFAULT_HORIZON_DAYS,
    needed: EvidenceNeeded = DEFAULT_NEED,
    keeping: Keeping | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> ProgrammeEffects | None:
    """What decisions may weigh offers by: effects per customer where the data carry them, else averages.

    Offers of which neither is known are weighed by propensity x context x value x lever; None where that is so of all.
    """
    found = _effects(store, policy, now, horizon_days, needed, keeping, progress)
    return found if found.known else None


def _effects(
    store: Store,
    policy: DecisionPolicy,
    now: datetime,
    horizon_days: int,
    needed: EvidenceNeeded,
    keeping: Keeping | None,
    progress: Callable[[Progress], None],
) -> ProgrammeEffects:
    if keeping is None:
        return programme_effects(_followed(store, policy, now, horizon_days), needed, progress=progress)
    offers = [offer.model_dump(mode="json", exclude={"lever"}) for offer in keeping.catalogue.offers]
    name = f"offer-effects-{horizon_days}"
    with store.read() as session:
        learned_from: Json = {
            "followed": followed_fingerprint(session, now.date() - timedelta(days=horizon_days)),
            "experiment": policy.experiment,
            "needed": asdict(needed),
            # A lever is a what-if of one run: it says nothing of what an offer did.
            "catalogue": digest(offers),
            "libraries": library_versions(),
        }
        newest = ModelVersionRepository(session).latest(name)
    if newest is not None and newest.card.get("learned_from") == learned_from:
        try:
            return keeping.models.load(name, ProgrammeEffects, newest.version)[0]
        except (ArtifactError, NotFoundError):
            # The folder was deleted or damaged; what was fitted can be fitted again.
            pass
    found = programme_effects(_followed(store, policy, now, horizon_days), needed, progress=progress)
    if found.followed:
        _keep(store, keeping.models, name, found, learned_from, now)
    return found


def _keep(
    store: Store, models: ModelStore, name: str, found: ProgrammeEffects, learned_from: Json, now: datetime
) -> None:
    card = ModelCard(
        title="Effects of offers",
        created_at=now,
        purpose="How much each offer lowers the churn probability, against the holdout of the standing experiment.",
        protocol=found.source,
        training_rows=found.followed,
        limitations=("Valid for customers like those who were followed, and for the offers as they were then.",),
    )
    version = models.save(name, found, card).version
    models.prune(name, KEPT_VERSIONS)
    record = ModelRecord(
        id=0,
        name=name,
        version=version,
        manifest_sha256=version.rsplit("-", 1)[1],
        data_window={},
        metrics=found.as_json(),
        card={"learned_from": learned_from},
        created_at=now,
    )
    with store.write() as session:
        ModelVersionRepository(session).add(record)


def _followed(store: Store, policy: DecisionPolicy, now: datetime, horizon_days: int) -> list[FollowedDecision]:
    with store.read() as session:
        found = [
            followed_decision(fate.followed.decision, retained=fate.retained)
            for fate in fates_due(session, policy.experiment, now, horizon_days)
            if fate.retained is not None
        ]
    return [one for one in found if one is not None]
