"""The file of refused rows: whole, private, and harmless in a spreadsheet."""

import csv
import os
import stat
from pathlib import Path

import pytest

from db.errors import InputError
from db.importers.rejects import RejectFile, spreadsheet_safe
from db.importers.rows import BadRow

BAD = BadRow(3, "amount", "bad-number", "'x' is not a number.", "a,x")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠"])
def test_no_cell_starts_like_a_formula(start: str) -> None:
    shown = spreadsheet_safe(f"{start}cmd|' /C calc'!A0")
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠"))
    assert shown.endswith("cmd|' /C calc'!A0")


def test_the_file_is_private_and_whole(tmp_path: Path) -> None:
    with RejectFile("a.csv", tmp_path) as rejects:
        rejects.add(BAD)
        rejects.add(BAD._replace(line=5, raw='b,"x\ny"'))
        assert list(tmp_path.glob("*.rejects.csv")) == []
    assert rejects.path == tmp_path / "a.csv.rejects.csv"
    assert stat.S_IMODE(rejects.path.stat().st_mode) == 0o600
    with rejects.path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "column", "code", "message", "raw"]
    assert [row[0] for row in rows[1:]] == ["3", "5"]
    assert rows[2][4] == 'b,"x\ny"'


def test_without_refused_rows_there_is_no_file(tmp_path: Path) -> None:
    with RejectFile("a.csv", tmp_path) as rejects:
        assert rejects.count == 0
    assert rejects.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    rejects = RejectFile("a.csv", tmp_path)
    rejects.add(BAD)
    rejects.__exit__(RuntimeError, RuntimeError("power cut"), None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\x00b", "..", "", "x" * 400, "CON\n", "ü ñ.csv"])
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    out_dir = tmp_path / "out"
    out_dir.mkdir()
    with RejectFile(name, out_dir) as rejects:
        rejects.add(BAD)
    assert rejects.path is not None
    assert [rejects.path] == list(out_dir.iterdir())
    assert list(tmp_path.iterdir()) == [out_dir]


def test_a_link_of_that_name_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    (tmp_path / "a.csv.rejects.csv").symlink_to(victim)
    with RejectFile("a.csv", tmp_path) as rejects:
        rejects.add(BAD)
    assert victim.read_text() == "mine"
    assert rejects.path is not None
    assert not rejects.path.is_symlink()


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc").is_dir(), reason="needs a folder that cannot be written")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="refused rows cannot be written"),
        RejectFile("a.csv", tmp_path / "no") as file,
    ):
        file.add(BAD)
