"""What the chat screen needs of a conversation, so that it can be shown with any that fits."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable


class Session(Protocol):
    """A conversation that has begun; `greeting` is the first thing the customer reads.

    One that goes on may have `recent` turns with `said` and `reply`, and counts its `turns`.
    """

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
        """Begin a conversation, or go on with the open one."""

    async def turn(self, session: Any, text: str, on_chunk: Callable[[str], None] | None = None) -> Reply:
        """Answer one message."""


@runtime_checkable
class Shared(Protocol):
    """What keeps conversations in which others may write, too."""

    async def listen(self, session: Any) -> Sequence[Any]:
        """The turns that others added since, each with `said` and `reply`; given out once."""


class Draft(Protocol):
    """One reply to choose."""

    @property
    def text(self) -> str:
        """What the customer would read."""


class Proposal(Protocol):
    """Replies to a message for a person to choose from, and what was understood."""

    @property
    def drafts(self) -> Sequence[Draft]:
        """The replies, best first; none where the guard released none."""

    @property
    def intent(self) -> str:
        """What the customer wants."""

    @property
    def sentiment(self) -> str:
        """In which mood."""

    @property
    def actions(self) -> Sequence[str]:
        """What would be done."""


@runtime_checkable
class Copilot(Protocol):
    """What proposes replies to a person and keeps the one that was sent."""

    async def propose(self, session: Any, text: str) -> Proposal:
        """Replies to choose from; nothing is kept yet."""

    async def send(
        self,
        session: Any,
        proposal: Any,
        agent: str,
        *,
        choice: int | None = None,
        text: str | None = None,
        overrule: bool = False,
    ) -> Reply:
        """Keep the reply that a person chose, changed or wrote. Raises PolicyError where the guard refuses it."""
