"""Small mappings that several tests share."""

from typing import Any

from db.importers.mapping import CustomersMapping, EventsMapping, MessagesMapping
from db.importers.mapping_files import parse_mapping


def customers(**changes: Any) -> CustomersMapping:
    """A table with the columns id, note and amount."""
    document: dict[str, Any] = {
        "version": 1,
        "kind": "customers",
        "columns": {
            "id": {"role": "customer_id"},
            "note": {"role": "feature"},
            "amount": {"role": "feature", "type": "number"},
        },
        "max_reject_share": 1.0,
    }
    return CustomersMapping.model_validate(document | changes)


def from_yaml(text: str) -> CustomersMapping:
    """A customers mapping written as in a file, without its first two lines."""
    mapping = parse_mapping("version: 1\nkind: customers\n" + text, "test.yaml")
    assert isinstance(mapping, CustomersMapping)
    return mapping


def events(**changes: Any) -> EventsMapping:
    """A table with the columns customer, kind, at, amount and order."""
    document: dict[str, Any] = {
        "version": 1,
        "kind": "events",
        "customer_id": "customer",
        "event_kind": {"column": "kind"},
        "occurred_at": "at",
        "amount": "amount",
        "reference": "order",
        "create_customers": True,
        "max_reject_share": 1.0,
    }
    return EventsMapping.model_validate(document | changes)


def messages(**changes: Any) -> MessagesMapping:
    """A table with the columns customer, at and text."""
    document: dict[str, Any] = {
        "version": 1,
        "kind": "messages",
        "customer_id": "customer",
        "text": "text",
        "sent_at": "at",
        "create_customers": True,
        "max_reject_share": 1.0,
    }
    return MessagesMapping.model_validate(document | changes)
