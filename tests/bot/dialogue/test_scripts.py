"""Twelve reasons to leave, in many moods, by customers who help, mumble, insult or change their mind: the end is right.

The scripts say what a customer writes and what must hold in the end: outcomes in the ledger, suppressions, the queue of
those who wait for a person, the slots, and what was said. What the bot does on the way is not prescribed.
"""

from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from db.repositories.conversations import ConversationRepository
from db.vocabulary import Arm, ConversationState, OutcomeKind, SuppressionReason
from tests.bot.conftest import CONTACT, DISCOUNT, PAUSE, Talks

FOLDER = Path(__file__).parent / "scripts"
OFFERS = {"discount": DISCOUNT, "pause": PAUSE, "contact": CONTACT, "held out": DISCOUNT}
FIGURES = ("20%", "23.92", "15 November")
"""What gives the decided discount away."""


class Ends(BaseModel):
    """The end of a conversation. `reason` is that of the file unless it is given; None leaves a thing open.

    Without `canceled` the outcomes are exactly `outcomes`; with it a cancellation has to be among them, with at most
    an offer turned down before.
    """

    model_config = ConfigDict(extra="forbid")

    outcomes: list[OutcomeKind] = []
    canceled: bool = False
    suppressed: set[SuppressionReason] = set()
    handed_off: bool | None = False
    offer: Literal["none", "presented", "accepted", "declined"] = "none"
    reason: str | None = "that of the file"
    opted_out: bool = False
    erasure_requested: bool = False
    bereaved: bool = False
    tickets: bool | None = None
    callback: bool = False


class Script(BaseModel):
    """A customer's part of a conversation."""

    model_config = ConfigDict(extra="forbid")

    name: str
    way: Literal["cooperative", "vague", "hostile", "changing"]
    mood: str
    offer: Literal["none", "discount", "pause", "contact", "held out"]
    says: list[str] = Field(min_length=3, max_length=9)
    ends: Ends
    told: list[str] = []
    untold: list[str] = []


def scripts() -> dict[str, list[Script]]:
    """The scripts by reason."""
    return {
        path.stem: [Script.model_validate(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]
        for path in sorted(FOLDER.glob("*.yaml"))
    }


SCRIPTS = scripts()
CASES = [
    pytest.param(reason, script, id=f"{reason}: {script.name}") for reason, those in SCRIPTS.items() for script in those
]


def test_there_are_scripts_for_every_reason_and_way() -> None:
    assert len(SCRIPTS) == 12
    assert len(CASES) >= 120
    for those in SCRIPTS.values():
        assert {script.way for script in those} == {"cooperative", "vague", "hostile", "changing"}
        assert len({script.mood for script in those}) >= 4


@pytest.mark.slow
@pytest.mark.parametrize(("reason", "script"), CASES)
def test_a_scripted_journey_ends_as_it_should(reason: str, script: Script, talks: Talks) -> None:
    if script.offer != "none":
        talks.decide(OFFERS[script.offer], arm=Arm.HOLDOUT if script.offer == "held out" else Arm.TREATED)
    talks.say(*script.says)
    assert found(talks, script.ends) == expected(reason, script.ends)
    words = [reply.text for reply in talks.replies]
    assert all(reply.guard["verdict"] == "release" for reply in talks.replies)
    assert [told for told in script.told if not any(told in text for text in words)] == []
    forbidden = [*script.untold, *(FIGURES if talks.replies[-1].slots["offer"] == "none" else ())]
    assert [untold for untold in forbidden if any(untold in text for text in words)] == []


def expected(reason: str, ends: Ends) -> dict[str, Any]:
    """The end that a script asks for, with what follows from it."""
    canceled = ends.canceled or OutcomeKind.CANCELED in ends.outcomes
    return {
        **ends.model_dump(exclude={"reason", "canceled", "outcomes", "offer", "tickets"}),
        "outcomes": "canceled" if ends.canceled else ends.outcomes,
        "offer": "none or declined" if ends.canceled else ends.offer,
        "reason": reason if ends.reason == "that of the file" else ends.reason,
        "tickets": ends.tickets,
        "cancelled": canceled,
        "queued": ends.handed_off,
    }


def found(talks: Talks, ends: Ends) -> dict[str, Any]:
    """The end that came about: read from the store, and from the slots that the store holds."""
    assert talks.session is not None
    with talks.store.read() as session:
        conversations = ConversationRepository(session)
        kept = conversations.get(talks.session.conversation_id)
        queued = any(waiting.id == kept.id for waiting in conversations.waiting())
    slots, outcomes = kept.slots, [kind for kind, _ in talks.outcomes()]
    assert (kept.state is ConversationState.HANDED_OFF) == queued
    declined = [OutcomeKind.DECLINED] if slots["offer"] == "declined" else []
    return {
        "suppressed": talks.suppressions(),
        "handed_off": None if ends.handed_off is None else slots["handed_off"],
        "opted_out": slots["opted_out"],
        "erasure_requested": slots["erasure_requested"],
        "bereaved": slots["bereaved"],
        "callback": bool(slots["callback"]),
        "outcomes": "canceled" if ends.canceled and outcomes == [*declined, OutcomeKind.CANCELED] else outcomes,
        "offer": "none or declined" if ends.canceled and slots["offer"] in ("none", "declined") else slots["offer"],
        "reason": None if ends.reason is None else slots["reason"],
        "tickets": None if ends.tickets is None else bool(slots["tickets"]),
        "cancelled": slots["cancelled"],
        "queued": None if ends.handed_off is None else queued,
    }
