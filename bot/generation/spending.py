"""What texts cost: tokens in and out, and money where a server has a price."""

from dataclasses import dataclass

BYTES_PER_TOKEN = 4
"""Of English text in UTF-8; other languages take fewer bytes for each token, so an estimate is rather high for them."""

_PER = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Money for a million tokens read (`tokens_in`) and written (`tokens_out`), in the currency of the bill."""

    tokens_in: float = 0.0
    tokens_out: float = 0.0

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """The money for so many tokens."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _PER


@dataclass(frozen=True, slots=True)
class Spent:
    """A running total: answers, tokens read and written, money. `estimated` answers came without a count of tokens.

    Totals can be added, and subtracted to see what happened in between.
    """

    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: int = 0
    cost: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.answers + other.answers,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.estimated + other.estimated,
            self.cost + other.cost,
        )

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(
            self.answers - other.answers,
            self.tokens_in - other.tokens_in,
            self.tokens_out - other.tokens_out,
            self.estimated - other.estimated,
            self.cost - other.cost,
        )

    def __str__(self) -> str:
        about = "about " if self.estimated else ""
        money = f", costing {self.cost:,.4f}" if self.cost else ""
        return f"{about}{self.tokens_in:,} tokens read and {self.tokens_out:,} written{money}"


def spent_by(writer: object) -> Spent | None:
    """The running total of a writer that keeps one, else None."""
    found = getattr(writer, "spent", None)
    return found if isinstance(found, Spent) else None


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has; at least 1 for a text that is not empty."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)
