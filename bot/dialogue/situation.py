"""What the rules of the policy look at: the state, the message, and whether the desk has an offer."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue.actions.offers import NO_SALES
from bot.dialogue.nlu import ANGER, Heard
from bot.dialogue.state import DialogueState

Actions = tuple[str, ...]
Chosen = Actions | None


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at: the state, the message, and whether the desk has an offer."""

    state: DialogueState
    heard: Heard
    has_offer: bool

    @property
    def pending(self) -> str | None:
        """What the bot asked last."""
        found: str | None = self.state["pending"]
        return found

    @property
    def may_offer(self) -> bool:
        """Whether an offer may be made for the first time: the reason is known and nothing speaks against it."""
        sold_out = any(self.state[name] for name in NO_SALES)
        return (
            self.has_offer
            and not sold_out
            and self.state["offer"] == "none"
            and bool(self.state["reason"])
            and self.heard.anger < ANGER
        )

    @property
    def says_yes(self) -> bool:
        """A yes to the question that is open."""
        return self.heard.has("yes") or self.heard.intent in ("affirm", "accept")

    @property
    def says_no(self) -> bool:
        """A no to the question that is open."""
        return self.heard.has("no") or self.heard.intent in ("deny", "decline", "stop")


Rule = Callable[[Situation], Chosen]
"""Looks at a situation and chooses actions, or None where it does not apply."""
