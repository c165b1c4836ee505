"""The forecaster: a scikit-learn estimator that turns a table of mixed columns into churn probabilities."""

import logging
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_array, check_consistent_length, check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d, validate_data
from threadpoolctl import threadpool_limits

from analytics.churn.additive import AdditiveLogit, SplineBasis
from analytics.churn.encoding import EncodedTable, Floats, TableEncoder
from analytics.churn.selection import Blend, Choice, TrainingData, choose, distinct_rows
from analytics.churn.thin_data import InsufficientDataError, thin_data_abstention
from analytics.churn.trees import BoostedTrees

LEAST_FOR_FOLDS = 15
LEAST_FOR_TREES = 40
MOST_ROWS_FOR_CHOICE = 20_000
MOST_ROWS_FOR_SMOOTH = 100_000

_log = logging.getLogger(__name__)


class ChurnForecaster(ClassifierMixin, BaseEstimator):
    """Calibrated churn probabilities from numbers, categories, dates, booleans and missing cells.

    Two members share one encoding: a logistic regression on splines and categories, and gradient-boosted trees. Their
    capacity, their mixing weight and an affine calibration, all in log-odds, come from cross-validation inside the
    training table, so that each forecast is an exact sum of per-column contributions (`analytics.explanations`).

    Parameters: `min_churners` makes `fit` raise `InsufficientDataError` when either class has fewer members; without
    it a thin table is fitted by the smooth member alone and `abstention_` says why not to trust it. `threads` caps
    the OpenMP and BLAS threads of fits and forecasts: on a busy machine one is much faster than all.
    """

    classes_: npt.NDArray[Any]
    n_features_in_: int

    def __init__(
        self, *, min_churners: int | None = None, threads: int = 1, random_state: int | np.random.RandomState | None = 0
    ) -> None:
        self.min_churners = min_churners
        self.threads = threads
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:
        """Fit on a table (n, p) with a target (n,) of two values, the later in sort order meaning churned.

        Rows of equal `groups` (n,) stay in one inner fold. Raises `InsufficientDataError` for a single class, and
        ValueError for inputs that scikit-learn refuses.
        """
        frame = self._frame(X, reset=True)
        target, weight = (
            self._target(y),
            _check_sample_weight(sample_weight, np.empty((len(frame), 1)), dtype=np.float64),
        )
        check_consistent_length(frame, target, weight)
        tied = None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int64)
        if tied is not None:
            check_consistent_length(frame, tied)
        kept = weight > 0
        if not kept.all():
            frame, target, weight = frame[kept], target[kept], weight[kept]
            tied = None if tied is None else tied[kept]
        self._judge_evidence(target)
        self.encoder_ = TableEncoder().fit(frame, weight)
        with threadpool_limits(self.threads):
            self._fit_members(distinct_rows(self.encoder_.transform(frame), target, weight, tied))
        self.base_rate_ = float(np.average(target, weights=weight))
        return self

    def _fit_members(self, data: TrainingData) -> None:
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        sizes = [len(self.encoder_.columns[i].categories) for i in self.encoder_.category_columns]
        fewer = int(min((data.y == 1).sum(), (data.y == 0).sum()))
        if fewer < LEAST_FOR_FOLDS:
            self.choice_ = Choice(6, 5.0, None, Blend(), {})
        else:
            judged = _sample(data, MOST_ROWS_FOR_CHOICE, seed)
            self.choice_ = choose(judged, sizes, seed, with_trees=fewer >= LEAST_FOR_TREES)
        part = _sample(data, MOST_ROWS_FOR_SMOOTH, seed)
        basis = SplineBasis(self.choice_.spline_count).fit(part.table, part.weight, sizes)
        self.smooth_ = AdditiveLogit(basis, self.choice_.penalty).fit(basis.matrix(part.table), part.y, part.weight)
        self.trees_ = None
        if self.choice_.capacity is not None:
            self.trees_ = BoostedTrees(self.choice_.capacity, sizes, seed).fit(data.table, data.y, data.weight)

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 2) of staying and of churning; a table of no rows gives (0, 2)."""
        churned: Floats = expit(self.log_odds(X))
        return np.column_stack([1 - churned, churned])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The more likely class (n,)."""
        churned = self.log_odds(X) > 0
        return np.asarray(self.classes_[churned.astype(np.int64)])

    def log_odds(self, X: Any) -> Floats:
        """Calibrated log-odds of churning (n,)."""
        return self.encoded_log_odds(self.encode(X))

    def encode(self, X: Any) -> EncodedTable:
        """Encode a table once, for `encoded_log_odds` and for explanations."""
        check_is_fitted(self)
        return self.encoder_.transform(self._frame(X, reset=False))

    def encoded_log_odds(self, table: EncodedTable) -> Floats:
        """Calibrated log-odds (n,) of an encoded table."""
        if len(table) == 0:
            return np.empty(0)
        smooth = self.smooth_.log_odds(table)
        trees = None if self.trees_ is None else self.trees_.log_odds(table, self.threads)
        return self.choice_.blend.log_odds(smooth, trees)

    def _judge_evidence(self, target: Floats) -> None:
        self.abstention_ = thin_data_abstention(target)
        if len(self.classes_) < 2 or np.ptp(target) == 0:
            value = self.classes_[int(target[0]) if len(self.classes_) > 1 else 0]
            raise InsufficientDataError(f"only one class in the target: all {target.size:,} rows say {value}")
        if self.min_churners is not None:
            refusal = thin_data_abstention(target, refuse_below=self.min_churners, warn_below=self.min_churners)
            if refusal is not None:
                raise InsufficientDataError(refusal.reason)
        if self.abstention_ is not None:
            _log.info("thin training data: %s", self.abstention_.reason)

    def _target(self, y: Any) -> Floats:
        if y is None:
            raise ValueError("This ChurnForecaster estimator requires y to be passed, but the target y is None.")
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        self.classes_ = np.unique(labels)
        if len(self.classes_) > 2:
            message = f"Only binary classification is supported; the target has {len(self.classes_)} classes."
            raise ValueError(message)
        return np.asarray(labels == self.classes_[-1], dtype=np.float64)

    def _frame(self, X: Any, *, reset: bool) -> pd.DataFrame:
        if not isinstance(X, pd.DataFrame):
            X = check_array(X, dtype=None, ensure_all_finite=False, ensure_min_samples=1 if reset else 0)
        validate_data(self, X, reset=reset, skip_check_array=True)
        frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(X).infer_objects()
        if frame is not X:
            frame.columns = pd.Index([f"x{k}" for k in range(frame.shape[1])])
        if reset and 0 in frame.shape:
            what = "sample(s)" if frame.shape[0] == 0 else "feature(s)"
            raise ValueError(f"Found array with 0 {what} (shape={frame.shape}) while a minimum of 1 is required.")
        return frame

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


def _sample(data: TrainingData, most: int, seed: int) -> TrainingData:
    """All rows, or a random `most` of them."""
    if len(data.y) <= most:
        return data
    return data.take(np.sort(np.random.default_rng(seed).choice(len(data.y), most, replace=False)))
