"""Actions that nothing may stand before: a person, an end to messages, erasure, and care after a death."""

from bot.dialogue.actions.base import RetentionAction, Talk
from db.vocabulary import Json

ASKED = "asked"
WHY = {
    "for_another": "speaks_for_another",
    "furious": "is_furious",
    "going_round": "going_round",
    "nlu_fallback": "failures",
    "not_enough": "is_let_down",
    "repeating": "repeats_themselves",
    "undo_cancellation": "undoes_cancellation",
}
"""Why a conversation goes to a person, by the intent that led there; any other intent asked for it."""


class HandOff(RetentionAction):
    """Passes the conversation to a person, with a short dossier."""

    action_name = "action_hand_off"

    async def execute(self, talk: Talk) -> Json:
        """The conversation then waits in the list of those that need a person."""
        reason = WHY.get(talk.intent, ASKED)
        dossier = {
            "why": reason,
            "topic": talk.slot("reason"),
            "mood": talk.slot("mood"),
            "last_message": talk.text[:200],
            "wants_to_cancel": bool(talk.slot("cancel_requested")) and not talk.slot("cancelled"),
            "cancelled": bool(talk.slot("cancelled")),
            "offer": talk.slot("offer"),
            "decision_id": talk.slot("offer_decision"),
            "tickets": list(talk.slot("tickets") or []),
            "callback": talk.slot("callback"),
        }
        self.desk.note("hand_off", {"reason": reason})
        talk.say("handoff")
        return {"handed_off": True, "handoff_reason": reason, "dossier": dossier}


class WithdrawHandOff(RetentionAction):
    """Takes a conversation out of the queue again, for a customer who wants no person after all."""

    action_name = "action_withdraw_handoff"

    async def execute(self, talk: Talk) -> Json:
        """Only a hand-off that nobody has taken gets here: a person who has it answers themselves."""
        self.desk.note("handoff_withdrawn", {})
        talk.say("handoff_withdrawn")
        return {"handed_off": False, "handoff_reason": None}


class HandOffWait(RetentionAction):
    """Says how long a customer who waits for a person may have to wait, and what they can do in the meantime."""

    action_name = "action_handoff_wait"

    async def execute(self, talk: Talk) -> Json:
        """Nothing is promised but what happens when nobody comes."""
        minutes = self.desk.wait_minutes
        talk.say("handoff_wait", **({"wait": f"{minutes:g} minutes"} if minutes else {}))
        return {}


class OptOut(RetentionAction):
    """Ends marketing on every channel at once."""

    action_name = "action_opt_out"

    async def execute(self, talk: Talk) -> Json:
        """Asked twice, it is answered twice and recorded once."""
        if not talk.slot("opted_out"):
            self.desk.opt_out()
        talk.say("opt_out_done")
        return {"opted_out": True}


class EraseRequest(RetentionAction):
    """Records the wish to be forgotten; a person carries it out."""

    action_name = "action_erase_request"

    async def execute(self, talk: Talk) -> Json:
        """Contact stops in the meantime."""
        if not talk.slot("erasure_requested"):
            self.desk.request_erasure()
        talk.say("erase_request")
        return {"erasure_requested": True}


class Bereavement(RetentionAction):
    """Sympathy, no sales from here on, and a person if wished."""

    action_name = "action_bereavement"

    async def execute(self, talk: Talk) -> Json:
        """A yes afterwards means a person."""
        talk.say("bereavement")
        return {"bereaved": True, "pending": "handoff"}
