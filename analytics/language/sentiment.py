"""Sentiment of customer messages: negative, neutral or positive with calibrated probabilities, and their emotions."""

import re
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import special
from sklearn.linear_model import LogisticRegression

from analytics.language import encoder as encoders
from analytics.language import weights
from analytics.language.encoder import Encoding
from analytics.language.linear import Array, LinearTextClassifier, Reads
from analytics.language.text import as_texts, guess_language, normalise, tokenise
from db.errors import ArtifactError

SENTIMENTS = ("negative", "neutral", "positive")
# Friendly words, every one of them; the models read them as such.
_UNMET_HOPE = re.compile(
    r"\b(?:expect(?:ed|ing)|hop(?:ed|ing) for|counted on) (?:so much |a lot |rather |far |much |a bit |something )?"
    r"(?:more|better) (?:from|of)\b"
)
EMOTIONS = ("anger", "disappointment", "gratitude", "confusion")
"""What else is read from a message; anger is what may call for a person."""
_NAME = "sentiment"
# What is said of a text that cannot be read: most such messages ask or inform.
_UNREAD = {"negative": 0.15, "neutral": 0.7, "positive": 0.15}
_UNMET = {"negative": 0.75, "neutral": 0.15, "positive": 0.1}
_EMOTION_RIDGE = 0.003


class SentimentClassifier(LinearTextClassifier):
    """`fit(texts, labels)`, `predict`, `predict_proba`; `classes_` are the sorted labels, calibrated.

    `load_default` gives the shipped model, which answers a fixed mostly neutral distribution for texts without a
    word or in a language it was not made for, and also reads EMOTIONS.
    """

    def __init__(
        self,
        C: float = 0.1,
        word_bits: int = 15,
        letter_bits: int = 15,
        *,
        vectors: tuple[str, ...] = ("feeling", "meaning"),
        encoder: Reads | None = None,
        letter_weight: float = 0.5,
        feelings: bool = True,
        random_state: int = 0,
    ) -> None:
        super().__init__(
            C,
            word_bits,
            letter_bits,
            vectors=vectors,
            encoder=encoder,
            letter_weight=letter_weight,
            feelings=feelings,
            random_state=random_state,
        )

    def fit_emotions(
        self,
        texts: Sequence[str],
        marks: npt.NDArray[np.int64],
        sample_weight: Array | None = None,
        encoding: Encoding | None = None,
    ) -> Self:
        """Learn EMOTIONS on both vectors; `marks` (n, 4) holds 1 or 0, and a negative number where nobody looked."""
        vectors = _both(self.read_with().read(as_texts(texts)) if encoding is None else encoding)
        centre, spread = vectors.mean(axis=0), np.maximum(vectors.std(axis=0), 0.01)
        coefs, biases = [], []
        for column in marks.T:
            known = column >= 0
            model = LogisticRegression(C=_EMOTION_RIDGE, max_iter=1_000)
            model.fit(
                (vectors[known] - centre) / spread,
                column[known],
                sample_weight=None if sample_weight is None else sample_weight[known],
            )
            coefs.append(model.coef_[0] / spread)
            biases.append(model.intercept_[0] - centre @ coefs[-1])
        self.emotion_coef_ = np.asarray(coefs, dtype=np.float32).T
        self.emotion_bias_ = np.asarray(biases, dtype=np.float64)
        return self

    def _unread(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        if not getattr(self, "abstains_", False):
            return np.zeros(len(texts), dtype=bool)
        return np.array([not is_readable(text) for text in texts], dtype=bool)

    def predict_proba(self, texts: Sequence[str], encoding: Encoding | None = None) -> Array:
        """Probability of each class in the order of `classes_`, shape (n, classes)."""
        return self.read(texts, encoding)[0]

    def read(self, texts: Sequence[str], encoding: Encoding | None = None) -> tuple[Array, Array]:
        """Probabilities, shape (n, classes), and EMOTIONS between 0 and 1, shape (n, 4), in one pass."""
        texts = as_texts(texts)
        if not texts:
            return np.empty((0, len(self.classes_))), np.empty((0, len(EMOTIONS)))
        if encoding is None and (self.vectors or hasattr(self, "emotion_coef_")):
            encoding = self.read_with().read(texts)
        probabilities = np.asarray(special.softmax(self.decision_function(texts, encoding), axis=1))
        emotions = self._emotions(len(texts), encoding)
        unread = self._unread(texts)
        if unread.any():
            probabilities[unread] = [_UNREAD.get(str(label), 0.0) for label in self.classes_]
            emotions[unread] = 0.0
        if getattr(self, "abstains_", False):
            self._hear_unmet_hopes(texts, probabilities)
        return probabilities, emotions

    def _hear_unmet_hopes(self, texts: Sequence[str], probabilities: Array) -> None:
        """Take `I expected so much more from you` for the blame it is where it was read as praise; in place."""
        order = [str(label) for label in self.classes_]
        bad, good = order.index("negative"), order.index("positive")
        for row, text in enumerate(texts):
            if probabilities[row, good] > probabilities[row, bad] and _UNMET_HOPE.search(normalise(text)):
                probabilities[row] = [_UNMET.get(label, 0.0) for label in order]

    def _emotions(self, count: int, encoding: Encoding | None) -> Array:
        if encoding is None or not hasattr(self, "emotion_coef_"):
            return np.zeros((count, len(EMOTIONS)))
        return np.asarray(special.expit(_both(encoding).astype(np.float64) @ self.emotion_coef_ + self.emotion_bias_))

    def save(self, folder: Path, facts: dict[str, Any]) -> None:
        """Write the fitted state as int8 and float16 into a folder with a manifest."""
        arrays = self.packed(self.coef_, self.vector_coef_, self.bias_)
        arrays["emotion_coef"] = self.emotion_coef_.astype(np.float16)
        arrays["emotion_bias"] = self.emotion_bias_
        weights.save(folder, _NAME, arrays, facts)


def _both(encoding: Encoding) -> npt.NDArray[np.float32]:
    """Feeling and meaning of each text side by side, shape (n, 768): what confuses is a matter of both."""
    return np.concatenate([encoding.feeling, encoding.meaning], axis=1)


def is_readable(text: str) -> bool:
    """Whether the shipped models can judge a text: it has words or emoji, and they look English."""
    line = normalise(text)
    tokens = tokenise(line)
    if not any(token[0].isalnum() for token in tokens):
        return False
    feelings_only = all(token in ("emopos", "emoneg") or not token[0].isalnum() for token in tokens)
    return feelings_only or guess_language(text) == "en"


def load_default(folder: Traversable | None = None) -> SentimentClassifier:
    """The shipped model. Raises ArtifactError where its weights are missing or were changed."""
    arrays = weights.load_head(_NAME, encoders.MODEL, folder)
    model = SentimentClassifier()
    model.restore(arrays)
    try:
        model.emotion_coef_ = arrays["emotion_coef"].astype(np.float32)
        model.emotion_bias_ = arrays["emotion_bias"].astype(np.float64)
    except KeyError as error:
        raise ArtifactError("shipped language weights have another shape", hint=weights.HINT) from error
    fits = model.emotion_coef_.shape == (2 * encoders.WIDTH, len(EMOTIONS)) and model.bias_.shape == (len(SENTIMENTS),)
    if not fits or model.emotion_bias_.shape != (len(EMOTIONS),):
        raise ArtifactError("shipped language weights have another shape", hint=weights.HINT)
    model.abstains_ = True
    return model
