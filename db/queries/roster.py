"""The list of customers in memory, narrow enough to search and sort at every key: pages of keys, never rows.

A store keeps customers with everything known of them, so that a look through all of them reads far more than a search
needs. The roster copies what the list is searched and sorted by into a table in memory; what is shown still comes from
the store, by key. Without a roster `customer_keys` answers the same questions, only slower.
"""

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
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

CHUNK = 5_000
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
        # Transactions are not opened behind our back: a file cannot be let go of in the middle of one.
        self._connection = sqlite_module().connect(":memory:", check_same_thread=False, uri=True, isolation_level=None)
        # SQLite's own function knows the letters of English alone.
        self._connection.create_function("lower", 1, _lower, deterministic=True)
        # Sorting must not go to a temporary file.
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
            found = cls(stamp)
            if store.path is None or not found._copied(session, store.path):
                found._fetch(session)
        return found

    def _copied(self, session: Session, path: Path) -> bool:
        """Let SQLite copy from file to memory: rows that pass through Python hold up whoever draws the screen.

        False where the file cannot be opened a second time or is kept busy.
        """
        run, library = self._connection.execute, sqlite_module()
        query, dialect = _narrow(ScoreRepository(session).current_job()), session.get_bind().dialect
        try:
            run("ATTACH DATABASE ? AS store", (f"{path.absolute().as_uri()}?mode=ro",))
            after: int | None = -1
            while after is not None:
                chunk = query.where(Customer.id > after).limit(CHUNK)
                run(f"INSERT INTO roster {chunk.compile(dialect=dialect, compile_kwargs={'literal_binds': True})}")
                (after,) = run("SELECT max(key) FROM roster WHERE key > ?", (after,)).fetchone()
                time.sleep(PAUSE_SECONDS)
            run("DETACH DATABASE store")
        except library.OperationalError:
            run("DELETE FROM roster")
            return False
        return True

    def _fetch(self, session: Session) -> None:
        query, after = _narrow(ScoreRepository(session).current_job()), -1
        while rows := session.execute(query.where(Customer.id > after).limit(CHUNK)).all():
            self._connection.executemany(_INSERT, [tuple(row) for row in rows])
            after = rows[-1][0]
            time.sleep(PAUSE_SECONDS)

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


def _narrow(score_job: int | None) -> Select[Any]:
    """The customers by key as rows of the roster, without a limit."""
    said = (Customer.external_id, Customer.first_name, Customer.last_name, Customer.email, Customer.plan)
    text: ColumnElement[str] = func.coalesce(said[0], "")
    for part in said[1:]:
        text = text + "\n" + func.coalesce(part, "")
    return (
        select(
            Customer.id,
            Customer.status == CustomerStatus.ACTIVE,
            ChurnScore.risk_band,
            func.lower(text),
            ChurnScore.revenue_at_risk,
            ChurnScore.churn_probability,
            ChurnScore.residual_value,
            Customer.monthly_revenue,
            Customer.tenure_months,
            func.lower(func.coalesce(Customer.last_name, Customer.first_name, Customer.external_id)),
            func.lower(Customer.plan),
            Customer.external_id,
            ChurnScore.churn_30,
            last_mood(),
            current_offer(),
        )
        .outerjoin(ChurnScore, and_(ChurnScore.customer_id == Customer.id, ChurnScore.job_id == score_job))
        .order_by(Customer.id)
    )


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


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
