"""Measured effects of offers: the seam through which uplift estimates reach the arbitration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

EFFECT_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Estimated:
    """Effects of offers (customers, offers), NaN where there is none, and which of them are averages of the offer."""

    effects: npt.NDArray[np.float64]
    is_average: npt.NDArray[np.bool_]


class Effects(Protocol):
    """What the arbitration asks for effects."""

    @property
    def source(self) -> str:
        """Which model and data they come from, in words that tell them from all others."""
        ...

    def estimated(self, customers: pd.DataFrame, codes: Sequence[str]) -> Estimated:
        """The effects of these offers on customers, given by their facts as decisions read them."""
        ...


@dataclass(frozen=True)
class EffectEstimates:
    """How much each offer lowers each customer's churn probability, where that has been estimated.

    table: indexed by customer_id, one column per offer code, in [-1, 1]; NaN where there is no estimate, and then the
    arbitration backs off to propensity x context x value x lever. averages: by offer code, for customers without an
    estimate of their own.
    """

    table: pd.DataFrame
    source: str
    averages: Mapping[str, float] = field(default_factory=dict)

    def of(self, customer_ids: list[str], offer_codes: Sequence[str]) -> npt.NDArray[np.float64]:
        """The estimates as an array (customers, offers), rounded as they will be stored; NaN where there is none."""
        return self._joined(customer_ids, offer_codes).effects

    def estimated(self, customers: pd.DataFrame, codes: Sequence[str]) -> Estimated:
        """The estimates of the customers in the column `customer_id`."""
        return self._joined(customers["customer_id"].tolist(), codes)

    def _joined(self, customer_ids: list[str], codes: Sequence[str]) -> Estimated:
        own = self.table.reindex(index=customer_ids, columns=list(codes)).to_numpy(dtype=np.float64)
        averages = np.array([self.averages.get(code, np.nan) for code in codes], dtype=np.float64)
        is_average = np.isnan(own) & ~np.isnan(averages)
        found = np.round(np.clip(np.where(is_average, averages, own), -1.0, 1.0), EFFECT_DECIMALS)
        return Estimated(np.asarray(found, dtype=np.float64), is_average)


def no_effects(customers: int, offers: int) -> Estimated:
    """Nothing is known of any effect."""
    return Estimated(np.full((customers, offers), np.nan), np.zeros((customers, offers), dtype=bool))
