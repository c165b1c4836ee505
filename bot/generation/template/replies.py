"""Chat replies of approved wording: one to four sentences for each dialogue act."""

from bot.generation.template.bank import Bank
from bot.generation.template.composer import Composer
from bot.generation.template.situation import Reading
from db.vocabulary import OfferType

ANY_OFFER = frozenset(OfferType) - {OfferType.NONE}
WITH_TERMS = {
    "present_offer": ANY_OFFER,
    "offer_accepted": ANY_OFFER,
    "change_plan": frozenset({OfferType.PLAN_CHANGE}),
    "pause": frozenset({OfferType.PAUSE}),
}
"""Acts that say the decided terms, and the kinds of offer that belong to them."""

MUST_SAY = {
    "confirm_cancel": ("paid_until",),
    "cancel_aside": ("paid_until",),
    "already_cancelled": ("paid_until",),
    "cancel_terms": ("paid_until",),
    "account_dates": ("paid_until",),
    "cancelled": ("paid_until",),
    "open_ticket": ("ticket",),
    "explain_bill": ("account_price",),
    "support_contact": ("support",),
    "handoff_wait": ("wait",),
    "show_account": ("account_price", "plan"),
    "known_answer": ("answer",),
    "term_renewal": ("renewal_date",),
    "term_paid_until": ("paid_until",),
    "term_billing_period": ("account_price",),
}
"""Facts that an act may not leave out where they are known: the first that is known has to be said."""

UNKNOWN_ACT = "cannot_handle"


def acts(bank: Bank) -> tuple[str, ...]:
    """The dialogue acts that have wording."""
    names = {slot.split(".")[1] for slot in bank.groups if slot.startswith("reply.act_")}
    return tuple(sorted(name.removeprefix("act_") for name in names))


def reply(bank: Bank, reading: Reading) -> str:
    """A reply for the brief's dialogue act; an act without wording is answered as one that cannot be handled."""
    act = _act(bank, reading)
    composer = Composer(bank, reading, "reply")
    opening = _opening(composer, act)
    if reading.brief.decision.offer_type not in WITH_TERMS.get(act, ()):
        return opening
    is_accepted = act == "offer_accepted"
    terms = composer.offer("agreed" if is_accepted else "offer")
    deadline = "" if is_accepted else composer.say("detail.valid_until")
    return " ".join(filter(None, [opening, terms, deadline, composer.say(f"then_{act}")]))


def _opening(composer: Composer, act: str) -> str:
    found = composer.variants(f"act_{act}")
    due = next((fact for fact in MUST_SAY.get(act, ()) if fact in composer.reading.known), "")
    telling = [text for text in found if f"{{{due}}}" in text]
    if telling:
        return composer.say(f"act_{act}", telling)
    return composer.say_first(f"act_{act}", f"act_{act}_unknown", f"act_{UNKNOWN_ACT}")


def _act(bank: Bank, reading: Reading) -> str:
    """The act to answer with: no offer where none was decided, and sympathy before anything else."""
    act = reading.brief.dialogue_act or "acknowledge"
    if reading.bereaved and act in ("acknowledge", "ask_reason", "present_offer", "no_offer", "apology_anger"):
        return "bereavement"
    if act == "present_offer" and reading.brief.decision.offer_type is OfferType.NONE:
        return "no_offer"
    return act if f"reply.act_{act}" in bank.groups else UNKNOWN_ACT
