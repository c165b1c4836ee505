"""Language: sentiment and intents beside TF-IDF with a linear support vector machine, on five public sets."""

import csv
import gzip
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, recall_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from analytics.language import sentiment
from analytics.language.intents import IntentRecogniser
from analytics.language.sentiment import SentimentClassifier
from benchmarks.report import parse_arguments, require_data, say, show_table, write_json

_SEED = 11
_MOODS = np.array(["negative", "neutral", "positive"])
_QUICK_ROWS = 2_000


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
                if len(cells) >= 3 and cells[1] in _MOODS:
                    tweets[cells[0]] = cells[-1], cells[1]
    return [text for text, _ in tweets.values()], [mood for _, mood in tweets.values()]


def _tweets_to_test(folder: Path) -> tuple[list[str], list[str]]:
    place = folder / "tweet_sentiment" / "tweeteval"
    marks = (place / "test_labels.txt").read_text(encoding="utf-8").split()
    texts = (place / "test_text.txt").read_text(encoding="utf-8").split("\n")[: len(marks)]
    return texts, [str(_MOODS[int(mark)]) for mark in marks]


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


def _folded(name: str, texts: list[str], labels: list[str]) -> Split:
    """One fifth held out, stratified."""
    train, test = next(StratifiedKFold(5, shuffle=True, random_state=_SEED).split(texts, labels))
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


def _peer() -> Any:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(make_union(words, letters), LinearSVC(C=0.5, class_weight="balanced"))


def _balanced(labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Weights that give every label the same total."""
    _, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(len(labels) / (len(counts) * counts[place]), dtype=np.float64)


def _score(split: Split, predicted: npt.NDArray[Any]) -> float:
    """Macro recall on TweetEval, accuracy elsewhere."""
    if split.name == "TweetEval":
        return float(recall_score(split.test[1], predicted, average="macro"))
    return float(accuracy_score(split.test[1], predicted))


def _without_fitting(model: SentimentClassifier, split: Split) -> npt.NDArray[Any]:
    """The shipped model's answer; where a set has no neutral class, the likelier of the other two."""
    probabilities = model.predict_proba(split.test[0])
    if "neutral" not in split.test[1]:
        probabilities[:, 1] = 0.0
    return np.asarray(model.classes_[np.argmax(probabilities, axis=1)])


def _cut(part: tuple[list[str], list[str]], rows: int | None) -> tuple[list[str], list[str]]:
    if rows is None or len(part[0]) <= rows:
        return part
    kept = np.random.default_rng(_SEED).choice(len(part[0]), rows, replace=False)
    return [part[0][k] for k in kept], [part[1][k] for k in kept]


def compare_sentiment(folder: Path, rows: int | None) -> list[dict[str, Any]]:
    """One row per set: peer, ours fitted to the set's training part, the shipped model as it is."""
    shipped = sentiment.load_default()
    table = []
    for split in sentiment_splits(folder):
        texts, labels = _cut(split.train, rows)
        say(f"{split.name}: {len(texts):,} to train on, {len(split.test[0]):,} to test")
        ours = SentimentClassifier(C=2.0).fit(texts, labels, _balanced(labels)).predict(split.test[0])
        peer = _peer().fit(texts, labels).predict(split.test[0])
        table.append(
            {
                "set": split.name,
                "n": len(split.test[0]),
                "TF-IDF SVM": _score(split, peer),
                "ours fitted": _score(split, ours),
                "ours shipped": _score(split, _without_fitting(shipped, split)),
            }
        )
    return table


def compare_intents(folder: Path, rows: int | None) -> list[dict[str, Any]]:
    """Banking77: accuracy with the whole training part and with ten and five examples per intent."""
    texts, labels = _banking(folder, "train")
    test = _banking(folder, "test")
    table = []
    for shots in (5, 10) if rows else (5, 10, None):
        rng = np.random.default_rng(_SEED)
        by_label = pd.Series(range(len(labels))).groupby(labels)
        kept = [k for _, group in by_label for k in rng.permutation(group.to_numpy())[:shots]]
        train = [texts[k] for k in kept], [labels[k] for k in kept]
        say(f"Banking77, {shots or 'all'} per intent: {len(kept):,} to train on")
        ours = IntentRecogniser(word_bits=15, letter_bits=16).fit(*train)
        table.append(
            {
                "set": f"Banking77 {f'{shots}-shot' if shots else 'full'}",
                "n": len(test[0]),
                "TF-IDF SVM": float(accuracy_score(test[1], _peer().fit(*train).predict(test[0]))),
                "ours fitted": float(accuracy_score(test[1], ours.predict(test[0]))),
            }
        )
    return table


def time_shipped(folder: Path) -> list[dict[str, Any]]:
    """Seconds to load the shipped sentiment model, milliseconds for one message, messages a second in batches."""
    start = time.perf_counter()
    model = sentiment.load_default()
    loaded = time.perf_counter() - start
    texts = _banking(folder, "test")[0][:1_000]
    start = time.perf_counter()
    for text in texts[:200]:
        model.predict_proba([text])
    single = (time.perf_counter() - start) / 200
    start = time.perf_counter()
    model.predict_proba(texts)
    batch = len(texts) / (time.perf_counter() - start)
    return [{"shipped sentiment": "time", "load s": loaded, "one message ms": 1e3 * single, "messages/s": batch}]


def main() -> int:
    """Run the comparison, print the tables, write the figures."""
    options = parse_arguments(__doc__ or "")
    folder = require_data(options.data)
    rows = _QUICK_ROWS if options.quick else None
    results = {
        "sentiment": compare_sentiment(folder, rows),
        "intents": compare_intents(folder, rows),
        "time": time_shipped(folder),
    }
    for title, table in results.items():
        show_table(title, table)
    write_json(options.json, "language", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
