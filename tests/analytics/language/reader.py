"""A small reader of texts for tests of heads: hashed words as meaning, and as feeling in another order and length."""

from collections.abc import Sequence

import numpy as np

from analytics.language.encoder import WIDTH, Encoding
from tests.analytics.language.encoders import HashedEncoder


class Reader(HashedEncoder):
    """Reads texts as the encoder does, deterministic and without weights. `asked` counts the texts."""

    def read(self, texts: Sequence[str]) -> Encoding:
        meaning = self.encode(texts) if texts else np.empty((0, WIDTH), dtype=np.float32)
        return Encoding(meaning, 3 * np.roll(meaning, 7, axis=1) + np.float32(0.5))
