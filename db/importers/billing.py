"""Billing periods in the words of billing systems."""

from collections.abc import Mapping
from typing import Final

BILLING_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("month", "monthly", "m", "1m", "1 month", "p1m", "monatlich"), "month"),
    **dict.fromkeys(("quarter", "quarterly", "q", "3m", "3 months", "p3m", "vierteljährlich"), "quarter"),
    **dict.fromkeys(
        ("year", "yearly", "annual", "annually", "y", "12m", "12 months", "p1y", "jährlich", "annuel"), "year"
    ),
}


def read_billing_period(text: str) -> str:
    """`month`, `quarter` or `year`.

    Raises:
        ValueError: with the reason as a sentence.
    """
    found = BILLING_WORDS.get(text.strip().casefold())
    if found is None:
        raise ValueError(f"{text[:40]!r} is no billing period; write month, quarter or year.")
    return found
