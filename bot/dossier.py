"""Everything about one customer on one page: forecast, reasons, value, decision and why, contacts, drafts, words."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from analytics.decisions.trace import explain
from analytics.segments import RESPONSES, response_of
from db.queries.customers import CustomerDetail, customer_detail, mood_of
from db.queries.reporting import offer_names
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository, DraftView
from db.repositories.messages import MessageRepository, MessageView
from db.repositories.scores import NO_TIMES, CustomerScore, ScoreRepository
from db.repositories.settings import SettingsRepository
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind, Decision, DraftState, Json, Reason, RiskBand

if TYPE_CHECKING:
    from analytics.artifacts import ModelStore
    from analytics.jobs.scoring import Scorer
    from db.session import Store

MESSAGES_SHOWN = 12
DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of one customer; `trace` tells in sentences why this offer (by its code) and not another."""

    customer: CustomerDetail
    score: CustomerScore | None
    reasons: tuple[Reason, ...]
    decision: Decision | None
    trace: tuple[str, ...]
    messages: tuple[MessageView, ...]
    drafts: tuple[DraftView, ...]
    outcomes: tuple[tuple[datetime, str, str | None], ...]
    suppressions: tuple[str, ...]
    kept_back: tuple[tuple[datetime, str, str], ...] = ()
    definition: ChurnDefinition | None = None
    offer_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def trace_by_name(self) -> list[str]:
        """The trace with offers called as in the catalogue, for who does not work with codes."""
        return explain(self.decision, self.offer_names) if self.decision else []

    @property
    def open_letter(self) -> DraftView | None:
        """The newest letter that has not left and was not rejected."""
        still = [one for one in self.drafts if one.state in (DraftState.NEEDS_REVIEW, DraftState.APPROVED)]
        return max(still, key=lambda one: one.id, default=None)

    def as_json(self) -> Json:
        """The dossier as a JSON object."""
        score = self.score
        return {
            "customer": asdict(self.customer),
            "churn_probability": score.churn_probability if score else None,
            "risk_band": score.risk_band if score else None,
            "revenue_at_risk": score.revenue_at_risk if score else None,
            "residual_value": score.residual_value if score else None,
            **(score.times if score else NO_TIMES)._asdict(),
            "timing_model": score.timing_model if score else None,
            "churn_horizon_days": self.definition.churn_horizon_days if self.definition else None,
            "lead_time_days": self.definition.lead_time_days if self.definition else None,
            "model_id": score.model_version if score else None,
            "observation_date": score.observation_date if score else None,
            "reasons": [asdict(reason) for reason in self.reasons],
            "decision": self.decision.as_json() if self.decision else None,
            "why": list(self.trace),
            "response_type": response_of(self.decision) if self.decision else None,
            "messages": [asdict(message) for message in self.messages],
            "drafts": [{"id": one.id, "state": one.state, "subject": one.subject} for one in self.drafts],
            "outcomes": [{"at": at, "kind": kind, "decision_id": decision} for at, kind, decision in self.outcomes],
            "suppressions": list(self.suppressions),
            "kept_back": [{"at": at, "rule": rule, "sentence": why} for at, rule, why in self.kept_back],
        }

    def lines(self) -> Iterator[str]:
        """The dossier as plain lines."""
        yield from self._who()
        yield from self._risk()
        yield ""
        yield "Decision"
        yield from (f"  {sentence}" for sentence in self.trace or ("Nothing has been decided yet.",))
        kind = response_of(self.decision) if self.decision else None
        if kind is not None:
            yield f"  Response to offers: {kind.replace('_', ' ')} – {RESPONSES[kind]}."
        if self.suppressions:
            yield f"  Not to be contacted: {', '.join(self.suppressions)}"
        for at, rule, why in self.kept_back[:3]:
            yield f"  Not contacted on {at:%d %B %Y} because {why[:1].lower()}{why[1:]} (rule {rule})"
        if self.messages:
            yield ""
            by = sorted({message.read_by for message in self.messages[:5] if message.read_by})
            yield "Messages, newest first" + (f" (moods as read by {', '.join(by)})" if by else "")
            for message in self.messages[:5]:
                yield f"  {message.sent_at:%Y-%m-%d} {message.direction.value}{_mood(message)}: {_short(message.text)}"
        for draft in self.drafts:
            yield f"Draft {draft.id} ({draft.state.value.replace('_', ' ')}): {draft.subject}"

    def _who(self) -> Iterator[str]:
        customer = self.customer
        yield f"{customer.name} ({customer.customer_id})"
        parts = [
            customer.plan,
            None
            if customer.monthly_revenue is None
            else f"{customer.monthly_revenue:,.2f} {customer.currency or ''}".rstrip() + " a month",
            None if customer.tenure_months is None else f"{customer.tenure_months:.0f} months with us",
            customer.status.value,
        ]
        yield "  " + ", ".join(part for part in parts if part)

    def _risk(self) -> Iterator[str]:
        score = self.score
        yield ""
        if score is None:
            yield "Forecast: not scored."
            return
        yield (
            f"Forecast: {score.churn_probability:.0%} will leave{within(self.definition)} "
            f"({score.risk_band.value} risk), as of {score.observation_date:%d %B %Y}, {score.model_version}"
        )
        if score.revenue_at_risk is not None:
            yield f"  Revenue at risk {score.revenue_at_risk:,.2f}, residual value {score.residual_value or 0:,.2f}"
        for words, text in timing(score):
            yield f"  {words} {text}"
        yield "Drivers in the model (what goes along with it, not what causes it)"
        for reason in self.reasons:
            yield f"  {'raises' if reason.raises else 'lowers'}: {reason.sentence}"


