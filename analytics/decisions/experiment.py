"""The standing experiment: a stable-hash holdout, how large it must be, and whether the split came out as planned.

Assignment depends on nothing but the experiment's name and the customer's id: not on order, time, or who else is there.
"""

import hashlib
import math
from dataclasses import dataclass
from statistics import NormalDist

from db.errors import SettingsError
from db.vocabulary import Arm

SMALLEST_SHARE = 0.05
LARGEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named experiment that keeps `holdout_share` of the customers out of the programme; 0 keeps nobody out."""

    name: str = "retention"
    holdout_share: float = 0.1

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise SettingsError("An experiment needs a name.", hint="Set experiment.name.")
        if not 0 <= self.holdout_share < 1:
            raise SettingsError(
                f"The holdout share is {self.holdout_share}; it lies between 0 and 1.",
                hint="0.1 keeps a tenth of the customers out of the programme.",
            )


@dataclass(frozen=True, slots=True)
class Assignment:
    """The side a customer is on, and the probability with which the hash puts a customer there."""

    arm: Arm
    assignment_probability: float


def assign(experiment: str, customer_id: str, holdout_share: float) -> Assignment:
    """The arm of a customer: SHA-256 of experiment and id, read as a number in [0, 1), against the share."""
    if share_of_hash(experiment, customer_id) < holdout_share:
        return Assignment(Arm.HOLDOUT, holdout_share)
    return Assignment(Arm.TREATED, 1.0 - holdout_share)


def share_of_hash(experiment: str, customer_id: str) -> float:
    """A number in [0, 1), uniform over customers and independent between experiments."""
    # The length keeps ("a", "b:c") and ("a:b", "c") apart.
    text = f"{len(experiment)}:{experiment}:{customer_id}".encode(errors="surrogatepass")
    return (int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 11) / (1 << 53)


def sample_size_per_arm(rate: float, other_rate: float, *, power: float = 0.8, significance: float = 0.05) -> int:
    """Customers per arm needed to tell two rates apart (two-sided test, equal arms).

    n = (z(1 - significance/2) + z(power))^2 (p1 q1 + p2 q2) / (p1 - p2)^2: Fleiss, Levin & Paik, Statistical Methods
    for Rates and Proportions, chapter 4, without continuity correction.
    """
    if not (0 < rate < 1 and 0 < other_rate < 1) or rate == other_rate:
        raise ValueError("two different rates between 0 and 1 are needed")
    spread = rate * (1 - rate) + other_rate * (1 - other_rate)
    return math.ceil(_z(power, significance) ** 2 * spread / (rate - other_rate) ** 2)


def minimum_detectable_effect(
    customers: int, base_rate: float, holdout_share: float, *, power: float = 0.8, significance: float = 0.05
) -> float:
    """The smallest fall of the churn rate, in absolute terms, that the split can be expected to show.

    Solves d = z sqrt(p q / n_holdout + (p - d)(1 - p + d) / n_treated) for d, the formula of `sample_size_per_arm` with
    arms of different size. infinity where an arm is empty or not even a fall to zero would show.
    """
    if not 0 <= base_rate <= 1:
        raise ValueError("the base rate lies between 0 and 1")
    held = customers * holdout_share
    treated = customers - held
    if held < 1 or treated < 1 or base_rate == 0:
        return math.inf
    z = _z(power, significance)

    def excess(fall: float) -> float:
        lower = base_rate - fall
        return fall - z * math.sqrt(base_rate * (1 - base_rate) / held + lower * (1 - lower) / treated)

    if excess(base_rate) < 0:
        return math.inf
    low, high = 0.0, base_rate
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) >= 0 else (middle, high)
    return high


def holdout_share_for(
    customers: int, base_rate: float, effect: float, *, power: float = 0.8, significance: float = 0.05
) -> float | None:
    """The smallest share between 5 % and 50 %, in whole percent, that can show a fall of the churn rate by `effect`.

    None where not even half of the customers would be enough: then the effect has to be measured over more time.
    """
    for percent in range(round(SMALLEST_SHARE * 100), round(LARGEST_SHARE * 100) + 1):
        detectable = minimum_detectable_effect(
            customers, base_rate, percent / 100, power=power, significance=significance
        )
        if detectable <= effect:
            return percent / 100
    return None


def sample_ratio_p_value(held: int, treated: int, holdout_share: float) -> float:
    """P-value of the split against the plan (chi-square, one degree of freedom); below 0.001 something is wrong."""
    total = held + treated
    if total == 0 or not 0 < holdout_share < 1:
        return 1.0
    expected = total * holdout_share
    statistic = (held - expected) ** 2 / expected + (treated - (total - expected)) ** 2 / (total - expected)
    return math.erfc(math.sqrt(statistic / 2))


def _z(power: float, significance: float) -> float:
    normal = NormalDist()
    return normal.inv_cdf(1 - significance / 2) + normal.inv_cdf(power)
