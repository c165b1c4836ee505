"""The keys that a text may name: those in force, which a person may have changed in the settings."""

import re
from collections.abc import Mapping

from textual.keys import key_to_character

NAMED = re.compile(r"\{(?P<key>[^{}=\s]+)=(?P<name>[a-z_]+\.[a-z0-9_-]+)\}")
_IN_FORCE: dict[str, str] = {}


def use_keys(keys: Mapping[str, str]) -> None:
    """From now on texts name these keys in place of the built-in ones; called once the settings are read."""
    _IN_FORCE.clear()
    _IN_FORCE.update(keys)


def key(built_in: str, name: str) -> str:
    """The key of the action of that name as a text says it; the first one where it has several."""
    own = _IN_FORCE.get(name, "").partition(",")[0].strip()
    if not own:
        return built_in
    char = key_to_character(own)
    return char if char is not None and char.isprintable() and not char.isspace() else own


def keyed(text: str) -> str:
    """A text of ours in which `{w=customers.audience}` stands for the key of that action."""
    return NAMED.sub(lambda found: key(found["key"], found["name"]), text)
