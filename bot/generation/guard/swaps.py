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
    (
        "instead of",
        "rather than",
        "au lieu",
        "lieu de",
        "en lugar",
        "lugar de",
        "en vez",
        "em vez",
        "vez de",
        "invece di",
        "invece dei",
        "in plaats",
        "plaats van",
        "down from",
        "al posto",
        "posto di",
    )
)
_AFTER = wordset("afterwards thereafter danach ensuite despues depois daarna anschliessend successivamente dopodiche")
_AFTER_PAIRS = frozenset(
    {
        "after that",
        "offer ends",
        "discount ends",
        "angebot endet",
        "after those",
        "after this",
        "from month",
        "from then",
        "apres cela",
        "nach ablauf",
    }
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
    if {*left[-4:]} & _USUAL and not {*left[-4:]} & _LOWERED:
        return True
    if _later_than(figures, claim):
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
    if any(_opens_during(figures, other) and 0 < claim.first - other.last < 4 for other in others):
        return True
    return any(
        other.kind == DURATION and 0 < other.first - claim.last < 4 and "for" in _between(figures, claim, other)
        for other in others
        if (other.values[0].normalize() + 0, other.unit) in figures.sources.durations and not _is_unit(other)
    )


def _opens_during(figures: "Figures", other: Claim) -> bool:
    """`for three months ...` at the start: the length of the offer before a price."""
    known = other.kind == DURATION and (other.values[0].normalize() + 0, other.unit) in figures.sources.durations
    before = figures.tokens[other.first - 1].text if other.first else ""
    return known and not _is_unit(other) and before in _DURING


def _later_than(figures: "Figures", claim: Claim) -> bool:
    """`after the three months you pay 23.88`, `for six months 18.50, then 15.50`."""
    sentence = figures.reading.sentence_of[claim.first]
    start = claim.first
    while start > 0 and figures.reading.sentence_of[start - 1] == sentence:
        start -= 1
    before = [token.text for token in figures.tokens[start : claim.first]]
    others = [other for other in figures.claims if start <= other.first < claim.first]
    priced = [
        other
        for other in others
        if other.kind == MONEY and not {*before[max(other.first - start - 3, 0) : other.first - start]} & _INSTEAD
    ]
    if priced and {*before[priced[-1].last - start :]} & _THEN and not {*before[-1:]} & _INSTEAD:
        full = figures.sources.full
        return full is not None and any(full.normalize() + 0 in {v.normalize() + 0 for v in o.values} for o in priced)
    ends = [o for o in others if o.kind == DURATION and not _is_unit(o)]
    return any(
        {token.text for token in figures.tokens[max(o.first - 3, start) : o.first]} & _ONCE_OVER
        and (o.values[0].normalize() + 0, o.unit) in figures.sources.durations
        and not priced
        for o in ends
    )


_DURING = wordset("for during pendant durante per voor gedurende wahrend fur por")
_THEN = wordset("then puis dann luego poi dan depois ensuite danach")
_ONCE_OVER = wordset("once after when nach na apres despues apos dopo depois")
_USUAL = wordset(
    "normal usual regular standard full original ordinary normale ublicher normaler habituel habitual gewone"
)
_LOWERED = wordset("instead statt lieu lugar vez invece plaats than below under off")


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
        or figures.tokens[index].raw in ",;()"
        or figures.tokens[index].text in {"and", "und", "y", "e", "et", "en"}
    )
