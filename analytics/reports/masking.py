"""Takes out of a message what tells who wrote it: names, addresses, links, long numbers."""

import re
from collections.abc import Collection

SHARED = 0.6
"""Share of the words of the shorter of two messages from which they say the same."""

_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;:!?]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_NUMBER = re.compile(r"\S*\d(?:[\s./()-]?\d){4,}\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SAID = re.compile(
    r"\b(?P<said>(?i:my name is|this is|i am|i'm|i’m|je m'appelle|ich heiße|ich bin|me llamo|mi chiamo|"
    r"regards,?|thanks,?|cheers,?|grüße,?|gruß,?|cordialement,?|saludos,?)\s+)(?P<who>[^\W\d_][\w'’-]+)"
)


def mask(text: str, names: Collection[str], spare: Collection[str] = (), customer_id: str = "") -> str:
    """The message on one line without what identifies a person.

    `names` are the names in the store, masked where they stand capitalised; `spare` are words that are no names of
    people, such as products. A name that the store does not know can slip through unless it follows a greeting.
    """
    line = " ".join(text.split())
    if len(customer_id) > 3:
        line = line.replace(customer_id, "[number]")
    line = _NUMBER.sub("[number]", _LINK.sub("[link]", _EMAIL.sub("[e-mail]", line)))
    kept = {word.casefold() for words in spare for word in words.split()}

    def replace(found: re.Match[str]) -> str:
        word = found.group()
        if word[0].islower() or word.casefold() in kept or not _is_name(word, names):
            return word
        return "[name]"

    line = _SAID.sub(lambda found: found["said"] + _masked(found["who"], kept), line)
    return re.sub(r"\[name\](?:[ -]\[name\])+", "[name]", _WORD.sub(replace, line))


def same_words(text: str, other: str) -> bool:
    """Whether two messages share most of the words of the shorter one."""
    words, others = set(_WORD.findall(text.casefold())), set(_WORD.findall(other.casefold()))
    fewer = min(len(words), len(others))
    return len(words & others) >= SHARED * fewer if fewer else True


def _is_name(word: str, names: Collection[str]) -> bool:
    return word in names or any(part in names for part in re.split("[-'’]", word) if len(part) > 2)


def _masked(word: str, kept: set[str]) -> str:
    return "[name]" if word[0].isupper() and word.casefold() not in kept else word
