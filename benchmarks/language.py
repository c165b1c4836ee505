"""Language: sentiment and intents beside VADER, TF-IDF and the frozen encoder, on public sets and held-out texts."""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, recall_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.semi_supervised import SelfTrainingClassifier

from analytics.language import encoder as encoders
from analytics.language import intents, sentiment
from analytics.language.encoder import Encoder, Encoding
from analytics.language.evaluation import Share, intent_shares, sentiment_shares
from analytics.language.intents import IntentRecogniser
from analytics.language.sentiment import SentimentClassifier
from analytics.language.training import public, texts
from benchmarks.language_sets import MOODS, SEED, Split, banking, bitext, clinc, sentiment_splits
from benchmarks.language_speed import MEASURES, precision_loss
from benchmarks.report import parse_arguments, require_data, say, show_table, write_json

_QUICK_ROWS = 2_000
_MANY = 5
Labels = npt.NDArray[Any]
Row = dict[str, Any]


def _tfidf(classes: int = 3) -> Any:
    """Logistic regression on words and letters; one against the rest where there are many classes, which is quicker."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    many = classes > _MANY
    model = LogisticRegression(C=10, max_iter=300, class_weight="balanced", solver="liblinear" if many else "lbfgs")
    return make_pipeline(make_union(words, letters), OneVsRestClassifier(model) if many else model)


def _frozen() -> LogisticRegression:
    return LogisticRegression(C=20, max_iter=1_000, tol=1e-5, class_weight="balanced")


def _vader(lines: Sequence[str], *, neutral: bool) -> Labels:
    """VADER's answers with its usual cuts at 0.05, or at zero where there is no neutral class."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    scores = np.array([analyser.polarity_scores(line)["compound"] for line in lines])
    if not neutral:
        return MOODS[np.where(scores >= 0, 2, 0)]
    return MOODS[np.where(scores >= 0.05, 2, np.where(scores <= -0.05, 0, 1))]


