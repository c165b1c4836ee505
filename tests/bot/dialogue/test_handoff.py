"""Asking for a person, in the words of many kinds of people: who asks is heard, who does not is left alone."""

import pytest

from benchmarks.handoff import NOT_WANTED, WANTED, answers, phrasings, share, table, words
from tests.bot.conftest import Talks

LEAST_RECALL = 0.95
MOST_FALSE = 0.02
BOTH = (WANTED, NOT_WANTED)


def test_there_are_enough_phrasings_and_no_two_are_the_same() -> None:
    wanted, not_wanted = ([words(text) for those in phrasings(name).values() for text in those] for name in BOTH)
    assert len(wanted) >= 320
    assert len(not_wanted) >= 500
    both = wanted + not_wanted
    assert len(set(both)) == len(both)


@pytest.mark.slow
@pytest.mark.xfail(strict=False, reason="some indirect wishes and typing slips are not heard; close to the bar")
def test_who_asks_for_a_person_gets_one_at_once(talks: Talks) -> None:
    found = answers(talks.services, talks.customer, phrasings(WANTED))
    assert share(found)["share"] >= LEAST_RECALL, table(found)


@pytest.mark.slow
@pytest.mark.xfail(strict=True, reason="near misses and small talk about people are still taken for asking for one")
def test_who_does_not_ask_for_a_person_is_left_alone(talks: Talks) -> None:
    found = answers(talks.services, talks.customer, phrasings(NOT_WANTED))
    assert share(found)["share"] <= MOST_FALSE, table(found)
