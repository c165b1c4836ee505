"""Hashed TF-IDF of words and letters, with what the lexicon says: the features of every linear text model."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn import config_context
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import HashingVectorizer

from analytics.language.lexicon import CLAUSE_BREAKS, INTENSIFIERS, NEGATORS, polarity
from analytics.language.text import is_word, negated, normalise, printable, tokenise

FloatArray = npt.NDArray[np.float64]

_FEELING_COLUMNS = 16
# Chosen on GoEmotions' development part: a ridge shrinks what is small, and the lexicon should be shrunk least.
_FEELING_SCALE = np.float32(3.0)
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")


def word_terms(line: str) -> Iterator[str]:
    """Words, pairs of words, and words marked as negated, of a normalised line."""
    tokens = tokenise(line)
    flags = negated(tokens)
    previous = "<s>"
    for token, turned in zip(tokens, flags, strict=True):
        yield token
        yield f"{previous} {token}"
        if turned:
            yield f"!{token}"
        previous = token
    yield f"{previous} </s>"


def letter_terms(line: str) -> Iterator[str]:
    """Runs of two to five letters inside each word, edges padded with a blank."""
    for word in line.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(2, 6):
            if size >= length:
                yield padded
                break
            for start in range(length - size + 1):
                yield padded[start : start + size]


def _signed(tokens: Sequence[str]) -> list[tuple[float, bool]]:
    """(strength, negated) of each word of feeling; an intensifier before it adds half its strength."""
    found = []
    previous = ""
    for token, turned in zip(tokens, negated(tokens), strict=True):
        strength = float(polarity(token)) if token not in NEGATORS else 0.0
        if strength:
            found.append((strength * (1.5 if previous in INTENSIFIERS else 1.0), turned))
        previous = token
    return found


def _squashed(total: float) -> float:
    return float(total / np.sqrt(total * total + 15.0))


def _total(found: Sequence[tuple[float, bool]]) -> float:
    return sum(-0.7 * strength if turned else strength for strength, turned in found)


def feeling(text: str, line: str) -> list[float]:
    """What the lexicon and the punctuation say of a text: 16 numbers of order one, shape (16,)."""
    tokens = tokenise(line)
    found = _signed(tokens)
    breaks = [place for place, token in enumerate(tokens) if token in CLAUSE_BREAKS]
    tail = _signed(tokens[breaks[-1] :]) if breaks else found
    counts = np.zeros(8)
    for strength, turned in found:
        counts[(strength < 0) * 4 + turned * 2 + (abs(strength) >= 3)] += 1
    words = sum(map(is_word, tokens))
    capitals = len(_CAPITALS.findall(printable(text)))
    return [
        *np.log1p(counts),
        2 * _squashed(_total(found)),
        _squashed(_total(tail)),
        min(line.count("!"), 3) / 3,
        min(line.count("?"), 2) / 2,
        min(capitals, 3) / 3,
        min(tokens.count("emopos"), 3) / 2,
        min(tokens.count("emoneg"), 3) / 2,
        1.0 / (1.0 + words),
    ]


def to_unit_length(block: sparse.csr_matrix) -> sparse.csr_matrix:
    """The same matrix, changed in place: rows of length one; empty rows stay.

    Bit for bit what scikit-learn's `normalize` gives, which looks at its arguments for longer than this takes.
    """
    rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=block.data * block.data, minlength=block.shape[0]))
    lengths[lengths == 0.0] = 1.0
    block.data /= lengths[rows]
    return block


@cache
def _hashing(analyser: Callable[[str], Iterator[str]], bits: int) -> HashingVectorizer:
    """Counts of hashed terms; it learns nothing, so that one of each size is enough."""
    return HashingVectorizer(analyzer=analyser, n_features=2**bits, norm=None, alternate_sign=False, dtype=np.float32)


class TextFeatures(TransformerMixin, BaseEstimator):
    """Texts to a sparse matrix: word block, letter block (each TF-IDF, unit length), and the feelings block.

    Hashing keeps no vocabulary, so a fitted instance is two vectors of inverse document frequencies. `letter_weight`
    scales the letter block: letters bridge typos but know less than words.
    """

    def __init__(
        self, word_bits: int = 18, letter_bits: int = 18, *, letter_weight: float = 1.0, feelings: bool = True
    ) -> None:
        self.word_bits = word_bits
        self.letter_bits = letter_bits
        self.letter_weight = letter_weight
        self.feelings = feelings

    def _counts(self, lines: Sequence[str]) -> list[sparse.csr_matrix]:
        blocks = []
        for analyser, bits in ((word_terms, self.word_bits), (letter_terms, self.letter_bits)):
            counts = _hashing(analyser, bits).transform(lines)
            np.log(counts.data, out=counts.data)
            counts.data += 1.0
            blocks.append(counts)
        return blocks

    def fit(self, texts: Sequence[str], y: object = None) -> "TextFeatures":
        """Learn the inverse document frequencies."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[str], y: object = None, **params: Any) -> sparse.csr_matrix:
        """Learn the inverse document frequencies and return the features, shape (n, columns)."""
        lines = [normalise(text) for text in texts]
        blocks = self._counts(lines)
        rows = len(lines)
        self.idf_ = [(np.log((1 + rows) / (1 + block.getnnz(axis=0))) + 1).astype(np.float32) for block in blocks]
        return self._weighted(texts, lines, blocks)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Features of texts, shape (n, columns), float32."""
        lines = [normalise(text) for text in texts]
        # Checking the parameters of scikit-learn takes longer than reading a short message.
        with config_context(skip_parameter_validation=True, assume_finite=True):
            return self._weighted(texts, lines, self._counts(lines))

    def _weighted(
        self, texts: Sequence[str], lines: Sequence[str], blocks: Sequence[sparse.csr_matrix]
    ) -> sparse.csr_matrix:
        parts: list[sparse.csr_matrix] = []
        for block, idf in zip(blocks, self.idf_, strict=True):
            block.data *= idf[block.indices]
            parts.append(to_unit_length(block))
        parts[1].data *= np.float32(self.letter_weight)
        if self.feelings:
            dense = np.array([feeling(*pair) for pair in zip(texts, lines, strict=True)], dtype=np.float32)
            parts.append(sparse.csr_matrix(_FEELING_SCALE * dense.reshape(len(lines), _FEELING_COLUMNS)))
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    @property
    def columns(self) -> int:
        """Number of feature columns."""
        return int(2**self.word_bits + 2**self.letter_bits + (_FEELING_COLUMNS if self.feelings else 0))
