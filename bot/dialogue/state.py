"""What a conversation remembers: the slots of the domain and a bounded window of events, JSON throughout."""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.project.files import shipped
from db.vocabulary import Json

WINDOW = 60
"""Events kept at hand; what is older lives in the store only, so a turn costs the same in a long conversation."""


@dataclass(slots=True)
class DialogueState:
    """Slots and the newest events of one conversation."""

    sender_id: str
    slots: Json = field(default_factory=lambda: deepcopy(shipped().domain.start()))
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=WINDOW))

    @classmethod
    def restored(
        cls, sender_id: str, slots: Mapping[str, Any], events: Iterable[Json] = (), *, start: Json | None = None
    ) -> "DialogueState":
        """A state read back from the store; slots that are missing there are as at the `start`."""
        first = shipped().domain.start() if start is None else start
        known = {name: deepcopy(slots.get(name, value)) for name, value in first.items()}
        return cls(sender_id, known, deque(events, maxlen=WINDOW))

    def __getitem__(self, slot: str) -> Any:
        return self.slots[slot]

    def copy(self) -> "DialogueState":
        """A state that can change without this one; events never change, so that they are shared."""
        return DialogueState(self.sender_id, json.loads(json.dumps(self.slots)), deque(self.events, maxlen=WINDOW))

    def set(self, **values: Any) -> None:
        """Set slots by name. Raises KeyError for a slot that is not declared."""
        for name, value in values.items():
            if name not in self.slots:
                raise KeyError(f"there is no slot {name!r}")
            self.slots[name] = value

    def heard(self, message: Json) -> None:
        """Note what the customer said, in the form of a Rasa user event. Slot events of earlier turns are let go."""
        kept = [event for event in self.events if event.get("event") != "slot"]
        self.events = deque(kept, maxlen=WINDOW)
        self.events.append({"event": "user", **message})

    def replied(self, text: str) -> None:
        """Note what the bot said."""
        self.events.append({"event": "bot", "text": text, "data": {}})

    def follow(self, events: Iterable[Json]) -> None:
        """Apply the events that an action returned; slots that are not declared are left out."""
        for event in events:
            self.events.append(event)
            if event.get("event") == "slot" and event.get("name") in self.slots:
                self.slots[event["name"]] = event.get("value")

    def said(self, limit: int = 6) -> list[str]:
        """The customer's last messages, oldest first."""
        texts = [str(event.get("text", "")) for event in self.events if event.get("event") == "user"]
        return texts[-limit:]

    def read_intent(self, surely: float) -> str | None:
        """What was read in the customer's last message before its context, where that was read surely enough."""
        last = next((event for event in reversed(self.events) if event.get("event") == "user"), {})
        first = next(iter(last.get("intent_ranking") or ()), None) or {}
        confidence = first.get("confidence")
        sure = isinstance(confidence, int | float) and confidence >= surely
        return str(first["name"]) if sure and first.get("name") else None

    def meant(self) -> str | None:
        """What the customer's last message means in its context."""
        last = next((event for event in reversed(self.events) if event.get("event") == "user"), {})
        name = (last.get("intent") or {}).get("name")
        return str(name) if name else None

    def told(self, limit: int = 2) -> list[str]:
        """The bot's last replies, oldest first."""
        texts = [str(event.get("text", "")) for event in self.events if event.get("event") == "bot"]
        return texts[-limit:]

    def tracker(self, message: Json, last_action: str) -> Json:
        """The state as a Rasa tracker. Its parts are this state's own: the SDK, which keeps them, must get a copy."""
        return {
            "sender_id": self.sender_id,
            "slots": self.slots,
            "latest_message": message,
            "latest_event_time": None,
            "followup_action": None,
            "paused": False,
            "events": list(self.events),
            "latest_input_channel": "mainstay",
            "active_loop": {},
            "latest_action_name": last_action,
        }
