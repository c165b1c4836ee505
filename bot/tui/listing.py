"""What the list of customers is asked for, in words that need no store library."""

from dataclasses import dataclass, replace
from typing import Any

from db.vocabulary import DraftState, RiskBand


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which customers are listed and in which order; `order` is the value of a `CustomerOrder`."""

    search: str = ""
    band: RiskBand | None = None
    audience: str = ""
    include_churned: bool = False
    order: str = "revenue_at_risk"
    descending: bool = True

    def but(self, **parts: Any) -> "ListQuery":
        """The same list with some parts changed."""
        return replace(self, **parts)


@dataclass(frozen=True, slots=True)
class LetterQuery:
    """Which letters are shown: those in a state, None for all, that hold a text."""

    state: DraftState | None = None
    search: str = ""
