"""Reads one YAML file of a Rasa project; what is wrong or not supported is said with file, line and the mend."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from analytics.decisions.documents import Document, nearest, read_document
from db.errors import InputError

Path = tuple[str | int, ...]
HINT = "Mend the Rasa project; `mainstay rasa export DIR` writes out the shipped one to compare with."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file: its data and where it stands."""

    document: Document
    path: Path
    data: Any

    @property
    def line(self) -> int:
        """The line where the part begins."""
        return self.document.line_of(self.path)

    def wrong(self, message: str) -> InputError:
        """The error that something is the matter with this part."""
        return InputError(message, path=self.document.source, line=self.line, hint=HINT)

    def __getitem__(self, key: str | int) -> "Part":
        return Part(self.document, (*self.path, key), self.data[key])

    def get(self, key: str, default: Any = None) -> "Part":
        """The part under a key, or one that holds the default."""
        return self[key] if key in self.data else Part(self.document, self.path, default)

    def mapping(self, known: Iterable[str] | None = None) -> dict[str, "Part"]:
        """The parts of a mapping by key; with `known`, any other key is refused."""
        if not isinstance(self.data, dict):
            raise self.wrong("`key: value` lines belong here")
        for key in self.data:
            if known is not None and key not in known:
                raise self[key].wrong(f"{key!r} is not supported here. {nearest(str(key), sorted(known))}".strip())
        return {str(key): self[key] for key in self.data}

    def items(self) -> list["Part"]:
        """The parts of a list."""
        if not isinstance(self.data, list):
            raise self.wrong("a list (`- ...`) belongs here")
        return [self[place] for place in range(len(self.data))]

    def text(self) -> str:
        """A text, such as a name."""
        if not isinstance(self.data, str) or not self.data:
            raise self.wrong(f"a name belongs here, not {self.data!r}")
        return self.data


def read(file: Traversable, source: str) -> Part:
    """The whole of a file; `source` names it in errors. Raises InputError where it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", path=source, hint=HINT) from error
    document = read_document(text, source)
    return Part(document, (), document.data)
