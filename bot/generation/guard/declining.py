"""Figures that the customer asked for and the text turns down: `half price isn't something I can offer`."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.generation.guard.claims import DURATION, MONEY, PERCENT, Claim, find_claims
from bot.generation.guard.dates import find_dates
from bot.generation.guard.language import sentence_languages
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.matcher import PhraseBook
from bot.generation.guard.reading import Reading, read
from bot.generation.guard.sources import Sources

Asked = frozenset[tuple[str, str, Decimal]]
"""Kind, unit (of lengths of time) and value of each figure that the customer named."""

_DECLINES = PhraseBook(
    {
        "declines": """
i|we can't|cannot|couldn't offer|give|do|make|stretch|go|cut|lower|take|halve|get|promise|match|confirm|run|extend
/ i|we still|simply|just can't|cannot|couldn't offer|give|do|make|stretch|go|cut|lower|take|halve|get|promise|match
/ i|we can|could not offer|give|do|make|stretch|go|cut|lower|take|halve|get|promise|match|confirm|run|extend
/ i'm|we're not able to / i|we am|are not able to / i|we am|are unable to / i'm|we're unable to
/ isn't something|possible|available|mine|ours / is not something|possible|available|mine|ours
/ isn't on the table|cards / is not on the table|cards / is|are out of reach / a no to / no to
""",
    }
)
_TURNS = wordset(
    "but only except unless until till before yet tomorrow now once after first instead although though however then"
    " next later merely alone less more better than under below over beyond by if refuse deny decline withhold resist"
    " stop help wait forget enough much longer otherwise other and or why"
)
"""Words with which a refusal may turn into an offer; a sentence with one of them is no plain refusal."""

_BREAKS = frozenset(",;:–—()")
_KINDS = frozenset({MONEY, PERCENT, DURATION})


def asked_for(said: str, sources: Sources) -> Asked:
    """The figures in what the customer said."""
    if not said:
        return frozenset()
    reading = read(said, said)
    languages = sentence_languages(reading, "en")
    taken = {index for day in find_dates(reading, sources.today) for index in range(day.first, day.last + 1)}
    return frozenset(key for claim in find_claims(reading, languages, taken) for key in _keys(claim))


def turned_down(reading: Reading, claims: Iterable[Claim], asked: Asked) -> set[int]:
    """Tokens of the figures that were asked for and stand in a clause that plainly declines them."""
    found: set[int] = set()
    wanted = [claim for claim in claims if asked.intersection(_keys(claim))]
    if not wanted:
        return found
    refusals = [(match.first, match.last) for match in _DECLINES.find(reading)]
    for claim in wanted:
        sentence = reading.sentence_of[claim.first]
        words = {token.text for token, at in zip(reading.tokens, reading.sentence_of, strict=True) if at == sentence}
        near = [pair for pair in refusals if reading.sentence_of[pair[0]] == sentence]
        if near and not words & _TURNS and any(_together(reading, claim, pair) for pair in near):
            found.update(range(_beginning(reading, claim), claim.last + 1))
    return found


def _beginning(reading: Reading, claim: Claim) -> int:
    """The first token of the figure, with the noun that it measures: `a reduction of 50%`."""
    measures = claim.first > 1 and reading.tokens[claim.first - 1].text == "of"
    return claim.first - 2 if measures else claim.first


def _keys(claim: Claim) -> list[tuple[str, str, Decimal]]:
    if claim.kind not in _KINDS:
        return []
    unit = claim.unit if claim.kind == DURATION else ""
    return [(claim.kind, unit, value.normalize() + 0) for value in claim.values]


def _together(reading: Reading, claim: Claim, refusal: Sequence[int]) -> bool:
    """Whether nothing that ends a clause stands between figure and refusal."""
    between = reading.tokens[min(claim.last, refusal[1]) + 1 : max(claim.first, refusal[0])]
    return not any(token.raw in _BREAKS for token in between)
