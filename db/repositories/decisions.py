"""Decisions: written once with every candidate, read back exactly as they were decided."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from db.models import Customer, DecisionRow, ExperimentAssignment, Job
from db.repositories.bulk import MAX_VARIABLES, insert_new
from db.vocabulary import Decision, JobState, OfferType, decision_from_json


class DecisionRepository:
    """The decisions of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add_many(self, job_id: int | None, decisions: Iterable[Decision], now: datetime) -> int:
        """Add decisions and the arms they put customers on; returns how many decisions were new.

        A decision that the same inputs led to before is the same row; a customer's first arm in an experiment stays.
        """
        decided = list(decisions)
        ids = {decision.customer_id for decision in decided}
        keys = dict(
            self.session.execute(select(Customer.external_id, Customer.id).where(Customer.external_id.in_(ids))).all()
        )
        insert_new(self.session, ExperimentAssignment, list(_assignments(decided, keys, now)))
        return insert_new(
            self.session,
            DecisionRow,
            [
                {
                    "decision_id": decision.decision_id,
                    "job_id": job_id,
                    "customer_id": keys[decision.customer_id],
                    "decided_on": decision.decided_on,
                    "channel": decision.channel,
                    "arm": decision.arm,
                    "assignment_probability": decision.assignment_probability,
                    "offer_code": decision.offer_code,
                    "offer_type": decision.terms.offer_type,
                    "method": decision.method,
                    "blocked_by": decision.blocked_by,
                    "priority": _priority(decision),
                    "valid_until": decision.terms.valid_until,
                    "document": decision.as_json(),
                    "created_at": now,
                }
                for decision in decided
                if decision.customer_id in keys
            ],
        )

    def take_over(self, job_id: int, decision_ids: Sequence[str]) -> None:
        """Count decisions that an earlier job led to among those of this job, so that it holds every customer."""
        for start in range(0, len(decision_ids), MAX_VARIABLES):
            part = decision_ids[start : start + MAX_VARIABLES]
            self.session.execute(
                update(DecisionRow)
                .where(DecisionRow.decision_id.in_(part), DecisionRow.job_id != job_id)
                .values(job_id=job_id)
            )

    def get(self, decision_id: str) -> Decision | None:
        """A decision by its id."""
        row = self.session.get(DecisionRow, decision_id)
        return None if row is None else decision_from_json(row.document)

    def latest_for(self, customer_id: str) -> Decision | None:
        """The decision that stands about a customer: that of the newest deciding job, else the newest of all."""
        asked = {"customer_id": customer_id, "job_id": self.current_job() or -1}
        document = self.session.scalars(_standing(), asked).one_or_none()
        return None if document is None else decision_from_json(document)

    def current_job(self) -> int | None:
        """The newest finished deciding job."""
        found: int | None = self.session.scalar(_newest_job())
        return found

    def spread(self, job_id: int) -> Counter[tuple[str, str | None]]:
        """How many decisions of a job led to each offer, and by which rule to none."""
        columns = DecisionRow.offer_code, DecisionRow.blocked_by
        query = select(*columns, func.count()).where(DecisionRow.job_id == job_id).group_by(*columns)
        return Counter({(code, rule): count for code, rule, count in self.session.execute(query)})

    def plan(self, job_id: int) -> list[tuple[str, str, str | None, float]]:
        """Customer, offer, block and expected profit of every decision of a job, by customer id."""
        rows = self.session.execute(
            select(Customer.external_id, DecisionRow.offer_code, DecisionRow.blocked_by, DecisionRow.priority)
            .join(Customer, Customer.id == DecisionRow.customer_id)
            .where(DecisionRow.job_id == job_id)
            .order_by(Customer.external_id)
        )
        return [(customer_id, code, rule, priority or 0.0) for customer_id, code, rule, priority in rows]

    def weighed_by(self, job_id: int, method: str) -> Iterator[Decision]:
        """The decisions of a job that were weighed by a method, one by one."""
        query = select(DecisionRow.document).where(DecisionRow.job_id == job_id, DecisionRow.method == method)
        for document in self.session.scalars(query.execution_options(yield_per=1_000)):
            yield decision_from_json(document)

    def counts(self, job_id: int) -> dict[OfferType, int]:
        """How many customers got which type of offer in a job."""
        rows = self.session.execute(
            select(DecisionRow.offer_type, func.count())
            .where(DecisionRow.job_id == job_id)
            .group_by(DecisionRow.offer_type)
        )
        return {row[0]: row[1] for row in rows}


def _assignments(decided: Sequence[Decision], keys: Mapping[str, int], now: datetime) -> Iterator[dict[str, Any]]:
    for decision in decided:
        experiment = decision.inputs.get("experiment", {}).get("name")
        if experiment is not None and decision.customer_id in keys:
            yield {
                "experiment": experiment,
                "customer_id": keys[decision.customer_id],
                "arm": decision.arm,
                "assignment_probability": decision.assignment_probability,
                "assigned_at": now,
            }


def _priority(decision: Decision) -> float | None:
    chosen = (item.priority for item in decision.candidates if item.offer_code == decision.offer_code)
    return next(chosen, None)


@cache
def _standing() -> Any:
    """The document of the decision that stands about a customer; made once, for every turn asks for it."""
    of_job = func.coalesce(DecisionRow.job_id, 0) == bindparam("job_id")
    return (
        select(DecisionRow.document)
        .join(Customer, Customer.id == DecisionRow.customer_id)
        .where(Customer.external_id == bindparam("customer_id"))
        .order_by(of_job.desc(), DecisionRow.created_at.desc(), DecisionRow.decision_id)
        .limit(1)
    )


@cache
def _newest_job() -> Any:
    return select(func.max(Job.id)).where(Job.kind == "decide", Job.state == JobState.DONE)
