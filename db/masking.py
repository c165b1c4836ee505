"""Puts a pseudonym in place of a person wherever a text names them: by id, address, number or full name."""

import re
from collections.abc import Iterable
from typing import Any

_SHORT = 4
"""An id of fewer signs, or of digits alone, may be any number: it names a customer only where the text says so."""

_NAMED = r"""customer(?:_id)?["'`]*\s*(?:=|!=|<>|:|in\b)?\s*\(?\s*(?:["'`]?[^\s"'`(),]+["'`]?\s*,\s*)*["'`]?"""


class Mask:
    """Replaces what names one person."""

    def __init__(self, identities: Iterable[str | None], pseudonym: str) -> None:
        self.pseudonym = pseudonym
        self._words = {word.strip() for word in identities if word and word.strip()}
        self._whole = {word.casefold() for word in self._words}
        self._patterns = [re.compile(_pattern(word), re.IGNORECASE) for word in sorted(self._words, key=len)[::-1]]

    def text(self, text: str) -> str:
        """The text without the person."""
        if text.casefold() in self._whole:
            return self.pseudonym
        for pattern in self._patterns:
            text = pattern.sub(self._replacement, text)
        return text

    def value(self, value: Any) -> Any:
        """A JSON value without the person, down to the last text in it; keys are texts, too."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(name)): self.value(one) for name, one in value.items()}
            case list() | tuple():
                return [self.value(one) for one in value]
            case _:
                return value

    def _replacement(self, found: re.Match[str]) -> str:
        return f"{found['before'] or ''}{self.pseudonym}"


def _pattern(word: str) -> str:
    plain = re.escape(word)
    if word.isdigit() or len(word) < _SHORT:
        return rf"(?P<before>(?<!\w){_NAMED}){plain}(?![\w-])"
    return rf"(?P<before>)(?<![\w-]){plain}(?![\w-])"
