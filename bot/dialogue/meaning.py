"""What a message means in its context: one intent, of which data/rules.yml says what to do about it.

`READINGS` is read from top to bottom, and the first that applies gives the intent. That order is the one place of
priority: what a customer has a right to (a person, leaving, an end to messages) stands above everything else.
"""

import re
from collections.abc import Callable

from bot.dialogue.bargaining import (
    answers_offer,
    asks_what_was_agreed,
    claims_an_offer,
    comes_back_to_offer,
    haggles,
    takes_back_a_yes,
    was_promised,
)
from bot.dialogue.context import (
    ASKED_FOR,
    ASKS,
    AT_ALL,
    CLEARLY,
    CLEARLY_OF_MONEY,
    COURTESIES,
    FACTS,
    FAULTS,
    FEW_WORDS,
    MILD,
    NO_DESCRIPTION,
    OF_MONEY,
    ORDERED,
    REASONS,
    REQUESTS,
    SURE,
    TIME,
    UNCLEAR,
    Context,
)
from bot.dialogue.glossary import only_term_in, term_asked
from bot.dialogue.nlu import ANGER, STRONG_ANGER, SURE_OF_TOPIC, Heard
from bot.dialogue.state import DialogueState
from db.vocabulary import Json, Sentiment

AT_ONCE = {"opt_out": "action_opt_out", "data_erasure": "action_erase_request"}
"""What is done in any case, whatever else the message asks for."""

ON_LEAVING = ("action_ask_cancel", "action_keep_plan", "action_explain_cancel", "action_cancel_aside")
"""Actions after which `that` is the cancellation."""

WITHDRAW = "withdraw_handoff"
"""The wish for no person after all."""

SAME_AGAIN = 3
NOT_UNDERSTOOD = "nlu_fallback"

CANNOT_LOOP = frozenset(
    {
        "action_cancel",
        "action_opt_out",
        "action_erase_request",
        "action_hand_off",
        "action_handoff_waiting",
        "action_open_ticket",
        "action_goodbye",
        "action_is_bot",
        "action_handoff_wait",
        "action_no_hurry",
        "action_unconfirmed",
        "action_explain_term",
    }
)
"""Actions that may be repeated as often as the customer wants."""


def mood_slots(slots: Json, heard: Heard) -> Json:
    """The slots on mood, anger and reason after a message."""
    angry = slots["angry_turns"]
    return {
        "mood": heard.sentiment.value,
        "angry_turns": angry + 1 if heard.anger >= ANGER else max(0, angry - 1),
        "reason": heard.topic if gives_reason(slots, heard) else slots["reason"],
    }


def gives_reason(slots: Json, heard: Heard) -> bool:
    """Whether the topic of a message becomes the reason to leave.

    A reason that was given stands, until another is given for cancelling or is complained about in clear words; what
    is said about a problem only describes it, and who asks for dates or asks back about an offer complains of nothing.
    """
    pending, topic = slots["pending"], heard.topic
    about_the_offer = pending == "offer" and heard.has("about_offer", "bargain")
    if not topic or heard.confidence < SURE_OF_TOPIC or about_the_offer or heard.has("solved", "asks_term"):
        return False
    if not slots["reason"]:
        return heard.topic_weight >= AT_ALL
    if slots["reason"] in ASKED_FOR or heard.has("cancel"):
        return heard.topic_weight >= CLEARLY_OF_MONEY
    if topic in ASKED_FOR or (pending == "problem" and topic not in OF_MONEY):
        return False
    return heard.topic_weight >= (CLEARLY_OF_MONEY if topic in OF_MONEY else CLEARLY)


def intent_of(state: DialogueState, heard: Heard) -> str:
    """The intent of a message that was said in this state; the state is left alone."""
    slots = {**state.slots, **mood_slots(state.slots, heard)}
    if heard.has("no_person"):
        if slots["handed_off"] and not heard.has(*ASKS, *REASONS, *AT_ONCE, "accept", "ask_discount", "bargain"):
            return WITHDRAW
        slots["handed_off"] = False
    context = Context(DialogueState(state.sender_id, slots, state.events), heard)
    found = next((intent for reading in READINGS if (intent := reading(context)) is not None), NOT_UNDERSTOOD)
    return "going_round" if goes_round(state, found) else found


def at_once(heard: Heard, intent: str, *, handed_off: bool) -> list[str]:
    """The actions that a message has done before its intent is answered; what the intent asks for is not among them."""
    found = [name for name in AT_ONCE if heard.has(name) and name != intent]
    withdrawn = heard.has("no_person") and handed_off and intent != WITHDRAW
    corrected = ["action_correct"] if heard.has("correction") and intent in REQUESTS and not handed_off else []
    return [AT_ONCE[name] for name in found] + ["action_withdraw_handoff"] * withdrawn + corrected


