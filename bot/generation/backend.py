"""The contract of every writer: briefs in, texts out, one at a time and lazily; a failure is a value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.generation.brief import Brief


@dataclass(frozen=True, slots=True)
class Written:
    """A text, or the reason why there is none: exactly one of `text` and `problem` is set.

    `tokens` counts what the writer produced (words where it has no tokens), `seconds` the time that took. `by` names
    the writer that a backend handed the brief on to; empty for itself.
    """

    text: str | None
    problem: str | None = None
    tokens: int = 0
    seconds: float = 0.0
    by: str = ""

    def __post_init__(self) -> None:
        if (self.text is None) == (self.problem is None):
            raise ValueError("a writer gives a text or a problem, and not both")


@runtime_checkable
class Backend(Protocol):
    """Anything that turns a brief into text.

    For e-mail the text begins with a `Subject:` line, then an optional `Preheader:` line, a blank line and the body.
    No text may be shown to anyone before the guard has released it; `bot.generation.writer` sees to that.
    """

    name: str

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """One `Written` for each brief, in their order.

        Raises BackendUnavailableError where the writer cannot be loaded or reached at all.
        """
        ...

    def stream(self, brief: Brief) -> Iterator[str]:
        """The text of one brief in pieces that join to the whole; raises BackendError where it fails."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A writer that holds something which must be given back: a process, a connection."""

    def close(self) -> None:
        """Give it back; safe to call again."""
        ...


@runtime_checkable
class PromptBackend(Backend, Protocol):
    """A writer that also answers a prompt of any kind; approved wording and the embedded writer know only briefs."""

    def complete(self, messages: Sequence[Mapping[str, str]], *, most_tokens: int | None = None) -> Written:
        """The answer to the turns of a conversation (`role` and `content` each), of at most so many tokens.

        Raises BackendUnavailableError where the writer cannot be loaded or reached at all.
        """
        ...


def pieces(text: str) -> Iterator[str]:
    """Cut a finished text into words with the white space before each; the pieces join to `text`."""
    start = 0
    for position in range(1, len(text)):
        if text[position].isspace() and not text[position - 1].isspace():
            yield text[start:position]
            start = position
    if text:
        yield text[start:]
