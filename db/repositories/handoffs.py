"""The queue of conversations that wait for a person, are with one, or were."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.errors import NotFoundError, PolicyError
from db.models import Customer, Handoff
from db.vocabulary import HandoffOutcome, HandoffState, Json

UNDER_WAY = (HandoffState.WAITING, HandoffState.TAKEN)


@dataclass(frozen=True, slots=True)
class HandoffView:
    """A hand-off as it stands; `dossier` is what the bot had gathered when it passed the conversation on."""

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
        row = self.session.execute(
            select(Handoff, Customer.external_id)
            .join(Customer, Customer.id == Handoff.customer_id)
            .where(Handoff.conversation_id == conversation_id)
            .order_by(Handoff.id.desc())
            .limit(1)
        ).first()
        return None if row is None else _view(row[0], row[1])

    def find(self, states: Collection[HandoffState] = UNDER_WAY, *, limit: int = 200) -> list[HandoffView]:
        """The hand-offs in these states, longest wait first."""
        rows = self.session.execute(
            select(Handoff, Customer.external_id)
            .join(Customer, Customer.id == Handoff.customer_id)
            .where(Handoff.state.in_(states))
            .order_by(Handoff.id)
            .limit(limit)
        )
        return [_view(row, customer_id) for row, customer_id in rows]

    def counts(self) -> dict[HandoffState, int]:
        """How many hand-offs stand in each state."""
        rows = self.session.execute(select(Handoff.state, func.count()).group_by(Handoff.state))
        return {row[0]: row[1] for row in rows}

    def take(self, handoff_id: int, actor: str, now: datetime) -> HandoffView:
        """Give it to a person; one that waited too long may still be taken. Raises PolicyError where it is not free."""
        row, customer_id = self._row(handoff_id, to_change=True)
        if row.state in (HandoffState.TAKEN, HandoffState.DONE):
            by = f" by {row.taken_by}" if row.taken_by else ""
            raise PolicyError(
                f"Hand-off {handoff_id} is {row.state.value}{by}.", hint="`mainstay handoffs list` shows what waits."
            )
        row.state, row.taken_by, row.taken_at, row.ended_at = HandoffState.TAKEN, actor, now, None
        return _view(row, customer_id)

    def time_out(self, handoff_id: int, now: datetime) -> None:
        """Note that nobody came in time; one that a person has meanwhile taken stays theirs."""
        row, _ = self._row(handoff_id, to_change=True)
        if row.state is HandoffState.WAITING:
            row.state, row.ended_at = HandoffState.TIMED_OUT, now

    def close(
        self, handoff_id: int, outcome: HandoffOutcome, actor: str, now: datetime, *, note: str | None = None
    ) -> HandoffView:
        """End a hand-off with what came of it. Raises PolicyError for one that is over."""
        row, customer_id = self._row(handoff_id, to_change=True)
        if row.state is HandoffState.DONE:
            raise PolicyError(f"Hand-off {handoff_id} is over already.", hint="")
        row.state, row.outcome, row.ended_at, row.note = HandoffState.DONE, outcome, now, note
        row.taken_by = row.taken_by or actor
        return _view(row, customer_id)

    def _row(self, handoff_id: int, *, to_change: bool = False) -> tuple[Handoff, str]:
        query = (
            select(Handoff, Customer.external_id)
            .join(Customer, Customer.id == Handoff.customer_id)
            .where(Handoff.id == handoff_id)
        )
        if to_change:
            # SQLite has one writer at a time; elsewhere two people must not take the same row at once.
            query = query.with_for_update(of=Handoff).execution_options(populate_existing=True)
        found = self.session.execute(query).first()
        if found is None:
            raise NotFoundError(
                f"There is no hand-off {handoff_id}.", hint="`mainstay handoffs list` shows those there are."
            )
        return found[0], found[1]


def _view(row: Handoff, customer_id: str) -> HandoffView:
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
    )
