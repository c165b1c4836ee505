"""BG/NBD, the model of buying until one silently stops (Fader, Hardie and Lee 2005), fitted by maximum likelihood."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, expit, gammaln

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BgNbd:
    """Purchase rates are Gamma(r, alpha), the chance to stop after a purchase is Beta(a, b); time in weeks."""

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fit(cls, repeats: Floats, last: Floats, age: Floats, penalty: float = 0.01) -> "BgNbd":
        """Fit to repeat purchases, time of the last one since the first, and time observed since the first; (n,).

        A small penalty on the squared log parameters is needed for convergence.
        """

        def objective(logs: Floats) -> float:
            model = cls(*np.exp(np.clip(logs, -10, 10)))
            return float(-model._log_likelihood(repeats, last, age).mean() + penalty * (logs @ logs))

        found = minimize(objective, np.zeros(4), method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-5})
        return cls(*np.exp(np.clip(found.x, -10, 10)))

    def no_purchase(self, repeats: Floats, last: Floats, age: Floats, horizon: float) -> Floats:
        """Probability of no purchase within `horizon` from now, (n,)."""
        silent = ((self.alpha + age) / (self.alpha + age + horizon)) ** (self.r + repeats)
        return 1.0 - self.alive(repeats, last, age) * (1.0 - silent)

    def alive(self, repeats: Floats, last: Floats, age: Floats) -> Floats:
        """Probability that the customer has not stopped, (n,); 1 for customers who bought once."""
        odds_stopped = (
            np.log(self.a)
            - np.log(self.b + np.maximum(repeats, 1.0) - 1.0)
            + (self.r + repeats) * (np.log(self.alpha + age) - np.log(self.alpha + last))
        )
        stopped: Floats = np.where(repeats > 0, expit(odds_stopped), 0.0)
        return 1.0 - stopped

    def _log_likelihood(self, x: Floats, last: Floats, age: Floats) -> Floats:
        shared = gammaln(self.r + x) - gammaln(self.r) + self.r * np.log(self.alpha)
        going_on = betaln(self.a, self.b + x) - betaln(self.a, self.b) - (self.r + x) * np.log(self.alpha + age)
        repeated = np.maximum(x, 1.0)
        stopped = (
            betaln(self.a + 1.0, self.b + repeated - 1.0)
            - betaln(self.a, self.b)
            - (self.r + x) * np.log(self.alpha + last)
        )
        total: Floats = shared + np.where(x > 0, np.logaddexp(going_on, stopped), going_on)
        return total
