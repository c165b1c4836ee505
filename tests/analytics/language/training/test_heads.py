"""How the sentiment head is fitted: on texts that the layers saw and texts that were kept, calibrated on the latter."""

import numpy as np

from analytics.language.train import fit_sentiment
from analytics.language.training.feelings import EMOTIONS, IGNORED, SENTIMENTS, Labelled
from tests.analytics.language.reader import Reader

WORDS = {"negative": ("awful", "broken"), "neutral": ("invoice", "address"), "positive": ("lovely", "superb")}
PLACES = ("kitchen", "office", "garden", "station", "harbour", "library", "museum", "theatre")


def _labelled(source: str, turn: int) -> Labelled:
    rows = [
        (f"{word} {place} {PLACES[(number + turn) % 8]}", mood)
        for mood, words in WORDS.items()
        for word in words
        for number, place in enumerate(PLACES)
    ]
    emotions = np.full((len(rows), len(EMOTIONS)), IGNORED, dtype=np.int64)
    for line, (text, _) in enumerate(rows):
        emotions[line] = [text.startswith("awful"), text.startswith("broken"), text.startswith("superb"), False]
        emotions[line, 3] = line % 5 == 0
    return Labelled(
        texts=[text for text, _ in rows],
        sentiment=np.array([SENTIMENTS.index(mood) for _, mood in rows], dtype=np.int64),
        emotions=emotions,
        weight=np.ones(len(rows), dtype=np.float32),
        names=EMOTIONS,
        sources={source: len(rows)},
    )


def test_moods_and_emotions_are_learned_from_both_sets() -> None:
    model = fit_sentiment(_labelled("own", 1), _labelled("own", 3), Reader())
    assert list(model.predict(["awful attic", "the address of the attic", "superb attic"])) == list(SENTIMENTS)
    _, emotions = model.read(["awful kitchen garden", "superb kitchen garden"])
    assert emotions[0].argmax() == EMOTIONS.index("anger")
    assert emotions[1].argmax() == EMOTIONS.index("gratitude")


def test_probabilities_are_calibrated_on_our_own_texts() -> None:
    noisy = _labelled("own", 3)
    wrong = np.random.default_rng(2).random(len(noisy.texts)) < 0.5
    noisy.sentiment[wrong] = (noisy.sentiment[wrong] + 1) % 3
    sure = fit_sentiment(_labelled("own", 1), _labelled("own", 3), Reader())
    doubting = fit_sentiment(_labelled("own", 1), noisy, Reader())
    text = ["awful kitchen library"]
    assert doubting.predict_proba(text).max() < sure.predict_proba(text).max()