def within(definition: ChurnDefinition | None) -> str:
    """The churn horizon in words, nothing where churn is a label without dates."""
    if definition is None or definition.kind is ChurnDefinitionKind.LABEL:
        return ""
    lead = f", after a lead time of {definition.lead_time_days}" if definition.lead_time_days else ""
    return f" within {definition.churn_horizon_days} days{lead}"


def timing(score: CustomerScore) -> Iterator[tuple[str, str]]:
    """When a customer may leave, as pairs of words; nothing where churn is a label without dates."""
    times = score.times
    near = [
        (days, p) for days, p in ((30, times.churn_30), (60, times.churn_60), (90, times.churn_90)) if p is not None
    ]
    if near:
        yield "Leaves within", ", ".join(f"{days} days {_percent(p)}" for days, p in near)
    if times.churn_90 is not None and times.involuntary_90 is not None:
        chosen = _percent(times.churn_90 - times.involuntary_90)
        yield "Of 90 days", f"{chosen} by choice, {_percent(times.involuntary_90)} by failed payment"
    if times.expected_days is not None:
        assumed = "" if score.timing_model else ", if the risk stays as it is"
        yield "Expected to stay", f"{times.expected_days / DAYS_PER_MONTH:.0f} more months{assumed}"


def _percent(p: float) -> str:
    return f"{p:.1%}" if p < 0.095 else f"{p:.0%}"


def dossier(
    store: "Store", models: "ModelStore", customer_id: str, now: datetime, *, reading_model: str | None = None
) -> Dossier:
    """The dossier of a customer. Raises NotFoundError for an unknown id."""
    with store.read() as session:
        customer = customer_detail(session, customer_id)
        definition = SettingsRepository(session).churn_definition()
        score = ScoreRepository(session).current(customer_id)
        decision = DecisionRepository(session).latest_for(customer_id)
        messages = tuple(MessageRepository(session).of_customer(customer_id, model=reading_model, limit=MESSAGES_SHOWN))
        drafts = tuple(DraftRepository(session).find(customer_id=customer_id))
        contacts = ContactRepository(session)
        outcomes = tuple((at, kind.value, made) for at, kind, made in contacts.outcomes(customer_id))
        suppressed = tuple(reason.value for _, reason in contacts.suppressions(customer_id, now))
        kept_back = tuple(contacts.kept_back(customer_id))
        names = offer_names(session)
    reasons = score.reasons if score else ()
    if score is not None and not reasons:
        reasons = _reasons_now(store, models, customer, now, reading_model)
    trace = tuple(explain(decision)) if decision else ()
    return Dossier(
        customer, score, reasons, decision, trace, messages, drafts, outcomes, suppressed, kept_back, definition, names
    )


def scorer_of(store: "Store", models: "ModelStore", now: datetime) -> "Scorer":
    """What forecasts a customer at any moment. Raises NotFoundError before training."""
    from analytics.jobs.scoring import load_scorer

    return load_scorer(store, models, now)


def risk_now(
    store: "Store", scorer: "Scorer", customer_id: str, *, reading_model: str | None = None
) -> tuple[float, RiskBand] | None:
    """The forecast of one customer from the rows as they are now; None for one who can no longer leave."""
    from analytics.jobs.frames import read_range
    from analytics.jobs.scoring import score_chunk

    with store.read() as session:
        key = customer_detail(session, customer_id).key
        chunk = read_range(session, key, key, with_history=scorer.needs_history, reading_model=reading_model)
    scored = score_chunk(scorer, chunk, 0.0)
    return (scored[0].churn_probability, scored[0].risk_band) if scored else None


def _reasons_now(
    store: "Store", models: "ModelStore", customer: CustomerDetail, now: datetime, reading_model: str | None
) -> tuple[Reason, ...]:
    """Reasons of a customer for whom none were kept."""
    from analytics.jobs.frames import read_range
    from analytics.jobs.scoring import explain_customer, load_scorer

    scorer = load_scorer(store, models, now)
    with store.read() as session:
        chunk = read_range(
            session, customer.key, customer.key, with_history=scorer.needs_history, reading_model=reading_model
        )
    return tuple(explain_customer(scorer, chunk))


def _mood(message: MessageView) -> str:
    if message.negative is None or message.neutral is None or message.positive is None:
        return ""
    return f", {mood_of(message.negative, message.neutral, message.positive).value}"


def _short(text: str, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
