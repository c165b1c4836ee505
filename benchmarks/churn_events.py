"""Churn from events: our forecaster beside its peers on Online Retail, tested on a later date.

    python -m benchmarks.churn_events [--quick] [--json FILE]

Churn is no purchase in the 90 days after 2011-09-10. Training dates are 2011-03-01 and every 15 days after, as long as
the 90-day outcome ends before the test date. One act per customer and invoice; lines without a customer are dropped;
cancellations are events of their own, not purchases. Peers see the same columns; the recency and
recency-frequency-money models see theirs. Nothing is chosen on the test window: the full run repeats the backtests on
earlier dates (outcomes of 30 to 90 days, all known by 2011-09-10) on which features and recalibration were chosen, and
compares one hazard model with a model per horizon of 30, 60 and 90 days (`benchmarks.churn_horizons`).
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from analytics.churn_events import TimeForwardForecaster, fit_time_forward
from analytics.evaluation.intervals import bootstrap, paired_bootstrap
from analytics.evaluation.metrics import churn_metrics, log_loss
from analytics.evaluation.time_forward import baseline_forecasts
from analytics.features.clock import day_of, days_of
from analytics.frames import Frames, check_customers, check_events
from analytics.observations import TrainingTable, training_table
from benchmarks.bg_nbd import BgNbd
from benchmarks.churn_horizons import horizons
from benchmarks.report import parse_arguments, require_data, say, show_table, write_json
from db.vocabulary import ChurnDefinition, ChurnDefinitionKind

Floats = npt.NDArray[np.float64]

OURS = "TimeForwardForecaster"
WAY = "season, no drift"
TEST_DATE, FIRST_DATE, EARLY_FIRST = date(2011, 9, 10), date(2011, 3, 1), date(2011, 1, 12)
HORIZON, ACTIVE_DAYS, EVERY_DAYS = 90, 90, 15
BACKTESTS = (
    (30, date(2011, 6, 13)),
    (30, date(2011, 7, 13)),
    (30, date(2011, 8, 11)),
    (45, date(2011, 5, 15)),
    (45, date(2011, 6, 15)),
    (45, date(2011, 7, 25)),
    (60, date(2011, 5, 30)),
    (60, date(2011, 6, 13)),
    (60, date(2011, 7, 12)),
    (90, date(2011, 5, 27)),
    (90, date(2011, 6, 12)),
)


def online_retail(data: Path) -> Frames:
    """Invoice lines as events: kind purchase or cancellation, the invoice number as reference."""
    path = require_data(data / "online_retail_uci" / "online_retail.csv.gz")
    lines = pd.read_csv(path, dtype={"InvoiceNo": "str", "CustomerID": "float64"})
    lines = lines[lines["CustomerID"].notna()].reset_index(drop=True)
    customer = lines["CustomerID"].astype("int64").astype("str")
    events = pd.DataFrame(
        {
            "customer_id": customer,
            "kind": np.where(lines["InvoiceNo"].str.startswith("C"), "cancellation", "purchase"),
            "occurred_at": pd.to_datetime(lines["InvoiceDate"], utc=True),
            "amount": lines["Quantity"] * lines["UnitPrice"],
            "quantity": lines["Quantity"].astype("float64"),
            "reference": lines["InvoiceNo"],
        }
    )
    customers = pd.DataFrame({"customer_id": customer, "country": lines["Country"]}).drop_duplicates("customer_id")
    return Frames(check_customers(customers.reset_index(drop=True)), events=check_events(events))


def dates_of(first: date, test_date: date) -> list[date]:
    """Training dates before the test date."""
    return [first + timedelta(days=EVERY_DAYS * step) for step in range((test_date - first).days // EVERY_DAYS)]


def tables(frames: Frames, horizon: int, first: date, test_date: date) -> tuple[TrainingTable, TrainingTable]:
    """Training rows whose outcomes were known by the test date, and the rows of the test date."""
    definition = ChurnDefinition(ChurnDefinitionKind.INACTIVITY, ACTIVE_DAYS, ("purchase",), horizon)
    train = training_table(frames, definition, dates_of(first, test_date), cut_off=test_date, population="seen")
    return train, training_table(frames, definition, [test_date], plan=train.plan, population="seen")


def peers() -> dict[str, Callable[[], Any]]:
    """Builders of the competitors that see all numeric columns."""
    found: dict[str, Callable[[], Any]] = {
        "logistic regression": _logistic,
        "HGB default": lambda: HistGradientBoostingClassifier(random_state=0),
        "HGB small": lambda: HistGradientBoostingClassifier(
            learning_rate=0.03, max_iter=150, max_leaf_nodes=8, min_samples_leaf=60, random_state=0
        ),
    }
    if find_spec("lightgbm") is None:
        say("LightGBM is left out: it is not installed (pip install 'mainstay[bench]')")
    else:
        found["LightGBM small"] = _lightgbm
    return found


def forecasts(frames: Frames, train: TrainingTable, test: TrainingTable) -> dict[str, Floats]:
    """Churn probabilities (test rows,) of ours, the baselines and the peers."""
    ours = fit_time_forward(train, scoring_date=TEST_DATE, population=test.X)
    found = {OURS: ours.predict_proba(test.X)[:, 1]}
    say(f"  {OURS} done: season {ours.season():+.3f}, drift taken out {ours.drift_:+.3f} in log-odds")
    found |= baseline_forecasts(train, test)
    found["BG/NBD"] = bg_nbd(frames, test)
    numeric = train.X.select_dtypes("number").columns
    for name, build in peers().items():
        model = build().fit(train.X[numeric], train.y)
        found[name] = np.asarray(model.predict_proba(test.X[numeric])[:, 1], dtype=np.float64)
        say(f"  {name} done")
    return found


def bg_nbd(frames: Frames, test: TrainingTable) -> Floats:
    """BG/NBD on the purchases before the test date, one per customer and day, in weeks."""
    days = days_of(frames.events["occurred_at"])
    now = day_of(TEST_DATE)
    bought = pd.DataFrame({"customer": frames.events["customer_id"], "day": np.floor(days)})
    bought = bought[(frames.events["kind"] == "purchase").to_numpy() & (days < now)].drop_duplicates()
    by_customer = bought.groupby("customer")["day"].agg(["min", "max", "size"]).loc[list(test.customer_ids)]
    first, last, bought_on = (by_customer[name].to_numpy(dtype=np.float64) for name in ("min", "max", "size"))
    repeats, weeks_to_last, weeks = bought_on - 1, (last - first) / 7, (now - first) / 7
    return BgNbd.fit(repeats, weeks_to_last, weeks).no_purchase(repeats, weeks_to_last, weeks, HORIZON / 7)


def judge(name: str, y: npt.NDArray[np.int64], found: dict[str, Floats], draws: int) -> dict[str, Any]:
    """Print and return the figures of one population, with paired intervals against ours."""
    rows = []
    for model, p in found.items():
        metrics = churn_metrics(y, p)
        figures = {"auc": metrics.auc, "ap": metrics.average_precision, "log_loss": metrics.log_loss}
        figures |= {"ece": metrics.ece, "ece_floor": metrics.ece_floor, "lift_at_10": metrics.lift_at_10}
        rows.append({"model": model, **figures, "mean_p": float(p.mean())})
    show_table(f"{name}: {len(y):,} customers, {y.mean():.1%} churned", rows)
    target = y.astype(np.float64)
    differences: list[dict[str, Any]] = [
        {
            "ours less": model,
            "auc": paired_bootstrap(target, found[OURS], p, _auc, draws=draws),
            "log_loss": paired_bootstrap(target, found[OURS], p, log_loss, draws=draws),
        }
        for model, p in found.items()
        if model != OURS
    ]
    show_table(f"{name}: ours less the peer's, 95 % paired intervals", differences)
    intervals = {
        "auc": bootstrap(target, found[OURS], _auc, draws=draws),
        "log_loss": bootstrap(target, found[OURS], log_loss, draws=draws),
    }
    return {"figures": rows, "differences": differences, "intervals": intervals}


def backtests(frames: Frames) -> list[dict[str, Any]]:
    """On earlier dates: ours as it is, with drift left in, with nothing done, and with the newest window's effect."""
    rows: list[dict[str, Any]] = []
    for horizon, test_date in BACKTESTS:
        train, test = tables(frames, horizon, EARLY_FIRST, test_date)
        fitted: TimeForwardForecaster = fit_time_forward(train, scoring_date=test_date, population=test.X)
        newest = float(fitted.date_effects_[-1])
        ways = {WAY: fitted.offset(), "season": fitted.season(), "none": 0.0, "newest window": newest}
        pooled = fitted.log_odds(test.X) - fitted.offset()
        active = (test.X["purchase_days_since_last"] <= ACTIVE_DAYS).to_numpy()
        for who, chosen in (("all", np.ones(len(test), dtype=bool)), ("active", active)):
            for way, offset in ways.items():
                metrics = churn_metrics(test.y[chosen], expit(pooled[chosen] + offset), ece_draws=1)
                row = {"horizon": horizon, "test_date": str(test_date), "customers": who, "recalibration": way}
                figures = {"auc": metrics.auc, "log_loss": metrics.log_loss, "ece": metrics.ece}
                rows.append(row | {"offset": offset} | figures)
        say(f"  backtest of {horizon} days on {test_date} done")
    show_table("Backtests on earlier dates", rows)
    show_table("Means of the backtests", means(rows))
    return rows


