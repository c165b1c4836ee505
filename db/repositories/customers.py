"""What happens to a customer's contract inside mainstay: it ends on a day, for a reason."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.errors import NotFoundError
from db.models import Customer, Subscription
from db.vocabulary import ChurnKind, CustomerStatus


class CustomerRepository:
    """The customers of a store."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def end_contract(self, customer_id: str, today: date, now: datetime, *, reason: str | None = None) -> date:
        """Record that the customer cancelled: the contract runs to the day it is paid for, today where none is known.

        Returns that day. Cancelling again changes nothing. Raises NotFoundError.
        """
        row = self.session.scalars(select(Customer).where(Customer.external_id == customer_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no customer {customer_id}.")
        if row.churned_on is not None:
            return row.churned_on
        last = row.renewal_date if row.renewal_date is not None and row.renewal_date > today else today
        row.churned_on, row.churn_kind, row.updated_at = last, ChurnKind.VOLUNTARY, now
        row.cancellation_reason = reason or row.cancellation_reason
        row.status = CustomerStatus.CHURNED if last <= today else CustomerStatus.ACTIVE
        self.session.execute(
            update(Subscription)
            .where(Subscription.customer_id == row.id, Subscription.ended_on.is_(None))
            .values(ended_on=last, cancellation_reason=reason)
        )
        return last
