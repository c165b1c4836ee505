"""Decides for every scored customer what to offer, or nothing, and keeps each decision with all its candidates."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from analytics.artifacts import ModelStore
from analytics.decisions.budget import Allocation, Rationing, allocate, joined
from analytics.decisions.documents import digest
from analytics.decisions.effects import Effects
from analytics.decisions.experiment import minimum_detectable_effect, plan_holdout, sample_ratio_p_value
from analytics.decisions.exploration import Exploring, OfferBandit, explored, joined_prospects
from analytics.decisions.next_best import AFTER_THE_SPLIT, DecisionBatch, decide
from analytics.decisions.offers import Catalogue, default_catalogue, demo_catalogue
from analytics.decisions.plans import PlanLadder, ladder_from_customers, ladder_from_profile
from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.effects import Keeping, effects_for_deciding
from analytics.jobs.exploring import taught_bandit
from db.bulk import rarer_collections
from db.errors import InputError, NotFoundError
from db.queries import deciding as queries
from db.repositories.decisions import DecisionRepository
from db.repositories.jobs import JobInfo, JobRepository
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.offers import OfferRecord, OfferRepository
from db.repositories.scores import ScoreRepository
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import Channel, Decision, JobState, Json, OfferType, Progress

Spread = Counter[tuple[str, str | None]]
"""How many customers got each offer (or none), by the rule that left them without one."""

CHUNK = 5_000
RULES = "rules:"
PLAN = "plan:"


@dataclass(frozen=True, slots=True)
class DecidingReport:
    """How many customers got which offer, and how many got none by which rule.

    plan: `rows`, one for each offer made with customers, expected spend and expected profit; `methods`, how many
    customers were weighed by effects per customer, average effects and propensity; `experiment`, what the holdout
    can show; `exploration`, for whom offers were drawn; and `limits` where there were any.
    """

    job_id: int
    decided: int
    offers: dict[str, int]
    blocked: dict[str, int]
    held_out: int
    today: date
    repeated: bool
    plan: Json

    def as_json(self) -> Json:
        """The report as a JSON object."""
        return {
            "job_id": self.job_id,
            "decided": self.decided,
            "offers": self.offers,
            "blocked": self.blocked,
            "held_out": self.held_out,
            "today": self.today.isoformat(),
            "repeated": self.repeated,
            **self.plan,
        }


def shipped_catalogue(store: Store) -> Catalogue:
    """The catalogue for a store without one of its own: the demo company's, or offers that fit any table."""
    with store.read() as session:
        is_demo = SettingsRepository(session).get("demo") is not None
    return demo_catalogue() if is_demo else default_catalogue()


