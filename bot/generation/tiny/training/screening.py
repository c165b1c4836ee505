"""Finds the texts of the corpus that the guard refuses: the small writer does not learn what may not leave."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.generation.brief import Brief
from bot.generation.guard import check
from bot.generation.letter import join_letter
from bot.generation.template.bank import fill
from bot.generation.tiny.situation import Task, task_of
from bot.generation.tiny.training import corpus
from db.vocabulary import OfferType

_OF_CHAT = frozenset({"chat_offer", "matter_chat_ack", "matter_chat_next", "act_reply", "act_lead", "act_ask"})
_HEAD = ("A few words", "From your team.")
_OF_THE_WHOLE = frozenset({"header_line", "too_long"})
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

    def refuses(self, skill: str, kind: str | None, subject: str, preheader: str, body: str) -> bool:
        """Whether the guard refuses a text in at least half of its briefs; `kind` None for a text with any offer."""
        slots = corpus.slots_in(f"{subject} {preheader} {body}")
        places = [key for key in self._tasks if key[0] == skill and kind in (None, key[1])]
        fitting = [task for key in places for task in self._tasks[key] if slots <= task.known.keys()][: self._most]
        refused = sum(_is_refused(task, subject, preheader, body) for task in fitting)
        return refused > 0 and 2 * refused >= len(fitting)


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
    kinds = {kind.value for kind in OfferType}
    for sentence in corpus.sentences(folder):
        of_offer = sentence.about in kinds and not sentence.role.startswith("matter_")
        kind = sentence.about if of_offer else None
        skill = "chat" if sentence.role in _OF_CHAT else "email"
        if screen.refuses(skill, kind, "", "", sentence.text):
            yield sentence.text
    for letter in corpus.letters(folder):
        if screen.refuses("email", letter.kind, letter.subject, letter.preheader, "\n\n".join(letter.paragraphs)):
            yield letter.key
