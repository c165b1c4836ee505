"""The public sets that language is measured on: four of sentiment, three of intents, with training and test parts."""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold

SEED = 11
MOODS = np.array(["negative", "neutral", "positive"])


@dataclass(frozen=True)
class Split:
    """Training and test texts with their labels."""

    name: str
    train: tuple[list[str], list[str]]
    test: tuple[list[str], list[str]]


def _sst2(folder: Path, part: str) -> tuple[list[str], list[str]]:
    lines = (folder / "sst2" / f"{part}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.rsplit("\t", 1) for line in lines]
    return [text for text, _ in pairs], ["positive" if mark == "1" else "negative" for _, mark in pairs]


def _tweets_to_train(folder: Path) -> tuple[list[str], list[str]]:
    """Tweets of SemEval 2013-2016, the last version of each id."""
    tweets: dict[str, tuple[str, str]] = {}
    for path in sorted((folder / "tweet_sentiment" / "semeval").glob("twitter-*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                if len(cells) >= 3 and cells[1] in MOODS:
                    tweets[cells[0]] = cells[-1], cells[1]
    return [text for text, _ in tweets.values()], [mood for _, mood in tweets.values()]


def _tweets_to_test(folder: Path) -> tuple[list[str], list[str]]:
    place = folder / "tweet_sentiment" / "tweeteval"
    marks = (place / "test_labels.txt").read_text(encoding="utf-8").split()
    texts = (place / "test_text.txt").read_text(encoding="utf-8").split("\n")[: len(marks)]
    return texts, [str(MOODS[int(mark)]) for mark in marks]


def _products(folder: Path) -> tuple[list[str], list[str]]:
    lines = (folder / "product_reviews_cr" / "custrev.all").read_text(encoding="latin-1").splitlines()
    pairs = [line.split(" ", 1) for line in lines]
    return [text for _, text in pairs], ["positive" if mark == "1" else "negative" for mark, _ in pairs]


def _netflix(folder: Path) -> tuple[list[str], list[str]]:
    """Reviews of one to five stars without three, each text once."""
    table = pd.read_csv(folder / "app_reviews_netflix" / "netflix_reviews.csv").drop_duplicates("content")
    table = table[table["score"] != 3]
    moods = np.where(table["score"] > 3, "positive", "negative")
    return table["content"].astype(str).tolist(), moods.tolist()


def _banking(folder: Path, part: str) -> tuple[list[str], list[str]]:
    with (folder / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [row["text"] for row in rows], [row["category"] for row in rows]


def banking(folder: Path) -> Split:
    """Banking77: 77 intents of one domain."""
    return Split("Banking77", _banking(folder, "train"), _banking(folder, "test"))


def bitext(folder: Path) -> Split:
    """Bitext's intents of customer support."""
    parts = []
    for part in ("train", "test"):
        path = folder / "bitext_customer_support" / f"intent_detection_{part}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        parts.append(([row["utterance"] for row in rows], [row["intent"] for row in rows]))
    return Split("Bitext", *parts)


def clinc(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """The parts of CLINC150 by name: train, val, test, oos_test and others."""
    with gzip.open(folder / "clinc150" / "data_full.json.gz", "rt", encoding="utf-8") as stream:
        found: dict[str, list[list[str]]] = json.load(stream)
    return {name: ([text for text, _ in pairs], [label for _, label in pairs]) for name, pairs in found.items()}


def _folded(name: str, texts: list[str], labels: list[str]) -> Split:
    """One fifth held out, stratified."""
    train, test = next(StratifiedKFold(5, shuffle=True, random_state=SEED).split(texts, labels))
    return Split(
        name,
        ([texts[k] for k in train], [labels[k] for k in train]),
        ([texts[k] for k in test], [labels[k] for k in test]),
    )


def sentiment_splits(folder: Path) -> Iterator[Split]:
    """The four sentiment sets."""
    yield Split("SST-2 dev", _sst2(folder, "train"), _sst2(folder, "dev"))
    yield Split("TweetEval", _tweets_to_train(folder), _tweets_to_test(folder))
    yield _folded("product reviews", *_products(folder))
    yield _folded("Netflix reviews", *_netflix(folder))
