"""What the guard said of every try: kept beside drafts and turns, never at their expense, and clean after erasure."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import Customer, GuardVerdict
from db.vocabulary import Channel, GuardOutcome

log = logging.getLogger(__name__)

MOST_CLAIM = 60
"""Characters of a claim that are kept: enough to know it by, too few to hold a letter."""


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """What the guard said of one try; `findings` are pairs of rule and claim.

    `attempt` counts the tries of a text from 1; the keys are the store's own numbers, None where they are not known.
    """

    channel: Channel
    backend: str
    attempt: int
    verdict: GuardOutcome
    findings: tuple[tuple[str, str], ...] = ()
    customer_key: int | None = None
    job_id: int | None = None
    conversation_id: int | None = None


class GuardVerdictRepository:
    """The guard's verdicts of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add_many(self, verdicts: Iterable[NewVerdict], now: datetime) -> int:
        """Keep verdicts, in one statement; returns how many were kept.

        What the database refuses is logged and given up, and 0 returned: the caller's transaction goes on as if
        nothing had been asked of it, for a draft or a reply is worth more than the count of its tries.
        """
        rows = [
            {
                "at": now,
                "job_id": one.job_id,
                "conversation_id": one.conversation_id,
                "customer_id": one.customer_key,
                "channel": one.channel,
                "backend": one.backend,
                "attempt": one.attempt,
                "verdict": one.verdict,
                "findings": [
                    {"rule": rule, "claim": claim}
                    for rule, claim in dict.fromkeys((rule, claim[:MOST_CLAIM]) for rule, claim in one.findings)
                ],
            }
            for one in verdicts
        ]
        if not rows:
            return 0
        self.session.flush()  # what the caller left undone fails here, as its own
        apart = self.session.begin_nested()
        try:
            self.session.execute(insert(GuardVerdict), rows)
        except DBAPIError as error:
            apart.rollback()  # fails where the database gave up the whole transaction: the caller must know
            log.warning("%s verdicts of the guard were not kept: %s", len(rows), error.orig)
            return 0
        apart.commit()
        return len(rows)

    def forget(self, customer_id: str) -> int:
        """Clear the claims on texts to a customer and who they were to, as when the customer is erased.

        Rules and verdicts stay, so that the counts do. Returns how many rows were cleared; an unknown customer has
        none. A customer cannot be deleted before: the foreign key forbids it.
        """
        rows = self.session.scalars(
            select(GuardVerdict)
            .join(Customer, Customer.id == GuardVerdict.customer_id)
            .where(Customer.external_id == customer_id)
        ).all()
        for row in rows:
            rules = dict.fromkeys(found["rule"] for found in row.findings)
            row.findings = [{"rule": rule, "claim": ""} for rule in rules]
            row.customer_id = row.conversation_id = None
        self.session.flush()
        return len(rows)
