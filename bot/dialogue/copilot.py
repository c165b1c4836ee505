"""Replies for a person to choose from: the same answer in different words, each read by the guard.

`bot.conversation.Chat.propose` makes a `Proposal` for a customer's message, `Chat.check` reads what the person wrote
instead, and `Chat.send` keeps what was sent, by whom, and whether it was edited. A front end needs nothing else:

    proposal = await chat.propose(session, "it is too expensive")
    for draft in proposal.drafts: ...                      # draft.text, up to three
    await chat.send(session, proposal, "ann", choice=2)                          # as it is
    await chat.send(session, proposal, "ann", choice=2, text="...")              # edited
    await chat.send(session, proposal, "ann", text="...")                        # the person's own words
    await chat.send(session, proposal, "ann")                                    # nothing
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.dialogue.manager import Answer
from bot.dialogue.speech import NOTHING_TO_SAY, Speech, joined
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Spoken
from bot.generation.guard import GuardReport
from db.vocabulary import Json, Verdict

DRAFTS = 3
TRIES = 6
"""So many times at most an answer is worded to get drafts that differ."""

MakeSpeech = Callable[[DialogueState, Sequence[str]], Speech]
"""The speech of a turn for a copy of its state, in other words than those given."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One way to say the answer; `state` is what the conversation remembers once it was sent."""

    text: str
    spoken: Spoken
    state: DialogueState


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a reply that was sent: the bot, or an agent by name; `draft` counts from 1 where one was taken.

    `overruled` tells that the guard had refused the words and the person sent them all the same.
    """

    kind: str = "bot"
    name: str | None = None
    draft: int | None = None
    edited: bool = False
    overruled: bool = False

    def as_json(self) -> Json:
        """The author as it is kept with the turn."""
        if self.kind == "bot":
            return {"kind": "bot"}
        return {
            "kind": self.kind,
            "name": self.name,
            "draft": self.draft,
            "edited": self.edited,
            "overruled": self.overruled,
        }


BOT = Author()


def words_of(answer: Answer, speech: Speech) -> Spoken:
    """The words of a turn, action by action."""
    spoken = joined([speech.say(result.acts) for result in answer.results if result.acts])
    return spoken if spoken.text else speech.say([NOTHING_TO_SAY])


def drafts_of(answer: Answer, state: DialogueState, make_speech: MakeSpeech) -> tuple[Draft, ...]:
    """Up to three drafts of one answer in different words; fewer where approved wording knows no more.

    Only what the guard released is a draft. The first is what the bot would have said.
    """
    found: list[Draft] = []
    said: list[str] = []
    for _ in range(TRIES):
        own = state.copy()
        spoken = words_of(answer, make_speech(own, said))
        if spoken.verdict is Verdict.RELEASE and spoken.text not in {draft.text for draft in found}:
            own.replied(spoken.text)
            found.append(Draft(spoken.text, spoken, own))
        said.append(spoken.text)
        if len(found) == DRAFTS:
            break
    return tuple(found)


def guard_of(report: GuardReport) -> Json:
    """What is kept of the guard's reading of a person's words."""
    return {"verdict": report.verdict.value, "findings": [finding.as_json() for finding in report.findings]}
