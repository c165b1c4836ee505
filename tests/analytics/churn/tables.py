"""Small tables with a known churn process, for tests of the forecaster and everything that reads it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def customers(rows: int = 600, seed: int = 0, *, tangled: bool = False) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """A table of every kind of column and the 0/1 churn drawn from it: short tenure and monthly contracts leave.

    When `tangled`, usage raises the risk of long tenures and lowers that of short ones, which only trees can follow.
    """
    rng = np.random.default_rng(seed)
    tenure = rng.integers(0, 72, rows)
    contract = rng.choice(["monthly", "yearly"], rows, p=[0.6, 0.4])
    usage = np.where(rng.random(rows) < 0.1, np.nan, rng.gamma(2.0, 10.0, rows))
    frame = pd.DataFrame(
        {
            "tenure": tenure,
            "contract": contract,
            "usage": usage,
            "paperless": rng.random(rows) < 0.5,
            "signed_up_on": pd.Timestamp("2026-01-01") - pd.to_timedelta(tenure * 30, unit="D"),
            "region": pd.Series(["north", "south", "east", None]).to_numpy()[rng.integers(0, 4, rows)],
            "customer_id": [f"C{number:06d}" for number in range(rows)],
        }
    )
    score = 0.3 - tenure / 24 + 1.4 * (contract == "monthly") - 0.01 * np.nan_to_num(usage, nan=20.0)
    if tangled:
        score += 3.0 * np.sign((tenure - 24) * (np.nan_to_num(usage, nan=20.0) - 17))
    churned = (rng.random(rows) < 1 / (1 + np.exp(-score))).astype(np.int64)
    return frame, churned
