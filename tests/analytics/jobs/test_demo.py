"""The demo company goes into an empty store, once, and a run that was stopped is gone on with."""

import pytest

from analytics.jobs import demo
from analytics.jobs.demo import fill_demo
from db.errors import StoreError
from db.repositories.settings import SettingsRepository
from db.session import Store


class StoppedError(Exception):
    """Stands for a person who presses Ctrl-C."""


@pytest.fixture
def stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose demo company of 50 was stopped after its customers were written and before the end."""

    def stop() -> None:
        raise StoppedError

    with monkeypatch.context() as patched:
        patched.setattr(demo, "_profile", stop)
        with pytest.raises(StoppedError):
            fill_demo(store, customers=50)
    return store


def test_a_run_that_was_stopped_is_gone_on_with(stopped: Store) -> None:
    with stopped.read() as session:
        assert SettingsRepository(session).get("demo") is None
    report = fill_demo(stopped, customers=50)
    assert report.customers == 50
    assert fill_demo(stopped, customers=50) == report


def test_another_company_is_refused_with_the_numbers_of_the_one_there(store: Store) -> None:
    fill_demo(store, customers=50)
    with pytest.raises(StoreError, match=r"50 customers already \(seed 7\)"):
        fill_demo(store, customers=60)


def test_a_stopped_run_of_another_size_is_not_mixed_with(stopped: Store) -> None:
    with pytest.raises(StoreError, match="holds customers already"):
        fill_demo(stopped, customers=60)
    assert fill_demo(stopped, customers=50).customers == 50
