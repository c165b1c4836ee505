"""The guard for a summary of customers' voices: every figure must be that of what its sentence speaks of.

Such a text is for colleagues and offers nothing, so the rules on promises and offers do not apply. A figure is held
against the topic nearest to it, against everybody who wrote, or against all complaints or all praise; what rose or fell
must have done so beyond chance. A figure that is true of another topic is refused.
"""

from collections.abc import Iterator
from decimal import Decimal

from bot.generation.brief import Brief
from bot.generation.guard import form
from bot.generation.guard.claims import COUNT, DURATION, MONEY, MULTIPLE, PERCENT, Claim, find_claims
from bot.generation.guard.dates import find_dates
from bot.generation.guard.garbled import garbled
from bot.generation.guard.language import LANGUAGES, sentence_languages, unreadable
from bot.generation.guard.lexicon.lists import wordset
from bot.generation.guard.reading import NUMBER, WORD, Reading, read
from bot.generation.guard.report import Finding, GuardReport
from bot.generation.guard.rules import finding
from bot.generation.guard.sources import gather
from bot.generation.guard.subjects import Role, Subject, Subjects
from db.vocabulary import Verdict

FEWEST_WORDS, MOST_WORDS = 20, 220
MOST_CHARS = 2_400

_CHURN = ("left", "leav", "churn", "lost", "gone", "quit", "cancel")
_CUSTOMERS = wordset("customer customers people person writers subscribers households")
_MESSAGES = wordset("message messages complaint complaints mention mentions note notes times letter letters")
_RISE = wordset(
    "rose risen rise rises rising grew grown growing increase increased increases increasing climbed jumped"
)
_RISE |= wordset("surged spiked soared up mounting worsened doubled tripled")
_FALL = wordset("fell fallen fall falls falling dropped drop drops declined decline decreased decrease shrank shrunk")
_FALL |= wordset("down sank sunk halved eased improved")
_HIGHER, _LOWER = wordset("higher above likelier oftener"), wordset("lower below rarer")
_NOT = wordset("no not neither nor without hardly nothing none never didn't hasn't haven't")
_EARLIER_LEFT = wordset("after against versus previously compared before previous")
_EARLIER_RIGHT = wordset("before previously earlier")
_ABOUT = wordset("about for concerning behind of")
_STOPS = frozenset(",;:()–—")
_JOINTS = wordset("and while but whereas or")
_SINCE, _UNTIL = wordset("from since"), wordset("to until till through")
_NONE_OR_ONE = {(Decimal(0),), (Decimal(1),)}
_TOTAL = wordset("of all total altogether among")


def check_summary(text: str, brief: Brief) -> GuardReport:
    """Release a summary only if every figure, date and trend in it is borne out by `voices` among the facts."""
    findings = {(found.rule, found.start): found for found in _findings(text, brief)}
    ordered = tuple(sorted(findings.values(), key=lambda found: (found.start, found.end, found.rule)))
    return GuardReport(Verdict.REFUSE if ordered else Verdict.RELEASE, ordered)


def _findings(text: str, brief: Brief) -> Iterator[Finding]:
    if len(text) > MOST_CHARS:
        yield finding("too_long", text, 0, 80)
        return
    subjects = Subjects(brief.facts.values)
    yield from form.characters(text)
    plain = form.blank(text, subjects.masks)
    yield from form.markup(text, plain)
    yield from form.contacts(text, plain)
    reading = read(text, plain)
    words = sum(token.kind == WORD for token in reading.tokens)
    if words > MOST_WORDS:
        yield finding("too_long", text, 0, min(len(text), 80))
    if words < FEWEST_WORDS:
        yield finding("too_short", text, 0, len(text))
    sources = gather(brief)
    for rule, first, last in (*_Checker(reading, brief, subjects).check(), *garbled(reading, sources)):
        yield finding(rule, text, *reading.span(first, last))
    for first, last in unreadable(reading, sources.words | subjects.words):
        yield finding("unreadable", text, *reading.span(first, last))


