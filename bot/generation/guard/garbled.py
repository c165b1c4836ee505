"""Words that are no words: letters mixed with digits or signs, letters spelled one by one, words cut by signs."""

import re
from collections.abc import Iterator
from functools import cache

from bot.generation.guard.lexicon.calendar import UNITS
from bot.generation.guard.lexicon.languages import COMMON, FREQUENT
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.units import CURRENCY_WORDS
from bot.generation.guard.reading import MASK, NUMBER, SIGN, WORD, Reading
from bot.generation.guard.sources import Sources

_TAILS = wordset(
    "st nd rd th er re e eme eur usd gbp chf h x k gb mb tb g kg km m min mbit mbps gbit d s p i o a ste de pm am uhr"
)
_HEADS = wordset("eur usd gbp chf us")
_TWO_WORDS = {("per", "cent")}
_SINGLE = wordset("a i e o y u s t l d n m j c z b p")


def garbled(reading: Reading, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """Findings as (rule, first token, last token)."""
    tokens = reading.tokens
    single = 0
    for index, token in enumerate(tokens):
        if index and (_mixed(reading, index, sources) or _cut(reading, index) or _split_digits(reading, index)):
            yield "garbled", index - 1, index
        if token.kind == WORD and _hidden_word(token.text) and token.text not in sources.words:
            yield "garbled", index, index
        if _starred(reading, index):
            yield "garbled", index - 1, index + 1
        single = single + 1 if token.kind == WORD and len(token.raw) == 1 else 0 if token.kind != SIGN else single
        if single == 4:
            yield "spelled_out", max(index - 6, 0), index
        if token.kind == WORD and _mixed_case(token.raw) and token.text not in sources.words and token.text != MASK:
            yield "garbled", index, index


def _mixed(reading: Reading, index: int, sources: Sources) -> bool:
    """Letters and digits in one word that no fact holds: f0rty, 4O."""
    before, token = reading.tokens[index - 1], reading.tokens[index]
    if not token.glued or {token.kind, before.kind} != {WORD, NUMBER}:
        return False
    return not _fine(before.text, token.text, token.kind, sources)


def _starred(reading: Reading, index: int) -> bool:
    """A sign in the middle of a word: gu@rantee, fr*e."""
    tokens = reading.tokens
    if not 0 < index < len(tokens) - 1 or tokens[index].raw not in "*$@!|+#=^~_§°¤":
        return False
    glued = tokens[index].glued and tokens[index + 1].glued
    return glued and tokens[index - 1].kind == WORD and tokens[index + 1].kind == WORD


READABLE = frozenset().union(*FREQUENT.values(), " ".join(COMMON).split())
"""Plain words of the seven languages."""

CORE = wordset(
    "refund refunds free gratis gratuit gratuito guarantee guaranteed guarantees promise lifetime forever"
    " unlimited voucher compensation compensate reimburse reimbursement waive waived discount credit"
    " kostenlos garantie garantiert erstattung rabatt gutschein remboursement remise reembolso descuento"
    " desconto sconto rimborso korting terugbetaling percent prozent binding legally cashback bonus"
    " upgrade refunded gratuite erstatten kostenfrei forty fifty twenty sixty"
)


@cache
def _scrambled() -> frozenset[tuple[str, str]]:
    """First letter and sorted letters of the words of promise."""
    return frozenset((word[0], "".join(sorted(word))) for word in CORE if len(word) > 4)


def _hidden_word(word: str) -> bool:
    """A word of promise with its letters out of order, backwards, or run together with its neighbours."""
    if len(word) < 4 or word in CORE or word in READABLE:
        return False
    if (word[0], "".join(sorted(word))) in _scrambled():
        return True
    if word[::-1] in CORE or (len(word) > 3 and word[::-1] in READABLE):
        return True
    return len(word) > 13 and any(core in word for core in CORE)


def _cut(reading: Reading, index: int) -> bool:
    """`ref und`, `re-fund`: a word of promise cut in two, so that neither half is a word."""
    tokens = reading.tokens
    if index == 0 or tokens[index].kind != WORD:
        return False
    before = index - 2 if tokens[index - 1].raw in "-‐‑." and tokens[index].glued and index > 1 else index - 1
    halves = tokens[before].text, tokens[index].text
    return tokens[before].kind == WORD and "".join(halves) in CORE and halves not in _TWO_WORDS


def _fine(before: str, text: str, kind: str, sources: Sources) -> bool:
    if MASK in (before, text):
        return True
    if kind == WORD:
        return text in _TAILS or text in UNITS or text in CURRENCY_WORDS or before + text in sources.ours
    return before in _HEADS or before == "h" or before + text in sources.ours.replace(" ", "")


def _split_digits(reading: Reading, index: int) -> bool:
    """`5 0 %`: digits set apart so that no number is read."""
    tokens = reading.tokens
    if index == 0 or tokens[index].kind != NUMBER or tokens[index - 1].kind != NUMBER:
        return False
    gap = reading.plain[tokens[index - 1].end : tokens[index].start]
    return bool(gap) and "\n" not in gap


def _mixed_case(raw: str) -> bool:
    """`gUaRaNtEe`: capitals inside a word."""
    return len(raw) > 3 and len(re.findall(r"[a-zà-ÿ][A-ZÀ-Ý]", raw)) > 1
