"""Everything we read from a message in one pass: sentiment, anger, intents, entities and topic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import numpy as np

from analytics.language import intents as intent_models
from analytics.language import sentiment as sentiment_models
from analytics.language import weights
from analytics.language.entities import Entity, find_entities
from analytics.language.intents import Intent, IntentRecogniser
from analytics.language.linear import as_texts
from analytics.language.sentiment import SentimentClassifier
from analytics.language.text import guess_language
from analytics.language.topics import topic_of


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message says. `probability` belongs to `sentiment`; `anger` is between 0 and 1.

    `moods` holds the probability of each sentiment by name.
    """

    text: str
    sentiment: str
    probability: float
    intents: tuple[Intent, ...]
    entities: tuple[Entity, ...]
    topic: str
    anger: float
    language: str
    moods: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """The line that `mainstay understand` prints."""
        return {
            "text": self.text,
            "sentiment": self.sentiment,
            "probability": self.probability,
            "intents": [{"name": intent.name, "confidence": intent.confidence} for intent in self.intents],
            "entities": [
                {"kind": e.kind, "value": e.value, "text": e.text, "start": e.start, "end": e.end}
                for e in self.entities
            ],
            "topic": self.topic,
        }


class Understander:
    """Reads messages with a sentiment model, an intent model and the names of products and competitors."""

    def __init__(
        self,
        sentiment: SentimentClassifier,
        intents: IntentRecogniser,
        *,
        products: Iterable[str] = (),
        competitors: Iterable[str] = (),
        version: str = "unversioned",
    ) -> None:
        self.version = version
        """Names the weights, so that readings of different weights are kept apart."""
        self._sentiment = sentiment
        self._intents = intents
        self._products = tuple(products)
        self._competitors = tuple(competitors)

    @classmethod
    def load_default(cls, *, products: Iterable[str] = (), competitors: Iterable[str] = ()) -> Self:
        """With the shipped models. Raises ArtifactError where their weights are missing or were changed."""
        models = sentiment_models.load_default(), intent_models.load_default()
        return cls(*models, products=products, competitors=competitors, version=weights.shipped_version())

    def understand(self, text: str, *, today: date | None = None) -> Understanding:
        """What one message says; relative dates are read from `today`."""
        return self.batch([text], today=today)[0]

    def batch(self, texts: Sequence[str], *, today: date | None = None) -> list[Understanding]:
        """What each message says, in order; faster than one at a time."""
        texts = as_texts(texts)
        if not texts:
            return []
        probabilities, anger = self._sentiment.read(texts)
        best = np.argmax(probabilities, axis=1)
        found = self._intents.predict_many(texts)
        names = [str(name) for name in self._sentiment.classes_]
        return [
            Understanding(
                text=text,
                sentiment=str(self._sentiment.classes_[best[row]]),
                probability=round(float(probabilities[row, best[row]]), 4),
                intents=tuple(found[row]),
                entities=tuple(find_entities(text, self._products, self._competitors, today=today)),
                topic=topic_of(found[row]),
                anger=round(float(anger[row]), 4),
                language=guess_language(text),
                moods=dict(zip(names, map(float, probabilities[row]), strict=True)),
            )
            for row, text in enumerate(texts)
        ]
