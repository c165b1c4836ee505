"""Learning who asks for a person: our texts of every intent and those that only speak of people, folds by kind."""

import logging
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analytics.language.encoder import Encoding
from analytics.language.intents import IntentRecogniser, Lines
from analytics.language.linear import Array, Coefficients, Reads, fit_logistic
from analytics.language.rules import judge
from analytics.language.training import texts
from analytics.language.wishes import SURE, WISH, WishReader, signs

log = logging.getLogger(__name__)

FOLDS = 5
_C = 1.0
_WORD_SCALE = 2.0
_VECTOR_SCALE = 0.17
_LEAST_SPREAD = 0.01
_WEIGHED_FROM = -4.0
"""First log-odds of texts that the weighing is learned from: more than are read twice, so that it is steadier."""
THRESHOLD = 0.0
"""Log-odds after both readings from which a wish is heard, chosen by `unseen_shares`."""


@dataclass(frozen=True, slots=True)
class Told:
    """Texts, whether each asks for a person, and its fold; `plain` marks those that the intent head learned from."""

    texts: list[str]
    wished: npt.NDArray[np.intp]
    folds: npt.NDArray[np.intp]
    plain: npt.NDArray[np.bool_]

    @classmethod
    def ours(cls) -> "Told":
        """All that we wrote to learn from."""
        examples = list(texts.wish_examples())
        return cls(
            [example.text for example in examples],
            np.array([example.label == WISH for example in examples], dtype=np.intp),
            np.array([_fold(example) for example in examples], dtype=np.intp),
            np.array([not example.voice.startswith(texts.PEOPLE) for example in examples]),
        )


