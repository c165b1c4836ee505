"""One small sentence encoder for every reading of a message: its meaning and its feeling, as vectors, in one pass.

The lower layers of a MiniLM are shared by two tops: the original one (intents, topics, likeness) and one tuned to
feelings (sentiment, anger). It runs in 8 bits on ONNX Runtime; a text gets the same vectors whatever stands beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.language import weights
from analytics.language.sessions import eight_bit_session
from analytics.language.text import as_texts, plain_smileys, printable
from db.errors import ArtifactError

Vectors = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
Lengths = npt.NDArray[np.int32]
WIDTH = 384
MODEL, TOKENISER = "encoder.onnx", "tokeniser.json"
MAX_TOKENS = 128
_TAIL = 40
_BATCH_TOKENS = 1_024
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}")
_HANDLE = re.compile(r"@\w+")
_CLITIC = re.compile(r"(?<!\s)\s+(n't|'s|'re|'ve|'ll|'d|'m)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Vectors of n texts: `meaning` (n, 384), each of length one, and `feeling` (n, 384)."""

    meaning: Vectors
    feeling: Vectors

    def __getitem__(self, rows: Any) -> "Encoding":
        """The vectors of some of the texts."""
        return Encoding(self.meaning[rows], self.feeling[rows])

    def with_others(self, other: "Encoding") -> "Encoding":
        """These vectors, then those of other texts."""
        return Encoding(np.concatenate([self.meaning, other.meaning]), np.concatenate([self.feeling, other.feeling]))


def prepared(text: str) -> str:
    """A text as the encoder reads it: printable, addresses masked, emoji as smileys, split clitics joined."""
    line = _LINK.sub(" http ", plain_smileys(printable(text)))
    line = _HANDLE.sub(" @user ", _MAIL.sub(" mail address ", line))
    return _CLITIC.sub(r"\1", line.replace("-lrb-", "(").replace("-rrb-", ")"))


def shortened(ids: Sequence[int], longest: int = MAX_TOKENS) -> list[int]:
    """Token ids, or their beginning and end where there are too many: complaints state their point at either end."""
    if len(ids) <= longest:
        return list(ids)
    tail = min(_TAIL, longest * 2 // 3)
    return [*ids[: longest - tail], *ids[len(ids) - tail :]]


class Encoder:
    """Reads texts with an ONNX session; deterministic, and safe to share between threads.

    `version` names the weights, so that vectors of different weights are kept apart.
    """

    def __init__(self, model: bytes, tokeniser: str, *, version: str, threads: int = 2) -> None:
        from tokenizers import Tokenizer

        self.version = version
        self._tokeniser = Tokenizer.from_str(tokeniser)
        # The file of this tokeniser pads every text to 128 tokens.
        self._tokeniser.no_padding()
        self._tokeniser.no_truncation()
        try:
            self._session = eight_bit_session(model, threads)
        except refusals() as error:
            raise ArtifactError("the shipped encoder cannot be loaded", hint=weights.HINT) from error

    def __deepcopy__(self, memo: object) -> "Encoder":
        """Itself: it never changes, and a session cannot be copied. Cloning a model copies its encoder."""
        return self

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, at most 128."""
        lines = [prepared(text) for text in texts]
        return [shortened(found.ids) for found in self._tokeniser.encode_batch(lines)]

    def read(self, texts: Sequence[str]) -> Encoding:
        """Meaning and feeling of each text. A missing text counts as an empty one."""
        texts = as_texts(texts)
        meaning, feeling = np.empty((len(texts), WIDTH), np.float32), np.empty((len(texts), WIDTH), np.float32)
        for places, inputs in self._batches(texts):
            meaning[places], feeling[places] = self._session.run(["meaning", "feeling"], inputs)
        norms = np.linalg.norm(meaning, axis=1, keepdims=True)
        return Encoding(meaning / np.maximum(norms, 1e-9), feeling)

    def shared(self, texts: Sequence[str]) -> Iterator[tuple[Places, Vectors, Lengths]]:
        """What the lower layers say of texts, in batches of like length, for tops of other parts of the product.

        Each batch is the places of its texts, their states (n, tokens, 384), and how many tokens each of them has.
        """
        import onnxruntime

        options = onnxruntime.RunOptions()
        options.only_execute_path_to_fetches = True
        for places, inputs in self._batches(as_texts(texts)):
            yield places, self._session.run(["shared"], inputs, options)[0], inputs["lengths"]

    def _batches(self, texts: list[str]) -> Iterator[tuple[Places, dict[str, Any]]]:
        """Places of texts and the inputs made of them, in batches of similar length."""
        rows = self.tokens(texts)
        for places in _buckets([len(row) for row in rows]):
            lengths = np.array([len(rows[place]) for place in places], dtype=np.int32)
            ids = np.zeros((len(places), int(lengths.max())), dtype=np.int64)
            for line, place in enumerate(places):
                ids[line, : lengths[line]] = rows[place]
            yield places, {"ids": ids, "lengths": lengths}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Meaning of each text as vectors of length one, shape (n, 384)."""
        return self.read(texts).meaning


def refusals() -> tuple[type[Exception], ...]:
    """What ONNX Runtime raises for a file that it cannot run; its errors share no class but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    return errors.Fail, errors.InvalidArgument, errors.InvalidGraph, errors.InvalidProtobuf, errors.NotImplemented


def _buckets(lengths: Sequence[int]) -> list[Places]:
    """Places of texts in batches of similar length, each of about as many tokens."""
    order = np.argsort(lengths, kind="stable")
    found, start = [], 0
    for end in range(1, len(order) + 1):
        longest_next = lengths[order[end]] if end < len(order) else 0
        if end == len(order) or longest_next * (end - start + 1) > _BATCH_TOKENS:
            found.append(order[start:end])
            start = end
    return found


def load(folder: Traversable | None = None) -> Encoder:
    """The encoder in a folder of weights. Raises ArtifactError where its files are missing or were changed."""
    model, facts = weights.load_bytes(MODEL, folder)
    tokeniser, _ = weights.load_bytes(TOKENISER, folder)
    return Encoder(model, tokeniser.decode(), version=weights.version(facts))


@lru_cache(maxsize=1)
def load_default() -> Encoder:
    """The shipped encoder, loaded once per process."""
    return load()
