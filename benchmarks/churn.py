"""Churn on static tables: our forecaster beside its peers on the same folds of Telco and Iranian churn.

    python -m benchmarks.churn [--quick] [--json FILE]

One call per table, no setting per table. Peers that are not installed are named and skipped. Differences are ours less
the peer's on pooled out-of-fold forecasts of the first seed, with 95 % paired bootstrap intervals.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from analytics.churn import ChurnForecaster
from analytics.evaluation.intervals import paired_bootstrap
from analytics.evaluation.metrics import churn_metrics, log_loss
from analytics.evaluation.out_of_fold import INTERVAL_METRICS, exact_duplicate_groups, stratified_splits
from benchmarks.report import parse_arguments, require_data, say, show_table, write_json

OURS = "ChurnForecaster"


@dataclass(frozen=True)
class Table:
    """A data set: features, 0/1 target, and the groups that stay in one fold."""

    name: str
    X: pd.DataFrame
    y: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64] | None


def telco(data: Path) -> Table:
    """IBM's Telco customers, blanks in TotalCharges as missing."""
    table = pd.read_csv(require_data(data / "telco_churn_ibm" / "Telco-Customer-Churn.csv"))
    table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
    return Table("Telco", table.drop(columns=["customerID", "Churn"]), _as_int(table["Churn"] == "Yes"), None)


def iranian(data: Path) -> Table:
    """Iranian telecom customers, equal rows in one fold."""
    table = pd.read_csv(require_data(data / "iranian_churn_uci" / "Customer_Churn.csv"))
    X = table.drop(columns="Churn")
    return Table("Iranian", X, _as_int(table["Churn"]), exact_duplicate_groups(X))


def _as_int(values: pd.Series) -> npt.NDArray[np.int64]:
    return values.to_numpy().astype(np.int64)


def _prepared(model: Any, *, splines: bool = False, scaled: bool = False) -> Any:
    """A scikit-learn pipeline: numbers imputed (and scaled or in splines), other columns one-hot."""
    steps: list[Any] = [SimpleImputer(strategy="median")]
    if splines:
        steps.append(SplineTransformer(n_knots=6, knots="quantile", extrapolation="constant"))
    if splines or scaled:
        steps.append(StandardScaler())
    encode = make_column_transformer(
        (make_pipeline(*steps), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(encode, model)


def peers(seed: int = 0) -> dict[str, Callable[[], Any]]:
    """Builders of every competitor that is installed, by name."""
    found: dict[str, Callable[[], Any]] = {
        "logistic regression": lambda: _prepared(LogisticRegression(max_iter=2000), scaled=True),
        "LR on splines": lambda: _prepared(LogisticRegression(max_iter=2000, C=0.1), splines=True),
        "HGB default": lambda: _prepared(HistGradientBoostingClassifier(random_state=seed)),
        "LightGBM default": lambda: _prepared(_lightgbm(seed)),
        "XGBoost default": lambda: _prepared(_xgboost(seed)),
        "CatBoost default": lambda: _prepared(_catboost(seed)),
    }
    needs = {"LightGBM default": "lightgbm", "XGBoost default": "xgboost", "CatBoost default": "catboost"}
    for name, module in needs.items():
        if find_spec(module) is None:
            say(f"{name} is left out: {module} is not installed (pip install 'mainstay[bench]')")
            del found[name]
    return found


def _lightgbm(seed: int) -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(random_state=seed, verbose=-1, n_jobs=1)


def _xgboost(seed: int) -> Any:
    from xgboost import XGBClassifier

    return XGBClassifier(random_state=seed, n_jobs=1)


def _catboost(seed: int) -> Any:
    from catboost import CatBoostClassifier

    return CatBoostClassifier(random_state=seed, verbose=0, thread_count=1, allow_writing_files=False)


def judge(table: Table, model: Any, seeds: Sequence[int]) -> tuple[dict[str, Any], npt.NDArray[np.float64]]:
    """Fold means of every metric, seconds per fit, and the pooled out-of-fold forecasts of the first seed."""
    pooled = np.empty((len(seeds), len(table.y)))
    folds: list[dict[str, float]] = []
    seconds = 0.0
    for number, seed in enumerate(seeds):
        for train, test in stratified_splits(table.y, table.groups, 5, seed):
            started = time.process_time()
            with threadpool_limits(1):
                fitted = clone(model).fit(table.X.iloc[train], table.y[train])
            seconds += time.process_time() - started
            p = np.asarray(fitted.predict_proba(table.X.iloc[test])[:, 1], dtype=np.float64)
            pooled[number, test] = p
            folds.append({name: metric(table.y[test].astype(float), p) for name, metric in INTERVAL_METRICS.items()})
    means = {name: float(np.mean([fold[name] for fold in folds])) for name in INTERVAL_METRICS}
    whole = churn_metrics(table.y, pooled[0])
    figures = {**means, "pooled_ece": whole.ece, "ece_floor": whole.ece_floor, "fit_cpu_s": seconds / len(folds)}
    return figures, pooled[0]


def compare(table: Table, seeds: Sequence[int], draws: int) -> dict[str, Any]:
    """Judge ours and all peers on one table, print both tables, and return the figures."""
    figures: dict[str, dict[str, Any]] = {}
    forecasts = {}
    for name, build in {OURS: ChurnForecaster, **peers()}.items():
        figures[name], forecasts[name] = judge(table, build(), seeds)
        say(f"  {table.name}: {name} done")
    rows = [
        {"model": name, **found, "fit_ratio": found["fit_cpu_s"] / figures[OURS]["fit_cpu_s"]}
        for name, found in figures.items()
    ]
    show_table(f"{table.name}: {len(table.y):,} customers, mean of {5 * len(seeds)} folds", rows)
    target = table.y.astype(float)
    differences: list[dict[str, Any]] = [
        {
            "ours less": name,
            "auc": paired_bootstrap(target, forecasts[OURS], p, lambda y, q: float(roc_auc_score(y, q)), draws=draws),
            "log_loss": paired_bootstrap(target, forecasts[OURS], p, log_loss, draws=draws),
        }
        for name, p in forecasts.items()
        if name != OURS
    ]
    show_table(f"{table.name}: ours less the peer's, 95 % paired intervals", differences)
    best = max(found["auc"] for name, found in figures.items() if name != OURS)
    say(f"{table.name}: regret in AUC to the best peer {best - figures[OURS]['auc']:+.4f} (negative: ours is better)")
    return {"figures": figures, "differences": differences, "auc_regret": best - figures[OURS]["auc"]}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark."""
    options = parse_arguments("Churn on static tables, beside peers.", argv)
    seeds = (11,) if options.quick else (11, 12)
    tables = [build(options.data) for build in (telco, iranian)]
    results = {table.name: compare(table, seeds, draws=100 if options.quick else 500) for table in tables}
    write_json(options.json, "churn", {"seeds": list(seeds), "tables": results})


if __name__ == "__main__":
    main()
