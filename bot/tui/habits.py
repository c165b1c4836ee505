"""What the terminal UI remembers between runs, and which keys do what."""

import difflib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from textual.binding import Binding, BindingType

from db.errors import MainstayError, SettingsError

FILE = "tui.json"


@dataclass(slots=True)
class Habits:
    """Theme, screen, customer, and what each screen wants to find as it was left.

    `recalled` is what the screens found at the beginning: what they left as it was is not written again, for an
    erasure may have taken somebody out of the file meanwhile.
    """

    theme: str = ""
    mode: str = ""
    customer_id: str | None = None
    screens: dict[str, dict[str, Any]] = field(default_factory=dict)
    first_run: bool = True
    recalled: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Path) -> "Habits":
        """What was remembered; nothing where the file is not there or cannot be read."""
        try:
            found = json.loads((home / FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls()
        if not isinstance(found, dict):
            return cls()
        given, customer = found.get("screens"), found.get("customer_id")
        screens = {str(k): v for k, v in given.items() if isinstance(v, dict)} if isinstance(given, dict) else {}
        return cls(
            theme=str(found.get("theme") or ""),
            mode=str(found.get("mode") or ""),
            customer_id=customer if isinstance(customer, str) else None,
            screens=screens,
            first_run=False,
            recalled=dict(screens),
        )

    def write(self, home: Path) -> None:
        """Remember; a home folder that cannot be written to is no reason to complain on leaving."""
        from bot.outreach.exports import write_whole

        left = {name: way for name, way in self.screens.items() if way != self.recalled.get(name)}
        document = {
            "theme": self.theme,
            "mode": self.mode,
            "customer_id": self.customer_id,
            "screens": {**Habits.read(home).screens, **left},
        }
        try:
            write_whole(home / FILE, json.dumps(document).encode(), overwrite=True)
        except MainstayError:
            return


def with_names(bindings: Iterable[BindingType], place: str) -> list[BindingType]:
    """Bindings with a name each, such as `drafts.approve`, under which a person may give them other keys."""
    return [_named(one, place) if isinstance(one, Binding) else one for one in bindings]


def _named(binding: Binding, place: str) -> Binding:
    if binding.id:
        return binding
    action = re.sub(r"[^a-z0-9_]+", "-", binding.action.removeprefix("app.").lower().replace("-", "back ")).strip("-")
    return replace(binding, id=f"{place}.{action}")


def names_of(bindings: Iterable[BindingType]) -> dict[str, str]:
    """The names of bindings with their keys."""
    return {one.id: one.key for one in bindings if isinstance(one, Binding) and one.id}


def check_keys(keys: Mapping[str, str], known: Iterable[str]) -> None:
    """Raises SettingsError for a name that no binding has, guessing which was meant."""
    names = set(known)
    for name in keys:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise SettingsError(
                f"No action is called {name!r}, so that it cannot have the key {keys[name]!r}.",
                hint=f"Did you mean {near[0]!r}?" if near else "`mainstay config keys` names them all.",
            )


def far_away(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is at the other end of a network, where every frame costs."""
    asked = "TEXTUAL_ANIMATIONS" in environment
    return not asked and any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
