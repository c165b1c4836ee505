"""Drafts: written once per job and customer, then moved by people from state to state with a trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from db.errors import NotFoundError, PolicyError
from db.models import Customer, Draft, DraftStep
from db.repositories.bulk import insert_new
from db.vocabulary import Channel, DraftState, Json

ALLOWED = {
    DraftState.NEEDS_REVIEW: {DraftState.APPROVED, DraftState.REJECTED},
    DraftState.APPROVED: {DraftState.NEEDS_REVIEW, DraftState.REJECTED, DraftState.EXPORTED},
    DraftState.REJECTED: {DraftState.NEEDS_REVIEW},
    DraftState.WITHHELD: set[DraftState](),
    DraftState.EXPORTED: set[DraftState](),
}
"""Which state a draft may be moved to from which; what was exported has left the house."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to be kept; `customer_key` is the store's own number of the customer."""

    customer_key: int
    decision_id: str
    channel: Channel
    state: DraftState
    variant: str
    backend: str
    attempts: int
    subject: str
    preheader: str | None
    body: str
    brief: Json
    guard: Json


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as people see it."""

    id: int
    job_id: int
    customer_id: str
    customer_name: str
    email: str | None
    decision_id: str
    channel: Channel
    state: DraftState
    variant: str
    backend: str
    attempts: int
    subject: str
    preheader: str | None
    body: str
    brief: Json
    guard: Json
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DraftStepView:
    """One step of a draft's trail."""

    at: datetime
    actor: str
    from_state: DraftState
    to_state: DraftState
    reason: str | None
    subject_before: str | None
    body_before: str | None


