"""The company whose customers have the recorded conversations: the same store, decisions and clock on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from analytics.jobs.demo import fill_demo
from bot.dialogue.desk import no_offer_rule
from bot.settings import Settings
from bot.wiring import Services
from db.queries.customers import CustomerFilter, CustomerRow, customer_detail, customer_keys, customer_rows
from db.repositories.decisions import DecisionRepository
from db.vocabulary import Arm, Channel, Decision, DecisionTerms, Json, OfferType

HERE = Path(__file__).parent
TRANSCRIPTS = HERE / "transcripts.jsonl"
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
LAST_DAY = NOW.date() + timedelta(days=14)
NOT_OURS = frozenset({"session_started_metadata", "requested_slot"})
"""Slots that Rasa adds of its own."""

OFFERS: Mapping[str, DecisionTerms | None] = {
    "none": None,
    "discount": DecisionTerms(
        "discount", OfferType.DISCOUNT, value=20, unit="percent", applies_to="your plan", duration_months=3,
        valid_until=LAST_DAY,
    ),
    "pause": DecisionTerms("pause", OfferType.PAUSE, duration_months=2, valid_until=LAST_DAY),
    "contact": DecisionTerms(
        "contact", OfferType.CONTACT, who="a service engineer", topic="your connection", valid_until=LAST_DAY
    ),
}  # fmt: skip
HELD_OUT = "held_out"


@dataclass(frozen=True)
class Script:
    """What a customer says, and what was decided for them."""

    name: str
    offer: str
    says: tuple[str, ...]
    customer: str


def open_company(folder: Path) -> Services:
    """Services over a demo store, with approved wording as the writer and a clock that stands still."""
    settings = Settings(home=folder, store=str(folder / "parity.db"), backend="template")
    services = Services(settings, clock=lambda: NOW)
    fill_demo(services.store, customers=300, months=12)
    return services


def scripts(services: Services) -> list[Script]:
    """The conversations, each with a customer of its own who may be offered something in chat."""
    policy = services.policy.contact
    with services.store.read() as session:
        found = customer_rows(session, customer_keys(session, CustomerFilter()))
        rows = [
            row
            for row in sorted(found, key=lambda row: row.customer_id)
            if row.plan
            and (offer := _decision("discount", row)) is not None
            and no_offer_rule(session, customer_detail(session, row.customer_id), offer, NOW.date(), NOW, policy)
            is None
        ]
    document = yaml.safe_load((HERE / "conversations.yaml").read_text(encoding="utf-8"))
    return [
        Script(str(entry["name"]), str(entry["offer"]), tuple(entry["says"].splitlines()), row.customer_id)
        for entry, row in zip(document["conversations"], rows[: len(document["conversations"])], strict=True)
    ]


def decide(services: Services, said: list[Script]) -> None:
    """Put on record what was decided for the customers of the scripts."""
    with services.store.read() as session:
        keys = customer_keys(session, CustomerFilter())
        rows = {row.customer_id: row for row in customer_rows(session, keys)}
    found = [decision for script in said if (decision := _decision(script.offer, rows[script.customer])) is not None]
    with services.store.write() as session:
        DecisionRepository(session).add_many(None, found, NOW)


def _decision(offer: str, row: CustomerRow) -> Decision | None:
    terms = OFFERS["discount" if offer == HELD_OUT else offer]
    if terms is None or not row.monthly_revenue:
        return None
    terms = replace(terms, decision_id=f"dec-{row.customer_id}")
    if terms.offer_type is OfferType.DISCOUNT:
        price = round(row.monthly_revenue, 2)
        terms = replace(terms, price=price, price_during=round(0.8 * price, 2), currency="EUR")
    arm = Arm.HOLDOUT if offer == HELD_OUT else Arm.TREATED
    return Decision(
        terms.decision_id, row.customer_id, NOW.date(), Channel.EMAIL, arm, 0.9, "offer", terms, (), "parity"
    )


def changes(before: Json, after: Mapping[str, Any]) -> Json:
    """The slots that a turn has changed, in the form of JSON."""
    return {
        name: value
        for name, value in sorted(after.items())
        if name not in NOT_OURS and (name not in before or before[name] != value)
    }
