"""Who asks for a person: rules, words and vectors are weighed together, and what was kept is refused if it is wrong."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analytics.language import intents, weights
from analytics.language.encoder import WIDTH, Encoder, Vectors
from analytics.language.intents import IntentRecogniser
from analytics.language.rules import judge
from analytics.language.tops import GivesStates, Top
from analytics.language.wishes import SIGNS, SURE, WISH, SecondReading, WishReader, reads_twice, signs
from db.errors import ArtifactError
from tests.analytics.language.reader import Reader

BITS = 9
COLUMNS = 2 * 2**BITS
SIZES = (COLUMNS, 2 * WIDTH, SIGNS)
TEXTS = ["connect me to an agent", "hello there", "the line is dead", "refund the fee"] * 4
LABELS = [WISH, "greeting", "outage", "refund"] * 4
ASKED = "Please connect me to an agent."


def reader(bias: float = 0.0) -> WishReader:
    """One that says the same of every text."""
    words, vectors, of_signs = (np.zeros(size, dtype=np.float32) for size in SIZES)
    return WishReader(words, vectors, of_signs, bias)


@pytest.fixture(scope="module")
def small() -> IntentRecogniser:
    model = IntentRecogniser(word_bits=BITS, letter_bits=BITS, encoder=Reader(), rules=True)
    return model.fit(TEXTS, LABELS)


def names(model: IntentRecogniser, text: str) -> list[str]:
    return [intent.name for intent in model.predict_many([text])[0]]


def signs_of(text: str, probability: float = 0.5) -> list[float]:
    return signs(text, [text], [judge(text)], probability)


def test_the_reader_settles_who_asks_for_a_person_but_where_all_is_ruled_out(small: IntentRecogniser) -> None:
    assert names(small, ASKED)[0] == WISH
    small.wishes = reader(-3.0)
    assert WISH not in names(small, ASKED)
    small.wishes = reader(3.0)
    assert WISH in names(small, ASKED)
    assert WISH in names(small, "I don't want to talk to an agent. The line is dead.")
    assert WISH not in names(small, "I don't want to talk to an agent.")
    small.wishes = None


def test_other_intents_stay_when_a_wish_is_denied(small: IntentRecogniser) -> None:
    small.wishes = reader(-3.0)
    found = names(small, "The line is dead. Connect me to an agent.")
    small.wishes = None
    assert "outage" in found
    assert WISH not in found


def test_texts_that_share_a_clause_are_settled_each_for_itself(small: IntentRecogniser) -> None:
    texts = ["The line is dead. Connect me to an agent.", "Refund the fee. Connect me to an agent."]
    small.wishes = reader(-3.0)
    together = small.predict_many(texts)
    alone = [small.predict_many([text])[0] for text in texts]
    small.wishes = None
    assert together == alone


def test_what_is_not_english_is_left_to_the_rules(small: IntentRecogniser) -> None:
    small.wishes = reader(-3.0)
    found = names(small, "Ich möchte bitte mit einem Menschen sprechen, das ist nicht mehr lustig.")
    small.wishes = reader(3.0)
    others = names(small, "Das Internet ist seit gestern schon wieder ausgefallen und nicht mehr da.")
    small.wishes = None
    assert found == [WISH]
    assert WISH not in others


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_signs_are_as_many_as_the_coefficients(probability: float) -> None:
    found = np.array(signs_of(ASKED, probability))
    assert found.shape == (SIGNS,)
    assert np.abs(found).max() < 4


def test_signs_tell_a_phrase_from_a_phrase_that_is_held_back() -> None:
    said, refused = signs_of(ASKED), signs_of("Please do not connect me to an agent.")
    assert (said[0], said[1]) == (1.0, 0.0)
    assert (refused[0], refused[1], refused[3]) == (0.0, 1.0, 1.0)


def test_what_is_kept_reads_as_before(tmp_path: Path, small: IntentRecogniser) -> None:
    random = np.random.default_rng(3)
    words, vectors, of_signs = (random.normal(0, 0.05, size).astype(np.float32) for size in SIZES)
    small.wishes = WishReader(words, vectors, of_signs, -0.2)
    small.save(tmp_path, {})
    loaded = intents.load_default(tmp_path)
    kept = loaded.wishes
    assert kept is not None
    read = small.features_.transform(TEXTS[:4]), Reader().read(TEXTS[:4]), [signs_of(text) for text in TEXTS[:4]]
    before = small.wishes.first_odds(*read)
    small.wishes = None
    np.testing.assert_allclose(kept.first_odds(*read), before, atol=0.1)


class Fixed(Top):
    """A top whose every vector begins with one figure; `asked` holds what it was given."""

    def __init__(self, figure: float) -> None:
        self.figure = figure
        self.asked: list[str] = []

    def read(self, texts: Sequence[str], encoder: GivesStates) -> Vectors:
        self.asked += texts
        return np.full((len(texts), WIDTH), self.figure, dtype=np.float32)


def second(figure: float) -> SecondReading:
    """One whose log-odds are the figure, and which alone counts."""
    head = np.eye(1, WIDTH, dtype=np.float32)[0]
    return SecondReading(Fixed(figure), head, 0.0, np.array([0.0, 1.0, 0.0], dtype=np.float32))


def test_what_is_sure_at_the_first_reading_is_not_read_again(small_encoder: Encoder) -> None:
    twice = replace(reader(), second=second(5.0))
    assert twice.second is not None
    first = np.array([SURE - 1, 0.0, SURE, 3.0])
    found = twice.probabilities(["sure", "open", "also sure", "heard"], first, small_encoder)
    assert isinstance(twice.second.top, Fixed)
    assert twice.second.top.asked == ["open", "heard"]
    assert (found > 0.5).tolist() == [False, True, False, True]


def test_without_states_the_first_reading_stands() -> None:
    first = np.array([-1.0, 1.0])
    found = replace(reader(), second=second(5.0)).probabilities(["a", "b"], first, None)
    assert (found > 0.5).tolist() == [False, True]


def test_a_second_reading_is_kept_and_one_of_another_shape_refused() -> None:
    arrays = replace(reader(), second=second(1.0)).packed()
    assert reads_twice(arrays)
    assert not reads_twice(reader().packed())
    kept = WishReader.restored(arrays, COLUMNS, Fixed(2.0))
    assert kept is not None
    assert kept.second is not None
    arrays["wish_head"] = arrays["wish_head"][:-1]
    with pytest.raises(ArtifactError, match="another shape"):
        WishReader.restored(arrays, COLUMNS, Fixed(2.0))


def test_the_top_of_a_second_reading_must_be_there(tmp_path: Path, small: IntentRecogniser) -> None:
    small.wishes = replace(reader(), second=second(1.0))
    small.save(tmp_path, {})
    small.wishes = None
    with pytest.raises(ArtifactError, match="missing or unreadable"):
        intents.load_default(tmp_path)


def test_an_intent_head_without_a_reader_is_read(tmp_path: Path, small: IntentRecogniser) -> None:
    small.save(tmp_path, {})
    assert intents.load_default(tmp_path).wishes is None


@pytest.mark.parametrize("name", ["words", "vectors", "signs"])
def test_coefficients_of_another_number_are_refused(name: str) -> None:
    whole = reader()
    short = replace(whole, **{name: getattr(whole, name)[:-1]})
    with pytest.raises(ArtifactError, match="another shape"):
        WishReader.restored(short.packed(), COLUMNS)


def test_a_reader_with_a_part_missing_is_refused() -> None:
    arrays: weights.Arrays = reader().packed()
    del arrays["wish_vectors"]
    with pytest.raises(ArtifactError, match="another shape"):
        WishReader.restored(arrays, COLUMNS)


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Connect me to an agent please", True),
        ("can I talk to somebody real", True),
        ("give me your supervisor", True),
        ("My bill is wrong, I want to discuss it with a person.", True),
        ("Do not connect me to an agent.", False),
        ("Your agent was very kind yesterday.", False),
        ("Are you a person?", False),
        ("How much is the small plan?", False),
        ("I will talk to my wife about it.", False),
    ],
)
def test_the_shipped_reader_hears_wishes(text: str, wished: bool, shipped_intents: IntentRecogniser) -> None:
    assert (WISH in names(shipped_intents, text)) == wished


def test_the_shipped_reader_is_there(shipped_intents: IntentRecogniser) -> None:
    assert shipped_intents.wishes is not None
