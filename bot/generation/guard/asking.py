"""What the customer asked for may be named as what they asked for: that gives nothing."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.matcher import Match, PhraseBook
from bot.generation.guard.reading import NUMBER, WORD, Reading

_PLAN = frozenset({"plan"})
ASKED_FOR: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ask_discount": frozenset({"discount", "special"}),
        "price_complaint": frozenset({"discount"}),
        "competitor_offer": frozenset({"discount", "special"}),
        "refund": frozenset({"refund"}),
        "pause": frozenset({"pause"}),
        "downgrade": _PLAN,
        "upgrade": _PLAN,
        "change_plan": _PLAN,
        "schedule_callback": frozenset({"call_promise"}),
    }
)
"""The rules whose words name what a message with such an intent asks for."""

_OPENINGS = PhraseBook(
    {
        "asks": """
you asked|ask|wrote|want|wanted|wish|requested|contacted / you have asked|requested|written
/ you've asked|written|requested / you'd like|want|rather / you would like|prefer / you are|were looking|asking
/ you are|were interested / you're looking|asking|interested / for asking / about|concerning|regarding your
/ your message|question|note|request|enquiry|inquiry|interest|letter|words|wish / for writing|contacting
/ for getting in touch
"""
    }
)
_GIVES = wordset("we i we'll i'll we've i've we'd our will you'll get yours granted approved done")
_GOES_ON = wordset(
    "it it's this that that's which who is are was were has have and so but yes then because as will you'll"
)
_MOST_AFTER = 8
_ASSENT = PhraseBook(
    {
        "assents": """
it|that|this|here|there|consider|done|yes|sure|happy|gladly|enjoy|granted|approved|so|naturally|certainly|absolutely
/ you have|get|got|receive|own / you've|you'll / you can|may|could have|get|enjoy|keep|use|stop|count|look
/ your plan|bill|price|money|card|account|subscription|pause|discount|refund|wish|request / we've|i've
/ we|i have|did|do|agree|accept|say / and / as / from / starting / with / no problem|worries|trouble
"""
    }
)
_COMES = wordset(
    "expect watch goes news pleased enjoy soon arrives arriving coming shows shown reflected card bank statement"
)
_FEWEST_WORDS = 6
"""A shorter sentence beside one that names what was asked for may say yes to it."""


def named(reading: Reading, match: Match, intent: str | None) -> bool:
    """Whether a phrase stands in a sentence that only reports what a message with this intent asked for."""
    if match.rule not in ASKED_FOR.get(intent or "", ()):
        return False
    first, end = _sentence(reading, match.first)
    tokens = reading.tokens[first:end]
    opened = [one.last for one in _OPENINGS.find(reading) if first <= one.first and one.last <= match.last]
    if not opened or any(token.kind == NUMBER for token in tokens):
        return False
    before = {token.text for token in reading.tokens[opened[0] + 1 : match.first]}
    after = [token.text for token in reading.tokens[match.last + 1 : end] if token.kind == WORD]
    goes_on = (_GOES_ON | _GIVES) & {*after}
    return not before & _GIVES and len(after) <= _MOST_AFTER and not goes_on and not _assented(reading, first, end)


def _sentence(reading: Reading, place: int) -> tuple[int, int]:
    return next((first, end) for first, end in reading.sentences() if first <= place < end)


def _assented(reading: Reading, first: int, end: int) -> bool:
    """Whether the sentence after or before may say yes to it; a question does not."""
    sentences = list(reading.sentences())
    at = sentences.index((first, end))
    beside = sentences[at + 1 : at + 2]
    # A salutation or a subject stands on a line of its own.
    if at and "\n" not in reading.plain[reading.tokens[sentences[at - 1][1] - 1].end : reading.tokens[first].start]:
        beside.append(sentences[at - 1])
    return any(_may_assent(reading, *one) for one in beside)


def _may_assent(reading: Reading, first: int, end: int) -> bool:
    tokens = reading.tokens[first:end]
    words = [token for token in tokens if token.kind == WORD]
    if not words or tokens[-1].text == "?":
        return False
    begins = any(one.first == first for one in _ASSENT.find(reading))
    return begins or len(words) < _FEWEST_WORDS or bool(_COMES & {token.text for token in words})
