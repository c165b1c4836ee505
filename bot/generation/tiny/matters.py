"""What a customer's last message is about, as far as the small writer has words of its own for it."""

from bot.generation.brief import Brief
from bot.generation.template.situation import OTHER_NAMES, is_borne_out
from db.vocabulary import Sentiment

MATTERS = (
    "price_complaint", "ask_discount", "downgrade", "competitor_offer", "upgrade", "change_plan",
    "outage", "delivery_quality", "report_problem", "equipment_problem", "slow_support", "appointment",
    "billing_error", "explain_bill", "refund", "account_question", "contract_end", "cancel",
    "missing_feature", "too_complex", "not_using", "pause", "moving_house", "maybe_later",
    "praise", "thanks", "schedule_callback", "human_request", "open_ticket", "decline",
)  # fmt: skip
"""Intents of messages that have sentences of their own in the corpus."""

UNREAD, NONE = "unknown", "none"
"""The matter of a message that could not be read, and that of no message."""

AT_FAULT = frozenset({
    "outage", "delivery_quality", "report_problem", "equipment_problem", "slow_support", "appointment", "billing_error",
})  # fmt: skip
"""Matters in which a customer who is cross may be owed an apology."""

GLAD = frozenset({"praise", "thanks", "upgrade"})
"""Matters on which a cheerful answer is not out of place."""

MATTER_OF_TOPIC = {
    "price": "price_complaint", "competitor": "competitor_offer", "outage": "outage", "slow_support": "slow_support",
    "billing_error": "billing_error", "missing_feature": "missing_feature", "not_using": "not_using",
    "moving_house": "moving_house", "too_complex": "too_complex", "equipment": "equipment_problem",
    "contract_end": "contract_end", "praise": "praise",
}  # fmt: skip
"""The matter that a topic of letters stands for; a life event has none, its letters are approved wording."""


def matter_of(brief: Brief) -> str:
    """The matter of the last message: its intent, else the topic where the words bear it out."""
    message = brief.facts.text("last_message")
    if not message:
        return NONE
    if brief.intent in MATTERS and not (brief.intent == "praise" and brief.mood is Sentiment.NEGATIVE):
        return brief.intent
    given = (brief.topic or "").strip().lower().replace(" ", "_").replace("-", "_")
    topic = OTHER_NAMES.get(given, given)
    return MATTER_OF_TOPIC.get(topic, UNREAD) if is_borne_out(topic, message, brief.mood) else UNREAD
