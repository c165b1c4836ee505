"""Whether a table of the store holds nothing but what this pass has written: then nothing needs looking up."""

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session


class OwnRows:
    """Watches the newest id of a table, which only grows.

    A first import into an empty store spends a sixth of its time on asking for keys that cannot be there. On SQLite
    the write lock makes the answer exact; elsewhere others may insert unseen, so the keys are asked for always.
    """

    def __init__(self, table: Table) -> None:
        self._newest_id = select(func.max(table.c.id))
        self._newest: int | None = None
        self._alone = True

    def hold_all(self, session: Session) -> bool:
        """Whether every row in the table was written by this pass."""
        if self._alone:
            on_sqlite = session.get_bind().dialect.name == "sqlite"
            self._alone = on_sqlite and session.scalar(self._newest_id) == self._newest
        return self._alone

    def wrote(self, session: Session) -> None:
        """Take note after writing."""
        if self._alone:
            self._newest = session.scalar(self._newest_id)
