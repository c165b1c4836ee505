"""What a working day begins with: scores of last week, moods by week, people who wait for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from db.models import (
    ChurnScore,
    Conversation,
    Customer,
    DecisionRow,
    Draft,
    DraftStep,
    Handoff,
    Job,
    Message,
    MessageReading,
)
from db.queries.newest import likeliest_mood
from db.queries.overview import ScoreTotals, score_totals
from db.queries.roster import roster_stamp
from db.repositories.decisions import DecisionRepository
from db.repositories.scores import ScoreRepository
from db.vocabulary import ConversationState, CustomerStatus, Direction, HandoffState, JobState, Sentiment

JOBS_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class ScoresThen:
    """The totals of an earlier scoring job and its observation date."""

    observed_on: date
    totals: ScoreTotals


@dataclass(frozen=True, slots=True)
class WeekOfMoods:
    """How many of the messages of customers in the week that ends on a day were in which mood."""

    ends_on: date
    moods: dict[Sentiment, int]

    @property
    def messages(self) -> int:
        """How many messages were read."""
        return sum(self.moods.values())

    @property
    def unhappy(self) -> float | None:
        """The share of unhappy messages, None without messages."""
        return self.moods.get(Sentiment.NEGATIVE, 0) / self.messages if self.messages else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for a person; `was_with` names one who had it and fell silent."""

    conversation_id: int
    customer_id: str
    name: str
    reason: str
    since: datetime
    was_with: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """The conversations that wait for a person, longest waiting first, how many there are, and how many have one.

    `first` are at most so many as were asked for.
    """

    first: Sequence[Waiting] = ()
    size: int = 0
    with_person: int = 0


def day_stamp(session: Session) -> tuple[object, ...]:
    """Changes whenever something happens that the day is told of, whoever brought it about."""
    return (
        handed_off(session),
        *roster_stamp(session),
        session.scalar(select(func.max(Draft.id))),
        session.scalar(select(func.max(DraftStep.id))),
    )


def observation_date(session: Session, job_id: int | None) -> date | None:
    """The day as of which a job scored."""
    return session.scalar(select(ChurnScore.observation_date).where(ChurnScore.job_id == job_id).limit(1))


def scores_before(session: Session, days: int = 7) -> ScoresThen | None:
    """The newest scores at least `days` older than the current ones, else the oldest ones of an earlier day."""
    current = ScoreRepository(session).current_job()
    now = observation_date(session, current)
    if current is None or now is None:
        return None
    jobs = select(Job.id).where(Job.kind == "score", Job.state == JobState.DONE, Job.id < current)
    found: tuple[int, date] | None = None
    for job_id in session.scalars(jobs.order_by(Job.id.desc()).limit(JOBS_LOOKED_AT)):
        day = observation_date(session, job_id)
        if day is None or day >= now:
            continue
        found = (job_id, day)
        if day <= now - timedelta(days=days):
            break
    return None if found is None else ScoresThen(found[1], score_totals(session, found[0]))


def offers_without_letter(session: Session) -> int:
    """How many customers were decided an offer for and never written to; those of the audience of that name."""
    written_to = select(Draft.customer_id).distinct()
    query = (
        select(func.count())
        .select_from(DecisionRow)
        .join(Customer, Customer.id == DecisionRow.customer_id)
        .where(
            DecisionRow.job_id == DecisionRepository(session).current_job(),
            DecisionRow.offer_code != "none",
            Customer.status == CustomerStatus.ACTIVE,
            Customer.id.not_in(written_to),
        )
    )
    return session.scalar(query) or 0


def weeks_of_moods(session: Session, model: str, last: date, weeks: int) -> list[WeekOfMoods]:
    """The moods of customers' messages in the weeks up to a day, oldest first, as one model read them."""
    first = last - timedelta(days=7 * weeks - 1)
    day = func.substr(cast(Message.sent_at, Text), 1, 10)
    mood = likeliest_mood()
    rows = session.execute(
        select(day, mood, func.count())
        .select_from(Message)
        .join(MessageReading, and_(MessageReading.message_id == Message.id, MessageReading.model == model))
        .where(Message.direction == Direction.INBOUND, day >= first.isoformat(), day <= last.isoformat())
        .group_by(day, mood)
    )
    found = [WeekOfMoods(first + timedelta(days=7 * place + 6), {}) for place in range(weeks)]
    for text, name, count in rows:
        moods = found[(date.fromisoformat(text) - first).days // 7].moods
        moods[Sentiment(name)] = moods.get(Sentiment(name), 0) + count
    return found


def handed_off(session: Session, limit: int = 200) -> Queue:
    """The conversations that wait for a person; one that a person has does not wait."""
    newest = (
        select(func.max(Handoff.id))
        .where(Handoff.conversation_id == Conversation.id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    joined = (
        select(Conversation, Customer, Handoff)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Handoff, Handoff.id == newest)
        .where(Conversation.state == ConversationState.HANDED_OFF)
    )
    waits = or_(Handoff.id.is_(None), Handoff.state != HandoffState.TAKEN)
    since = func.coalesce(Handoff.asked_at, Conversation.updated_at)
    rows = session.execute(joined.where(waits).order_by(since, Conversation.id).limit(limit))
    found = [_waiting(*row) for row in rows]
    count = joined.with_only_columns(func.count(), maintain_column_froms=True)
    taken = session.scalar(count.where(Handoff.state == HandoffState.TAKEN)) or 0
    size = len(found) if len(found) < limit else session.scalar(count.where(waits)) or 0
    return Queue(tuple(found), size, taken)


def _waiting(conversation: Conversation, customer: Customer, handoff: Handoff | None) -> Waiting:
    back = (handoff.dossier.get("came_back") or {}) if handoff is not None else {}
    return Waiting(
        conversation_id=conversation.id,
        customer_id=customer.external_id,
        name=" ".join(part for part in (customer.first_name, customer.last_name) if part) or customer.external_id,
        reason=conversation.handoff_reason or "",
        since=handoff.asked_at if handoff is not None else conversation.updated_at,
        was_with=back.get("by"),
    )
