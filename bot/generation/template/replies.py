"""Chat replies of approved wording: one to four sentences for each dialogue act."""

from dataclasses import replace

from bot.generation.template.bank import Bank
from bot.generation.template.composer import Composer
from bot.generation.template.situation import Reading
from db.vocabulary import OfferType

WITH_TERMS = frozenset({"present_offer", "change_plan", "pause", "offer_accepted"})
"""Acts that say the decided terms, where there are any."""

UNKNOWN_ACT = "cannot_handle"


def acts(bank: Bank) -> tuple[str, ...]:
    """The dialogue acts that have wording."""
    names = {slot.split(".")[1] for slot in bank.groups if slot.startswith("reply.act_")}
    return tuple(sorted(name.removeprefix("act_") for name in names))


def reply(bank: Bank, reading: Reading) -> str:
    """A reply for the brief's dialogue act; an act without wording is answered as one that cannot be handled."""
    act = _act(bank, reading)
    phrase = Composer(bank, reading, "reply").say("topic_phrase")
    if phrase:
        lowered = phrase[:1].lower() + phrase[1:]
        reading = replace(reading, known={**reading.known, "topic_phrase": lowered})
    composer = Composer(bank, reading, "reply")
    opening = composer.say_first(f"act_{act}", f"act_{act}_unknown", f"act_{UNKNOWN_ACT}")
    if act not in WITH_TERMS or reading.brief.decision.offer_type is OfferType.NONE:
        return opening
    terms = [composer.offer(), composer.say("detail.valid_until") if act != "offer_accepted" else ""]
    return " ".join(filter(None, [opening, *terms, composer.say(f"then_{act}")]))


def _act(bank: Bank, reading: Reading) -> str:
    """The act to answer with: no offer where none was decided, and sympathy before anything else."""
    act = reading.brief.dialogue_act or "acknowledge"
    if reading.bereaved and act in ("acknowledge", "ask_reason", "present_offer", "no_offer", "apology_anger"):
        return "bereavement"
    if act == "present_offer" and reading.brief.decision.offer_type is OfferType.NONE:
        return "no_offer"
    return act if f"reply.act_{act}" in bank.groups else UNKNOWN_ACT
