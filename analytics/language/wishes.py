"""Whether a message asks for a person: one judgement over what the rules say, the words and the vectors.

The rules hear what they were written for, the intent head what it has read; `WishReader` weighs both and what stands
beside them, so that a phrase in a memory or a refusal counts less and a wish that no phrase knows counts too.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse, special

from analytics.language import encoder as encoders
from analytics.language import weights
from analytics.language.encoder import Encoding
from analytics.language.linear import Array, Coefficients
from analytics.language.people import SPEAKS_OF_PEOPLE
from analytics.language.rules import HUMAN_REQUEST, Ruling, as_read
from analytics.language.tops import GivesStates, Top
from db.errors import ArtifactError

WISH = HUMAN_REQUEST.intent
WISHES_TOP = "wishes.onnx"
SURE = -2.5
"""First log-odds up to which a text asks for nobody beyond doubt; it is not read a second time."""
_PREFIX = "wish_"
_LEAST = 1e-3

_CUES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:human\w*|persons?|people|agents?|representatives?|reps?|someone|somebody|anyone|anybody|operator"
        r"|advis[oe]rs?|colleagues?|managers?|supervisors?|superior|employees?|staff|boss|executive|specialists?"
        r"|experts?|consultants?|technicians?|engineers?|clerks?|workers?|director|chief|associate|officer|team"
        r"|leader|department|desk|support|customer (?:service|care|relations)|sales\w*|billing|accounts|man|woman"
        r"|guys?)\b",
        r"\b(?:talk|speak|chat|connect|transfer|put|pass|reach|call|contact|escalat|forward|hand|get|give|discuss"
        r"|convers|phone|ring)\w*\b",
        r"\b(?:want|need|please|pls|can|could|may|let|like|prefer|insist|demand|must|rather)\b",
        r"\b(?:not|no|never|nobody|none|without|nor)\b",
        r"\b(?:was|were|had|did|spoke|talked|called|yesterday|ago|last|told|said|\w{3,}ed)\b",
        r"\?|^(?:who|what|when|where|why|how|is|are|do|does|can|could|will|would|may)\b",
        r"\b(?:bots?|robots?|machines?|computers?|ai|chatbots?|automat\w*)\b",
        r"\b(?:he|she|they|him|them|his|her|their)\b",
        r"\b(?:if|when|later|maybe|unless|until)\b",
        r"\b(?:my|our|his|her|their)\b",
        r"\byours?\b",
        r"\byou\b",
        r"\b(?:me|us|i|we)\b",
    )
)
"""A person, a way to reach one, asking; negation, the past, a question, a machine, others, a condition, whose."""


def signs(text: str, parts: Sequence[str], rulings: Sequence[Ruling], probability: float) -> list[float]:
    """What speaks for and against a wish for a person, as numbers of about one.

    `rulings` are those of the parts a message is read in, `probability` is the intent head's best, before rules.
    """
    line = as_read(text)
    cues = [float(cue.search(line) is not None) for cue in _CUES]
    person, contact, asks, refuses, past, question, _, third, condition, theirs, yours = cues[:11]
    found = float(any(WISH in ruling.found for ruling in rulings))
    out = [part for part, ruling in zip(parts, rulings, strict=True) if WISH in ruling.ruled_out]
    lines = [as_read(part) for part in out]
    people = float(any(pattern.search(part) for part in lines for pattern in SPEAKS_OF_PEOPLE))
    ruled_out = float(bool(out))
    held_back = float(any(WISH in ruling.held_back for ruling in rulings))
    odds = math.log(probability + _LEAST) - math.log(1 - probability + _LEAST)
    length = math.log1p(len(line.split())) / 2
    of_rules = [found, ruled_out, people, held_back, found * ruled_out, held_back * people]
    of_head = [odds / 3, probability, odds / 3 * found, probability * (1 - found) * (1 - ruled_out)]
    of_shape = [length, float(len(parts) > 1), person * contact, person * contact * asks, person * yours]
    beside_person = [person * refuses, person * past, person * question, contact * refuses, question * (1 - found)]
    beside_rule = [found * cue for cue in (refuses, past, third, condition, theirs, length)]
    return [*of_rules, *of_head, *of_shape, *beside_person, *beside_rule, *cues]


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A tuned top with a linear head over its vectors (384,), and how its log-odds are weighed with the first ones."""

    top: Top
    head: Coefficients
    head_bias: float
    weighing: Coefficients
    """Of the first log-odds, of the second ones, and a bias: shape (3,)."""

    def weighed(self, texts: Sequence[str], first: Array, encoder: GivesStates) -> Array:
        """Log-odds after both readings, shape (n,)."""
        second = self.top.read(texts, encoder) @ self.head + self.head_bias
        return np.asarray(self.weighing[0] * first + self.weighing[1] * second + self.weighing[2], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class WishReader:
    """Logistic regression whose even odds are the threshold; coefficients of words, vectors, signs, and a bias."""

    words: Coefficients
    vectors: Coefficients
    signs: Coefficients
    bias: float
    second: SecondReading | None = None

    def first_odds(self, words: sparse.csr_matrix, encoding: Encoding, of_signs: Sequence[Sequence[float]]) -> Array:
        """Log-odds of the first reading, shape (n,); `words` are features of the intent head."""
        seen = np.concatenate([encoding.meaning, encoding.feeling], axis=1) @ self.vectors
        return np.asarray(words @ self.words + seen + np.asarray(of_signs) @ self.signs + self.bias)

    def probabilities(self, texts: Sequence[str], first: Array, encoder: GivesStates | None = None) -> Array:
        """How surely each of some texts asks for a person, shape (n,), given the log-odds of the first reading.

        `encoder` gives the states for the second one; without it the first one stands.
        """
        odds = np.array(first, dtype=np.float64)
        if self.second is not None and encoder is not None:
            open_still = np.flatnonzero(odds > SURE)
            if len(open_still):
                again = [texts[int(place)] for place in open_still]
                odds[open_still] = self.second.weighed(again, odds[open_still], encoder)
        return np.asarray(special.expit(odds))

    def packed(self) -> weights.Arrays:
        """The coefficients as small arrays, to be kept beside those of the intent head; the top is a file."""
        levels, largest = weights.quantise(self.words[:, None])
        found: weights.Arrays = {
            f"{_PREFIX}words": levels,
            f"{_PREFIX}largest": largest,
            f"{_PREFIX}vectors": self.vectors.astype(np.float16),
            f"{_PREFIX}signs": self.signs.astype(np.float32),
            f"{_PREFIX}bias": np.array(self.bias),
        }
        if self.second is not None:
            found[f"{_PREFIX}head"] = self.second.head.astype(np.float32)
            found[f"{_PREFIX}head_bias"] = np.array(self.second.head_bias)
            found[f"{_PREFIX}weighing"] = self.second.weighing.astype(np.float32)
        return found

    @classmethod
    def restored(cls, arrays: weights.Arrays, columns: int, top: Top | None = None) -> Self | None:
        """The reader kept by `packed`, None where none was; `top` is needed where `reads_twice`.

        Raises ArtifactError where arrays do not fit together.
        """
        if f"{_PREFIX}bias" not in arrays:
            return None
        try:
            words = weights.dequantise(arrays[f"{_PREFIX}words"], arrays[f"{_PREFIX}largest"])[:, 0]
            vectors, of_signs = arrays[f"{_PREFIX}vectors"].astype(np.float32), arrays[f"{_PREFIX}signs"]
            bias = float(arrays[f"{_PREFIX}bias"])
            second = None if top is None else _second(arrays, top)
        except (KeyError, ValueError, IndexError) as error:
            raise _misshapen() from error
        if (words.shape, vectors.shape, of_signs.shape) != ((columns,), (2 * encoders.WIDTH,), (SIGNS,)):
            raise _misshapen()
        if second is not None and (second.head.shape, second.weighing.shape) != ((encoders.WIDTH,), (3,)):
            raise _misshapen()
        return cls(words, vectors, of_signs, bias, second)


def reads_twice(arrays: weights.Arrays) -> bool:
    """Whether arrays kept by `packed` go with a top."""
    return f"{_PREFIX}head" in arrays


def _second(arrays: weights.Arrays, top: Top) -> SecondReading:
    head, bias = arrays[f"{_PREFIX}head"], float(arrays[f"{_PREFIX}head_bias"])
    return SecondReading(top, head, bias, arrays[f"{_PREFIX}weighing"])


def _misshapen() -> ArtifactError:
    return ArtifactError("shipped language weights have another shape", hint=weights.HINT)


SIGNS = 26 + len(_CUES)
"""How many numbers `signs` gives."""
