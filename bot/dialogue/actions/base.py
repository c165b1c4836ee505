"""The base of all actions: whatever happens inside, the customer gets an answer and the log an id."""

import asyncio
import logging
import uuid
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.dialogue.desk import Desk
from db.vocabulary import Json

log = logging.getLogger(__name__)

PREFIX = "utter_"


class Talk:
    """What an action sees of the turn and what it says in it."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._slots: Json = dict(tracker.slots)
        message: Json = tracker.latest_message or {}
        self.text = str(message.get("text") or "")
        self.said = [str(event.get("text") or "") for event in tracker.events if event.get("event") == "user"]
        self.told = next((str(e.get("text") or "") for e in reversed(tracker.events) if e.get("event") == "bot"), "")
        self.message = message
        self.intent = str((message.get("intent") or {}).get("name") or "")

    def slot(self, name: str) -> Any:
        """The value of a slot."""
        return self._slots.get(name)

    def say(self, act: str, **facts: Any) -> None:
        """Add a dialogue act to the reply; its words come from the writer. `facts` join the fact sheet."""
        self._dispatcher.utter_message(response=f"{PREFIX}{act}", facts=facts)


class RetentionAction(Action):
    """An action at the desk. Subclasses name themselves and implement `execute`."""

    action_name: ClassVar[str] = ""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def name(self) -> str:
        """The name in the domain."""
        return self.action_name

    async def execute(self, talk: Talk) -> Json:
        """Do it: say something, ask the desk for changes, return the slots to set."""
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Json) -> list[Json]:
        """Run `execute`; an error leaves no effects behind and becomes a reply with a reference."""
        before = len(self.desk.effects)
        try:
            slots = await self.execute(Talk(dispatcher, tracker))
            return [SlotSet(name, value) for name, value in slots.items()]
        except ActionExecutionRejection:
            raise
        except asyncio.CancelledError:
            # Its time is up: what it asked for until then is not done either.
            del self.desk.effects[before:]
            raise
        except Exception as error:
            del self.desk.effects[before:]
            dispatcher.messages.clear()
            error_id = new_error_id()
            log.exception("action %s failed, %s (%s)", self.name(), error_id, type(error).__name__)
            dispatcher.utter_message(response=f"{PREFIX}action_failed", facts={"ticket": error_id}, failed=error_id)
            return [SlotSet(name, value) for name, value in after_failure(tracker.slots).items()]


def after_failure(slots: Json) -> Json:
    """The slots after something went wrong: it counts as not understood, and a person is offered."""
    return {"pending": "handoff", "failures": int(slots.get("lost_before") or 0) + 1}


def new_error_id() -> str:
    """A reference that a customer can quote and the log holds."""
    return f"E-{uuid.uuid4().int % 1_000_000:06d}"
