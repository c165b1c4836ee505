"""Sentiment of customer messages: negative, neutral or positive with calibrated probabilities, and anger."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from analytics.language import weights
from analytics.language.linear import Array, LinearTextClassifier, as_texts, fit_logistic
from analytics.language.text import guess_language, normalise, tokenise

SENTIMENTS = ("negative", "neutral", "positive")
_NAME = "sentiment"
# What is said of a text that cannot be read: most such messages ask or inform.
_UNREAD = {"negative": 0.15, "neutral": 0.7, "positive": 0.15}


class SentimentClassifier(LinearTextClassifier):
    """`fit(texts, labels)`, `predict`, `predict_proba`; `classes_` are the sorted labels, calibrated.

    `load_default` gives the shipped model, which answers a fixed mostly neutral distribution for texts without a
    word or in a language it was not made for, and also scores anger.
    """

    def __init__(
        self,
        C: float = 0.5,
        word_bits: int = 18,
        letter_bits: int = 18,
        *,
        letter_weight: float = 0.5,
        feelings: bool = True,
        random_state: int = 0,
    ) -> None:
        super().__init__(
            C, word_bits, letter_bits, letter_weight=letter_weight, feelings=feelings, random_state=random_state
        )

    def fit_anger(self, texts: Sequence[str], angry: Sequence[bool], sample_weight: Array | None = None) -> Self:
        """Learn anger on the features of a fitted sentiment model."""
        X = self.features_.transform(as_texts(texts))
        coef, bias = fit_logistic(X, np.asarray(angry, dtype=np.intp), self.C, sample_weight)
        # The two columns are mirror images: the second alone, doubled, is the log-odds of anger.
        self.anger_coef_, self.anger_bias_ = 2 * coef[:, 1], float(2 * bias[1])
        return self

    def _unread(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        if not getattr(self, "abstains_", False):
            return np.zeros(len(texts), dtype=bool)
        return np.array([not is_readable(text) for text in texts], dtype=bool)

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Probability of each class in the order of `classes_`, shape (n, classes)."""
        return self.read(texts)[0]

    def read(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Probabilities, shape (n, classes), and anger between 0 and 1, shape (n,), in one pass."""
        texts = as_texts(texts)
        if not texts:
            return np.empty((0, len(self.classes_))), np.empty(0)
        X = self.features_.transform(texts)
        probabilities = np.asarray(special.softmax(np.asarray(X @ self.coef_, dtype=np.float64) + self.bias_, axis=1))
        anger = self._anger(X)
        unread = self._unread(texts)
        if unread.any():
            probabilities[unread] = [_UNREAD.get(str(label), 0.0) for label in self.classes_]
            anger[unread] = 0.0
        return probabilities, anger

    def _anger(self, X: sparse.csr_matrix) -> Array:
        if not hasattr(self, "anger_coef_"):
            return np.zeros(X.shape[0])
        return np.asarray(special.expit(np.asarray(X @ self.anger_coef_, dtype=np.float64) + self.anger_bias_))

    def save(self, folder: Path, facts: dict[str, Any]) -> None:
        """Write the weights as int8 and float16 into a folder with a manifest."""
        both = np.column_stack([self.coef_, self.anger_coef_]).astype(np.float32)
        weights.save(folder, _NAME, self.packed(both, np.append(self.bias_, self.anger_bias_)), facts)


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
    arrays, _ = weights.load(_NAME, folder)
    model = SentimentClassifier()
    model.restore(arrays)
    model.anger_coef_, model.anger_bias_ = np.ascontiguousarray(model.coef_[:, -1]), float(model.bias_[-1])
    model.coef_, model.bias_ = np.ascontiguousarray(model.coef_[:, :-1]), model.bias_[:-1]
    model.abstains_ = True
    return model