def _asks_more(heard: Heard) -> bool:
    return heard.has("cancel", "human_request", "bereavement", *REQUESTS)


def goes_round(state: DialogueState, intent: str) -> bool:
    """Whether the bot would give the same answer to the same intent for the third time running."""
    if state["handed_off"] or intent in AT_ONCE:
        return False
    done = [str(event.get("name")) for event in state.events if event.get("event") == "action"][-(SAME_AGAIN - 1) :]
    meant = [event["intent"]["name"] for event in state.events if event.get("event") == "user"][-(SAME_AGAIN - 1) :]
    alike = set(done) == set(done[-1:]) and set(meant) == {intent}
    return alike and len(done) == len(meant) == SAME_AGAIN - 1 and not set(done) & CANNOT_LOOP


def is_angry(c: Context) -> bool:
    """Strong anger in this message, or anger in two messages running."""
    return c.heard.anger >= STRONG_ANGER or (c.heard.anger >= ANGER and c.state["angry_turns"] >= 2)


def is_repeating(c: Context) -> bool:
    """Whether the customer says the same for the third time."""
    line = _plain(c.heard.text)
    return bool(line) and sum(_plain(text) == line for text in c.state.said()) >= SAME_AGAIN - 1


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def end_to_messages(c: Context) -> str | None:
    """No more messages, or to be forgotten; beside something else it is done at once and the rest is answered."""
    found = [intent for intent in AT_ONCE if c.heard.has(intent)]
    return found[-1] if found and not _asks_more(c.heard) else None


def wants_a_person(c: Context) -> str | None:
    """One who also wants to cancel is told that one word is enough.

    A yes to an offer may name the person in it: `An engineer? Yes, great!` is a wish for one only where a rule says so.
    """
    takes_offer = c.asked == "offer" and c.heard.has("accept") and c.heard.confidence < ORDERED
    if takes_offer or not c.heard.has("human_request"):
        return None
    return "human_request_and_cancel" if c.heard.has("cancel") and not c.state["cancelled"] else "human_request"


def mourns(c: Context) -> str | None:
    """A death; whoever asks to cancel in the same breath is not kept waiting."""
    if c.state["bereaved"] or not c.heard.has("bereavement"):
        return None
    return "bereavement_and_cancel" if c.heard.has("cancel") else "bereavement"


def speaks_for_another(c: Context) -> str | None:
    """Somebody else's contract is not the one in this conversation."""
    another = c.heard.has("for_another") and (c.heard.has("cancel") or c.state["bereaved"])
    return "for_another" if another and not c.state["cancelled"] else None


def undoes_cancellation(c: Context) -> str | None:
    """Wants back what is on record as cancelled, or did not mean it."""
    return "undo_cancellation" if c.state["cancelled"] and c.heard.has("stay", "takes_back", "correction") else None


def asks_for_a_meaning(c: Context) -> str | None:
    """What a word means; who asks what the offer means is told its terms, and who asks after a question of ours too."""
    if not c.heard.has("asks_term") or c.heard.has("wants_out", "orders", "explain_bill", "correction"):
        return None
    if term_asked(c.heard.text) is None:
        told = " ".join(c.state.told(1))
        if c.asked in ("cancel", "offer"):
            return "about_cancelling" if c.asked == "cancel" else "about_offer"
        if only_term_in(told) is None:
            return None
    return "explain_term"


def asks_whether_cancelled(c: Context) -> str | None:
    """Whether the plan is cancelled: what is on record is said, and nothing is done."""
    orders = c.heard.has("orders", "wants_out", "about_cancelling")
    return "asks_if_cancelled" if c.heard.has("asks_cancelled") and not orders else None


def asks_about_cancelling(c: Context) -> str | None:
    """A question about cancelling is no order to do it."""
    if c.state["cancelled"]:
        return None
    asks = c.heard.has("hesitant") or (c.heard.has("asks_how", "asks") and not c.orders)
    if c.heard.has("how_only") and c.asked == "cancel":
        return "about_cancelling"
    if c.heard.has("cost_of_that") and c.did_last(*ON_LEAVING) and not c.heard.has("orders"):
        return "about_cancelling"
    wavers = c.heard.has("cancel") and c.state["cancel_explained"] and asks
    return "about_cancelling" if wavers or (c.heard.has("about_cancelling") and not c.heard.has("orders")) else None


def leaves(c: Context) -> str | None:
    """An order to cancel, or the thought of it; who was told what it means is asked again unless the order is plain."""
    if not c.heard.has("cancel"):
        unsure = c.heard.has("in_two_minds") and not (c.state["cancelled"] or c.state["handed_off"])
        return "thinking_of_leaving" if unsure and c.asked != "cancel" else None
    told = c.state["cancelled"] or c.state["cancel_explained"] or c.state["handed_off"]
    if c.state["cancel_explained"] and not c.state["cancelled"] and not (c.orders or c.plain_yes):
        return "unclear_cancel"
    return "thinking_of_leaving" if c.heard.has("hesitant") and not told else "cancel"


