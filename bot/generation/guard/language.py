"""Which of the seven languages a sentence is in, and whether the guard can read it at all.

A text is refused where it is not written in one of them: what cannot be read cannot be checked.
"""

import re
from functools import cache

from bot.generation.guard.lexicon.calendar import MONTHS, PERIODS, UNITS, WEEKDAYS
from bot.generation.guard.lexicon.languages import COMMON, CONFUSABLE, DOMAIN, FOREIGN, FREQUENT
from bot.generation.guard.lexicon.offers import OFFERS
from bot.generation.guard.lexicon.promises import PROMISES
from bot.generation.guard.lexicon.units import CURRENCY_WORDS
from bot.generation.guard.reading import MASK, WORD, Reading

LANGUAGES = tuple(FREQUENT)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzäöüßàâæçéèêëîïôœùûÿñáíóúãõìòĳªº")
_NEUTRAL = (
    DOMAIN
    | frozenset(re.findall(r"[a-z]{4,}", " ".join([*PROMISES.values(), *OFFERS.values(), *COMMON])))
    | {MASK}
    | frozenset({**MONTHS, **UNITS, **WEEKDAYS, **CURRENCY_WORDS, **PERIODS})
)
_CRAMPED = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}")
_VOWELLESS = re.compile(r"[bcdfghjklmnpqrstvwxz]{4,}")


@cache
def _known() -> dict[str, int]:
    """Each frequent word with the languages that use it, as bits."""
    table: dict[str, int] = {}
    for bit, words in enumerate(FREQUENT.values()):
        for word in words:
            table[word] = table.get(word, 0) | 1 << bit
    return table


def sentence_languages(reading: Reading, fallback: str) -> list[frozenset[str]]:
    """The languages each sentence may be in: the best by frequent words, ties kept; else those of the whole text."""
    scores = [_score(reading, first, last) for first, last in reading.sentences()]
    total = [sum(column) for column in zip(*scores, strict=True)] if scores else [0] * len(LANGUAGES)
    whole = _best(total) or frozenset({fallback})
    return [(_best(score) if max(score) > 1 else whole | _best(score)) or whole for score in scores]


def _score(reading: Reading, first: int, last: int) -> list[int]:
    known, counts = _known(), [0] * len(LANGUAGES)
    for token in reading.tokens[first:last]:
        bits = known.get(token.text, 0)
        if bits:
            for bit in range(len(counts)):
                counts[bit] += bits >> bit & 1
    return counts


def _best(score: list[int]) -> frozenset[str]:
    top = max(score, default=0)
    return frozenset(lang for lang, hits in zip(LANGUAGES, score, strict=True) if hits == top and top)


def unreadable(reading: Reading, fact_words: frozenset[str]) -> list[tuple[int, int]]:
    """Token ranges (first, last) of sentences that are in none of the seven languages."""
    found = []
    for first, end in reading.sentences():
        words = [
            index
            for index in range(first, end)
            if reading.tokens[index].kind == WORD
            and (reading.tokens[index].text not in fact_words or reading.tokens[index].text in _known())
        ]
        if words and _is_unreadable(reading, words):
            found.append((words[0], words[-1]))
    return found


def _is_unreadable(reading: Reading, words: list[int]) -> bool:
    tokens = [reading.tokens[index] for index in words]
    # Names stand behind MASK and currencies (zł) are known, whatever letters they are written with.
    strange = [token.raw.lower() for token in tokens if token.text not in _NEUTRAL]
    if any(char not in _LETTERS and char.isalpha() for word in strange for char in word):
        return True
    if any(
        _CRAMPED.search(token.text) or (_VOWELLESS.fullmatch(token.text) and token.raw.islower()) for token in tokens
    ):
        return True
    known = _known()
    count = sum(1 for token in tokens if token.text in known or token.text in _NEUTRAL)
    foreign = sum(1 for token in tokens if token.text in FOREIGN and token.text not in CONFUSABLE)
    native = max(_score_words([token.text for token in tokens]))
    if foreign >= 2 and foreign > native:
        return True
    return (len(tokens) >= 4 and count / len(tokens) < 0.18) or (len(tokens) >= 3 and count == 0)


def _score_words(words: list[str]) -> list[int]:
    known = _known()
    return [sum(known.get(word, 0) >> bit & 1 for word in words) for bit in range(len(LANGUAGES))]
