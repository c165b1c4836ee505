"""The rasa-sdk executor in process: whatever an action does, there is a result."""

import asyncio
import logging
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.actions.repertoire import ACTIONS, actions_for
from bot.dialogue.desk import Desk, open_desk
from bot.dialogue.project.files import shipped
from bot.dialogue.runner import ActionResult, ActionRunner
from bot.dialogue.state import DialogueState
from tests.bot.conftest import NOW, TODAY, Talks

MESSAGE = {"text": "hello", "intent": {"name": "greeting", "confidence": 0.9}, "entities": []}


class Odd(Action):
    """An action that does one odd thing."""

    def __init__(self, deed: str) -> None:
        self.deed = deed

    def name(self) -> str:
        return "action_odd"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        match self.deed:
            case "sleep":
                await asyncio.sleep(60)
            case "exit":
                raise SystemExit(3)
            case "reject":
                raise ActionExecutionRejection("action_odd")
            case "number":
                return 42
            case "decimal":
                return [SlotSet("reason", Decimal("1.5"))]
            case "instant":
                return [SlotSet("reason", datetime(2026, 1, 1, tzinfo=UTC))]
            case "free text":
                dispatcher.utter_message(text="You get a free year!")
            case "meddle":
                tracker.slots["cancelled"] = True
                tracker.events.append({"event": "slot", "name": "cancelled", "value": True})
            case "unknown slot":
                return [SlotSet("price", 0)]
        return []


def run(action: Action, name: str = "action_odd", state: DialogueState | None = None) -> ActionResult:
    runner = ActionRunner([action], deadline_seconds=0.05)
    return asyncio.run(runner.run(name, state or DialogueState("c/1"), MESSAGE))


@pytest.mark.parametrize("deed", ["sleep", "exit", "reject", "number", "decimal", "instant", "free text"])
def test_an_action_that_gives_rubbish_becomes_an_apology_with_a_reference(
    deed: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        result = run(Odd(deed))
    assert result.acts == (("action_failed", {"ticket": result.error_id}),)
    assert result.events == ()
    assert str(result.error_id) in caplog.text


def test_an_unknown_action_is_an_apology_too() -> None:
    assert run(Odd("nothing"), "action_missing").error_id is not None


def test_an_action_cannot_reach_the_state_it_is_shown() -> None:
    state = DialogueState("c/1")
    run(Odd("meddle"), state=state)
    assert state["cancelled"] is False
    assert not state.events


def test_a_slot_that_is_not_declared_is_not_set() -> None:
    state = DialogueState("c/1")
    state.follow(run(Odd("unknown slot"), state=state).events)
    assert "price" not in state.slots


def test_actions_run_one_after_the_other_under_one_loop() -> None:
    async def several() -> list[ActionResult]:
        runner = ActionRunner([Odd("nothing")])
        calls = (runner.run("action_odd", DialogueState(f"c/{number}"), MESSAGE) for number in range(20))
        return list(await asyncio.gather(*calls))

    assert [result.error_id for result in asyncio.run(several())] == [None] * 20


class Broken(RetentionAction):
    """Asks the desk for something and then breaks."""

    action_name = "action_broken"

    async def execute(self, talk: Talk) -> dict[str, Any]:
        self.desk.opt_out()
        talk.say("opt_out_done")
        raise ZeroDivisionError("the secret is 1234")


def desk_of(talks: Talks) -> Desk:
    with talks.store.read() as session:
        return open_desk(session, talks.customer, TODAY, NOW)


def test_an_action_that_breaks_leaves_no_effect_and_claims_none(talks: Talks, caplog: pytest.LogCaptureFixture) -> None:
    desk = desk_of(talks)
    result = run(Broken(desk), "action_broken")
    assert desk.effects == []
    assert [act for act, _ in result.acts] == ["action_failed"]
    assert str(result.error_id) in caplog.text


def test_everything_the_policy_can_choose_is_registered(talks: Talks) -> None:
    registered = {action.name() for action in actions_for(desk_of(talks))}
    assert registered == ACTIONS
    assert {entry.action for entry in shipped().entries} - {"action_listen"} <= ACTIONS


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_answers_on_its_own_or_fails_politely(name: str, talks: Talks) -> None:
    desk = desk_of(talks)
    runner = ActionRunner(actions_for(desk))
    result = asyncio.run(runner.run(name, DialogueState("c/1"), MESSAGE))
    assert result.acts or name == "action_resume"
    assert (result.error_id is not None) == (name == "action_decline_offer")
