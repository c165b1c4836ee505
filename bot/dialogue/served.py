"""What the action server does for a Rasa server: reads a message in its context, and runs one action of a turn."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.dialogue.actions.repertoire import ACTIONS, action_named
from bot.dialogue.actions.taking_in import TakeIn
from bot.dialogue.desk import Desk, keep, open_desk
from bot.dialogue.knowledge import knowledge_in
from bot.dialogue.meaning import intent_of
from bot.dialogue.nlu import clean, hear
from bot.dialogue.runner import ActionRunner
from bot.dialogue.speech import Speech, greet
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Voice
from db.vocabulary import CustomerStatus, Json

if TYPE_CHECKING:
    from bot.wiring import Services

SESSION_START = "action_session_start"
SERVED = ACTIONS | {TakeIn.action_name, SESSION_START}
"""The names of all actions that a Rasa server may call."""

WORDS = ("last_acts", "last_seed")
"""The slots that finding words for an action sets."""


class ServedActions:
    """Runs one call of a Rasa server: opens the desk of its sender, runs the action, keeps the effects, finds words."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._voice = Voice(services.writer)
        self._knowledge = knowledge_in(services.settings.home)

    async def understand(self, call: Json) -> Json:
        """The message of a call (`sender_id`, `text`, `slots`, `events`) as Rasa wants it, read in its context.

        Raises KeyError, TypeError or ValueError for a call in another shape.
        """
        now = await asyncio.to_thread(self._services.now)
        state = _state(str(call["sender_id"]), call)
        heard = await asyncio.to_thread(hear, self._services.understander, str(call["text"]), now.date())
        return heard.as_message(intent_of(state, heard))

    async def run(self, call: Json) -> Json:
        """Events and responses in the shape of the SDK. Raises NotFoundError for a sender who is no customer.

        Raises KeyError for an action that is not known, TypeError or ValueError for a call in another shape.
        """
        name, tracker = str(call["next_action"]), call["tracker"]
        sender = str(tracker["sender_id"])
        if name not in SERVED:
            raise KeyError(name)
        now = await asyncio.to_thread(self._services.now)
        desk = await asyncio.to_thread(self._desk, sender, now)
        if name == SESSION_START:
            return await asyncio.to_thread(self._session_start, desk, tracker)
        return await self._act(name, desk, tracker, now)

    async def _act(self, name: str, desk: Desk, tracker: Json, now: datetime) -> Json:
        message = await self._message(tracker.get("latest_message"), now)
        events = list(tracker.get("events") or [])
        last = max((place for place, event in enumerate(events) if event.get("event") == "user"), default=len(events))
        state = _state(desk.customer.customer_id, {**tracker, "events": events[:last]})
        state.heard(message)
        result = await ActionRunner(action_named(name, desk)).run(name, state, message)
        if desk.effects:
            await asyncio.to_thread(self._keep, desk, now)
        state.follow(result.events)
        already = [str(event.get("text") or "") for event in events[last:] if event.get("event") == "bot"]
        number = max(1, sum(event.get("event") == "user" for event in events))
        speech = Speech(self._voice, desk, state, number, already)
        before = {slot: state[slot] for slot in WORDS}
        spoken = await asyncio.to_thread(speech.say, result.acts) if result.acts else None
        changed = [_slot(slot, state[slot]) for slot in WORDS if state[slot] != before[slot]]
        return {
            "events": [*result.events, *changed],
            "responses": [{"text": spoken.text}] if spoken is not None and spoken.text else [],
        }

    async def _message(self, found: Any, now: datetime) -> Json:
        """The latest message; where another pipeline than ours understood it, our reading is added to its intent."""
        message = dict(found) if isinstance(found, dict) else {}
        text = clean(str(message.get("text") or ""))
        if message.get("reading"):
            return {**message, "text": text}
        heard = await asyncio.to_thread(hear, self._services.understander, text, now.date())
        return {**heard.as_message(), **message, "text": text}

    def _session_start(self, desk: Desk, tracker: Json) -> Json:
        """The first words of a conversation; the slots of an earlier session stay."""
        slots = dict(tracker.get("slots") or {})
        if desk.customer.status is not CustomerStatus.ACTIVE:
            slots["cancelled"] = True
        known = DialogueState(desk.customer.customer_id).slots
        kept = [_slot(name, value) for name, value in slots.items() if name in known and value != known[name]]
        events = [{"event": "session_started"}, *kept, {"event": "action", "name": "action_listen"}]
        return {"events": events, "responses": [{"text": greet(self._voice, desk).text}]}

    def _desk(self, customer_id: str, now: datetime) -> Desk:
        with self._services.store.read() as session:
            desk = open_desk(session, customer_id, now.date(), now, self._services.policy.contact)
        desk.knowledge = self._knowledge
        return desk

    def _keep(self, desk: Desk, now: datetime) -> None:
        with self._services.store.write() as session:
            keep(session, desk.customer.customer_id, desk.effects, now, None)


def _slot(name: str, value: Any) -> Json:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def _state(sender: str, tracker: Json) -> DialogueState:
    """The state of a conversation from a Rasa tracker, in the form that the dialogue manager keeps it in."""
    return DialogueState.restored(sender, dict(tracker.get("slots") or {}), _events(tracker.get("events") or ()))


def _events(found: Iterable[Json]) -> Iterable[Json]:
    """Messages, actions of ours and replies; the bot's texts of one turn are one reply, and the greeting is none."""
    reply: list[str] = []
    heard_any = False
    for event in found:
        match event.get("event"):
            case "user":
                if reply:
                    yield {"event": "bot", "text": " ".join(reply), "data": {}}
                reply, heard_any = [], True
                message = event.get("parse_data") or event
                yield {"event": "user", "text": str(event.get("text") or ""), "intent": dict(message["intent"])}
            case "bot" if heard_any and event.get("text"):
                reply.append(str(event["text"]))
            case "action" if event.get("name") in ACTIONS:
                yield {"event": "action", "name": event["name"]}
            case "slot" if event.get("name") == "at_once":
                yield from ({"event": "action", "name": name} for name in event.get("value") or ())
    if reply:
        yield {"event": "bot", "text": " ".join(reply), "data": {}}
