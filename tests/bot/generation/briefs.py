"""A mixed population of briefs for the tests of writers: every topic, tone, mood and kind of offer."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.generation.brief import Brief, FactSheet
from bot.generation.template.situation import TONES, TOPICS
from db.vocabulary import Channel, DecisionTerms, OfferType, Sentiment

TODAY = date(2026, 11, 21)

SAID = {
    "price": "It costs too much for what I get.",
    "competitor": "I saw a better deal elsewhere.",
    "outage": "The connection drops all the time!",
    "slow_support": "Nobody answers me.",
    "billing_error": "My bill is wrong.",
    "life_event": "My husband died in spring.",
    "contract_end": "What happens when my contract ends?",
}

COMPANY = {
    "company": "Brightline",
    "website": "brightline.example",
    "support_email": "help@brightline.example",
    "support_phone": "555-0142",
    "support_hours": "Mon-Fri 8:00-18:00",
    "cancel_path": "Account > Plan > Cancel",
    "unsubscribe_url": "https://brightline.example/u",
}


def facts(number: int, chance: random.Random) -> dict[str, Any]:
    """The facts of one customer; some customers have few."""
    months = chance.randint(1, 90)
    since = TODAY - timedelta(days=31 * months)
    known: dict[str, Any] = {
        **COMPANY,
        "today": TODAY.isoformat(),
        "customer_id": f"C{number}",
        "plan": "Home 500",
        "price": chance.choice([29.85, 39.0, 54.5]),
        "currency": "EUR",
        "billing_period": "monthly",
        "customer_since": since.isoformat(),
        "renewal_date": "2027-02-01",
        "paid_until": "2026-12-31",
    }
    if chance.random() < 0.9:
        known |= {"first_name": chance.choice(["Anna", "Bo", "José", "Mary-Ann"]), "last_name": "O'Neil"}
    if chance.random() < 0.3:
        known["usage"] = {"sessions_last_30_days": chance.randint(0, 40)}
    if chance.random() < 0.1:
        known = {key: known[key] for key in ("today", "company", "customer_id")}
    return known


def terms(offer_type: OfferType, price: float | None, chance: random.Random) -> DecisionTerms:
    """Decided terms of a kind, with or without the terms that are optional."""
    common: dict[str, Any] = {
        "decision_id": f"d{chance.randint(0, 10**9)}",
        "offer_type": offer_type,
        "currency": "EUR",
        "valid_until": TODAY + timedelta(days=chance.randint(7, 40)) if chance.random() < 0.8 else None,
        "conditions": ("only for the present address",) if chance.random() < 0.2 else (),
    }
    money = {"price": price, "price_during": round(price * 0.8, 2)} if price else {}
    own: dict[OfferType, dict[str, Any]] = {
        OfferType.DISCOUNT: {
            "value": 20,
            "unit": "percent",
            "duration_months": 3,
            "applies_to": "monthly price",
            **money,
        },
        OfferType.PAUSE: {"duration_months": 2, "keeps": chance.choice([None, "your phone number"])},
        OfferType.PLAN_CHANGE: {"from_plan": "Home 500", "to_plan": "Home 100", "effective": "2026-12-01", **money},
        OfferType.FREE_PERIOD: {"value": 1, "unit": "months", "duration_months": 1},
        OfferType.TRIAL_EXTENSION: {"duration_days": 14},
        OfferType.CONTACT: {"who": chance.choice([None, "technician"]), "topic": "your bill"},
        OfferType.EDUCATION: {"topic": chance.choice([None, "setting up recordings"])},
        OfferType.BONUS: {"count": 2, "scope": "guest passes", "duration_months": chance.choice([None, 3])},
    }
    if offer_type is OfferType.NONE:
        return DecisionTerms(decision_id=common["decision_id"], offer_type=offer_type)
    return DecisionTerms(**common, **own[offer_type])


def brief(number: int, channel: Channel = Channel.EMAIL, act: str | None = None) -> Brief:
    """The brief of customer `number`: the same for the same number."""
    chance = random.Random(number)
    known = facts(number, chance)
    topic = chance.choice([*TOPICS, None, "praise"])
    if topic in SAID and chance.random() < 0.6:
        known["last_message"] = SAID[topic]
    return Brief(
        channel=channel,
        facts=FactSheet(known),
        decision=terms(chance.choice(list(OfferType)), known.get("price"), chance),
        purpose=chance.choice(["retention", "retention", "follow_up"]),
        tone=chance.choice(TONES),
        topic=topic,
        mood=chance.choice([None, *Sentiment]),
        dialogue_act=act,
        variant=chance.choice("ab"),
        seed=number,
    )


def mixed(count: int, channel: Channel = Channel.EMAIL) -> Iterator[Brief]:
    """`count` different briefs."""
    return (brief(number, channel) for number in range(count))