class _Checker:
    """The claims of one text."""

    def __init__(self, reading: Reading, brief: Brief, subjects: Subjects) -> None:
        self.reading = reading
        self.tokens = reading.tokens
        self.subjects = subjects
        self.today = brief.facts.day("today")
        fallback = brief.language[:2] if brief.language[:2] in LANGUAGES else "en"
        self.languages = sentence_languages(reading, fallback)
        self.dates = find_dates(reading, self.today)
        taken = {index for day in self.dates for index in range(day.first, day.last + 1)}
        self.claims = find_claims(reading, self.languages, taken)

    def check(self) -> Iterator[tuple[str, int, int]]:
        """Findings as (rule, first token, last token)."""
        for claim in self.claims:
            if not self._borne_out(claim):
                yield claim.kind, claim.first, claim.last
        for day in self.dates:
            before = self._words(day.first - 1, day.first)
            known = self.subjects.starts if {*before} & _SINCE else []
            known = self.subjects.ends if {*before} & _UNTIL else known or self.subjects.starts + self.subjects.ends
            if not any(day.fits(one) for one in known):
                yield "date", day.first, day.last
        for index, token in enumerate(self.tokens):
            if not self._moved(index, token.text):
                yield "trend", index, index

    def _sentence(self, index: int) -> tuple[int, int]:
        """The first and one past the last token of the sentence."""
        number = self.reading.sentence_of[index]
        first, last = index, index + 1
        while first and self.reading.sentence_of[first - 1] == number:
            first -= 1
        while last < len(self.tokens) and self.reading.sentence_of[last] == number:
            last += 1
        return first, last

    def _words(self, first: int, last: int) -> list[str]:
        return [token.text for token in self.tokens[max(first, 0) : last]]

    def _speaks_of_leaving(self, index: int) -> bool:
        return any(word.startswith(_CHURN) for word in self._words(*self._sentence(index)))

    def _nearest(self, first: int, last: int) -> list[Subject]:
        """What the words around a place speak of: the topics or groups of people named nearest to it.

        Where the sentence names none, all complaints or all praise, whichever was spoken of last, and all messages.
        """
        begin, end = self._sentence(first)
        side = self.subjects.side_at(self.tokens, begin, end)
        named = [
            (0 if at == self._object_of(last, end) else min(abs(at - last), abs(first - at)), subject)
            for at, subject in self.subjects.named(self.tokens, begin, end, side)
        ]
        if not named:
            return self.subjects.totals(side)
        least = min(distance for distance, _ in named)
        return [subject for distance, subject in named if distance == least]

    def _object_of(self, last: int, end: int) -> int | None:
        """The token that a figure is said to be about: `24 messages about outage`, `16 % of everybody`."""
        about = False
        for index in range(last + 1, min(last + 7, end)):
            token = self.tokens[index]
            if token.raw in _STOPS or token.kind == NUMBER or token.text in _JOINTS:
                return None
            if about and self.subjects.is_named(token):
                return index
            about = about or token.text in _ABOUT
        return None

    def _borne_out(self, claim: Claim) -> bool:
        if claim.kind == DURATION:
            return any(self.subjects.lasts(value, claim.unit) for value in claim.values)
        if claim.kind not in {COUNT, PERCENT, MONEY}:
            return claim.kind == MULTIPLE and " ".join(self._words(claim.first, claim.last + 1)) == "once"
        if claim.kind == COUNT and claim.in_words and claim.values in _NONE_OR_ONE and not self._counts(claim):
            return True
        if claim.kind == MONEY and not self.subjects.in_currency(claim.unit):
            return False
        subjects = self._nearest(claim.first, claim.last)
        begin, end = self._sentence(claim.first)
        if claim.kind != MONEY and {*self._words(max(begin, claim.first - 3), claim.first)} & _TOTAL:
            subjects = [*subjects, *self.subjects.totals(self.subjects.side_at(self.tokens, begin, end))]
        roles = self._roles(claim)
        return any(subject.has(role, value) for subject in subjects for role in roles for value in claim.values)

    def _counts(self, claim: Claim) -> bool:
        return bool({*self._words(claim.last + 1, claim.last + 3)} & (_CUSTOMERS | _MESSAGES))

    def _roles(self, claim: Claim) -> set[Role]:
        """What the words beside a figure say that it is."""
        if claim.kind == MONEY:
            return {Role.REVENUE}
        leaving = self._speaks_of_leaving(claim.first)
        if claim.kind == PERCENT:
            return {Role.CHURN} if leaving else {Role.SHARE}
        begin, end = self._sentence(claim.first)
        after = self._words(claim.last + 1, min(claim.last + 4, end))
        noun = next((word for word in after if word in _CUSTOMERS | _MESSAGES), "")
        if leaving:
            return {Role.WROTE_EARLIER, Role.LEFT} if noun not in _MESSAGES else set()
        past = self._is_past(claim, begin, end)
        customers = {Role.CUSTOMERS_BEFORE if past else Role.CUSTOMERS}
        messages = {Role.MESSAGES_BEFORE if past else Role.MESSAGES}
        return customers if noun in _CUSTOMERS else messages if noun in _MESSAGES else customers | messages

    def _is_past(self, claim: Claim, begin: int, end: int) -> bool:
        """Whether a number is said to be that of the period before: `after 22`, `22 before`, `from 22 to 27`."""
        counted = (other.first for other in self.claims if other.first > claim.last and other.kind == COUNT)
        following = next(counted, end)
        left = self._words(max(begin, claim.first - 3), claim.first)
        left = left[max((place + 1 for place, word in enumerate(left) if word in _STOPS), default=0) :]
        right = self._words(claim.last + 1, min(claim.last + 7, following, end))
        if left[-1:] == ["from"]:
            return right[:1] == ["to"] or (len(right) > 1 and right[1] == "to")
        if left[-1:] == ["to"]:
            return "compared" in left
        return bool({*left} & _EARLIER_LEFT) or bool({*right} & _EARLIER_RIGHT)

    def _moved(self, index: int, word: str) -> bool:
        """Whether a word of rise or fall is true of what it speaks of; every other word is."""
        up = word in _RISE
        if not up and word not in _FALL | _HIGHER | _LOWER:
            return True
        begin, _ = self._sentence(index)
        if {*self._words(max(begin, index - 4), index)} & _NOT:
            return True
        subjects = self._nearest(index, index)
        if word in _HIGHER | _LOWER and self._speaks_of_leaving(index):
            wanted = "higher" if word in _HIGHER else "lower"
            return any(subject.compared == wanted for subject in subjects)
        wanted = "up" if up or word in _HIGHER else "down"
        return any(subject.trend == wanted for subject in subjects)
