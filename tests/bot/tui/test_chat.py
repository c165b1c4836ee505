"""Stories on the chat, with a scripted conversation in place of the real one."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bot.dialogue.state import DialogueState
from bot.tui.desk import Desk
from bot.tui.screens.chat import ChatScreen
from bot.tui.widgets.composer import Composer
from bot.tui.widgets.transcript import Said, Transcript
from db.errors import PolicyError, StoreBusyError
from db.repositories.contacts import ContactRepository
from db.vocabulary import Channel, ConsentStatus, OutcomeKind
from tests.bot.tui import company
from tests.bot.tui.harness import Driver, driving


@dataclass
class Greeting:
    """A conversation that has begun."""

    greeting: str
    state: DialogueState | None = None


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
    slots: dict[str, Any] = field(default_factory=dict)

    def open(self, customer_id: str, *, resume: bool = False) -> Greeting:
        return Greeting(self.greeting, DialogueState.restored(customer_id, self.slots) if self.slots else None)

    async def turn(self, session: Any, text: str, on_chunk: Callable[[str], None] | None = None) -> Answer:
        self.heard.append(text)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if on_chunk is not None:
            for word in answer.text.split(" "):
                on_chunk(word + " ")
        return answer


@dataclass
class Copiloted(ScriptedTalk):
    """Proposes what it was given; refuses a text with a forbidden word unless somebody answers for it."""

    sent: list[tuple[int | None, str | None, bool]] = field(default_factory=list)

    async def propose(self, session: Any, text: str) -> Any:
        self.heard.append(text)
        drafts = [SimpleNamespace(text=answer.text) for answer in self.script if isinstance(answer, Answer)]
        return SimpleNamespace(drafts=drafts, intent="cancel", sentiment="negative", actions=["explain_bill"])

    async def send(
        self, session: Any, proposal: Any, agent: str, *, choice: Any = None, text: Any = None, overrule: bool = False
    ) -> Answer:
        if text and "free" in text and not overrule:
            raise PolicyError("Nothing is free.")
        self.sent.append((choice, text, overrule))
        return Answer(text or proposal.drafts[choice - 1].text)


@dataclass
class Slow(ScriptedTalk):
    """Answers once it is let go; tells whether it was stopped."""

    begun: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False

    async def turn(self, session: Any, text: str, on_chunk: Callable[[str], None] | None = None) -> Answer:
        self.begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return Answer("Too late.")


def with_script(desk: Desk, *script: Answer | Exception) -> ScriptedTalk:
    talk = ScriptedTalk(list(script))
    desk.__dict__["chat"] = talk
    return talk


def chat_of(driver: Driver) -> ChatScreen:
    screen = driver.app.screen
    assert isinstance(screen, ChatScreen)
    return screen


def focused(driver: Driver) -> str | None:
    return driver.app.focused.id if driver.app.focused else None


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


async def test_the_panel_calls_offers_as_in_the_catalogue(desk: Desk) -> None:
    company.name_offers(desk)
    with_script(desk, Answer("I can help with that."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        assert "20 % off for three months" in driver.text()
        assert "A technician checks the line" in driver.text()


async def test_the_panel_offers_nothing_to_who_has_not_agreed_to_it(desk: Desk) -> None:
    with_script(desk, Answer("I can help with that."))
    with desk.services.store.write() as session:
        contacts = ContactRepository(session)
        contacts.record_consent("LF-0001", Channel.CHAT, ConsentStatus.DENIED, "test", desk.services.now())
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        assert "has not agreed" in driver.text()
        assert "discount, 20 %" not in driver.text()
        await say(driver, "too dear")
        assert "has not agreed" in driver.text()


async def test_the_panel_follows_what_was_answered_meanwhile(desk: Desk) -> None:
    with_script(desk, Answer("Your answer is noted."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        assert "discount, 20 %" in driver.text()
        with desk.services.store.write() as session:
            contacts = ContactRepository(session)
            contacts.record_outcome("LF-0001", OutcomeKind.DECLINED, desk.services.now(), decision_id="d0000")
        await say(driver, "no thanks")
        assert "discount, 20 %" not in driver.text()
        assert "has answered" in driver.text()


async def test_nothing_is_offered_to_who_waits_for_a_person(desk: Desk) -> None:
    talk = with_script(desk)
    talk.slots = {"handed_off": True}
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        assert "Nothing: the conversation" in driver.text()
        assert "discount, 20 %" not in driver.text()


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
        assert driver.app.screen.query_one(Composer).text == "hello"
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
        assert isinstance(driver.app.focused, Transcript)
        await driver.press("escape")
        assert driver.app.current_mode == "customer"
        await driver.press("c")
        assert driver.app.current_mode == "chat"


async def test_without_a_customer_the_chat_says_what_to_do(desk: Desk) -> None:
    async with driving(desk) as driver:
        await driver.press("3")
        assert "Nobody to talk to yet" in driver.text()


async def test_the_risk_before_and_now_stand_beside_the_conversation(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.tui.chatting import Conversation, Risk
    from db.vocabulary import RiskBand

    monkeypatch.setattr(Conversation, "risk_now", lambda *_: Risk(0.91, RiskBand.HIGH))
    with_script(desk, Answer("I see."))
    async with driving(desk, (120, 50), customer="LF-0006") as driver:
        assert "52% MED" in driver.text()
        await say(driver, "bye")
        assert "52% MED" in driver.text()
        assert "91% HIGH" in driver.text()


async def test_a_reply_that_is_being_written_can_be_stopped_and_asked_for_again(desk: Desk) -> None:
    talk = Slow([])
    desk.__dict__["chat"] = talk
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await driver.write("hello")
        await driver.pilot.press("enter")
        while not talk.begun.is_set():
            await driver.pilot.pause(0.01)
        await driver.press("escape")
        assert talk.stopped
        assert "Stopped. ctrl+r sends the message again." in driver.text()
        assert "Too late." not in driver.text()
        with_script(desk, Answer("Here I am."))
        await driver.press("ctrl+r")
        assert "Here I am." in driver.text()
        assert [said.text for said in chat_of(driver).transcript.turns if said.who == "customer"] == ["hello"] * 2


async def test_a_turn_that_was_kept_before_the_stop_is_shown_as_it_was_kept(desk: Desk) -> None:
    talk = Slow([])
    desk.__dict__["chat"] = talk
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        chat_of(driver).session = SimpleNamespace(greeting="", turns=3, recent=())
        kept = SimpleNamespace(said="hello", reply="I was quicker.")
        talk.open = lambda *_, **__: SimpleNamespace(greeting="", turns=4, recent=(kept,))  # type: ignore[assignment]
        await driver.write("hello")
        await driver.pilot.press("enter")
        while not talk.begun.is_set():
            await driver.pilot.pause(0.01)
        await driver.press("escape")
        assert "I was quicker." in driver.text()


async def test_a_message_is_edited_before_it_is_sent_again(desk: Desk) -> None:
    talk = with_script(desk, Answer("One."), Answer("Two."), Answer("Three."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "too dea")
        await driver.press("up")
        await say(driver, "r")
        await driver.press("escape", "up", "up", "up", "e")
        assert chat_of(driver).composer.text == "too dear"
        await say(driver, "!")
    assert talk.heard == ["too dea", "too dear", "too dear!"]


async def test_a_message_of_several_lines_is_one_message(desk: Desk) -> None:
    talk = with_script(desk, Answer("Yes."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await driver.write("one")
        await driver.press("ctrl+j")
        await say(driver, "two")
    assert talk.heard == ["one\ntwo"]


async def test_searching_goes_from_turn_to_turn(desk: Desk) -> None:
    with_script(desk, Answer("The router is old."), Answer("Yes."), Answer("A new router comes."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        for said in ("what router", "hm", "well"):
            await say(driver, said)
        await driver.press("ctrl+f")
        await driver.write("ROUTER")
        await driver.press("enter")
        transcript = chat_of(driver).transcript
        assert driver.notice().startswith("3 turns hold it")
        assert transcript.chosen == 6
        await driver.press("ctrl+f", "ctrl+u")
        await driver.write("old")
        await driver.press("enter")
        assert driver.notice() == "One turn holds it; n and N go on."
        await driver.press("ctrl+f", "ctrl+u")
        await driver.write("router")
        await driver.press("enter")
        await driver.press("N")
        assert transcript.chosen == 2
        await driver.press("n", "n")
        assert transcript.chosen == 1
        await driver.press("ctrl+f")
        await driver.write("zzz")
        await driver.press("enter")
        assert driver.notice() == "No turn holds it."


async def test_a_turn_is_copied(desk: Desk) -> None:
    with_script(desk, Answer("Take this."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "hello")
        await driver.press("escape", "y")
        assert driver.app.clipboard == "Take this."
        await driver.press("up", "up", "y")
        assert driver.app.clipboard == "hello"


@pytest.mark.parametrize(("keys", "ending"), [((), "txt"), (("down",), "md"), (("down", "down"), "json")])
async def test_the_conversation_is_written_to_a_file(desk: Desk, keys: tuple[str, ...], ending: str) -> None:
    with_script(desk, Answer("Take this."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await say(driver, "**hello**")
        await driver.press("ctrl+s", *keys, "enter")
        assert "The conversation is in " in driver.notice()
    [path] = desk.settings.exports_folder.iterdir()
    text = path.read_text(encoding="utf-8")
    assert path.suffix == f".{ending}"
    assert path.stat().st_mode & 0o077 == 0
    if ending == "json":
        turns = json.loads(text)["turns"]
        assert turns[1:] == [{"who": "customer", "text": "**hello**"}, {"who": "bot", "text": "Take this."}]
    else:
        assert text.index("Hello, I am") < text.index("**hello**") < text.index("Take this.")


async def test_the_copilot_proposes_and_the_person_chooses_changes_and_sends(desk: Desk) -> None:
    talk = Copiloted([Answer("First reply."), Answer("Second reply.")])
    desk.__dict__["chat"] = talk
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await driver.press("ctrl+t")
        assert "copilot: you answer" in driver.text()
        await say(driver, "I want to leave")
        text = driver.text()
        for said in ("I want to leave", "First reply.", "Second reply.", "explain bill", "unhappy"):
            assert said in text
        await driver.press("down", "enter")
        assert chat_of(driver).composer.text == "Second reply."
        await say(driver, " Yours.")
        assert talk.sent == [(2, "Second reply. Yours.", False)]
        assert driver.app.clipboard == "Second reply. Yours."
        assert chat_of(driver).transcript.turns[-1] == Said("agent", "Second reply. Yours.")
        await say(driver, "and now?")
        await driver.press("enter", "enter")
        assert talk.sent[-1] == (1, None, False)


async def test_what_the_guard_refuses_is_sent_only_by_somebody_who_answers_for_it(desk: Desk) -> None:
    talk = Copiloted([Answer("First reply.")])
    desk.__dict__["chat"] = talk
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await driver.press("ctrl+t")
        await say(driver, "hm")
        await driver.press("i")
        await say(driver, "all free")
        assert "Nothing is free." in driver.text()
        await driver.press("n")
        assert talk.sent == []
        assert chat_of(driver).composer.text == "all free"
        await driver.press("enter", "y")
        assert talk.sent == [(None, "all free", True)]


async def test_proposed_replies_can_be_put_away(desk: Desk) -> None:
    desk.__dict__["chat"] = Copiloted([Answer("First reply.")])
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await driver.press("ctrl+t")
        await say(driver, "hm")
        assert focused(driver) == "drafts"
        await driver.press("escape")
        assert "First reply." not in driver.text()
        assert focused(driver) == "say"


async def test_a_conversation_without_a_copilot_says_so(desk: Desk) -> None:
    with_script(desk)
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        await driver.press("ctrl+t")
        assert "cannot propose replies" in driver.notice()


async def test_the_last_conversation_is_gone_on_with(desk: Desk) -> None:
    talk = with_script(desk)
    turns = tuple(SimpleNamespace(said=said, reply=reply) for said, reply in (("", "Hello."), ("old", "Older.")))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        talk.open = lambda *_, **__: SimpleNamespace(greeting="Hello.", recent=turns, turns=1)  # type: ignore[assignment]
        await driver.press("escape", "ctrl+g")
        assert [said.text for said in chat_of(driver).transcript.turns] == ["Hello.", "old", "Older."]


async def test_a_thousand_turns_are_wrapped_once_and_drawn_line_by_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_script(desk, Answer("The last of all."))
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        transcript = chat_of(driver).transcript
        words = "I am sorry about the evenings. Shall I book a line check for you? "
        transcript.show_all([Said("customer" if turn % 2 else "bot", f"{turn} {words * 4}") for turn in range(1_000)])
        await driver.settle()
        wrapped: list[Said] = []

        def wrap(said: Said) -> list[str]:
            wrapped.append(said)
            return [said.text]

        monkeypatch.setattr(transcript, "_wrap", wrap)
        await say(driver, "hello")
        assert "The last of all." in driver.text()
        assert {said.text for said in wrapped} <= {
            "hello",
            "…",
            "The ",
            "The last ",
            "The last of ",
            "The last of all. ",
            "The last of all.",
        }
        assert len(list(transcript.walk_children())) == 0
        await driver.press("escape", "home")
        assert "0 I am sorry" in driver.text()


async def test_while_a_chat_is_made_ready_neither_typing_nor_a_look_at_the_store_disturbs_it(desk: Desk) -> None:
    talk = with_script(desk, Answer("Here I am."))
    async with driving(desk, (120, 40)) as driver:
        opened, go = threading.Event(), threading.Event()

        def slow(customer_id: str, *, resume: bool = False) -> Greeting:
            opened.set()
            assert go.wait(20)
            return Greeting("Hello, I am a program.")

        talk.open = slow  # type: ignore[method-assign]
        await driver.app.show_chat("LF-0001")
        await asyncio.to_thread(opened.wait, 20)
        await driver.app.look_again()
        await driver.pilot.press(*"hi 31", "enter")
        go.set()
        await driver.settle()
        assert driver.app.current_mode == "chat"
        assert chat_of(driver).composer.text == "hi 31"
        await driver.press("enter")
        assert "Here I am." in driver.text()


async def test_the_last_turn_stays_in_view_when_the_conversation_gets_less_room(desk: Desk) -> None:
    with_script(desk)
    async with driving(desk, (120, 40), customer="LF-0001") as driver:
        transcript = chat_of(driver).transcript
        transcript.show_all([Said("customer", f"turn {number}") for number in range(60)])
        await driver.settle()
        await driver.pilot.resize_terminal(120, 20)
        await driver.settle()
        assert "turn 59" in driver.text()
        transcript.focus()
        await driver.press("home")
        await driver.pilot.resize_terminal(120, 24)
        await driver.settle()
        assert "turn 59" not in driver.text()


async def test_on_a_narrow_screen_the_arrows_scroll_the_panel(desk: Desk) -> None:
    with_script(desk)
    async with driving(desk, (80, 24), customer="LF-0001") as driver:
        await driver.press("ctrl+o")
        assert focused(driver) == "side"
        await driver.press("pagedown")
        await driver.settle()
        assert chat_of(driver).query_one("#side").scroll_offset.y > 0
        await driver.press("ctrl+o")
        assert focused(driver) == "say"
