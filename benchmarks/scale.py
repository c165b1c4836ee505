"""Scoring and deciding for many customers, `analytics.jobs`, beside a loop written by hand, on the same rows.

    python -m benchmarks.scale [--quick] [--json FILE]

By hand means: sqlite3 `fetchmany`, a frame, `predict_proba` of a fitted pipeline, `executemany`, from a flat table to a
table of bare probabilities. Ours reads the store (attributes as JSON, names and addresses in the rows) and writes
probability, band, money and reasons; deciding adds a record for everybody, with all candidates, for replay. Under a
budget the linear programme holds figures of all customers for whom some offer is worth its cost. Every run has a
process and a copy of the data of its own, with one thread; the runs of a size alternate and the quickest of each
counts. Peak memory is VmHWM.
"""

import math
import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from analytics.artifacts import ModelCard, ModelStore, skops_io
from analytics.churn import ChurnForecaster
from analytics.decisions.offers import NONE_CODE
from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.deciding import decide_all, shipped_catalogue
from analytics.jobs.judged import CHURN_MODEL
from analytics.jobs.scoring import score
from benchmarks.report import parse_arguments, say, show_table, write_json
from benchmarks.scale_data import CATEGORIES, COLUMNS, NOW, blocks, write_plain, write_store
from db.repositories.model_versions import ModelRecord, ModelVersionRepository
from db.session import open_store

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (10_000, 50_000)
TRAINING_ROWS = 20_000
SEED = 5
TRAINING_SEED = 4
FETCH = 50_000
REPEATED_UP_TO = 100_000
REPEATS = 3

BY_HAND = "by hand, 200 boosted trees"
BY_HAND_OURS = "by hand, our forecaster"
OURS = "mainstay, no reasons"
OURS_EXPLAINED = "mainstay, reasons for 10 %"
OURS_DECIDED = "mainstay, score and decide"
OURS_BUDGET = "mainstay, score and decide within a budget"
BUDGET_PER_CUSTOMER = 0.4
"""About half of what the plan would cost without a limit."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: wall-clock and processor seconds, and the peak resident memory of its process in MB."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the data of one size and the fitted models lie."""

    store: Path
    plain: Path
    models: Path
    rows: int


def pipeline() -> Any:
    """The model of the loop written by hand: ordinal codes and 200 boosted trees of the default size."""
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1)
    return make_pipeline(
        make_column_transformer((encoder, list(CATEGORIES)), remainder="passthrough"),
        HistGradientBoostingClassifier(max_iter=200, early_stopping=False, random_state=0),
    )


def fitted_pipeline() -> Any:
    """The pipeline, fitted on the rows that ours was trained on."""
    ((_, frame, churned),) = blocks(TRAINING_ROWS, TRAINING_SEED)
    return pipeline().fit(frame[list(COLUMNS)], churned)


def loop_by_hand(path: Path, model: Any, columns: list[str]) -> None:
    """Read, predict and write in one transaction, `FETCH` rows at a time."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(f"SELECT id, {', '.join(columns)} FROM customer")
        while chunk := rows.fetchmany(FETCH):
            frame = pd.DataFrame(chunk, columns=["id", *columns])
            probability = model.predict_proba(frame[columns])[:, 1]
            connection.executemany(
                "INSERT INTO score VALUES (?, ?)", zip(frame["id"].tolist(), probability.tolist(), strict=True)
            )
        connection.commit()


def _by_hand(inputs: Inputs) -> Callable[[], None]:
    model = fitted_pipeline()
    return lambda: loop_by_hand(inputs.plain, model, list(COLUMNS))


def _by_hand_ours(inputs: Inputs) -> Callable[[], None]:
    model, _ = ModelStore(inputs.models).load(CHURN_MODEL, ChurnForecaster)
    return lambda: loop_by_hand(inputs.plain, model, [str(name) for name in model.feature_names_in_])


def _mainstay(inputs: Inputs, explained_share: float) -> Callable[[], None]:
    skops_io()  # imports are ready in the loop by hand, too

    def run() -> None:
        with open_store(inputs.store) as store:
            score(store, ModelStore(inputs.models), NOW, explained_share=explained_share)

    return run


def _deciding(inputs: Inputs, budget: float | None) -> Callable[[], None]:
    skops_io()

    def run() -> None:
        with open_store(inputs.store) as store:
            models, policy = ModelStore(inputs.models), DecisionPolicy(budget=budget)
            score(store, models, NOW, explained_share=0.0)
            report = decide_all(store, shipped_catalogue(store), policy, NOW, models=models)
        made = sum(count for code, count in report.offers.items() if code != NONE_CODE)
        say(f"  {report.decided:,} decided, {made:,} offers, limits: {report.plan.get('limits')}")

    return run


def prepared(name: str, inputs: Inputs) -> Callable[[], None]:
    """The run of that name, with all made ready that is not to be measured."""
    if name == BY_HAND:
        return _by_hand(inputs)
    if name == BY_HAND_OURS:
        return _by_hand_ours(inputs)
    if name in (OURS_DECIDED, OURS_BUDGET):
        return _deciding(inputs, BUDGET_PER_CUSTOMER * inputs.rows if name == OURS_BUDGET else None)
    return _mainstay(inputs, 0.10 if name == OURS_EXPLAINED else 0.0)


def peak_mb() -> float:
    """The most resident memory this process has had; unlike ru_maxrss it owes nothing to the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _measured(name: str, inputs: Inputs, answers: Any) -> None:
    """In a process of its own: run once and send the cost."""
    run = prepared(name, inputs)
    started, busy = time.perf_counter(), time.process_time()
    run()
    answers.put(Cost(time.perf_counter() - started, time.process_time() - busy, peak_mb()))


