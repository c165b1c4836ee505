"""Actions that only say something: greetings, questions, small talk, repair."""

from dataclasses import dataclass, field

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.desk import Desk
from db.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Line:
    """The dialogue acts of a simple action and the slots it sets; `lost` counts as a message not understood."""

    acts: tuple[str, ...]
    sets: Json = field(default_factory=dict)
    lost: bool = False


LINES: dict[str, Line] = {
    "action_greet": Line(("greet",)),
    "action_greet_again": Line(("greet_again",)),
    "action_is_bot": Line(("is_bot",), {"pending": "handoff"}),
    "action_ask_reason": Line(("ask_reason",), {"pending": "reason", "reason_asked": True}),
    "action_acknowledge": Line(("acknowledge",)),
    "action_what_next": Line(("what_next",)),
    "action_choices": Line(("choices",), lost=True),
    "action_clarify": Line(("clarify",), lost=True),
    "action_correct": Line(("correction",)),
    "action_too_long": Line(("too_long",)),
    "action_language_limit": Line(("language_limit",), {"pending": "handoff"}, lost=True),
    "action_cannot_handle": Line(("cannot_handle",), {"pending": "handoff"}),
    "action_not_enough": Line(("not_enough",), {"pending": "handoff"}),
    "action_show_dates": Line(("account_dates",)),
    "action_show_support": Line(("support_contact",)),
    "action_smalltalk": Line(("smalltalk",)),
    "action_welcome": Line(("welcome",)),
    "action_no_hurry": Line(("no_hurry",)),
    "action_praise": Line(("praise",)),
    "action_goodbye": Line(("goodbye",)),
    "action_handoff_waiting": Line(("handoff_waiting",)),
    "action_advise": Line(("advice",)),
    "action_leave_it": Line(("leave_it",)),
    "action_vouch": Line(("vouch",)),
    "action_ticket_declined": Line(("ticket_declined",)),
    "action_handoff_declined": Line(("handoff_declined",)),
}


class SimpleAction(RetentionAction):
    """One line of the table above."""

    def __init__(self, desk: Desk, name: str, line: Line) -> None:
        super().__init__(desk)
        self._name = name
        self._line = line

    def name(self) -> str:
        """The name in the domain."""
        return self._name

    async def execute(self, talk: Talk) -> Json:
        """Say the acts."""
        asks_next = talk.slot("open_question") and not talk.slot("lost_before")
        for act in self._line.acts:
            # The open question is asked again after this: one question is enough.
            talk.say("not_understood" if act == "clarify" and asks_next else act)
        lost = {"failures": int(talk.slot("lost_before") or 0) + 1} if self._line.lost else {}
        return {**self._line.sets, **lost}


class Repeat(RetentionAction):
    """Says the last reply again: the same acts with the same facts."""

    action_name = "action_repeat"

    async def execute(self, talk: Talk) -> Json:
        """The acts of the last reply after a few words, or the lack of one."""
        last = talk.slot("last_acts") or []
        if not last:
            talk.say("repeat")
            return {}
        if talk.slot("offer") == "presented":
            self.desk.reopen(talk.slot("offer_decision"))
        talk.say("again")
        for act, facts in last:
            if act != "again":
                talk.say(act, **facts)
        return {"pending": talk.slot("asked")}


class Resume(RetentionAction):
    """Comes back to the question that was open before the customer asked something else."""

    action_name = "action_resume"

    async def execute(self, talk: Talk) -> Json:
        """Ask again what is pending."""
        pending = talk.slot("asked")
        if pending in ("cancel", "offer"):
            talk.say(f"resume_{pending}")
        return {"pending": pending}
