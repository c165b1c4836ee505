"""A company and letters to build messages from."""

from datetime import UTC, datetime

from bot.outreach.messages import Letter
from db.vocabulary import CompanyProfile

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)

COMPANY = CompanyProfile(
    company="Pellmere",
    website="https://www.pellmere.example",
    support_email="help@pellmere.example",
    postal_address="Pellmere Home Services, 14 Lanternside Quay",
    unsubscribe_url="https://www.pellmere.example/unsubscribe?t=9f2c",
)


def letter(
    *,
    name: str = "Ada Byrne",
    email: str = "ada@mailbox.example",
    subject: str = "About your plan",
    preheader: str | None = None,
    body: str = "Hello Ada,\n\nwe have looked at your bill.\n\nBest regards",
    draft_id: int = 1,
    customer_id: str = "C1",
) -> Letter:
    """A letter; every part can be replaced by something hostile."""
    return Letter(draft_id, customer_id, name, email, subject, preheader, body)
