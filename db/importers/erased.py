"""Customers who were erased on request: their hashes, so that an import does not bring them back."""

from collections.abc import Callable

from sqlalchemy import select

from db.models import Suppression
from db.session import Store
from db.vocabulary import SuppressionReason


class ErasedIdentities:
    """The hashed e-mail addresses and ids of erased customers."""

    def __init__(self, hashes: frozenset[bytes], hash_identity: Callable[[str], bytes] | None) -> None:
        self._hashes = hashes
        self._hash = hash_identity

    @classmethod
    def of(cls, store: Store, hash_identity: Callable[[str], bytes] | None) -> "ErasedIdentities":
        """Those that the store remembers."""
        with store.read() as session:
            rows = session.scalars(
                select(Suppression.address_hash).where(Suppression.reason == SuppressionReason.ERASED)
            ).all()
        return cls(frozenset(row for row in rows if row is not None), hash_identity)

    def holds(self, external_id: str, email: str | None) -> bool:
        """Whether this id or address belongs to an erased customer."""
        if not self._hashes or self._hash is None:
            return False
        if self._hash(external_id) in self._hashes:
            return True
        return email is not None and self._hash(email.strip().lower()) in self._hashes
