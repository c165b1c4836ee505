"""What a message is about: one of twelve reasons to leave, praise, or something else."""

from collections.abc import Sequence
from types import MappingProxyType

from analytics.language.intents import Intent

PRAISE = "praise"
OTHER = "other"
_TOPIC_OF_INTENT = {
    "price_complaint": "price",
    "ask_discount": "price",
    "downgrade": "price",
    "competitor_offer": "competitor",
    "outage": "outage",
    "delivery_quality": "outage",
    "report_problem": "outage",
    "slow_support": "slow_support",
    "appointment": "slow_support",
    "billing_error": "billing_error",
    "explain_bill": "billing_error",
    "refund": "billing_error",
    "missing_feature": "missing_feature",
    "not_using": "low_usage",
    "pause": "low_usage",
    "moving_house": "moving_house",
    "too_complex": "too_complex",
    "equipment_problem": "equipment",
    "bereavement": "life_change",
    "contract_end": "contract_end",
    "praise": PRAISE,
}
TOPIC_OF_INTENT = MappingProxyType(_TOPIC_OF_INTENT)
"""The topic each intent speaks of; intents that are not listed speak of nothing in particular."""
REASONS = tuple(dict.fromkeys(topic for topic in _TOPIC_OF_INTENT.values() if topic != PRAISE))
"""The twelve reasons to leave."""
TOPICS = (*REASONS, PRAISE, OTHER)
# Asking for a thing is weaker evidence of what hurts than naming what hurts.
_INDIRECT = frozenset({"ask_discount", "downgrade", "appointment", "explain_bill", "refund", "pause", "report_problem"})


def topic_of(intents: Sequence[Intent]) -> str:
    """The topic of a message from its intents: the most confident complaint, else an indirect sign, else `other`."""
    return weighed_topic(intents)[0]


def weighed_topic(intents: Sequence[Intent]) -> tuple[str, float]:
    """The topic of a message and its weight, 0 to 1: how surely it is named as what hurts."""
    weights: dict[str, float] = {}
    for intent in intents:
        topic = TOPIC_OF_INTENT.get(intent.name)
        if topic is not None:
            weight = intent.confidence * (0.5 if intent.name in _INDIRECT or topic == PRAISE else 1.0)
            weights[topic] = max(weights.get(topic, 0.0), weight)
    best = max(weights, key=lambda topic: (weights[topic], topic), default=OTHER)
    return best, round(weights.get(best, 0.0), 4)
