"""The mood of a message: learned like any estimator, read in three moods and four emotions by the shipped model."""

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from analytics.language import sentiment, weights
from analytics.language.sentiment import EMOTIONS, SENTIMENTS, SentimentClassifier
from analytics.language.training.texts import sentiment_messages, sentiment_pairs
from db.errors import ArtifactError, TrainingError
from tests.analytics.language.reader import Reader

TEXTS = ["great service", "lovely app", "good and fast", "awful service", "bad app", "slow and broken"] * 5
LABELS = ["positive", "positive", "positive", "negative", "negative", "negative"] * 5


def small() -> SentimentClassifier:
    return SentimentClassifier(word_bits=10, letter_bits=10, vectors=())


def test_it_learns_and_answers_like_an_estimator() -> None:
    model = small().fit(TEXTS, LABELS)
    probabilities = model.predict_proba(["good app", "awful"])
    assert list(model.classes_) == ["negative", "positive"]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert list(model.predict(["good app", "awful"])) == ["positive", "negative"]
    assert model.get_params()["word_bits"] == 10


def test_the_same_seed_gives_the_same_model() -> None:
    one, two = (small().fit(TEXTS, LABELS).predict_proba(["a good day"]) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_no_text_gives_no_rows() -> None:
    assert small().fit(TEXTS, LABELS).predict_proba([]).shape == (0, 2)


def test_one_label_cannot_be_learned() -> None:
    with pytest.raises(TrainingError, match="same label"):
        small().fit(["a", "b"], ["positive", "positive"])


def test_texts_and_labels_must_pair_up() -> None:
    with pytest.raises(TrainingError, match="2 texts but 1 labels"):
        small().fit(["a", "b"], ["positive"])


def test_a_bare_string_is_refused() -> None:
    with pytest.raises(TypeError, match="sequence of strings"):
        small().fit(TEXTS, LABELS).predict("hello")


def marks() -> npt.NDArray[np.int64]:
    """What emotions TEXTS are in: gratitude where they are positive, anger where not; the others without a pattern."""
    found = np.empty((len(TEXTS), len(EMOTIONS)), dtype=np.int64)
    positive = np.array([label == "positive" for label in LABELS])
    found[:, EMOTIONS.index("gratitude")] = positive
    found[:, EMOTIONS.index("anger")] = ~positive
    for name in ("disappointment", "confusion"):
        found[:, EMOTIONS.index(name)] = [place % 2 for place in range(len(TEXTS))]
    return found


@pytest.fixture(scope="module")
def reading() -> SentimentClassifier:
    """A small model of three moods that also reads emotions."""
    texts, labels = [*TEXTS, "when is the bill due", "which plan do I have"], [*LABELS, "neutral", "neutral"]
    model = SentimentClassifier(word_bits=9, letter_bits=9, encoder=Reader()).fit(texts, labels)
    return model.fit_emotions(TEXTS, marks())


def test_emotions_are_read_beside_the_mood(reading: SentimentClassifier) -> None:
    probabilities, emotions = reading.read(["lovely service", "awful app"])
    np.testing.assert_allclose(probabilities, reading.predict_proba(["lovely service", "awful app"]))
    gratitude, anger = (emotions[:, EMOTIONS.index(name)] for name in ("gratitude", "anger"))
    assert gratitude[0] > 0.5 > gratitude[1]
    assert anger[1] > 0.5 > anger[0]


def test_texts_that_nobody_looked_at_teach_nothing() -> None:
    model = SentimentClassifier(word_bits=9, letter_bits=9, encoder=Reader())
    texts, known = [*TEXTS, *TEXTS], marks()
    half = np.vstack([known, np.full_like(known, -100)])
    with_unknown = model.fit(TEXTS, LABELS).fit_emotions(texts, half).read(TEXTS)[1]
    np.testing.assert_allclose(with_unknown, model.fit_emotions(TEXTS, known).read(TEXTS)[1], atol=1e-3)


def test_weights_of_texts_count_for_emotions(reading: SentimentClassifier) -> None:
    both, weight = np.vstack([marks(), 1 - marks()]), np.repeat([1.0, 9.0], len(TEXTS))
    model = SentimentClassifier(word_bits=9, letter_bits=9, encoder=Reader()).fit(TEXTS, LABELS)
    anger = model.fit_emotions([*TEXTS, *TEXTS], both, weight).read(["lovely service"])[1][0, EMOTIONS.index("anger")]
    assert anger > 0.5 > reading.read(["lovely service"])[1][0, EMOTIONS.index("anger")]


def test_a_model_without_emotions_reads_none() -> None:
    assert not small().fit(TEXTS, LABELS).read(["awful"])[1].any()


def test_a_saved_model_reads_as_before(reading: SentimentClassifier, tmp_path: Path) -> None:
    reading.save(tmp_path, {"examples": {"own": len(TEXTS)}})
    loaded = sentiment.load_default(tmp_path)
    loaded.encoder = Reader()
    asked = ["lovely service", "an awful app", "when is the bill due", "good and fast"]
    for found, wanted in zip(loaded.read(asked), reading.read(asked), strict=True):
        np.testing.assert_allclose(found, wanted, atol=0.01)
    probabilities, emotions = loaded.read(["我要取消"])
    assert probabilities[0].tolist() == pytest.approx([0.15, 0.7, 0.15])
    assert not emotions.any()


@pytest.mark.parametrize("name", ["vector_coef", "bias", "coef"])
def test_weights_of_another_form_are_refused(name: str, reading: SentimentClassifier, tmp_path: Path) -> None:
    reading.save(tmp_path / "good", {})
    arrays, facts = weights.load("sentiment", tmp_path / "good")
    shutil.copytree(tmp_path / "good", tmp_path / "bad")
    weights.save(tmp_path / "bad", "sentiment", {key: value for key, value in arrays.items() if key != name}, facts)
    with pytest.raises(ArtifactError, match="another shape"):
        sentiment.load_default(tmp_path / "bad")
    weights.save(tmp_path / "bad", "sentiment", {**arrays, name: arrays[name][..., :-1]}, facts)
    with pytest.raises(ArtifactError, match="another shape"):
        sentiment.load_default(tmp_path / "bad")


def test_the_shipped_model_knows_three_moods(shipped_sentiment: SentimentClassifier) -> None:
    assert tuple(shipped_sentiment.classes_) == SENTIMENTS


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("not bad at all", "positive"),
        ("not at all good", "negative"),
        ("the router you sent is not bad at all, I am pleased", "positive"),
        ("I am not happy with the way you handled this", "negative"),
        ("never had a problem with you in five years", "positive"),
        ("oh great, another outage", "negative"),
        ("thanks for nothing", "negative"),
        ("your support team was so friendly and quick", "positive"),
        ("you have charged me twice and nobody answers", "negative"),
        ("could you send me the invoice of last month", "neutral"),
        ("I would like to know when my contract ends", "neutral"),
        ("😡😡😡", "negative"),
        ("❤️", "positive"),
        ("THIS IS UNACCEPTABLE!!!", "negative"),
        ("absolutely love it", "positive"),
    ],
)
def test_moods_of_unseen_messages(text: str, mood: str, shipped_sentiment: SentimentClassifier) -> None:
    assert shipped_sentiment.predict([text])[0] == mood


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01\x02", "12 34", "我要取消", "یہ بہت برا ہے", "Ich möchte das bitte nicht mehr"]
)
def test_what_cannot_be_read_is_neutral_and_calm(text: str, shipped_sentiment: SentimentClassifier) -> None:
    probabilities, emotions = shipped_sentiment.read([text])
    assert probabilities[0].tolist() == pytest.approx([0.15, 0.7, 0.15])
    assert emotions.tolist() == [[0.0] * len(EMOTIONS)]


