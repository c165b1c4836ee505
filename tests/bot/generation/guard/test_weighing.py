"""What the reading of conduct takes from the findings of the rules, and what it adds to them."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.generation.guard.conduct import FINE, RULE_OF, Conduct
from bot.generation.guard.reading import read
from bot.generation.guard.weighing import SURELY_FINE, SURELY_UNSAFE, VAGUE, weigh

KINDS = (FINE, *RULE_OF)
ENGLISH, GERMAN = frozenset({"en"}), frozenset({"de"})
TEXT = "We are glad to help. Your bill has been settled by us."


class Opinion(Conduct):
    """A reader of conduct with one opinion on every sentence; `asked` are the sentences it was shown."""

    def __init__(self, kind: str, share: float) -> None:
        self.kinds, self.fine = KINDS, 0
        self.asked: list[str] = []
        self._row = np.full(len(KINDS), (1 - share) / (len(KINDS) - 1))
        self._row[KINDS.index(kind)] = share

    def read(self, sentences: Sequence[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        self.asked += sentences
        return np.tile(self._row, (len(sentences), 1))


def _weighed(
    opinion: Opinion, found: list[tuple[str, int, int]], languages: Sequence[frozenset[str]] = (ENGLISH,) * 2
) -> list[str]:
    return [rule for rule, _, _ in weigh(read(TEXT, TEXT), languages, found, opinion)]


@pytest.mark.parametrize("rule", sorted(VAGUE))
def test_a_vague_rule_gives_way_where_the_sentence_is_surely_fine(rule: str) -> None:
    assert _weighed(Opinion(FINE, SURELY_FINE + 0.01), [(rule, 0, 1)]) == []
    assert _weighed(Opinion(FINE, SURELY_FINE - 0.01), [(rule, 0, 1)]) == [rule]


@pytest.mark.parametrize(
    "rule", ["money", "percent", "date", "unknown_link", "discount", "pause", "free", "refund", "wrong_name"]
)
def test_a_figure_or_an_offer_is_never_waved_through(rule: str) -> None:
    assert _weighed(Opinion(FINE, 0.999), [(rule, 0, 1)]) == [rule]


@pytest.mark.parametrize("kind", list(RULE_OF))
def test_a_sentence_that_is_surely_unfit_is_refused_by_its_kind(kind: str) -> None:
    assert _weighed(Opinion(kind, SURELY_UNSAFE + 0.1), []) == [RULE_OF[kind]] * 2
    assert _weighed(Opinion(FINE, 1 - SURELY_UNSAFE + 0.05), []) == []


def test_only_english_sentences_are_read() -> None:
    opinion = Opinion("gift", 0.9)
    assert _weighed(opinion, [], (GERMAN, ENGLISH)) == ["gift"]
    assert opinion.asked == ["Your bill has been settled by us."]
    assert _weighed(Opinion(FINE, 0.999), [("threat", 0, 1)], (GERMAN, ENGLISH)) == ["threat"]


def test_an_empty_text_has_no_findings() -> None:
    assert list(weigh(read("", ""), (), [], Opinion(FINE, 0.9))) == []


def test_approved_wording_is_read_for_conduct_only_where_a_vague_rule_found_something() -> None:
    opinion = Opinion("gift", 0.9)

    def approved(*found: tuple[str, int, int]) -> list[tuple[str, int, int]]:
        return list(weigh(read(TEXT, TEXT), (ENGLISH,) * 2, found, opinion, refuses=False))

    assert approved() == []
    assert approved(("money", 0, 1)) == [("money", 0, 1)]
    assert opinion.asked == []
    assert approved(("money", 0, 1), ("advice", 0, 1)) == [("money", 0, 1), ("advice", 0, 1)]
    assert opinion.asked
