"""What the chat screen needs of a conversation, so that it can be shown with any that fits."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol


class Session(Protocol):
    """A conversation that has begun; `greeting` is the first thing the customer reads."""

    @property
    def greeting(self) -> str:
        """What the bot says first."""


class Reply(Protocol):
    """One answer, with what was understood, done and allowed."""

    @property
    def text(self) -> str:
        """What the customer reads."""

    @property
    def intent(self) -> str | None:
        """What the customer wants."""

    @property
    def sentiment(self) -> str | None:
        """In which mood."""

    @property
    def actions(self) -> Sequence[Any]:
        """What was done: names, or names with milliseconds."""

    @property
    def slots(self) -> Mapping[str, Any]:
        """What is remembered."""

    @property
    def decision_id(self) -> str | None:
        """The decision whose offer was used."""

    @property
    def guard(self) -> Mapping[str, Any]:
        """Verdict and findings on the text."""

    @property
    def handoff(self) -> bool:
        """Whether a person takes over."""


class Talk(Protocol):
    """What answers customers."""

    def open(self, customer_id: str, *, resume: bool = False) -> Session:
        """Begin a conversation."""

    async def turn(self, session: Any, text: str, on_chunk: Callable[[str], None] | None = None) -> Reply:
        """Answer one message."""
