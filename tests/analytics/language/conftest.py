"""The shipped models, loaded once, and a small encoder of random weights that is made once."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analytics.language import encoder as encoders
from analytics.language import intents, sentiment
from analytics.language.encoder import Encoder
from analytics.language.intents import IntentRecogniser
from analytics.language.sentiment import SentimentClassifier
from analytics.language.understanding import Understander
from tests.analytics.language import small_encoder as small

if TYPE_CHECKING:
    from analytics.language.training.export import Parts


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


@pytest.fixture(scope="session")
def small_parts(tmp_path_factory: pytest.TempPathFactory) -> "Parts":
    """The layers of a small encoder, in full precision."""
    return small.small_parts(tmp_path_factory.mktemp("starting"))


@pytest.fixture(scope="session")
def small_weights(small_parts: "Parts", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of weights made from them. Copy it before changing it."""
    return small.write_shipped(small_parts, small.TEXTS, tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="session")
def small_encoder(small_weights: Path) -> Encoder:
    """The encoder that runs those weights."""
    return encoders.load(small_weights)
