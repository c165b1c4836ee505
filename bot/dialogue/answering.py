"""A person's words to the customer of a hand-off: the guard reads them first, whichever front end they come from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.desk import open_desk
from bot.dialogue.handoffs import reply, sendable
from bot.dialogue.project.files import in_force
from bot.dialogue.speech import Speech
from bot.dialogue.state import DialogueState
from bot.dialogue.turns import remember
from bot.dialogue.voice import Voice
from bot.generation.guard import GuardReport
from db.errors import PolicyError
from db.repositories.conversations import ConversationRepository
from db.repositories.handoffs import HandoffRepository
from db.vocabulary import Json

if TYPE_CHECKING:
    from bot.wiring import Services


@dataclass(frozen=True, slots=True)
class Sent:
    """A person's words as they were sent: the turn they are, and what the guard had against them."""

    turn: int
    text: str
    findings: tuple[Json, ...] = ()


def answer(services: "Services", handoff_id: int, text: str, *, anyway: bool = False) -> Sent:
    """Send a person's words to the customer of a hand-off that they have taken.

    Raises InputError for words that are none or too long, and PolicyError where nobody has taken the hand-off or the
    guard refuses the words; with `anyway` the person answers for them. Nothing is sent then.
    """
    words = sendable(text)
    findings = objections(services, handoff_id, words)
    if findings and not anyway:
        raise PolicyError(
            f"The guard refuses this: {findings[0]['message']}",
            hint="Change it, or say that you answer for it (--anyway).",
        )
    now = services.now()
    turn = reply(services.store, handoff_id, words, services.settings.actor, now, findings=findings)
    return Sent(turn, words, findings)


def objections(services: "Services", handoff_id: int, text: str) -> tuple[Json, ...]:
    """What the guard has against a person's words to the customer of a hand-off. Raises NotFoundError, InputError."""
    report = _check(services, handoff_id, sendable(text))
    return () if report.released else tuple(finding.as_json() for finding in report.findings)


def _check(services: "Services", handoff_id: int, words: str) -> GuardReport:
    """The words in the place where they are to stand in the conversation."""
    now, start = services.now(), in_force(services.settings.home).domain.start()
    with services.store.read() as session:
        handoff = HandoffRepository(session).get(handoff_id)
        found = ConversationRepository(session).get(handoff.conversation_id)
        turns = ConversationRepository(session).last_turns(found.id)
        desk = open_desk(session, handoff.customer_id, now.date(), now, services.policy.contact)
    state = DialogueState.restored(f"{found.customer_id}/{found.id}", found.slots, start=start)
    remember(state, turns)
    return Speech(Voice(services.writer), desk, state, found.turns + 1).check(words)
