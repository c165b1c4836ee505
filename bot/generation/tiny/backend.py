"""The embedded writer as a backend: draws a few texts for each brief, puts the facts in, and gives the best of them."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from analytics.language.linear import Reads
from bot.generation.backend import Backend, Written, pieces
from bot.generation.brief import Brief
from bot.generation.guard.report import GuardReport
from bot.generation.letter import join_letter
from bot.generation.template.bank import fill, shipped
from bot.generation.template.composer import Composer
from bot.generation.tiny.completing import completed
from bot.generation.tiny.decoding import USUAL, Decoder, Draw, Manner
from bot.generation.tiny.granted import is_unfounded, speaks_of_leaving
from bot.generation.tiny.header import Header
from bot.generation.tiny.sentences import split
from bot.generation.tiny.situation import Task, task_of
from bot.generation.tiny.vocabulary import Vocabulary
from db.errors import BackendError

_DISCLOSES = re.compile(r"\b(?:assistant|bot|machine|software|program|automat\w+|robot|computer)\b", re.IGNORECASE)
_MUST_DISCLOSE = frozenset({"greet", "is_bot"})
_CLAIM = re.compile("“(.+?)”", re.DOTALL)
_LEAST_WORDS, _MOST_WORDS = 40, 170
_SAME_WORDS = 4
_TURNS = 3
_TRUST = 0.2
"""How much a text's weakest run counts against its fit and its variety."""


class EmbeddedBackend:
    """Writes with the small model that ships; a brief that it does not take goes to `rest`.

    `tries` texts are drawn for each brief. The best is one that the guard releases, then the one nearest to what the
    customer said (`reads` makes the vectors), then the one that shares least with the texts written beside it.
    """

    name = "embedded"

    def __init__(
        self,
        decoder: Decoder,
        vocabulary: Vocabulary,
        rest: Backend,
        check: Callable[[str, Brief], GuardReport] | None = None,
        reads: Reads | None = None,
        *,
        tries: int = 2,
        manner: Manner = USUAL,
    ) -> None:
        self._decoder, self._vocabulary, self._rest = decoder, vocabulary, rest
        self._check, self._reads = check, reads
        self._tries, self._manner = tries, manner

    def write(self, briefs: Sequence[Brief]) -> Iterator[Written]:
        """The best text for each brief, in order."""
        started = time.perf_counter()
        tasks = [task_of(brief) for brief in briefs]
        drawn = self._draw([task for task in tasks if task is not None])
        share = (time.perf_counter() - started) / max(1, len(briefs))
        used: set[str] = set()
        for brief, task in zip(briefs, tasks, strict=True):
            if task is None:
                yield from (replace(written, by=self._rest.name) for written in self._rest.write([brief]))
                continue
            started = time.perf_counter()
            draws = next(drawn)
            best = self._best(task, draws, used)
            tokens = sum(len(draw.ids) for draw in draws)
            seconds = share + time.perf_counter() - started
            if best is None:
                yield Written(None, "the writer lost its thread", tokens, seconds)
            else:
                used |= _runs(best)
                yield Written(best, tokens=tokens, seconds=seconds)

    def stream(self, brief: Brief) -> Iterator[str]:
        """The best text for a brief, word by word once it is whole: only then is it known that nothing is left out."""
        for written in self.write([brief]):
            if written.text is None:
                raise BackendError(written.problem or "the writer gave nothing", hint="Ask again.")
            yield from pieces(written.text)

    def _draw(self, tasks: Sequence[Task]) -> Iterator[list[Draw]]:
        """The draws for each task; where none of them is of use, more are drawn from less that is asked."""
        found: list[list[Draw]] = [[] for _ in tasks]
        for turn in range(_TURNS):
            left = [
                place
                for place, draws in enumerate(found)
                if all(self._text(tasks[place], draw) is None for draw in draws)
            ]
            numbers = range(turn * self._tries, (turn + 1) * self._tries)
            headers = [_asked(tasks[place].header, turn) for place in left for _ in numbers]
            seeds = [tasks[place].seed(number) for place in left for number in numbers]
            draws = self._decoder.draw(headers, seeds, self._manner)
            for count, place in enumerate(left):
                found[place] = draws[count * self._tries : (count + 1) * self._tries]
        yield from found

    def _learned(self, text: str) -> str:
        """The sentences of a text that were learned as they stand."""
        return " ".join(sentence for sentence in split(text) if self._decoder.knows(sentence))

    def _best(self, task: Task, draws: Sequence[Draw], used: set[str]) -> str | None:
        texts = {text: draw for draw in draws if (text := self._text(task, draw)) is not None}
        if not texts:
            texts = {text: draw for draw in draws if (text := self._text(task, draw, mended=True)) is not None}
        if not texts:
            return None
        fits = dict(zip(texts, self._fits(task, list(texts)), strict=True))
        ranked = sorted(
            texts, key=lambda text: fits[text] - _shared(text, used) + _TRUST * texts[text].weakest, reverse=True
        )
        check = self._check
        released = (text for text in ranked if check is None or check(text, task.brief).released)
        return next(released, ranked[0])

    def _fits(self, task: Task, texts: Sequence[str]) -> list[float]:
        """Likeness of each text to what the customer said last, as a cosine; zeros where there is nothing to read."""
        said = task.brief.facts.text("last_message")
        if self._reads is None or not said or task.header.skill != "chat" or len(texts) < 2:
            return [0.0] * len(texts)
        vectors = self._reads.read([said, *texts]).meaning
        return [float(value) for value in vectors[1:] @ vectors[0]]

    def _text(self, task: Task, draw: Draw, *, mended: bool = False) -> str | None:
        """The text with its facts; None where it broke off, lost its thread or is of no use.

        `mended` leaves out the sentences in which it lost its thread, and keeps the others.
        """
        is_sure = draw.weakest >= self._manner.surely
        if not draw.whole or not (is_sure or mended):
            return None
        subject, preheader, paragraphs = self._vocabulary.parts(draw.ids)
        if not is_sure:
            paragraphs = tuple(filter(None, (self._learned(paragraph) for paragraph in paragraphs)))
            if self._learned(subject) != subject or self._learned(preheader) != preheader:
                return None
        leaving = task.header.matter == "cancel" or speaks_of_leaving(task.brief.facts.text("last_message"))
        paragraphs = founded(paragraphs, task.header, lambda one: _is_objected(task, one), leaving=leaving)
        if task.header.skill == "chat":
            text = " ".join(completed(task, paragraphs))
            must = task.brief.dialogue_act in _MUST_DISCLOSE
            return text if text and (not must or _DISCLOSES.search(text)) else None
        if not subject or not paragraphs:
            return None
        return _framed(task, subject, preheader, paragraphs)


