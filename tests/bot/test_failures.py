"""Whatever breaks in a turn, the customer gets a reply, the log an id, and the store holds whole turns only."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.actions.repertoire import ACTIONS, action_named
from bot.dialogue.desk import Desk
from bot.dialogue.runner import ActionRunner
from db.queries.customers import customer_detail
from db.repositories.conversations import ConversationRepository, ConversationView, TurnView
from db.session import sqlite_module
from db.vocabulary import Json, OutcomeKind, SuppressionReason
from tests.bot.conftest import Talks, did
from tests.conftest import ROOT

REACHED: dict[str, tuple[str, ...]] = {
    "accept_offer": ("it is too expensive", "yes"),
    "show_agreed": ("it is too expensive", "yes", "what did we agree?"),
    "acknowledge": ("it is too expensive, this is annoying",),
    "advise": ("what would you do?",),
    "answer_how_to": ("how can I pay by card?",),
    "ask_cancel": ("I want to cancel",),
    "ask_reason": ("I'm thinking about leaving",),
    "bereavement": ("my husband died",),
    "cancel": ("I want to cancel", "yes"),
    "cancel_aside": ("please cancel, it is too expensive",),
    "cannot_handle": ("I want a refund",),
    "cancel_status": ("is my plan cancelled?",),
    "leave_it": ("no",),
    "vouch": ("is this a scam?",),
    "change_plan": ("I want a smaller plan",),
    "choices": ("what can you do for me?",),
    "clarify": ("asdf qwer",),
    "correct": ("I want to cancel", "that's not what I said"),
    "decline_offer": ("it is too expensive", "no thanks"),
    "erase_request": ("delete my data",),
    "explain_bill": ("why is my bill so high?",),
    "explain_term": ("what is a notice period?",),
    "explain_cancel": ("what happens if I cancel?",),
    "goodbye": ("bye",),
    "greet_again": ("hello",),
    "hand_off": ("let me talk to a human",),
    "handoff_declined": ("can I pause my plan?", "no"),
    "handoff_wait": ("let me talk to a human", "how long will it take?"),
    "handoff_waiting": ("let me talk to a human", "hello?"),
    "is_bot": ("are you a bot?",),
    "keep_plan": ("I want to cancel", "no"),
    "language_limit": ("je ne comprends pas du tout ce que vous voulez dire",),
    "no_hurry": ("maybe later",),
    "no_offer": ("can I get a discount?", "give me 50%"),
    "not_enough": ("my router is broken", "the red light blinks all day", "that's not good enough"),
    "note_callback": ("please call me back", "tomorrow at five"),
    "offer_later": ("it is too expensive", "maybe later"),
    "open_ticket": ("my router is broken", "the red light blinks all day"),
    "opt_out": ("stop emailing me",),
    "pause": ("can I pause my plan?",),
    "praise": ("I am very happy with you, great service",),
    "present_offer": ("it is too expensive",),
    "repeat": ("what is my plan?", "can you repeat that?"),
    "report_problem": ("the internet is slow every evening",),
    "resume": ("I want to cancel", "are you a bot?"),
    "schedule_callback": ("please call me back",),
    "show_account": ("what do I have with you?",),
    "show_support": ("which number do I call?",),
    "show_dates": ("until when is it paid?",),
    "smalltalk": ("tell me a joke",),
    "ticket_declined": ("how can I pay by card?", "no"),
    "ticket_status": ("my router is broken", "the red light blinks all day", "so what will you do about it?"),
    "too_long": ("lorem ipsum dolor sit amet " * 100,),
    "unconfirmed": ("it is too expensive", "you said 50% off for a year"),
    "welcome": ("thanks",),
    "withdraw_handoff": ("let me talk to a human", "forget the person"),
    "what_next": ("my router is broken", "no"),
}
"""What to say so that the action is run in the last turn, where a discount was decided."""


class Broken(RetentionAction):
    """An action that does one bad thing after it has asked for what it must not get."""

    def __init__(self, desk: Desk, name: str, deed: str) -> None:
        super().__init__(desk)
        self._name, self._deed = name, deed

    def name(self) -> str:
        return self._name

    async def execute(self, talk: Talk) -> Json:
        self.desk.opt_out()
        talk.say("opt_out_done")
        if self._deed == "sleep":
            await asyncio.sleep(60)
        raise ZeroDivisionError("the secret is 1234")

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Json) -> Any:
        if self._deed == "rubbish":
            return 42
        return await super().run(dispatcher, tracker, domain)


def break_action(monkeypatch: pytest.MonkeyPatch, name: str, deed: str) -> None:
    """From here on this action does that."""

    def broken(asked: str, desk: Desk) -> list[RetentionAction]:
        return [Broken(desk, name, deed)] if asked == name else action_named(asked, desk)

    monkeypatch.setattr("bot.conversation.action_named", broken)
    monkeypatch.setattr("bot.dialogue.manager.ActionRunner", partial(ActionRunner, deadline_seconds=0.05))


def kept(talks: Talks) -> tuple[ConversationView, list[TurnView]]:
    """The newest conversation as the store holds it."""
    with talks.store.read() as session:
        found = ConversationRepository(session)
        newest = found.latest_open(talks.customer)
        assert newest is not None
        return newest, found.last_turns(newest.id)


def test_every_action_has_a_way_to_it() -> None:
    assert {f"action_{name}" for name in REACHED} | {"action_greet"} == ACTIONS


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["raise", "sleep", "rubbish"])
@pytest.mark.parametrize("name", sorted(REACHED))
def test_an_action_that_fails_is_answered_with_an_id_that_the_log_has(
    name: str, deed: str, talks: Talks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    *before, last = REACHED[name]
    talks.decide()
    talks.say(*before)
    break_action(monkeypatch, f"action_{name}", deed)
    with caplog.at_level(logging.ERROR):
        (reply,) = talks.say(last)
    assert name in did([reply])
    assert reply.recorded
    assert reply.text.strip()
    assert "secret" not in reply.text
    assert reply.guard["verdict"] == "release"
    assert talks.session is not None
    with talks.store.read() as session:
        errors = ConversationRepository(session).last_turns(talks.session.conversation_id)[-1].record["errors"]
    assert len(errors) == 1
    assert errors[0] in caplog.text


@pytest.mark.parametrize("deed", ["raise", "rubbish", "sleep"])
def test_an_action_that_fails_changes_nothing(deed: str, talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    break_action(monkeypatch, "action_show_account", deed)
    (reply,) = talks.say("what do I have with you?")
    assert did([reply]) == ["show_account"]
    assert talks.outcomes() == []
    assert talks.suppressions() == set()


@contextmanager
def lock(path: Path) -> Iterator[Any]:
    """Another connection that holds the write lock until it commits.

    It is of the library that the store uses: locks of two SQLite libraries in one process do not see each other.
    """
    library = sqlite_module()
    options = {"isolation_level": None, "check_same_thread": False, "timeout": 0}
    with closing(library.connect(path, **options)) as holder, closing(library.connect(path, **options)) as third:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(library.OperationalError, match="locked"):
            third.execute("BEGIN IMMEDIATE")
        yield holder


def store_path(talks: Talks) -> Path:
    assert talks.store.path is not None
    return talks.store.path


@pytest.mark.slow
def test_a_store_that_is_locked_for_five_seconds_delays_a_turn(talks: Talks) -> None:
    talks.say("hello")
    with lock(store_path(talks)) as holder:
        release = threading.Timer(5.0, lambda: holder.execute("COMMIT"))
        release.start()
        (reply,) = talks.say("stop emailing me")
        release.join()
    assert reply.recorded
    assert SuppressionReason.OPT_OUT in talks.suppressions()
    assert [turn.said for turn in kept(talks)[1]] == ["", "hello", "stop emailing me"]


class Release(logging.Handler):
    """Lets go of a lock when a busy store is reported for the first time."""

    def __init__(self, holder: Any) -> None:
        super().__init__(logging.WARNING)
        self.holder = holder
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not self.seen:
            self.holder.execute("COMMIT")
        self.seen.append(record.getMessage())


def test_a_turn_is_tried_again_when_the_lock_outlasts_the_wait(
    new_talks: Callable[[], Talks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.session.BUSY_TIMEOUT_MS", 100)
    talks = new_talks()
    talks.say("hello")
    with lock(store_path(talks)) as holder:
        release = Release(holder)
        logging.getLogger("bot.conversation").addHandler(release)
        try:
            (reply,) = talks.say("stop emailing me")
        finally:
            logging.getLogger("bot.conversation").removeHandler(release)
    assert ["busy" in line for line in release.seen] == [True]
    assert reply.recorded
    assert [turn.said for turn in kept(talks)[1]] == ["", "hello", "stop emailing me"]
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}


def run_killed(talks: Talks, step: int, *lines: str) -> subprocess.CompletedProcess[str]:
    """These lines in a process of its own, killed at this step of writing the last turn."""
    command = [sys.executable, "-m", "tests.bot.killed_turn", str(store_path(talks)), talks.customer, str(step), *lines]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_a_process_that_is_killed_in_mid_turn_leaves_the_last_whole_turn(new_talks: Callable[[], Talks]) -> None:
    lines = ("stop emailing me", "I want to cancel", "yes")
    whole = new_talks()
    finished = run_killed(whole, -1, *lines)
    assert finished.returncode == 0, finished.stderr
    assert kept(whole)[0].slots["cancelled"]
    changes = int(finished.stdout)
    assert changes > 3
    for step in {1, changes // 2, changes, 0}:
        talks = new_talks()
        assert run_killed(talks, step, *lines).returncode == -signal.SIGKILL
        left_off_before(talks, kept(whole))
        goes_on(talks, kept(whole))


def left_off_before(talks: Talks, whole: tuple[ConversationView, list[TurnView]]) -> None:
    """The store is healthy and holds two turns of three, with their effects and no others."""
    with closing(sqlite_module().connect(store_path(talks))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conversation, turns = kept(talks)
    assert [(turn.number, turn.said, turn.reply) for turn in turns] == [
        (turn.number, turn.said, turn.reply) for turn in whole[1][:-1]
    ]
    assert conversation.turns == 2
    assert (conversation.slots["opted_out"], conversation.slots["pending"]) == (True, "cancel")
    assert not conversation.slots["cancelled"]
    assert talks.outcomes() == []
    assert talks.suppressions() == {SuppressionReason.OPT_OUT}
    with talks.store.read() as session:
        assert customer_detail(session, talks.customer).churned_on is None


def goes_on(talks: Talks, whole: tuple[ConversationView, list[TurnView]]) -> None:
    """The last line is said again after a restart, and the end is that of a conversation that nobody killed."""
    talks.open(resume=True)
    (reply,) = talks.say("yes")
    assert reply.turn == 3
    assert kept(talks)[0].slots == whole[0].slots
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.CANCELED]
