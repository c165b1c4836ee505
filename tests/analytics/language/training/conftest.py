"""The files that training starts from, made small, and one thread to train with."""

from collections.abc import Iterator

import pytest
import torch

from tests.analytics.language.small_encoder import Starting, write_starting


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    """Threads that wait for one another make small sums slow where other tests run beside them."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def starting(tmp_path_factory: pytest.TempPathFactory) -> Starting:
    return write_starting(tmp_path_factory.mktemp("start"))
