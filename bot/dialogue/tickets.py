"""Tickets: who holds one may talk as one customer for a while. Signed with the server's token, kept nowhere."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

PURPOSE = b"mainstay chat ticket"
LONGEST = 7_000
"""Characters of a ticket: two names of 200 signs that JSON writes in twelve characters each still fit."""

MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """A customer, the name that their messages come under, and the second (since 1970) at which it ends."""

    customer_id: str
    sender: str
    ends_at: int


def sign(ticket: Ticket, token: str) -> str:
    """A ticket as text that only the holder of the token can have made."""
    claims = {"customer": ticket.customer_id, "sender": ticket.sender, "exp": ticket.ends_at}
    body = _packed(json.dumps(claims, separators=(",", ":"), sort_keys=True).encode())
    return f"{body}.{_packed(_mac(body, token))}"


def read(text: str, token: str, now: float) -> Ticket | None:
    """The ticket of a text; None for one that was not signed with this token, was changed, or has ended."""
    body, _, mac = text[:LONGEST].partition(".")
    if not text.isascii() or not hmac.compare_digest(mac, _packed(_mac(body, token))):
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        ticket = Ticket(str(claims["customer"]), str(claims["sender"]), int(claims["exp"]))
    except (ValueError, KeyError, TypeError):
        return None
    return ticket if ticket.ends_at > now else None


def _mac(body: str, token: str) -> bytes:
    key = hmac.digest(token.encode(), PURPOSE, hashlib.sha256)
    return hmac.digest(key, body.encode(), hashlib.sha256)


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
