"""A cache of text vectors, keyed by the text's hash and the encoder that made them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.models import MessageEmbedding
from db.repositories.bulk import insert_new

HASH_BYTES = 16
KEYS_PER_QUERY = 5_000


def text_hash(text: str) -> bytes:
    """The key of a text; the same for the same text on every machine."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest()


class EmbeddingRepository:
    """The vectors of a store, as the bytes of their float16 numbers."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, model: str, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        """The vectors that are known, by hash."""
        found: dict[bytes, bytes] = {}
        for part in _batches(hashes):
            rows = self.session.execute(
                select(MessageEmbedding.text_hash, MessageEmbedding.vector).where(
                    MessageEmbedding.model == model, MessageEmbedding.text_hash.in_(part)
                )
            )
            found.update((row[0], row[1]) for row in rows)
        return found

    def put(self, model: str, vectors: Mapping[bytes, bytes]) -> int:
        """Keep vectors by hash; those that are known stay as they are. Returns how many were new."""
        rows = [{"text_hash": key, "model": model, "vector": vector} for key, vector in vectors.items()]
        return insert_new(self.session, MessageEmbedding, rows)

    def forget(self, texts: Sequence[str]) -> int:
        """Remove the vectors of these texts, of every encoder, as when their writer is erased; returns how many."""
        gone = 0
        for part in _batches([text_hash(text) for text in texts]):
            held = self.session.scalar(
                select(func.count()).select_from(MessageEmbedding).where(MessageEmbedding.text_hash.in_(part))
            )
            self.session.execute(delete(MessageEmbedding).where(MessageEmbedding.text_hash.in_(part)))
            gone += held or 0
        return gone

    def forget_other_models(self, model: str) -> None:
        """Remove the vectors of every encoder but this one: nothing reads them any more."""
        self.session.execute(delete(MessageEmbedding).where(MessageEmbedding.model != model))

    def count(self, model: str) -> int:
        """How many vectors of an encoder are kept."""
        query = select(func.count()).select_from(MessageEmbedding).where(MessageEmbedding.model == model)
        return self.session.scalar(query) or 0


def _batches(hashes: Sequence[bytes]) -> Iterator[list[bytes]]:
    source = iter(dict.fromkeys(hashes))
    while part := list(islice(source, KEYS_PER_QUERY)):
        yield part
