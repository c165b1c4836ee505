"""Whatever a drawn text leaves out of an offer is said: every mandatory term stands in what goes out."""

import pytest

from bot.generation.held_out import held_out_briefs
from bot.generation.template.bank import fill
from bot.generation.tiny.completing import completed
from bot.generation.tiny.situation import Task, task_of

TASKS = [task for brief in held_out_briefs(200, seed=6) if (task := task_of(brief)) is not None]
OFFERS = [task for task in TASKS if task.header.must]


def _says(task: Task, paragraphs: list[str]) -> list[str]:
    """Mandatory terms that are missing; a sentence may begin with a term."""
    text = " ".join(paragraphs).lower()
    return [term for term in task.header.must if task.known[term].lower() not in text]


def test_there_are_offers_of_every_kind() -> None:
    assert len({task.header.kind for task in OFFERS}) == 8


@pytest.mark.parametrize(
    "paragraphs", [(), ("We have read your message.",), ("Hello.", "Here is an idea.", "Goodbye.")]
)
def test_a_text_without_an_offer_gets_the_whole_of_it(paragraphs: tuple[str, ...]) -> None:
    for task in OFFERS:
        assert _says(task, completed(task, paragraphs)) == []


def test_a_term_that_was_left_out_is_added_and_one_that_was_said_is_not() -> None:
    for task in OFFERS:
        terms = sorted(task.header.must)
        told = " ".join(f"It is {{{term}}}." for term in terms)
        assert completed(task, (told,)) == [fill(told, task.known)]
        for term in sorted(task.header.slots):
            assert _says(task, completed(task, ("A thought.", f"It is {{{term}}}.", "Thank you."))) == []


def test_a_text_without_an_offer_to_make_stays_as_it_is() -> None:
    for task in TASKS:
        if not task.header.must:
            assert completed(task, ("We are here.",)) == ["We are here."]
            assert completed(task, ()) == [""]
