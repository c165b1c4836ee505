"""A calibrated linear classifier of texts: hashed TF-IDF, logistic regression, one temperature and bias per class."""

import warnings
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from analytics.language import weights
from analytics.language.features import TextFeatures
from db.errors import ArtifactError, TrainingError

Array = npt.NDArray[np.float64]
Coefficients = npt.NDArray[np.float32]

_HELD_OUT = 0.15
_ITERATIONS = 120
_ENOUGH_TO_CALIBRATE = 200
_REFUSED = 0.05


def as_texts(texts: Sequence[object]) -> list[str]:
    """A list of strings; a missing text (None, NaN) is an empty one. One bare string is refused."""
    if isinstance(texts, str):
        raise TypeError("texts must be a sequence of strings, not one string")
    return [text if isinstance(text, str) else "" if _missing(text) else str(text) for text in texts]


def _missing(value: object) -> bool:
    return value is None or value != value


def fit_logistic(
    X: sparse.csr_matrix, y: npt.NDArray[np.intp], C: float, row_weights: Array | None = None
) -> tuple[Coefficients, Array]:
    """Coefficients (columns, classes) and biases (classes,) of a multinomial logistic regression.

    Columns seen in one text only are left at zero: they carry noise and most of the size.
    """
    used = np.flatnonzero(X.getnnz(axis=0) >= 2)
    model = LogisticRegression(C=C, max_iter=_ITERATIONS, tol=1e-3)
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


class LinearTextClassifier(ClassifierMixin, BaseEstimator):
    """Classifier of texts by labels; `fit(texts, labels)`, `predict`, `predict_proba`, `classes_`.

    `C` is the inverse strength of the ridge, `word_bits` and `letter_bits` the sizes of the hashed blocks,
    `letter_weight` the weight of the letter block; `feelings` adds what the lexicon says. Deterministic by
    `random_state`. `usual_confidence_` is the confidence that 95 % of held-out texts reach. `fit` raises
    TrainingError where the labels have one class only.
    """

    def __init__(
        self,
        C: float = 6.0,
        word_bits: int = 18,
        letter_bits: int = 18,
        *,
        letter_weight: float = 1.0,
        feelings: bool = False,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.word_bits = word_bits
        self.letter_bits = letter_bits
        self.letter_weight = letter_weight
        self.feelings = feelings
        self.random_state = random_state

    def fit(self, texts: Sequence[str], labels: Sequence[Any], sample_weight: Array | None = None) -> Self:
        """Learn from texts and one label each."""
        texts = as_texts(texts)
        self.classes_, y = np.unique(np.asarray(labels), return_inverse=True)
        if len(texts) != len(y):
            raise TrainingError(f"{len(texts)} texts but {len(y)} labels", hint="Give one label for each text.")
        if len(self.classes_) < 2:
            raise TrainingError("all texts have the same label", hint="Add texts of at least one other label.")
        self.features_ = self.new_features()
        X = self.features_.fit_transform(texts)
        scale, shift = self._calibration(X, y, sample_weight)
        coef, bias = fit_logistic(X, y, self.C, sample_weight)
        self.coef_: Coefficients = (coef * scale).astype(np.float32)
        self.bias_ = bias * scale + shift
        return self

    def new_features(self) -> TextFeatures:
        """Unfitted features of the sizes asked for."""
        return TextFeatures(self.word_bits, self.letter_bits, letter_weight=self.letter_weight, feelings=self.feelings)

    def packed(self, coef: Coefficients, bias: Array) -> weights.Arrays:
        """The fitted state as small arrays, with the given coefficients (columns, k) and biases (k,)."""
        levels, largest = weights.quantise(coef)
        first, second = self.features_.idf_
        return {
            "coef": levels,
            "largest": largest,
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
            self.features_ = self.new_features()
            self.features_.idf_ = [arrays["idf0"].astype(np.float32), arrays["idf1"].astype(np.float32)]
            self.coef_ = weights.dequantise(arrays["coef"], arrays["largest"])
            self.bias_, self.classes_ = arrays["bias"], arrays["classes"]
            self.usual_confidence_ = float(arrays["usual_confidence"])
        except (KeyError, ValueError) as error:
            raise ArtifactError("shipped language weights have another shape", hint=weights.HINT) from error
        if len(self.coef_) != self.features_.columns or self.coef_.shape[1] != len(self.bias_):
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

    def decision_function(self, texts: Sequence[str]) -> Array:
        """Calibrated log-odds up to a constant per text, shape (n, classes)."""
        check_is_fitted(self, "coef_")
        texts = as_texts(texts)
        if not texts:
            return np.empty((0, len(self.classes_)))
        return np.asarray(self.features_.transform(texts) @ self.coef_, dtype=np.float64) + self.bias_

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Probability of each class in the order of `classes_`, shape (n, classes)."""
        return np.asarray(special.softmax(self.decision_function(texts), axis=1))

    def predict(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """Most probable class of each text, shape (n,)."""
        return np.asarray(self.classes_[np.argmax(self.predict_proba(texts), axis=1)])
