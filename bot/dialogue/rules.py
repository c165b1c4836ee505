"""The rules of the policy, one function each: the name says when it applies, the docstring what it is for."""

from bot.dialogue.repair import is_angry, is_repeating, next_question
from bot.dialogue.situation import Actions, Chosen, Situation
from db.vocabulary import Sentiment

REQUESTS: dict[str, Actions] = {
    "is_this_a_bot": ("action_is_bot",),
    "explain_bill": ("action_explain_bill",),
    "billing_error": ("action_explain_bill",),
    "refund": ("action_cannot_handle",),
    "pause": ("action_pause",),
    "downgrade": ("action_change_plan",),
    "upgrade": ("action_change_plan",),
    "change_plan": ("action_change_plan",),
    "schedule_callback": ("action_schedule_callback",),
    "appointment": ("action_schedule_callback",),
    "report_problem": ("action_report_problem",),
    "outage": ("action_report_problem",),
    "delivery_quality": ("action_report_problem",),
    "equipment_problem": ("action_report_problem",),
    "too_complex": ("action_report_problem",),
    "slow_support": ("action_acknowledge", "action_open_ticket"),
    "missing_feature": ("action_acknowledge", "action_open_ticket"),
    "open_ticket": ("action_report_problem",),
    "account_question": ("action_show_account",),
    "contract_end": ("action_show_dates",),
}
"""What a customer may ask for at any time, and what answers it."""

REASONS = frozenset({"price_complaint", "competitor_offer", "not_using", "moving_house"})
"""Complaints that no ticket mends: an offer may, where one was decided."""

COURTESIES: dict[str, Actions] = {
    "goodbye": ("action_goodbye",),
    "thanks": ("action_welcome",),
    "praise": ("action_praise",),
    "greeting": ("action_greet_again",),
    "chitchat": ("action_smalltalk",),
}

SURE = 0.45
"""Below this confidence a courtesy is not taken for one."""

UNCLEAR = frozenset({"out_of_scope", "chitchat", "greeting"})

ASKS = frozenset(REQUESTS) | {"cancel", "human_request", "opt_out", "data_erasure", "bereavement", "stay"}
"""Intents that want something done, whatever question is open."""


def asks_for_a_person(s: Situation) -> Chosen:
    """A person within one turn; one who also wants to cancel is told that one word is enough."""
    if not s.heard.has("human_request"):
        return None
    if s.state["handed_off"]:
        return ("action_handoff_waiting",)
    wants_both = s.heard.has("cancel") and not s.state["cancelled"]
    return ("action_hand_off", "action_cancel_aside") if wants_both else ("action_hand_off",)


def mourns(s: Situation) -> Chosen:
    """Sympathy first; whoever asks to cancel in the same breath is not kept waiting."""
    if s.state["bereaved"] or not s.heard.has("bereavement"):
        return None
    return ("action_bereavement", "action_ask_cancel") if s.heard.has("cancel") else ("action_bereavement",)


def speaks_for_another(s: Situation) -> Chosen:
    """Somebody else's contract is not the one in this conversation: a person looks into it."""
    another = s.heard.has("for_another") and (s.heard.has("cancel") or s.state["bereaved"])
    if not another or s.state["cancelled"]:
        return None
    return ("action_handoff_waiting",) if s.state["handed_off"] else ("action_hand_off",)


def undoes_cancellation(s: Situation) -> Chosen:
    """Only a person can undo what is on record."""
    if not (s.state["cancelled"] and s.heard.has("stay")):
        return None
    return ("action_handoff_waiting",) if s.state["handed_off"] else ("action_hand_off",)


def has_cancelled(s: Situation) -> Chosen:
    """Asked again after it is done."""
    return ("action_cancel",) if s.state["cancelled"] and s.heard.has("cancel") else None


def asks_about_cancelling(s: Situation) -> Chosen:
    """A question about cancelling is answered, and is no order to do it."""
    asked = s.heard.has("about_cancelling") and not s.state["cancelled"]
    return ("action_explain_cancel",) if asked else None


def thinks_about_leaving(s: Situation) -> Chosen:
    """Not an order to cancel yet: the reason first, then what the record allows."""
    if not (s.heard.has("cancel") and s.heard.has("hesitant")) or s.state["cancel_explained"] or s.state["handed_off"]:
        return None
    if s.may_offer:
        return ("action_present_offer", "action_cancel_aside")
    return ("action_ask_cancel",) if s.state["reason"] or s.state["reason_asked"] else ("action_ask_reason",)