def decide_all(
    store: Store,
    catalogue: Catalogue,
    policy: DecisionPolicy,
    now: datetime,
    *,
    reading_model: str | None = None,
    channel: Channel = Channel.EMAIL,
    effects: Effects | None = None,
    models: ModelStore | None = None,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> DecidingReport:
    """Decide for all scored customers; the same inputs lead to the same decisions, which are kept once.

    With limits or exploration in the policy all customers are gone through twice: for the plan, and for the decisions.
    Raises NotFoundError when nobody has been scored, InputError where a budget meets customers of two currencies.
    """
    run = the_run(
        store,
        catalogue,
        policy,
        now,
        reading_model=reading_model,
        channel=channel,
        effects=effects,
        models=models,
        progress=progress,
    )
    return decide_run(run, dry_run=dry_run, progress=progress)


def decide_run(
    run: "Run", *, dry_run: bool = False, progress: Callable[[Progress], None] = lambda _: None
) -> DecidingReport:
    """As `decide_all`, for a run that is put together already."""
    store, now = run.store, run.now
    with store.read() as session:
        parameters = run.parameters(session)
    if dry_run:
        found = run.summed()
        return _summary(0, found.spread, now.date(), found.as_json(), repeated=False)
    with store.write() as session:
        job = _begin(session, parameters, now)
        _keep_rules(session, run.catalogue, run.policy, now)
    repeated = job.state is JobState.DONE
    if not repeated:
        _decide_and_keep(run, job.id, progress)
    with store.read() as session:
        kept = SettingsRepository(session).get(f"{PLAN}{job.id}") or {}
        spread = DecisionRepository(session).spread(job.id)
    return _summary(job.id, spread, now.date(), kept, repeated=repeated)


def evaluate_decisions(store: Store, policy: DecisionPolicy) -> Json:
    """How the newest decisions are spread, and what effect the holdout can show.

    Raises NotFoundError when nothing has been decided.
    """
    with store.read() as session:
        decisions = DecisionRepository(session)
        job = decisions.current_job()
        if job is None:
            raise NotFoundError("Nothing has been decided yet.", hint="Run `mainstay decide` first.")
        spread = decisions.spread(job)
        newest = ModelVersionRepository(session).latest("churn")
    summary = _summary(job, spread, policy_day(store), {}, repeated=True)
    held = summary.held_out
    # Customers who were stopped after the split belong to their side of it.
    treated = sum(count for (_, rule), count in spread.items() if rule in AFTER_THE_SPLIT)
    base_rate = float(newest.card["base_rate"]) if newest else 0.0
    share = held / (held + treated) if held + treated else 0.0
    effect = minimum_detectable_effect(held + treated, base_rate, share) if 0 < share < 1 else float("inf")
    return {
        "decided": summary.decided,
        "offers": summary.offers,
        "blocked": summary.blocked,
        "holdout": {"customers": held, "share": round(share, 4), "planned_share": policy.holdout_share},
        "treated": treated,
        "base_rate": round(base_rate, 4),
        "minimum_detectable_effect": round(effect, 4) if math.isfinite(effect) else None,
        "sample_ratio_p_value": round(sample_ratio_p_value(held, treated, policy.holdout_share), 4),
    }


def policy_day(store: Store) -> date:
    """The day of the newest deciding job."""
    with store.read() as session:
        job = JobRepository(session).latest_done("decide")
    if job is None:
        raise NotFoundError("Nothing has been decided yet.", hint="Run `mainstay decide` first.")
    return date.fromisoformat(str(job.parameters["today"]))


def _begin(session: Session, parameters: Json, now: datetime) -> JobInfo:
    """The job of these parameters; a new one where others have been decided since and these have come back."""
    jobs = JobRepository(session)
    job, current = jobs.begin("decide", parameters, now), DecisionRepository(session).current_job()
    if job.state is JobState.DONE and job.id != current:
        return jobs.begin("decide", {**parameters, "after": current}, now)
    return job


def _keep_rules(session: Session, catalogue: Catalogue, policy: DecisionPolicy, now: datetime) -> None:
    """Keep catalogue and policy once, so that every decision can be replayed; make the catalogue the active one."""
    rules = {"catalogue": catalogue.as_json(), "policy": policy.as_json()}
    SettingsRepository(session).put(RULES + digest(rules), rules)
    OfferRepository(session).replace(
        [
            OfferRecord(
                offer.code,
                digest(offer.model_dump(mode="json"))[:12],
                offer.name,
                offer.offer_type,
                offer.model_dump(mode="json", exclude_defaults=True),
            )
            for offer in catalogue.offers
        ],
        now,
    )


def the_run(
    store: Store,
    catalogue: Catalogue,
    policy: DecisionPolicy,
    now: datetime,
    *,
    reading_model: str | None = None,
    channel: Channel = Channel.EMAIL,
    effects: Effects | None = None,
    models: ModelStore | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> "Run":
    """A run over the customers of the newest scoring job; without `effects` those that the holdout has shown.

    See `effects_for_deciding` for what the holdout must have shown; with `models` what was fitted is kept there.

    Raises NotFoundError when nobody has been scored.
    """
    with store.read() as session:
        score_job = ScoreRepository(session).current_job()
    if score_job is None:
        raise NotFoundError("Nobody has been scored yet.", hint="Run `mainstay score` first.")
    if effects is None and policy.weigh_by == "effects":
        keeping = Keeping(models, catalogue) if models else None
        effects = effects_for_deciding(store, policy, now, keeping=keeping, progress=progress)
    bandit = taught_bandit(store, catalogue, policy, now) if policy.explore_share else None
    return Run(store, score_job, catalogue, policy, now, reading_model, channel, effects, bandit)


@dataclass(frozen=True, slots=True)
class Run:
    """All that one run of deciding reads and decides by."""

    store: Store
    score_job: int
    catalogue: Catalogue
    policy: DecisionPolicy
    now: datetime
    reading_model: str | None
    channel: Channel
    effects: Effects | None = None
    bandit: OfferBandit | None = None

    def parameters(self, session: Session) -> Json:
        """What makes this run the same work as another one."""
        return {
            "score_job": self.score_job,
            "rules": digest({"catalogue": self.catalogue.as_json(), "policy": self.policy.as_json()}),
            "channel": self.channel.value,
            "today": self.now.date().isoformat(),
            "contacts": queries.contact_fingerprint(session),
            "reading_model": self.reading_model,
            **({"effects": self.effects.source} if self.effects else {}),
            **({"bandit": self.bandit.source} if self.bandit else {}),
        }

    def decided(self, plan: "RunPlan") -> Iterator[DecisionBatch]:
        """Decisions in batches of customers; no transaction is held while they are made."""
        allocation = plan.allocation
        return self._decided(self.policy, allocation.rationing if allocation else None, plan.exploring)

    def plan(self) -> "RunPlan":
        """What the policy's limits and its exploration come to over all customers."""
        if not self.policy.limits and self.bandit is None:
            return RunPlan()
        options, prospects, currencies = [], [], set[str]()
        for batch in self._decided(self.policy.unlimited):
            options.append(batch.options().wanted())
            currencies |= batch.currencies()
            if self.bandit is not None:
                found = batch.prospects(self.policy.volumes)
                prospects.append(found.take(found.eligible))
        if self.policy.budget is not None and len(currencies) > 1:
            raise InputError(
                f"A budget is in one currency; offers to these customers cost {' and '.join(sorted(currencies))}.",
                hint="Limit how often offers may be made instead (--limit CODE=NUMBER).",
            )
        limits, exploring = self.policy.limits, None
        if self.bandit is not None and prospects:
            name, share = self.policy.experiment, self.policy.explore_share
            exploring = explored(self.bandit, name, share, joined_prospects(prospects), self.policy.budget)
            limits = limits.without(exploring.spend)
        return RunPlan(allocate(joined(options), limits) if options and limits else None, exploring)

    def summed(self) -> "PlanSums":
        """What would be decided, in sums; however many customers there are, one batch of them is held at a time."""
        plan = self.plan()
        sums = PlanSums(self.policy, plan)
        for batch in self.decided(plan):
            sums.add(batch.table())
        return sums

    def table(self) -> tuple[pd.DataFrame, Json]:
        """What would be decided, one line per customer, and the plan in sums."""
        plan = self.plan()
        sums = PlanSums(self.policy, plan)
        tables = []
        for batch in self.decided(plan):
            tables.append(batch.table())
            sums.add(tables[-1])
        return pd.concat(tables) if tables else pd.DataFrame(), sums.as_json()

    def _decided(
        self, policy: DecisionPolicy, rationing: Rationing | None = None, exploring: Exploring | None = None
    ) -> Iterator[DecisionBatch]:
        with self.store.read() as session:
            since = self.now - timedelta(days=queries.RECENT_DAYS)
            moods = queries.last_readings(session, self.reading_model, since) if self.reading_model else {}
            made = pd.DataFrame(queries.contacts(session), columns=list(queries.CONTACT_COLUMNS))
            suppressed = pd.DataFrame(queries.suppressions(session), columns=list(queries.SUPPRESSION_COLUMNS))
            ladder = plan_ladder(session, self.score_job)
        after, knows_addresses = 0, None
        while True:
            with self.store.read() as session:
                rows = queries.scored_customers(session, self.score_job, after, CHUNK)
            if not rows:
                return
            after = rows[-1][-1]
            frame = customer_frame(rows, moods)
            if knows_addresses is None:
                knows_addresses = bool(frame["email"].notna().any())
            frame["has_email"] = frame["email"].notna() if knows_addresses else None
            yield decide(
                frame.drop(columns=["email", "key"]),
                self.catalogue,
                policy,
                today=self.now.date(),
                channel=self.channel,
                contacts=made,
                suppressions=suppressed,
                ladder=ladder,
                effects=self.effects,
                embed_rules=False,
                rationing=rationing,
                exploring=exploring,
            )


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What was planned over all customers before any decision: limits, and for whom offers are drawn."""

    allocation: Allocation | None = None
    exploring: Exploring | None = None


class PlanSums:
    """Adds up what a plan costs and is expected to bring, batch by batch; `spread` counts offers and rules."""

    def __init__(self, policy: DecisionPolicy, plan: RunPlan) -> None:
        self.policy, self.plan = policy, plan
        self.spread: Spread = Counter()
        self._drawn: Counter[str] = Counter()
        self._tones: Counter[str] = Counter()
        self._given_up = 0.0
        self._offered, self._leavers, self._saves = 0, 0.0, 0.0
        self._offers: dict[str, tuple[int, float, float]] = {}
        self._methods: Counter[str] = Counter()

    def add(self, table: pd.DataFrame) -> None:
        """Count the decisions of one batch."""
        self.spread.update(zip(table["offer_code"], table["blocked_by"], strict=True))
        self._methods.update(table["method"])
        self._drawn.update(table.loc[table["drawn"], "offer_code"])
        self._tones.update(table["tone"].dropna())
        self._given_up += float(table["given_up"].sum())
        made = table[table["offer_type"] != OfferType.NONE.value]
        self._offered += len(made)
        self._leavers += float(made["churn_probability"].sum())
        self._saves += float(made["saves"].sum())
        for code, group in made.groupby("offer_code", sort=False):
            known = self._offers.get(str(code), (0, 0.0, 0.0))
            sums = (len(group), float(group["spend"].sum()), float(group["priority"].sum()))
            self._offers[str(code)] = (known[0] + sums[0], known[1] + sums[1], known[2] + sums[2])

    def as_json(self) -> Json:
        """Rows by offer, the methods, and the limits where there are any."""
        rows = [
            {"offer": code, "customers": count, "spend": round(spend, 2), "expected_profit": round(profit, 2)}
            for code, (count, spend, profit) in sorted(self._offers.items(), key=lambda item: (-item[1][0], item[0]))
        ]
        plan: Json = {"rows": rows, "methods": dict(sorted(self._methods.items()))}
        if self._offered:
            share = self.policy.holdout_share
            customers = round(self._offered / (1 - share))
            base_rate, change = min(self._leavers / self._offered, 1.0), self._saves / self._offered
            plan["experiment"] = plan_holdout(customers, base_rate, share, change).as_json()
        if self.plan.exploring is not None:
            plan["exploration"] = {
                "share": self.policy.explore_share,
                "eligible": self.plan.exploring.eligible,
                "drawn_for": self.plan.exploring.drawn_for,
                "drawn": dict(self._drawn.most_common()),
                "tones": dict(self._tones.most_common()),
                "expected_profit_given_up": round(self._given_up, 2),
                "spent": round(self.plan.exploring.spend, 2),
                "learned_from": self.plan.exploring.source,
            }
        return plan | ({"limits": self.plan.allocation.as_json()} if self.plan.allocation else {})


def customer_frame(rows: Sequence[Sequence[Any]], moods: dict[int, tuple[str, str | None]]) -> pd.DataFrame:
    """The customers frame that decisions read, attributes included; enums become their text."""
    frame = pd.DataFrame(rows, columns=list(queries.CUSTOMER_COLUMNS), dtype=object)
    for name in ("status", "risk_band", "consent"):
        frame[name] = [None if value is None else getattr(value, "value", value) for value in frame[name]]
    read = [moods.get(key, (None, None)) for key in frame["key"]]
    frame["mood"] = [mood or None for mood, _ in read]
    frame["topic"] = [topic for _, topic in read]
    attributes = [json.loads(text or "{}") for text in frame.pop("attributes")]
    names = {name: None for document in attributes for name in document}
    extra = {name: [document.get(name) for document in attributes] for name in names if name not in frame.columns}
    return pd.concat([frame, pd.DataFrame(extra, dtype=object)], axis=1)


def plan_ladder(session: Session, score_job: int) -> PlanLadder:
    """Known plans with prices: those the company named, else what customers of each plan pay."""
    named = SettingsRepository(session).get("plans")
    if named is not None:
        company = SettingsRepository(session).company()
        return ladder_from_profile({**named, "currency": company.currency if company else None})
    rows = queries.scored_customers(session, score_job, 0, CHUNK * 4)
    frame = pd.DataFrame(rows, columns=list(queries.CUSTOMER_COLUMNS), dtype=object)
    return ladder_from_customers(frame) if frame["plan"].notna().any() else PlanLadder()


def _decide_and_keep(run: Run, job_id: int, progress: Callable[[Progress], None]) -> None:
    store, now, done = run.store, run.now, 0
    plan = run.plan()
    sums = PlanSums(run.policy, plan)
    known: list[str] = []

    def chunks() -> Iterator[list[Decision]]:
        for batch in run.decided(plan):
            sums.add(batch.table())
            for start in range(0, len(batch), 500):
                yield [batch.decision(row) for row in range(start, min(start + 500, len(batch)))]

    with rarer_collections():
        for session, decisions in store.write_chunks(chunks()):
            if DecisionRepository(session).add_many(job_id, decisions, now) < len(decisions):
                known += [decision.decision_id for decision in decisions]
            done += len(decisions)
            JobRepository(session).advance(job_id, done, 0, now)
            progress(Progress("decide", done, None))
    with store.write() as session:
        DecisionRepository(session).take_over(job_id, known)
        SettingsRepository(session).put(f"{PLAN}{job_id}", sums.as_json())
        JobRepository(session).finish(job_id, JobState.DONE, now)


def _summary(job_id: int, spread: Spread, today: date, plan: Json, *, repeated: bool) -> DecidingReport:
    offers, blocked = Counter[str](), Counter[str]()
    for (code, rule), count in sorted(spread.items(), key=str):
        offers[code] += count
        if rule:
            blocked[rule] += count
    return DecidingReport(
        job_id=job_id,
        decided=spread.total(),
        offers=dict(offers.most_common()),
        blocked=dict(blocked.most_common()),
        held_out=blocked.get("holdout", 0),
        today=today,
        repeated=repeated,
        plan=plan,
    )
