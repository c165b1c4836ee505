"""Everything that is read from a message in one pass: the same alone and in a batch, and defined for any text."""

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language.intents import IntentRecogniser, Lines
from analytics.language.sentiment import EMOTIONS, SENTIMENTS, SentimentClassifier
from analytics.language.topics import TOPICS
from analytics.language.understanding import Understander
from tests.analytics.language.reader import Reader

COMPLAINT = (
    "Hi, Fibre 250 was down for 3 days and you charged me €45 twice! Refund me by next Friday or I go to Northwave."
)
TAUGHT = [
    ("cancel my plan at once", "cancel", "negative", "anger"),
    ("refund the double charge", "refund", "negative", "disappointment"),
    ("hello there", "greeting", "neutral", "confusion"),
    ("thank you for the great help", "thanks", "positive", "gratitude"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def small(reader: Reader) -> Understander:
    """Reads four sentences that it was taught, with vectors of a reader that counts what it is asked."""
    texts, intents, moods, emotions = (list(column) * 3 for column in zip(*TAUGHT, strict=True))
    marks = np.array([[int(name == emotion) for name in EMOTIONS] for emotion in emotions])
    sentiment = SentimentClassifier(word_bits=9, letter_bits=9, encoder=reader).fit(texts, moods)
    sentiment.fit_emotions(texts, marks)
    return Understander(sentiment, IntentRecogniser(word_bits=9, letter_bits=9, encoder=reader).fit(texts, intents))


@pytest.mark.parametrize(("text", "intent", "mood", "emotion"), TAUGHT)
def test_what_was_taught_is_read(text: str, intent: str, mood: str, emotion: str, small: Understander) -> None:
    read = small.understand(text)
    assert (read.intents[0].name, read.sentiment) == (intent, mood)
    assert max(read.emotions, key=lambda name: read.emotions[name]) == emotion
    assert read.anger == read.emotions["anger"]
    assert set(read.moods) == set(SENTIMENTS)
    assert read.probability == pytest.approx(read.moods[mood], abs=1e-4)


def test_every_line_is_encoded_once(small: Understander, reader: Reader) -> None:
    texts = ["Hello there. Cancel my plan at once.", "refund the double charge", ""]
    before = reader.asked
    found = small.batch(texts)
    assert reader.asked - before == len(Lines.of(texts).all) == 5
    assert [intent.name for intent in found[0].intents] == ["cancel", "greeting"]


def test_a_message_reads_the_same_alone_and_among_others(small: Understander) -> None:
    texts = [*(row[0] for row in TAUGHT), "Hello there. Cancel my plan at once.", "", "zebra"]
    for together, alone in zip(small.batch(texts), map(small.understand, texts), strict=True):
        assert together.moods == pytest.approx(alone.moods, abs=1e-6)
        assert together.emotions == pytest.approx(alone.emotions, abs=2e-4)
        assert together.intents == alone.intents
        assert together.as_json() == alone.as_json()


def test_models_of_words_alone_can_be_read_with() -> None:
    texts, intents, moods, _ = (list(column) * 3 for column in zip(*TAUGHT, strict=True))
    sentiment = SentimentClassifier(word_bits=9, letter_bits=9, vectors=()).fit(texts, moods)
    recogniser = IntentRecogniser(word_bits=9, letter_bits=9, vectors=()).fit(texts, intents)
    read = Understander(sentiment, recogniser, encoder=Reader()).understand("refund the double charge")
    assert (read.intents[0].name, read.sentiment, read.anger) == ("refund", "negative", 0.0)


def test_a_complaint_is_read_in_full(understander: Understander) -> None:
    read = understander.understand(COMPLAINT, today=date(2026, 11, 21))
    assert read.sentiment == "negative"
    assert {"outage", "billing_error", "refund"} & {intent.name for intent in read.intents}
    assert [(entity.kind, entity.value) for entity in read.entities] == [
        ("product", "Fibre 250"),
        ("duration", "P3D"),
        ("amount", "45.00 EUR"),
        ("date", "2026-11-27"),
        ("competitor", "Northwave"),
    ]


def test_the_printed_line_has_the_promised_fields(understander: Understander) -> None:
    line = understander.understand(COMPLAINT).as_json()
    assert list(line) == ["text", "sentiment", "probability", "intents", "entities", "topic"]
    assert json.loads(json.dumps(line)) == line


def test_a_batch_says_the_same_as_one_by_one(understander: Understander) -> None:
    texts = ["I want to cancel", "", "great service!", COMPLAINT]
    together = understander.batch(texts)
    assert [read.sentiment for read in together] == [understander.understand(text).sentiment for text in texts]
    assert [read.intents[0].name for read in together] == [
        understander.understand(text).intents[0].name for text in texts
    ]


def test_an_empty_batch_is_empty(understander: Understander) -> None:
    assert understander.batch([]) == []


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "cancel my subscription " * 50_000, "😀" * 300_000, "\n" * 1_000_000, "!" * 1_000_000]
)
def test_a_megabyte_is_answered(text: str, understander: Understander) -> None:
    read = understander.understand(text)
    assert read.text == text
    assert read.intents


def test_the_head_of_a_long_text_is_heard(understander: Understander) -> None:
    read = understander.understand("I want to cancel my subscription. " + "So it goes. " * 90_000)
    assert "cancel" in {intent.name for intent in read.intents}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_text_is_answered(understander: Understander, text: str) -> None:
    read = understander.understand(text, today=date(2026, 2, 28))
    assert read.text == text
    assert tuple(read.emotions) == EMOTIONS
    assert all(0 <= emotion <= 1 for emotion in read.emotions.values())
    assert 1 / 3 <= read.probability <= 1
    assert read.topic in TOPICS
    assert read.intents
    assert all(0 <= intent.confidence <= 1 for intent in read.intents)


@pytest.mark.parametrize(
    "text",
    ["I expected so much more from you, what a let-down", "your service is shit", "Bravo. Third outage this week."],
)
def test_blame_is_never_taken_for_praise(text: str, understander: Understander) -> None:
    found = understander.understand(text)
    assert found.sentiment == "negative"
    assert "praise" not in {intent.name for intent in found.intents}
    assert found.topic != "praise"
