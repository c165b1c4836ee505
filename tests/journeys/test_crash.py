"""A drafting run that is killed again and again loses nothing, doubles nothing and ends whole."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command, Company

WANTED = 250


def start(company: Company, *arguments: object) -> subprocess.Popen[bytes]:
    """`mainstay ARGUMENTS...` in a process of its own."""
    command = [sys.executable, "-m", "bot", *map(str, arguments), "--store", str(company.path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MAINSTAY_HOME": str(company.home)}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def drafts(path: Path) -> list[tuple[int, int, str]]:
    """Draft ids with customer and body, read without any of our code."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT id, customer_id, body FROM draft ORDER BY id").fetchall()
    [healthy] = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    assert healthy == "ok"
    return rows


def killed_in_mid_work(process: subprocess.Popen[bytes], path: Path, clock: random.Random) -> bool:
    """Kill it at some moment after it has written more drafts; False where it ended before."""
    known = len(drafts(path))
    while process.poll() is None and len(drafts(path)) == known:
        time.sleep(0.01)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=clock.uniform(0.0, 0.5))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_killed_drafting_goes_on_where_it_was(company: Company, mainstay: Command) -> None:
    clock = random.Random(11)
    seen: dict[int, str] = {row[0]: row[2] for row in drafts(company.path)}
    before, kills = len(seen), 0
    command = ("draft", "--top", WANTED, "--with-no-offer", "--json")
    while kills < 5 and killed_in_mid_work(start(company, *command), company.path, clock):
        kills += 1
        rows = drafts(company.path)
        assert seen.items() < {row[0]: row[2] for row in rows}.items()
        seen = {row[0]: row[2] for row in rows}
    assert kills > 0
    kept = len(drafts(company.path))
    report = mainstay(*command, "--store", company.path).json
    rows = drafts(company.path)
    assert seen.items() <= {row[0]: row[2] for row in rows}.items()
    assert max(Counter(row[1] for row in rows).values()) == 1
    assert report["drafted"] == report["wanted"] == len(rows) - before
    assert report["new"] == len(rows) - kept


def test_one_document_and_nothing_else_is_on_stdout(company: Company) -> None:
    out, err = start(company, "draft", "--top", 12, "--json").communicate(timeout=120)
    assert out.startswith(b"{")
    assert out.endswith(b"}\n")
    assert b"Traceback" not in err


def test_a_closed_pipe_ends_a_command_quietly(company: Company) -> None:
    process = start(company, "drafts", "list", "--jsonl", "--limit", 500)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=120)
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
