"""A rehearsal: the chat on a copy of the store that is thrown away, so that what is tried out counts for nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cli.options import services
from bot.cli.output import say

NOTHING_KEPT = "Rehearsal: this is a copy of the store. Nothing that is said or done here is kept."
ALL_KEPT = "What you type is kept as the customer's own words and deeds; `--rehearse` keeps nothing."


@contextmanager
def rehearsal(store: str | None) -> Iterator[str]:
    """The path of a copy of a SQLite store, removed at the end. Raises StoreError for any other store."""
    from db.maintenance import backup

    with TemporaryDirectory(prefix="mainstay-") as folder:
        copy = Path(folder) / "rehearsal.db"
        with services(store) as built:
            backup(built.store, copy)
        say(NOTHING_KEPT)
        yield str(copy)
