"""What passed between a company and a customer, in the order of time: letters, chats, outcomes, rules, decisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import ChurnScore, Consent, Conversation, DecisionRow, Draft, DraftStep, Outcome, Suppression
from db.queries.reporting import offer_names
from db.repositories.contacts import ContactRepository
from db.repositories.scores import ScoreRepository
from db.vocabulary import Arm, DraftState


class Kind(StrEnum):
    """What a line of a history is about."""

    LETTER = "letter"
    CHAT = "chat"
    OUTCOME = "outcome"
    RULE = "rule"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """Something that happened: when, of which kind, a word for it, and a text that somebody wrote."""

    at: datetime
    kind: Kind
    word: str
    text: str = ""


def customer_history(session: Session, key: int, customer_id: str, limit: int = 60) -> list[HistoryItem]:
    """The history of a customer, newest first."""
    found = [
        *_letters(session, key),
        *_chats(session, key),
        *_outcomes(session, key),
        *_rules(session, key),
        *_decisions(session, key),
        *(
            HistoryItem(at, Kind.RULE, "kept back", sentence)
            for at, _, sentence in ContactRepository(session).kept_back(customer_id)
        ),
    ]
    # Of what happened at the same moment, that which follows from the other comes last in `found`.
    return sorted(found, key=lambda item: item.at)[::-1][:limit]


def average_times(session: Session) -> tuple[float | None, float | None, float | None]:
    """The mean chance to leave within 30, 60 and 90 days over all customers; None where churn has no dates."""
    job = ScoreRepository(session).current_job()
    means = (func.avg(ChurnScore.churn_30), func.avg(ChurnScore.churn_60), func.avg(ChurnScore.churn_90))
    row = session.execute(select(*means).where(ChurnScore.job_id == job)).one()
    return row[0], row[1], row[2]


def _letters(session: Session, key: int) -> Iterator[HistoryItem]:
    drafts = select(Draft.created_at, Draft.subject, Draft.state).where(Draft.customer_id == key)
    for at, subject, _ in session.execute(drafts):
        yield HistoryItem(at, Kind.LETTER, "drafted", subject)
    steps = (
        select(DraftStep.at, DraftStep.to_state, DraftStep.reason, Draft.subject)
        .join(Draft, Draft.id == DraftStep.draft_id)
        .where(Draft.customer_id == key, DraftStep.to_state != DraftStep.from_state)
    )
    for at, state, reason, subject in session.execute(steps):
        word = "sent out" if state is DraftState.EXPORTED else state.value.replace("_", " ")
        yield HistoryItem(at, Kind.LETTER, word, f"{subject} ({reason})" if reason else subject)


def _chats(session: Session, key: int) -> Iterator[HistoryItem]:
    query = select(Conversation).where(Conversation.customer_id == key)
    for row in session.scalars(query):
        text = ("1 turn" if row.turns == 1 else f"{row.turns} turns") + (
            f": {row.handoff_reason}" if row.handoff_reason else ""
        )
        yield HistoryItem(row.updated_at, Kind.CHAT, row.state.value.replace("_", " "), text)


def _outcomes(session: Session, key: int) -> Iterator[HistoryItem]:
    for row in session.scalars(select(Outcome).where(Outcome.customer_id == key)):
        yield HistoryItem(row.occurred_at, Kind.OUTCOME, row.kind.value)


def _rules(session: Session, key: int) -> Iterator[HistoryItem]:
    for row in session.scalars(select(Suppression).where(Suppression.customer_id == key)):
        yield HistoryItem(row.since, Kind.RULE, row.reason.value.replace("_", " "), f"by {row.source}")
    for consent in session.scalars(select(Consent).where(Consent.customer_id == key)):
        word = f"{consent.channel.value} {consent.status.value}"
        yield HistoryItem(consent.recorded_at, Kind.RULE, word, f"by {consent.source}")


def _decisions(session: Session, key: int) -> Iterator[HistoryItem]:
    query = select(DecisionRow.decided_on, DecisionRow.offer_code, DecisionRow.arm).where(
        DecisionRow.customer_id == key
    )
    names = offer_names(session)
    for day, code, arm in session.execute(query):
        word = "held out" if arm is Arm.HOLDOUT else "no offer" if code == "none" else "offer"
        name = "" if code == "none" else names.get(code) or code.replace("-", " ")
        yield HistoryItem(_start(day), Kind.DECISION, word, name)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
