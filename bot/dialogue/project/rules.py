"""The rules of a Rasa project, and the lookup table that Rasa's RulePolicy makes of them."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.decisions.documents import nearest
from bot.dialogue.project.domain import Domain
from bot.dialogue.project.reading import Part
from db.vocabulary import Json

LISTEN = "action_listen"
NOT_SET = "should_not_be_set"
RULE_KEYS = ("rule", "condition", "steps", "wait_for_user_input")
STEP_KEYS = ("intent", "or", "action", "slot_was_set")
UNSUPPORTED = {
    "active_loop": "forms are not supported; let an action ask and set `pending`",
    "conversation_start": "the first message of a conversation comes from action_session_start",
    "entities": "put what the entity says into a slot in action_validate_slot_mappings",
    "user": "rules go by `intent:`",
    "bot": "name an `action:`",
    "checkpoint": "write the steps out",
}

State = Json


@dataclass(frozen=True, slots=True)
class Entry:
    """After these states comes this action, by this rule. `key` is their text in Rasa, whose length decides."""

    states: tuple[State, ...]
    action: str
    rule: str
    line: int

    @property
    def key(self) -> str:
        """The states as Rasa writes them."""
        return json.dumps(self.states, sort_keys=True)


@dataclass(frozen=True, slots=True)
class _Step:
    kind: str
    value: Any
    part: Part


def parse_rules(part: Part, domain: Domain) -> list[Entry]:
    """The table of all rules in a file. Raises InputError for what is wrong or not supported."""
    part.mapping(("version", "rules"))
    entries: list[Entry] = []
    names: dict[str, int] = {}
    for found in part.get("rules", []).items():
        keys = _keys(found, RULE_KEYS)
        name = found.get("rule").text()
        if name in names:
            raise found.wrong(f"there is another rule {name!r} in line {names[name]}; give this one its own name")
        names[name] = found.line
        condition = [_step(item, domain) for item in found.get("condition", []).items()]
        steps = [_step(item, domain) for item in keys["steps"].items()] if "steps" in keys else []
        waits = found.get("wait_for_user_input", True).data
        entries += _entries(found, name, condition, steps, waits=bool(waits))
    return _without_doubles(entries, part)


def _keys(part: Part, known: tuple[str, ...]) -> dict[str, Part]:
    for key in part.data if isinstance(part.data, dict) else ():
        if key in UNSUPPORTED:
            raise part[key].wrong(f"{key!r} is not supported in rules: {UNSUPPORTED[key]}")
    return part.mapping(known)


def _step(part: Part, domain: Domain) -> _Step:
    keys = _keys(part, STEP_KEYS)
    if len(keys) != 1:
        raise part.wrong(f"a step is one of {', '.join(STEP_KEYS)}")
    ((kind, value),) = keys.items()
    match kind:
        case "intent":
            return _Step(kind, (_known(value, domain.intents, "intent", "intents"),), part)
        case "or":
            intents = (_keys(item, ("intent",)) for item in value.items())
            return _Step(
                "intent", tuple(_known(each["intent"], domain.intents, "intent", "intents") for each in intents), part
            )
        case "action":
            return _Step(kind, _known(value, domain.actions | {LISTEN}, "action", "actions"), part)
    return _Step(kind, _slots(value, domain), part)


def _known(part: Part, names: frozenset[str], what: str, where: str) -> str:
    name = part.text()
    if name not in names:
        near = nearest(name, sorted(names))
        raise part.wrong(f"the {what} {name!r} is not under `{where}:` in domain.yml. {near}".strip())
    return name


def _slots(part: Part, domain: Domain) -> dict[str, Any]:
    """What the policy sees of the slots of a condition."""
    found: dict[str, Any] = {}
    for item in part.items():
        if not isinstance(item.data, dict):
            raise item.wrong(f"say which value: `- {item.data}: ...`")
        for name, value in item.mapping().items():
            slot = domain.slots.get(name)
            if slot is None:
                raise value.wrong(f"there is no slot {name!r}. {nearest(name, sorted(domain.slots))}".strip())
            if not slot.influences:
                raise value.wrong(f"rules do not see the slot {name!r}: it has `influence_conversation: false`")
            if slot.kind == "categorical" and value.data is not None and str(value.data).lower() not in slot.values:
                raise value.wrong(f"{name!r} is never {value.data!r}. {nearest(str(value.data), list(slot.values))}")
            found[name] = NOT_SET if value.data is None else slot.feature(value.data)
    return found


def _entries(part: Part, name: str, condition: list[_Step], steps: list[_Step], *, waits: bool) -> Iterator[Entry]:
    heard = [step for step in steps if step.kind == "intent"]
    if len(heard) > 1:
        raise heard[1].part.wrong("a rule has at most one `intent:`; make two rules of it")
    if heard and steps[0] is not heard[0]:
        raise heard[0].part.wrong("`intent:` must be the first step of a rule")
    if not any(step.kind == "action" for step in steps):
        raise part.wrong(f"the rule {name!r} needs an `action:` step")
    for step in condition:
        if step.kind != "slot_was_set":
            raise step.part.wrong("a condition is `slot_was_set:`")
    for intent in heard[0].value if heard else (None,):
        yield from _chain(part, name, condition, steps, intent, waits=waits)


def _chain(
    part: Part, name: str, condition: list[_Step], steps: list[_Step], intent: str | None, *, waits: bool
) -> Iterator[Entry]:
    """One entry for each action of a rule, and for the waiting at its end.

    The first action of a rule without an intent is what the rule goes on from: Rasa never predicts it.
    """
    slots: Json = {}
    states: list[State] = []

    def state(action: str) -> State:
        found: State = {"prev_action": {"action_name": action}}
        if intent is not None:
            found["user"] = {"intent": intent}
        if slots:
            found["slots"] = dict(slots)
        return found

    last = LISTEN if intent is not None else None
    for step in itertools.chain(condition, steps):
        match step.kind:
            case "slot_was_set":
                slots.update(step.value)
            case "action":
                if last is not None:
                    states.append(state(last))
                    yield Entry(tuple(states), step.value, name, part.line)
                last = step.value
    if waits and last is not None and last != LISTEN:
        states.append(state(last))
        yield Entry(tuple(states), LISTEN, name, part.line)


def _without_doubles(entries: list[Entry], part: Part) -> list[Entry]:
    """Each key once. Raises InputError for two rules that could both apply while neither is a special case."""
    table: dict[str, Entry] = {}
    for entry in entries:
        other = table.setdefault(entry.key, entry)
        if other.action != entry.action:
            raise _contradiction(entry, other, part)
    kept = list(table.values())
    for one, other in itertools.combinations(kept, 2):
        if one.action != other.action and _both(one, other) and not _nested(one, other):
            raise _contradiction(other, one, part)
    return kept


def _contradiction(entry: Entry, other: Entry, part: Part) -> Exception:
    place = Part(part.document, next(p for p, line in part.document.lines.items() if line == entry.line), None)
    return place.wrong(
        f"the rules {entry.rule!r} and {other.rule!r} (line {other.line}) can apply to the same message, one with "
        f"{entry.action}, one with {other.action}; give one of them a condition that the other excludes"
    )


def _both(one: Entry, other: Entry) -> bool:
    """Whether a conversation can be in the states of both."""
    pairs = zip(reversed(one.states), reversed(other.states), strict=False)
    return all(_together(left, right) for left, right in pairs)


def _together(left: State, right: State) -> bool:
    for part, values in left.items():
        for name, value in values.items():
            there = right.get(part, {}).get(name, value)
            if there != value:
                return False
    return True


def _nested(one: Entry, other: Entry) -> bool:
    """Whether one of two entries asks for all that the other asks for, so that the longer is the special case."""
    return _covers(one, other) or _covers(other, one)


def _covers(special: Entry, general: Entry) -> bool:
    if len(special.states) < len(general.states):
        return False
    pairs = zip(reversed(special.states), reversed(general.states), strict=False)
    return all(
        special_state.get(part, {}).get(name) == value
        for special_state, general_state in pairs
        for part, values in general_state.items()
        for name, value in values.items()
    )
