"""One door for every kind of import: the mapping says which."""

from db.importers.customers import import_customers
from db.importers.events import import_events
from db.importers.mapping import AnyMapping, CustomersMapping, EventsMapping
from db.importers.messages import import_messages
from db.importers.results import ImportOptions, ImportResult
from db.importers.rows import Table
from db.session import Store


def import_table(store: Store, table: Table, mapping: AnyMapping, options: ImportOptions) -> ImportResult:
    """Import a table of customers, events or messages; see the functions of each kind for what they raise."""
    if isinstance(mapping, CustomersMapping):
        return import_customers(store, table, mapping, options)
    if isinstance(mapping, EventsMapping):
        return import_events(store, table, mapping, options)
    return import_messages(store, table, mapping, options)
