"""Measures the shipped language models on our held-out texts: other hands, voices and patterns than in training."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.language import weights
from analytics.language.intents import OUT_OF_SCOPE, Intent, IntentRecogniser
from analytics.language.rules import SAFETY_RULES
from analytics.language.sentiment import EMOTIONS, SentimentClassifier
from analytics.language.training import texts
from db.vocabulary import Json

Flags = npt.NDArray[np.bool_]
_Z = 1.959964
_FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """How many of n, with the Wilson score interval of 95 % (Wilson 1927)."""

    hits: int
    n: int

    @classmethod
    def of(cls, flags: Flags) -> "Share":
        """The share of true flags."""
        return cls(int(flags.sum()), len(flags))

    @property
    def value(self) -> float:
        """The share itself; 0 where there is nothing."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        if not self.n:
            return 0.0, 1.0
        share, z2 = self.value, _Z**2
        middle = share + z2 / (2 * self.n)
        reach = _Z * np.sqrt(share * (1 - share) / self.n + z2 / (4 * self.n**2))
        return float((middle - reach) / (1 + z2 / self.n)), float((middle + reach) / (1 + z2 / self.n))

    def as_json(self) -> Json:
        """Rounded figures."""
        low, high = self.interval
        return {"value": round(self.value, 4), "low": round(low, 4), "high": round(high, 4), "n": self.n}

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} [{low:.3f}, {high:.3f}]"


def _names(found: Sequence[Intent]) -> frozenset[str]:
    return frozenset(intent.name for intent in found)


def intent_shares(model: IntentRecogniser) -> Iterator[tuple[str, Share]]:
    """(what, share) of held-out messages: main intents, scope, voices, the safety intents, several at once."""
    examples = texts.held_out_intents()
    heard = model.predict_many([example.text for example in examples])
    truth = np.array([example.label for example in examples])
    voices = np.array([example.voice for example in examples])
    first = np.array([found[0].name for found in heard])
    listed = np.array([label in _names(found) for label, found in zip(truth, heard, strict=True)])
    inside = truth != OUT_OF_SCOPE
    yield "main intent right, in scope", Share.of((first == truth)[inside])
    yield "intent among those heard, in scope", Share.of(listed[inside])
    yield "out of scope heard as such", Share.of((first == OUT_OF_SCOPE)[~inside])
    yield "in scope taken for out of scope", Share.of((first == OUT_OF_SCOPE)[inside])
    for voice in np.unique(voices):
        yield (
            f"main intent right, {str(voice).replace('_', ' ')}",
            Share.of((first == truth)[inside & (voices == voice)]),
        )
    for rule in SAFETY_RULES:
        yield f"{rule.intent} heard", Share.of(listed[truth == rule.intent])
    calm = model.predict_many(texts.held_out_without_handoff())
    yield "human_request falsely heard", Share.of(np.array(["human_request" in _names(found) for found in calm]))
    several = texts.held_out_several()
    together = [_names(found) for found in model.predict_many([text for text, _ in several])]
    pairs = list(zip([wanted for _, wanted in several], together, strict=True))
    hits = sum(len(wanted & got) for wanted, got in pairs)
    yield "several intents: all heard", Share.of(np.array([wanted <= got for wanted, got in pairs]))
    yield "several intents: recall", Share(hits, sum(len(wanted) for wanted, _ in pairs))
    yield "several intents: precision", Share(hits, sum(len(got) for _, got in pairs))


def sentiment_shares(model: SentimentClassifier) -> Iterator[tuple[str, Share]]:
    """(what, share) of held-out customer messages and minimal pairs."""
    found = texts.held_out_emotions()
    probabilities, emotions = model.read([text for text, _, _ in found])
    moods = np.array([mood for _, mood, _ in found])
    right = model.classes_[np.argmax(probabilities, axis=1)] == moods
    yield "sentiment right", Share.of(right)
    for mood in np.unique(moods):
        yield f"sentiment right, {mood}", Share.of(right[moods == mood])
    pairs = texts.held_out_sentiment_pairs()
    negative, positive = (model.predict_proba([pair[side] for pair in pairs]) for side in (0, 1))
    sides = np.concatenate([negative[:, 0] > negative[:, 2], positive[:, 2] > positive[:, 0]])
    yield "sides of minimal pairs right", Share.of(sides)
    for place, name in enumerate(EMOTIONS):
        truth = np.array([emotion == name for _, _, emotion in found])
        cut = np.quantile(emotions[~truth, place], 1 - _FALSE_ALARMS)
        yield f"{name} heard at 5 % false alarms", Share.of(emotions[truth, place] > cut)


def evaluate_held_out(sentiment: SentimentClassifier, intents: IntentRecogniser) -> Json:
    """All shares with intervals, and which weights they are of."""
    return {
        "protocol": "texts by other authors in other voices, kept from training; Wilson intervals of 95 %",
        "sentiment": {name: share.as_json() for name, share in sentiment_shares(sentiment)},
        "intents": {name: share.as_json() for name, share in intent_shares(intents)},
        "weights": weights.shipped_version(),
    }
