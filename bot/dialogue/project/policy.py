"""Which action comes next: Rasa's RulePolicy over the table of rules."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from bot.dialogue.project.rules import LISTEN, NOT_SET, Entry, State

NO_RULE = "no rule"
"""The name of the rule where none applies."""

MOST_ACTIONS = 10
"""Actions in one turn before the bot stops to listen, as in Rasa."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The next action and the rule that chose it."""

    action: str
    rule: str


class RulePolicy:
    """Predicts from the states of the turn, oldest first; `fallback` is what is done where no rule applies."""

    def __init__(self, entries: Sequence[Entry], fallback: str | None = None) -> None:
        self._fallback = fallback
        # Longest key first: where several rules apply, the one that says most decides, as in Rasa.
        self._entries: dict[tuple[str, str | None], list[tuple[int, Entry]]] = {}
        for rank, entry in enumerate(sorted(entries, key=lambda entry: len(entry.key), reverse=True)):
            self._entries.setdefault((_last_action(entry.states), _intent(entry.states)), []).append((rank, entry))

    def predict(self, states: Sequence[State]) -> Prediction:
        """The next action; without a rule it is the fallback."""
        found = self.find(states)
        if found is not None:
            return Prediction(found.action, found.rule)
        return Prediction(self._fallback or LISTEN, NO_RULE)

    def find(self, states: Sequence[State]) -> Entry | None:
        """The entry that says most among those that apply."""
        last = _last_action(states)
        # Rules of this intent and rules of any, in the one order of both.
        candidates = heapq.merge(
            self._entries.get((last, _intent(states)), ()), self._entries.get((last, None), ()), key=itemgetter(0)
        )
        return next((entry for _, entry in candidates if _applies(entry, states)), None)


def _last_action(states: Sequence[State]) -> str:
    return str(states[-1]["prev_action"]["action_name"])


def _intent(states: Sequence[State]) -> str | None:
    found: str | None = states[-1].get("user", {}).get("intent")
    return found


def _applies(entry: Entry, states: Sequence[State]) -> bool:
    if len(entry.states) > len(states):
        return False
    pairs = zip(reversed(entry.states), reversed(states), strict=False)
    return all(_matches(rule, state) for rule, state in pairs)


def _matches(rule: State, state: State) -> bool:
    """Whether a state holds all that a rule asks for."""
    for part, wanted in rule.items():
        held = state.get(part, {})
        for name, value in wanted.items():
            there = held.get(name)
            if there != value and not (value == NOT_SET and there is None):
                return False
    return True
