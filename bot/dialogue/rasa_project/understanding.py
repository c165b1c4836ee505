"""Understanding for a Rasa 3 server: asks mainstay's action server, which reads every message in its context.

This file needs nothing but Rasa. It goes by two environment variables: MAINSTAY_ACTIONS_URL (where
`mainstay actions` listens, http://127.0.0.1:5055 by default) and MAINSTAY_ACTIONS_TOKEN (its token).
"""

from __future__ import annotations

import json
import logging
import os
import urllib.error
import urllib.request
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

logger = logging.getLogger(__name__)

SECONDS = 10
MOST_EVENTS = 120
NOT_UNDERSTOOD = {"intent": {"name": "nlu_fallback", "confidence": 0.0}, "intent_ranking": []}


class Understanding(GraphComponent):
    """Gives every message its intent, and what else the action server has read in it."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, context: ExecutionContext
    ) -> Understanding:
        """A component; there is nothing to train."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Read the messages where they stand in the conversation of the tracker."""
        for message in messages:
            for key, value in _read(str(message.get("text") or ""), tracker).items():
                if key not in ("text", "entities"):
                    message.set(key, value, add_to_output=True)
        return messages


def _read(text: str, tracker: DialogueStateTracker | None) -> dict[str, Any]:
    call: dict[str, Any] = {"sender_id": "", "text": text, "slots": {}, "events": []}
    if tracker is not None:
        call["sender_id"] = tracker.sender_id
        call["slots"] = tracker.current_slot_values()
        call["events"] = _last_events(tracker)
    request = urllib.request.Request(
        os.environ.get("MAINSTAY_ACTIONS_URL", "http://127.0.0.1:5055").rstrip("/") + "/understand",
        json.dumps(call).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {os.environ.get('MAINSTAY_ACTIONS_TOKEN', '')}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError) as error:
        logger.error("mainstay's action server did not read a message (%s)", type(error).__name__)
        return dict(NOT_UNDERSTOOD)


def _last_events(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The newest messages and actions, oldest first; how long a conversation is does not matter."""
    found: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        kind = event.type_name
        if kind == "user":
            found.append({"event": kind, "text": event.text, "intent": {"name": event.intent.get("name")}})
        elif kind == "action":
            found.append({"event": kind, "name": event.action_name})
        elif kind == "slot" and event.key == "at_once":
            found.append({"event": kind, "name": event.key, "value": event.value})
        if len(found) >= MOST_EVENTS:
            break
    return found[::-1]
