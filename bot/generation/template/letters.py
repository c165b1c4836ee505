"""Letters of approved wording: subject, preheader and a body of 60 to 160 words in one of many shapes."""

from bot.generation.template.bank import Bank
from bot.generation.template.composer import Composer
from bot.generation.template.situation import Reading

SHORTEST, LONGEST = 60, 160
"""Words of a body, greeting and signature included."""

TOP_UP = ("fit", "value", "help", "contact_line", "question", "closing")
EXPENDABLE = ("bridge", "value", "contact_line", "leave", "question", "fit", "help")
"""What a body that is too short gets, and what one that is too long loses, in this order."""

SAME = {"fit": "reason"}
"""Slots that say the same as another: a body has only one of the two."""

Shape = list[list[str]]
"""The slots of each paragraph."""


def letter(bank: Bank, reading: Reading) -> str:
    """The whole e-mail: `Subject:` line, `Preheader:` line, blank line, body."""
    family = "bereavement" if reading.bereaved else "letter"
    first = Composer(bank, reading, family)
    subject = first.say("subject", [text for level in first.levels("subject") for text in level])
    preheader = first.say("preheader")
    shape = [paragraph.split() for paragraph in Composer(bank, reading, family).say("shape").lower().split("/")]
    body = _body(bank, reading, family, shape)
    for slot in EXPENDABLE:
        if _words(body) <= LONGEST:
            break
        shape = [[name for name in paragraph if name != slot] for paragraph in shape]
        body = _body(bank, reading, family, shape)
    for slot in TOP_UP:
        if _words(body) >= SHORTEST:
            break
        same = SAME.get(slot, slot)
        if not any(slot in paragraph or same in paragraph for paragraph in shape):
            shape = _with(shape, slot)
            body = _body(bank, reading, family, shape)
    return f"Subject: {subject}\nPreheader: {preheader}\n\n{body}"


def _with(shape: Shape, slot: str) -> Shape:
    """The shape with one more slot where it reads on: reasons after the offer, looks back first, others late."""
    if slot == "value":
        return [[slot, *shape[0]], *shape[1:]]
    if slot == "fit":
        return [[name for it in names for name in ([it, slot] if it == "offer" else [it])] for names in shape]
    return [*shape[:-1], [slot], shape[-1]] if len(shape) > 1 else [[slot, *shape[0]]]


def _body(bank: Bank, reading: Reading, family: str, shape: Shape) -> str:
    composer = Composer(bank, reading, family)
    paragraphs = [composer.say_first("greeting", "greeting_first", "greeting_nameless")]
    for slots in shape:
        sentences = [_slot(composer, slot) for slot in slots]
        paragraphs.append(" ".join(filter(None, sentences)))
    reach = "" if "support" in composer.said else composer.say("reach")
    signature = [composer.say("signoff"), composer.say_first("signature", "signature_nameless"), reach]
    paragraphs.append("\n".join(filter(None, signature)))
    return "\n\n".join(filter(None, paragraphs))


def _slot(composer: Composer, slot: str) -> str:
    if slot == "offer":
        return composer.offer()
    return composer.accept() if slot == "accept" else composer.say(slot)


def _words(text: str) -> int:
    return len(text.split())
