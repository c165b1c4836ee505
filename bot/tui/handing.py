"""A conversation that waits for a person: taking it over, answering in it, ending it; calls that block."""

from typing import TYPE_CHECKING, Any

from bot.dialogue import answering, handoffs
from bot.tui.keynames import key
from bot.tui.wording import day, one_line, words
from db.repositories.handoffs import HandoffRepository, HandoffView
from db.vocabulary import HandoffOutcome, HandoffState, Json

if TYPE_CHECKING:
    from bot.tui.desk import Desk

TAKE, WRITE = "take", "write"
ENDINGS = {
    HandoffOutcome.RESOLVED: "the question is answered",
    HandoffOutcome.ACCEPTED: "the customer takes the offer",
    HandoffOutcome.DECLINED: "the customer does not want the offer",
    HandoffOutcome.SAVED: "the customer says that they stay",
    HandoffOutcome.LOST: "the customer leaves; this ends the contract",
    HandoffOutcome.OPT_OUT: "the customer wants no more messages",
    HandoffOutcome.UNREACHABLE: "nobody could be reached",
}


NOT_UNDONE = {
    HandoffOutcome.LOST: "The customer leaves: this ends the contract.",
    HandoffOutcome.OPT_OUT: "The customer wants no more messages: nobody can write to them any more.",
}
"""Endings that are asked about first."""


def waiting_of(desk: "Desk", customer_id: str) -> bool:
    """Whether a conversation of this customer waits for a person or is with one."""
    with desk.services.store.read() as session:
        return HandoffRepository(session).is_under_way(customer_id)


def handoff_of(desk: "Desk", session: Any) -> HandoffView | None:
    """The hand-off of a conversation that is not over, None where there is none."""
    number = getattr(session, "conversation_id", None)
    if number is None:
        return None
    with desk.services.store.read() as reading:
        found = HandoffRepository(reading).of_conversation(number)
    return None if found is None or found.state is HandoffState.DONE else found


def standing(handoff: HandoffView) -> str:
    """How a hand-off stands, in a sentence with what to do."""
    if handoff.state is HandoffState.TAKEN:
        who = one_line(handoff.taken_by or "Somebody")
        hand_off = key("f8", "chat.hand_off")
        return f"{who} has this conversation; the bot is silent. {hand_off} answers or ends it."
    left = f" {one_line(handoff.was_with)} had it and fell silent." if handoff.was_with else ""
    hand_off = key("f8", "chat.hand_off")
    return f"Waits for a person since {day(handoff.asked_at)}: {words(handoff.reason)}.{left} {hand_off} takes it over."


def choices(handoff: HandoffView) -> list[tuple[str, str]]:
    """What can be done about a hand-off."""
    taken = handoff.state is HandoffState.TAKEN
    first = (WRITE, "Write to the customer") if taken else (TAKE, "Take it over: the bot is silent until you end it")
    return [first, *((outcome.value, f"End it: {told}") for outcome, told in ENDINGS.items())]


def take(desk: "Desk", number: int) -> HandoffView:
    """Take it over. Raises PolicyError where somebody has it."""
    return handoffs.take(desk.services.store, number, desk.settings.actor, desk.services.now())


def objections(desk: "Desk", number: int, text: str) -> tuple[Json, ...]:
    """What the guard has against a person's words to this customer. Raises InputError for those that are too long."""
    return answering.objections(desk.services, number, text)


def write(desk: "Desk", number: int, text: str, *, anyway: bool) -> str:
    """Send a person's words; returns them as they were sent. Raises InputError, PolicyError."""
    return answering.answer(desk.services, number, text, anyway=anyway).text


def end(desk: "Desk", number: int, outcome: str) -> HandoffView:
    """End it with what came of it. Raises PolicyError."""
    return handoffs.close(
        desk.services.store, number, HandoffOutcome(outcome), desk.settings.actor, desk.services.now()
    )
