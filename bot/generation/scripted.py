"""A writer that says what it was told to: for tests, demonstrations and offline review."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.generation.backend import Written, pieces
from bot.generation.brief import Brief
from db.errors import BackendError

Line = str | BackendError | Callable[[Brief], str]
"""A text, a failure, or a function that makes the text from the brief."""


class ScriptedBackend:
    """Gives the lines of a script in turn, the last one for ever after, and remembers every brief in `asked`."""

    def __init__(self, *lines: Line, name: str = "scripted") -> None:
        if not lines:
            raise ValueError("a script needs at least one line")
        self.name = name
        self.asked: list[Brief] = []
        self._lines = lines

    @classmethod
    def from_lines(cls, lines: Iterable[Line]) -> "ScriptedBackend":
        """A writer for a script that lies in a list or file."""
        return cls(*lines)

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """The next line of the script for each brief."""
        for brief in briefs:
            try:
                text = self._next(brief)
            except BackendError as error:
                yield Written(None, problem=error.message)
            else:
                yield Written(text, tokens=len(text.split()))

    def stream(self, brief: Brief) -> Iterator[str]:
        """The next line of the script, word by word."""
        yield from pieces(self._next(brief))

    def _next(self, brief: Brief) -> str:
        line = self._lines[min(len(self.asked), len(self._lines) - 1)]
        self.asked.append(brief)
        if isinstance(line, BackendError):
            raise line
        return line if isinstance(line, str) else line(brief)
