"""What a message means where it is about an offer: yes, no, more, a claim, or a question what was agreed."""

from bot.dialogue.context import ASKS, MILD, REASONS, SURE, Context


def asks_what_was_agreed(c: Context) -> str | None:
    """Wants to hear what was agreed: that is answered at any time."""
    if c.state["offer"] != "accepted":
        return None
    goes_on = c.heard.has("about_terms") and c.did_last("action_accept_offer", "action_show_agreed")
    goes_on = goes_on or (c.heard.has("names_offer") and c.heard.has("asks") and not c.heard.has("cancel", "decline"))
    return "asks_agreed" if goes_on or c.heard.has("agreed") else None


def takes_back_a_yes(c: Context) -> str | None:
    """Does not want the offer that was accepted, or never meant to accept it."""
    if c.state["offer"] != "accepted" or c.state["cancelled"] or c.heard.has("cancel"):
        return None
    at_once = c.heard.has("reconsiders") and c.did_last("action_accept_offer", "action_show_agreed")
    return "take_back" if at_once or c.heard.has("takes_back", "cancels_offer") else None


def was_promised(c: Context) -> str | None:
    """Says that something was promised: it goes on record before anything else is said or offered."""
    if c.asked == "cancel" or c.heard.has("accept", "yes", "cancel", "schedule_callback", "appointment"):
        return None
    return "describe_problem" if c.heard.has("promised") and not c.state["handed_off"] else None


def claims_an_offer(c: Context) -> str | None:
    """Says what was offered, or words an offer as if we made it: what stands is said, and nothing of it confirmed."""
    if not c.heard.has("claims_offer") or c.heard.has(
        "cancel", "promised", "schedule_callback", "appointment", "bereavement"
    ):
        return None
    return "claims_offer"


def answers_offer(c: Context) -> str | None:
    """Yes, no, later, a question about it, or a try for more."""
    if c.asked != "offer" or c.state["handed_off"]:
        return None
    if c.heard.has("who_decides"):
        return "not_enough"
    if c.heard.has("wants_more"):
        return "ask_discount"
    if c.heard.has("if_no", "how_only"):
        return "about_offer"
    if c.heard.intent == "accept" and not c.heard.has("asks"):
        return "accept"
    if c.heard.has("bargain") or (c.heard.has("ask_discount") and not c.heard.has("question")):
        return "ask_discount"
    if c.yes or says_yes(c):
        return "accept"
    if c.no:
        return "decline"
    if c.heard.has("stay"):
        return "stay"
    if c.heard.intent == "maybe_later":
        return "maybe_later"
    half_a_yes = c.heard.has("asks") and c.heard.intent in ("accept", "affirm")
    half = c.heard.has("asks") and c.heard.intent == "out_of_scope" and not c.heard.has("mocks", "not_enough", "unfair")
    in_question = c.heard.has("question") or half
    wonders = in_question and not c.heard.has(*ASKS, *REASONS)
    half_asked = half_a_yes and not c.heard.has(*ASKS)
    asks = wonders or half_asked or c.heard.has("about_offer", "about_terms", "names_offer", "ask_discount")
    return "about_offer" if asks else None


def says_yes(c: Context) -> bool:
    """A yes in more words: `yes, that would be great`, `OK, yes, send the engineer`."""
    if c.heard.has("question", "asks", "weak_yes", "no", "deny", "decline", "correction"):
        return False
    asks = c.heard.has(*(ASKS - {"appointment", "stay", "is_this_a_bot"} - MILD))
    return not asks and c.heard.has("accept", "affirm", "says_yes")


def comes_back_to_offer(c: Context) -> str | None:
    """A late yes to the offer that was made; one that was turned down is put to them again before it is taken."""
    takes_up = c.heard.has("accept") and not c.heard.has("asks", "wants_more", "cancel")
    if takes_up and c.state["offer"] == "declined" and c.heard.confidence >= SURE:
        return "about_offer"
    if c.heard.has("names_offer") and c.heard.has("asks") and c.state["offer"] == "presented" and c.asked is None:
        return "about_offer"
    accepts = c.heard.intent == "accept" and not c.heard.has("asks", "bargain")
    return "accept" if accepts and c.state["offer"] == "presented" else None


def haggles(c: Context) -> str | None:
    """Asks for a better price without an offer on the table."""
    other = c.heard.has("downgrade", "change_plan", "upgrade", "pause", "what_can_you")
    more = c.heard.has("wants_more") and c.state["offer"] == "presented"
    return "ask_discount" if (more or c.heard.has("ask_discount", "bargain")) and not other else None
