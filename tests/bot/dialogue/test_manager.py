"""One turn of the dialogue manager: what is done about a message, whatever its actions do."""

import asyncio
import logging
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.actions.repertoire import action_named
from bot.dialogue.actions.taking_in import TakeIn
from bot.dialogue.desk import Desk, open_desk
from bot.dialogue.manager import Answer, DialogueManager
from bot.dialogue.meaning import intent_of
from bot.dialogue.nlu import hear
from bot.dialogue.project.files import shipped
from bot.dialogue.project.policy import MOST_ACTIONS, NO_RULE
from bot.dialogue.state import DialogueState
from tests.bot.conftest import NOW, TODAY, Talks, understander


class GoesOn(Action):
    """Asks for an action to follow."""

    def __init__(self, name: str, following: str) -> None:
        self._name = name
        self._following = following

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        return [FollowupAction(self._following)]


def desk_of(talks: Talks) -> Desk:
    with talks.store.read() as session:
        return open_desk(session, talks.customer, TODAY, NOW)


def answer(desk: Desk, text: str, *instead: Action, state: DialogueState | None = None) -> Answer:
    """The answer to a message, with some actions in the place of ours."""
    state = state or DialogueState("c/1")
    ours = {action.name(): action for action in instead}
    heard = hear(understander(), text, TODAY)
    manager = DialogueManager(shipped(), lambda name: [ours[name]] if name in ours else action_named(name, desk))
    return asyncio.run(manager.answer(state, heard.as_message(intent_of(state, heard))))


def names(found: Answer) -> list[str]:
    return [result.action for result in found.results]


def test_an_action_may_name_the_one_that_follows(talks: Talks) -> None:
    found = answer(desk_of(talks), "are you a bot?", GoesOn("action_is_bot", "action_show_dates"))
    # No rule goes on from there, so the fallback comes next, as in Rasa.
    assert names(found) == ["action_is_bot", "action_show_dates", "action_clarify"]
    assert found.rules[:3] == ("They ask whether this is a machine", "followup", NO_RULE)


def test_an_action_may_end_the_turn(talks: Talks) -> None:
    found = answer(desk_of(talks), "my wife died and I want to cancel", GoesOn("action_bereavement", "action_listen"))
    assert names(found) == ["action_bereavement"]


def test_actions_that_follow_one_another_for_ever_are_stopped(talks: Talks) -> None:
    found = answer(desk_of(talks), "are you a bot?", GoesOn("action_is_bot", "action_is_bot"))
    assert names(found) == ["action_is_bot"] * MOST_ACTIONS


def test_where_a_message_cannot_be_taken_in_no_rule_is_followed(
    talks: Talks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(TakeIn, "execute", fail)
    state = DialogueState("c/1")
    state.set(pending="cancel", cancel_explained=True)
    with caplog.at_level(logging.ERROR):
        found = answer(desk_of(talks), "yes", state=state)
    assert found.rules == (NO_RULE,)
    assert [act for result in found.results for act, _ in result.acts] == ["action_failed"]
    assert state["pending"] == "handoff"
    assert not state["cancelled"]
    assert str(found.results[0].error_id) in caplog.text


def test_what_is_done_at_once_is_done_where_the_rules_do_not_mention_it(talks: Talks) -> None:
    desk = desk_of(talks)
    found = answer(desk, "stop emailing me and why is my bill so high?")
    assert names(found) == ["action_opt_out", "action_explain_bill"]
    assert len(desk.effects) == 1


@pytest.mark.parametrize(
    ("text", "slots", "intent"),
    [
        ("let me talk to a human", {"pending": "cancel"}, "human_request"),
        ("yes", {"pending": "cancel"}, "affirm"),
        ("yes", {"pending": "offer", "offer": "presented"}, "accept"),
        ("yes", {}, "yes_to_nothing"),
        ("no", {"pending": "problem"}, "deny"),
        ("the light blinks all day", {"pending": "problem"}, "describe_problem"),
        ("tomorrow at five", {"pending": "callback"}, "name_time"),
        ("cancel", {"pending": "callback"}, "cancel"),
        ("how can I cancel?", {"cancel_explained": True}, "about_cancelling"),
        ("can I get a discount?", {"handed_off": True}, "waiting"),
        ("undo the cancellation", {"cancelled": True}, "undo_cancellation"),
        ("stop emailing me", {"handed_off": True}, "opt_out"),
        ("stop emailing me and get me a person", {}, "human_request"),
    ],
)
def test_a_message_means_what_it_means_in_its_context(text: str, slots: dict[str, Any], intent: str) -> None:
    state = DialogueState("c/1")
    state.set(**slots)
    assert intent_of(state, hear(understander(), text, TODAY)) == intent
