"""Unsupervised topics: groups of texts that say similar things, their number picked from the data.

Vectors come from any encoder. The number of groups is the one at which two halves of the texts agree best on which
belong together while the groups stand apart; where halves do not agree, there are no topics. A text that lies no
nearer to a topic than strangers do, or between two topics, belongs to none.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.intp]

NONE = -1
"""The label of a text without a topic."""

FEWEST_TEXTS = 60
"""Fewer distinct texts than this have no topics of their own."""

SMALLEST = 8
"""A topic has at least so many distinct texts."""

SIZES = (4, 5, 6, 7, 8, 9, 10, 11, 12)
"""Numbers of topics that are tried; a reader cannot keep more apart."""

HALVINGS = 5
STABLE = 0.35
"""The least agreement of two halves (adjusted Rand index, 0 is chance) from which groups are called topics."""

STRANGERS = 0.975
"""A text belongs to a topic where it lies nearer to its centre than this share of the other topics' texts."""

OWN = 0.95
"""And no farther from it than this share of the texts nearest to it."""

MARGIN = 0.05
"""By how much more it must resemble its topic than the next one (cosine similarity)."""

LOOKED_AT = 1_500
COMPONENTS = 32
STARTS = 20
STEPS = 12


@dataclass(frozen=True, slots=True)
class TopicModel:
    """Fitted topics, the largest first: unit centres of shape (topics, dimensions) around the mean of all texts.

    `cuts` holds the similarity from which a text belongs; `agreement` is what the number of topics was chosen by.
    """

    mean: npt.NDArray[np.float64]
    centres: npt.NDArray[np.float64]
    cuts: npt.NDArray[np.float64]
    agreement: float

    def __len__(self) -> int:
        return len(self.centres)

    def assign(self, vectors: Vectors) -> tuple[Labels, npt.NDArray[np.float64]]:
        """The topic of each text, `NONE` where it has none, and its similarity to the nearest centre."""
        if not len(self) or not len(vectors):
            return np.full(len(vectors), NONE, dtype=np.intp), np.zeros(len(vectors))
        nearest, best, inside = _placed(_units(np.asarray(vectors, dtype=np.float64) - self.mean), self)
        return np.where(inside, nearest, NONE).astype(np.intp), best


def fit_topics(vectors: Vectors, *, seed: int = 0) -> TopicModel:
    """Topics of texts from their vectors; the same for the same texts in any order. May have none.

    A text that was sent many times counts once.
    """
    distinct = _distinct(np.asarray(vectors, dtype=np.float64))
    mean = distinct.mean(axis=0) if len(distinct) else np.zeros(vectors.shape[1] if vectors.ndim == 2 else 0)
    if len(distinct) < FEWEST_TEXTS:
        return _no_topics(mean, 0.0)
    units = _units(distinct - mean)
    # Many fits of few rows: handing each to several threads takes longer than the work.
    with threadpool_limits(1):
        narrow = _units(_narrowed(units, seed))
        size, agreement = _number(narrow, seed)
        start = KMeans(size, n_init=STARTS, random_state=seed).fit_predict(narrow)
    if agreement < STABLE:
        return _no_topics(mean, agreement)
    centres, labels = _settled(units, start, size)
    all_of_them = TopicModel(mean, centres, _cuts(units, centres, labels), agreement)
    nearest, _, inside = _placed(units, all_of_them)
    sizes = np.bincount(nearest[inside], minlength=size)
    kept = [topic for topic in np.argsort(-sizes, kind="stable") if sizes[topic] >= SMALLEST]
    return TopicModel(mean, centres[kept], all_of_them.cuts[kept], agreement)


def _placed(
    units: npt.NDArray[np.float64], model: TopicModel
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The nearest topic of each text, the similarity to it, and whether the text belongs to it."""
    similarity = units @ model.centres.T
    nearest = np.argmax(similarity, axis=1)
    rows = np.arange(len(units))
    best = similarity[rows, nearest]
    similarity[rows, nearest] = -np.inf
    inside = (best >= model.cuts[nearest]) & (best - similarity.max(axis=1, initial=-1.0) >= MARGIN)
    return nearest, best, inside


def _no_topics(mean: npt.NDArray[np.float64], agreement: float) -> TopicModel:
    return TopicModel(mean, np.empty((0, len(mean))), np.empty(0), agreement)


def _distinct(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Each vector once, without those that say nothing, in an order of their own."""
    some = vectors[np.linalg.norm(vectors, axis=1) > 1e-6] if len(vectors) else vectors
    return np.unique(some, axis=0)


def _units(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 1e-9, length, 1.0), dtype=np.float64)


def _narrowed(units: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float64]:
    """The directions in which texts differ most: groups are found faster there, and with less noise."""
    wanted = min(COMPONENTS, units.shape[1], len(units) // 4)
    return np.asarray(PCA(wanted, random_state=seed).fit_transform(units), dtype=np.float64)


def _number(narrow: npt.NDArray[np.float64], seed: int) -> tuple[int, float]:
    """The number of groups that halves agree on and that stand apart, and how well the halves agree."""
    sizes = [size for size in SIZES if size * SMALLEST <= len(narrow) // 2]
    agreements = [_agreement(narrow, size, seed) for size in sizes]
    merits = [agreement * _apart(narrow, size, seed) for size, agreement in zip(sizes, agreements, strict=True)]
    best = int(np.argmax(merits))
    return sizes[best], agreements[best]


def _apart(narrow: npt.NDArray[np.float64], size: int, seed: int) -> float:
    """How far groups stand apart (mean silhouette), never below zero."""
    labels = KMeans(size, n_init=2, random_state=seed).fit_predict(narrow)
    sample = min(LOOKED_AT, len(narrow))
    return max(0.0, float(silhouette_score(narrow, labels, sample_size=sample, random_state=seed)))


def _agreement(narrow: npt.NDArray[np.float64], size: int, seed: int) -> float:
    """How alike groups made from one half of the texts and from the other half divide all of them."""
    found = []
    for halving in range(HALVINGS):
        order = np.random.default_rng([seed, halving]).permutation(len(narrow))
        halves = order[: len(order) // 2], order[len(order) // 2 :]
        one, other = (KMeans(size, n_init=2, random_state=seed).fit(narrow[half]).predict(narrow) for half in halves)
        found.append(adjusted_rand_score(one, other))
    return float(np.mean(found))


def _settled(
    units: npt.NDArray[np.float64], labels: Labels, size: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Centres in all dimensions, each the direction of its texts, and the texts by nearest centre."""
    for _ in range(STEPS):
        sums = np.zeros((size, units.shape[1]))
        np.add.at(sums, labels, units)
        centres = _units(sums)
        moved = np.argmax(units @ centres.T, axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return centres, labels


def _cuts(units: npt.NDArray[np.float64], centres: npt.NDArray[np.float64], labels: Labels) -> npt.NDArray[np.float64]:
    """From which similarity a text belongs: more than strangers have, and not less than the least of its own."""
    similarity = units @ centres.T
    return np.array(
        [
            max(
                np.quantile(similarity[labels != topic, topic], STRANGERS),
                np.quantile(similarity[labels == topic, topic], 1 - OWN) if (labels == topic).any() else 1.0,
            )
            for topic in range(len(centres))
        ]
    )
