"""A turn between being made and being kept: its words, and the rows that the store gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.dialogue.actions.repertoire import ACTIONS
from bot.dialogue.copilot import BOT, Author, words_of
from bot.dialogue.desk import Desk
from bot.dialogue.handoffs import AGAIN, CALL_BACK, LATE, SMALL_ANSWERS, Standing
from bot.dialogue.manager import Answer
from bot.dialogue.nlu import Heard
from bot.dialogue.speech import Speech, joined
from bot.dialogue.state import DialogueState
from bot.dialogue.voice import Spoken, names_terms
from bot.generation.verdicts import verdicts_of
from db.repositories.conversations import TurnView
from db.repositories.guard_verdicts import GuardVerdictRepository
from db.repositories.handoffs import HandoffView
from db.repositories.messages import Reading
from db.vocabulary import Channel, ConversationState, DecisionTerms, Json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ReadyTurn:
    """A turn that is ready to be kept."""

    said: str
    heard: Heard
    answer: Answer
    spoken: Spoken
    desk: Desk
    state: DialogueState
    number: int
    at: datetime
    meaning: str = ""
    standing: Standing = Standing.BOT
    handoff: HandoffView | None = None
    was_handed_off: bool = False
    author: Author = BOT
    checked: Json | None = None
    client_id: str | None = None

    @property
    def speech(self) -> tuple[Desk, DialogueState, int]:
        """What the words of this turn are made from."""
        return self.desk, self.state, self.number


def keep_verdicts(writing: "Session", spoken: Spoken, customer_key: int, conversation_id: int, now: datetime) -> None:
    """Count every try of these words, in the transaction that keeps them."""
    rows = (
        row
        for text in spoken.written
        for row in verdicts_of(text, Channel.CHAT, customer_key=customer_key, conversation_id=conversation_id)
    )
    GuardVerdictRepository(writing).add_many(rows, now)


def remember(state: DialogueState, turns: Sequence[TurnView]) -> None:
    """Put turns that are in the store back into the events of a state: words and deeds. The greeting is no turn."""
    for turn in turns:
        if turn.number == 0:
            continue
        if turn.said:
            state.heard({"text": turn.said, "intent": {"name": turn.record.get("meaning") or turn.intent}})
        names = (str(action["name"]) for action in turn.record.get("actions") or ())
        state.events.extend({"event": "action", "name": name} for name in names if name in ACTIONS)
        if turn.reply:
            state.replied(turn.reply)


def withdrawn(turn: ReadyTurn) -> bool:
    """Whether the customer wants no person after all."""
    did = {result.action for result in turn.answer.results}
    return "action_withdraw_handoff" in did and not turn.state["handed_off"]


def words_of_turn(turn: ReadyTurn, speech: Speech) -> Spoken:
    """The words of a turn; who waited for a person in vain is told so, and asked whether to be called.

    Who was left by a person is told that somebody was asked again.
    """
    if turn.standing is Standing.AGAIN and not withdrawn(turn):
        is_small = {result.action for result in turn.answer.results} <= SMALL_ANSWERS
        return joined([speech.say(AGAIN), *(() if is_small else (words_of(turn.answer, speech),))])
    if turn.standing is not Standing.TOO_LATE:
        return words_of(turn.answer, speech)
    parts = [speech.say(LATE)]
    if not {result.action for result in turn.answer.results} <= SMALL_ANSWERS:
        parts.append(words_of(turn.answer, speech))
    if (not turn.state["pending"] and not turn.state["handed_off"]) or len(parts) == 1:
        parts.append(speech.say(CALL_BACK))
        turn.state.set(pending="callback")
    return joined(parts)


def unsay(state: DialogueState, before: DialogueState, words: str, terms: DecisionTerms) -> None:
    """Correct what is remembered after an edit: an offer whose figures are gone was not made."""
    newly = state["offer"] == "presented" and before["offer"] != "presented"
    if newly and not names_terms(words, terms):
        state.set(offer=before["offer"], offer_decision=before["offer_decision"], pending=None)
    state.events.pop()  # the draft as it was
    state.replied(words)


def state_after(turn: ReadyTurn) -> ConversationState:
    """Where the conversation stands after the turn."""
    if turn.state["handed_off"]:
        return ConversationState.HANDED_OFF
    return (
        ConversationState.CLOSED
        if any(result.action == "action_goodbye" for result in turn.answer.results)
        else ConversationState.OPEN
    )


def turn_view(turn: ReadyTurn) -> TurnView:
    """The turn as it is kept, with what was understood, done and allowed."""
    record = {
        "rules": list(turn.answer.rules),
        "actions": actions_json(turn),
        "intents": list(turn.heard.intents),
        "meaning": turn.meaning,
        "anger": turn.heard.anger,
        "topic": turn.heard.topic,
        "decision_id": turn.state["offer_decision"],
        "no_offer_because": turn.desk.no_offer_because,
        "guard": guard_json(turn),
        "author": turn.author.as_json(),
        "errors": [result.error_id for result in turn.answer.results if result.error_id],
    }
    if turn.client_id is not None:
        pending, handoff = turn.state["pending"], bool(turn.state["handed_off"])
        record["client"] = {"id": turn.client_id, "pending": pending, "handoff": handoff}
    return TurnView(
        turn.number, turn.said, turn.spoken.text, turn.heard.intent, turn.heard.sentiment.value, record, turn.at
    )


def actions_json(turn: ReadyTurn) -> list[Json]:
    """The actions by name with the milliseconds each took."""
    return [{"name": result.action, "ms": result.milliseconds} for result in turn.answer.results]


def guard_json(turn: ReadyTurn, spoken: Spoken | None = None) -> Json:
    """The guard's verdict on the words, and what it found in tries before them."""
    said = spoken or turn.spoken
    return turn.checked or {"verdict": said.verdict.value, "findings": list(said.findings)}


def reading_of(message_id: int, heard: Heard) -> Reading:
    """The reading of a message for the store."""
    moods = dict(heard.moods)
    return Reading(
        message_id=message_id,
        negative=moods["negative"],
        neutral=moods["neutral"],
        positive=moods["positive"],
        topic=heard.topic,
        intents=[{"name": name, "confidence": heard.confidence} for name in heard.intents],
    )
