"""Asking for a person, in the words of many kinds of people: who asks is heard, who does not is left alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.handoff import (
    APART_NOT_WANTED,
    APART_WANTED,
    NOT_WANTED,
    WANTED,
    Answered,
    answers,
    first_customer,
    phrasings,
    share,
    table,
    words,
)
from bot.settings import Settings
from bot.wiring import Services
from tests.bot.conftest import NOW, understander

LEAST_RECALL = 0.95
MOST_FALSE = 0.02

Found = dict[str, list[Answered]]


@pytest.fixture(scope="module")
def found(talk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """What became of every phrasing, each the first message of a conversation of its own."""
    folder = tmp_path_factory.mktemp("handoff")
    shutil.copy(talk_template, folder / "talk.db")
    services = Services(Settings(home=folder, store=str(folder / "talk.db"), backend="template"), clock=lambda: NOW)
    services.__dict__["understander"] = understander()
    customer = first_customer(services)
    names = (APART_WANTED, APART_NOT_WANTED, WANTED, NOT_WANTED)
    yield {name: answers(services, customer, phrasings(name)) for name in names}
    services.close()


@pytest.mark.parametrize(
    ("wanted", "not_wanted", "least"), [(WANTED, NOT_WANTED, (540, 800)), (APART_WANTED, APART_NOT_WANTED, (400, 580))]
)
def test_there_are_enough_phrasings_and_no_two_are_the_same(
    wanted: str, not_wanted: str, least: tuple[int, int]
) -> None:
    found = [
        [words(text) or text for those in phrasings(name).values() for text in those] for name in (wanted, not_wanted)
    ]
    assert len(found[0]) >= least[0]
    assert len(found[1]) >= least[1]
    both = found[0] + found[1]
    assert len(set(both)) == len(both)


@pytest.mark.slow
def test_who_asks_for_a_person_gets_one_at_once(found: Found) -> None:
    assert share(found[WANTED])["share"] >= LEAST_RECALL, table(found[WANTED])
    assert share(found[APART_WANTED])["share"] >= LEAST_RECALL, table(found[APART_WANTED])


@pytest.mark.slow
def test_who_does_not_ask_for_a_person_is_left_alone(found: Found) -> None:
    assert share(found[NOT_WANTED])["share"] <= MOST_FALSE, table(found[NOT_WANTED])
    assert share(found[APART_NOT_WANTED])["share"] <= MOST_FALSE, table(found[APART_NOT_WANTED])
