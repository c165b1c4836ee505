"""Money arithmetic of offers: prices per billing period, rounding to the currency's smallest unit, and what is lost."""

import numpy as np
import numpy.typing as npt

Amounts = npt.NDArray[np.float64]

MONTHS_OF_PERIOD = {"month": 1, "quarter": 3, "year": 12}
"""Months in a billing period."""

_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def decimals_of(currency: str | None) -> int:
    """Decimal places of a currency (ISO 4217); 2 where it is not known."""
    return _DECIMALS.get(currency or "", 2)


def rounded(amounts: Amounts, decimals: npt.ArrayLike) -> Amounts:
    """Amounts to that many decimals, halves away from zero; NaN stays NaN.

    The binary noise of a product such as 0.5 x 29.85 is taken off at six further decimals before halves are judged.
    """
    scale = np.power(10.0, np.asarray(decimals))
    scaled = np.round(np.abs(amounts) * scale, 6)
    return np.asarray(np.sign(amounts) * np.floor(scaled + 0.5) / scale, dtype=np.float64)


def period_months(billing_periods: npt.NDArray[np.object_]) -> Amounts:
    """Months per billing period; NaN where the period is not one we know."""
    return np.array([MONTHS_OF_PERIOD.get(str(period), np.nan) for period in billing_periods], dtype=np.float64)
