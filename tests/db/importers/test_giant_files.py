"""Giant files are read in little memory, or refused at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from db.errors import InputError
from db.importers.tables import open_table

_READ = """
import resource, sys
from db.errors import InputError
from db.importers.tables import open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print("rows", sum(1 for _ in open_table(sys.argv[1]).rows()))
except InputError as error:
    print("refused", error)
print("grew", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def _read_in_a_process(path: Path) -> tuple[str, int]:
    """What reading said, and by how many MiB the process grew."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    said, grew = done.stdout.strip().splitlines()
    return said, int(grew.split()[1])


def test_one_endless_line_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.write(b"id,note\na,")
        file.truncate(200 << 20)
    said, grew = _read_in_a_process(path)
    assert "refused" in said
    assert grew < 40


def test_a_long_table_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"id,note\n")
        for _ in range(300):
            file.write(b"a,some words that take a little room\n" * 1000)
    said, grew = _read_in_a_process(path)
    assert said == "rows 300000"
    assert grew < 40


@pytest.mark.parametrize("line_end", [b"\n", b"\r"], ids=["lf", "cr"])
def test_a_line_beyond_the_limit_is_named(line_end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(b"id,note" + line_end + b"a,b" + line_end + b"c," + b"x" * (5 << 20) + line_end)
    with pytest.raises(InputError, match=r"wide.csv, line 3: the line is longer than 1,048,576 characters"):
        open_table(path)


def test_an_unclosed_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_bytes(b'id,note\na,"b\n' + b"c,d\n" * 300_000)
    said, grew = _read_in_a_process(path)
    assert "line 2: a quoted cell that begins in this row is never closed" in said
    assert grew < 40
