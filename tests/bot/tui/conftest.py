"""A filled store per test, copied from one that is filled once."""

import shutil
from pathlib import Path

import pytest

from bot.tui.desk import Desk
from tests.bot.tui import company


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("company") / "company.db"
    company.fill(path)
    return path


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Desk:
    path = tmp_path / "store.db"
    shutil.copy(filled, path)
    return company.open_desk(path, tmp_path / "home")
