"""How many of many customers will leave: an interval of a count of independent events, each with its own chance."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from db.vocabulary import Json


@dataclass(frozen=True, slots=True)
class CountInterval:
    """A count expected and the interval that holds it with `level`: by chance alone, and with the model's own error.

    `low` and `high` are those by chance alone where the error of the model is not known (`covers_model_error` False).
    """

    expected: float
    low: int
    high: int
    chance_low: int
    chance_high: int
    covers_model_error: bool
    level: float = 0.95

    def as_json(self) -> Json:
        """The interval as a JSON object."""
        return {
            "expected": round(self.expected, 3),
            "low": self.low,
            "high": self.high,
            "chance_low": self.chance_low,
            "chance_high": self.chance_high,
            "covers": "chance and model error" if self.covers_model_error else "chance",
            "level": self.level,
        }


def count_interval(
    mean: float,
    variance: float,
    third_moment: float,
    most: int,
    *,
    log_odds_spread: float | None = None,
    level: float = 0.95,
) -> CountInterval:
    """The interval of a Poisson-binomial count of at most `most`, from sums over the probabilities p.

    `mean` is the sum of p, `variance` of p (1 - p), `third_moment` of p (1 - p) (1 - 2 p). Quantiles are those of the
    normal distribution corrected for skewness (Cornish and Fisher 1938; the refined normal approximation of Volkova
    1996, see Hong 2013), rounded outwards. `log_odds_spread` is the standard deviation of an error in log-odds that all
    forecasts share: it moves the mean by itself times the variance (delta method), independently of chance.
    """
    chance = _rounded(mean, variance, third_moment, most, level)
    shared = (log_odds_spread or 0.0) * variance
    low, high = _rounded(mean, variance + shared**2, third_moment, most, level)
    return CountInterval(mean, low, high, *chance, log_odds_spread is not None, level)


def _rounded(mean: float, variance: float, third_moment: float, most: int, level: float) -> tuple[int, int]:
    deviation = float(np.sqrt(max(variance, 0.0)))
    skewness = third_moment / deviation**3 if deviation else 0.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    # A skewness beyond one, of a handful of rare events, would turn the correction round.
    bend = float(np.clip(skewness, -1.0, 1.0)) * (z**2 - 1) / 6
    low, high = mean + deviation * (bend - z), mean + deviation * (bend + z)
    return max(int(np.floor(low)), 0), min(int(np.ceil(high)), most)
