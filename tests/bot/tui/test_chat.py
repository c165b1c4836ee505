"""Stories on the chat, with a scripted conversation in place of the real one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input

from bot.tui.desk import Desk
from db.errors import StoreBusyError
from tests.bot.tui.harness import Driver, driving


@dataclass
class Greeting:
    """A conversation that has begun."""

    greeting: str


@dataclass
class Answer:
    """A reply with everything a chat screen shows."""

    text: str
    intent: str | None = "cancel"
    sentiment: str | None = "negative"
    actions: tuple[Any, ...] = ({"name": "action_explain_bill", "ms": 3.25}, "action_listen")
    slots: dict[str, Any] = field(default_factory=lambda: {"reason": "price", "empty": None, "list": [1]})
    decision_id: str | None = "d0000"
    guard: dict[str, Any] = field(default_factory=lambda: {"verdict": "release", "findings": []})
    handoff: bool = False


@dataclass
class ScriptedTalk:
    """Answers with what it was given; an error in the script is raised."""

    script: list[Answer | Exception]
    heard: list[str] = field(default_factory=list)
    greeting: str = "Hello, I am a program."

    def open(self, customer_id: str, *, resume: bool = False) -> Greeting:
        return Greeting(self.greeting)

    async def turn(self, session: Any, text: str, on_chunk: Callable[[str], None] | None = None) -> Answer:
        self.heard.append(text)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if on_chunk is not None:
            for word in answer.text.split(" "):
                on_chunk(word + " ")
        return answer


def with_script(desk: Desk, *script: Answer | Exception) -> ScriptedTalk:
    talk = ScriptedTalk(list(script))
    desk.__dict__["chat"] = talk
    return talk


async def say(driver: Driver, text: str) -> None:
    await driver.write(text)
    await driver.press("enter")


async def test_a_turn_shows_the_reply_and_what_was_understood_done_and_allowed(desk: Desk) -> None:
    talk = with_script(desk, Answer("I can help with that."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        assert "Hello, I am a program." in driver.text()
        await say(driver, "too dear")
        text = driver.text()
    assert talk.heard == ["too dear"]
    for said in (
        "too dear",
        "I can help with that.",
        "cancel",
        "▼ unhappy",
        "explain bill",
        "3.2 ms",
        "price",
        "released",
    ):
        assert said in text
    assert "discount, 20 %" in text


async def test_a_person_taking_over_is_announced(desk: Desk) -> None:
    with_script(desk, Answer("One moment.", handoff=True))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "human")
        assert "A person takes over from here." in driver.text()


async def test_a_turn_that_fails_gives_the_message_back(desk: Desk) -> None:
    with_script(desk, StoreBusyError("Another process is writing."), Answer("Now it works."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "hello")
        assert "Another process is writing." in driver.notice()
        assert driver.app.screen.query_one("#say", Input).value == "hello"
        await driver.press("enter")
        assert "Now it works." in driver.text()


async def test_a_turn_that_breaks_is_a_notice_with_a_number_and_not_the_end(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with_script(desk, RuntimeError("secret"), Answer("Fine."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "hello")
        assert "Something went wrong (error " in driver.notice()
        assert "secret" not in driver.notice()
        await driver.press("enter")
        assert "Fine." in driver.text()
    assert "secret" in caplog.text


async def test_on_a_narrow_screen_the_panel_takes_turns_with_the_conversation(desk: Desk) -> None:
    with_script(desk, Answer("Yes."))
    async with driving(desk, (80, 24), customer="LF-0001") as driver:
        await say(driver, "hello")
        assert "Understood" not in driver.text()
        await driver.press("ctrl+o")
        assert "Understood" in driver.text()
        assert "Hello, I am" not in driver.text()


async def test_escape_leaves_the_field_then_the_chat_and_beginning_anew_clears_it(desk: Desk) -> None:
    with_script(desk, Answer("First answer."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "hello")
        await driver.press("ctrl+n")
        assert "First answer." not in driver.text()
        await driver.press("escape")
        assert isinstance(driver.app.focused, VerticalScroll)
        await driver.press("escape")
        assert driver.app.current_mode == "customer"
        await driver.press("c")
        assert driver.app.current_mode == "chat"


async def test_without_a_customer_the_chat_says_what_to_do(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("3")
        assert "Nobody to talk to yet" in driver.text()
