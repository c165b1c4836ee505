"""Measures a writer on the customers of a store: what the guard says, how varied and how long the letters are."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.generation.brief import Brief
from bot.generation.guard import mandatory_parts
from bot.generation.letter import split_letter
from bot.generation.writer import Text, Writer
from db.vocabulary import Json

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def evaluate_writer(writer: Writer, briefs: Sequence[Brief]) -> Json:
    """Write a text for each brief and count.

    `first_try_rate` and `released_rate` are shares of briefs, `distinct_n` distinct n-grams over all n-grams
    (Li et al. 2016), `reading_ease` is Flesch's, `mandatory_rate` the share of released texts with every mandatory
    part.
    """
    started = time.perf_counter()
    texts = list(writer.write_many(briefs))
    seconds = time.perf_counter() - started
    released = [text for text in texts if text.released]
    bodies = [split_letter(text.text or "")[2] for text in released]
    complete = [
        not mandatory_parts(text.text or "", brief) for text, brief in zip(texts, briefs, strict=True) if text.released
    ]
    return {
        "briefs": len(briefs),
        "backend": writer.backend.name,
        "first_try_rate": _share(text.attempts == 1 and not text.fell_back for text in texts),
        "released_rate": _share(text.released for text in texts),
        "fallback_rate": _share(text.fell_back for text in texts),
        "mandatory_rate": _share(complete),
        "refused_by": _refusals(texts),
        "exact_duplicates": len(bodies) - len(set(bodies)),
        **{f"distinct_{n}": round(distinct(bodies, n), 4) for n in (1, 2, 3)},
        "words_median": _median([len(_WORD.findall(body)) for body in bodies]),
        "reading_ease": round(_median([reading_ease(body) for body in bodies]), 1),
        "drafts_per_second": round(len(texts) / seconds, 2) if seconds else 0.0,
        "tokens_per_second": round(sum(text.tokens for text in texts) / seconds, 1) if seconds else 0.0,
    }


def distinct(texts: Sequence[str], n: int) -> float:
    """Distinct n-grams of words over all n-grams."""
    grams = [gram for text in texts for gram in _grams(_WORD.findall(text.casefold()), n)]
    return len(set(grams)) / len(grams) if grams else 0.0


def reading_ease(text: str) -> float:
    """Flesch reading ease of an English text: 206.835 - 1.015 words/sentence - 84.6 syllables/word."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE.findall(text)))
    syllables = sum(max(1, len(_VOWELS.findall(word.casefold().removesuffix("e")))) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def _grams(words: list[str], n: int) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(n)), strict=False)


def _refusals(texts: Sequence[Text]) -> dict[str, int]:
    rules = Counter(finding.rule for text in texts for report in text.refused for finding in report.findings)
    return dict(rules.most_common())


def _share(flags: Iterable[bool]) -> float:
    found = list(flags)
    return round(sum(found) / len(found), 4) if found else 0.0


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return float(ordered[len(ordered) // 2]) if ordered else 0.0
