"""The company's own answers to service questions: written and approved by people in `answers.yaml`, found by words."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analytics.decisions.documents import read_document, validated
from bot.generation.template.slots import clean
from db.errors import InputError

FILE = "answers.yaml"
"""Its name in the home folder."""

LONGEST = 600
_COMMON = re.compile(
    r"a|an|and|any|are|at|be|by|can|could|do|does|for|from|get|have|how|i|if|in|is|it|me|my|of|on|or|our|please|so|that|"
    r"the|there|this|to|we|what|when|where|which|who|why|will|with|would|you|your"
)
_ENDINGS = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e)$")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    asks: Annotated[list[str], Field(min_length=1, max_length=50)]
    says: str

    @field_validator("asks")
    @classmethod
    def _have_words(cls, asks: list[str]) -> list[str]:
        for phrase in asks:
            if not stems(phrase):
                raise ValueError(f"{phrase!r} has no word that tells one question from another")
        return asks

    @field_validator("says")
    @classmethod
    def _can_be_sent(cls, says: str) -> str:
        text = clean(says, LONGEST)
        if not text:
            raise ValueError(f"an answer is plain text without markup, of at most {LONGEST} characters")
        return text if text[-1] in ".!?" else f"{text}."


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    answers: list[_Entry]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Approved answers, each with the sets of words that ask for it."""

    answers: tuple[tuple[tuple[frozenset[str], ...], str], ...] = ()

    def answer(self, question: str) -> str | None:
        """The answer whose words are all in the question; of several, the one with the most words."""
        said = stems(question)
        found = [(len(words), says) for asks, says in self.answers for words in asks if words <= said]
        return max(found, key=lambda one: one[0])[1] if found else None


NOTHING_KNOWN = Knowledge()


def stems(text: str) -> frozenset[str]:
    """The words of a text that tell it from others, without their endings."""
    words = re.findall(r"[^\W_]+", text.casefold().replace("wi-fi", "wifi"))
    return frozenset(_ENDINGS.sub("", word) for word in words if not _COMMON.fullmatch(word))


def knowledge_in(home: Path) -> Knowledge:
    """The answers of a home folder; none where it has no such file. Raises InputError with the line of a mistake."""
    path = home / FILE
    if not path.is_file():
        return NOTHING_KNOWN
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", path=path) from error
    found = validated(_File, read_document(text, FILE))
    return Knowledge(tuple((tuple(stems(phrase) for phrase in entry.asks), entry.says) for entry in found.answers))
