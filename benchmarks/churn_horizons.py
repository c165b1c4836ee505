"""One hazard model beside a model per horizon: churn within 30, 60 and 90 days on Online Retail."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from analytics.churn_events import fit_time_forward
from analytics.evaluation.intervals import paired_bootstrap
from analytics.evaluation.metrics import churn_metrics
from analytics.evaluation.survival import concordance, integrated_brier
from analytics.frames import Frames
from analytics.observations import TrainingTable
from analytics.survival import SurvivalCurves, SurvivalTable, fit_survival, survival_table
from benchmarks.report import say, show_table

Floats = npt.NDArray[np.float64]
Tables = Callable[[int], tuple[TrainingTable, TrainingTable]]

HORIZONS = (30, 60, 90)
ALLOWED = 0.005
"""How much AUC one model may lose to a model per horizon."""


def horizons(
    frames: Frames, tables: Tables, dates: Sequence[date], test_date: date, active_days: int, draws: int
) -> dict[str, Any]:
    """Figures of both at every horizon; `tables` gives the training and test rows of a horizon in days.

    The hazard model learns from the same `dates` as the models per horizon, with what was known at the test date.
    """
    pairs = {days: tables(days) for days in HORIZONS}
    train, test = pairs[max(HORIZONS)]
    definition = train.definition
    after = test_date + timedelta(days=max(HORIZONS))
    known = survival_table(frames, definition, dates, cut_off=test_date, plan=train.plan, population="seen")
    later = survival_table(frames, definition, [test_date], cut_off=after, plan=train.plan, population="seen")
    fitted = fit_survival(known, scoring_date=test_date, population=later.X)
    curves = fitted.curves(later.X)
    say(f"  hazard model done: {fitted.periods_} periods of {fitted.period_days} days")
    active = (test.X["purchase_days_since_last"] <= active_days).to_numpy()
    rows: list[dict[str, Any]] = []
    for days, (train_of, test_of) in pairs.items():
        alone = fit_time_forward(train_of, scoring_date=test_date, population=test_of.X)
        separate = alone.predict_proba(test_of.X)[:, 1]
        one = curves.churn_probability(days)[:, 0]
        for who, chosen in (("all", np.ones(len(one), dtype=bool)), ("active", active)):
            rows.append(_row(who, days, test_of.y[chosen], one[chosen], separate[chosen], draws))
        say(f"  model of {days} days done")
    show_table("One hazard model beside a model per horizon", rows)
    return {"figures": rows, "monotone": _monotone(curves), **_in_time(later, curves, fitted.base_curves(len(later)))}


def _row(who: str, days: int, y: npt.NDArray[np.int64], one: Floats, separate: Floats, draws: int) -> dict[str, Any]:
    target = y.astype(np.float64)
    ours, theirs = churn_metrics(y, one, ece_draws=1), churn_metrics(y, separate, ece_draws=1)
    difference = paired_bootstrap(target, one, separate, _auc, draws=draws)
    return {
        "customers": who,
        "days": days,
        "auc": ours.auc,
        "separate auc": theirs.auc,
        "difference": difference,
        "within": bool(difference.estimate >= -ALLOWED),
        "log_loss": ours.log_loss,
        "separate log_loss": theirs.log_loss,
        "ece": ours.ece,
        "separate ece": theirs.ece,
    }


def _monotone(curves: SurvivalCurves) -> bool:
    """Whether no customer's curve ever turns."""
    by_day = curves.churn_probability(np.arange(curves.cap_days + 1))
    monotone = bool((np.diff(by_day, axis=1) <= 0).all())
    say(f"curves of {len(curves):,} customers over {curves.cap_days} days are monotone: {monotone}")
    return monotone


def _in_time(table: SurvivalTable, curves: SurvivalCurves, base: SurvivalCurves) -> dict[str, float]:
    """Uno's C and the integrated Brier score of the time to the next purchase, beside one curve for everybody."""
    until = float(max(HORIZONS))
    days, happened = table.times.days, table.times.happened
    grid = np.arange(1.0, until + 1)
    found = {
        "concordance": float(concordance(days, happened, -curves.expected_days(), until=until)[0]),
        "integrated_brier": float(integrated_brier(days, happened, curves.survival(grid), grid).mean()),
        "integrated_brier_of_one_curve": float(integrated_brier(days, happened, base.survival(grid), grid).mean()),
    }
    show_table(f"Time to the next purchase, over {until:.0f} days", [found])
    return found


def _auc(y: Floats, p: Floats) -> float:
    return float(roc_auc_score(y, p))
