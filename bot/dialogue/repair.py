"""Taking a message in, and noticing when the conversation goes wrong: corrections, failures, loops, anger."""

import re

from bot.dialogue.nlu import ANGER, STRONG_ANGER, SURE_OF_TOPIC, Heard
from bot.dialogue.state import DialogueState

MOST_FAILURES = 3
SAME_AGAIN = 3

CANNOT_LOOP = frozenset(
    {
        "action_cancel",
        "action_opt_out",
        "action_erase_request",
        "action_hand_off",
        "action_handoff_waiting",
        "action_open_ticket",
        "action_goodbye",
        "action_is_bot",
    }
)
"""Actions that may be repeated as often as the customer wants."""


def take_in(state: DialogueState, heard: Heard) -> None:
    """Note mood, anger and reason of a message before anything is decided."""
    angry = state["angry_turns"]
    state.set(
        mood=heard.sentiment.value,
        angry_turns=angry + 1 if heard.anger >= ANGER else max(0, angry - 1),
    )
    about_the_offer = state["pending"] == "offer" and heard.has("about_offer", "bargain")
    if heard.topic and heard.confidence >= SURE_OF_TOPIC and not about_the_offer:
        state.set(reason=heard.topic)


def is_angry(state: DialogueState, heard: Heard) -> bool:
    """Strong anger in this message, or anger in two messages running."""
    return heard.anger >= STRONG_ANGER or (heard.anger >= ANGER and state["angry_turns"] >= 2)


def is_repeating(state: DialogueState, heard: Heard) -> bool:
    """Whether the customer says the same for the third time."""
    line = _plain(heard.text)
    return bool(line) and sum(_plain(text) == line for text in state.said()) >= SAME_AGAIN - 1


def is_going_round(state: DialogueState, actions: tuple[str, ...]) -> bool:
    """Whether the bot is about to do the same for the third time running."""
    if set(actions) & CANNOT_LOOP:
        return False
    done = [str(event.get("name")) for event in state.events if event.get("event") == "action"]
    wanted = actions[-1]
    return len(done) >= SAME_AGAIN - 1 and all(name == wanted for name in done[-(SAME_AGAIN - 1) :])


def next_question(state: DialogueState) -> tuple[str, ...]:
    """What to do about a message that was not understood: ask, list what is possible, then hand over."""
    ladder = (("action_clarify",), ("action_choices",))
    failures = state["failures"]
    return ladder[failures] if failures < MOST_FAILURES - 1 else ("action_hand_off",)


def settle(state: DialogueState, actions: tuple[str, ...], failed: bool) -> None:
    """Count failures after a turn: not understood and not done count, anything else starts afresh."""
    lost = failed or set(actions) & {"action_clarify", "action_choices", "action_language_limit"}
    state.set(failures=state["failures"] + 1 if lost else 0)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