def test_missing_texts_count_as_empty(shipped_sentiment: SentimentClassifier) -> None:
    np.testing.assert_array_equal(
        shipped_sentiment.predict_proba([None, float("nan")]),  # type: ignore[list-item]
        shipped_sentiment.predict_proba(["", ""]),
    )


def test_one_at_a_time_is_the_same_as_together(shipped_sentiment: SentimentClassifier) -> None:
    texts = ["good", "this is the worst", "when is it due", ""]
    together = shipped_sentiment.predict_proba(texts)
    apart = np.vstack([shipped_sentiment.predict_proba([text]) for text in texts])
    np.testing.assert_allclose(together, apart, atol=1e-6)


def test_shouting_is_angrier_than_asking(shipped_sentiment: SentimentClassifier) -> None:
    texts = ["you stupid idiots, I am fed up with your lies!!!", "when does it end, please"]
    anger = shipped_sentiment.read(texts)[1][:, EMOTIONS.index("anger")]
    assert anger[0] > 0.5 > 0.2 > anger[1]


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("thank you so much for sorting this out, you saved my week", "gratitude"),
        ("I expected so much more from you, what a let-down", "disappointment"),
        ("I'm lost, I don't understand what this charge is supposed to be", "confusion"),
        ("how dare you, this is an outrage, you are thieves", "anger"),
    ],
)
def test_the_emotion_of_a_message_stands_out(text: str, emotion: str, shipped_sentiment: SentimentClassifier) -> None:
    emotions = shipped_sentiment.read([text])[1][0]
    assert EMOTIONS[int(np.argmax(emotions))] == emotion
    second, first = np.sort(emotions)[-2:]
    assert first > 2 * second


def test_pairs_that_differ_in_a_word_are_told_apart(shipped_sentiment: SentimentClassifier) -> None:
    pairs = sentiment_pairs()
    negative, positive = (shipped_sentiment.predict_proba([pair[side] for pair in pairs]) for side in (0, 1))
    balance = (positive[:, 2] - positive[:, 0]) > (negative[:, 2] - negative[:, 0])
    assert len(pairs) >= 120
    assert balance.mean() >= 0.9


def test_our_texts_are_many_and_distinct() -> None:
    messages = list(sentiment_messages())
    assert len({text.lower() for text, _ in messages}) == len(messages) >= 350
