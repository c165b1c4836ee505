import pytest

from bot.generation.guard.lexicon.offers import OFFERS
from bot.generation.guard.lexicon.promises import PROMISES
from bot.generation.guard.lexicon.secrets import SECRETS
from bot.generation.guard.matcher import PhraseBook
from bot.generation.guard.reading import read
from bot.generation.guard.rules import RULES

BOOK = PhraseBook({"a": "give .. back / as good as", "b": "refund* / no|never more"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We give it back.", ["a"]),
        ("We give all of it back.", ["a"]),
        ("We give all that you ever paid back.", []),
        ("We give it. Back then", []),
        ("Refunds! As good as new.", ["b", "a"]),
        ("Never more, no more", ["b", "b"]),
        ("nevermore", []),
    ],
)
def test_phrases_are_found_inside_a_sentence(text: str, found: list[str]) -> None:
    assert [match.rule for match in BOOK.find(read(text, text))] == found


def test_every_list_of_phrases_has_its_rule() -> None:
    assert {*PROMISES, *OFFERS, *SECRETS} <= {*RULES}
