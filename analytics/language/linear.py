"""A calibrated linear head over the encoder's vectors and hashed TF-IDF: logistic regression, temperature, biases."""

import warnings
from collections.abc import Sequence
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from analytics.language import encoder as encoders
from analytics.language import weights
from analytics.language.encoder import Encoding
from analytics.language.features import TextFeatures
from analytics.language.text import as_texts
from db.errors import ArtifactError, TrainingError

Array = npt.NDArray[np.float64]
Coefficients = npt.NDArray[np.float32]

_HELD_OUT = 0.15
_ITERATIONS = 300
_TOLERANCE = 1e-4
# Relative weights of the blocks, chosen on Banking77 and CLINC150: standardised vectors and TF-IDF of length 1 to 2.
_VECTOR_SCALE = 0.17
_WORD_SCALE = 2.0
_LEAST_SPREAD = 0.01
_ENOUGH_TO_CALIBRATE = 200
_REFUSED = 0.05


def fit_logistic(
    X: sparse.csr_matrix, y: npt.NDArray[np.intp], C: float, row_weights: Array | None = None
) -> tuple[Coefficients, Array]:
    """Coefficients (columns, classes) and biases (classes,) of a multinomial logistic regression.

    Columns seen in one text only are left at zero: they carry noise and most of the size.
    """
    used = np.flatnonzero(X.getnnz(axis=0) >= 2)
    model = LogisticRegression(C=C, max_iter=_ITERATIONS, tol=_TOLERANCE)
    with warnings.catch_warnings():
        # Stopping early is meant: later steps move coefficients in digits that int8 does not keep.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X[:, used], y, sample_weight=row_weights)
    coef, bias = model.coef_, model.intercept_
    if coef.shape[0] == 1:
        coef, bias = np.vstack([-coef, coef]) / 2, np.array([-bias[0], bias[0]]) / 2
    full = np.zeros((X.shape[1], coef.shape[0]), dtype=np.float32)
    full[used] = coef.T
    return full, np.asarray(bias, dtype=np.float64)


def fit_scaling(scores: Array, y: npt.NDArray[np.intp], row_weights: Array | None = None) -> tuple[float, Array]:
    """Temperature and class biases that minimise the log loss of softmax(temperature * scores + bias).

    Vector scaling with one shared temperature (Guo et al. 2017); a little ridge on the biases keeps rare classes sane.
    """
    rows = np.arange(len(y))
    shares = np.full(len(y), 1 / len(y)) if row_weights is None else row_weights / row_weights.sum()

    def loss(theta: Array) -> float:
        shifted = np.exp(theta[0]) * scores + theta[1:]
        return float(-shares @ special.log_softmax(shifted, axis=1)[rows, y] + 1e-3 * np.sum(theta[1:] ** 2))

    start = np.zeros(scores.shape[1] + 1)
    best = optimize.minimize(loss, start, method="L-BFGS-B", options={"maxiter": 60})
    return float(np.exp(best.x[0])), np.asarray(best.x[1:])


class Reads(Protocol):
    """Anything that reads texts as the encoder does."""

    def read(self, texts: Sequence[str]) -> Encoding:
        """Meaning and feeling of each text."""
        ...


