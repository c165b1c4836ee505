import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language.topics import TOPICS
from analytics.language.understanding import Understander

COMPLAINT = (
    "Hi, Fibre 250 was down for 3 days and you charged me €45 twice! Refund me by next Friday or I go to Northwave."
)


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
    assert 0 <= read.anger <= 1
    assert 1 / 3 <= read.probability <= 1
    assert read.topic in TOPICS
    assert read.intents
    assert all(0 <= intent.confidence <= 1 for intent in read.intents)
