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
class ArmModel:
    """What is believed of `arms` arms, the first of which is doing nothing.

    Contexts are (n, d), or (n, arms, d) where an arm is seen with contexts of its own.
    """

    arms: int
    width: int
    posterior: LogisticPosterior

    @classmethod
    def prior(cls, arms: int, scales: ArmScales) -> "ArmModel":
        """Before any outcome: the forecast is right and no offer does anything, as far as the scales go."""
        every = np.concatenate([scales.forecast, scales.any_offer, np.tile(scales.own, arms - 1)])
        return cls(arms, len(scales.forecast), LogisticPosterior.prior(every))

    def updated(
        self, contexts: npt.ArrayLike, arms: npt.ArrayLike, left: npt.ArrayLike, offsets: npt.ArrayLike = 0.0
    ) -> "ArmModel":
        """After a batch of outcomes: the arm of each customer (n,), 1 for those who left (n,), forecast log-odds."""
        x, arm = np.asarray(contexts, dtype=np.float64), np.asarray(arms)
        if x.shape[-1] != self.width or x.shape[0] != len(arm):
            raise ValueError(f"Contexts of {len(arm)} customers with {self.width} columns are needed, not {x.shape}.")
        own = x if x.ndim == 2 else x[np.arange(len(arm)), arm]
        return ArmModel(self.arms, self.width, self.posterior.updated(self._design(own, arm), left, offsets))

    def leaves(self, contexts: npt.ArrayLike, offsets: npt.ArrayLike) -> Floats:
        """P(leave) under every arm at the mode of the weights, shape (n, arms)."""
        return np.asarray(self._leaves(self.posterior.mean[None], contexts, offsets)[:, 0].T)

    def sampled_leaves(
        self, contexts: npt.ArrayLike, offsets: npt.ArrayLike, draws: int, rng: np.random.Generator
    ) -> Floats:
        """P(leave) under every arm for weights drawn from the posterior, shape (arms, draws, n)."""
        return self._leaves(self.posterior.sample(draws, rng), contexts, offsets)

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

    def _design(self, own: Floats, arm: npt.NDArray[np.int64]) -> Floats:
        """Rows of the regression: the contexts in the blocks u, v and w_k that the arm has a part in."""
        n, d = own.shape
        blocks = np.zeros((n, self.arms + 1, d))
        blocks[:, 0] = own
        offered = np.flatnonzero(arm > 0)
        blocks[offered, 1] = own[offered]
        blocks[offered, 1 + arm[offered]] = own[offered]
        return blocks.reshape(n, -1)

    def _leaves(self, weights: Floats, contexts: npt.ArrayLike, offsets: npt.ArrayLike) -> Floats:
        """sigmoid of the scores, shape (arms, draws, n); weights: (draws, all weights)."""
        x = np.asarray(contexts, dtype=np.float64)
        parts = weights.reshape(len(weights), self.arms + 1, self.width)
        found = np.empty((self.arms, len(weights), len(x)))
        for arm in range(self.arms):
            vector = parts[:, 0] if arm == 0 else parts[:, 0] + parts[:, 1] + parts[:, 1 + arm]
            found[arm] = vector @ (x if x.ndim == 2 else x[:, arm]).T
        return sigmoid(np.asarray(offsets) + found)
