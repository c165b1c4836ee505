"""The brief: everything a writer may know and must say for one message, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from db.errors import InputError
from db.vocabulary import Channel, DecisionTerms, Json, OfferType, Sentiment, terms_of


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What is true of one customer and of the company that writes: JSON values by name.

    The names every part relies on: today, language, company, website, support_email, support_phone, support_hours,
    postal_address, unsubscribe_url, customer_id, first_name, last_name, email, plan, price, currency,
    billing_period, customer_since, tenure_months, renewal_date, paid_until, cancel_path, usage, last_issue,
    last_message, conversation, products, competitors; a store may know more. Dates are ISO strings, money is a
    number in `currency`. `last_message` and `conversation` hold what the customer said: it may be quoted, never
    confirmed.
    """

    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The fact as text, or `default` where it is unknown or empty."""
        value = self.values.get(name)
        return default if value is None or value == "" else str(value)

    def number(self, name: str) -> float | None:
        """The fact as a number, or None where it is unknown or not a number."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def day(self, name: str) -> date | None:
        """The fact as a date, or None where it is unknown or not an ISO date."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def said(self) -> str:
        """What the customer wrote, last message last."""
        turns = self.values.get("conversation")
        earlier = [str(turn) for turn in turns] if isinstance(turns, list) else []
        return "\n".join([*earlier, self.text("last_message")]).strip()


@dataclass(frozen=True, slots=True)
class Brief:
    """What one message must say.

    `topic` is the customer's reason to leave where it is known (price, outage ...), `intent` the main intent of
    their last message where it was read with confidence (ask_discount, appointment ...), `dialogue_act` what a chat
    reply does (acknowledge, present_offer ...), `seed` makes a writer's choices repeatable, and `objections`
    are the guard's findings on the try before this one.
    """

    channel: Channel
    facts: FactSheet
    decision: DecisionTerms
    purpose: str = "retention"
    tone: str = "warm"
    language: str = "en"
    topic: str | None = None
    intent: str | None = None
    mood: Sentiment | None = None
    dialogue_act: str | None = None
    variant: str = "a"
    seed: int = 0
    objections: tuple[str, ...] = ()


SURE_OF_INTENT = 0.5
"""How surely an intent has to be read for a text to take it up."""

NO_OFFER = DecisionTerms(decision_id="none", offer_type=OfferType.NONE)
"""The decision to propose nothing."""


def terms_from_json(document: Json) -> DecisionTerms:
    """Decision terms as another program wrote them; raises InputError for a value that cannot be used."""
    try:
        return terms_of(document)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"the decision cannot be read: {error}",
            hint=f"offer_type is one of {', '.join(OfferType)}; valid_until is an ISO date.",
        ) from error