def cost_of(name: str, inputs: Inputs) -> Cost:
    """The cost of one run on fresh copies of the data, in a fresh process."""
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    with tempfile.TemporaryDirectory(dir=inputs.store.parent) as folder:
        own = Inputs(Path(folder) / "store.db", Path(folder) / "plain.db", inputs.models, inputs.rows)
        by_hand = name in (BY_HAND, BY_HAND_OURS)
        shutil.copy(inputs.plain if by_hand else inputs.store, own.plain if by_hand else own.store)
        process = context.Process(target=_measured, args=(name, own, answers))
        process.start()
        process.join()
    if process.exitcode:
        raise RuntimeError(f"{name!r} ended with exit code {process.exitcode}")
    found: Cost = answers.get()
    return found


def train_once(models: Path) -> ModelRecord:
    """Fit our forecaster on `TRAINING_ROWS` labelled customers and keep it; returns its entry for a store's ledger."""
    ((_, frame, churned),) = blocks(TRAINING_ROWS, TRAINING_SEED)
    forecaster = ChurnForecaster(random_state=0).fit(frame[list(COLUMNS)], churned)
    trees = forecaster.choice_.capacity.iterations if forecaster.choice_.capacity else 0
    say(f"our forecaster on {TRAINING_ROWS:,} rows: {trees} trees beside the smooth member")
    card = ModelCard(title="Scale benchmark", created_at=NOW, purpose="Measures how fast customers are scored.")
    version = ModelStore(models).save(CHURN_MODEL, forecaster, card)
    return ModelRecord(
        id=0,
        name=CHURN_MODEL,
        version=version.version,
        manifest_sha256=version.version.rsplit("-", 1)[1],
        data_window={},
        metrics={},
        card={"base_rate": float(churned.mean())},
        created_at=NOW,
    )


def build(folder: Path, rows: int, models: Path, record: ModelRecord) -> Inputs:
    """Both databases of one size, with the trained model in the store's ledger."""
    inputs = Inputs(folder / f"store-{rows}.db", folder / f"plain-{rows}.db", models, rows)
    write_plain(inputs.plain, rows, SEED)
    write_store(inputs.store, rows, SEED)
    with open_store(inputs.store) as store, store.write() as session:
        ModelVersionRepository(session).add(record)
    return inputs


def measure(inputs: Inputs, rows: int) -> dict[str, Cost]:
    """The quickest of the runs of each kind, taken in turns."""
    names = (BY_HAND, OURS, OURS_EXPLAINED, OURS_DECIDED, OURS_BUDGET, BY_HAND_OURS)
    found: dict[str, Cost] = {}
    for _ in range(REPEATS if rows <= REPEATED_UP_TO else 1):
        for name in names:
            cost = cost_of(name, inputs)
            if name not in found or cost.seconds < found[name].seconds:
                found[name] = cost
    return found


def growth_exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """b of cost = a x rows^b through two sizes: 1 is linear."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def table_rows(results: dict[int, dict[str, Cost]]) -> list[dict[str, Any]]:
    """One line per size and run: cost, ratio to the loop by hand, and growth from the smallest size."""
    first = min(results)
    lines = []
    for rows, costs in results.items():
        for name, cost in costs.items():
            growth = None
            if rows != first:
                growth = growth_exponent((first, results[first][name].cpu_seconds), (rows, cost.cpu_seconds))
            lines.append(
                {
                    "run": name,
                    "customers": f"{rows:,}",
                    "s": round(cost.seconds, 2),
                    "CPU s": round(cost.cpu_seconds, 2),
                    "ratio": round(cost.seconds / costs[BY_HAND].seconds, 2),
                    "CPU ratio": round(cost.cpu_seconds / costs[BY_HAND].cpu_seconds, 2),
                    "peak MB": f"{cost.peak_mb:.0f}",
                    "growth": growth,
                }
            )
    return lines


def main() -> None:
    """Run the benchmark."""
    options = parse_arguments("Scoring and deciding for many customers beside a loop written by hand.")
    os.environ["OMP_NUM_THREADS"] = "1"
    results: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        models = folder / "models"
        record = train_once(models)
        for rows in QUICK_SIZES if options.quick else SIZES:
            inputs = build(folder, rows, models, record)
            say(f"{rows:,} customers: store {size_mb(inputs.store):.0f} MB, flat table {size_mb(inputs.plain):.0f} MB")
            results[rows] = measure(inputs, rows)
            inputs.store.unlink()
            inputs.plain.unlink()
    show_table("Read, features, score, write; decide", table_rows(results))
    write_json(options.json, "scale", {"rows": table_rows(results), "costs": results})


def size_mb(path: Path) -> float:
    """The size of a file in MB."""
    return path.stat().st_size / 1024**2


if __name__ == "__main__":
    main()