def _asked(header: Header, turn: int) -> Header:
    """The header for a turn: after the first, the customer's words are not taken up."""
    return header if turn == 0 else replace(header, slots=header.slots - {"echo"})


def _is_objected(task: Task, sentence: str) -> bool:
    """Whether the guard refused words of a sentence before, by what it said of the last try."""
    if not task.brief.objections:
        return False
    filled = fill(sentence, task.known)
    refused = (claim.removesuffix("...") for one in task.brief.objections for claim in _CLAIM.findall(one))
    return any(claim in filled or filled in claim for claim in refused)


def founded(
    paragraphs: Sequence[str],
    header: Header,
    objected: Callable[[str], bool] = lambda _: False,
    *,
    leaving: bool = True,
) -> tuple[str, ...]:
    """The paragraphs without sentences that stood before, rest on what the customer did not say, or are objected to."""
    said: set[str] = set()
    kept = []
    for paragraph in paragraphs:
        sentences = []
        for sentence in split(paragraph):
            unfounded = is_unfounded(sentence, told=header.told or header.skill == "chat", leaving=leaving)
            if sentence not in said and not unfounded and not objected(sentence):
                sentences.append(sentence)
                said.add(sentence)
        kept.append(" ".join(sentences))
    return tuple(filter(None, kept))


def _framed(task: Task, subject: str, preheader: str, paragraphs: Sequence[str]) -> str | None:
    """A letter with salutation and signature in approved wording."""
    filled = completed(task, paragraphs)
    words = sum(len(paragraph.split()) for paragraph in filled)
    if not _LEAST_WORDS <= words <= _MOST_WORDS:
        return None
    composer = Composer(shipped(), task.reading, "letter")
    body = [composer.say_first("greeting", "greeting_first", "greeting_nameless")]
    body += filled
    inside = " ".join(paragraphs)
    reach = "" if "{support_email}" in inside or "{support_phone}" in inside else composer.say("reach")
    ending = [composer.say("signoff"), composer.say_first("signature", "signature_nameless"), reach]
    body.append("\n".join(filter(None, ending)))
    return join_letter(fill(subject, task.known), fill(preheader, task.known), "\n\n".join(filter(None, body)))


def _runs(text: str) -> set[str]:
    """Runs of words in a text."""
    words = re.findall(r"[a-z']+", text.lower())
    return {" ".join(words[start : start + _SAME_WORDS]) for start in range(len(words) - _SAME_WORDS + 1)}


def _shared(text: str, used: set[str]) -> float:
    """The share of a text's runs of words that texts beside it have."""
    runs = _runs(text)
    return len(runs & used) / len(runs) if runs else 0.0


def load(
    rest: Backend,
    check: Callable[[str, Brief], GuardReport] | None,
    reads: Reads | None,
    *,
    tries: int = 4,
    threads: int = 2,
) -> EmbeddedBackend:
    """The embedded writer with the weights that ship. Raises ArtifactError where they are missing or were changed."""
    from bot.generation.tiny import shipping

    network, vocabulary, known, _ = shipping.load(threads=threads)
    return EmbeddedBackend(Decoder(network, vocabulary, known), vocabulary, rest, check, reads, tries=tries)
