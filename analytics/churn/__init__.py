"""Forecasts who will leave: a scikit-learn estimator for tables of mixed columns.

`ChurnForecaster` blends an additive logistic regression on splines with gradient-boosted trees. `Abstention` and
`InsufficientDataError` say when the data are too thin to forecast at all.
"""

from analytics.churn.forecaster import ChurnForecaster
from analytics.churn.thin_data import Abstention, InsufficientDataError, thin_data_abstention

__all__ = ["Abstention", "ChurnForecaster", "InsufficientDataError", "thin_data_abstention"]
