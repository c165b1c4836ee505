"""Quotes of customers that stand for a topic: readable, different from one another, masked unless names are wanted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.language.text import printable
from analytics.language.topic_names import terms_of
from analytics.reports.masking import mask
from analytics.reports.voices import QUOTE_LENGTHS, Said, Side, distinct_quotes
from db.queries import reporting, voices
from db.queries.voices import WriterFacts
from db.repositories.settings import SettingsRepository
from db.session import Store

Key = tuple[Side, str]
"""Side and topic."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
LOOKED_AT = 16
"""Among so many of the best messages those that need no masking come first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may be quoted."""

    customer: int
    text: str


def quotes_of(
    store: Store,
    candidates: Mapping[Key, Sequence[Candidate]],
    words: Mapping[Key, tuple[str, ...]],
    *,
    with_names: bool,
) -> dict[Key, list[str]]:
    """Three quotes at most for each topic, from the candidates in order; no two say the same or are by one writer."""
    with store.read() as session:
        people = {
            one.key: one
            for one in voices.writers(session, sorted({one.customer for many in candidates.values() for one in many}))
        }
        names = set() if with_names else reporting.people_names(session)
        company = SettingsRepository(session).company()
    terms = (company.company, *company.products, *company.competitors) if company else ()
    found: dict[Key, list[Said]] = {}
    for key in sorted(candidates, key=lambda key: (key[0].value, key[1])):
        ready = [
            (one.customer, excerpt(_clean(one, people.get(one.customer), names, terms, with_names), words.get(key, ())))
            for one in candidates[key]
        ]
        best = sorted(ready[:LOOKED_AT], key=lambda pair: "[" in pair[1]) + ready[LOOKED_AT:]
        found[key] = distinct_quotes(best, [one for said in found.values() for one in said])
    return {key: [_signed(one, people) if with_names else one[1] for one in said] for key, said in found.items()}


def excerpt(line: str, words: Sequence[str]) -> str:
    """The line, or of a long one the sentences around the one that says most of the topic's words."""
    if len(line) <= QUOTE_LENGTHS[1]:
        return line
    sentences = [part for part in _SENTENCE.split(line) if part]
    if not sentences:
        return ""
    wanted = set(words)
    told = [len(terms_of(sentence) & wanted) for sentence in sentences]
    first = max(range(len(sentences)), key=lambda place: (told[place], len(sentences[place]) >= QUOTE_LENGTHS[0]))
    last = first + 1
    while last < len(sentences) and len(" ".join(sentences[first : last + 1])) <= QUOTE_LENGTHS[1] - 4:
        last += 1
    text = " ".join(sentences[first:last])
    return f"{'… ' if first else ''}{text}{' …' if last < len(sentences) else ''}"


def _clean(
    one: Candidate, writer: WriterFacts | None, names: set[str], terms: tuple[str, ...], with_names: bool
) -> str:
    """The message on one line without control characters, and without what tells who wrote it."""
    line = " ".join(printable(one.text).split())
    if with_names or writer is None:
        return line
    own = {part for name in (writer.first_name, writer.last_name) if name for part in name.split()}
    return mask(line, names | own, terms, writer.customer_id)


def _signed(said: Said, people: Mapping[int, WriterFacts]) -> str:
    """The quote with the id of who wrote it."""
    customer, text = said
    return f"{text} ({people[customer].customer_id})" if customer in people else text
