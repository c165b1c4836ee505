import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot.generation.child.backend import ChildBackend, ModelOptions
from bot.generation.transformers_local import TransformersBackend
from db.errors import BackendUnavailableError
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief
from tests.bot.generation.test_child_process import is_gone, pid_of
from tests.bot.generation.tiny_model import save_tiny_model

CHAT = Channel.CHAT


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> ModelOptions:
    folder = save_tiny_model(tmp_path_factory.mktemp("tiny"))
    return ModelOptions(
        str(folder), device="cpu", dtype="float32", temperature=1.0, max_new_tokens=64, batch_size=2, threads=1
    )


@pytest.fixture(scope="module")
def child(options: ModelOptions) -> Iterator[ChildBackend]:
    backend = ChildBackend(options)
    yield backend
    backend.close()


def test_the_texts_are_those_that_the_same_model_writes_in_this_process(
    child: ChildBackend, options: ModelOptions
) -> None:
    here = TransformersBackend(**asdict(options))
    briefs = [brief(1, CHAT, "greet"), brief(2), brief(3, CHAT, "goodbye"), brief(4), brief(5, CHAT, "acknowledge")]
    told = [replace(written, seconds=0) for written in child.write(briefs)]
    assert told == [replace(written, seconds=0) for written in here.write(briefs)]
    assert all(written.tokens > 0 for written in told)
    assert any(written.text for written in told)
    parts = list(child.stream(briefs[4]))
    assert len(parts) > 1
    assert "".join(parts) == "".join(here.stream(briefs[4])) == next(child.write(briefs[4:])).text


def test_a_model_goes_on_after_texts_that_nobody_wants_and_comes_again_after_it_was_killed(child: ChildBackend) -> None:
    many, one = [brief(number, CHAT) for number in range(60)], brief(5, CHAT, "acknowledge")
    usual = next(child.write([one])).text
    left = child.write(many)
    assert next(left)
    left.close()  # type: ignore[attr-defined]
    first = pid_of(child)
    assert next(child.write([one])).text == usual
    assert pid_of(child) == first
    texts = child.write(many)
    assert next(texts)
    os.kill(first, signal.SIGKILL)
    assert "SIGKILL" in str(list(texts)[-1].problem)
    assert next(child.write([one])).text == usual
    assert pid_of(child) != first
    assert is_gone(first)


def test_a_model_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    backend = ChildBackend(ModelOptions(str(tmp_path / "nowhere")))
    with pytest.raises(BackendUnavailableError, match="no model folder at") as caught:
        next(backend.write([brief(1)]))
    assert "config.json" in caught.value.hint
    assert backend.pid is None
    backend.close()


PROGRAM = """
import sys
from pathlib import Path
from bot.settings import Settings
from bot.wiring import Services
from tests.bot.generation.briefs import brief
from db.vocabulary import Channel
services = Services(Settings(home=Path(sys.argv[1]), backend="transformers", model=sys.argv[2]))
written = next(services.backend.write([brief(1, Channel.CHAT, "greet")]))
print(services.backend.name, services.backend.pid, written.tokens > 0)
services.close()
print(*sorted({"torch", "transformers", "tokenizers"} & set(sys.modules)))
"""


def test_mainstay_itself_never_loads_torch_and_leaves_nothing_running(options: ModelOptions, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), options.model]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    name, pid, wrote, *loaded = ran.stdout.split()
    assert (name, wrote, loaded) == ("transformers", "True", [])
    assert is_gone(int(pid))
