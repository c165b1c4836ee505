import numpy as np
import pytest

from analytics.language import sentiment
from analytics.language.sentiment import SentimentClassifier
from analytics.language.training.texts import sentiment_messages, sentiment_pairs
from db.errors import TrainingError

TEXTS = ["great service", "lovely app", "good and fast", "awful service", "bad app", "slow and broken"] * 5
LABELS = ["positive", "positive", "positive", "negative", "negative", "negative"] * 5


def small() -> SentimentClassifier:
    return SentimentClassifier(word_bits=10, letter_bits=10)


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


def test_the_shipped_model_knows_three_moods(shipped_sentiment: SentimentClassifier) -> None:
    assert tuple(shipped_sentiment.classes_) == sentiment.SENTIMENTS


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
    probabilities, anger = shipped_sentiment.read([text])
    assert probabilities[0].tolist() == pytest.approx([0.15, 0.7, 0.15])
    assert anger[0] == 0


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
    _, anger = shipped_sentiment.read(["you stupid idiots, I am fed up with your lies!!!", "when does it end, please"])
    assert anger[0] > 0.5 > 0.2 > anger[1]


def test_pairs_that_differ_in_a_word_are_told_apart(shipped_sentiment: SentimentClassifier) -> None:
    pairs = sentiment_pairs()
    negative, positive = (shipped_sentiment.predict_proba([pair[side] for pair in pairs]) for side in (0, 1))
    balance = (positive[:, 2] - positive[:, 0]) > (negative[:, 2] - negative[:, 0])
    assert len(pairs) >= 120
    assert balance.mean() >= 0.9


def test_our_texts_are_many_and_distinct() -> None:
    messages = list(sentiment_messages())
    assert len({text.lower() for text, _ in messages}) == len(messages) >= 350
