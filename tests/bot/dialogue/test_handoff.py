"""Asking for a person, in the words of many kinds of people: who asks is heard, who does not is left alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.handoff import NOT_WANTED, WANTED, Answered, answers, first_customer, phrasings, share, table, words
from bot.settings import Settings
from bot.wiring import Services
from tests.bot.conftest import NOW, understander

LEAST_RECALL = 0.95
MOST_FALSE = 0.02

BOTH = (WANTED, NOT_WANTED)
Found = dict[str, list[Answered]]


@pytest.fixture(scope="module")
def found(talk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """What became of every phrasing, each the first message of a conversation of its own."""
    folder = tmp_path_factory.mktemp("handoff")
    shutil.copy(talk_template, folder / "talk.db")
    services = Services(Settings(home=folder, store=str(folder / "talk.db"), backend="template"), clock=lambda: NOW)
    services.__dict__["understander"] = understander()
    customer = first_customer(services)
    yield {name: answers(services, customer, phrasings(name)) for name in BOTH}
    services.close()


def test_there_are_enough_phrasings_and_no_two_are_the_same() -> None:
    wanted, not_wanted = ([words(text) for those in phrasings(name).values() for text in those] for name in BOTH)
    assert len(wanted) >= 320
    assert len(not_wanted) >= 500
    both = wanted + not_wanted
    assert len(set(both)) == len(both)


@pytest.mark.slow
def test_who_asks_for_a_person_gets_one_at_once(found: Found) -> None:
    assert share(found[WANTED])["share"] >= LEAST_RECALL, table(found[WANTED])


@pytest.mark.slow
def test_who_does_not_ask_for_a_person_is_left_alone(found: Found) -> None:
    assert share(found[NOT_WANTED])["share"] <= MOST_FALSE, table(found[NOT_WANTED])
