"""Vectors of texts from an encoder, each made once and then kept in the store."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from db.repositories.embeddings import EmbeddingRepository, text_hash
from db.session import Store

Vectors = npt.NDArray[np.float32]

TEXTS_PER_WRITE = 512


class TextEncoder(Protocol):
    """Anything that turns texts into unit vectors, one row each; `version` names its weights."""

    version: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimensions)."""
        ...


def embed(store: Store, encoder: TextEncoder, texts: Sequence[str]) -> Vectors:
    """The vectors of these texts, from the store where it has them; new ones are made and kept, a write at a time."""
    hashes = [text_hash(text) for text in texts]
    with store.read() as session:
        known = EmbeddingRepository(session).get(encoder.version, hashes)
    missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
    for session, made in store.write_chunks(_made(encoder, part) for part in _parts(missing)):
        EmbeddingRepository(session).put(encoder.version, made)
        known |= made
    return _stacked([known[key] for key in hashes])


def kept_vectors(store: Store, version: str, texts: Sequence[str]) -> Vectors | None:
    """The vectors of these texts where the store has all of them, else None."""
    hashes = [text_hash(text) for text in texts]
    with store.read() as session:
        known = EmbeddingRepository(session).get(version, hashes)
    return None if any(key not in known for key in hashes) else _stacked([known[key] for key in hashes])


def _parts(missing: dict[bytes, str]) -> list[dict[bytes, str]]:
    items = list(missing.items())
    return [dict(items[start : start + TEXTS_PER_WRITE]) for start in range(0, len(items), TEXTS_PER_WRITE)]


def _made(encoder: TextEncoder, part: dict[bytes, str]) -> dict[bytes, bytes]:
    vectors = np.asarray(encoder.encode(list(part.values())), dtype=np.float16)
    return {key: vector.tobytes() for key, vector in zip(part, vectors, strict=True)}


def _stacked(rows: list[bytes]) -> Vectors:
    if not rows:
        return np.empty((0, 0), dtype=np.float32)
    return np.stack([np.frombuffer(row, dtype=np.float16) for row in rows]).astype(np.float32)
