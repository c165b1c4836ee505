"""Names of unsupervised topics: the reason most of their messages carry, or the words that set them apart.

Words come from class-based TF-IDF: the share of a topic's messages that use a word or pair of words, weighted by how
much rarer it is elsewhere. Several messages must use it, so that no single writer, or their name, names a topic.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from analytics.language.text import normalise, tokenise
from analytics.language.topics import REASONS

MOST_WORDS = 3
LEAST_MESSAGES = 3
LEAST_SHARE = 0.08
"""A word that names a topic stands in at least so many, and at least this share, of its messages."""

LIFT = 1.5
"""It is so many times as common there as in all messages."""

CARRIED = 0.6
"""Share of a topic's messages that carry a known reason from which the topic is called by it."""

LONGEST = 24
PAIR_BONUS = 1.25
UNNAMED = "mixed messages"

_EMPTY = (
    "hello hi hey dear sir madam good morning afternoon evening thanks thank please regards best kind sincerely yours "
    "team customer customers support service message email mail write writing tell told ask asked say said know let "
    "just really very still again also even get got getting going go want like need make made thing things way lot "
    "time times day days week weeks month months year years today now yesterday since already emopos emoneg weblink "
    "mailaddress ve ll re don doesn didn isn wasn won couldn wouldn shouldn aren haven hasn im ive id cant does did "
    "doing use using one two first last new old long right able sure cannot not "
    "three four five six seven eight nine ten dozen hundred"
)
_FOREIGN = (
    "ich und der die das nicht ist sie mein meine zu mit ein eine auf bitte wir den habe für von wie kann es mir mich "
    "je le la les de et un une pas est vous mon ma mes que pour avec dans sur ne nous ce suis il des du au yo el los "
    "las no es mi mis para con en por lo me muy está eu os as um uma é meu minha não em io gli che non sono di del "
    "della ik het een van met op voor dat maar"
)
STOP_WORDS = frozenset({*ENGLISH_STOP_WORDS, *_EMPTY.split(), *_FOREIGN.split()})
"""Words that name nothing: grammar of seven languages, greetings, and what any message holds."""

_ENDING = re.compile(r"(?:ing|ed|es|s|ly|ion|ions|er|ers)$")
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class TopicName:
    """What a topic is called: the words that set it apart, and the reason that most of its messages carry, if any."""

    name: str
    words: tuple[str, ...]
    reason: str | None


def name_topics(
    texts: Sequence[str],
    labels: Sequence[int],
    reasons: Sequence[str | None],
    topics: int,
    *,
    spare: Collection[str] = (),
) -> list[TopicName]:
    """A name for each of the topics 0 to `topics` - 1, no two the same; `spare` are words that name nothing."""
    counts = [Counter[str]() for _ in range(topics)]
    sizes, carried = [0] * topics, [Counter[str]() for _ in range(topics)]
    everywhere, total = Counter[str](), len(texts)
    shunned = STOP_WORDS | {word.casefold() for phrase in spare for word in phrase.split()}
    for text, label, reason in zip(texts, labels, reasons, strict=True):
        found = terms_of(text, shunned)
        everywhere.update(found)
        if 0 <= label < topics:
            sizes[label] += 1
            counts[label].update(found)
            carried[label][reason or ""] += 1
    found_words = [_telling(count, size, everywhere, total) for count, size in zip(counts, sizes, strict=True)]
    known = [_reason(count, size) for count, size in zip(carried, sizes, strict=True)]
    return _unlike(found_words, known)


def terms_of(text: str, shunned: Collection[str] = STOP_WORDS) -> set[str]:
    """The words of a text that can name something, and its pairs of such words side by side."""
    tokens = [token.removesuffix("'s") for token in tokenise(normalise(text))]
    telling = [bool(_WORD.fullmatch(token)) and token not in shunned and len(token) > 2 for token in tokens]
    words = {token for token, tells in zip(tokens, telling, strict=True) if tells}
    pairs = {
        f"{one} {other}"
        for (one, tells), (other, also) in pairwise(zip(tokens, telling, strict=True))
        if tells and also and one != other
    }
    return {term for term in words | pairs if len(term) <= LONGEST}


def says_enough(text: str) -> bool:
    """Whether a text has enough words of its own to be about something."""
    return sum(" " not in term for term in terms_of(text)) >= 2


def _telling(count: Counter[str], size: int, everywhere: Counter[str], total: int) -> list[str]:
    """The words that set a topic apart, the strongest first, none of which repeats another."""
    least = max(LEAST_MESSAGES, math.ceil(LEAST_SHARE * size))
    scores = {
        term: (here / size) * math.log(here * total / (size * everywhere[term])) * (PAIR_BONUS if " " in term else 1)
        for term, here in count.items()
        if here >= least and here / size >= LIFT * everywhere[term] / total
    }
    chosen: list[str] = []
    for term in sorted(scores, key=lambda term: (-scores[term], term)):
        if len(chosen) < MOST_WORDS and not _stems(term) & {stem for one in chosen for stem in _stems(one)}:
            chosen.append(term)
    return chosen


def _stems(term: str) -> set[str]:
    return {_ENDING.sub("", word)[:7] if len(word) > 4 else word for word in term.split()}


def _reason(carried: Counter[str], size: int) -> str | None:
    """The reason to leave that most messages of a topic carry, None where there is no such reason."""
    best = max(carried, key=lambda reason: (carried[reason], reason), default="")
    return best if best in REASONS and carried[best] >= CARRIED * size else None


def _unlike(words: Sequence[list[str]], reasons: Sequence[str | None]) -> list[TopicName]:
    """A name each: the reason where only one topic has it, with the topic's words where several do."""
    shared = Counter(reason for reason in reasons if reason)
    taken: set[str] = set()
    found = []
    for terms, reason in zip(words, reasons, strict=True):
        name = next(name for name in _proposals(terms, reason, shared) if name not in taken)
        taken.add(name)
        found.append(TopicName(name, tuple(terms), reason))
    return found


def _proposals(terms: list[str], reason: str | None, shared: Counter[str]) -> Iterator[str]:
    called = reason.replace("_", " ") if reason else ""
    listed = ", ".join(terms)
    if called and shared[reason or ""] == 1:
        yield called
    others = [term for term in terms if not _stems(term) & _stems(called)]
    if called and others:
        yield f"{called}: {others[0]}"
        yield f"{called}: {listed}"
    if called and not terms:
        yield called
    if listed:
        yield listed
    base = ": ".join(part for part in (called, listed) if part) or UNNAMED
    yield base
    yield from (f"{base}, {which}" for which in _others())


def _others() -> Iterable[str]:
    """`group b`, `group c` and so on: letters, so that no name holds a figure."""
    letters = "bcdefghijklmnopqrstuvwxyz"
    yield from (f"group {letter}" for letter in letters)
    yield from (f"group {one}{two}" for one in letters for two in letters)
