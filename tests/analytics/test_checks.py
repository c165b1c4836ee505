"""Training-table checks name what is wrong, and nothing else."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.checks import Finding, check_training_table
from tests.analytics.churn.tables import customers

DATA = Path(os.environ.get("MAINSTAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
TELCO_11 = DATA / "telco_churn_ibm_v11_1_3"


def _named(findings: list[Finding], code: str) -> set[str]:
    return {column for finding in findings if finding.code == code for column in finding.columns}


def test_a_clean_table_has_only_its_identifier_named() -> None:
    findings = check_training_table(*customers())
    assert [(finding.code, finding.severity, finding.columns) for finding in findings] == [
        ("identifier", "warn", ("customer_id",))
    ]


@pytest.mark.parametrize("filled_share", [1.0, 0.5])
def test_a_column_filled_only_for_churners_is_a_leak(filled_share: float) -> None:
    frame, churned = customers()
    told = (churned == 1) & (np.random.default_rng(0).random(len(frame)) < filled_share)
    findings = check_training_table(frame.assign(reason=pd.Series("price", index=frame.index).where(told)), churned)
    assert _named(findings, "leak") == {"reason"}
    assert findings[0].severity == "refuse"


def test_a_column_empty_only_for_churners_is_a_leak() -> None:
    frame, churned = customers()
    renewal = pd.Series(pd.Timestamp("2026-12-01"), index=frame.index).where(churned == 0)
    assert _named(check_training_table(frame.assign(renewal=renewal), churned), "leak") == {"renewal"}


def test_a_score_made_from_the_label_is_a_leak_unless_allowed() -> None:
    frame, churned = customers()
    score = churned * 40 + np.random.default_rng(0).normal(40, 12, len(churned))
    findings = check_training_table(frame.assign(score=score), churned)
    assert _named(findings, "leak") == {"score"}
    allowed = check_training_table(frame.assign(score=score), churned, allow_leaks=True)
    assert {finding.severity for finding in allowed} == {"warn"}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (None, "missing_target"),
        ([np.nan] * 600, "missing_target"),
        ([0] * 600, "single_class"),
        ([0, 1, 2] * 200, "target_not_binary"),
        ([1] * 20 + [0] * 580, "few_churners"),
    ],
)
def test_a_target_that_cannot_train_is_refused(target: list[float] | None, code: str) -> None:
    findings = check_training_table(customers()[0], target)
    assert (findings[0].code, findings[0].severity) == (code, "refuse")


def test_rows_without_target_and_few_churners_are_warned_of() -> None:
    frame, _ = customers()
    target = np.array([1.0] * 60 + [0.0] * 530 + [np.nan] * 10)
    found = {(finding.code, finding.severity) for finding in check_training_table(frame, target)}
    assert {("target_gaps", "warn"), ("few_churners", "warn")} <= found


def test_constant_empty_and_repeated_are_named() -> None:
    frame, churned = customers(rows=300)
    frame = frame.drop(columns="customer_id").assign(country="PT", note=None)
    doubled = pd.concat([frame, frame.head(30)], ignore_index=True)
    findings = check_training_table(doubled, np.r_[churned, churned[:30]])
    assert _named(findings, "constant") == {"country", "note"}
    assert "30 of 330 rows" in next(finding.message for finding in findings if finding.code == "repeated_rows")


def test_a_table_without_usable_columns_is_refused() -> None:
    frame, churned = customers()
    assert "no_columns" in {finding.code for finding in check_training_table(frame[["customer_id"]], churned)}


@pytest.mark.bench_data
@pytest.mark.skipif(not TELCO_11.is_dir(), reason=f"no data set under {TELCO_11}")
def test_every_leak_and_identifier_of_a_real_export_is_named_and_nothing_clean() -> None:
    tables = [pd.read_csv(TELCO_11 / f"Telco_customer_churn_{name}.csv") for name in ("demographics", "location")]
    tables += [pd.read_csv(TELCO_11 / f"Telco_customer_churn_{name}.csv") for name in ("services", "status")]
    joined = tables[0]
    for number, table in enumerate(tables[1:]):
        joined = joined.merge(table, on="Customer ID", suffixes=("", f" {number}"))
    joined = joined.merge(pd.read_csv(TELCO_11 / "Telco_customer_churn_population.csv"), on="Zip Code")
    findings = check_training_table(joined.drop(columns="Churn Value"), joined["Churn Value"])
    leaks = {"Churn Label", "Churn Score", "Churn Reason", "Churn Category", "Customer Status", "Satisfaction Score"}
    assert _named(findings, "leak") == leaks
    assert _named(findings, "identifier") == {"Customer ID", "Location ID", "Service ID", "Status ID", "ID"}
    stems = {column.rstrip(" 012") for column in _named(findings, "constant")}
    assert stems == {"Count", "Country", "State", "Quarter"}
