"""Weighs what the rules found against the reading of conduct of the same sentence, and adds what they missed."""

from collections.abc import Iterator, Sequence

from bot.generation.guard.conduct import FINE, RULE_OF, Conduct
from bot.generation.guard.reading import Reading
from db.vocabulary import OfferType

Found = tuple[str, int, int]
"""A rule, and the first and last token that it found."""

VAGUE = frozenset({
    "advice", "bot_denial", "commitment", "credentials", "disparage", "guarantee", "internal",
    "obligation", "other_customer", "privacy", "threat",
})  # fmt: skip
"""Rules that read wording: where the whole sentence is surely fine, a word of theirs was about something else."""

SURELY_FINE, SURELY_UNSAFE = 0.97, 0.6
_FEWEST_WORDS = 3
_ENGLISH = frozenset({"en"})
_GIVING = frozenset({"money_back", "gift"})
_GIVES = frozenset(OfferType) - {OfferType.NONE, OfferType.CONTACT, OfferType.EDUCATION}


def weigh(
    reading: Reading,
    languages: Sequence[frozenset[str]],
    found: Sequence[Found],
    conduct: Conduct,
    offer: OfferType = OfferType.NONE,
    *,
    refuses: bool = True,
) -> Iterator[Found]:
    """What stands of the findings, and a finding for every English sentence that may surely not be sent.

    `languages` holds those that each sentence may be in, as `sentence_languages` gives them. Where the decided `offer`
    gives something, talk of money and gifts is left to the rules, which know what. Without `refuses` nothing is added,
    and nothing is read where no vague rule found anything.
    """
    if not refuses and VAGUE.isdisjoint(rule for rule, _, _ in found):
        yield from found
        return
    spans = {
        reading.sentence_of[first]: (first, stop - 1)
        for (first, stop), known in zip(reading.sentences(), languages, strict=True)
        if known == _ENGLISH and stop - first >= _FEWEST_WORDS
    }
    texts = [reading.text[slice(*reading.span(first, last))] for first, last in spans.values()]
    shares = dict(zip(spans, conduct.read([" ".join(text.split()) for text in texts]), strict=True))
    for rule, first, last in found:
        share = shares.get(reading.sentence_of[first])
        if rule not in VAGUE or share is None or share[conduct.fine] < SURELY_FINE:
            yield rule, first, last
    for sentence, share in shares.items() if refuses else ():
        if 1 - share[conduct.fine] > SURELY_UNSAFE:
            kind = max((value, kind) for value, kind in zip(share, conduct.kinds, strict=True) if kind != FINE)[1]
            if kind not in _GIVING or offer not in _GIVES:
                yield RULE_OF[kind], *spans[sentence]
