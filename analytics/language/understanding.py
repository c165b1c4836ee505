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
from analytics.language.intents import OUT_OF_SCOPE, Intent, IntentRecogniser, Lines
from analytics.language.linear import Reads
from analytics.language.sentiment import EMOTIONS, SentimentClassifier
from analytics.language.text import as_texts, guess_language
from analytics.language.topics import PRAISE, weighed_topic

_CLEARLY = 0.6


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message says. `probability` belongs to `sentiment`, `topic_weight` to `topic`.

    `moods` holds the probability of each sentiment, `emotions` of each emotion, by name; `anger` is one of them.
    """

    text: str
    sentiment: str
    probability: float
    intents: tuple[Intent, ...]
    entities: tuple[Entity, ...]
    topic: str
    language: str
    moods: dict[str, float]
    emotions: dict[str, float]
    topic_weight: float = 0.0

    @property
    def anger(self) -> float:
        """How likely the message is angry, 0 to 1."""
        return self.emotions["anger"]

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
        encoder: Reads | None = None,
        products: Iterable[str] = (),
        competitors: Iterable[str] = (),
        version: str = "unversioned",
    ) -> None:
        self.version = version
        """Names the weights, so that readings of different weights are kept apart."""
        self._encoder = encoder or sentiment.read_with()
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
        lines = Lines.of(texts)
        encoding = self._encoder.read(lines.all)
        probabilities, emotions = self._sentiment.read(texts, encoding[lines.own])
        best = np.argmax(probabilities, axis=1)
        found = [
            _without_false_praise(intents, dict(zip(self._sentiment.classes_, row, strict=True)))
            for intents, row in zip(self._intents.predict_lines(lines, encoding), probabilities, strict=True)
        ]
        names = [str(name) for name in self._sentiment.classes_]
        topics = [weighed_topic(intents) for intents in found]
        return [
            Understanding(
                text=text,
                sentiment=str(self._sentiment.classes_[best[row]]),
                probability=round(float(probabilities[row, best[row]]), 4),
                intents=tuple(found[row]),
                entities=tuple(find_entities(text, self._products, self._competitors, today=today)),
                topic=topics[row][0],
                language=guess_language(text),
                moods=dict(zip(names, map(float, probabilities[row]), strict=True)),
                emotions={name: round(float(part), 4) for name, part in zip(EMOTIONS, emotions[row], strict=True)},
                topic_weight=topics[row][1],
            )
            for row, text in enumerate(texts)
        ]


def _without_false_praise(intents: list[Intent], moods: dict[str, float]) -> list[Intent]:
    """The intents without praise that its own mood contradicts: irony is heard by the feeling, not by the words."""
    if moods.get("negative", 0.0) <= _CLEARLY:
        return intents
    kept = [intent for intent in intents if intent.name != PRAISE]
    return kept or [Intent(OUT_OF_SCOPE, round(1 - intents[0].confidence, 4))]
