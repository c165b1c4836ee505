"""What a customer has a right to, checked in the rules of any project: no edit of rules.yml can take it away."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.project.domain import Domain
from bot.dialogue.project.policy import MOST_ACTIONS, RulePolicy
from bot.dialogue.project.reading import Part
from bot.dialogue.project.rules import LISTEN, Entry, State

Actions = Sequence[str]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Right:
    """What must be among the actions (or first among them) when a message means `intent`, where `when` holds."""

    intent: str
    says: str
    holds: Callable[[Actions, Values], bool]
    when: Values


def _begins(*names: str) -> Callable[[Actions, Values], bool]:
    return lambda actions, _: bool(actions) and actions[0] in names


def _has(*names: str) -> Callable[[Actions, Values], bool]:
    return lambda actions, _: not set(actions).isdisjoint(names)


_REACHES_CANCELLING = ("action_ask_cancel", "action_cancel_aside", "action_cancel")

RIGHTS = (
    Right("human_request", "a person at once (action_hand_off)", _begins("action_hand_off"), {"with_person": False}),
    Right(
        "human_request_and_cancel",
        "a person at once (action_hand_off)",
        _begins("action_hand_off"),
        {"with_person": False},
    ),
    Right("opt_out", "an end to messages at once (action_opt_out)", _begins("action_opt_out"), {}),
    Right("data_erasure", "to be forgotten (action_erase_request)", _begins("action_erase_request"), {}),
    Right("cancel", "a way to cancel in the first turn", _has(*_REACHES_CANCELLING), {"leaving": "not_told"}),
    Right(
        "cancel", "to be cancelled in the second turn (action_cancel)", _begins("action_cancel"), {"leaving": "told"}
    ),
    Right("affirm", "to be cancelled after a yes (action_cancel)", _begins("action_cancel"), {"asked": "cancel"}),
)
"""Whatever else is in the project, these hold in every context."""


def check_rights(policy: RulePolicy, entries: Sequence[Entry], domain: Domain, rules: Part) -> None:
    """Raises InputError, with the line of the rule, where a customer would not get what they have a right to."""
    for right in RIGHTS:
        for values in _contexts(right, entries, domain):
            states = _walk(policy, right.intent, values, domain)
            actions = [str(state["prev_action"]["action_name"]) for state in states[1:]]
            if not right.holds(actions, values):
                raise _at_fault(policy, states, rules).wrong(
                    f"for the intent {right.intent!r} the rules lead to {', '.join(actions) or 'nothing'}, but a "
                    f"customer has a right to {right.says}{_where(values)}"
                )


def _where(values: Values) -> str:
    return f" (where {', '.join(f'{name} is {value}' for name, value in values.items())})" if values else ""


def _contexts(right: Right, entries: Sequence[Entry], domain: Domain) -> Iterator[Values]:
    """All values of the slots that rules for the intent look at."""
    seen = {
        name
        for entry in entries
        if any(state.get("user", {}).get("intent") == right.intent for state in entry.states)
        for state in entry.states
        for name in state.get("slots", {})
    }
    free = sorted(name for name in seen - right.when.keys() if name in domain.slots)
    for values in itertools.product(*(_values(name, domain) for name in free)):
        yield {**right.when, **dict(zip(free, values, strict=True))}


def _values(name: str, domain: Domain) -> Sequence[Any]:
    slot = domain.slots[name]
    match slot.kind:
        case "bool":
            return (False, True)
        case "categorical":
            return (None, *slot.values)
        case "float":
            return tuple(range(int(slot.lowest), int(slot.highest) + 1))
    return (None, "x")


def _walk(policy: RulePolicy, intent: str, values: Values, domain: Domain) -> list[State]:
    """The states of a turn in which no action changes what the rules look at."""
    slots = {name: found for name, value in values.items() if (found := domain.slots[name].feature(value)) is not None}
    states: list[State] = []
    action = LISTEN
    while len(states) <= MOST_ACTIONS:
        states.append({"prev_action": {"action_name": action}, "user": {"intent": intent}, "slots": slots})
        action = policy.predict(states).action
        if action == LISTEN:
            break
    return states


def _at_fault(policy: RulePolicy, states: Sequence[State], rules: Part) -> Part:
    """The rule that chose the first action, or the whole file where none did."""
    entry = policy.find(states[:1])
    if entry is None:
        return rules
    path = next(path for path, line in rules.document.lines.items() if line == entry.line)
    return Part(rules.document, path, None)
