"""The standing experiment: a stable-hash holdout, how large it must be, and what the programme changed against it.

Assignment depends on nothing but the experiment's name and the customer's id: not on order, time, or who else is there.
"""

import hashlib
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analytics.evaluation.shares import Z95, difference_interval
from db.errors import SettingsError
from db.vocabulary import Arm, Json

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


SUSPECT_SPLIT = 0.001
"""A split less likely than this under its plan is an alarm, not bad luck."""


@dataclass(frozen=True, slots=True)
class HoldoutPlan:
    """What a holdout of this size can show, before it is used.

    expected_change: the fall of the churn rate that the offers are expected to make; recommended_share: the smallest
    share that would show it (None: more customers or more time are needed).
    """

    customers: int
    base_rate: float
    share: float
    minimum_detectable_effect: float
    expected_change: float
    recommended_share: float | None

    def sentence(self) -> str:
        """The plan in words."""
        held = round(self.customers * self.share)
        if self.share <= 0:
            return "No holdout is kept, so the effect of the offers cannot be measured."
        if not math.isfinite(self.minimum_detectable_effect):
            told = f"{held:,} customers are too few to show even a fall of churn to nothing."
        else:
            told = (
                f"{held:,} of {self.customers:,} customers with an offer ({self.share:.0%}) are held out: at a churn "
                f"rate of {self.base_rate:.1%} that can show a fall of "
                f"{self.minimum_detectable_effect * 100:.1f} points or more."
            )
        if self.recommended_share is None:
            return f"{told} The {self.expected_change * 100:.1f} points expected need more customers or more time."
        return f"{told} {self.recommended_share:.0%} would show the {self.expected_change * 100:.1f} points expected."

    def as_json(self) -> Json:
        """The plan as a JSON object."""
        mde = self.minimum_detectable_effect
        return {
            "customers": self.customers,
            "base_rate": round(self.base_rate, 4),
            "share": self.share,
            "minimum_detectable_effect": round(mde, 4) if math.isfinite(mde) else None,
            "expected_change": round(self.expected_change, 4),
            "recommended_share": self.recommended_share,
            "sentence": self.sentence(),
        }


def plan_holdout(customers: int, base_rate: float, share: float, expected_change: float) -> HoldoutPlan:
    """The holdout sized from volume and base rate, beside the one that is planned."""
    change = min(max(expected_change, 0.0), base_rate)
    return HoldoutPlan(
        customers=customers,
        base_rate=base_rate,
        share=share,
        minimum_detectable_effect=minimum_detectable_effect(customers, base_rate, share),
        expected_change=change,
        recommended_share=holdout_share_for(customers, base_rate, change) if change > 0 else None,
    )


@dataclass(frozen=True, slots=True)
class Sides:
    """One entry per customer who was followed through the horizon, on both sides of the experiment.

    treated: the side. retained: active when the horizon ended. worth: money of a customer who stays. cost: of contact
    and accepted offer, 0 in the holdout.
    """

    treated: npt.NDArray[np.bool_]
    retained: npt.NDArray[np.bool_]
    worth: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """An estimate with the ends of its 95 % interval."""

    estimate: float
    low: float
    high: float

    def as_json(self, decimals: int = 4) -> Json:
        """The three figures, rounded."""
        return {name: round(getattr(self, name), decimals) for name in ("estimate", "low", "high")}


@dataclass(frozen=True, slots=True)
class Effect:
    """What the programme changed: treated against holdout, as assigned and not as contacted.

    save_rate: retained share of the treated less that of the holdout (Newcombe 1998). saves: that, times the treated.
    revenue: what the treated kept in worth beyond the holdout, less their costs, for all of them.
    """

    treated: int
    holdout: int
    treated_retained: float
    holdout_retained: float
    save_rate: Measured
    saves: Measured
    revenue: Measured
    minimum_detectable_effect: float
    sample_ratio_p_value: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval lies above zero, so that saves may be claimed."""
        return self.save_rate.low > 0 and self.sample_ratio_p_value >= SUSPECT_SPLIT

    def as_json(self) -> Json:
        """The effect as a JSON object."""
        mde = self.minimum_detectable_effect
        return {
            "treated": self.treated,
            "holdout": self.holdout,
            "treated_retained": round(self.treated_retained, 4),
            "holdout_retained": round(self.holdout_retained, 4),
            "incremental_save_rate": self.save_rate.as_json(),
            "incremental_saves": self.saves.as_json(1),
            "incremental_revenue": self.revenue.as_json(2),
            "minimum_detectable_effect": round(mde, 4) if math.isfinite(mde) else None,
            "sample_ratio_p_value": round(self.sample_ratio_p_value, 6),
            "is_shown": self.is_shown,
        }


def measure(sides: Sides, holdout_share: float) -> Effect | None:
    """The effect of the programme on customers followed through the horizon; None while a side has fewer than two.

    The interval of the revenue is Welch's for a difference of means, with normal quantiles.
    """
    treated, holdout = sides.treated, ~sides.treated
    sizes = int(treated.sum()), int(holdout.sum())
    if min(sizes) < 2:
        return None
    stayed = int((sides.retained & treated).sum()), int((sides.retained & holdout).sum())
    rate = stayed[0] / sizes[0] - stayed[1] / sizes[1]
    low, high = difference_interval(stayed[0], sizes[0], stayed[1], sizes[1])
    money = np.where(sides.retained, sides.worth, 0.0) - sides.cost
    difference = float(money[treated].mean() - money[holdout].mean())
    spread = Z95 * math.sqrt(money[treated].var(ddof=1) / sizes[0] + money[holdout].var(ddof=1) / sizes[1])
    total = sum(sizes)
    return Effect(
        treated=sizes[0],
        holdout=sizes[1],
        treated_retained=stayed[0] / sizes[0],
        holdout_retained=stayed[1] / sizes[1],
        save_rate=Measured(rate, low, high),
        saves=Measured(*(sizes[0] * figure for figure in (rate, low, high))),
        revenue=Measured(*(sizes[0] * figure for figure in (difference, difference - spread, difference + spread))),
        minimum_detectable_effect=minimum_detectable_effect(total, 1 - stayed[1] / sizes[1], sizes[1] / total),
        sample_ratio_p_value=sample_ratio_p_value(sizes[1], sizes[0], holdout_share),
    )
