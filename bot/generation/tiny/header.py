"""What the small writer is told of a brief: a line of control words, and which facts may and must stand in the text."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.generation.brief import Brief
from bot.generation.template.situation import TOPICS, Reading
from bot.generation.tiny.matters import MATTERS, NONE, UNREAD
from db.vocabulary import Channel, OfferType

TONES = ("warm", "plain", "formal", "brief", "cheerful", "apologetic")
ACTS = (
    "acknowledge", "apologise", "ask_detail", "ask_reason", "callback", "cannot_answer", "chitchat", "clarify",
    "confirm_cancel", "erase_request", "explain_next", "goodbye", "greet", "handoff", "is_bot", "keep", "no_offer",
    "offer_declined", "opt_out", "pause_info", "plan_info", "present_offer", "repeat", "silence", "thanks", "ticket",
)  # fmt: skip
"""The dialogue acts that the corpus has replies for."""

FACTS = (
    "first_name", "company", "plan", "tenure", "support_phone", "support_email", "cancel_path", "account_price",
    "renewal_date", "echo",
)  # fmt: skip
"""Slots of any text; a text may leave them out."""

TERMS = (
    "off", "applies_to", "duration", "price_during", "no_charge", "from_plan", "to_plan", "keeps", "who",
    "offer_topic", "lesson", "bonus", "starts", "starts_on", "effective", "condition", "conditions", "afterwards",
    "valid_until",
)  # fmt: skip
"""Slots of a decided offer."""

MUST = frozenset({
    "off", "duration", "price_during", "no_charge", "to_plan", "keeps", "lesson", "bonus", "who", "starts",
    "starts_on", "effective", "condition", "conditions", "afterwards", "valid_until",
})  # fmt: skip
"""Terms that a text with an offer may not leave out where they are decided."""

SLOTS = (*FACTS, *TERMS)


@dataclass(frozen=True, slots=True)
class Header:
    """A text to be written, as the small writer sees it; `slots` can be filled, and no other may be emitted."""

    skill: str
    topic: str
    matter: str
    tone: str
    kind: str
    contact: str
    slots: frozenset[str]
    act: str = ""

    @property
    def told(self) -> bool:
        """Whether the customer wrote something that the text answers."""
        return self.matter != NONE

    @property
    def must(self) -> frozenset[str]:
        """Slots that the text has to hold."""
        return self.slots & MUST if self.kind != "none" else frozenset()

    def words(self) -> list[str]:
        """The control words in their order; what a text does not depend on is left out."""
        found = [f"<{self.skill}>", f"<matter:{self.matter}>", f"<offer:{self.kind}>"]
        if self.skill == "chat":
            found.append(f"<act:{self.act}>")
        else:
            found += [f"<tone:{self.tone}>", f"<{self.contact}>"]
            if not self.told:
                found.append(f"<topic:{self.topic}>")
        return [*found, *(f"<has:{slot}>" for slot in SLOTS if slot in self.slots), "<write>"]


def control_words() -> list[str]:
    """Every control word there is."""
    topics = (*TOPICS, "unknown")
    return [
        "<email>", "<chat>", "<first>", "<again>", "<write>", "<subject>", "<preheader>", "<paragraph>", "<end>",
        *(f"<topic:{topic}>" for topic in topics),
        *(f"<matter:{matter}>" for matter in (*MATTERS, UNREAD, NONE)),
        *(f"<tone:{tone}>" for tone in TONES),
        *(f"<offer:{kind.value}>" for kind in OfferType),
        *(f"<act:{act}>" for act in ACTS),
        *(f"<has:{slot}>" for slot in SLOTS),
    ]  # fmt: skip


def header_of(reading: Reading, matter: str, tone: str, known: Iterable[str], act: str = "") -> Header:
    """The header of a brief that was read; `known` are the slots that can be filled, `act` is empty for e-mail."""
    brief: Brief = reading.brief
    kind = brief.decision.offer_type
    is_email = brief.channel is Channel.EMAIL
    with_offer = kind is not OfferType.NONE and (is_email or act == "present_offer")
    usable = frozenset(known) & frozenset(SLOTS if with_offer else FACTS)
    return Header(
        skill="email" if is_email else "chat",
        topic=reading.topic,
        matter=matter,
        tone=tone,
        kind=kind.value if with_offer else "none",
        contact=reading.dimensions["contact"],
        slots=usable,
        act=act,
    )
