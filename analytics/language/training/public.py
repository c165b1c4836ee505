"""Readers of the public sets whose licence allows shipping weights trained on them."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_POSITIVE = _set("""
    admiration amusement approval caring excitement gratitude joy love optimism pride relief desire
    """)
_NEGATIVE = _set("""
    anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness remorse sadness
    """)
_ANGRY = _set("""
    anger annoyance disgust
    """)


def emotion_names(folder: Path) -> list[str]:
    """The 28 labels of GoEmotions in their order."""
    return (folder / "labels.txt").read_text(encoding="utf-8").split()


def goemotions(folder: Path, split: str) -> Iterator[tuple[str, frozenset[str]]]:
    """(text, emotions) of one split of GoEmotions (Apache-2.0); masks become ordinary words."""
    names = emotion_names(folder)
    with gzip.open(folder / f"{split}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        for line in lines:
            text, labels, _ = line.rstrip("\n").rsplit("\t", 2)
            masked = text.replace("[NAME]", "someone").replace("[RELIGION]", "religion")
            yield masked, frozenset(names[int(label)] for label in labels.split(","))


def sentiment_of(emotions: frozenset[str]) -> str | None:
    """negative, neutral or positive; None where the emotions disagree or say neither."""
    positive, negative = bool(emotions & _POSITIVE), bool(emotions & _NEGATIVE)
    if positive != negative:
        return "positive" if positive else "negative"
    return "neutral" if emotions == {"neutral"} else None


def is_angry(emotions: frozenset[str]) -> bool:
    """Whether raters saw anger, annoyance or disgust."""
    return bool(emotions & _ANGRY)


def clinc150(folder: Path) -> Iterator[tuple[str, str]]:
    """(text, intent) of the training and validation parts of CLINC150 (CC BY 3.0); `oos` is out of scope."""
    with gzip.open(folder / "data_full.json.gz", "rt", encoding="utf-8") as stream:
        parts: dict[str, list[list[str]]] = json.load(stream)
    for part in ("train", "oos_train", "val", "oos_val"):
        yield from ((text, intent) for text, intent in parts[part])


def multidogo_media(folder: Path) -> Iterator[tuple[str, str]]:
    """(text, intent) of turns with a single intent in MultiDoGO's media domain, training part (CDLA-Permissive-1.0)."""
    with gzip.open(folder / "media" / "train.tsv.gz", "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            intent = row["intent"] or ""
            if row["utterance"] and "<div>" not in intent:
                yield " ".join(row["utterance"].split()), intent


def bitext(folder: Path) -> Iterator[tuple[str, str]]:
    """(text, intent) of the training part of Bitext's intent set (CDLA-Sharing-1.0)."""
    with (folder / "intent_detection_train.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield row["utterance"], row["intent"]
