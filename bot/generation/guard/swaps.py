"""True prices in each other's place: the price before said to be the one during, or one plan's price of another."""

import itertools
from typing import TYPE_CHECKING

from bot.generation.guard.claims import DURATION, MONEY, Claim
from bot.generation.guard.lexicon.lists import wordset

if TYPE_CHECKING:
    from bot.generation.guard.figures import Figures

_INSTEAD = wordset(
    "instead statt anstatt lieu lugar vez invece plaats than als que dan from von de desde da van usual normal"
    " regular"
    " bisher sonst now currently today jetzt heute full standard old was zuvor anstelle posto"
)
"""Words before the price that is left behind."""

_INSTEAD_PAIRS = frozenset(
    ["instead of", "rather than", "au lieu", "lieu de", "en lugar", "lugar de", "en vez", "em vez", "vez de", "invece di", "invece dei", "in plaats", "plaats van", "down from", "al posto", "posto di"]
)  # fmt: skip
_AFTER = wordset("afterwards thereafter danach ensuite despues depois daarna anschliessend successivamente dopodiche")
_AFTER_PAIRS = frozenset(
    {"after that", "after those", "after this", "from month", "from then", "apres cela", "nach ablauf"}
)


def swapped(figures: "Figures", claim: Claim, left: list[str], right: list[str]) -> bool:
    """Whether an amount is the one price of the record where the words around it mean the other."""
    full, reduced = figures.sources.full, figures.sources.reduced
    if full is None or reduced is None or full == reduced or claim.period not in {"", figures.sources.billing}:
        return False
    values = {value.normalize() + 0 for value in claim.values}
    is_full, is_reduced = full.normalize() + 0 in values, reduced.normalize() + 0 in values
    if is_full == is_reduced:
        return False
    if _of_other_plan(figures, claim, left, is_full):
        return True
    if figures.sources.offer_type != "discount":
        return False
    return _said_later(figures, claim, left) if is_reduced else _said_during(figures, claim, left)


def _said_later(figures: "Figures", claim: Claim, left: list[str]) -> bool:
    """The reduced price as the one that comes after, or as the one left behind."""
    if " ".join(left[-2:]) in _INSTEAD_PAIRS or {*left[-1:]} & {"statt", "anstatt"}:
        return True
    clause = _segment(figures, claim)
    pairs = {f"{first} {second}" for first, second in itertools.pairwise(clause)}
    return bool({*clause} & _AFTER or pairs & _AFTER_PAIRS)


def _said_during(figures: "Figures", claim: Claim, left: list[str]) -> bool:
    """The full price with the length of the offer right behind it: `29.85 for three months`."""
    if {*left[-4:]} & _INSTEAD or {*_segment(figures, claim)} & _AFTER:
        return False
    sentence = figures.reading.sentence_of[claim.first]
    others = [other for other in figures.claims if figures.reading.sentence_of[other.first] == sentence]
    if any(other.kind == MONEY and other.first < claim.first for other in others):
        return False
    return any(
        other.kind == DURATION and 0 < other.first - claim.last < 4 and "for" in _between(figures, claim, other)
        for other in others
        if (other.values[0].normalize() + 0, other.unit) in figures.sources.durations and not _is_unit(other)
    )


def _is_unit(claim: Claim) -> bool:
    return claim.values[0] == 1


def _between(figures: "Figures", claim: Claim, other: Claim) -> set[str]:
    return {token.text for token in figures.tokens[claim.last + 1 : other.first]} | {"for"} & {
        figures.tokens[other.first].text
    }


def _of_other_plan(figures: "Figures", claim: Claim, left: list[str], is_full: bool) -> bool:
    """`Fibre 100 at 29.85`: a plan with the price of the other, its name a few words before."""
    sources = figures.sources
    if not sources.from_plan or not sources.to_plan or {*left[-3:]} & _INSTEAD:
        return False
    for place in range(claim.first - 1, max(claim.first - 6, -1), -1):
        token = figures.tokens[place]
        if token.raw in ",;.:!?(":
            return False
        if token.raw in {sources.from_plan, sources.to_plan}:
            return (token.raw == sources.to_plan) == is_full
    return False


def _segment(figures: "Figures", claim: Claim) -> list[str]:
    """The words around an amount up to the next sign or amount on either side."""
    taken = {other.first for other in figures.claims if other.kind == MONEY and other is not claim}
    sentence = figures.reading.sentence_of[claim.first]
    left, right = claim.first, claim.last
    while left > 0 and figures.reading.sentence_of[left - 1] == sentence and not _stops(figures, left - 1, taken):
        left -= 1
    while (
        right + 1 < len(figures.tokens)
        and figures.reading.sentence_of[right + 1] == sentence
        and not _stops(figures, right + 1, taken)
    ):
        right += 1
    return [token.text for token in figures.tokens[left : right + 1]]


def _stops(figures: "Figures", index: int, taken: set[int]) -> bool:
    return (
        index in taken
        or figures.tokens[index].raw in ",;:()"
        or figures.tokens[index].text in {"and", "und", "y", "e", "et", "en"}
    )
