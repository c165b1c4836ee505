"""What every test may use: empty and filled stores, public data where it is there, a home that is not the user's."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.session import Store, open_store

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's own configuration, store or models reach a test."""
    for name in list(os.environ):
        if name.startswith("MAINSTAY_") and name not in {"MAINSTAY_DATA", "MAINSTAY_TEST_POSTGRES"}:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("MAINSTAY_HOME", str(home))
    # Most tests are about what happens around the words; those about the writer that is the default ask for it.
    monkeypatch.setenv("MAINSTAY_BACKEND", "template")
    return home


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of its own."""
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@dataclass(frozen=True)
class Company:
    """A copy of the demo company that was trained on, scored, decided about and written to."""

    home: Path
    path: Path

    @property
    def location(self) -> str:
        return str(self.path)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a demo store and its models, made once for all test processes of a run."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    folder, lock = shared / "demo-template", shared / "demo-template.lock"
    try:
        lock.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 300
        while not (folder / "done").exists():
            if time.monotonic() > deadline or (shared / "demo-template.failed").exists():
                raise RuntimeError("the demo store could not be made; see the other test process") from None
            time.sleep(0.2)
        return folder
    try:
        _make_template(folder)
    finally:
        made = (folder / "models").is_dir() and (folder / "demo.db").is_file()
        (folder / "done" if made else shared / "demo-template.failed").touch()
    return folder


def _make_template(folder: Path) -> None:
    from analytics.jobs.deciding import decide_all
    from analytics.jobs.demo import fill_demo
    from analytics.jobs.language import read_messages
    from analytics.jobs.scoring import score
    from analytics.jobs.training import TrainingOptions, train
    from bot.campaigns import CampaignPlan, draft_campaign
    from bot.settings import Settings
    from bot.wiring import Services

    services = Services(Settings(home=folder, store=str(folder / "demo.db")), clock=lambda: NOW)
    store = services.store
    fill_demo(store, customers=400)
    model = services.understander.version
    read_messages(store, services.understander)
    train(store, services.models, TrainingOptions(NOW), reading_model=model)
    score(store, services.models, NOW, reading_model=model)
    decide_all(store, services.catalogue, services.policy, NOW, reading_model=model)
    draft_campaign(store, services.writer, CampaignPlan(top=12), NOW, reading_model=model)
    services.close()


@pytest.fixture
def company(demo_template: Path, own_home: Path) -> Company:
    """A demo company of this test's own: change it at will."""
    own_home.mkdir(parents=True)
    shutil.copytree(demo_template / "models", own_home / "models")
    path = own_home / "demo.db"
    shutil.copy(demo_template / "demo.db", path)
    return Company(own_home, path)


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed: data on `out`, talk on `err`."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[Any]:
        """The JSON documents on stdout, one per line."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Ran]


@pytest.fixture
def mainstay(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `mainstay ARGUMENTS...` in this process."""
    from bot.cli.app import run

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return command


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets; the test is skipped where there is none."""
    folder = Path(os.environ.get("MAINSTAY_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public data are not at {folder}; set MAINSTAY_DATA")
    return folder
