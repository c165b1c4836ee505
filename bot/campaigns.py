"""A batch of e-mails: briefs from the ledger, guarded texts, drafts for review; resumable and never doubled."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from analytics.decisions.tones import tones_for
from bot.generation.brief import SURE_OF_INTENT, Brief
from bot.generation.brief_json import brief_to_json
from bot.generation.facts import fact_sheet
from bot.generation.letter import split_letter
from bot.generation.spending import Spent, spent_by
from bot.generation.verdicts import verdicts_of
from db.errors import NotFoundError
from db.queries import deciding as queries
from db.queries.campaign import Recipient, Selection, chunks, select_recipients
from db.queries.customers import customer_detail, mood_of
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository, NewDraft
from db.repositories.guard_verdicts import GuardVerdictRepository, NewVerdict
from db.repositories.jobs import JobRepository
from db.repositories.messages import MessageRepository, MessageView
from db.repositories.settings import SettingsRepository
from db.vocabulary import Channel, CompanyProfile, Direction, DraftState, JobState, Json, Progress, Sentiment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.generation.writer import Text, Writer
    from db.session import Store

    Letter = tuple[Recipient, Brief, Text]

CHUNK = 40
VARIANTS = ("a", "b")
MESSAGES_READ = 6


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What to draft. The same plan on the same decisions is the same campaign, however often it is run.

    `customers` are the ids of those who may be written to, anyone where it is empty.
    """

    top: int | None = 100
    where: str = ""
    backend: str = "template"
    seed: int = 0
    with_no_offer: bool = False
    customers: tuple[str, ...] = ()

    def parameters(self) -> Json:
        """The plan as the parameters of its job."""
        found = asdict(self)
        if not self.customers:
            del found["customers"]
        return found


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """What came of a campaign; `left_out` and `problems` count customers by rule and by problem.

    `spent` is what this run used of a writer that counts, such as a model server; None with any other.
    """

    job_id: int
    wanted: int
    drafted: int
    new: int
    withheld: int
    left_out: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    fell_back: int = 0
    attempts: int = 0
    spent: Spent | None = None

    def as_json(self) -> Json:
        """The report as a JSON object."""
        return asdict(self)