def answers_whether_to_cancel(c: Context) -> str | None:
    """Yes, no, later, a reason, a try for a better price, or yes to the offer that was made before."""
    if c.asked != "cancel":
        return None
    if c.heard.intent == "accept" and c.state["offer"] == "presented" and not c.heard.has("yes", "asks"):
        return "accept"
    if c.heard.has("correction"):
        return "misread_cancel"
    if c.plain_yes:
        return "affirm"
    if c.heard.has("stay") or c.no or c.heard.intent == "maybe_later":
        return "deny"
    if c.heard.has("ask_discount", "bargain"):
        return "ask_discount"
    if c.heard.has(*REASONS):
        return "reason_to_cancel"
    return "reason_to_cancel" if c.heard.topic not in (None, *ASKED_FOR) and c.state["reason"] else None


def refuses_help(c: Context) -> str | None:
    """Wants neither a visit nor a call: that is no wish for one. What they say about it goes on record, once."""
    if not c.heard.has("refuses_help") or c.asked == "cancel" or c.state["handed_off"]:
        return None
    if c.asked in ("offer", "callback"):
        return "decline"
    return "correction" if c.state["help_refused"] or c.heard.has("correction") else "describe_problem"


def is_settled(c: Context) -> str | None:
    """What was asked about has cleared up: nothing is left to describe."""
    if c.state["handed_off"] or c.heard.has("correction", *(ASKS - MILD)):
        return None
    return "thanks" if c.heard.has("solved") else None


def is_let_down(c: Context) -> str | None:
    """What the bot did is not enough; who names a price wants to bargain."""
    if c.state["handed_off"] or c.heard.has("bargain", "is_this_a_bot"):
        return None
    is_lost = c.heard.has("lost") and bool(c.state["tickets"] or c.asked == "problem")
    if c.heard.has("unfair") and c.state.told() and not c.heard.has(*ASKS):
        return "not_enough"
    return "not_enough" if is_lost or (c.heard.has("not_enough", "mocks") and not c.heard.has(*ASKS)) else None


def answers_whether_to_pass_on(c: Context) -> str | None:
    """Yes or no to a colleague or a ticket."""
    if c.asked not in ("handoff", "ticket"):
        return None
    if (c.yes or c.heard.has("help", "why_not")) and not c.state["handed_off"]:
        return "affirm"
    return "deny" if c.no or c.heard.has("no_person") else None


def keeps_the_plan(c: Context) -> str | None:
    """The customer stays."""
    stays = c.heard.has("stay") and not c.heard.has("bargain", "correction", "in_two_minds")
    return "stay" if stays and not c.state["handed_off"] else None


def asks_who_writes(c: Context) -> str | None:
    """Whether this is a machine: that is answered before everything that patience decides."""
    return "is_this_a_bot" if c.heard.has("is_this_a_bot") and not c.heard.has("correction") else None


def is_at_the_end_of_patience(c: Context) -> str | None:
    """Strong anger, or the same for the third time: the bot does not help."""
    if c.state["handed_off"]:
        return None
    if is_angry(c):
        return "furious"
    return "repeating" if is_repeating(c) else None


def waits_for_a_person(c: Context) -> str | None:
    """After the hand-off the bot stays out of the way."""
    if not c.state["handed_off"]:
        return None
    if c.heard.intent == "goodbye":
        return "goodbye"
    if c.heard.has("how_long", "what_can_you"):
        return "asks_how_long"
    known = next((name for name in FACTS if c.heard.has(name)), None) or asks_about_account(c)
    asks_price = c.heard.has("explain_bill") and c.heard.has("asks", "question")
    return known or ("account_question" if asks_price else "waiting")


def wrote_too_much(c: Context) -> str | None:
    """A message that was cut."""
    return "too_long" if c.heard.was_cut else None


def names_a_time(c: Context) -> str | None:
    """The answer to when a call would suit, or another one right after it; thanks or a greeting is none."""
    again = c.asked is None and c.did_last("action_note_callback") and TIME.search(c.heard.text)
    if again and not c.heard.has("asks", *ASKS):
        return "name_time"
    if c.heard.intent in COURTESIES and not TIME.search(c.heard.text):
        return None
    if c.asked != "callback" or c.heard.has(*(ASKS - {"schedule_callback", "appointment", "contract_end"})):
        return None
    if c.no:
        return "deny"
    return "schedule_callback" if c.yes and not TIME.search(c.heard.text) else "name_time"


