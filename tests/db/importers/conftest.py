"""What the tests of imports share: an empty store, files written on the spot, options with a fixed clock."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from db.importers.results import ImportOptions
from db.session import Store, open_store

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class MakeFile(Protocol):
    """Writes a table to a file: text as UTF-8, bytes as they are."""

    def __call__(self, content: str | bytes, name: str = "table.csv") -> Path: ...


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store, to be copied: cheaper than making one for each test."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(path).close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """An empty store."""
    shutil.copy(empty_store, tmp_path / "store.db")
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def options(tmp_path: Path) -> ImportOptions:
    """Options of an import that writes its refused rows into the test's folder."""
    return ImportOptions(now=NOW, out_dir=tmp_path)


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Writes a table to a file: text as UTF-8, bytes as they are."""

    def make(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets; the test is skipped where it is absent."""
    folder = Path(os.environ.get("MAINSTAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no public data at {folder}")
    return folder