def cancels(s: Situation) -> Chosen:
    """An order to cancel: done once it was explained, else explained, with at most one offer on the way."""
    if not s.heard.has("cancel"):
        return None
    if s.state["cancel_explained"]:
        return ("action_explain_cancel",) if s.heard.has("asks_how", "hesitant") else ("action_cancel",)
    if s.may_offer:
        return ("action_present_offer", "action_cancel_aside")
    return ("action_ask_cancel",)


def answers_cancel_question(s: Situation) -> Chosen:
    """Yes cancels, no keeps; a reason may bring the one offer, and then the question again."""
    if s.pending != "cancel":
        return None
    if s.heard.has("correction"):
        return ("action_correct", "action_keep_plan")
    if s.says_yes:
        return ("action_cancel",)
    if s.heard.has("stay") or s.says_no or s.heard.intent == "maybe_later":
        return ("action_keep_plan",)
    if s.heard.has(*REASONS) or s.heard.has("ask_discount", "bargain") or (s.heard.topic and s.state["reason"]):
        return ("action_present_offer",) if s.may_offer else _back_to_cancelling(s)
    return None


def _back_to_cancelling(s: Situation) -> Actions:
    if s.state["handed_off"]:
        return ("action_handoff_waiting",)
    wants_better = s.heard.has("ask_discount", "bargain")
    return ("action_no_offer",) if wants_better else ("action_acknowledge", "action_ask_cancel")


def answers_offer(s: Situation) -> Chosen:
    """Yes, no, later, a question about it, or a try for more."""
    if s.pending != "offer" or s.state["handed_off"]:
        return None
    if s.heard.intent == "accept":
        return ("action_accept_offer",)
    if s.heard.has("bargain", "ask_discount"):
        return ("action_no_offer",)
    if s.says_yes:
        return ("action_accept_offer",)
    if s.heard.has("stay"):
        return ("action_offer_later", "action_keep_plan") if not s.says_no else ("action_decline_offer",)
    if s.says_no:
        return ("action_decline_offer",)
    if s.heard.intent == "maybe_later":
        return ("action_offer_later",)
    if s.heard.has("about_offer") or (s.heard.has("question") and not s.heard.has(*ASKS, *REASONS)):
        return ("action_present_offer",)
    return None


def is_let_down(s: Situation) -> Chosen:
    """What the bot did is not enough: a person is offered, and fetched where one was offered already."""
    if not s.heard.has("not_enough") or s.state["handed_off"] or s.heard.has(*ASKS):
        return None
    return ("action_hand_off",) if s.pending == "handoff" else ("action_not_enough",)


def agrees_to_a_person(s: Situation) -> Chosen:
    """Yes to a colleague."""
    agreed = s.pending == "handoff" and s.says_yes and not s.state["handed_off"]
    return ("action_hand_off",) if agreed else None


def declines_a_person(s: Situation) -> Chosen:
    """No to a colleague."""
    return ("action_handoff_declined",) if s.pending == "handoff" and s.says_no else None


def keeps_the_plan(s: Situation) -> Chosen:
    """The customer stays."""
    stays = s.heard.has("stay") and not s.heard.has("bargain", "correction")
    return ("action_keep_plan",) if stays and not s.state["handed_off"] else None


def is_furious(s: Situation) -> Chosen:
    """Strong anger goes to a person."""
    return ("action_hand_off",) if is_angry(s.state, s.heard) and not s.state["handed_off"] else None


def repeats_themselves(s: Situation) -> Chosen:
    """Saying the same for the third time means that the bot does not help."""
    return ("action_hand_off",) if is_repeating(s.state, s.heard) and not s.state["handed_off"] else None


def waits_for_a_person(s: Situation) -> Chosen:
    """After the hand-off the bot stays out of the way."""
    if not s.state["handed_off"]:
        return None
    if s.heard.intent == "goodbye":
        return ("action_goodbye",)
    return ("action_is_bot",) if s.heard.has("is_this_a_bot") else ("action_handoff_waiting",)


def wrote_too_much(s: Situation) -> Chosen:
    """A message that was cut."""
    return ("action_too_long",) if s.heard.was_cut else None


def names_a_time(s: Situation) -> Chosen:
    """The answer to when a call would suit."""
    if s.pending != "callback" or s.heard.has(*(ASKS - {"schedule_callback", "appointment", "contract_end"})):
        return None
    return ("action_what_next",) if s.says_no else ("action_note_callback",)


