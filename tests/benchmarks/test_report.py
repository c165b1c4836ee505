"""Benchmarks print the figures that they write."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.evaluation.intervals import Interval
from benchmarks.report import cell, data_folder, parse_arguments, plain, require_data, show_table, write_json


@dataclass
class Figures:
    """Something a benchmark found."""

    auc: float
    rows: int


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (float("nan"), "-"),
        (0.84871, "0.8487"),
        (1234.567, "1,234.6"),
        (7043, "7043"),
        (True, "True"),
        ("template", "template"),
    ],
)
def test_a_figure_is_shown_with_the_digits_it_deserves(value: Any, shown: str) -> None:
    assert cell(value) == shown


def test_an_interval_is_shown_with_its_ends() -> None:
    assert cell(Interval(0.25, 0.125, 0.375)) == "+0.2500 [+0.1250, +0.3750]"


def test_json_holds_plain_figures() -> None:
    found = plain({"a": Figures(math.nan, 3), "b": np.float64(0.5), "c": (np.int64(2), math.inf), 4: [None, "x"]})
    assert found == {"a": {"auc": None, "rows": 3}, "b": 0.5, "c": [2, None], "4": [None, "x"]}


def test_results_are_written_with_the_machine_they_were_measured_on(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    write_json(path, "churn", {"auc": np.float64(0.85)})
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["benchmark"], document["auc"]) == ("churn", 0.85)
    assert document["machine"].keys() == {"python", "system", "cores"}


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_json(None, "churn", {})
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    show_table("Results", [{"name": "ours", "auc": 0.85}, {"name": "theirs", "auc": None}])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["", "Results", "name       auc", "------  ------", "ours    0.8500", "theirs       -"]
    show_table("Nothing", [])
    assert capsys.readouterr().out == "\nNothing\n  (nothing)\n"


def test_every_benchmark_takes_the_same_arguments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAINSTAY_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    found = parse_arguments("x", ["--quick", "--json", "out.json"])
    assert (found.quick, found.json, found.data) == (True, Path("out.json"), tmp_path)


def test_absent_data_end_a_benchmark_with_a_sentence(tmp_path: Path) -> None:
    assert require_data(tmp_path) == tmp_path
    with pytest.raises(SystemExit, match="no data at"):
        require_data(tmp_path / "absent")
