"""How varied texts are, how long, and how hard to read: distinct n-grams, self-BLEU, Flesch's reading ease."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from bot.generation.evaluation.wording import plain_words

SAMPLE = 200
"""Most texts that are held against each other for self-BLEU."""

_ORDER = 4
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
Tokens = Sequence[str]
_Gram = tuple[str, ...]


def grams(words: Tokens, n: int) -> list[_Gram]:
    """The runs of n words, in order."""
    return list(zip(*(words[start:] for start in range(n)), strict=False))


def distinct(texts: Sequence[Tokens], n: int) -> float:
    """Distinct n-grams over all n-grams (Li et al. 2016); 0 where there are none."""
    found = [gram for text in texts for gram in grams(text, n)]
    return len(set(found)) / len(found) if found else 0.0


def sample(texts: Sequence[Tokens], seed: int, most: int = SAMPLE) -> list[Tokens]:
    """At most `most` of the texts; the same for the same seed."""
    return list(texts) if len(texts) <= most else Random(f"self-bleu|{seed}").sample(list(texts), most)


def self_bleu(texts: Sequence[Tokens]) -> float | None:
    """Mean BLEU of each text against all the others: 1 where all are the same; None for less than two texts.

    Up to 4-grams, with one added to both counts of bigrams and longer (Lin and Och 2004), brevity against the others'
    nearest length (Zhu et al. 2018, Papineni et al. 2002).
    """
    texts = [text for text in texts if text]
    if len(texts) < 2:
        return None
    counts = [[Counter(grams(text, n)) for text in texts] for n in range(1, _ORDER + 1)]
    tops = [_two_largest(column) for column in counts]
    lengths = [len(text) for text in texts]
    scores = [_bleu(place, counts, tops, lengths) for place in range(len(texts))]
    return sum(scores) / len(scores)


def _two_largest(column: Sequence[Counter[_Gram]]) -> dict[_Gram, tuple[int, int]]:
    """For each n-gram the two largest counts in any text: the second is the largest in the others of the first."""
    found: dict[_Gram, tuple[int, int]] = {}
    for counts in column:
        for gram, count in counts.items():
            first, second = found.get(gram, (0, 0))
            found[gram] = (count, first) if count > first else (first, max(second, count))
    return found


def _bleu(
    place: int,
    counts: Sequence[Sequence[Counter[_Gram]]],
    tops: Sequence[dict[_Gram, tuple[int, int]]],
    lengths: Sequence[int],
) -> float:
    total = 0.0
    for order, (column, top) in enumerate(zip(counts, tops, strict=True)):
        own = column[place]
        hits = 0
        for gram, count in own.items():
            first, second = top[gram]
            hits += min(count, second if count == first else first)
        added = 1 if order else 0
        if not hits + added:
            return 0.0
        total += math.log((hits + added) / (own.total() + added))
    length = lengths[place]
    others = (other for at, other in enumerate(lengths) if at != place)
    nearest = min(others, key=lambda other: (abs(other - length), other))
    return min(1.0, math.exp(1 - nearest / length)) * math.exp(total / _ORDER)


def reading_ease(text: str) -> float:
    """Flesch reading ease of an English text: 206.835 - 1.015 words/sentence - 84.6 syllables/word."""
    words = plain_words(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE.findall(text)))
    syllables = sum(max(1, len(_VOWELS.findall(word.casefold().removesuffix("e")))) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; 0 where there is none."""
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))]) if ordered else 0.0
