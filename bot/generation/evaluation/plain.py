"""A brief in plain words, for somebody who judges what was written for it."""

from bot.generation.brief import Brief
from bot.generation.prompts import ACTS
from bot.generation.template.situation import read
from bot.generation.template.slots import slots_of
from db.vocabulary import Channel, OfferType

_TERMS = {
    "off": "off", "applies_to": "on", "duration": "for", "price": "price now", "price_during": "price then",
    "no_charge": "meanwhile", "from_plan": "from plan", "to_plan": "to plan", "keeps": "they keep", "who": "who",
    "offer_topic": "about", "lesson": "what", "bonus": "what", "starts": "starts", "starts_on": "starts on",
    "effective": "starts", "condition": "condition", "conditions": "conditions", "afterwards": "afterwards",
    "valid_until": "valid until",
}  # fmt: skip
_CONTACT = {"follow_up": "a second letter on the matter", "reminder": "a reminder"}


def in_plain_words(brief: Brief) -> list[str]:
    """What a text has to do and what it may say, in a few lines; the customer's words stand in quotation marks."""
    facts, known = brief.facts, slots_of(brief)
    who = " ".join(filter(None, (known.get("first_name"), known.get("last_name")))) or "a customer without a name"
    details = [
        known.get("plan", ""),
        known.get("account_price", ""),
        f"a customer for {known['tenure']}" if "tenure" in known else "",
        known.get("usage", ""),
    ]
    said = facts.text("last_message")
    return [
        f"{_task(brief)} from {known.get('company', 'the company')} to {who}.",
        f"Known: {'; '.join(filter(None, details)) or 'nothing more'}.",
        f"The customer wrote: “{said}”" if said else "The customer wrote nothing.",
        f"Matter: {(brief.topic or 'not known').replace('_', ' ')}. Mood: {brief.mood or 'not known'}.",
        _offer(brief),
    ]


def _task(brief: Brief) -> str:
    if brief.channel is Channel.EMAIL:
        contact = _CONTACT.get(brief.purpose, "a first letter")
        return f"E-mail ({contact}, tone {brief.tone})"
    act = brief.dialogue_act or "acknowledge"
    return f"Chat reply that is to {ACTS.get(act, act.replace('_', ' '))},"


def _offer(brief: Brief) -> str:
    """The decided terms as names and words; after a death nothing is sold."""
    reading = read(brief)
    if reading.bereaved:
        return "Offer: none is to be made, since somebody has died."
    kind = brief.decision.offer_type
    if kind is OfferType.NONE:
        return "Offer: none."
    parts = [f"{name} {reading.known[slot]}" for slot, name in _TERMS.items() if slot in reading.known]
    return f"Offer: {kind.value.replace('_', ' ')}; {'; '.join(parts)}."