FEW_WORDS = 4
NO_DESCRIPTION = (
    "repeat",
    "is_this_a_bot",
    "pause",
    "change_plan",
    "refund",
    "account_question",
    "about_account",
    "about_dates",
    "what_now",
    "correction",
    "ask_discount",
    "bargain",
)
"""What is no answer to the question what is wrong."""


def describes_the_problem(s: Situation) -> Chosen:
    """The answer to what is wrong becomes a ticket."""
    is_goodbye = s.heard.intent == "goodbye" and len(s.heard.text.split()) < FEW_WORDS
    if s.pending != "problem" or is_goodbye or s.heard.has(*NO_DESCRIPTION):
        return None
    if s.says_no or s.heard.intent == "thanks":
        return ("action_what_next",)
    return ("action_open_ticket",) if len(s.heard.text.split()) > 1 else None


def keeps_the_reason(s: Situation) -> Chosen:
    """Nobody has to say why."""
    silent = s.pending == "reason" and (s.says_no or s.heard.intent == "maybe_later")
    if not silent:
        return None
    return ("action_ask_cancel",) if s.state["cancel_requested"] else ("action_choices",)


def corrects(s: Situation) -> Chosen:
    """The bot was wrong: it says so, and does what was meant where that is clear."""
    if not s.heard.has("correction"):
        return None
    meant = next((REQUESTS[name] for name in s.heard.intents if name in REQUESTS), ("action_what_next",))
    return ("action_correct", *meant)


def asks_what_now(s: Situation) -> Chosen:
    """Wants to know what becomes of it, or what the bot can do."""
    if s.heard.has("what_can_you"):
        return ("action_present_offer",) if s.may_offer else ("action_choices",)
    return ("action_ticket_status",) if s.heard.has("what_now") else None


def asks_about_account(s: Situation) -> Chosen:
    """Plan, price or dates, in words that the model does not know."""
    if s.heard.has("about_dates"):
        return ("action_show_dates",)
    return ("action_show_account",) if s.heard.has("about_account") else None


def haggles(s: Situation) -> Chosen:
    """Asks for a better price without an offer on the table."""
    if not s.heard.has("ask_discount", "bargain") or s.heard.has("downgrade", "change_plan", "upgrade", "pause"):
        return None
    return ("action_present_offer",) if s.may_offer else ("action_no_offer",)


def requests(s: Situation) -> Chosen:
    """Something the bot can do or look up."""
    return next((REQUESTS[name] for name in s.heard.intents if name in REQUESTS), None)


def complains(s: Situation) -> Chosen:
    """A reason to leave: the decided offer if there is one, else an open ear."""
    if not s.heard.has(*REASONS):
        return None
    if s.may_offer:
        is_upset = s.heard.sentiment is Sentiment.NEGATIVE
        return ("action_acknowledge", "action_present_offer") if is_upset else ("action_present_offer",)
    return ("action_acknowledge", "action_resume" if s.pending == "offer" else "action_what_next")


def answers_unclearly(s: Situation) -> Chosen:
    """A reason that the model does not know: taken as it is, and the customer chooses how to go on."""
    if s.pending != "reason" or (s.heard.intent not in UNCLEAR and s.heard.confidence >= SURE):
        return None
    return ("action_acknowledge", "action_ask_cancel" if s.state["cancel_requested"] else "action_choices")


def comes_back_to_offer(s: Situation) -> Chosen:
    """A late yes to the offer that was made."""
    late_yes = s.heard.intent == "accept" and s.state["offer"] == "presented"
    return ("action_accept_offer",) if late_yes else None


def asks_again(s: Situation) -> Chosen:
    """Wants the last reply once more."""
    return ("action_repeat",) if s.heard.intent == "repeat" and s.heard.confidence >= SURE else None


def is_courteous(s: Situation) -> Chosen:
    """Hello, thanks, goodbye."""
    return COURTESIES.get(s.heard.intent) if s.heard.confidence >= SURE else None


def writes_another_language(s: Situation) -> Chosen:
    """The wording is English."""
    return ("action_language_limit",) if s.heard.language not in ("en", "und") else None


def is_unhappy(s: Situation) -> Chosen:
    """Unhappy without saying why: ask, once; unhappy with the answer: a person."""
    if s.heard.sentiment is not Sentiment.NEGATIVE:
        return None
    if s.state["reason"] or s.state["reason_asked"]:
        return ("action_not_enough",)
    return ("action_acknowledge", "action_ask_reason")


def not_understood(s: Situation) -> Chosen:
    """Nothing above applied."""
    return next_question(s.state)
