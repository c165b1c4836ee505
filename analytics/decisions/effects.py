"""Measured effects of offers: the seam through which uplift estimates reach the arbitration."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class EffectEstimates:
    """How much each offer lowers each customer's churn probability, where that has been estimated.

    table: indexed by customer_id, one column per offer code, in [-1, 1]; NaN where there is no estimate, and then the
    arbitration backs off to propensity x context x value x lever. source: which model and data they come from.
    averages: by offer code, for customers without an estimate of their own.
    """

    table: pd.DataFrame
    source: str
    averages: Mapping[str, float] = field(default_factory=dict)

    def of(self, customer_ids: list[str], offer_codes: list[str]) -> npt.NDArray[np.float64]:
        """The estimates as an array (customers, offers), rounded as they will be stored; NaN where there is none."""
        found = self.table.reindex(index=customer_ids, columns=offer_codes).to_numpy(dtype=np.float64)
        averages = np.array([self.averages.get(code, np.nan) for code in offer_codes], dtype=np.float64)
        found = np.where(np.isnan(found), averages, found)
        return np.asarray(np.round(np.clip(found, -1.0, 1.0), 6), dtype=np.float64)
