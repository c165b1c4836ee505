"""What keeping a customer is worth: revenue at risk, residual value and the risk band, over arrays of customers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from db.errors import SettingsError
from db.vocabulary import RiskBand

Floats = npt.NDArray[np.float64]

DAYS_PER_MONTH = 365.25 / 12
DEFAULT_YEARLY_DISCOUNT_RATE = 0.10
DEFAULT_MONTHS_CAP = 60

_HIGH_MULTIPLE = 2.0
_MEDIUM_MULTIPLE = 1.0
_HIGHEST_THRESHOLD = 0.95


@dataclass(frozen=True, slots=True)
class RiskThresholds:
    """Churn probabilities from which a customer is at medium and at high risk: 0 < medium < high < 1."""

    medium: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 < self.medium < self.high < 1.0:
            raise SettingsError(
                f"The risk thresholds must rise from above 0 to below 1; they are {self.medium} and {self.high}.",
                hint="Name two probabilities, for example medium 0.1 and high 0.2.",
            )

    @classmethod
    def from_base_rate(cls, base_rate: float) -> "RiskThresholds":
        """Medium from the base rate, high from twice the base rate.

        Where twice the base rate would leave few or no probabilities above it, the high threshold lies halfway
        between the base rate and 1. A base rate is held within 0.001..0.9.
        """
        medium = float(np.clip(base_rate * _MEDIUM_MULTIPLE, 0.001, 0.9))
        high = min(_HIGH_MULTIPLE * medium, (1.0 + medium) / 2, _HIGHEST_THRESHOLD)
        return cls(medium, high)

    def describe(self) -> str:
        """The thresholds in a sentence."""
        return f"High: {self.high:.0%} or more. Medium: {self.medium:.0%} or more. Low: below {self.medium:.0%}."


def revenue_at_risk(
    churn_probability: npt.ArrayLike, monthly_revenue: npt.ArrayLike, churn_horizon_days: float
) -> Floats:
    """Churn probability x monthly revenue x months in the horizon: the expected revenue of the horizon at stake.

    Gross revenue in the currency of `monthly_revenue`; shape by broadcasting. A customer without known revenue gives
    NaN. Negative revenue (credit) counts as 0. The source is the definition of the metric in churn reporting: sum of
    p x MRR x months in the horizon. It counts a churner's whole horizon, though some leave in the midst of it.

    Raises:
        ValueError: a probability outside 0..1 or a negative horizon.
    """
    if churn_horizon_days < 0:
        raise ValueError(f"The churn horizon must not be negative, it is {churn_horizon_days}.")
    months = churn_horizon_days / DAYS_PER_MONTH
    revenue = np.maximum(np.asarray(monthly_revenue, dtype=np.float64), 0.0)
    return np.asarray(_probabilities(churn_probability) * revenue * months, dtype=np.float64)


def monthly_hazard(churn_probability: npt.ArrayLike, churn_horizon_days: float) -> Floats:
    """The constant monthly hazard that yields `churn_probability` over the horizon: 1 - (1 - p)^(1 / months)."""
    if churn_horizon_days <= 0:
        raise ValueError(f"The churn horizon must be positive, it is {churn_horizon_days}.")
    months = churn_horizon_days / DAYS_PER_MONTH
    return np.asarray(1.0 - (1.0 - _probabilities(churn_probability)) ** (1.0 / months), dtype=np.float64)


def residual_value(
    monthly_margin: npt.ArrayLike,
    monthly_churn_hazard: npt.ArrayLike,
    *,
    yearly_discount_rate: float = DEFAULT_YEARLY_DISCOUNT_RATE,
    months_cap: int = DEFAULT_MONTHS_CAP,
) -> Floats:
    """Expected discounted margin from today until the customer leaves, at most `months_cap` months; shape (n,).

    sum over t = 1..cap of margin x S(t) / (1 + r)^t with survival S(t) = product of (1 - hazard) up to month t and
    monthly rate r = (1 + yearly rate)^(1/12) - 1: the margin x retention / discount model of customer lifetime value
    (Gupta and Lehmann 2003; Fader and Hardie 2007), without its infinite horizon. `monthly_churn_hazard` holds one
    constant hazard per customer, shape () or (n,), or a curve, shape (n, months); beyond its end a curve keeps its
    last hazard. A negative margin counts as 0: such a customer is worth nothing, not less.

    Raises:
        ValueError: a hazard outside 0..1, a discount rate of -100 % or less, or a cap below 0.
    """
    if yearly_discount_rate <= -1.0 or months_cap < 0:
        raise ValueError("The discount rate must lie above -100 % and the cap on months must not be negative.")
    margin = np.maximum(np.asarray(monthly_margin, dtype=np.float64), 0.0)
    hazard = _probabilities(monthly_churn_hazard)
    discount = (1.0 + yearly_discount_rate) ** (-1.0 / 12.0)
    if hazard.ndim < 2:
        kept = (1.0 - hazard) * discount
        months = np.where(np.isclose(kept, 1.0), float(months_cap), _geometric(kept, months_cap))
        return np.asarray(margin * months, dtype=np.float64)
    survival = np.cumprod(1.0 - _extended(hazard, months_cap), axis=1)
    return np.asarray(margin * (survival @ discount ** np.arange(1, months_cap + 1)), dtype=np.float64)


def expected_months(monthly_churn_hazard: npt.ArrayLike, *, months_cap: int = DEFAULT_MONTHS_CAP) -> Floats:
    """Expected number of further months, at most `months_cap`: the residual value of a margin of 1, undiscounted."""
    return residual_value(1.0, monthly_churn_hazard, yearly_discount_rate=0.0, months_cap=months_cap)


def risk_band(churn_probability: float, thresholds: RiskThresholds) -> RiskBand:
    """The word for one churn probability."""
    return risk_bands(np.array([churn_probability]), thresholds)[0]


def risk_bands(churn_probability: npt.ArrayLike, thresholds: RiskThresholds) -> list[RiskBand]:
    """The word for each churn probability: a threshold belongs to the band above it.

    Raises:
        ValueError: a probability outside 0..1, or none at all (NaN).
    """
    probabilities = np.atleast_1d(_probabilities(churn_probability))
    if np.isnan(probabilities).any():
        raise ValueError("A missing churn probability has no risk band.")
    words = (RiskBand.LOW, RiskBand.MEDIUM, RiskBand.HIGH)
    levels = np.searchsorted([thresholds.medium, thresholds.high], probabilities, "right")
    return [words[level] for level in levels.tolist()]


def _probabilities(values: npt.ArrayLike) -> Floats:
    probabilities = np.asarray(values, dtype=np.float64)
    if ((probabilities < 0.0) | (probabilities > 1.0)).any():
        raise ValueError("A probability lies outside 0..1.")
    return probabilities


def _geometric(kept: Floats, months: int) -> Floats:
    """kept + kept^2 + ... + kept^months for kept != 1."""
    safe = np.where(np.isclose(kept, 1.0), 0.5, kept)
    return np.asarray(safe * (1.0 - safe**months) / (1.0 - safe), dtype=np.float64)


def _extended(hazard: Floats, months: int) -> Floats:
    """The curve cut or continued with its last hazard to `months` columns."""
    if hazard.shape[1] == 0:
        raise ValueError("A hazard curve needs at least one month.")
    known = hazard[:, :months]
    missing = max(months - known.shape[1], 0)
    return np.concatenate([known, np.repeat(hazard[:, -1:], missing, axis=1)], axis=1)