class LinearTextClassifier(ClassifierMixin, BaseEstimator):
    """Classifier of texts by labels; `fit(texts, labels)`, `predict`, `predict_proba`, `classes_`.

    `C` is the inverse strength of the ridge. `vectors` names the vectors of the encoder that are read, of "meaning" and
    "feeling"; with none of them it works on words and letters alone. `encoder` is the one to read with, the shipped
    one where it is None. `word_bits` and `letter_bits` are the sizes of the hashed blocks, `letter_weight` the weight
    of the letter block; `feelings` adds what the lexicon says. Deterministic by `random_state`. `usual_confidence_` is
    the confidence that 95 % of held-out texts reach. `fit` raises TrainingError where the labels have one class only.

    Methods that read texts take their `encoding` where somebody has made it already.
    """

    def __init__(
        self,
        C: float = 1.0,
        word_bits: int = 15,
        letter_bits: int = 15,
        *,
        vectors: tuple[str, ...] = ("meaning",),
        encoder: Reads | None = None,
        letter_weight: float = 1.0,
        feelings: bool = False,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.word_bits = word_bits
        self.letter_bits = letter_bits
        self.vectors = vectors
        self.encoder = encoder
        self.letter_weight = letter_weight
        self.feelings = feelings
        self.random_state = random_state

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Any],
        sample_weight: Array | None = None,
        encoding: Encoding | None = None,
    ) -> Self:
        """Learn from texts and one label each."""
        texts = as_texts(texts)
        self.classes_, y = np.unique(np.asarray(labels), return_inverse=True)
        if len(texts) != len(y):
            raise TrainingError(f"{len(texts)} texts but {len(y)} labels", hint="Give one label for each text.")
        if len(self.classes_) < 2:
            raise TrainingError("all texts have the same label", hint="Add texts of at least one other label.")
        X = self._learn_features(texts, encoding)
        scale, shift = self._calibration(X, y, sample_weight)
        coef, bias = fit_logistic(X, y, self.C, sample_weight)
        self._take(coef * np.float32(scale), bias * scale + shift)
        return self

    def _learn_features(self, texts: list[str], encoding: Encoding | None) -> sparse.csr_matrix:
        """Words, letters and standardised vectors of the training texts, side by side; remembers their scales."""
        self.features_ = self.new_features()
        words = self.features_.fit_transform(texts) * np.float32(_WORD_SCALE)
        dense = self._vectors(texts, encoding)
        self.centre_ = dense.mean(axis=0)
        spread = np.maximum(dense.std(axis=0), _LEAST_SPREAD)
        self.stretch_ = np.asarray(_VECTOR_SCALE / spread, dtype=np.float32)
        return sparse.hstack([words, sparse.csr_matrix((dense - self.centre_) * self.stretch_)], format="csr")

    def _take(self, coef: Coefficients, bias: Array) -> None:
        """Keep coefficients of scaled features as coefficients of the features as they are read."""
        count = self.features_.columns
        self.coef_: Coefficients = coef[:count] * np.float32(_WORD_SCALE)
        self.vector_coef_: Coefficients = coef[count:] * self.stretch_[:, None]
        self.bias_: Array = bias - self.centre_.astype(np.float64) @ self.vector_coef_

    def read_with(self) -> Reads:
        """The encoder given, or the shipped one."""
        return self.encoder or encoders.load_default()

    def rescale(self, scale: float, shift: Array) -> None:
        """Calibrate a fitted model anew: its scores times `scale`, plus `shift` (classes,)."""
        self.coef_ = self.coef_ * np.float32(scale)
        self.vector_coef_ = self.vector_coef_ * np.float32(scale)
        self.bias_ = self.bias_ * scale + shift

    def _vectors(self, texts: list[str], encoding: Encoding | None) -> Coefficients:
        """The chosen vectors of each text, shape (n, 384 times the number chosen)."""
        if not self.vectors:
            return np.empty((len(texts), 0), dtype=np.float32)
        if encoding is None:
            encoding = self.read_with().read(texts)
        return np.concatenate([getattr(encoding, name) for name in self.vectors], axis=1)

    def _scores(
        self, texts: list[str], encoding: Encoding | None, coef: Coefficients, vector_coef: Coefficients
    ) -> Array:
        """Sums of coefficients over what is read of each text, shape (n, k)."""
        return self._summed(self.features_.transform(texts), self._vectors(texts, encoding), coef, vector_coef)

    @staticmethod
    def _summed(
        words: sparse.csr_matrix, vectors: Coefficients, coef: Coefficients, vector_coef: Coefficients
    ) -> Array:
        """Sums of coefficients over word features and vectors that were made already, shape (n, k)."""
        return np.asarray(np.asarray(words @ coef, dtype=np.float64) + vectors @ vector_coef)

    def new_features(self) -> TextFeatures:
        """Unfitted features of the sizes asked for."""
        return TextFeatures(self.word_bits, self.letter_bits, letter_weight=self.letter_weight, feelings=self.feelings)

    def packed(self, coef: Coefficients, vector_coef: Coefficients, bias: Array) -> weights.Arrays:
        """The fitted state as small arrays, with the given coefficients (columns, k), (vectors, k) and biases (k,)."""
        levels, largest = weights.quantise(coef)
        first, second = self.features_.idf_
        return {
            "coef": levels,
            "largest": largest,
            "vector_coef": vector_coef.astype(np.float16),
            "vectors": np.asarray(self.vectors, dtype=np.str_),
            "bias": bias,
            "classes": np.asarray(self.classes_, dtype=np.str_),
            "shape": np.array([self.word_bits, self.letter_bits, self.letter_weight, self.feelings], dtype=np.float64),
            "usual_confidence": np.array(self.usual_confidence_),
            "idf0": first.astype(np.float16),
            "idf1": second.astype(np.float16),
        }

    def restore(self, arrays: weights.Arrays) -> Self:
        """This instance with the fitted state of `packed`. Raises ArtifactError where arrays do not fit together."""
        try:
            word_bits, letter_bits, letter_weight, feelings = (float(number) for number in arrays["shape"])
            self.word_bits, self.letter_bits = int(word_bits), int(letter_bits)
            self.letter_weight, self.feelings = letter_weight, bool(feelings)
            self.vectors = tuple(str(name) for name in arrays["vectors"])
            self.features_ = self.new_features()
            self.features_.idf_ = [arrays["idf0"].astype(np.float32), arrays["idf1"].astype(np.float32)]
            self.coef_ = weights.dequantise(arrays["coef"], arrays["largest"])
            self.vector_coef_ = arrays["vector_coef"].astype(np.float32)
            self.bias_, self.classes_ = arrays["bias"], arrays["classes"]
            self.usual_confidence_ = float(arrays["usual_confidence"])
        except (KeyError, ValueError) as error:
            raise ArtifactError("shipped language weights have another shape", hint=weights.HINT) from error
        count = len(self.classes_)
        wanted = (self.features_.columns, count, encoders.WIDTH * len(self.vectors), count, count)
        found = (*self.coef_.shape, *self.vector_coef_.shape, *self.bias_.shape)
        idf_wanted = [2**self.word_bits, 2**self.letter_bits]
        if found != wanted or [len(idf) for idf in self.features_.idf_] != idf_wanted:
            raise ArtifactError("shipped language weights have another shape", hint=weights.HINT)
        return self

    def _calibration(
        self, X: sparse.csr_matrix, y: npt.NDArray[np.intp], row_weights: Array | None
    ) -> tuple[float, Array]:
        """Temperature and biases from a held-out part; identity where there is too little to hold out."""
        shift = np.zeros(len(self.classes_))
        self.usual_confidence_ = 1.0 / len(self.classes_)
        if len(y) < _ENOUGH_TO_CALIBRATE or np.bincount(y).min() < 4:
            return 1.0, shift
        # With few examples per class the share must still leave one of each class to look at.
        size = max(round(_HELD_OUT * len(y)), len(self.classes_))
        train, held = train_test_split(np.arange(len(y)), test_size=size, stratify=y, random_state=self.random_state)
        coef, bias = fit_logistic(X[train], y[train], self.C, None if row_weights is None else row_weights[train])
        scores = np.asarray(X[held] @ coef, dtype=np.float64) + bias
        scale, shift = fit_scaling(scores, y[held], None if row_weights is None else row_weights[held])
        confidence = special.softmax(scale * scores + shift, axis=1).max(axis=1)
        self.usual_confidence_ = float(np.quantile(confidence, _REFUSED))
        return scale, shift

    def decision_function(self, texts: Sequence[str], encoding: Encoding | None = None) -> Array:
        """Calibrated log-odds up to a constant per text, shape (n, classes)."""
        check_is_fitted(self, "coef_")
        texts = as_texts(texts)
        if not texts:
            return np.empty((0, len(self.classes_)))
        return self._scores(texts, encoding, self.coef_, self.vector_coef_) + self.bias_

    def familiarity(self, texts: Sequence[str], encoding: Encoding | None = None) -> Array:
        """How much each text is like the training texts of any class, shape (n,): the negative energy of its scores.

        Liu et al. 2020, "Energy-based out-of-distribution detection": log of the sum of exponentials of the scores.
        """
        return np.asarray(special.logsumexp(self.decision_function(texts, encoding), axis=1))

    def predict_proba(self, texts: Sequence[str], encoding: Encoding | None = None) -> Array:
        """Probability of each class in the order of `classes_`, shape (n, classes)."""
        return np.asarray(special.softmax(self.decision_function(texts, encoding), axis=1))

    def predict(self, texts: Sequence[str], encoding: Encoding | None = None) -> npt.NDArray[Any]:
        """Most probable class of each text, shape (n,)."""
        best = np.argmax(self.predict_proba(texts, encoding), axis=1)
        return np.asarray(self.classes_[best])
