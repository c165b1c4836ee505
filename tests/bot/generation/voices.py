"""Figures of a summary as a writer is told them: a rise, a fall, and a topic that complaints and praise share."""

from typing import Any

from bot.generation.brief import NO_OFFER, Brief, FactSheet
from db.vocabulary import Channel


def topic(name: str, now: int, before: int, trend: str, **figures: Any) -> dict[str, Any]:
    return {
        "name": name,
        "messages": now + 4,
        "messages_before": before + 3,
        "customers": now,
        "customers_before": before,
        "trend": trend,
        **figures,
    }


FIGURES: dict[str, Any] = {
    "from": "2026-10-02",
    "to": "2026-10-31",
    "before_from": "2026-09-02",
    "before_to": "2026-10-01",
    "days": 30,
    "horizon_days": 90,
    "comparable": True,
    "messages": 282,
    "messages_before": 289,
    "churn_customers": 1182,
    "churn_left": 189,
    "churn_percent": 15.989848,
    "complaints": {
        "messages": 95,
        "messages_before": 70,
        "customers": 88,
        "customers_before": 66,
        "trend": "steady",
        "share_percent": 33.687943,
        "topics": [
            topic(
                "price", 41, 18, "up", share_percent=47.368421, monthly_revenue=1197.05, churn_customers=238,
                churn_left=89, churn_percent=37.394958, churn_compared="higher",
            ),
            topic(
                "outage", 20, 23, "steady", share_percent=25.263158, monthly_revenue=796.76, churn_customers=118,
                churn_left=24, churn_percent=20.338983, churn_compared="alike",
            ),
            topic("slow support", 3, 17, "down", share_percent=7.368421, churn_customers=8, churn_compared="unknown"),
        ],
    },
    "praise": {
        "messages": 103,
        "messages_before": 97,
        "customers": 99,
        "customers_before": 92,
        "trend": "steady",
        "share_percent": 36.524823,
        "topics": [
            topic("technician, kind, quick", 33, 29, "steady", share_percent=35.922330, churn_compared="unknown"),
            topic("price", 12, 11, "steady", share_percent=15.533981, churn_compared="unknown"),
        ],
    },
}  # fmt: skip


def voices_brief(seed: int = 0, **changes: Any) -> Brief:
    """A brief that asks for the summary of these figures."""
    facts = {
        "today": "2026-10-31",
        "language": "en",
        "company": "Brightline",
        "currency": "EUR",
        "voices": {**FIGURES, **changes},
    }
    return Brief(Channel.CHAT, FactSheet(facts), NO_OFFER, purpose="voices", tone="plain", seed=seed)