class DraftRepository:
    """The drafts of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add_many(self, job_id: int, drafts: Iterable[NewDraft], now: datetime) -> int:
        """Keep drafts; a customer's draft of this job that is already there stays. Returns how many were new."""
        rows = [
            {
                "job_id": job_id,
                "customer_id": draft.customer_key,
                "decision_id": draft.decision_id,
                "step": 1,
                "channel": draft.channel,
                "state": draft.state,
                "variant": draft.variant,
                "backend": draft.backend,
                "attempts": draft.attempts,
                "subject": draft.subject,
                "preheader": draft.preheader,
                "body": draft.body,
                "brief": draft.brief,
                "guard": draft.guard,
                "created_at": now,
                "updated_at": now,
            }
            for draft in drafts
        ]
        return insert_new(self.session, Draft, rows)

    def drafted_keys(self, job_id: int) -> set[int]:
        """The customers a drafting job has done, to resume it."""
        return set(self.session.scalars(select(Draft.customer_id).where(Draft.job_id == job_id)))

    def get(self, draft_id: int) -> DraftView:
        """A draft by its id. Raises NotFoundError."""
        row = self.session.execute(
            select(Draft, Customer).join(Customer, Customer.id == Draft.customer_id).where(Draft.id == draft_id)
        ).first()
        if row is None:
            raise NotFoundError(f"There is no draft {draft_id}.", hint="List drafts with `mainstay drafts list`.")
        return _view(row[0], row[1])

    def find(
        self,
        *,
        state: DraftState | None = None,
        customer_id: str | None = None,
        job_id: int | None = None,
        search: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[DraftView]:
        """Drafts that fit all given conditions, oldest first; `search` is looked for in customer, subject and body."""
        query = select(Draft, Customer).join(Customer, Customer.id == Draft.customer_id).order_by(Draft.id)
        if state is not None:
            query = query.where(Draft.state == state)
        if customer_id is not None:
            query = query.where(Customer.external_id == customer_id)
        if job_id is not None:
            query = query.where(Draft.job_id == job_id)
        if search:
            query = query.where(_holds(search))
        return [_view(*row) for row in self.session.execute(query.limit(limit).offset(offset))]

    def ids(self, state: DraftState, *, search: str = "") -> list[int]:
        """The ids of all drafts in a state that hold a text, oldest first."""
        query = select(Draft.id).join(Customer, Customer.id == Draft.customer_id).where(Draft.state == state)
        if search:
            query = query.where(_holds(search))
        return list(self.session.scalars(query.order_by(Draft.id)))

    def counts(self, *, search: str = "") -> dict[DraftState, int]:
        """How many drafts stand in each state, or those of them that hold a text."""
        query = select(Draft.state, func.count()).group_by(Draft.state)
        if search:
            query = query.join(Customer, Customer.id == Draft.customer_id).where(_holds(search))
        return {row[0]: row[1] for row in self.session.execute(query)}

    def move(
        self, draft_id: int, to_state: DraftState, actor: str, now: datetime, *, reason: str | None = None
    ) -> None:
        """Move a draft to another state. Raises PolicyError for a step that is not allowed."""
        row = self._row(draft_id)
        if to_state not in ALLOWED[row.state]:
            raise PolicyError(
                f"Draft {draft_id} is {row.state.value.replace('_', ' ')}; it cannot become {to_state.value}.",
                hint="`mainstay drafts show` tells its history.",
            )
        self._step(row, to_state, actor, now, reason)

    def edit(self, draft_id: int, subject: str, body: str, guard: Json, actor: str, now: datetime) -> None:
        """Replace the text of a draft, keeping the text before; it needs review again."""
        row = self._row(draft_id)
        if row.state in (DraftState.EXPORTED, DraftState.WITHHELD):
            raise PolicyError(
                f"Draft {draft_id} is {row.state.value} and cannot be changed.",
                hint="`mainstay drafts show` tells its history.",
            )
        self._step(row, DraftState.NEEDS_REVIEW, actor, now, "edited", before=(row.subject, row.body))
        row.subject, row.body, row.guard = subject, body, guard

    def undo(self, draft_id: int, actor: str, now: datetime) -> DraftView:
        """Take back the last step of a draft. Raises PolicyError when there is none, or it has left the house."""
        row = self._row(draft_id)
        last = self.session.scalars(
            select(DraftStep).where(DraftStep.draft_id == draft_id).order_by(DraftStep.id.desc()).limit(1)
        ).one_or_none()
        if last is None or last.reason == "undo" or row.state is DraftState.EXPORTED:
            raise PolicyError(
                f"There is nothing to undo on draft {draft_id}.", hint="`mainstay drafts show` tells its history."
            )
        subject, body = last.subject_before, last.body_before
        self._step(row, last.from_state, actor, now, "undo", before=(row.subject, row.body) if body else None)
        if subject is not None and body is not None:
            row.subject, row.body = subject, body
        self.session.flush()
        return self.get(draft_id)

    def keep_guard(self, draft_id: int, guard: Json) -> None:
        """Keep what the guard says of a draft as it stands."""
        self._row(draft_id).guard = guard

    def steps(self, draft_id: int) -> list[DraftStepView]:
        """The trail of a draft, oldest first."""
        rows = self.session.scalars(select(DraftStep).where(DraftStep.draft_id == draft_id).order_by(DraftStep.id))
        return [
            DraftStepView(
                step.at,
                step.actor,
                step.from_state,
                step.to_state,
                step.reason,
                step.subject_before,
                step.body_before,
            )
            for step in rows
        ]

    def _row(self, draft_id: int) -> Draft:
        row = self.session.get(Draft, draft_id)
        if row is None:
            raise NotFoundError(f"There is no draft {draft_id}.", hint="List drafts with `mainstay drafts list`.")
        return row

    def _step(
        self,
        row: Draft,
        to_state: DraftState,
        actor: str,
        now: datetime,
        reason: str | None,
        *,
        before: tuple[str, str] | None = None,
    ) -> None:
        self.session.add(
            DraftStep(
                draft_id=row.id,
                at=now,
                actor=actor,
                from_state=row.state,
                to_state=to_state,
                reason=reason,
                subject_before=before[0] if before else None,
                body_before=before[1] if before else None,
            )
        )
        row.state, row.updated_at = to_state, now


def _holds(search: str) -> ColumnElement[bool]:
    name = func.coalesce(Customer.first_name, "") + " " + func.coalesce(Customer.last_name, "")
    columns = (Customer.external_id, name, Draft.subject, Draft.body)
    return or_(*(column.icontains(search, autoescape=True) for column in columns))


def _view(row: Draft, customer: Customer) -> DraftView:
    return DraftView(
        id=row.id,
        job_id=row.job_id,
        customer_id=customer.external_id,
        customer_name=" ".join(part for part in (customer.first_name, customer.last_name) if part),
        email=customer.email,
        decision_id=row.decision_id,
        channel=row.channel,
        state=row.state,
        variant=row.variant,
        backend=row.backend,
        attempts=row.attempts,
        subject=row.subject,
        preheader=row.preheader,
        body=row.body,
        brief=row.brief,
        guard=row.guard,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
