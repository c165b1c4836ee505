"""A logistic regression that knows how sure it is: Gaussian prior, Laplace approximation, learning batch by batch."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_STEPS = 100
_TOLERANCE = 1e-9
_LEAST_CURVATURE = 1e-12


class Design(Protocol):
    """Rows of a regression, which may know a shorter way than their matrix."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and weights."""

    def scores(self, weights: Floats) -> Floats:
        """x'w of every row, shape (n,)."""

    def total(self, residuals: Floats) -> Floats:
        """Sum of the rows times their residuals, shape (d,)."""

    def gram(self, curvature: Floats) -> Floats:
        """Sum of the rows' outer products times their curvatures, shape (d, d)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A design that is just its matrix (n, d)."""

    matrix: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and weights."""
        return self.matrix.shape[0], self.matrix.shape[1]

    def scores(self, weights: Floats) -> Floats:
        """x'w of every row."""
        return np.asarray(self.matrix @ weights)

    def total(self, residuals: Floats) -> Floats:
        """Sum of the rows times their residuals."""
        return np.asarray(self.matrix.T @ residuals)

    def gram(self, curvature: Floats) -> Floats:
        """Sum of the rows' outer products times their curvatures."""
        return np.asarray((self.matrix * curvature[:, None]).T @ self.matrix)


@dataclass(frozen=True, slots=True)
class LogisticPosterior:
    """Gaussian over the weights of P(outcome = 1) = sigmoid(offset + x'w).

    mean: shape (d,). precision: the inverse covariance, shape (d, d). The posterior after a batch is the Gaussian with
    the mode and the curvature of the exact one (Laplace approximation; Bishop 2006, section 4.5), and the prior of the
    next batch, so that old rows need not be kept (Chapelle and Li 2011, "An empirical evaluation of Thompson
    sampling", algorithm 3, here with the full and not only the diagonal precision).
    """

    mean: Floats
    precision: Floats

    @classmethod
    def prior(cls, scales: npt.ArrayLike, mean: npt.ArrayLike = 0.0) -> "LogisticPosterior":
        """Independent weights with these standard deviations, shape (d,), around `mean`.

        Raises:
            ValueError: a scale is not positive.
        """
        deviations = np.atleast_1d(np.asarray(scales, dtype=np.float64))
        if not (deviations > 0).all():
            raise ValueError("Every prior scale must be positive.")
        centre = np.broadcast_to(np.asarray(mean, dtype=np.float64), deviations.shape).copy()
        return cls(centre, np.diag(deviations**-2.0))

    def updated(
        self, contexts: npt.ArrayLike, outcomes: npt.ArrayLike, offsets: npt.ArrayLike = 0.0
    ) -> "LogisticPosterior":
        """The posterior after a batch. contexts: (n, d); outcomes: 0, 1 or a share between, (n,); offsets: log-odds.

        Raises:
            ValueError: shapes do not fit together, or an outcome lies outside 0..1.
        """
        x = np.asarray(contexts, dtype=np.float64)
        if x.ndim != 2:
            raise ValueError(f"Contexts have rows and columns; these have the shape {x.shape}.")
        return self.updated_by(Rows(x), outcomes, offsets)

    def updated_by(self, x: Design, outcomes: npt.ArrayLike, offsets: npt.ArrayLike = 0.0) -> "LogisticPosterior":
        """The posterior after a batch of any design; see `updated`."""
        y = np.asarray(outcomes, dtype=np.float64)
        if x.shape != (len(y), len(self.mean)):
            raise ValueError(f"Contexts of shape ({len(y)}, {len(self.mean)}) are needed, not {x.shape}.")
        if not ((y >= 0) & (y <= 1)).all():
            raise ValueError("Outcomes lie between 0 and 1.")
        if not len(y):
            return self
        base = np.broadcast_to(np.asarray(offsets, dtype=np.float64), y.shape)
        mode = self._mode(x, y, base)
        return LogisticPosterior(mode, self.precision + x.gram(_curvature(sigmoid(base + x.scores(mode)))))

    def probability(self, contexts: npt.ArrayLike, offsets: npt.ArrayLike = 0.0) -> Floats:
        """P(outcome = 1) at the mode of the weights, shape (n,)."""
        return sigmoid(np.asarray(offsets) + np.asarray(contexts, dtype=np.float64) @ self.mean)

    def sample(self, draws: int, rng: np.random.Generator, *, spread: float = 1.0) -> Floats:
        """Weights drawn from the Gaussian with its standard deviations times `spread`, shape (draws, d)."""
        factor = np.linalg.cholesky(self.precision)
        noise = rng.standard_normal((len(self.mean), draws))
        return np.asarray(self.mean + spread * np.linalg.solve(factor.T, noise).T, dtype=np.float64)

    def _mode(self, x: Design, y: Floats, base: Floats) -> Floats:
        """Newton's method with halved steps on the negative log posterior, which is convex."""
        weights = self.mean.copy()
        loss = self._loss(weights, x, y, base)
        for _ in range(MOST_STEPS):
            p = sigmoid(base + x.scores(weights))
            slope = x.total(p - y) + self.precision @ (weights - self.mean)
            step = np.linalg.solve(self.precision + x.gram(_curvature(p)), slope)
            size = 1.0
            while (new := self._loss(weights - size * step, x, y, base)) > loss and size > 1e-8:
                size /= 2
            if not new < loss:
                break
            weights, gain, loss = weights - size * step, loss - new, new
            if gain < _TOLERANCE * (1.0 + abs(loss)):
                break
        return weights

    def _loss(self, weights: Floats, x: Design, y: Floats, base: Floats) -> float:
        score = base + x.scores(weights)
        away = weights - self.mean
        return float(np.logaddexp(0.0, score).sum() - y @ score + 0.5 * away @ self.precision @ away)


def _curvature(probability: Floats) -> Floats:
    """p (1 - p), kept off zero."""
    return np.maximum(probability * (1 - probability), _LEAST_CURVATURE)


def sigmoid(log_odds: npt.ArrayLike) -> Floats:
    """1 / (1 + exp(-z)) without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(log_odds, dtype=np.float64))), dtype=np.float64)


def log_odds(probability: npt.ArrayLike, *, least: float = 1e-6) -> Floats:
    """log(p / (1 - p)), with p held within `least` and 1 - `least`."""
    p = np.clip(np.asarray(probability, dtype=np.float64), least, 1 - least)
    return np.asarray(np.log(p) - np.log1p(-p), dtype=np.float64)
