"""The queue of conversations that wait for a person, are with one, or were."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from db.errors import NotFoundError, PolicyError
from db.models import Customer, Handoff, Turn
from db.repositories.contacts import ContactRepository
from db.vocabulary import HandoffOutcome, HandoffState, Json, Patience

UNDER_WAY = (HandoffState.WAITING, HandoffState.TAKEN)
MOST_LISTED = 200

RETURNED = "handoff_returned"
"""The audit action of a hand-off that waits again because the person who had it said nothing."""

WITHDRAWN = "The customer wanted no person after all."
"""The note of a hand-off that its customer took back."""

CLOCK = "clock"
"""Who does what time alone brings about, in the audit trail."""


@dataclass(frozen=True, slots=True)
class HandoffView:
    """A hand-off as it stands; `dossier` is what the bot had gathered when it passed the conversation on.

    `last_word_at` is when a person last wrote in the conversation. One that came back to the queue says in its
    dossier, under `came_back`, from whom (`by`), when (`at`), and whether the customer has been `told`.
    """

    id: int
    conversation_id: int
    customer_id: str
    state: HandoffState
    reason: str
    dossier: Json
    asked_at: datetime
    waits_until: datetime
    taken_at: datetime | None
    taken_by: str | None
    ended_at: datetime | None
    outcome: HandoffOutcome | None
    note: str | None
    last_word_at: datetime | None = None

    @property
    def quiet_since(self) -> datetime | None:
        """Since when the person who has it has written nothing; None where no person has it."""
        if self.state is not HandoffState.TAKEN or self.taken_at is None:
            return None
        return max(self.taken_at, self.last_word_at or self.taken_at)

    @property
    def was_with(self) -> str | None:
        """Who had it before it came back to the queue; None where it did not, or somebody has it again."""
        back = self.dossier.get("came_back") if self.state in (HandoffState.WAITING, HandoffState.TIMED_OUT) else None
        return str(back["by"]) if back else None

    @property
    def is_news(self) -> bool:
        """Whether it came back to the queue and the customer does not know yet."""
        return self.state is HandoffState.WAITING and not (self.dossier.get("came_back") or {"told": True})["told"]

    def has_lapsed(self, now: datetime, silence: timedelta) -> bool:
        """Whether a person has it who has written nothing for so long."""
        return self.quiet_since is not None and self.quiet_since + silence <= now

    def is_overdue(self, now: datetime) -> bool:
        """Whether it has waited longer than it may, or was marked so."""
        late = self.state is HandoffState.WAITING and self.waits_until <= now
        return late or self.state is HandoffState.TIMED_OUT


class HandoffRepository:
    """The hand-offs of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def ask(
        self, conversation_id: int, customer_id: str, reason: str, dossier: Json, now: datetime, until: datetime
    ) -> HandoffView:
        """Put a conversation in the queue; one that is in it already keeps its place."""
        known = self.of_conversation(conversation_id)
        if known is not None and known.state in UNDER_WAY:
            return known
        key = self.session.scalar(select(Customer.id).where(Customer.external_id == customer_id))
        if key is None:
            raise NotFoundError(f"There is no customer {customer_id}.")
        row = Handoff(
            conversation_id=conversation_id,
            customer_id=key,
            state=HandoffState.WAITING,
            reason=reason,
            dossier=dossier,
            asked_at=now,
            waits_until=until,
        )
        self.session.add(row)
        self.session.flush()
        return _view(row, customer_id)

    def get(self, handoff_id: int) -> HandoffView:
        """A hand-off by its number. Raises NotFoundError."""
        return _view(*self._row(handoff_id))

    def of_conversation(self, conversation_id: int) -> HandoffView | None:
        """The newest hand-off of a conversation."""
        row = self.session.execute(_newest(), {"conversation_id": conversation_id}).first()
        return None if row is None else _view(*row)

    def find(
        self, states: Collection[HandoffState] = UNDER_WAY, *, limit: int | None = MOST_LISTED, offset: int = 0
    ) -> list[HandoffView]:
        """The hand-offs in these states, longest wait first; at most `limit` of them, see `count`."""
        rows = self.session.execute(
            _views().where(Handoff.state.in_(states)).order_by(Handoff.id).limit(limit).offset(offset or None)
        )
        return [_view(*row) for row in rows]

    def count(self, states: Collection[HandoffState] = UNDER_WAY) -> int:
        """How many hand-offs are in these states."""
        query = select(func.count()).select_from(Handoff).where(Handoff.state.in_(states))
        return self.session.scalar(query) or 0

    def is_under_way(self, customer_id: str) -> bool:
        """Whether a conversation of this customer waits for a person or is with one."""
        found = self.session.scalar(
            select(Handoff.id)
            .join(Customer, Customer.id == Handoff.customer_id)
            .where(Customer.external_id == customer_id, Handoff.state.in_(UNDER_WAY))
            .limit(1)
        )
        return found is not None

    def counts(self) -> dict[HandoffState, int]:
        """How many hand-offs stand in each state."""
        rows = self.session.execute(select(Handoff.state, func.count()).group_by(Handoff.state))
        return {row[0]: row[1] for row in rows}

    def take(self, handoff_id: int, actor: str, now: datetime) -> HandoffView:
        """Give it to a person; one that waited too long may still be taken. Raises PolicyError where it is not free."""
        row, customer_id, _ = self._row(handoff_id, to_change=True)
        if row.state in (HandoffState.TAKEN, HandoffState.DONE):
            by = f" by {row.taken_by}" if row.taken_by else ""
            raise PolicyError(
                f"Hand-off {handoff_id} is {row.state.value}{by}.", hint="`mainstay handoffs list` shows what waits."
            )
        row.state, row.taken_by, row.taken_at, row.ended_at = HandoffState.TAKEN, actor, now, None
        return _view(row, customer_id)

    def time_out(self, handoff_id: int, now: datetime) -> None:
        """Note that nobody came in time; one that a person has meanwhile taken stays theirs."""
        row, *_ = self._row(handoff_id, to_change=True)
        if row.state is HandoffState.WAITING:
            row.state, row.ended_at = HandoffState.TIMED_OUT, now

    def withdraw(self, handoff_id: int, now: datetime) -> None:
        """End it for a customer who wants no person after all; one that somebody has taken stays theirs."""
        row, *_ = self._row(handoff_id, to_change=True)
        if row.state is HandoffState.WAITING:
            row.state, row.ended_at, row.note = HandoffState.DONE, now, WITHDRAWN

    def give_back(self, handoff_id: int, now: datetime, patience: Patience, *, told: bool = False) -> None:
        """Let it wait for a person again where the one who has it has been silent for too long.

        `told`: the customer hears of it in the same transaction, also where it waits again already.
        """
        row, customer_id, last_word_at = self._row(handoff_id, to_change=True)
        found = _view(row, customer_id, last_word_at)
        if found.has_lapsed(now, patience.silence):
            back = {"by": row.taken_by, "at": now.isoformat(), "told": told}
            row.state, row.waits_until = HandoffState.WAITING, now + patience.wait
            row.dossier, row.taken_by, row.taken_at = {**row.dossier, "came_back": back}, None, None
            details = {"was_with": found.taken_by, "quiet_since": str(found.quiet_since)}
            ContactRepository(self.session).audit(CLOCK, RETURNED, f"handoff:{handoff_id}", now, details)
        elif told and found.is_news:
            row.dossier = {**row.dossier, "came_back": {**row.dossier["came_back"], "told": True}}

    def close(
        self, handoff_id: int, outcome: HandoffOutcome, actor: str, now: datetime, *, note: str | None = None
    ) -> HandoffView:
        """End a hand-off with what came of it. Raises PolicyError for one that is over."""
        row, customer_id, _ = self._row(handoff_id, to_change=True)
        if row.state is HandoffState.DONE:
            raise PolicyError(f"Hand-off {handoff_id} is over already.", hint="")
        row.state, row.outcome, row.ended_at, row.note = HandoffState.DONE, outcome, now, note
        row.taken_by = row.taken_by or actor
        return _view(row, customer_id)

    def _row(self, handoff_id: int, *, to_change: bool = False) -> tuple[Handoff, str, datetime | None]:
        query = _views().where(Handoff.id == handoff_id)
        if to_change:
            # SQLite has one writer at a time; elsewhere two people must not take the same row at once.
            query = query.with_for_update(of=Handoff).execution_options(populate_existing=True)
        found = self.session.execute(query).first()
        if found is None:
            raise NotFoundError(
                f"There is no hand-off {handoff_id}.", hint="`mainstay handoffs list` shows those there are."
            )
        return found[0], found[1], found[2]


@cache
def _newest() -> Any:
    """The query of every turn of a conversation: SQLAlchemy takes four times as long to make it as to run it."""
    of_one = Handoff.conversation_id == bindparam("conversation_id")
    return _views().where(of_one).order_by(Handoff.id.desc()).limit(1)


def _views() -> Any:
    """Hand-offs with the customer's id and when a person last wrote in the conversation."""
    last_word = (
        select(func.max(Turn.created_at))
        .where(
            Turn.conversation_id == Handoff.conversation_id,
            Turn.reply != "",
            Turn.record["author"]["kind"].as_string() == "agent",
        )
        .correlate(Handoff)
        .scalar_subquery()
    )
    return select(Handoff, Customer.external_id, last_word).join(Customer, Customer.id == Handoff.customer_id)


def _view(row: Handoff, customer_id: str, last_word_at: datetime | None = None) -> HandoffView:
    return HandoffView(
        id=row.id,
        conversation_id=row.conversation_id,
        customer_id=customer_id,
        state=row.state,
        reason=row.reason,
        dossier=dict(row.dossier),
        asked_at=row.asked_at,
        waits_until=row.waits_until,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        ended_at=row.ended_at,
        outcome=row.outcome,
        note=row.note,
        last_word_at=last_word_at,
    )
