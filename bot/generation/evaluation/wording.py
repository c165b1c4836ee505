"""A text as the words that were chosen for it: facts from the brief are replaced by one sign, as slots are."""

import re

from bot.generation.brief import Brief
from bot.generation.letter import split_letter
from bot.generation.template.situation import read
from bot.generation.tiny.situation import task_of
from db.vocabulary import Channel

SLOT = "{}"
"""Stands for any fact, and for any slot of a text that has slots."""

_WORD = re.compile(r"\{\w*\}|\d[\d.,:/%-]*|[^\W\d_]+(?:['-][^\W\d_]+)*")
_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 2


def plain_words(text: str) -> list[str]:
    """The words of a text as they stand, without figures."""
    return _PLAIN_WORD.findall(text)


def tokens(text: str) -> tuple[str, ...]:
    """Words in lower case; slots and figures are all the same sign."""
    found = _WORD.findall(text.replace("’", "'").casefold())
    return tuple(SLOT if word[0] == "{" or word[0].isdigit() else word for word in found)


def body_of(text: str, brief: Brief) -> str:
    """What of a text is measured: the body of a letter, the whole of a reply."""
    return split_letter(text)[2] if brief.channel is Channel.EMAIL else text


def wording(text: str, brief: Brief) -> tuple[str, ...]:
    """The tokens of a text with every fact of its brief replaced."""
    return tokens(_without(text, _facts(brief)))


def wordings(text: str, brief: Brief) -> tuple[tuple[str, ...], ...]:
    """The wording twice: with every fact replaced, and with only names and figures replaced.

    A fact like `your bill` also stands in texts that state no fact; one of the two has it as the other text does.
    """
    facts = _facts(brief)
    named = [value for value in facts if any(sign.isdigit() or sign.isupper() for sign in value)]
    return tokens(_without(text, facts)), tokens(_without(text, named))


def _facts(brief: Brief) -> list[str]:
    """What fills slots of this brief, the longest first, so that no fact is found inside another."""
    task = task_of(brief)
    known = task.known if task is not None else read(brief).known
    return sorted(
        {value for value in known.values() if len(value) >= _SHORTEST}, key=lambda value: (-len(value), value)
    )


def _without(text: str, facts: list[str]) -> str:
    if not facts:
        return text
    # A fact at the beginning of a sentence has a capital.
    either = "|".join(f"(?:{re.escape(fact)}|{re.escape(fact[:1].upper() + fact[1:])})" for fact in facts)
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", SLOT, text)
