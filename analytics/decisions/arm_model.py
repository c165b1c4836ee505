"""One logistic model of all arms that borrows strength between them: who leaves under which offer.

    P(leave | x, do nothing) = sigmoid(offset + x'u)
    P(leave | x, offer k)    = sigmoid(offset + x'(u + v + w_k))

u corrects the forecast whose log-odds are the offset, v is what any offer does, w_k what offer k does beyond it. With
Gaussian priors on all three, an offer that was seldom made is judged by what the others did (partial pooling; Gelman
and Hill 2007, chapter 12), and an error of the forecast cancels out of every effect. The posterior is a Laplace
approximation over all weights together.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.decisions.bayesian_logistic import LogisticPosterior, sigmoid
from db.vocabulary import Json

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ArmScales:
    """Prior standard deviations of the weights u, v and w of every context, each of shape (d,)."""

    forecast: Floats
    any_offer: Floats
    own: Floats

    @classmethod
    def of(cls, forecast: npt.ArrayLike, any_offer: npt.ArrayLike, own: npt.ArrayLike) -> "ArmScales":
        """Scales from anything like arrays of the same length."""
        found = [np.atleast_1d(np.asarray(scales, dtype=np.float64)) for scales in (forecast, any_offer, own)]
        if len({one.shape for one in found}) != 1 or found[0].ndim != 1:
            raise ValueError("The three prior scales need one entry per context each.")
        return cls(*found)


@dataclass(frozen=True, slots=True)
class _ArmDesign:
    """The rows of the regression on u, v, w_1, w_2 ... without their many zeros.

    own: contexts at the arm taken (n, d). rows: which rows each arm has.
    """

    own: Floats
    rows: tuple[npt.NDArray[np.int64], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and weights."""
        return len(self.own), (len(self.rows) + 1) * self.own.shape[1]

    def scores(self, weights: Floats) -> Floats:
        """Each row by the sum of the blocks that its arm has a part in."""
        found = np.empty(len(self.own))
        for arm, rows in enumerate(self.rows):
            found[rows] = self.own[rows] @ vector_of(arm, weights.reshape(len(self.rows) + 1, -1))
        return found

    def total(self, residuals: Floats) -> Floats:
        """Sums by arm, gathered into the blocks."""
        parts = [self.own[rows].T @ residuals[rows] for rows in self.rows]
        offered = np.sum(parts[1:], axis=0) if len(parts) > 1 else np.zeros_like(parts[0])
        return np.concatenate([parts[0] + offered, offered, *parts[1:]])

    def gram(self, curvature: Floats) -> Floats:
        """Outer products by arm, gathered into the blocks."""
        d = self.own.shape[1]
        found = np.zeros((self.shape[1], self.shape[1]))
        blocks = found.reshape(len(self.rows) + 1, d, len(self.rows) + 1, d)
        for arm, rows in enumerate(self.rows):
            part = (self.own[rows] * curvature[rows, None]).T @ self.own[rows]
            touched = (0,) if arm == 0 else (0, 1, 1 + arm)
            for one in touched:
                for other in touched:
                    blocks[one, :, other] += part
        return found


@dataclass(frozen=True, slots=True)
class ArmModel:
    """What is believed of `arms` arms, the first of which is doing nothing.

    Contexts are (n, d), or (n, arms, d) where an arm is seen with contexts of its own.
    """

    arms: int
    width: int
    posterior: LogisticPosterior

    @classmethod
    def prior(
        cls, arms: int, scales: ArmScales, any_offer: npt.ArrayLike = 0.0, own: npt.ArrayLike = 0.0
    ) -> "ArmModel":
        """Before any outcome: the forecast is right, as far as the scales go.

        Any offer does `any_offer` (d,), each one `own` (arms - 1, d) beyond it.
        """
        width = len(scales.forecast)
        every = np.concatenate([scales.forecast, scales.any_offer, np.tile(scales.own, arms - 1)])
        mean = np.zeros(len(every))
        mean[width : 2 * width] = any_offer
        mean[2 * width :] = np.broadcast_to(np.asarray(own, dtype=np.float64), (arms - 1, width)).ravel()
        return cls(arms, width, LogisticPosterior.prior(every, mean))

    def updated(
        self, contexts: npt.ArrayLike, arms: npt.ArrayLike, left: npt.ArrayLike, offsets: npt.ArrayLike = 0.0
    ) -> "ArmModel":
        """After a batch of outcomes: the arm of each customer (n,), 1 for those who left (n,), forecast log-odds."""
        x, arm = np.asarray(contexts, dtype=np.float64), np.asarray(arms)
        if x.shape[-1] != self.width or x.shape[0] != len(arm):
            raise ValueError(f"Contexts of {len(arm)} customers with {self.width} columns are needed, not {x.shape}.")
        own = x if x.ndim == 2 else x[np.arange(len(arm)), arm]
        design = _ArmDesign(own, tuple(np.flatnonzero(arm == place) for place in range(self.arms)))
        return ArmModel(self.arms, self.width, self.posterior.updated_by(design, left, offsets))

    def leaves(self, contexts: npt.ArrayLike, offsets: npt.ArrayLike) -> Floats:
        """P(leave) under every arm at the mode of the weights, shape (n, arms)."""
        return np.asarray(self._leaves(self.posterior.mean[None], contexts, offsets)[:, 0].T)

    def sampled_leaves(
        self,
        contexts: npt.ArrayLike,
        offsets: npt.ArrayLike,
        draws: int,
        rng: np.random.Generator,
        *,
        spread: float = 1.0,
    ) -> Floats:
        """P(leave) under every arm for weights drawn from the posterior, shape (arms, draws, n).

        spread: see `LogisticPosterior.sample`.
        """
        return self._leaves(self.posterior.sample(draws, rng, spread=spread), contexts, offsets)

    def as_json(self) -> Json:
        """All that is believed, for the model store."""
        return {
            "arms": self.arms,
            "width": self.width,
            "mean": self.posterior.mean.tolist(),
            "precision": self.posterior.precision.tolist(),
        }

    @classmethod
    def from_json(cls, document: Json) -> "ArmModel":
        """A model from what `as_json` gave."""
        posterior = LogisticPosterior(np.array(document["mean"]), np.array(document["precision"]))
        return cls(document["arms"], document["width"], posterior)

    def _leaves(self, weights: Floats, contexts: npt.ArrayLike, offsets: npt.ArrayLike) -> Floats:
        """sigmoid of the scores, shape (arms, draws, n); weights: (draws, all weights)."""
        x = np.asarray(contexts, dtype=np.float64)
        parts = weights.reshape(len(weights), self.arms + 1, self.width).swapaxes(0, 1)
        found = np.empty((self.arms, len(weights), len(x)))
        for arm in range(self.arms):
            found[arm] = vector_of(arm, parts) @ (x if x.ndim == 2 else x[:, arm]).T
        return sigmoid(np.asarray(offsets) + found)


def vector_of(arm: int, parts: Floats) -> Floats:
    """The weights of an arm: u, or u + v + w of the arm; parts: the blocks u, v, w_1 ... along the first axis."""
    return parts[0] if arm == 0 else np.asarray(parts[0] + parts[1] + parts[1 + arm])