def _balanced(labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Weights that give every label the same total."""
    _, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.asarray(len(labels) / (len(counts) * counts[place]), dtype=np.float64)


def _score(split: Split, predicted: Labels) -> float:
    """Macro recall on TweetEval, accuracy elsewhere."""
    if split.name == "TweetEval":
        return float(recall_score(split.test[1], predicted, average="macro"))
    return float(accuracy_score(split.test[1], predicted))


def _without_fitting(model: SentimentClassifier, split: Split, encoding: Encoding) -> Labels:
    """The shipped model's answer; where a set has no neutral class, the likelier of the other two."""
    probabilities = model.predict_proba(split.test[0], encoding)
    if "neutral" not in split.test[1]:
        probabilities[:, 1] = 0.0
    return np.asarray(model.classes_[np.argmax(probabilities, axis=1)])


def _cut(part: tuple[list[str], list[str]], rows: int | None) -> tuple[list[str], list[str]]:
    if rows is None or len(part[0]) <= rows:
        return part
    kept = np.random.default_rng(SEED).choice(len(part[0]), rows, replace=False)
    return [part[0][k] for k in kept], [part[1][k] for k in kept]


def compare_sentiment(folder: Path, encoder: Encoder, rows: int | None) -> list[Row]:
    """One row per set: the peers, ours fitted to the set's training part, the shipped model as it is."""
    shipped = sentiment.load_default()
    table = []
    for whole in sentiment_splits(folder):
        split = Split(whole.name, _cut(whole.train, rows), _cut(whole.test, rows))
        say(f"{split.name}: {len(split.train[0]):,} to train on, {len(split.test[0]):,} to test")
        lines, labels = split.train
        seen, new = encoder.read(lines), encoder.read(split.test[0])
        fitted = SentimentClassifier(encoder=encoder).fit(lines, labels, _balanced(labels), seen)
        answers = {
            "VADER": _vader(split.test[0], neutral="neutral" in split.test[1]),
            "TF-IDF LR": _tfidf().fit(lines, labels).predict(split.test[0]),
            "frozen LR": _frozen().fit(seen.meaning, labels).predict(new.meaning),
            "ours fitted": fitted.predict(split.test[0], new),
            "ours shipped": _without_fitting(shipped, split, new),
        }
        table.append(
            {"set": split.name, "n": len(split.test[0])}
            | {name: _score(split, found) for name, found in answers.items()}
        )
    return table


def _shots(labels: Sequence[str], shots: int | None, seed: int) -> list[int]:
    """Places of some texts of each label, or of all."""
    if shots is None:
        return list(range(len(labels)))
    rng, places = np.random.default_rng(seed), np.asarray(labels)
    return [int(k) for name in np.unique(places) for k in rng.permutation(np.flatnonzero(places == name))[:shots]]


def compare_intents(folder: Path, encoder: Encoder, *, quick: bool) -> list[Row]:
    """Accuracy on Banking77 (whole, and few texts per intent: mean of five draws) and Bitext."""
    table = []
    sets = [(banking(folder), (5, 10) if quick else (5, 10, None)), (bitext(folder), (None,))]
    for split, sizes in sets:
        seen, new = encoder.read(split.train[0]), encoder.read(split.test[0])
        for shots in sizes:
            found: dict[str, list[float]] = {}
            for seed in range(5 if shots else 1):
                kept = _shots(split.train[1], shots, SEED + seed)
                lines, labels = [split.train[0][k] for k in kept], [split.train[1][k] for k in kept]
                answers = {
                    "TF-IDF LR": _tfidf(len(set(labels))).fit(lines, labels).predict(split.test[0]),
                    "frozen LR": _frozen().fit(seen.meaning[kept], labels).predict(new.meaning),
                    "ours fitted": IntentRecogniser(encoder=encoder)
                    .fit(lines, labels, None, seen[kept])
                    .predict(split.test[0], new),
                }
                for name, answer in answers.items():
                    found.setdefault(name, []).append(float(accuracy_score(split.test[1], answer)))
            name = f"{split.name} {f'{shots}-shot' if shots else 'full'}"
            say(f"{name}: {len(kept):,} to train on")
            table.append(
                {"set": name, "n": len(split.test[0])} | {key: float(np.mean(row)) for key, row in found.items()}
            )
    return table


def _energy(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(special.logsumexp(scores, axis=1))


def compare_scope(folder: Path, encoder: Encoder, rows: int | None) -> list[Row]:
    """CLINC150: accuracy in scope, and recall of what is out of scope where 5 % of the validation part are refused."""
    parts = clinc(folder)
    parts["train"] = _cut(parts["train"], rows)
    vectors = {name: encoder.read(parts[name][0]) for name in ("train", "val", "test", "oos_test")}
    lines, labels = parts["train"]
    tfidf = _tfidf(len(set(labels))).fit(lines, labels)
    frozen = _frozen().fit(vectors["train"].meaning, labels)
    ours = IntentRecogniser(encoder=encoder).fit(lines, labels, None, vectors["train"])
    table = []
    for name, classes, scores in (
        ("TF-IDF LR", tfidf.classes_, lambda part: tfidf.decision_function(parts[part][0])),
        ("frozen LR", frozen.classes_, lambda part: frozen.decision_function(vectors[part].meaning)),
        ("ours fitted", ours.classes_, lambda part: ours.decision_function(parts[part][0], vectors[part])),
    ):
        test = scores("test")
        cut = np.quantile(_energy(scores("val")), 0.05)
        table.append(
            {
                "CLINC150": name,
                "in scope": float(np.mean(classes[np.argmax(test, axis=1)] == np.asarray(parts["test"][1]))),
                "out-of-scope recall": float(np.mean(_energy(scores("oos_test")) < cut)),
                "falsely refused": float(np.mean(_energy(test) < cut)),
            }
        )
    return table


def _all_sets(folder: Path, rows: int | None) -> tuple[list[str], list[str]]:
    """The training parts of all sentiment sets together."""
    lines: list[str] = []
    labels: list[str] = []
    for split in sentiment_splits(folder):
        some = _cut(split.train, rows)
        lines += some[0]
        labels += some[1]
    return lines, labels


def held_out_sentiment(folder: Path, rows: int | None) -> list[Row]:
    """Our held-out customer messages and minimal pairs: other hands, other voices, other patterns than in training."""
    found = texts.held_out_emotions()
    lines = [text for text, _, _ in found]
    moods = np.array([mood for _, mood, _ in found])
    pairs = texts.held_out_sentiment_pairs()
    sides = [negative for negative, _ in pairs] + [positive for _, positive in pairs]
    truth = np.array(["negative"] * len(pairs) + ["positive"] * len(pairs))
    tfidf = _tfidf().fit(*_all_sets(folder, rows))
    shipped = sentiment.load_default()

    def two_way(probabilities: npt.NDArray[np.float64]) -> Labels:
        return MOODS[np.where(probabilities[:, 2] > probabilities[:, 0], 2, 0)]

    answers = {
        "VADER": (_vader(lines, neutral=True), _vader(sides, neutral=False)),
        "TF-IDF LR, all sets": (tfidf.predict(lines), two_way(tfidf.predict_proba(sides))),
        "ours shipped": (shipped.predict(lines), two_way(shipped.predict_proba(sides))),
    }
    return [
        {
            "model": name,
            "customer messages": str(Share.of(whole == moods)),
            "sides of pairs": str(Share.of(side == truth)),
        }
        for name, (whole, side) in answers.items()
    ]


def semi_supervised(folder: Path, encoder: Encoder) -> list[Row]:
    """A few labelled customer messages against the same with unlabelled turns, judged on the held-out messages."""
    labelled = list(texts.emotion_messages())
    unlabelled = sorted({text for text, _ in public.multidogo_media(folder / "multidogo_customer_turns")})
    rng = np.random.default_rng(SEED)
    pool = [unlabelled[k] for k in rng.choice(len(unlabelled), min(6_000, len(unlabelled)), replace=False)]
    extra = encoder.read(pool).meaning
    test = texts.held_out_emotions()
    new, truth = encoder.read([text for text, _, _ in test]).meaning, np.array([mood for _, mood, _ in test])
    table = []
    for size in (10, 30, 100):
        alone, together = [], []
        for seed in range(5):
            kept = _shots([mood for _, mood, _ in labelled], size, seed)
            some = encoder.read([labelled[k][0] for k in kept]).meaning
            codes = np.array([int(np.flatnonzero(labelled[k][1] == MOODS)[0]) for k in kept])
            base = LogisticRegression(C=10, max_iter=500)
            alone.append(float(np.mean(MOODS[base.fit(some, codes).predict(new)] == truth)))
            taught = SelfTrainingClassifier(base, criterion="k_best", k_best=200, max_iter=10)
            taught.fit(np.concatenate([some, extra]), np.concatenate([codes, np.full(len(extra), -1)]))
            together.append(float(np.mean(MOODS[taught.predict(new)] == truth)))
        gain = np.array(together) - np.array(alone)
        table.append(
            {
                "labelled per mood": size,
                "labelled only": float(np.mean(alone)),
                "with unlabelled turns": float(np.mean(together)),
                "gain": float(gain.mean()),
                "standard error": float(gain.std(ddof=1) / np.sqrt(len(gain))),
            }
        )
    return table


def _shares(found: Iterable[tuple[str, Share]]) -> list[Row]:
    return [{"measure": name, "share": str(share), "n": share.n} for name, share in found]


def main() -> int:
    """Run the comparison, show and keep every table as soon as it is there."""
    options = parse_arguments(__doc__ or "")
    if find_spec("vaderSentiment") is None:
        say("VADER is not installed: pip install 'mainstay[bench]'")
        return 1
    folder = require_data(options.data)
    rows = _QUICK_ROWS if options.quick else None
    encoder = encoders.load_default()
    steps: dict[str, Callable[[], list[Row]]] = {
        **{title: partial(measure, folder) for title, measure in MEASURES.items()},
        "moods on our held-out texts": lambda: _shares(sentiment_shares(sentiment.load_default())),
        "intents on our held-out texts": lambda: _shares(intent_shares(intents.load_default())),
        "semi-supervised": lambda: semi_supervised(folder, encoder),
        "sentiment on our held-out texts": lambda: held_out_sentiment(folder, rows),
        "sentiment": lambda: compare_sentiment(folder, encoder, rows),
        "loss by 8 bits": lambda: precision_loss(folder, encoder, rows),
        "intents": lambda: compare_intents(folder, encoder, quick=options.quick),
        "scope": lambda: compare_scope(folder, encoder, rows),
    }
    results: dict[str, list[Row]] = {}
    for title, step in steps.items():
        results[title] = step()
        show_table(title, results[title])
        write_json(options.json, "language", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
