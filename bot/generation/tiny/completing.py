"""Says in approved sentences what a drawn text left out of a decided offer, so that every mandatory term is told."""

from collections.abc import Sequence

from bot.generation.template.bank import SLOT, fill, shipped
from bot.generation.template.composer import DETAILS, Composer
from bot.generation.tiny.header import TERMS
from bot.generation.tiny.sentences import split
from bot.generation.tiny.situation import Task

_CORE = {
    "discount": ("off", "price_during"),
    "pause": ("duration",),
    "plan_change": ("to_plan",),
    "free_period": ("duration",),
    "trial_extension": ("duration",),
    "contact": ("who",),
    "education": ("lesson", "offer_topic"),
    "bonus": ("bonus",),
}
"""Terms of which one has to stand in a text for it to present an offer of that kind."""

_UNTIL = "valid_until"
_TOLD = (*DETAILS, "who", "lesson", "bonus")
"""Terms that have a sentence of their own, in the order in which they are told."""

_IN_TERMS = frozenset(TERMS)


def completed(task: Task, paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs of a text, with slots in braces, filled, with every mandatory term in them."""
    paragraphs = paragraphs or ("",)
    said = {slot for paragraph in paragraphs for slot in SLOT.findall(paragraph)}
    filled = [fill(paragraph, task.known) for paragraph in paragraphs]
    must = task.header.must
    if not must - said:
        return filled
    composer = Composer(shipped(), task.reading, "letter" if task.header.skill == "email" else "reply")
    composer.so_far, composer.said = " ".join(filled), said
    core = [term for term in _CORE.get(task.header.kind, ()) if term in task.header.slots]
    place = _offer_paragraph(paragraphs)
    added = [composer.offer()] if core and not said & set(core) else []
    added += [composer.say(f"detail.{term}") for term in _TOLD if term in must and term not in composer.said]
    filled[place] = _joined(filled[place], added)
    if _UNTIL in must and _UNTIL not in composer.said:
        last = max(place, len(filled) - 1)
        filled[last] = _joined(filled[last], [composer.say(f"detail.{_UNTIL}")])
    return filled


def _joined(paragraph: str, added: Sequence[str]) -> str:
    """A paragraph with sentences behind it, but before a question that it ends with: that one waits for an answer."""
    sentences = split(paragraph)
    last = sentences.pop() if len(sentences) > 1 and paragraph.endswith("?") else ""
    return " ".join(filter(None, [*sentences, *added, last]))


def _offer_paragraph(paragraphs: Sequence[str]) -> int:
    """Where the offer is spoken of: the paragraph with most terms besides the last day, else the last but one."""
    counts = [len(_IN_TERMS & set(SLOT.findall(paragraph)) - {_UNTIL}) for paragraph in paragraphs]
    return counts.index(max(counts)) if any(counts) else max(0, len(paragraphs) - 2)
