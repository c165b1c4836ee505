"""The domain of a Rasa project: intents, slots and actions, and what the policy sees of a slot."""

from dataclasses import dataclass
from typing import Any

from bot.dialogue.project.reading import Part
from db.vocabulary import Json

KEYS = ("version", "intents", "entities", "slots", "responses", "actions", "forms", "session_config")
SLOT_KEYS = ("type", "initial_value", "influence_conversation", "mappings", "values", "min_value", "max_value")
KINDS = ("any", "bool", "categorical", "float", "list", "text")
MAPPINGS = ("custom", "from_text")
OTHER = "__other__"
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
    from_text_in: tuple[str, ...] = ()

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
class Form:
    """A form: the slots that it asks for, in order, and the intents that do not fill them."""

    name: str
    required: tuple[str, ...]
    ignored: frozenset[str]


@dataclass(frozen=True, slots=True)
class Domain:
    """What rules may speak of."""

    intents: frozenset[str]
    slots: dict[str, Slot]
    actions: frozenset[str]
    forms: dict[str, Form]
    document: Json

    def start(self) -> Json:
        """Every slot with its value at the start."""
        return {name: slot.initial for name, slot in self.slots.items()}


def parse_domain(part: Part) -> Domain:
    """The domain in a file. Raises InputError for what is wrong or not supported."""
    keys = part.mapping(KEYS)
    part.get("session_config", {}).mapping(SESSION_KEYS)
    if keys.get("entities") and keys["entities"].data:
        raise keys["entities"].wrong("entities are not supported; set a slot in action_validate_slot_mappings instead")
    if keys.get("forms") and keys["forms"].data:
        raise keys["forms"].wrong("forms are not supported; let an action ask and set `pending`")
    forms = {name: _form(name, found) for name, found in part.get("forms", {}).mapping().items()}
    slots = {name: _slot(name, found, forms) for name, found in part.get("slots", {}).mapping().items()}
    for name, form in forms.items():
        for slot in form.required:
            if slot not in slots:
                raise keys["forms"][name].wrong(f"the form asks for the slot {slot!r}, which is not under `slots:`")
    intents = [found.text() for found in part.get("intents", []).items()]
    actions = [found.text() for found in part.get("actions", []).items()]
    if keys.get("responses") and keys["responses"].data:
        raise keys["responses"].wrong("responses are not supported: every word is written, and checked, by an action")
    return Domain(frozenset(intents), slots, frozenset(actions), forms, dict(part.data))


def _slot(name: str, part: Part, forms: dict[str, Form]) -> Slot:
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
    filled = [place for found in part.get("mappings", []).items() for place in _mapping(name, found, forms)]
    lowest, highest = (float(part.get(key, at).data) for key, at in (("min_value", 0.0), ("max_value", 1.0)))
    return Slot(name, kind, part.get("initial_value").data, bool(influences), values, lowest, highest, tuple(filled))


def _mapping(slot: str, part: Part, forms: dict[str, Form]) -> list[str]:
    """The forms in which the text of a message fills the slot."""
    part.mapping(("type", "conditions"))
    kind = part.get("type").data
    if kind not in MAPPINGS:
        raise part.wrong(f"slot {slot!r}: the mapping {kind!r} is not supported; use one of {', '.join(MAPPINGS)}")
    if kind == "custom":
        return []
    places = [found.mapping(("active_loop", "requested_slot")) for found in part.get("conditions", []).items()]
    names = [place["active_loop"].text() for place in places if "active_loop" in place]
    if not names or any(name not in forms for name in names):
        raise part.wrong(f"slot {slot!r}: from_text needs a condition `active_loop:` that names a form")
    return names


def _form(name: str, part: Part) -> Form:
    part.mapping(("required_slots", "ignored_intents"))
    required = tuple(found.text() for found in part.get("required_slots", []).items())
    if not required:
        raise part.wrong(f"the form {name!r} needs `required_slots:`")
    return Form(name, required, frozenset(found.text() for found in part.get("ignored_intents", []).items()))