def means(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mean figures of every population and recalibration."""
    ways = ["customers", "recalibration"]
    found = pd.DataFrame(rows).groupby(ways, sort=False)[["auc", "log_loss", "ece"]].mean().reset_index()
    return [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark; `--quick` leaves out horizons and backtests and draws fewer bootstrap samples."""
    options = parse_arguments("Churn from events, beside peers, tested on a later date.", argv)
    frames = online_retail(options.data)
    train, test = tables(frames, HORIZON, FIRST_DATE, TEST_DATE)
    say(f"{len(train):,} training rows of {len(train.base_rates())} dates, {len(train.X.columns)} columns")
    found = forecasts(frames, train, test)
    active = (test.X["purchase_days_since_last"] <= ACTIVE_DAYS).to_numpy()
    draws = 100 if options.quick else 1000
    results: dict[str, Any] = {
        "all": judge("All customers seen", test.y, found, draws),
        "active": judge("Active in the last 90 days", test.y[active], {k: p[active] for k, p in found.items()}, draws),
    }
    if not options.quick:
        dates = dates_of(FIRST_DATE, TEST_DATE)
        results["horizons"] = horizons(
            frames, lambda days: tables(frames, days, FIRST_DATE, TEST_DATE), dates, TEST_DATE, ACTIVE_DAYS, draws
        )
        results["backtests"] = backtests(frames)
    write_json(options.json, "churn_events", results)


def _auc(y: Floats, p: Floats) -> float:
    return float(roc_auc_score(y, p))


def _logistic() -> Any:
    return make_pipeline(
        FunctionTransformer(_signed_log),
        SimpleImputer(strategy="median", add_indicator=True),
        StandardScaler(),
        LogisticRegression(C=0.05, max_iter=3000),
    )


def _signed_log(values: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(np.sign(values) * np.log1p(values.abs()), index=values.index)


def _lightgbm() -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        n_estimators=150, learning_rate=0.03, num_leaves=8, min_child_samples=60, random_state=0, verbose=-1, n_jobs=1
    )


if __name__ == "__main__":
    main()
