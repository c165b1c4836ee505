"""A small real encoder for tests: hashed words, projected at random to unit vectors of the shipped encoder's width."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import HashingVectorizer

WIDTH = 384


class HashedEncoder:
    """The same text gives the same vector; texts that share words lie near each other. `asked` counts the texts."""

    def __init__(self, version: str = "hashed-1") -> None:
        self.version = version
        self.asked = 0
        self._words = HashingVectorizer(n_features=4096, stop_words="english", alternate_sign=False)
        self._directions = np.random.default_rng(0).normal(size=(4096, WIDTH)) / np.sqrt(WIDTH)

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += len(texts)
        vectors = self._words.transform(list(texts)) @ self._directions
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(length > 0, length, 1.0), dtype=np.float32)
