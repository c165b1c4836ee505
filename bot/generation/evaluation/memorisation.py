"""How much of a text was learned by heart: the longest span of tokens that it shares with the training text."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.generation.evaluation.wording import tokens
from bot.generation.tiny.training import corpus

LONG_SPAN = 25
"""A text with a longer span than this has its wording from the training text."""

_KEY = 3
_BETWEEN, _NEW, _FIRST = "\0", "\1", 2


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens of a text that stands in the training text too."""

    words: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """In tokens; a slot is one."""
        return len(self.words)


class TrainingText:
    """Texts to look spans up in; no span reaches from one text into another."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        # Each distinct token is one character, so that spans are substrings.
        self._signs: dict[str, str] = {}
        self._text = _BETWEEN.join("".join(map(self._sign, text)) for text in texts)
        self._starts: dict[str, list[int]] = defaultdict(list)
        for place in range(len(self._text) - _KEY + 1):
            self._starts[self._text[place : place + _KEY]].append(place)

    def longest_span(self, words: Sequence[str]) -> Span:
        """The first of the longest runs of these tokens that the training text has."""
        text = "".join(self._signs.get(word, _NEW) for word in words)
        start, length = 0, 0
        for place in range(len(text)):
            while place + length < len(text) and self._has(text[place : place + length + 1]):
                start, length = place, length + 1
        return Span(tuple(words[start : start + length]))

    def _has(self, run: str) -> bool:
        if len(run) < _KEY:
            return run in self._text
        return any(self._text.startswith(run, place) for place in self._starts.get(run[:_KEY], ()))

    def _sign(self, word: str) -> str:
        return self._signs.setdefault(word, chr(_FIRST + len(self._signs)))


def shipped_corpus(folder: Path = corpus.FOLDER) -> TrainingText | None:
    """The texts that the small writer learned from: letters, replies and sentences; None where they are not here.

    The tenth of them that is kept from training is among them: a span in it counts too.
    """
    if not any(folder.glob("*.jsonl")):
        return None
    letters = (" ".join(letter.paragraphs) for letter in corpus.letters(folder))
    sentences = (sentence.text for sentence in corpus.sentences(folder))
    return TrainingText(tokens(text) for part in (letters, sentences) for text in part)
