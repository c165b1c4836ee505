"""Actions about leaving: asked once, said plainly, done when confirmed."""

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.nlu import Heard
from db.vocabulary import Json


class AskCancel(RetentionAction):
    """Asks to confirm a cancellation, with the date until which the plan runs."""

    action_name = "action_ask_cancel"

    async def execute(self, talk: Talk) -> Json:
        """The reason is asked for at most once and is no condition."""
        changed: Json = {"pending": "cancel", "cancel_requested": True, "cancel_explained": True}
        untold = not talk.slot("reason") and not talk.slot("reason_asked") and not talk.slot("bereaved")
        if untold and not talk.slot("angry_turns"):
            talk.say("reason_aside")
            changed["reason_asked"] = True
        talk.say("confirm_cancel")
        return changed


class ExplainCancel(RetentionAction):
    """Says what a cancellation means, to a customer who only asks."""

    action_name = "action_explain_cancel"

    async def execute(self, talk: Talk) -> Json:
        """One “cancel” is then enough; a question whether to cancel stays open.

        No account holds a fee or a notice period: who asks for one is told so. A yes is then a yes to passing the
        question on, and to nothing else.
        """
        talk.say("cancel_terms")
        changed: Json = {"cancel_explained": True}
        heard = Heard.of_message(talk.message)
        if heard is not None and heard.has("asks_fee"):
            talk.say("fee_unknown")
            if talk.slot("handed_off"):
                return changed
            talk.say("pass_question_on")
            return {**changed, "pending": "handoff"}
        return {**changed, "pending": "cancel"} if talk.slot("asked") == "cancel" else changed


class CancelAside(RetentionAction):
    """Says how to cancel beside something else that goes on."""

    action_name = "action_cancel_aside"

    async def execute(self, talk: Talk) -> Json:
        """One more “cancel” is then enough."""
        talk.say("cancel_aside")
        return {"cancel_requested": True, "cancel_explained": True}


class Cancel(RetentionAction):
    """Cancels: the ledger gets the outcome, retention messages stop, and an open offer counts as declined."""

    action_name = "action_cancel"

    async def execute(self, talk: Talk) -> Json:
        """Cancelling twice changes nothing."""
        if talk.slot("cancelled"):
            talk.say("already_cancelled")
            return {}
        changed: Json = {"cancelled": True, "cancel_requested": True}
        decision_id = talk.slot("offer_decision")
        if decision_id and talk.slot("offer") == "presented":
            self.desk.decline(decision_id)
            changed["offer"] = "declined"
        self.desk.cancel(decision_id, talk.slot("reason"))
        talk.say("cancelled")
        return changed


class CancelStatus(RetentionAction):
    """Says whether the plan is cancelled."""

    action_name = "action_cancel_status"

    async def execute(self, talk: Talk) -> Json:
        """What is on record; a question whether to cancel stays open."""
        talk.say("already_cancelled" if talk.slot("cancelled") else "still_runs")
        return {}


class KeepPlan(RetentionAction):
    """Drops a cancellation that was asked for and not confirmed."""

    action_name = "action_keep_plan"

    async def execute(self, talk: Talk) -> Json:
        """Nothing is written: nothing was cancelled."""
        talk.say("cancel_withdrawn")
        return {"cancel_requested": False, "cancel_explained": False}
