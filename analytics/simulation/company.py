"""The invented company of the simulation: brand, plans, price lists, regions, competitors and how to reach it.

Every name is made up; addresses use reserved example domains and telephone numbers reserved for fiction.
"""

from dataclasses import dataclass

import numpy as np

from db.vocabulary import OfferType, Sentiment

REASONS = (
    "price",
    "competitor",
    "outage",
    "slow_support",
    "billing_error",
    "missing_feature",
    "low_usage",
    "moving_house",
    "too_complex",
    "equipment",
    "life_change",
    "contract_end",
)
"""Latent reasons to leave, in the order of every per-reason array."""

PRAISE = "praise"
QUESTION = "question"
TOPICS = (*REASONS, PRAISE, QUESTION)
"""What a message can be about: the reasons, praise, and neutral questions of service."""

MOODS = tuple(Sentiment)
"""Moods of a message, in the order of the sentiment classes."""

OFFER_TYPES = tuple(OfferType)
"""Offer types whose effect on every customer is known, in the order of every per-offer array; the first is none."""

CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and its monthly prices, oldest price list first."""

    name: str
    prices: tuple[float, float, float]
    tv: bool
    typical_usage_gb: float
    share: float


PLANS = (
    Plan("Essential 100", (26.90, 28.40, 29.90), tv=False, typical_usage_gb=38.0, share=0.24),
    Plan("Essential 100 + TV", (36.90, 39.40, 41.90), tv=True, typical_usage_gb=55.0, share=0.16),
    Plan("Family 300", (35.90, 37.90, 39.90), tv=False, typical_usage_gb=85.0, share=0.24),
    Plan("Family 300 + TV", (47.90, 50.90, 53.90), tv=True, typical_usage_gb=110.0, share=0.20),
    Plan("Gigabit 1000", (50.90, 52.90, 54.90), tv=False, typical_usage_gb=150.0, share=0.09),
    Plan("Gigabit 1000 + TV Max", (67.90, 71.40, 74.90), tv=True, typical_usage_gb=190.0, share=0.07),
)

ANNUAL_MONTHS_CHARGED = 11
"""Customers who pay by the year pay eleven months for twelve."""

COMPETITORS = ("Zephlo", "Brackline", "Tivvora")


@dataclass(frozen=True, slots=True)
class Region:
    """A service region, its country and the time zone its customers live in."""

    name: str
    country: str
    timezone: str
    share: float


REGIONS = (
    Region("Harrowmere", "IE", "Europe/Dublin", 0.17),
    Region("Northvale", "IE", "Europe/Dublin", 0.13),
    Region("Saltmarsh Bay", "IE", "Europe/Dublin", 0.10),
    Region("Tarnbridge", "IE", "Europe/Dublin", 0.09),
    Region("Alderfen", "NL", "Europe/Amsterdam", 0.11),
    Region("Westerpolder", "NL", "Europe/Amsterdam", 0.08),
    Region("Kastenwald", "DE", "Europe/Berlin", 0.09),
    Region("Oberlinden", "DE", "Europe/Berlin", 0.06),
    Region("Monte Claro", "PT", "Europe/Lisbon", 0.07),
    Region("Ilha Serena", "PT", "Atlantic/Azores", 0.03),
    Region("Kuusiranta", "FI", "Europe/Helsinki", 0.05),
    Region("Pohjaselka", "FI", "Europe/Helsinki", 0.02),
)

CHANNELS = ("web", "comparison_site", "retail_shop", "referral", "telesales", "partner")
CHANNEL_SHARES = (0.34, 0.22, 0.14, 0.14, 0.09, 0.07)
PAYMENT_METHODS = ("direct_debit", "card", "invoice")
PAYMENT_SHARES = (0.55, 0.35, 0.10)


def price_table() -> np.ndarray:
    """Monthly prices in euros, shape (plans, price lists)."""
    return np.array([plan.prices for plan in PLANS])


def company_profile() -> dict[str, object]:
    """What a fact sheet may say about the company: contact data, plans at current prices, products, competitors."""
    return {
        "company": "Pellmere",
        "website": "https://www.pellmere.example",
        "support_email": "help@pellmere.example",
        "support_phone": "+353 20 910 0142",
        "support_hours": "Monday to Saturday, 8:00 to 20:00",
        "postal_address": "Pellmere Home Services, 14 Lanternside Quay, Harrowmere HM4 2PL",
        "unsubscribe_url": "https://www.pellmere.example/preferences/unsubscribe",
        "cancel_path": "My Pellmere > Subscription > Cancel subscription",
        "currency": CURRENCY,
        "products": ["Pellmere Internet", "Pellmere TV", "Pellmere Hub", "Pellmere Mesh", "My Pellmere app"],
        "competitors": list(COMPETITORS),
        "plans": [
            {"name": plan.name, "price": plan.prices[-1], "billing_period": "month", "tv": plan.tv} for plan in PLANS
        ],
    }
