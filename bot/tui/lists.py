"""The list of customers as the screens ask for it: pages by place, counts, ids, saved audiences; calls that block."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.listing import write_customers
from bot.tui.listing import ListQuery
from db.queries.audience import check_fields, imported_names, parse_audience
from db.queries.customers import (
    CustomerFilter,
    CustomerOrder,
    CustomerRow,
    ValueScale,
    count_customers,
    customer_ids,
    customer_keys,
    customer_rows,
    known_of_nobody,
    value_scale,
)
from db.queries.reporting import offer_names
from db.queries.roster import Roster, roster_stamp
from db.repositories.audiences import AudienceRepository

if TYPE_CHECKING:
    from bot.wiring import Services


class CustomerLists:
    """Pages of the list of a store, from memory once the roster has been read."""

    def __init__(self, services: "Services") -> None:
        self.services = services
        self._roster: Roster | None = None
        self._reading = threading.Lock()

    def read_roster(self) -> bool:
        """Read the roster anew where the store has changed; returns whether it did. Takes seconds in a large store."""
        store = self.services.store
        with self._reading:
            with store.read() as session:
                stamp = roster_stamp(session)
            if self._roster is not None and self._roster.stamp == stamp:
                return False
            self._roster = Roster.of(store)
            return True

    def look_again(self) -> None:
        """Find out anew who belongs to an audience: a letter drafted or a chat ended may have changed it."""
        if self._roster is not None:
            self._roster.forget_chosen()

    def page(self, query: ListQuery, places: Sequence[int], *, reading_model: str | None) -> dict[int, CustomerRow]:
        """The customers at these places of the list, from the first of them to the last."""
        if not places:
            return {}
        first, last = min(places), max(places)
        roster, order, wanted = self._roster, CustomerOrder(query.order), _filter(query)
        with self.services.store.read() as session:
            if roster is None:
                keys = customer_keys(
                    session, wanted, order, descending=query.descending, limit=last - first + 1, offset=first
                )
            else:
                roster.choose(session, query.audience)
                keys = roster.keys(wanted, order, descending=query.descending, limit=last - first + 1, offset=first)
            rows = {row.key: row for row in customer_rows(session, keys, reading_model=reading_model)}
        return {first + place: rows[key] for place, key in enumerate(keys) if key in rows}

    def count(self, query: ListQuery) -> int:
        """How many customers the list holds."""
        roster = self._roster
        with self.services.store.read() as session:
            if roster is None:
                return count_customers(session, _filter(query))
            roster.choose(session, query.audience)
        return roster.count(_filter(query))

    def keys(self, query: ListQuery) -> list[int]:
        """All keys of the list, for what is done to all of it."""
        with self.services.store.read() as session:
            return customer_keys(session, _filter(query), CustomerOrder(query.order), descending=query.descending)

    def ids(self, keys: Sequence[int]) -> list[str]:
        """The ids that the company uses for these customers, in no particular order."""
        with self.services.store.read() as session:
            return customer_ids(session, keys)

    def scale(self) -> ValueScale | None:
        """What counts as a valuable customer in this store."""
        with self.services.store.read() as session:
            return value_scale(session)

    def empty_columns(self, reading_model: str | None) -> frozenset[str]:
        """The columns, by what they sort by, that have nothing to show in this store."""
        with self.services.store.read() as session:
            return frozenset(known_of_nobody(session, reading_model=reading_model))

    def offer_names(self) -> dict[str, str]:
        """What the catalogue calls each offer, by code."""
        with self.services.store.read() as session:
            return offer_names(session)

    def export(self, query: ListQuery, keys: Sequence[int], *, reading_model: str | None) -> Path:
        """Write customers as CSV into the exports folder: those with these keys, or the whole list without any."""
        target = self.services.settings.exports_folder / f"customers-{self.services.now():%Y-%m-%d-%H%M%S}.csv"
        return write_customers(self.services, keys or self.keys(query), target, reading_model=reading_model)

    def imported_names(self) -> list[str]:
        """The names of imported columns that customers have, as an audience calls them."""
        with self.services.store.read() as session:
            return imported_names(session)

    def check_audience(self, text: str) -> None:
        """Raises InputError with the place of the mistake, or for a field that no customer has."""
        if text.strip():
            parse_audience(text)
            with self.services.store.read() as session:
                check_fields(session, text)

    def audiences(self) -> dict[str, str]:
        """The saved audiences by name."""
        with self.services.store.read() as session:
            return AudienceRepository(session).all()

    def save_audience(self, name: str, text: str) -> None:
        """Keep an audience under a name. Raises InputError."""
        with self.services.store.write() as session:
            AudienceRepository(session).save(name, text)

    def forget_audience(self, name: str) -> None:
        """Drop a saved audience. Raises NotFoundError."""
        with self.services.store.write() as session:
            AudienceRepository(session).remove(name)


def _filter(query: ListQuery) -> CustomerFilter:
    return CustomerFilter(query.search, query.band, query.audience, query.include_churned)
