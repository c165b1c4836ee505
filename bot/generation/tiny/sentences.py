"""The sentences that the small writer learned, by their hashes: one that it writes as it stands holds together."""

import hashlib
import re
from collections.abc import Iterable

import numpy as np

_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z{\"])")


def split(text: str) -> list[str]:
    """The sentences of a text with slots in braces."""
    return _ENDS.split(text)


def packed(texts: Iterable[str]) -> bytes:
    """The file of the sentences of texts: 64 bits of SHA-256 of each, in order, little-endian."""
    found = {_key(sentence) for text in texts for sentence in split(text)}
    return np.array(sorted(found), dtype="<u8").tobytes()


class Sentences:
    """Tells whether a sentence is one of those in a file; of made-up ones one in some 10^15 is taken for one."""

    def __init__(self, content: bytes) -> None:
        self._keys = frozenset(np.frombuffer(content, dtype="<u8").tolist())

    def __contains__(self, sentence: object) -> bool:
        return isinstance(sentence, str) and _key(sentence) in self._keys

    def __len__(self) -> int:
        return len(self._keys)


def _key(sentence: str) -> int:
    return int.from_bytes(hashlib.sha256(sentence.encode()).digest()[:8], "little")
