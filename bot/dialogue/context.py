"""What a message is read against: the state of its conversation, and the kinds of intents and their bounds."""

import re
from dataclasses import dataclass

from bot.dialogue.nlu import Heard
from bot.dialogue.state import DialogueState

REQUESTS = frozenset(
    {
        "is_this_a_bot",
        "explain_bill",
        "billing_error",
        "refund",
        "pause",
        "downgrade",
        "upgrade",
        "change_plan",
        "schedule_callback",
        "appointment",
        "report_problem",
        "outage",
        "delivery_quality",
        "equipment_problem",
        "too_complex",
        "slow_support",
        "missing_feature",
        "open_ticket",
        "account_question",
        "contract_end",
        "support_contact",
        "explain_term",
    }
)
"""What a customer may ask for at any time."""

FACTS = frozenset({"account_question", "contract_end", "support_contact", "is_this_a_bot"})
"""What is answered from facts, also to somebody who waits for a person."""

REASONS = frozenset({"price_complaint", "competitor_offer", "not_using", "moving_house"})
"""Complaints that no ticket mends: an offer may, where one was decided."""

COURTESIES = frozenset({"repeat", "goodbye", "thanks", "praise", "greeting", "chitchat", "maybe_later"})
UNCLEAR = frozenset({"out_of_scope", "chitchat", "greeting"})
ASKS = REQUESTS | {"cancel", "human_request", "opt_out", "data_erasure", "bereavement", "stay"}
"""Intents that want something done, whatever question is open."""

FAULTS = frozenset(
    {"billing_error", "report_problem", "outage", "delivery_quality", "equipment_problem", "slow_support"}
)
"""What a question may describe: `why is it down every evening?`."""

NO_DESCRIPTION = (
    "repeat",
    "is_this_a_bot",
    "pause",
    "change_plan",
    "refund",
    "account_question",
    "about_account",
    "about_dates",
    "support_contact",
    "explain_term",
    "what_now",
    "correction",
    "ask_discount",
    "bargain",
    "wants_call",
)
"""What is no answer to the question what is wrong."""

ASKED_FOR = ("contract_end", "life_change")
"""Topics that a question or a stroke of fate brings up: they never take the place of a complaint."""

OF_MONEY = ("price", "competitor")
"""Topics that no description of a problem is about."""

AT_ALL, CLEARLY, CLEARLY_OF_MONEY = 0.35, 0.8, 0.7
"""The weights from which a topic is named at all, and from which a topic, and one of money, is named beyond doubt."""

SURE = 0.45
"""Below this confidence a courtesy is not taken for one."""

ORDERED = 0.9
"""The confidence from which a wish to cancel is one that the rules know, and not only the model's reading."""

TIME = re.compile(
    r"\d|\b(?:morning|noon|afternoon|evening|night|tonight|to(?:day|morrow)|\w+days?|weekend|week|month|any ?time|"
    r"now|soon|later|after|before|once|whenever|o'clock|hours?|half|quarter|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)
"""What a line has in it that names a time."""

FEW_WORDS = 4
MILD = frozenset({"equipment_problem", "report_problem", "outage"})
"""What a yes to an offered visit or call may name in passing."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reading looks at: the slots before the message is answered, and the message itself."""

    state: DialogueState
    heard: Heard

    @property
    def asked(self) -> str | None:
        """What the bot asked last."""
        found: str | None = self.state["pending"]
        return found

    @property
    def yes(self) -> bool:
        """A yes to the question that is open; a question in return is none."""
        if self.heard.has("yes", "ends_in_yes"):
            return True
        return self.heard.intent in ("affirm", "accept") and not self.heard.has("asks", "weak_yes")

    @property
    def plain_yes(self) -> bool:
        """A yes that can mean nothing else, and no question beside it: what cannot be undone is done on no other."""
        return self.heard.has("yes") or (self.heard.has("says_yes") and not self.heard.has("asks", "weak_yes"))

    @property
    def orders(self) -> bool:
        """A plain order to cancel, in words that the rules know and not in a question."""
        surely = self.heard.intent == "cancel" and self.heard.confidence >= ORDERED and not self.heard.has("asks")
        return self.heard.has("orders") or surely

    @property
    def no(self) -> bool:
        """A no to the question that is open."""
        said = self.heard.intent in ("deny", "decline", "stop") and not self.heard.has("missing")
        return said or self.heard.has("no")

    def did_last(self, *names: str) -> bool:
        """Whether the last action of the turn before was one of these."""
        done = (str(event.get("name")) for event in reversed(self.state.events) if event.get("event") == "action")
        return next(done, None) in names

    def first(self, names: frozenset[str]) -> str | None:
        """The first intent of the message among these."""
        return next((name for name in self.heard.intents if name in names), None)