def asks_for_news(c: Context) -> str | None:
    """What has become of what is on record."""
    return "what_now" if c.heard.has("asks_status") and c.state["tickets"] else None


def describes_the_problem(c: Context) -> str | None:
    """The answer to what is wrong."""
    is_goodbye = c.heard.intent == "goodbye" and len(c.heard.text.split()) < FEW_WORDS
    about_money = c.heard.topic in OF_MONEY and c.heard.topic_weight >= CLEARLY_OF_MONEY
    if c.heard.has("asks_way", "asks") and not c.heard.has(*FAULTS):
        return None
    if c.asked != "problem" or is_goodbye or about_money or c.heard.has(*NO_DESCRIPTION):
        return None
    if c.no or c.heard.intent == "thanks":
        return "deny"
    return "describe_problem" if len(c.heard.text.split()) > 1 else None


def keeps_the_reason(c: Context) -> str | None:
    """Nobody has to say why."""
    return "deny" if c.asked == "reason" and (c.no or c.heard.intent == "maybe_later") else None


def corrects(c: Context) -> str | None:
    """The bot was wrong: it says so at once, and does what was meant where that is clear."""
    return (c.first(REQUESTS) or "correction") if c.heard.has("correction") else None


def asks_what_now(c: Context) -> str | None:
    """Wants to know what becomes of it, what the bot can do, or what the bot would do."""
    if c.heard.has("advice"):
        return "asks_advice"
    if c.heard.has("what_can_you"):
        return "what_can_you"
    return "what_now" if c.heard.has("what_now") else None


def asks_how_to(c: Context) -> str | None:
    """How something is done, or a payment that does not work: answered from what the company has approved."""
    return c.first(frozenset({"payment_trouble", "asks_how_to", "asks_if_genuine"}))


def requests(c: Context) -> str | None:
    """Something the bot can do or look up; a word alone is no complaint that could go on record."""
    found = c.first(REQUESTS)
    is_bare = found in ("slow_support", "missing_feature") and len(c.heard.text.split()) == 1
    return None if is_bare else found


def asks_about_account(c: Context) -> str | None:
    """Plan, price or dates, in words that the model does not know."""
    if c.heard.has("about_dates"):
        return "contract_end"
    return "account_question" if c.heard.has("about_account") else None


def complains(c: Context) -> str | None:
    """A reason to leave."""
    return c.first(REASONS)


def answers_unclearly(c: Context) -> str | None:
    """A reason that the model does not know."""
    unclear = c.heard.intent in UNCLEAR or c.heard.confidence < SURE
    return "unclear_reason" if c.asked == "reason" and unclear else None


def is_courteous(c: Context) -> str | None:
    """Once more please, hello, thanks, goodbye."""
    return c.heard.intent if c.heard.intent in COURTESIES and c.heard.confidence >= SURE else None


def answers_nothing(c: Context) -> str | None:
    """Yes or no where nothing was asked; `do it` after a cancellation was explained is asked about once more."""
    if c.asked is not None or c.heard.confidence < SURE:
        return None
    if c.heard.has("do_it") and c.state["cancel_explained"] and not c.state["cancelled"]:
        return "unclear_cancel"
    if c.no:
        return "leaves_it"
    return "yes_to_nothing" if c.heard.intent in ("affirm", "accept") and not c.heard.has("asks", "question") else None


def writes_another_language(c: Context) -> str | None:
    """The wording is English."""
    return "other_language" if c.heard.language not in ("en", "und") else None


def is_unhappy(c: Context) -> str | None:
    """Unhappy without saying why."""
    return "unhappy" if c.heard.sentiment is Sentiment.NEGATIVE else None


READINGS: tuple[Callable[[Context], str | None], ...] = (
    end_to_messages,
    wants_a_person,
    mourns,
    speaks_for_another,
    undoes_cancellation,
    takes_back_a_yes,
    asks_what_was_agreed,
    asks_for_a_meaning,
    asks_whether_cancelled,
    asks_about_cancelling,
    leaves,
    claims_an_offer,
    answers_whether_to_cancel,
    was_promised,
    refuses_help,
    answers_offer,
    is_let_down,
    is_settled,
    answers_whether_to_pass_on,
    keeps_the_plan,
    asks_who_writes,
    is_at_the_end_of_patience,
    waits_for_a_person,
    wrote_too_much,
    names_a_time,
    asks_for_news,
    describes_the_problem,
    keeps_the_reason,
    corrects,
    comes_back_to_offer,
    haggles,
    asks_what_now,
    asks_how_to,
    requests,
    asks_about_account,
    complains,
    answers_unclearly,
    is_courteous,
    answers_nothing,
    writes_another_language,
    is_unhappy,
)
"""The order of priority; what none of them knows is `nlu_fallback`."""
