"""What happens to every message before a rule is read: the slots of the turn are set, and some wishes done at once."""

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.actions.offers import NO_SALES
from bot.dialogue.actions.rights import EraseRequest, OptOut, WithdrawHandOff
from bot.dialogue.actions.talk import LINES, SimpleAction
from bot.dialogue.context import OF_MONEY
from bot.dialogue.meaning import at_once, mood_slots
from bot.dialogue.nlu import ANGER, Heard
from db.vocabulary import Json, OfferType


class TakeIn(RetentionAction):
    """Rasa's validation of slots after each message: sets what the rules look at, and what no rule may delay.

    An end to messages and a wish to be forgotten that stand beside another wish are carried out here, so that no
    change of the rules can lose them.
    """

    action_name = "action_validate_slot_mappings"

    async def execute(self, talk: Talk) -> Json:
        """The slots of the turn. Raises ValueError for a message that nobody has read."""
        heard = Heard.of_message(talk.message)
        if heard is None:
            raise ValueError("the message has no reading")
        slots = {name: talk.slot(name) for name in (*NO_SALES, *BEFORE)}
        slots |= mood_slots(slots, heard)
        slots["help_refused"] = _refuses_help(slots, heard)
        done = at_once(heard, talk.intent, handed_off=bool(slots["handed_off"]))
        for name in done:
            slots |= await self._do(name, talk)
        new = {
            **{name: slots[name] for name in ("mood", "angry_turns", "reason", *KEPT)},
            "asked": slots["pending"],
            "pending": None,
            "lost_before": slots["failures"],
            "failures": 0,
            "at_once": done,
            "may_offer": self._may_offer(slots, heard),
            "leaving": "done" if slots["cancelled"] else "told" if slots["cancel_explained"] else "not_told",
            "reason_known": bool(slots["reason"] or slots["reason_asked"]),
            "with_person": bool(slots["handed_off"]),
            "open_question": slots["pending"] in ("cancel", "offer"),
        }
        # Rasa keeps every slot event of a conversation and sends all of them with every call.
        return {name: value for name, value in new.items() if value != talk.slot(name)}

    async def _do(self, name: str, talk: Talk) -> Json:
        for kind in (OptOut, EraseRequest, WithdrawHandOff):
            if kind.action_name == name:
                return await kind(self.desk).execute(talk)
        return await SimpleAction(self.desk, name, LINES[name]).execute(talk)

    def _may_offer(self, slots: Json, heard: Heard) -> bool:
        """Whether an offer may be made for the first time: the reason is known and nothing speaks against it."""
        return (
            self.desk.has_offer
            and not any(slots[name] for name in NO_SALES)
            and slots["offer"] == "none"
            and bool(slots["reason"])
            and heard.anger < ANGER
            and not (self.desk.terms.offer_type is OfferType.CONTACT and _mends_nothing(slots))
        )


def _refuses_help(slots: Json, heard: Heard) -> bool:
    """Whether a visit or a call was refused in this conversation, and not asked for since."""
    if heard.has("refuses_help"):
        return True
    return bool(slots["help_refused"]) and not heard.has("appointment", "schedule_callback")


def _mends_nothing(slots: Json) -> bool:
    """Whether a visit or a call is no answer to what was said: refused, or the price is what is wrong."""
    return bool(slots["help_refused"]) or slots["reason"] in OF_MONEY


KEPT = ("opted_out", "erasure_requested", "help_refused", "handed_off", "handoff_reason")
BEFORE = (
    "angry_turns", "cancel_explained", "failures", "handoff_reason", "help_refused", "offer", "pending", "reason",
    "reason_asked",
)  # fmt: skip
"""The other slots that those of the turn are made of."""
