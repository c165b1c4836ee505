"""What the layers are tuned on and what the heads are fitted on are other texts, each with what is known of it."""

import gzip
import logging
from pathlib import Path

import numpy as np
import pytest

from analytics.language.training import feelings, texts
from analytics.language.training.feelings import EMOTIONS, IGNORED, SENTIMENTS, Labelled, for_heads, for_layers

SEED = 11
NAMES = ["anger", "annoyance", "confusion", "disappointment", "disgust", "gratitude", "joy", "neutral"]
SHARED = "Thank you so much"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small GoEmotions; a text of its development part is among those to tune on, another is ours."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "goemotions").mkdir()
    (folder / "goemotions" / "labels.txt").write_text("\n".join(NAMES))
    ours = next(text for text in ours_for_layers() if '"' not in text)
    parts = {
        "train": [(SHARED, "gratitude"), ("So happy for [NAME]", "joy"), ("ugh this again", "annoyance")],
        "dev": [(SHARED, "gratitude"), (ours, "neutral"), ("this is vile", "disgust"), ("what", "joy,disgust")],
    }
    for name, rows in parts.items():
        with gzip.open(folder / "goemotions" / f"{name}.tsv.gz", "wt", encoding="utf-8") as stream:
            for text, labels in rows:
                numbers = ",".join(str(NAMES.index(label)) for label in labels.split(","))
                stream.write(f"{text}\t{numbers}\tid\n")
    return folder


def ours_for_layers() -> list[str]:
    return for_layers(Path("nowhere"), SEED).texts


def marks_of(labelled: Labelled, text: str) -> dict[str, int]:
    """What is known of the emotions of a text."""
    row = labelled.emotions[labelled.texts.index(text)].tolist()
    return {name: mark for name, mark in zip(labelled.names, row, strict=True) if mark != IGNORED}


def sentiment_of(labelled: Labelled, text: str) -> str | None:
    mark = int(labelled.sentiment[labelled.texts.index(text)])
    return None if mark == IGNORED else SENTIMENTS[mark]


def test_without_public_sets_ours_are_shared_out(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.WARNING, logger=feelings.__name__)
    layers, heads = for_layers(tmp_path, SEED), for_heads(tmp_path, SEED)
    assert any("is absent" in message for message in caplog.messages)
    assert layers.names == heads.names == EMOTIONS
    ours = {text for text, _ in texts.opinions()} | {text for text, _, _ in texts.emotion_messages()}
    assert ours <= set(layers.texts) | set(heads.texts)
    assert 1 / 8 < len(heads.texts) / (len(layers.texts) + len(heads.texts)) < 1 / 5


def test_no_text_is_for_both(data: Path, tmp_path: Path) -> None:
    for folder in (data, tmp_path):
        layers, heads = for_layers(folder, SEED), for_heads(folder, SEED)
        assert set(layers.texts) & set(heads.texts) == set()
    assert SHARED in for_layers(data, SEED).texts


@pytest.mark.bench_data
def test_no_text_of_the_whole_public_set_is_for_both(public_data: Path) -> None:
    layers, heads = for_layers(public_data, SEED), for_heads(public_data, SEED)
    assert layers.sources["goemotions"] == feelings._MOST_GOEMOTIONS
    assert heads.sources["goemotions"] > 5_000
    assert set(layers.texts) & set(heads.texts) == set()


def test_public_texts_are_known_in_full_and_ours_where_we_looked(data: Path) -> None:
    layers = for_layers(data, SEED)
    assert layers.names == tuple(NAMES)
    assert marks_of(layers, "So happy for someone") == {name: int(name == "joy") for name in NAMES}
    assert sentiment_of(layers, "So happy for someone") == "positive"
    text, sentiment, emotion = next(row for row in texts.emotion_messages() if row[0] in layers.texts)
    assert marks_of(layers, text) == {name: int(name == emotion) for name in EMOTIONS}
    assert sentiment_of(layers, text) == sentiment
    opinion = next(text for text, _ in texts.opinions() if text in layers.texts)
    assert marks_of(layers, opinion) == {}


def test_heads_read_four_emotions_and_anger_takes_in_disgust(data: Path) -> None:
    heads = for_heads(data, SEED)
    assert heads.names == EMOTIONS
    assert marks_of(heads, "this is vile") == {name: int(name == "anger") for name in EMOTIONS}
    assert sentiment_of(heads, "this is vile") == "negative"
    assert sentiment_of(heads, "what") is None


def test_arrays_go_with_the_texts_and_patterns_weigh_less(data: Path) -> None:
    for labelled in (for_layers(data, SEED), for_heads(data, SEED)):
        rows = len(labelled.texts)
        assert labelled.sentiment.shape == labelled.weight.shape == (rows,)
        assert labelled.emotions.shape == (rows, len(labelled.names))
        assert sum(labelled.sources.values()) == rows
        assert set(np.unique(labelled.emotions)) == {IGNORED, 0, 1}
        assert set(np.unique(labelled.weight)) == {0.5, 1.0, 2.0}


def test_the_same_seed_gives_the_same_texts(data: Path) -> None:
    assert for_layers(data, SEED).texts == for_layers(data, SEED).texts
    assert for_layers(data, SEED).texts != for_layers(data, SEED + 1).texts
