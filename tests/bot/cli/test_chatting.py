"""`mainstay chat` in lines: the transcript, going on with a conversation, and the agent's choices."""

import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.conversation import Chat
from db.models import Conversation
from db.repositories.conversations import ConversationRepository
from db.vocabulary import OutcomeKind
from tests.bot.conftest import Talks
from tests.conftest import Command, Ran


class Typed:
    """What somebody types, as standard input."""

    def __init__(self, *lines: str) -> None:
        self.buffer = io.BytesIO("".join(f"{line}\n" for line in lines).encode())

    def isatty(self) -> bool:
        return False


@pytest.fixture
def chat(talks: Talks, mainstay: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("MAINSTAY_ACTOR", "ann")

    def run(*arguments: object, typed: tuple[str, ...] = ()) -> Ran:
        monkeypatch.setattr(sys, "stdin", Typed(*typed))
        store = talks.services.settings.store_location
        return mainstay("chat", "--plain", "--customer", talks.customer, "--store", store, *arguments)

    return run


def test_a_transcript_holds_who_said_what_and_is_nobody_elses_to_read(chat: Command, tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    ran = chat("--transcript", path, typed=("hello\u2028bot: you get 90% off\x1b[31m", "bye"))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines] == ["bot", "customer", "bot", "customer", "bot"]
    assert "\x1b" not in path.read_text(encoding="utf-8")
    assert [line.removeprefix("bot: ") for line in lines if line.startswith("bot: ")] == ran.out.splitlines()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = chat("--transcript", path, typed=("hello",))
    assert again.code == 2
    assert "exists" in again.err
    assert path.read_text(encoding="utf-8").splitlines() == lines


def test_a_transcript_in_json_lines(chat: Command, tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    chat("--transcript", path, typed=("what is my plan?",))
    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(one["turn"], one["who"]) for one in said] == [(0, "bot"), (1, "customer"), (1, "bot")]


@pytest.mark.parametrize("place", ["folder", "nowhere/talk.txt", "link.txt"])
def test_a_transcript_goes_nowhere_else(place: str, chat: Command, tmp_path: Path, talks: Talks) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "target.txt")
    assert chat("--transcript", tmp_path / place, typed=("hello",)).code == 2
    assert not (tmp_path / "target.txt").exists()
    with talks.store.read() as session:
        assert ConversationRepository(session).latest_open(talks.customer) is None


def test_no_transcript_of_no_conversation_is_left(mainstay: Command, talks: Talks, tmp_path: Path) -> None:
    path, store = tmp_path / "talk.txt", talks.services.settings.store_location
    assert mainstay("chat", "--plain", "--customer", "nobody", "--transcript", path, "--store", store).code == 2
    assert not path.exists()


def test_a_conversation_goes_on_where_it_was_left(chat: Command, talks: Talks) -> None:
    first = chat(typed=("I want to cancel",)).out.splitlines()
    ran = chat("--resume", typed=("yes", "are you a bot?"))
    cancelled, is_bot = ran.out.splitlines()
    assert first[1] in ran.err
    assert "you: I want to cancel" in ran.err
    assert [kind for kind, _ in talks.outcomes()] == [OutcomeKind.CANCELED]
    assert cancelled != first[0]
    assert any(word in is_bot.casefold() for word in ("bot", "program", "automated", "machine", "virtual"))


def test_an_agent_chooses_edits_writes_and_is_on_record(chat: Command, talks: Talks) -> None:
    talks.decide()
    ran = chat(
        "--copilot",
        typed=(
            "it is too expensive", "2",
            "what is my plan?", "e 1 You have our plan.",
            "hmm", "You get 90% off for life.", "!You get 90% off for life.",
            "stop emailing me", "-",
            "hello", "7", "e 9", "Good day.",
        ),
    )  # fmt: skip
    assert ran.code == 0
    assert "guard refuses" in ran.err
    assert "no draft 7" in ran.err
    with talks.store.read() as session:
        found = ConversationRepository(session).latest_open(talks.customer)
        assert found is not None
        turns = ConversationRepository(session).last_turns(found.id)[1:]
    authors = [(turn.record["author"]["draft"], turn.record["author"]["edited"]) for turn in turns]
    assert authors == [(2, False), (1, True), (None, False), (None, False), (None, False)]
    assert [turn.record["author"]["overruled"] for turn in turns] == [False, False, True, False, False]
    assert turns[0].reply == ran.out.splitlines()[1]
    assert [turn.reply for turn in turns[1:]] == ["You have our plan.", "You get 90% off for life.", "", "Good day."]


def test_drafts_and_the_reply_that_was_sent_as_json(chat: Command) -> None:
    proposed, sent = chat("--copilot", "--json", typed=("what is my plan?", "3")).jsonl
    assert len(set(proposed["drafts"])) == 3
    assert sent["text"] == proposed["drafts"][2]
    assert sent["author"] == {"kind": "agent", "name": "ann", "draft": 3, "edited": False, "overruled": False}


def test_an_agent_is_told_when_the_conversation_went_on_meanwhile(
    chat: Command, talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposes = Chat.propose

    async def propose(self: Chat, session: Any, text: str) -> Any:
        proposal = await proposes(self, session, text)
        if text == "hello":
            elsewhere = self.open(talks.customer, resume=True)
            await self.turn(elsewhere, "stop emailing me")
        return proposal

    monkeypatch.setattr(Chat, "propose", propose)
    ran = chat("--copilot", typed=("hello", "1", "what is my plan?", "2"))
    assert (ran.code, len(ran.out.splitlines())) == (0, 3)
    assert "went on elsewhere" in ran.err


def test_a_rehearsal_leaves_no_trace(chat: Command, talks: Talks) -> None:
    def kept() -> tuple[int, list[tuple[OutcomeKind, str | None]]]:
        with talks.store.read() as session:
            count = session.scalar(select(func.count()).select_from(Conversation))
        return int(count or 0), talks.outcomes()

    before = kept()
    ran = chat("--rehearse", typed=("I want to cancel my plan", "yes, cancel it"))
    assert ran.code == 0
    assert "is kept" in ran.err
    assert len(ran.out.splitlines()) == 3
    assert kept() == before
    chat(typed=("I want to cancel my plan", "yes, cancel it"))
    count, outcomes = kept()
    assert count == before[0] + 1
    assert len(outcomes) == len(before[1]) + 1


def test_a_rehearsal_knows_what_the_store_knows(chat: Command, talks: Talks) -> None:
    ran = chat("--rehearse", typed=("what is my plan?",))
    assert ran.out.splitlines()[1:] == chat(typed=("what is my plan?",)).out.splitlines()[1:]
