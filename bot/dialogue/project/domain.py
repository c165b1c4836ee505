"""The domain of a Rasa project: intents, slots and actions, and what the policy sees of a slot."""

from dataclasses import dataclass
from typing import Any

from bot.dialogue.project.reading import Part
from db.vocabulary import Json

KEYS = ("version", "intents", "entities", "slots", "responses", "actions", "forms", "session_config")
SLOT_KEYS = ("type", "initial_value", "influence_conversation", "mappings", "values", "min_value", "max_value")
KINDS = ("any", "bool", "categorical", "float", "list", "text")
OTHER = "__other__"
UNSUPPORTED = {
    "entities": "set a slot in action_validate_slot_mappings instead",
    "forms": "let an action ask and set `pending`; a form would ask again after whatever else the customer wants",
    "responses": "every word is written, and checked, by an action",
}
SESSION_KEYS = ("session_expiration_time", "carry_over_slots_to_new_session")


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as the domain declares it. One that does not influence the conversation is not seen by rules."""

    name: str
    kind: str
    initial: Any = None
    influences: bool = False
    values: tuple[str, ...] = ()
    lowest: float = 0.0
    highest: float = 1.0

    def feature(self, value: Any) -> tuple[float, ...] | None:
        """What the policy sees of a value, as in `rasa.shared.core.slots`; None where the slot counts as not set."""
        if not self.influences or value is None:
            return None
        match self.kind:
            case "bool":
                return (1.0, float(str(value).lower() == "true"))
            case "categorical":
                known = str(value).lower() if str(value).lower() in self.values else OTHER
                return tuple(float(known == each) for each in (*self.values, OTHER))
            case "float":
                capped = max(self.lowest, min(self.highest, float(value)))
                return (1.0, (capped - self.lowest) / (abs(self.highest - self.lowest) or 1.0))
            case "list":
                return (1.0,) if value else None
        return (1.0,)


@dataclass(frozen=True, slots=True)
class Domain:
    """What rules may speak of."""

    intents: frozenset[str]
    slots: dict[str, Slot]
    actions: frozenset[str]
    document: Json

    def start(self) -> Json:
        """Every slot with its value at the start."""
        return {name: slot.initial for name, slot in self.slots.items()}


def parse_domain(part: Part) -> Domain:
    """The domain in a file. Raises InputError for what is wrong or not supported."""
    keys = part.mapping(KEYS)
    part.get("session_config", {}).mapping(SESSION_KEYS)
    for key, mend in UNSUPPORTED.items():
        if key in keys and keys[key].data:
            raise keys[key].wrong(f"{key} are not supported: {mend}")
    slots = {name: _slot(name, found) for name, found in part.get("slots", {}).mapping().items()}
    intents = [found.text() for found in part.get("intents", []).items()]
    actions = [found.text() for found in part.get("actions", []).items()]
    return Domain(frozenset(intents), slots, frozenset(actions), dict(part.data))


def _slot(name: str, part: Part) -> Slot:
    part.mapping(SLOT_KEYS)
    kind = part.get("type").data
    if kind not in KINDS:
        raise part.wrong(f"slot {name!r}: the type {kind!r} is not supported; it must be one of {', '.join(KINDS)}")
    influences = part.get("influence_conversation", kind != "any").data
    if kind == "any" and influences:
        raise part.wrong(f"slot {name!r}: rules cannot see a slot of type any; say `influence_conversation: false`")
    values = tuple(str(value).lower() for value in part.get("values", []).data)
    if kind == "categorical" and not values:
        raise part.wrong(f"slot {name!r}: a categorical slot needs its `values:`")
    if any(isinstance(value, bool) for value in part.get("values", []).data):
        raise part.wrong(f"slot {name!r}: put quotes around yes and no, which YAML reads as true and false")
    for mapping in part.get("mappings", []).items():
        if mapping.mapping(("type",)).get("type", mapping).data != "custom":
            raise mapping.wrong(f"slot {name!r}: only `type: custom` is supported; actions set the slots")
    lowest, highest = (float(part.get(key, at).data) for key, at in (("min_value", 0.0), ("max_value", 1.0)))
    return Slot(name, kind, part.get("initial_value").data, bool(influences), values, lowest, highest)
