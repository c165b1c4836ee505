"""Runs rasa-sdk actions in this process: explicit registration, copies in, plain JSON out, a deadline, no exits."""

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

from rasa_sdk import Action
from rasa_sdk import __version__ as sdk_version
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.dialogue.actions.base import PREFIX, new_error_id
from bot.dialogue.project.files import shipped
from bot.dialogue.state import DialogueState
from db.vocabulary import Json

log = logging.getLogger(__name__)

DEADLINE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action did: its events, the acts it wants said (name, facts), its time; `error_id` where it failed."""

    action: str
    events: tuple[Json, ...] = ()
    acts: tuple[tuple[str, Json], ...] = ()
    milliseconds: float = 0.0
    error_id: str | None = None


class ActionRunner:
    """An `ActionExecutor` for the actions of one desk."""

    def __init__(self, actions: Iterable[Action], deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._executor = ActionExecutor()
        self._deadline = deadline_seconds
        self.add(actions)

    def add(self, actions: Iterable[Action]) -> None:
        """Register further actions."""
        for action in actions:
            self._executor.register_action(action)

    async def run(self, name: str, state: DialogueState, message: Json, last_action: str = "") -> ActionResult:
        """Run one action on a copy of the state. Never raises for what an action does."""
        call = {
            "next_action": name,
            "sender_id": state.sender_id,
            "tracker": json.loads(json.dumps(state.tracker(message, last_action))),
            "domain": shipped().domain.document,
            "version": sdk_version,
        }
        started = time.perf_counter()
        try:
            result = json.loads(json.dumps(await asyncio.wait_for(self._run(call), self._deadline)))
            events, acts, error_id = _read(result)
        except (ActionExecutionRejection, ActionNotFoundException, TimeoutError, _ExitedError) as error:
            events, acts, error_id = _failed(name, error)
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
            events, acts, error_id = _failed(name, error)
        return ActionResult(name, events, acts, round(1000 * (time.perf_counter() - started), 3), error_id)

    async def _run(self, call: Json) -> Json:
        try:
            result = await self._executor.run(call)
        except SystemExit as error:
            raise _ExitedError("an action tried to end the program") from error
        return result.model_dump() if result is not None else {"events": [], "responses": []}


class _ExitedError(Exception):
    """An action tried to end the program."""


Read = tuple[tuple[Json, ...], tuple[tuple[str, Json], ...], str | None]


def _read(result: Json) -> Read:
    """Events, acts and error id from what the SDK returned; raises TypeError or ValueError for rubbish."""
    acts: list[tuple[str, Json]] = []
    error_id = None
    for response in result["responses"]:
        error_id = error_id or response.get("failed")
        act = str(response.get("response") or "")
        if not act.startswith(PREFIX):
            raise ValueError("an action may only utter responses of the domain")
        acts.append((act.removeprefix(PREFIX), dict(response.get("facts") or {})))
    return tuple(result["events"]), tuple(acts), error_id


def _failed(name: str, error: Exception) -> Read:
    error_id = new_error_id()
    log.error("action %s gave no result, %s (%s)", name, error_id, type(error).__name__)
    return (), (("action_failed", {"ticket": error_id}),), error_id
