"""The list of customers in memory, narrow enough to search and sort at every key: pages of keys, never rows.

A store keeps customers with everything known of them, so that a look through all of them reads far more than a search
needs. The roster copies what the list is searched and sorted by into a table in memory; what is shown still comes from
the store, by key. Without a roster `customer_keys` answers the same questions, only slower.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from db.models import ChurnScore, Customer, Message
from db.queries.audience import parse_audience
from db.queries.customers import CustomerFilter, CustomerOrder
from db.queries.newest import current_offer, last_mood
from db.repositories.decisions import DecisionRepository
from db.repositories.scores import ScoreRepository
from db.session import Store, sqlite_module
from db.vocabulary import CustomerStatus

LARGEST = 500_000
"""Above this many customers the list is read from the store alone."""

CHUNK = 2_000
PAUSE_SECONDS = 0.002
"""Between two chunks of loading, for whoever draws the screen in the same process."""

_COLUMNS = (
    "revenue_at_risk",
    "churn_probability",
    "residual_value",
    "monthly_revenue",
    "tenure_months",
    "name",
    "plan",
    "customer_id",
    "churn_30",
    "mood",
    "offer",
)
_CREATE = f"CREATE TABLE roster (key INTEGER PRIMARY KEY, active, band, text, {', '.join(_COLUMNS)})"
_INSERT = f"INSERT INTO roster VALUES ({', '.join('?' * (len(_COLUMNS) + 4))})"

Stamp = tuple[object, ...]


class Roster:
    """What the list of customers is searched and sorted by. Calls may come from any thread."""

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self._lock = threading.Lock()
        self._chosen: str | None = None
        # The pragma of a connection in memory: sorting must not go to a temporary file.
        self._connection = sqlite_module().connect(":memory:", check_same_thread=False)
        self._connection.execute("PRAGMA temp_store=MEMORY")
        self._connection.execute(_CREATE)
        self._connection.execute("CREATE TABLE chosen (key INTEGER PRIMARY KEY)")

    @classmethod
    def of(cls, store: Store) -> "Roster | None":
        """The roster of a store as it stands; None where it would be too large."""
        with store.read() as session:
            stamp = roster_stamp(session)
            if int(stamp[0]) > LARGEST:  # type: ignore[call-overload]
                return None
            found, after = cls(stamp), 0
            while rows := _read(session, after):
                found._connection.executemany(_INSERT, [_narrow(row) for row in rows])
                after = rows[-1][0]
                time.sleep(PAUSE_SECONDS)
        return found

    def keys(
        self,
        wanted: CustomerFilter,
        order: CustomerOrder,
        *,
        descending: bool,
        limit: int,
        offset: int = 0,
    ) -> list[int]:
        """A page of keys in order; unknown values come last, of equals the likelier to leave first."""
        column, turn = CustomerOrder(order).value, "DESC" if descending else "ASC"
        where, values = _where(wanted)
        if offset and not wanted.search.strip():
            self._index(column, turn)
        sql = (
            f"SELECT key FROM roster WHERE {where} "
            f"ORDER BY {column} IS NULL, {column} {turn}, churn_probability DESC, key LIMIT ? OFFSET ?"
        )
        return [row[0] for row in self._all(sql, (*values, limit, offset))]

    def count(self, wanted: CustomerFilter) -> int:
        """How many customers fit."""
        where, values = _where(wanted)
        return int(self._all(f"SELECT count(*) FROM roster WHERE {where}", values)[0][0])

    def choose(self, session: Session, audience: str) -> None:
        """Note who belongs to an audience; to be called before it is asked for. Raises InputError."""
        if self._chosen == audience or not audience.strip():
            return
        job = ScoreRepository(session).current_job()
        query = (
            select(Customer.id)
            .outerjoin(ChurnScore, and_(ChurnScore.customer_id == Customer.id, ChurnScore.job_id == job))
            .where(parse_audience(audience))
        )
        keys = [(key,) for key in session.scalars(query)]
        with self._lock:
            self._connection.execute("DELETE FROM chosen")
            self._connection.executemany("INSERT INTO chosen VALUES (?)", keys)
            self._chosen = audience

    def forget_chosen(self) -> None:
        """Look up anew who belongs to the audience the next time."""
        with self._lock:
            self._chosen = None

    def _index(self, column: str, turn: str) -> None:
        """Make a far page of an order as near as the first; made for the orders in which somebody scrolls."""
        with self._lock:
            self._connection.execute(
                f"CREATE INDEX IF NOT EXISTS by_{column}_{turn} ON roster "
                f"({column} IS NULL, {column} {turn}, churn_probability DESC, key, active, band)"
            )

    def _all(self, sql: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        with self._lock:
            return list(self._connection.execute(sql, tuple(values)).fetchall())


def roster_stamp(session: Session) -> Stamp:
    """Changes whenever customers, scores, decisions or messages do; the number of customers comes first."""
    customers, newest = session.execute(select(func.count(), func.max(Customer.updated_at)).select_from(Customer)).one()
    return (
        int(customers),
        newest,
        ScoreRepository(session).current_job(),
        DecisionRepository(session).current_job(),
        session.scalar(select(func.max(Message.id))),
    )


def _read(session: Session, after: int) -> Sequence[Any]:
    job = ScoreRepository(session).current_job()
    query = (
        select(
            Customer.id,
            Customer.status,
            ChurnScore.risk_band,
            Customer.external_id,
            Customer.first_name,
            Customer.last_name,
            Customer.email,
            Customer.plan,
            ChurnScore.revenue_at_risk,
            ChurnScore.churn_probability,
            ChurnScore.residual_value,
            Customer.monthly_revenue,
            Customer.tenure_months,
            ChurnScore.churn_30,
            last_mood(),
            current_offer(),
        )
        .outerjoin(ChurnScore, and_(ChurnScore.customer_id == Customer.id, ChurnScore.job_id == job))
        .where(Customer.id > after)
        .order_by(Customer.id)
        .limit(CHUNK)
    )
    return session.execute(query).all()


def _narrow(row: Any) -> tuple[object, ...]:
    key, status, band, customer_id, first, last, email, plan, *figures = row
    at_risk, probability, worth, monthly, tenure, soon, mood, offer = figures
    named = last if last is not None else first if first is not None else customer_id
    return (
        key,
        status is CustomerStatus.ACTIVE,
        band.value if band else None,
        "\n".join(part for part in (customer_id, first, last, email, plan) if part).lower(),
        at_risk,
        probability,
        worth,
        monthly,
        tenure,
        named.lower(),
        None if plan is None else plan.lower(),
        customer_id,
        soon,
        mood,
        offer,
    )


def _where(wanted: CustomerFilter) -> tuple[str, list[object]]:
    parts, values = ["1"], list[object]()
    if not wanted.include_churned:
        parts.append("active")
    if wanted.band is not None:
        parts.append("band = ?")
        values.append(wanted.band.value)
    if wanted.audience.strip():
        parts.append("key IN (SELECT key FROM chosen)")
    for word in wanted.search.lower().split():
        parts.append("instr(text, ?) > 0")
        values.append(word)
    return " AND ".join(parts), values
