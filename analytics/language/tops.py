"""A further top over the encoder's shared layers: a part of the product reads texts its own way for a few layers more.

The lower layers say the same to all; a top is an 8-bit model of its own beside the encoder, tuned to one question.
"""

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from typing import Protocol, runtime_checkable

import numpy as np

from analytics.language import encoder as encoders
from analytics.language import weights
from analytics.language.encoder import WIDTH, Lengths, Places, Vectors
from analytics.language.sessions import eight_bit_session
from db.errors import ArtifactError

_THREADS = 2


@runtime_checkable
class GivesStates(Protocol):
    """What a top needs of the encoder."""

    def shared(self, texts: Sequence[str]) -> Iterator[tuple[Places, Vectors, Lengths]]:
        """States of the shared layers in batches: places of the texts, states, and how many tokens each has."""
        ...


class Top:
    """Reads texts with tuned layers; deterministic, and safe to share between threads."""

    def __init__(self, model: bytes) -> None:
        """Raises ArtifactError for a model that cannot be run."""
        try:
            self._session = eight_bit_session(model, _THREADS)
        except encoders.refusals() as error:
            raise ArtifactError("a shipped reading model cannot be loaded", hint=weights.HINT) from error

    def __deepcopy__(self, memo: object) -> "Top":
        """Itself: it never changes, and a session cannot be copied."""
        return self

    def read(self, texts: Sequence[str], encoder: GivesStates) -> Vectors:
        """The vector of each text, shape (n, 384)."""
        found = np.empty((len(texts), WIDTH), dtype=np.float32)
        for places, states, lengths in encoder.shared(texts):
            found[places] = self._session.run(["vectors"], {"shared": states, "lengths": lengths})[0]
        return found


def load(name: str, encoder: str, folder: Traversable | None = None) -> Top:
    """The top in a file of a folder of weights; `encoder` names the encoder it has to belong to.

    Raises ArtifactError where the file is missing, was changed or belongs to another encoder.
    """
    content, facts = weights.load_bytes(name, folder)
    if facts.get("encoder") != encoder:
        raise ArtifactError(f"the weights {name!r} belong to another encoder", hint=weights.HINT)
    return Top(content)
