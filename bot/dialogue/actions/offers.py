"""Actions about offers: only what the decision record allows, once, and free to be skipped."""

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.nlu import Heard
from db.errors import PolicyError
from db.vocabulary import Json, OfferType

NO_SALES = ("bereaved", "cancelled", "opted_out", "erasure_requested", "handed_off")
"""Slots that end all selling in a conversation."""


class PresentOffer(RetentionAction):
    """Puts the decided offer to the customer, or says more about the one on the table."""

    action_name = "action_present_offer"

    async def execute(self, talk: Talk) -> Json:
        """Present the terms; on the way to cancelling also say how to skip them.

        Who comes back to an offer that was turned down hears it once more, or that it no longer stands.
        """
        comes_back = talk.slot("offer") == "declined" and talk.intent == "about_offer"
        if comes_back or talk.slot("offer") == "presented":
            self.desk.reopen(talk.slot("offer_decision"))
        stands = self.desk.has_offer and self.desk.terms.decision_id == talk.slot("offer_decision")
        if comes_back and not stands:
            talk.say("offer_gone")
            return {"pending": "handoff"}
        refused = self.desk.terms.offer_type is OfferType.CONTACT and talk.slot("help_refused")
        if not self.desk.has_offer or refused or any(talk.slot(name) for name in NO_SALES):
            talk.say("no_offer")
            return {}
        if talk.slot("offer") == "accepted" or (talk.slot("offer") == "declined" and not comes_back):
            talk.say("no_better_offer")
            return {}
        talk.say("present_offer")
        changed: Json = {"offer": "presented", "offer_decision": self.desk.terms.decision_id, "pending": "offer"}
        if talk.slot("cancel_requested") or _threatens(talk):
            talk.say("cancel_aside")
            changed["cancel_explained"] = True
        return changed


def _threatens(talk: Talk) -> bool:
    """Whether they leave if the price stays as it is: they hear how, and are asked nothing."""
    heard = Heard.of_message(talk.message)
    return heard is not None and heard.has("or_else") and not talk.slot("cancelled")


class AcceptOffer(RetentionAction):
    """Keeps the customer's yes in the ledger with the decision it belongs to."""

    action_name = "action_accept_offer"

    async def execute(self, talk: Talk) -> Json:
        """Record the outcome. An offer that is no longer allowed cannot be accepted."""
        if talk.slot("offer") == "presented":
            self.desk.reopen(talk.slot("offer_decision"))
        if not self.desk.has_offer or self.desk.terms.decision_id != talk.slot("offer_decision"):
            talk.say("no_offer")
            return {"offer": "none"}
        self.desk.accept(self.desk.terms.decision_id)
        if talk.slot("cancel_requested"):
            talk.say("not_cancelled")
        talk.say("offer_accepted")
        return {"offer": "accepted", "cancel_requested": False, "cancel_explained": False}


class DeclineOffer(RetentionAction):
    """Keeps the customer's no, and goes on to what they came for."""

    action_name = "action_decline_offer"

    async def execute(self, talk: Talk) -> Json:
        """Record the outcome; a customer who wants to cancel is asked to confirm that next.

        A no to a visit or a call is none to an offer of another kind: that one is asked about again.
        """
        if _is_of_another_kind(talk, self.desk.terms.offer_type):
            talk.say("resume_offer")
            return {"pending": "offer"}
        decision_id = talk.slot("offer_decision")
        if not decision_id:
            raise PolicyError("No offer was made that could be declined.")
        self.desk.decline(decision_id)
        talk.say("decline_noted")
        if talk.slot("cancel_requested"):
            talk.say("confirm_cancel")
            return {"offer": "declined", "pending": "cancel", "cancel_explained": True}
        talk.say("nothing_changes")
        return {"offer": "declined"}


def _is_of_another_kind(talk: Talk, offer_type: OfferType) -> bool:
    heard = Heard.of_message(talk.message)
    return heard is not None and heard.has("refuses_help") and offer_type not in (OfferType.NONE, OfferType.CONTACT)


class ShowAgreed(RetentionAction):
    """Says again what the customer agreed to."""

    action_name = "action_show_agreed"

    async def execute(self, talk: Talk) -> Json:
        """The terms that were accepted; where they cannot be told any more, a person can."""
        if self.desk.agreed is None:
            talk.say("cannot_handle")
            return {"pending": "handoff"}
        talk.say("offer_accepted")
        return {}


class Unconfirmed(RetentionAction):
    """Answers a claim about an offer: nothing of it is confirmed, and what stands is said."""

    action_name = "action_unconfirmed"

    async def execute(self, talk: Talk) -> Json:
        """The offer on the table or what was agreed, with its terms; else whether the claim is to go on record."""
        talk.say("unconfirmed")
        if talk.slot("offer") == "presented" and not any(talk.slot(name) for name in NO_SALES):
            return await PresentOffer(self.desk).execute(talk)
        if talk.slot("offer") == "accepted" and self.desk.agreed is not None:
            talk.say("offer_accepted")
        elif not talk.slot("handed_off") and not talk.slot("may_offer") and not talk.slot("open_question"):
            talk.say("ask_ticket")
            return {"pending": "ticket"}
        return {}


class LaterOffer(RetentionAction):
    """Leaves the offer open for a customer who wants to think about it."""

    action_name = "action_offer_later"

    async def execute(self, talk: Talk) -> Json:
        """No outcome yet."""
        talk.say("offer_later")
        if talk.slot("cancel_requested"):
            talk.say("confirm_cancel")
            return {"pending": "cancel", "cancel_explained": True}
        return {"pending": "offer"}


class NoOffer(RetentionAction):
    """Says plainly that there is no offer, or none beyond the one that was made."""

    action_name = "action_no_offer"

    async def execute(self, talk: Talk) -> Json:
        """No reason is given: who is held out or suppressed is internal."""
        if talk.slot("offer") == "none":
            talk.say("no_offer")
            if _threatens(talk):
                talk.say("cancel_aside")
                return {"pending": talk.slot("asked") or "handoff", "cancel_explained": True}
            return {"pending": talk.slot("asked") or "handoff"}
        if talk.slot("offer") == "presented":
            talk.say("offer_stands")
            if talk.slot("cancel_requested"):
                talk.say("cancel_aside")
                return {"pending": "offer", "cancel_explained": True}
            return {"pending": "offer"}
        talk.say("no_better_offer")
        return {"pending": talk.slot("asked") or "handoff"}
