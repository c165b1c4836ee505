"""The dialogue manager: after each message the slots of the turn, then action after action as the rules have it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rasa_sdk import Action

from bot.dialogue.actions.base import after_failure
from bot.dialogue.actions.taking_in import TakeIn
from bot.dialogue.project.files import Project
from bot.dialogue.project.policy import MOST_ACTIONS, NO_RULE, Prediction
from bot.dialogue.project.rules import LISTEN, State
from bot.dialogue.runner import ActionResult, ActionRunner
from bot.dialogue.state import DialogueState
from db.vocabulary import Json

FindActions = Callable[[str], Iterable[Action]]
"""The actions of a name: one, or none where it is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done about a message: the results of its actions in order, and the rules that chose them."""

    results: tuple[ActionResult, ...]
    rules: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether an action failed."""
        return any(result.error_id for result in self.results)


class DialogueManager:
    """Interprets a Rasa project as a Rasa server does, in process."""

    def __init__(self, project: Project, find: FindActions) -> None:
        self._project = project
        self._runner = ActionRunner(())
        self._find = find

    async def answer(self, state: DialogueState, message: Json) -> Answer:
        """Do what the rules say about a message; the state is changed, nothing is said yet."""
        state.heard(message)
        taken_in = await self._run(TakeIn.action_name, state, message, LISTEN)
        results, rules = self._done_at_once(taken_in, state), ["at_once"] * len(state["at_once"])
        if taken_in.error_id:
            return Answer((taken_in,), (NO_RULE,))
        states: list[State] = [self._seen(state, message, LISTEN)]
        while len(results) < MOST_ACTIONS:
            next_up = self._followup(results) or self._project.policy.predict(states)
            if next_up.action == LISTEN:
                break
            last = str(states[-1]["prev_action"]["action_name"])
            results.append(await self._run(next_up.action, state, message, last))
            state.events.append({"event": "action", "name": next_up.action, "policy": next_up.rule})
            if not rules or rules[-1] != next_up.rule:
                rules.append(next_up.rule)
            states.append(self._seen(state, message, next_up.action))
        return Answer(tuple(results), tuple(rules))

    async def _run(self, name: str, state: DialogueState, message: Json, last: str) -> ActionResult:
        self._runner.add(self._find(name))
        result = await self._runner.run(name, state, message, last)
        state.follow(result.events)
        if result.error_id:
            state.set(**after_failure(state.slots))
        return result

    @staticmethod
    def _done_at_once(taken_in: ActionResult, state: DialogueState) -> list[ActionResult]:
        """The actions that were carried out while the message was taken in, as results of their own."""
        names = state["at_once"]
        results = []
        for place, name in enumerate(names):
            acts = taken_in.acts if place == 0 else ()
            results.append(ActionResult(name, acts=acts, milliseconds=taken_in.milliseconds / len(names)))
            state.events.append({"event": "action", "name": name, "policy": "at_once"})
        return results

    @staticmethod
    def _followup(results: list[ActionResult]) -> Prediction | None:
        """The action that the last one asked for."""
        for event in results[-1].events if results else ():
            if event.get("event") == "followup" and event.get("name"):
                return Prediction(str(event["name"]), "followup")
        return None

    def _seen(self, state: DialogueState, message: Json, last: str) -> State:
        """What the policy sees."""
        features = {
            name: feature
            for name, slot in self._project.domain.slots.items()
            if (feature := slot.feature(state.slots.get(name))) is not None
        }
        return {"prev_action": {"action_name": last}, "user": {"intent": message["intent"]["name"]}, "slots": features}
