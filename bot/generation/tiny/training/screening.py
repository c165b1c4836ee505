"""Finds the texts of the corpus that the guard refuses: the small writer does not learn what may not leave."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from bot.generation.brief import Brief
from bot.generation.guard import check
from bot.generation.letter import join_letter
from bot.generation.template.bank import fill
from bot.generation.tiny.matters import MATTER_OF_TOPIC, NONE
from bot.generation.tiny.situation import Task, task_of
from bot.generation.tiny.training import corpus
from db.vocabulary import OfferType

_OF_CHAT = frozenset(
    {"chat_offer", "matter_chat_ack", "matter_chat_next", "act_reply", "act_lead", "act_bridge", "act_ask"}
)
_BEFORE_OFFERS = frozenset({"matter_bridge", "unsaid_bridge", "act_lead", "act_bridge", "act_ask"})
_OFFERS = tuple(kind.value for kind in OfferType if kind is not OfferType.NONE)
_HEAD = ("A few words", "From your team.")
_OF_THE_WHOLE = frozenset({"header_line", "too_long", "too_short"})
"""Rules on a whole text, of which a sentence alone says nothing."""


class Screen:
    """Briefs in which texts are tried. Each text is filled for at most `most` briefs that have its slots."""

    def __init__(self, briefs: Iterable[Brief], most: int = 4) -> None:
        self._most = most
        self._tasks: dict[tuple[str, str], list[Task]] = defaultdict(list)
        for brief in briefs:
            task = task_of(brief)
            if task is not None:
                self._tasks[task.header.skill, task.header.kind].append(task)

    def refuses(
        self, skill: str, kinds: Container[str], subject: str, preheader: str, body: str, matter: str | None = None
    ) -> bool:
        """Whether the guard refuses a text in at least half of its briefs: with such offers, on the matter if any."""
        slots = corpus.slots_in(f"{subject} {preheader} {body}")
        able = [
            task
            for (of, kind), tasks in self._tasks.items()
            if of == skill and kind in kinds
            for task in tasks
            if slots <= task.known.keys()
        ]
        fitting = [task for task in able if task.header.matter == matter] or able
        tried = fitting[:: max(1, len(fitting) // self._most)][: self._most]
        refused = sum(_is_refused(task, subject, preheader, body) for task in tried)
        return refused > 0 and 2 * refused >= len(tried)


def _is_refused(task: Task, subject: str, preheader: str, body: str) -> bool:
    text = fill(body, task.known)
    start = 0
    if task.header.skill == "email":
        whole = join_letter(fill(subject or _HEAD[0], task.known), fill(preheader or _HEAD[1], task.known), text)
        start, text = 0 if subject else len(whole) - len(text), whole
    return any(one.end > start and one.rule not in _OF_THE_WHOLE for one in check(text, task.brief).findings)


def refused_texts(briefs: Sequence[Brief], folder: Path = corpus.FOLDER) -> frozenset[str]:
    """The sentences and letters (by their key) of the corpus that the guard refuses."""
    return frozenset(_refused(Screen(briefs), folder))


def _refused(screen: Screen, folder: Path) -> Iterator[str]:
    for sentence in corpus.sentences(folder):
        on_matter = sentence.role.startswith("matter_")
        if not on_matter and sentence.about in _OFFERS:
            kinds: Container[str] = {sentence.about}
        else:
            kinds = _OFFERS if sentence.role in _BEFORE_OFFERS else (*_OFFERS, OfferType.NONE.value)
        skill = "chat" if sentence.role in _OF_CHAT else "email"
        if screen.refuses(skill, kinds, "", "", sentence.text, sentence.about if on_matter else None):
            yield sentence.text
    for letter in corpus.letters(folder):
        matter = MATTER_OF_TOPIC.get(letter.topic) if letter.says else NONE
        body = "\n\n".join(letter.paragraphs)
        if screen.refuses("email", {letter.kind}, letter.subject, letter.preheader, body, matter):
            yield letter.key
