"""A text as the guard reads it: tokens without case and accents, each with its place in the text as written."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.generation.guard.lexicon.calendar import MONTHS
from bot.generation.guard.lexicon.lists import wordset

MASK = "\x00"
"""The folded form of a masked span: a name, address or link known to be true."""

WORD, NUMBER, SIGN = "word", "number", "sign"

_TOKEN = re.compile(
    r"(?P<mask>\x00+)"
    r"|(?P<number>\d+(?:[.,'’]\d+|[\u00a0\u202f\u2009 ]\d{3}(?!\d))*)"
    r"|(?P<elision>(?i:jusqu|lorsqu|puisqu|quelqu|qu|dell|nell|dall|sull|all|un|quest|[ldjnsmtc])['’](?=[^\W\d_]{2}))"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<sign>\S)"
)
_CLOSERS = "\"'”’»)]"
_PLAIN = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "’": "'", "đ": "d", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: `text` folded (lower case, no accents), `raw` as written, `glued` to the one before."""

    text: str
    raw: str
    start: int
    end: int
    kind: str
    glued: bool


@dataclass(slots=True)
class Reading:
    """A text cut into tokens and sentences.

    `plain` is the text with each masked span (a name, address or link that is known to be true) blanked out,
    `sentence_of` the number of the sentence for each token.
    """

    text: str
    plain: str
    tokens: list[Token] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """The first and one past the last token of each sentence."""
        first = 0
        for index in range(1, len(self.tokens) + 1):
            if index == len(self.tokens) or self.sentence_of[index] != self.sentence_of[first]:
                yield first, index
                first = index

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the tokens `first` up to and including `last`."""
        return self.tokens[first].start, self.tokens[last].end


def fold(text: str) -> str:
    """Lower case without accents: what words are compared in."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def read(text: str, plain: str) -> Reading:
    """Cut a text into tokens and sentences; `plain` has the same length, with masked spans blank."""
    reading = Reading(text, plain)
    end = -1
    for match in _TOKEN.finditer(plain):
        raw, kind = match.group(), match.lastgroup or SIGN
        if kind == "mask":
            reading.tokens.append(Token(MASK, reading.text[match.start() : match.end()], *match.span(), WORD, False))
            continue
        if kind == "elision":
            raw, kind = raw[:-1], WORD
        folded = fold(raw) if kind == WORD else raw
        reading.tokens.append(Token(folded, raw, match.start(), match.end(), kind, match.start() == end))
        end = match.end()
    _number_sentences(reading)
    return reading


def _number_sentences(reading: Reading) -> None:
    sentence = 0
    for index in range(len(reading.tokens)):
        if index and _breaks(reading, index):
            sentence += 1
        reading.sentence_of.append(sentence)


def _breaks(reading: Reading, index: int) -> bool:
    """Whether a sentence ends before the token at `index`."""
    before, token = reading.tokens[index - 1], reading.tokens[index]
    gap = reading.plain[before.end : token.start]
    if "\n" in gap:
        line_start = reading.plain.rfind("\n", 0, before.end) + 1
        short = before.end - line_start < 45
        return gap.count("\n") > 1 or short or before.raw in ".:;!?,*" or token.raw in "-*•–"
    mark = before
    if before.raw in _CLOSERS and index > 1 and before.glued:
        mark = reading.tokens[index - 2]
    if mark.raw not in ".!?…" or not gap:
        return False
    return not _abbreviated(reading, index)


def _abbreviated(reading: Reading, index: int) -> bool:
    """Whether the full stop before `index` belongs to an ordinal (12. Dezember) or an abbreviation (z. B.)."""
    tokens = reading.tokens
    if tokens[index - 1].raw != "." or index < 2:
        return False
    before, after = tokens[index - 2], tokens[index]
    if before.kind == NUMBER:
        return after.text in MONTHS or (after.kind == WORD and after.raw[0].islower())
    return before.kind == WORD and (len(before.raw) == 1 or before.text in _ABBREVIATIONS) and after.kind != SIGN


_ABBREVIATIONS = wordset("mr mrs ms dr prof st ca inkl zzgl bzw evtl ggf sra sr dna avv sig dhr mevr mme mlle no nr")
