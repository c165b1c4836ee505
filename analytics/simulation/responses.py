"""How customers answer offers: an offer keeps those whose reason it meets, and pesters those it should leave alone."""

from dataclasses import dataclass

import numpy as np

from analytics.simulation.company import OFFER_TYPES, REASONS
from analytics.simulation.people import People

# Shift of the monthly hazard in log-odds by reason (rows) and offer type (columns, `none` left out): an offer helps
# where it meets the reason, and pesters where it does not.
_AFFINITY = {
    #               discount pause  plan   free  trial  contact education bonus
    "price":         (-1.10, -0.20, -0.90, -0.80, -0.10, -0.20, 0.05, -0.40),
    "competitor":    (-1.20, 0.00, -0.40, -0.60, -0.10, -0.40, 0.00, -0.40),
    "outage":        (-0.40, 0.00, 0.05, -0.60, 0.00, -1.00, -0.10, -0.30),
    "slow_support":  (-0.30, 0.00, 0.05, -0.40, 0.00, -1.10, -0.20, -0.20),
    "billing_error": (-0.40, 0.00, 0.00, -0.50, 0.00, -1.20, -0.10, -0.20),
    "missing_feature": (-0.20, 0.00, -0.60, -0.10, -0.90, -0.20, -0.40, -0.30),
    "low_usage":     (-0.20, -1.20, -0.90, -0.20, -0.20, 0.10, -0.60, -0.10),
    "moving_house":  (-0.10, -0.60, 0.00, -0.20, 0.00, -0.40, 0.00, 0.00),
    "too_complex":   (-0.10, 0.00, -0.20, -0.10, -0.30, -0.70, -1.00, 0.00),
    "equipment":     (-0.20, 0.00, 0.00, -0.20, 0.00, -0.80, -0.30, -0.70),
    "life_change":   (0.05, -0.80, -0.20, -0.10, 0.00, 0.20, 0.20, 0.20),
    "contract_end":  (-1.00, 0.00, -0.40, -0.60, 0.00, -0.40, 0.05, -0.60),
}  # fmt: skip

LEAST_PUSH = 0.01
"""Added to every pressure before shares are taken, so that someone without any has all reasons a little."""


@dataclass(frozen=True, slots=True)
class Response:
    """Unseen traits of n customers that decide what offers do to them.

    openness: how strongly offers work at all. pestered: log-odds that any contact adds. taste: liking of each offer
    type, shape (n, offer types without none). shyness: log-odds against accepting, shape (n, 1).
    """

    openness: np.ndarray
    pestered: np.ndarray
    taste: np.ndarray
    shyness: np.ndarray

    @classmethod
    def draw(cls, people: People, rng: np.random.Generator) -> "Response":
        """Traits of these customers; the dormant are mostly better left alone."""
        n = len(people)
        openness = rng.gamma(2.0, 0.6, n) * (rng.random(n) >= 0.22)
        pestered = np.where(rng.random(n) < np.where(people.dormant, 0.75, 0.10), rng.uniform(0.3, 1.4, n), 0.0)
        taste = rng.normal(0, 0.06, (n, len(OFFER_TYPES) - 1))
        return cls(np.where(pestered > 0, 0.25, 1.0) * openness, pestered, taste, rng.normal(0, 0.5, (n, 1)))

    def rows(self, rows: np.ndarray) -> "Response":
        """The traits of some of the customers."""
        return Response(self.openness[rows], self.pestered[rows], self.taste[rows], self.shyness[rows])

    def shifts(self, pushes: np.ndarray) -> np.ndarray:
        """Shift in monthly log-odds of leaving per offer type, shape (n, offer types); negative keeps the customer.

        pushes: pressure of every reason at the time of the offer, shape (n, reasons), in log-odds.
        """
        push = pushes.astype(float) + LEAST_PUSH
        share = push / push.sum(axis=1, keepdims=True)
        found = np.zeros((len(push), len(OFFER_TYPES)))
        meets = share @ np.array([_AFFINITY[reason] for reason in REASONS])
        found[:, 1:] = meets * self.openness[:, None] * 2.0
        found[:, 1:] += self.pestered[:, None] + self.taste
        return found

    def acceptance(self, shifts: np.ndarray) -> np.ndarray:
        """Probability of accepting each offer type, (n, offer types): what helps is accepted more often; none never."""
        found: np.ndarray = 1.0 / (1.0 + np.exp(2.0 * shifts + 1.7 + self.shyness))
        found[:, 0] = 0.0
        return found