def draft_campaign(
    store: "Store",
    writer: "Writer",
    plan: CampaignPlan,
    now: datetime,
    *,
    reading_model: str | None = None,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> CampaignReport:
    """Draft an e-mail for every recipient of the plan that has none yet.

    Texts are written outside any transaction and kept in small ones, so a run that is killed goes on where it was.
    Raises NotFoundError when nothing has been decided.
    """
    with store.read() as session:
        decide_job = DecisionRepository(session).current_job()
        if decide_job is None:
            raise NotFoundError("Nothing has been decided yet.", hint="Run `mainstay decide` first.")
        if dry_run:
            selection = _select(session, decide_job, plan, None)
            return CampaignReport(0, len(selection.recipients), 0, 0, 0, selection.left_out)
    with store.write() as session:
        job = JobRepository(session).begin("draft", {**plan.parameters(), "decide_job": decide_job}, now)
    with store.read() as session:
        selection = _select(session, decide_job, plan, job.id)
        done = DraftRepository(session).drafted_keys(job.id)
        company = SettingsRepository(session).company()
    before = spent_by(writer.backend)
    left = [recipient for recipient in selection.recipients if recipient.key not in done]
    tally = _Tally(done=len(selection.recipients) - len(left), total=len(selection.recipients))
    for part in chunks(left, CHUNK):
        if cancelled():
            return _close(store, job.id, selection, tally, now, JobState.CANCELLED, _used(writer, before))
        letters = list(_write(store, writer, part, plan, company, now, reading_model, tally))
        verdicts = list(_verdicts(letters, job.id))
        for session, kept in store.write_chunks([[new_draft(*letter) for letter in letters]]):
            tally.new += DraftRepository(session).add_many(job.id, kept, now)
            GuardVerdictRepository(session).add_many(verdicts, now)
            tally.done += len(part)
            JobRepository(session).advance(job.id, tally.done, tally.withheld, now)
        progress(Progress("draft", tally.done, tally.total))
    return _close(store, job.id, selection, tally, now, JobState.DONE, _used(writer, before))


def _used(writer: "Writer", before: Spent | None) -> Spent | None:
    """What a writer that counts has used since."""
    after = spent_by(writer.backend)
    return None if after is None or before is None else after - before


@dataclass(slots=True)
class _Tally:
    done: int
    total: int
    new: int = 0
    withheld: int = 0
    fell_back: int = 0
    attempts: int = 0
    problems: Counter[str] = field(default_factory=Counter)


def _select(session: "Session", decide_job: int, plan: CampaignPlan, job_id: int | None) -> Selection:
    return select_recipients(
        session,
        decide_job,
        top=plan.top,
        where=plan.where,
        job_id=job_id,
        with_no_offer=plan.with_no_offer,
        customers=frozenset(plan.customers),
    )


def _close(
    store: "Store",
    job_id: int,
    selection: Selection,
    tally: _Tally,
    now: datetime,
    state: JobState,
    spent: Spent | None,
) -> CampaignReport:
    with store.write() as session:
        JobRepository(session).finish(job_id, state, now)
        drafted = len(DraftRepository(session).drafted_keys(job_id))
    return CampaignReport(
        job_id=job_id,
        wanted=len(selection.recipients),
        drafted=drafted,
        new=tally.new,
        withheld=tally.withheld,
        left_out=selection.left_out,
        problems=dict(tally.problems),
        fell_back=tally.fell_back,
        attempts=tally.attempts,
        spent=spent,
    )


def _write(
    store: "Store",
    writer: "Writer",
    recipients: Sequence[Recipient],
    plan: CampaignPlan,
    company: CompanyProfile | None,
    now: datetime,
    reading_model: str | None,
    tally: _Tally,
) -> Iterator["Letter"]:
    with store.read() as session:
        briefs = [brief_for(session, one, company, now, plan.seed, reading_model) for one in recipients]
    for recipient, brief, text in zip(recipients, briefs, writer.write_many(briefs), strict=True):
        tally.attempts += text.attempts
        tally.fell_back += text.fell_back
        if not text.released:
            tally.withheld += 1
            tally.problems[text.problem] += 1
        yield recipient, brief, text


def _verdicts(letters: Sequence["Letter"], job_id: int) -> Iterator[NewVerdict]:
    for recipient, brief, text in letters:
        yield from verdicts_of(text, brief.channel, customer_key=recipient.key, job_id=job_id)


def sample_briefs(
    store: "Store", count: int, seed: int, now: datetime, *, reading_model: str | None = None
) -> list[Brief]:
    """Briefs of at most `count` decided customers, spread over all offers. Raises NotFoundError without decisions."""
    with store.read() as session:
        decide_job = DecisionRepository(session).current_job()
        if decide_job is None:
            raise NotFoundError("Nothing has been decided yet.", hint="Run `mainstay decide` first.")
        everyone = select_recipients(session, decide_job, top=None, where="", job_id=None, with_no_offer=True)
        ordered = sorted(everyone.recipients, key=lambda one: stable_number(f"{seed}:{one.customer_id}"))
        company = SettingsRepository(session).company()
        return [brief_for(session, one, company, now, seed, reading_model) for one in ordered[:count]]


def brief_for(
    session: "Session",
    recipient: Recipient,
    company: CompanyProfile | None,
    now: datetime,
    seed: int,
    reading_model: str | None,
) -> Brief:
    """The brief of one letter: this customer's facts, decision, last words and mood."""
    customer = customer_detail(session, recipient.customer_id)
    decision = DecisionRepository(session).get(recipient.decision_id)
    if decision is None:
        raise NotFoundError(f"There is no decision {recipient.decision_id}.")
    read = [
        message
        for message in MessageRepository(session).of_customer(
            recipient.customer_id, model=reading_model, limit=MESSAGES_READ
        )
        if message.direction is Direction.INBOUND and (now - message.sent_at).days <= queries.RECENT_DAYS
    ]
    told = _told(read)
    chosen = stable_number(f"{plan_key(seed)}:{recipient.customer_id}")
    return Brief(
        channel=Channel.EMAIL,
        facts=fact_sheet(customer, company, now.date(), said=[told.text] if told else []),
        decision=decision.terms,
        tone=decision.tone or _tone(chosen, _mood(told)),
        language=customer.language or "en",
        topic=told.topic if told and told.topic not in queries.NO_TOPIC else None,
        intent=_intent(told),
        mood=_mood(told),
        variant=VARIANTS[chosen % len(VARIANTS)],
        seed=chosen % 2**31,
    )


def _tone(chosen: int, mood: Sentiment | None) -> str:
    tones = tones_for(mood)
    return tones[chosen // 7 % len(tones)]


def plan_key(seed: int) -> str:
    """The name under which a campaign's choices are drawn."""
    return f"campaign-{seed}"


def stable_number(text: str) -> int:
    """A number that depends on the text alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])


def _told(read: Sequence[MessageView]) -> MessageView | None:
    """The newest message that names a reason to leave, else the newest of all: what a letter answers."""
    naming = (message for message in read if message.topic and message.topic not in queries.NO_TOPIC)
    return next(naming, read[0] if read else None)


def _intent(told: MessageView | None) -> str | None:
    """The first intent of a message, where it was read with confidence."""
    first = next(iter(told.intents), None) if told else None
    return str(first["name"]) if first and first["confidence"] >= SURE_OF_INTENT else None


def _mood(told: MessageView | None) -> Sentiment | None:
    if told is None or told.negative is None:
        return None
    return mood_of(told.negative, told.neutral or 0.0, told.positive or 0.0)


def new_draft(recipient: Recipient, brief: Brief, text: "Text") -> NewDraft:
    """A guarded text, or the lack of one, as a draft to be kept."""
    subject, preheader, body = split_letter(text.text or "")
    report = text.report
    return NewDraft(
        customer_key=recipient.key,
        decision_id=recipient.decision_id,
        channel=Channel.EMAIL,
        state=DraftState.NEEDS_REVIEW if text.released else DraftState.WITHHELD,
        variant=brief.variant,
        backend=text.backend,
        attempts=text.attempts,
        subject=subject,
        preheader=preheader,
        body=body,
        brief=brief_to_json(brief),
        guard={
            "verdict": report.verdict.value if report else "refuse",
            "findings": [finding.as_json() for finding in report.findings] if report else [],
            "refused_before": len(text.refused),
            "problem": text.problem,
        },
    )
