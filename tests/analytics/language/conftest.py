"""The shipped models, loaded once."""

import pytest

from analytics.language import intents, sentiment
from analytics.language.intents import IntentRecogniser
from analytics.language.sentiment import SentimentClassifier
from analytics.language.understanding import Understander


@pytest.fixture(scope="session")
def shipped_sentiment() -> SentimentClassifier:
    return sentiment.load_default()


@pytest.fixture(scope="session")
def shipped_intents() -> IntentRecogniser:
    return intents.load_default()


@pytest.fixture(scope="session")
def understander(shipped_sentiment: SentimentClassifier, shipped_intents: IntentRecogniser) -> Understander:
    return Understander(
        shipped_sentiment, shipped_intents, products=("Fibre 250", "TV Plus"), competitors=("Northwave",)
    )
