"""Names in a text: who is greeted, who signs, which plans and companies are named."""

import re
from collections.abc import Iterator

from bot.generation.brief import Brief
from bot.generation.guard.garbled import READABLE
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.lexicon.people import (
    CLOSINGS,
    COMPANIES,
    GENERIC_GREETED,
    GREETING_WORDS,
    GREETINGS,
    PLAN_NOUNS,
    PLAN_WORDS,
    SENDER_WORDS,
    TITLES,
)  # fmt: skip
from bot.generation.guard.matcher import PhraseBook
from bot.generation.guard.reading import MASK, SIGN, WORD, Reading, fold
from bot.generation.guard.sources import Sources


def check_names(reading: Reading, brief: Brief, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """Findings on names as (rule, first token, last token)."""
    yield from _greeting(reading, sources)
    yield from _signature(reading, sources)
    yield from _introduced(reading, sources)
    yield from _titled(reading, sources)
    yield from _plans(reading, sources)
    allowed = sources.company_words | {fold(brief.facts.text("competitor"))}
    for index, token in enumerate(reading.tokens):
        name = token.text.removesuffix("'s")
        if name in COMPANIES and token.raw[0].isupper() and name not in allowed:
            yield "unknown_company", index, index


def _greeting(reading: Reading, sources: Sources) -> Iterator[tuple[str, int, int]]:
    tokens = reading.tokens
    index = 0
    while index < len(tokens):
        if not (tokens[index].text in GREETINGS and _starts_line(reading, index)):
            index += 1
            continue
        place = index + 1
        while place < len(tokens) and (
            tokens[place].text in GREETING_WORDS or (tokens[place].raw == "." and place > index + 1)
        ):
            place += 1
        first = place
        while place < len(tokens) and tokens[place].kind == WORD and tokens[place].raw[:1].isupper():
            if "\n" in reading.plain[tokens[place - 1].end : tokens[place].start]:
                break
            word = tokens[place].text
            known = sources.names | GENERIC_GREETED | sources.company_words | {MASK}
            after_name = tokens[place - 1].text in sources.names | {MASK}
            if word not in known and (place == first or after_name):
                yield "wrong_name", place, place
                break
            place += 1
        index = max(place, index + 1)


def _starts_line(reading: Reading, index: int) -> bool:
    if index == 0 or reading.sentence_of[index] != reading.sentence_of[index - 1]:
        return True
    return "\n" in reading.plain[reading.tokens[index - 1].end : reading.tokens[index].start]


def _signature(reading: Reading, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """The lines after a closing: company, team and masked names only."""
    text, lines, place, closing = reading.plain, [], 0, False
    for line in text.split("\n"):
        lines.append((place, line))
        place += len(line) + 1
    for start, line in lines[-8:]:
        words = [fold(word) for word in re.findall(r"[^\W\d_]+", line)]
        if closing and words and len(words) <= 6 and not line.rstrip().endswith((".", "!", "?")):
            yield from _unknown_signer(reading, sources, start, start + len(line))
        if (
            words
            and len(words) <= (3 if words[0] in {"thank", "thanks"} else 7)
            and {" ".join(words[:2]), words[0] if len(words) <= 2 else ""} & CLOSINGS
        ):
            closing = True
            comma = line.find(",")
            if comma >= 0 and line[comma + 1 :].strip():
                yield from _unknown_signer(reading, sources, start + comma, start + len(line))


def _unknown_signer(reading: Reading, sources: Sources, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    inside = [index for index, token in enumerate(reading.tokens) if start <= token.start < end]
    for index in inside:
        token = reading.tokens[index]
        if token.kind == SIGN or not token.raw[:1].isupper() or token.text == MASK:
            continue
        if token.text not in SENDER_WORDS and token.text not in sources.company_words and token.text not in CLOSINGS:
            yield "wrong_sender", inside[0], inside[-1]
            return


_INTRODUCTIONS = PhraseBook(
    {
        "wrong_sender": """
ask for / fragen sie nach / demandez / pregunte por / pergunte por / chieda di / vraag naar / this is
/ my name is / i am / i'm / call me / ich bin / ich heisse / mein name ist / hier ist / je suis
/ je m appelle / mon nom est / me llamo / soy
/ mi nombre es / chamo me / o meu nome e / meu nome e / sou / mi chiamo / sono / il mio nome e / mijn naam is / ik ben
/ ik heet
"""
    }
)


def _introduced(reading: Reading, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """`This is Sarah`: a name nobody in the facts has."""
    tokens = reading.tokens
    for match in _INTRODUCTIONS.find(reading):
        place = match.last + 1
        if place >= len(tokens) or tokens[place].kind != WORD or not tokens[place].raw[:1].isupper():
            continue
        known = tokens[place].text in sources.company_words | GENERIC_GREETED | {MASK, "i", "bot"}
        nouns = match.words.startswith(("ich bin", "hier ist"))
        if not known and not nouns:
            yield "wrong_sender", match.first, place


def _titled(reading: Reading, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """`Ms Carter`, `my colleague Kevin`: a person the facts do not name."""
    tokens = reading.tokens
    for index, token in enumerate(tokens[:-1]):
        if token.text not in TITLES:
            continue
        place = index + 2 if tokens[index + 1].raw == "." and len(token.text) < 5 else index + 1
        if place >= len(tokens) or tokens[place].kind != WORD or not tokens[place].raw[:1].isupper():
            continue
        if "\n" in reading.plain[token.end : tokens[place].start]:
            continue
        known = sources.names | sources.company_words | GENERIC_GREETED | {MASK}
        if tokens[place].text not in known and tokens[place].text not in TITLES:
            yield "wrong_name", index, place


def _plans(reading: Reading, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """Capitalised words right before or after a word such as plan must be plans that the facts name."""
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        if token.text not in PLAN_NOUNS:
            continue
        for step in (-1, 1):
            place = index + step
            if not 0 <= place < len(tokens) or reading.sentence_of[place] != reading.sentence_of[index]:
                continue
            other = tokens[place]
            if other.kind != WORD or other.text == MASK or other.text in sources.plans | sources.company_words:
                continue
            named = other.text in PLAN_WORDS and (other.raw[0].isupper() or step == -1)
            inner = other.raw[0].isupper() and not _starts_line(reading, place) and other.raw.isalpha()
            if named or (
                inner and token.text in PLAN_NOUNS and other.text not in GENERIC_GREETED and _is_name(reading, place)
            ):
                yield "unknown_plan", min(index, place), max(index, place)


def _is_name(reading: Reading, index: int) -> bool:
    """Whether a capital is a name's: not in German, where every noun has one, nor in a heading."""
    before = [token for token in reading.tokens[max(index - 6, 0) : index] if token.kind == WORD]
    capitals = sum(token.raw[0].isupper() for token in before)
    return capitals <= 1 and not any(
        token.text in {"der", "die", "das", "und", "ihr", "ihren", "dein", "ihrem"} for token in before
    )


def kept(reading: Reading, brief: Brief, sources: Sources) -> Iterator[tuple[str, int, int]]:
    """What an English text says the customer keeps must be what the decision lets them keep, never the old plan."""
    terms = brief.decision
    if not terms.keeps:
        return
    for index, token in enumerate(reading.tokens):
        if token.text not in {"keep", "keeps", "retain"}:
            continue
        place = index + 1
        while place < len(reading.tokens) and reading.tokens[place].kind == WORD:
            word = reading.tokens[place]
            old_plan = word.text == MASK and bool(terms.from_plan) and word.raw == terms.from_plan
            plain = word.text in READABLE - _PERKS or word.text.endswith("ing") or len(word.text) < 4
            stray = not plain and word.text != MASK and f" {word.text} " not in sources.ours
            if old_plan or stray or word.text in {"for", "while", "if", "when", "until", "because"}:
                if old_plan or stray:
                    yield "keeps", index, place
                break
            place += 1


_PERKS = wordset("speed speeds price discount channels channel data storage features feature benefits rate bandwidth")
