"""What is at stake today and what to do about it: money at risk, leavers, queues, mood, model; each with its list."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from db.errors import StoreBusyError
from db.queries.customers import CustomerFilter, count_customers
from db.queries.overview import Overview, leaver_sums, overview
from db.queries.reporting import main_reader
from db.queries.today import (
    Queue,
    ScoresThen,
    WeekOfMoods,
    handed_off,
    observation_date,
    offers_without_letter,
    scores_before,
    weeks_of_moods,
)
from db.repositories.drafts import DraftRepository
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.scores import ScoreRepository
from db.vocabulary import DraftState, Json
from db.waiting import overdue

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from analytics.evaluation.counts import CountInterval
    from bot.wiring import Services

WEEKS = 8
LEAVERS_DAYS = 30
STALE_DAYS = 45
"""A forecast from a model this old is worth training anew."""

NAME_SENDER = "`mainstay init --company NAME --support-email ADDRESS --postal-address TEXT`"

UNHAPPY = "mood = negative"
TO_WRITE_TO = 'offer is known and offer != "none" and draft is unknown'
WAITING = "conversation = handed_off and (handoff is unknown or handoff != taken)"
"""The audiences behind three figures: they count exactly the customers that their lists show."""


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """How far the newest forecaster can be trusted, as measured on customers it had not seen."""

    version: str
    trained_on: date
    age_days: int
    scored_on: date | None
    auc: float | None
    calibration_error: float | None
    figures_of: str

    @property
    def advice(self) -> str:
        """What to do about the model; empty where it may stay as it is."""
        if self.age_days > STALE_DAYS:
            return f"trained {self.age_days} days ago: forecast anew"
        return ""


@dataclass(frozen=True, slots=True)
class Today:
    """The state of a store for the person whose day begins."""

    day: date
    company: str
    seen: Overview
    before: ScoresThen | None
    leavers: "CountInterval | None"
    leavers_days: int | None
    to_write_to: int
    drafts: dict[DraftState, int]
    queue: Queue
    moods: Sequence[WeekOfMoods]
    unhappy: int
    model: ModelHealth | None
    sender_is_named: bool = True

    @property
    def risk_change(self) -> float | None:
        """Revenue at risk now less that of the scores before; None where there are none."""
        return None if self.before is None else self.seen.revenue_at_risk - self.before.totals.revenue_at_risk

    def as_json(self) -> Json:
        """The day as a JSON object."""
        leavers = self.leavers
        return {
            "day": self.day,
            "customers": self.seen.active,
            "currency": self.seen.currency,
            "revenue_at_risk": round(self.seen.revenue_at_risk, 2),
            "revenue_at_risk_before": round(self.before.totals.revenue_at_risk, 2) if self.before else None,
            "before": self.before.observed_on if self.before else None,
            "leavers": None if leavers is None else {"days": self.leavers_days, **leavers.as_json()},
            "to_write_to": self.to_write_to,
            "drafts": {state.value: size for state, size in self.drafts.items()},
            "handed_off": [asdict(one) for one in self.queue.first],
            "waiting_for_a_person": self.queue.size,
            "with_a_person": self.queue.with_person,
            "unhappy_customers": self.unhappy,
            "weeks": [
                {"ends_on": week.ends_on, "messages": week.messages, "unhappy": week.unhappy} for week in self.moods
            ],
            "model": asdict(self.model) if self.model else None,
            "sender_is_named": self.sender_is_named,
        }

    def lines(self) -> Iterator[str]:
        """The day as plain lines."""
        seen, unit = self.seen, self.seen.currency or ""
        yield f"{self.company or 'Today'}, {self.day:%d %B %Y}: {seen.active:,} customers"
        yield f"Revenue at risk: {seen.revenue_at_risk:,.0f} {unit}".rstrip() + self._change()
        if self.leavers is not None:
            within = f" in the next {self.leavers_days} days" if self.leavers_days else ""
            spread = f"{self.leavers.low:,} to {self.leavers.high:,}"
            yield f"Expected leavers{within}: {self.leavers.expected:,.0f} ({spread})"
        if not self.sender_is_named:
            yield f"Nobody is named as the sender, so that letters cannot leave: {NAME_SENDER}"
        yield f"Customers with an offer and no letter yet: {self.to_write_to:,}"
        yield f"Drafts to review: {self.drafts.get(DraftState.NEEDS_REVIEW, 0):,}"
        yield f"Approved letters to export: {self.drafts.get(DraftState.APPROVED, 0):,}"
        yield f"Conversations waiting for a person: {self.queue.size:,}{self._queue()}"
        yield f"Customers whose last message was unhappy: {self.unhappy:,}"
        if self.model is not None:
            auc = "" if self.model.auc is None else f", AUC {self.model.auc:.3f}"
            yield f"Model: trained {self.model.age_days} days ago{auc}"

    def _queue(self) -> str:
        """What else there is to say of the queue: who is being talked to, and who was left alone."""
        back = [one for one in self.queue.first if one.was_with]
        told = [f"{len(back):,} back because nobody wrote to them"] if back else []
        told += [f"{self.queue.with_person:,} more with a person"] if self.queue.with_person else []
        return f" ({', '.join(told)})" if told else ""

    def _change(self) -> str:
        change, before = self.risk_change, self.before
        if change is None or before is None:
            return " (no earlier forecast to compare with)"
        return f" ({change:+,.0f} since {before.observed_on:%d %B})"


def today(services: "Services") -> Today:
    """Read the state of the store; loads no model. What waits for too long by now is noted first."""
    day = services.today()
    company = services.company
    with suppress(StoreBusyError):  # whoever looks next notes it
        overdue(services.store, services.now(), services.settings.patience)
    with services.store.read() as session:
        seen = overview(session)
        job = ScoreRepository(session).current_job()
        reader = main_reader(session)
        interval, days = _leavers(session, job, seen.scored) if job is not None and seen.scored else (None, None)
        return Today(
            day=day,
            company=company.company if company else "",
            seen=seen,
            before=scores_before(session),
            leavers=interval,
            leavers_days=days,
            to_write_to=offers_without_letter(session),
            drafts=DraftRepository(session).counts(),
            queue=handed_off(session),
            moods=weeks_of_moods(session, reader, day, WEEKS) if reader else (),
            unhappy=count_customers(session, CustomerFilter(audience=UNHAPPY)) if reader else 0,
            model=_health(session, job, day),
            sender_is_named=company is not None and company.can_write,
        )


def _leavers(session: "Session", job: int, scored: int) -> "tuple[CountInterval, int | None]":
    """Who is expected to leave, with an interval that covers the model's own error where it was kept."""
    from analytics.evaluation.counts import count_interval

    sums = leaver_sums(session, job)
    record = ModelVersionRepository(session).latest("churn")
    timing = (record.metrics.get("survival") or {}) if record else {}
    spread = None
    if sums.days is not None and timing.get("date_spread") and timing.get("period_days"):
        places = timing["date_spread"]
        spread = float(places[min(-(-sums.days // int(timing["period_days"])), len(places)) - 1])
    return (
        count_interval(sums.mean, sums.variance, sums.third_moment, scored, log_odds_spread=spread),
        sums.days,
    )


def _health(session: "Session", job: int | None, day: date) -> ModelHealth | None:
    record = ModelVersionRepository(session).latest("churn")
    if record is None:
        return None
    trained = record.created_at.date()
    auc, error = record.metrics.get("auc"), record.metrics.get("ece")
    return ModelHealth(
        version=record.version,
        trained_on=trained,
        # The store's clock may stand at a day of its own, before the day on which the model was made.
        age_days=max(0, (day - trained).days),
        scored_on=observation_date(session, job),
        auc=float(auc) if isinstance(auc, int | float) else None,
        calibration_error=float(error) if isinstance(error, int | float) else None,
        figures_of=str(record.metrics.get("protocol", "")),
    )