def _fold(example: texts.Example) -> int:
    """The fold of a kind: a label in a voice. Wishes in nobody's voice are too many for one."""
    alone = example.text if example.label == WISH and not example.voice else ""
    return zlib.crc32(f"{example.label}:{example.voice}:{alone}".encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class _Seen:
    """Features of texts, scaled to weigh alike, and how vectors were scaled."""

    rows: sparse.csr_matrix
    centre: Coefficients
    stretch: Coefficients
    words: int


def honest_probabilities(
    intents: IntentRecogniser, told: Told, lines: Lines, encoding: Encoding, encoder: Reads, public: "Public"
) -> Array:
    """The intent head's probability of a wish in each line, by heads that had not learned from the text it is of."""
    place = list(intents.classes_).index(WISH)
    own = {text: fold for text, fold, plain in zip(told.texts, told.folds, told.plain, strict=True) if plain}
    fold_of = np.full(len(lines.all), -1)
    for fold, plain, rows in zip(told.folds, told.plain, lines.rows, strict=True):
        if plain:
            fold_of[list(rows)] = fold
    found = _softmax(intents.decision_function(lines.all, encoding))[:, place]
    learned = encoder.read(public.texts)
    for fold in range(FOLDS):
        kept = np.flatnonzero([own.get(text, -1) != fold for text in public.texts])
        judged = np.flatnonzero(fold_of == fold)
        head = IntentRecogniser(encoder=encoder, random_state=public.seed)
        labels = [public.labels[row] for row in kept]
        head.fit([public.texts[row] for row in kept], labels, np.asarray(public.weights)[kept], learned[kept])
        scores = head.decision_function([lines.all[row] for row in judged], encoding[judged])
        found[judged] = _softmax(scores)[:, list(head.classes_).index(WISH)]
        log.info("fold %d: %d lines judged", fold, len(judged))
    return found


@dataclass(frozen=True, slots=True)
class Public:
    """What the intent head learned from, and the seed it was fitted with."""

    texts: list[str]
    labels: list[str]
    weights: list[float]
    seed: int


def _softmax(scores: Array) -> Array:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_first(intents: IntentRecogniser, encoder: Reads, public: Public, told: Told) -> tuple[WishReader, Array]:
    """The first reading beside an intent head, and its log-odds of each text when it has not seen its kind."""
    lines = Lines.of(told.texts)
    encoding = encoder.read(lines.all)
    probabilities = honest_probabilities(intents, told, lines, encoding, encoder, public)
    seen = _features(intents, lines, encoding, probabilities)
    coef, bias = _fitted(seen.rows, told.wished)
    vectors = coef[seen.words : -_signs(seen)] * seen.stretch
    words, of_signs = coef[: seen.words] * np.float32(_WORD_SCALE), coef[-_signs(seen) :]
    return WishReader(words, vectors, of_signs, bias - float(seen.centre @ vectors)), unseen_odds(seen.rows, told)


def _signs(seen: _Seen) -> int:
    return int(seen.rows.shape[1] - seen.words - len(seen.centre))


def _features(intents: IntentRecogniser, lines: Lines, encoding: Encoding, probabilities: Array) -> _Seen:
    rulings = [judge(line) for line in lines.all]
    of_signs = [
        signs(
            text,
            [lines.all[row] for row in rows],
            [rulings[row] for row in rows],
            float(probabilities[list(rows)].max()),
        )
        for text, rows in zip(lines.texts, lines.rows, strict=True)
    ]
    words = intents.features_.transform(lines.texts)
    own = encoding[lines.own]
    dense = np.concatenate([own.meaning, own.feeling], axis=1)
    centre = dense.mean(axis=0)
    stretch = np.asarray(_VECTOR_SCALE / np.maximum(dense.std(axis=0), _LEAST_SPREAD), dtype=np.float32)
    blocks = [
        words * np.float32(_WORD_SCALE),
        sparse.csr_matrix((dense - centre) * stretch),
        sparse.csr_matrix(of_signs),
    ]
    return _Seen(sparse.hstack(blocks, format="csr"), centre, stretch, words.shape[1])


def _fitted(rows: sparse.csr_matrix, wished: npt.NDArray[np.intp]) -> tuple[Coefficients, float]:
    """Coefficients and bias of the log-odds of a wish."""
    coef, bias = fit_logistic(rows, wished, _C)
    return coef[:, 1] - coef[:, 0], float(bias[1] - bias[0])


def unseen_odds(rows: sparse.csr_matrix, told: Told) -> Array:
    """Log-odds of the first reading, each kind judged by what has not seen it, shape (n,)."""
    found = np.zeros(len(told.texts))
    for fold in range(FOLDS):
        out = told.folds == fold
        coef, bias = _fitted(rows[~out], told.wished[~out])
        found[out] = rows[out] @ coef + bias
    return found


def fit_weighing(first: Array, second: Array, wished: npt.NDArray[np.intp], known: npt.NDArray[np.bool_]) -> Array:
    """Weights of both log-odds and a bias, shape (3,), from `known` texts of which the first is not sure."""
    rows = np.flatnonzero(known & (first > _WEIGHED_FROM))
    coef, bias = fit_logistic(sparse.csr_matrix(np.column_stack([first, second])[rows]), wished[rows], _C)
    return np.array([*(coef[:, 1] - coef[:, 0]), bias[1] - bias[0] - THRESHOLD])


def unseen_shares(first: Array, second: Array, told: Told) -> dict[str, float]:
    """How many wishes are heard after both readings, and how many that are none, by what has not seen their kind."""
    odds = first.copy()
    for fold in range(FOLDS):
        out = (told.folds == fold) & (first > SURE)
        by_first, by_second, bias = fit_weighing(first, second, told.wished, told.folds != fold)
        odds[out] = by_first * first[out] + by_second * second[out] + bias
    return shares_of(odds, told)


def shares_of(odds: Array, told: Told) -> dict[str, float]:
    """Shares of texts that are heard, by log-odds: of wishes, of near misses, and of all that are no wish."""
    heard, wished = odds >= 0, told.wished == 1
    return {
        "recall": round(float(heard[wished & ~told.plain].mean()), 4),
        "false of near misses": round(float(heard[~wished & ~told.plain].mean()), 4),
        "false of all": round(float(heard[~wished].mean()), 4),
    }
