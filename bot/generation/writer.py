"""The only way to a text: a writer tries, the guard reads, a refused try is repeated, approved wording stands in."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.generation.backend import Backend, Written, pieces
from bot.generation.brief import Brief
from bot.generation.guard.report import GuardReport
from db.errors import BackendError

Check = Callable[[str, Brief], GuardReport]
"""The guard: reads a text against its brief."""

MOST_OBJECTIONS = 8
"""How many findings a writer is told before its next try; more would drown the task."""


@dataclass(frozen=True, slots=True)
class Try:
    """What the guard said of one try: its number from 1 among the tries for a text, and who wrote it."""

    attempt: int
    backend: str
    report: GuardReport


@dataclass(frozen=True, slots=True)
class Text:
    """A released text with its history, or the problem why there is none.

    `backend` names the writer of `text`; `attempts` counts the tries of every writer, approved wording included;
    `report` is the guard's release, `tries` all that the guard read, in order: fewer than `attempts` where a writer
    gave nothing. `problem` says what went wrong on the way, and is empty where the first choice of writer did its
    work. No `text` means that approved wording was refused too, twice.
    """

    text: str | None
    backend: str
    attempts: int
    report: GuardReport | None
    fell_back: bool = False
    tries: tuple[Try, ...] = ()
    problem: str = ""
    tokens: int = 0
    seconds: float = 0.0

    @property
    def refused(self) -> tuple[GuardReport, ...]:
        """The guard's reports on the tries that it refused, in order."""
        return tuple(one.report for one in self.tries if not one.report.released)

    @property
    def released(self) -> bool:
        """Whether there is a text that may be shown or sent."""
        return self.text is not None


@dataclass(slots=True)
class _Story:
    """What has happened to one brief so far."""

    brief: Brief
    attempts: int = 0
    tries: tuple[Try, ...] = ()
    problem: str = ""
    broken: bool = False
    tokens: int = 0
    seconds: float = 0.0
    done: Text | None = None

    def briefed(self) -> Brief:
        """The brief for the next try, with the guard's findings on the try before."""
        if not self.tries:
            return self.brief
        findings = dict.fromkeys(finding.message for finding in self.tries[-1].report.findings)
        return replace(self.brief, objections=tuple(islice(findings, MOST_OBJECTIONS)))

    def told(self, text: str | None, backend: str, report: GuardReport | None, fell_back: bool) -> Text:
        """The end of the story."""
        problem = self.problem if fell_back else ""
        return Text(text, backend, self.attempts, report, fell_back, self.tries, problem, self.tokens, self.seconds)


class Writer:
    """Writes guarded texts with `backend`, and with the approved wording of `approved` where that fails.

    Approved wording has two tries: where the guard refuses the first, the findings make it choose other words. Its
    texts are read by `check_approved` where that is given.
    `max_tries` bounds the tries of `backend` for each brief; `batch` is how many briefs it gets at once.
    """

    def __init__(
        self,
        backend: Backend,
        approved: Backend,
        check: Check,
        max_tries: int = 3,
        batch: int = 16,
        *,
        check_approved: Check | None = None,
    ) -> None:
        if max_tries < 1 or batch < 1:
            raise ValueError("a writer needs at least one try and one brief at a time")
        self.backend = backend
        self.approved = approved
        self.check = check
        self.check_approved = check_approved or check
        self.max_tries = max_tries
        self.batch = batch

    def write(self, brief: Brief) -> Text:
        """A released text for one brief, or the problem."""
        return next(self.write_many([brief]))

    def write_many(self, briefs: Iterable[Brief]) -> Iterator[Text]:
        """A `Text` for each brief in order; takes `batch` briefs at a time and never raises for one of them."""
        source = iter(briefs)
        while chunk := list(islice(source, self.batch)):
            yield from self._chunk(chunk)

    def stream(self, brief: Brief) -> Generator[str, None, Text]:
        """The released text word by word; the generator's return value is the `Text`.

        Nothing is given out before the guard has read the whole: a released beginning with a refused end would
        be a half-truth, and what a reader has seen cannot be taken back.
        """
        text = self.write(brief)
        if text.text is not None:
            yield from pieces(text.text)
        return text

    def _chunk(self, briefs: list[Brief]) -> list[Text]:
        stories = [_Story(brief) for brief in briefs]
        for _ in range(self.max_tries):
            open_stories = [story for story in stories if story.done is None and not story.broken]
            if not open_stories:
                break
            self._try(self.backend, open_stories, fell_back=False)
        for story in stories:
            if story.done is None:
                story.problem = story.problem or "the guard refused every try of the writer"
        for is_last in (False, True):
            left = [story for story in stories if story.done is None]
            if left:
                self._try(self.approved, left, fell_back=True, with_objections=is_last)
        return [story.done or self._nothing(story) for story in stories]

    def _nothing(self, story: _Story) -> Text:
        story.problem = f"{story.problem}; approved wording could not be used either"
        return story.told(None, self.approved.name, None, fell_back=True)

    def _try(self, backend: Backend, stories: list[_Story], *, fell_back: bool, with_objections: bool = True) -> None:
        """One try of one writer for several briefs; each story ends here or takes note of what went wrong."""
        briefs = [story.briefed() if with_objections else story.brief for story in stories]
        for story, (written, broken) in zip(stories, _written(backend, briefs), strict=True):
            story.attempts += 1
            story.broken = broken
            story.tokens += written.tokens
            story.seconds += written.seconds
            if written.text is None:
                story.problem = written.problem or "the writer gave nothing"
                continue
            name = written.by or backend.name
            is_approved = backend is self.approved or written.by == self.approved.name
            check = self.check_approved if is_approved else self.check
            report = check(written.text, story.brief)
            story.tries = (*story.tries, Try(story.attempts, name, report))
            if report.released:
                story.done = story.told(written.text, name, report, fell_back)


def _written(backend: Backend, briefs: Sequence[Brief]) -> Iterator[tuple[Written, bool]]:
    """What the writer gives for each brief, and whether it broke off: then asking it again makes no sense."""
    given, problem = 0, "the writer stopped before its last text"
    try:
        for written in islice(backend.write(briefs), len(briefs)):
            given += 1
            yield written, False
    except BackendError as error:
        problem = error.message
    for _ in range(len(briefs) - given):
        yield Written(None, problem=problem), True
