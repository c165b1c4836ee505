"""Reads a text against its brief and collects every finding: the order of the checks, nothing else."""

from collections.abc import Iterator
from functools import cache

from bot.generation.brief import Brief
from bot.generation.guard import conduct, form
from bot.generation.guard import sources as src
from bot.generation.guard.asking import named
from bot.generation.guard.claims import COUNT, Claim, find_claims
from bot.generation.guard.dates import DateClaim, find_dates
from bot.generation.guard.deeds import Deeds
from bot.generation.guard.figures import Figures
from bot.generation.guard.garbled import garbled
from bot.generation.guard.grants import Grants
from bot.generation.guard.language import LANGUAGES, sentence_languages, unreadable
from bot.generation.guard.lexicon.idioms import IDIOMS
from bot.generation.guard.lexicon.offers import OFFERS
from bot.generation.guard.lexicon.promises import PROMISES
from bot.generation.guard.lexicon.secrets import SECRETS
from bot.generation.guard.matcher import Match, PhraseBook
from bot.generation.guard.names import check_names, kept
from bot.generation.guard.reading import WORD, Reading, read
from bot.generation.guard.report import Finding, GuardReport
from bot.generation.guard.rules import finding
from bot.generation.guard.speech import confirmations, given_back
from bot.generation.guard.weighing import weigh
from db.vocabulary import Channel, Verdict

MAX_READ = 4_200
"""Characters that are read at most; a longer text is refused for its length."""


def check(text: str, brief: Brief) -> GuardReport:
    """Release a text only if everything it says is supported by the decision and the facts of its brief.

    Offsets of the findings are places in `text`. Deterministic, without network; the model that reads conduct ships.
    """
    return _report(text, brief, refuses=True)


def check_approved(text: str, brief: Brief) -> GuardReport:
    """As `check`, for approved wording: people have read its sentences, so that only their facts are in question.

    What the rules find is weighed all the same, but the reading of conduct refuses nothing of its own.
    """
    return _report(text, brief, refuses=False)


def _report(text: str, brief: Brief, *, refuses: bool) -> GuardReport:
    findings = {(found.rule, found.start): found for found in _findings(text, brief, refuses)}
    ordered = tuple(sorted(findings.values(), key=lambda found: (found.start, found.end, found.rule)))
    return GuardReport(Verdict.REFUSE if ordered else Verdict.RELEASE, ordered)


@cache
def phrases() -> PhraseBook:
    """All phrases of promise, offer and secret, compiled once."""
    rules = {**PROMISES, **OFFERS, **SECRETS}
    return PhraseBook({rule: f"{rules.get(rule, '')} / {IDIOMS.get(rule, '')}" for rule in {**rules, **IDIOMS}})


def _findings(text: str, brief: Brief, refuses: bool) -> Iterator[Finding]:
    if len(text) > MAX_READ:
        yield finding("too_long", text, 0, 80)
        return
    sources = src.gather(brief)
    yield from form.characters(text)
    plain = form.blank(text, sources.masks)
    yield from form.markup(text, plain)
    yield from form.contacts(text, plain)
    reading = read(text, _body(plain, brief.channel))
    words = sum(1 for token in reading.tokens if token.kind == WORD)
    yield from form.envelope(text, brief.channel, words)
    languages = sentence_languages(reading, _fallback(brief))
    claims = list(_claims(reading, brief, sources, languages))
    offer = brief.decision.offer_type
    weighed = weigh(reading, languages, claims, conduct.load_default(), offer, refuses=refuses)
    for rule, first, last in weighed:
        start, end = reading.span(first, last)
        yield finding(rule, text, start, end)


def _body(plain: str, channel: Channel) -> str:
    """The text without the words `Subject:` and `Preheader:`, at the same offsets."""
    if channel is not Channel.EMAIL:
        return plain
    lines = plain.split("\n", 2)
    for index, line in enumerate(lines[:2]):
        label, colon, rest = line.partition(":")
        if colon and label.strip().isalpha() and len(label) < 12:
            lines[index] = " " * (len(label) + 1) + rest
    return "\n".join(lines)


def _fallback(brief: Brief) -> str:
    return brief.language[:2] if brief.language[:2] in LANGUAGES else "en"


def _claims(
    reading: Reading, brief: Brief, sources: src.Sources, languages: list[frozenset[str]]
) -> Iterator[tuple[str, int, int]]:
    theirs = given_back(reading, sources)
    dates = find_dates(reading, sources.today)
    taken = {index for day in dates for index in range(day.first, day.last + 1)}
    claims = find_claims(reading, languages, taken)
    _learn(sources)
    figures = Figures(reading, sources, theirs)
    yield from figures.check(claims, dates)
    found = list(phrases().find(reading))
    asked = {index for match in found if named(reading, match, brief.intent) for index in _places(match)}
    yield from confirmations(reading, _theirs_only(claims, dates, theirs) | asked)
    grants = Grants(reading, brief, sources)
    for match in found:
        if not (theirs | asked) & _places(match) and not grants.allow(match):
            yield match.rule, match.first, match.last
    yield from Deeds(reading, brief, sources, theirs).check(languages)
    yield from kept(reading, brief, sources)
    yield from check_names(reading, brief, sources)
    yield from garbled(reading, sources)
    for first, last in unreadable(reading, sources.words):
        yield "unreadable", first, last


def _places(match: Match) -> set[int]:
    return set(range(match.first, match.last + 1))


def _theirs_only(claims: list[Claim], dates: list[DateClaim], theirs: set[int]) -> set[int]:
    figures = {claim.first for claim in claims if claim.kind != COUNT} | {day.first for day in dates}
    return figures & theirs


def _learn(sources: src.Sources) -> None:
    """Add the figures that the record states in words (conditions, last issue, scope) to the sources."""
    for role, text in sources.texts:
        reading = read(text, text)
        languages = sentence_languages(reading, "en")
        dates = find_dates(reading, sources.today)
        for day in dates:
            for known in day.days:
                sources.dates.setdefault(known, set()).add(role)
            sources.partial_dates.append(day)
        taken = {index for day in dates for index in range(day.first, day.last + 1)}
        for claim in find_claims(reading, languages, taken):
            src.learn(sources, role, claim)
            if claim.kind == COUNT and claim.last + 1 < len(reading.tokens):
                noun = reading.tokens[claim.last + 1].text.removesuffix("s")
                sources.counted.setdefault(noun, set()).update(claim.values)
