"""Forecasts in time: when customers leave, as one discrete-time hazard model over periods after an observation date.

`survival_table` observes customers at past dates, `SurvivalForecaster` learns the hazard of each period, and
`SurvivalCurves` answers for any horizon: churn probability, expected remaining time, voluntary and involuntary apart.
"""

from analytics.survival.curves import SurvivalCurves
from analytics.survival.forecaster import SurvivalForecaster, fit_survival
from analytics.survival.table import SurvivalTable, survival_table
from analytics.survival.times import FollowedEvent, RemainingTimes, followed_event, remaining_times

__all__ = [
    "FollowedEvent",
    "RemainingTimes",
    "SurvivalCurves",
    "SurvivalForecaster",
    "SurvivalTable",
    "fit_survival",
    "followed_event",
    "remaining_times",
    "survival_table",
]
