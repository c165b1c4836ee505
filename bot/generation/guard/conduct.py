"""Reads a sentence for what no list of phrases can hold: promises, deeds, gossip, pressure and masks in any wording.

A small classifier over the encoder's shared layers, trained on pairs of sentences that differ in whether they may be
sent. It refuses what it is sure of, and lets a vague rule go where it is sure that a sentence is fine. Figures, dates,
names and links are never its business.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np
import numpy.typing as npt

from analytics.language import encoder as encoders
from analytics.language import tops, weights
from analytics.language.tops import GivesStates, Top

FINE = "fine"
TOP, HEAD = "conduct.onnx", "conduct"
RULE_OF = {
    "money_back": "refund",
    "gift": "gift",
    "service_promise": "service_promise",
    "done": "action_done",
    "binding": "guarantee",
    "other_customer": "other_customer",
    "private": "privacy",
    "advice": "advice",
    "leak": "prompt_leak",
    "human": "bot_denial",
    "pressure": "threat",
    "disparage": "disparage",
    "credentials": "credentials",
}
"""The rule that each kind is refused by."""

REMEMBERED = 4_096
Probabilities = npt.NDArray[np.float64]


class Conduct:
    """Tells for each sentence how likely it is of each of `kinds`, `fine` among them. Deterministic."""

    def __init__(
        self,
        top: Top,
        coef: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        kinds: Sequence[str],
        encoder: GivesStates,
    ) -> None:
        self.kinds = tuple(kinds)
        self.fine = self.kinds.index(FINE)
        self._top, self._coef, self._bias, self._encoder = top, coef, bias, encoder
        self._known: dict[str, Probabilities] = {}

    def read(self, sentences: Sequence[str]) -> Probabilities:
        """Probability of each kind, shape (n, kinds); what was read before is remembered."""
        new = [text for text in dict.fromkeys(sentences) if text not in self._known]
        if len(self._known) + len(new) > REMEMBERED:
            self._known.clear()
            new = list(dict.fromkeys(sentences))
        if not sentences:
            return np.empty((0, len(self.kinds)))
        if new:
            scores = (self._top.read(new, self._encoder) @ self._coef + self._bias).astype(np.float64)
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            self._known |= dict(zip(new, shares, strict=True))
        return np.stack([self._known[text] for text in sentences])


def load(folder: Traversable | None = None, encoder: encoders.Encoder | None = None) -> Conduct:
    """The classifier in a folder of weights. Raises ArtifactError where files are missing, changed or do not fit."""
    place = folder or resources.files("bot.generation.guard") / "weights"
    encoder = encoder or encoders.load_default()
    top = tops.load(TOP, encoder.version, place)
    arrays, _ = weights.load(HEAD, place)
    return Conduct(top, arrays["coef"], arrays["bias"], [str(kind) for kind in arrays["kinds"]], encoder)


@lru_cache(maxsize=1)
def load_default() -> Conduct:
    """The shipped classifier, loaded once per process."""
    return load()
