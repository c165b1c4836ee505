"""Scoring takes whatever comes after training: unseen words, missing and added columns, one row, no rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from analytics.artifacts import ModelStore
from analytics.jobs.frames import read_chunks
from analytics.jobs.scoring import ScoringReport, explain_customer, load_scorer, score
from db.errors import ArtifactError, NotFoundError
from db.models import ChurnScore, Customer
from db.repositories.scores import ScoreRepository
from db.session import Store, open_store
from tests.analytics.jobs.tables import NOW, fill, made_table, trained


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of 400 customers and a model trained on it."""
    folder = tmp_path_factory.mktemp("scoring")
    with open_store(folder / "store.db") as opened:
        fill(opened, made_table(), folder)
        trained(opened, folder)
    return folder


@pytest.fixture
def ready(template: Path, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "store.db").write_bytes((template / "store.db").read_bytes())
    (tmp_path / "models").symlink_to(template / "models")
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def run(store: Store, folder: Path) -> ScoringReport:
    return score(store, ModelStore(folder / "models"), NOW)


def probabilities(store: Store) -> dict[str, float]:
    with store.read() as session:
        job = ScoreRepository(session).current_job()
        rows = session.execute(
            select(Customer.external_id, ChurnScore.churn_probability)
            .join(ChurnScore, ChurnScore.customer_id == Customer.id)
            .where(ChurnScore.job_id == job)
        )
        return {row[0]: row[1] for row in rows}


def newcomers(**columns: Any) -> pd.DataFrame:
    """Thirty customers with answers unlike those seen in training."""
    table = made_table(30, seed=77)
    return table.assign(id=[f"N{n:03d}" for n in range(30)], left="no", **columns)


def test_every_customer_who_can_leave_is_scored_and_no_other(ready: Store, tmp_path: Path) -> None:
    report = run(ready, tmp_path)
    found = probabilities(ready)
    active = set(made_table().query("left == 'no'")["id"])
    assert found.keys() == active
    assert report.scored == len(active)
    assert all(0 <= chance <= 1 for chance in found.values())
    assert sum(report.bands.values()) == len(active)
    assert report.expected_leavers == pytest.approx(sum(found.values()))


def test_scoring_again_repeats_nothing(ready: Store, tmp_path: Path) -> None:
    first, second = run(ready, tmp_path), run(ready, tmp_path)
    assert (first.repeated, second.repeated) == (False, True)
    assert first.job_id == second.job_id


@pytest.mark.parametrize(
    "columns",
    [
        {"contract": "for ever"},
        {"contract": "İstanbul \U0001f600"},
        {"calls": 10**9},
        {"calls": -5},
        {"price": 0.0},
        {"tenure": 0},
        {"contract": "", "calls": np.nan, "price": np.nan, "tenure": np.nan},
        {"a new column": "x"},
        {"email": [f"n{n}@mailbox.example" for n in range(30)]},
    ],
    ids=str,
)
def test_newcomers_with_surprising_values_are_scored(columns: dict[str, Any], ready: Store, tmp_path: Path) -> None:
    fill(ready, newcomers(**columns), tmp_path)
    run(ready, tmp_path)
    found = {key: chance for key, chance in probabilities(ready).items() if key.startswith("N")}
    assert len(found) == 30
    assert all(np.isfinite(chance) and 0 <= chance <= 1 for chance in found.values())


def test_missing_and_reordered_columns_are_scored(ready: Store, tmp_path: Path) -> None:
    fill(ready, newcomers().drop(columns=["contract", "price"])[["left", "calls", "tenure", "id"]], tmp_path)
    run(ready, tmp_path)
    assert sum(key.startswith("N") for key in probabilities(ready)) == 30


def test_the_order_of_columns_changes_no_score(ready: Store, tmp_path: Path) -> None:
    table = newcomers()
    fill(ready, table, tmp_path)
    again = table.assign(id="R" + table["id"])
    fill(ready, again[list(reversed(again.columns))], tmp_path)
    run(ready, tmp_path)
    found = probabilities(ready)
    assert {key: found[f"R{key}"] for key in table["id"]} == {key: found[key] for key in table["id"]}


def test_one_newcomer_is_scored_like_in_company(ready: Store, tmp_path: Path) -> None:
    table = newcomers()
    fill(ready, table.head(1), tmp_path)
    run(ready, tmp_path)
    alone = probabilities(ready)["N000"]
    fill(ready, table, tmp_path)
    run(ready, tmp_path)
    assert probabilities(ready)["N000"] == pytest.approx(alone)


def test_when_everybody_has_left_nobody_is_scored(ready: Store, tmp_path: Path) -> None:
    fill(ready, made_table().assign(left="yes"), tmp_path)
    report = run(ready, tmp_path)
    assert (report.scored, report.expected_leavers, report.revenue_at_risk) == (0, 0, 0)


def test_without_a_model_scoring_says_what_to_do(store: Store, tmp_path: Path) -> None:
    fill(store, made_table(40), tmp_path)
    with pytest.raises(NotFoundError, match="No forecaster has been trained"):
        run(store, tmp_path)


def test_a_changed_model_file_is_not_loaded(template: Path, ready: Store, tmp_path: Path) -> None:
    (tmp_path / "models").unlink()
    source = template / "models"
    for path in source.rglob("*"):
        target = tmp_path / "models" / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            content = bytearray(path.read_bytes())
            if path.suffix == ".skops":
                content[len(content) // 2] ^= 1
            target.write_bytes(content)
    with pytest.raises(ArtifactError):
        run(ready, tmp_path)


def test_reasons_are_told_for_each_score_and_add_up_in_words(ready: Store, tmp_path: Path) -> None:
    run(ready, tmp_path)
    scorer = load_scorer(ready, ModelStore(tmp_path / "models"), NOW)
    chunk = next(iter(read_chunks(ready, with_history=False)))
    told = explain_customer(scorer, chunk)
    assert told
    assert all(reason.sentence and reason.contribution for reason in told)
    with ready.read() as session:
        reasons = session.scalars(select(ChurnScore.reasons)).all()
    assert all(reasons)
