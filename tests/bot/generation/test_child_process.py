import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any

import pytest

from bot.generation.backend import Backend, Closing
from bot.generation.brief import Brief
from bot.generation.child.backend import ChildBackend, ModelOptions, Patience
from bot.generation.child.frames import MOST_BYTES, encoded, read_frame
from db.errors import BackendError, BackendUnavailableError
from db.vocabulary import Channel
from tests.bot.generation.briefs import brief
from tests.bot.generation.child_script import ENTRY

USUAL = Patience(start_s=600, batch_s=600, retry_s=600)


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChildBackend]:
    # What is asked for goes before what the environment says.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    backend = ChildBackend(ModelOptions("any", batch_size=2, threads=3), USUAL, ENTRY)
    yield backend
    backend.close()


def asking(*purposes: str) -> list[Brief]:
    return [replace(brief(number, Channel.CHAT), purpose=purpose) for number, purpose in enumerate(purposes)]


def pid_of(backend: ChildBackend) -> int:
    assert backend.pid is not None
    return backend.pid


def is_gone(pid: int) -> bool:
    """Whether the process is gone, after some patience; one that nobody has waited for still counts as there."""
    for _ in range(6000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_texts_come_in_order_from_one_other_process_and_failures_are_values(child: ChildBackend) -> None:
    assert isinstance(child, Backend)
    assert isinstance(child, Closing)
    found = list(child.write(asking("say", "fail", "babble", "say")))
    pid = pid_of(child)
    assert pid != os.getpid()
    assert [one.text for one in found] == [f"0 by {pid} with 3", None, f"2 by {pid} with 3", f"3 by {pid} with 3"]
    assert found[1].problem == "no words came"
    assert (found[0].tokens, found[0].seconds) == (3, 0.5)
    parts = list(child.stream(asking("say")[0]))
    assert "".join(parts) == f"first 0 by {pid} with 3"
    assert len(parts) > 2
    with pytest.raises(BackendError, match="it gave up") as caught:
        list(child.stream(asking("give_up")[0]))
    assert caught.value.hint == "Ask again."
    assert [one.problem for one in child.write(asking("say", "give_up", "say"))] == [None, "it gave up", "it gave up"]
    child.close()
    assert is_gone(pid)
    with pytest.raises(BackendUnavailableError, match="closed"):
        next(child.write(asking("say")))


def test_a_killed_process_costs_the_texts_in_hand_and_the_next_write_starts_another(child: ChildBackend) -> None:
    found = list(child.write(asking("say", "die", "say")))
    first = str(found[0].text).split()[2]
    assert [one.text is None for one in found] == [False, True, True]
    assert "SIGKILL, perhaps for want of memory" in str(found[2].problem)
    again = next(child.write(asking("say")))
    assert str(again.text).split()[2] == str(pid_of(child)) != first
    os.kill(pid_of(child), signal.SIGKILL)
    assert next(child.write(asking("say"))).text or next(child.write(asking("say"))).text


def test_what_a_process_said_last_is_told_without_control_characters(child: ChildBackend) -> None:
    problem = str(next(child.write(asking("trip"))).problem)
    assert problem == "the writer's process ended with code 1: TypeError: [31mred words"


def test_a_process_that_keeps_dying_is_left_alone_for_a_while(child: ChildBackend) -> None:
    for _ in range(3):
        assert next(child.write(asking("die"))).problem
    with pytest.raises(BackendUnavailableError, match="SIGKILL"):
        next(child.write(asking("say")))
    assert child.pid is None


def test_a_writer_that_cannot_be_loaded_says_why_and_is_not_tried_again_at_once() -> None:
    backend = ChildBackend(ModelOptions("absent"), USUAL, ENTRY)
    for _ in range(2):
        with pytest.raises(BackendUnavailableError, match="there is no such model") as caught:
            next(backend.write(asking("say")))
        assert caught.value.hint == "Make one."
    backend.close()


@pytest.mark.parametrize(
    ("model", "said", "limit"), [("broken", "code 1: the library is broken", 600), ("slow", "not ready within 1 s", 1)]
)
def test_a_writer_that_ends_or_hangs_while_it_loads_is_unavailable(model: str, said: str, limit: float) -> None:
    backend = ChildBackend(ModelOptions(model), replace(USUAL, start_s=limit), ENTRY)
    with pytest.raises(BackendUnavailableError, match=said):
        next(backend.write(asking("say")))
    assert backend.pid is None
    backend.close()


def test_a_process_that_cannot_be_understood_is_ended(child: ChildBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARBLE", "1")
    with pytest.raises(BackendUnavailableError, match="cannot be understood"):
        next(child.write(asking("say")))
    assert child.pid is None


def test_closing_a_generator_makes_the_process_stop_what_it_does(child: ChildBackend) -> None:
    texts = child.write(asking("say", "wait"))
    assert next(texts).text
    pid = pid_of(child)
    texts.close()  # type: ignore[attr-defined]
    parts = child.stream(asking("wait")[0])
    assert next(parts) == "first "
    parts.close()  # type: ignore[attr-defined]
    # It would never come to this text while it waits for the others.
    assert next(child.write(asking("say"))).text == f"0 by {pid} with 3"


def test_writing_is_cancelled_from_another_thread(child: ChildBackend) -> None:
    texts = child.write(asking("say", "wait"))
    first = next(texts)
    timer = threading.Timer(0.2, child.cancel)
    timer.start()
    with pytest.raises(BackendError, match="cancelled"):
        next(texts)
    timer.join()
    assert str(next(child.write(asking("say"))).text).split()[2] == str(first.text).split()[2]


def test_open_generators_and_many_threads_share_one_process(child: ChildBackend) -> None:
    slow, quick = child.write(asking("say", "say")), child.write(asking("say"))
    parts = child.stream(asking("say")[0])
    assert next(slow).text == next(quick).text
    assert next(parts) == "first "
    assert next(slow).text
    found: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: found.extend(one.text for one in child.write(asking("say", "say"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert {str(text).split()[2] for text in found} == {str(pid_of(child))}
    assert "".join(parts) == found[0]


@pytest.mark.parametrize(("purpose", "same"), [("wait", True), ("deaf", False)])
def test_late_work_is_given_up_and_only_a_deaf_process_is_ended(purpose: str, same: bool) -> None:
    patience = replace(USUAL, batch_s=2, grace_s=30 if same else 0.2)
    backend = ChildBackend(ModelOptions("any"), patience, ENTRY)
    before = str(next(backend.write(asking("say"))).text).split()[2]
    found = list(backend.write(asking(purpose, "say")))
    assert [one.problem for one in found] == ["the writer took longer than 2 s"] * 2
    assert (backend.pid == int(before)) is same
    backend.close()
    assert is_gone(int(before))


def test_an_idle_process_gives_its_memory_back_and_comes_again() -> None:
    backend = ChildBackend(ModelOptions("any"), replace(USUAL, idle_s=0.2), ENTRY)
    first = int(str(next(backend.write(asking("say"))).text).split()[2])
    assert is_gone(first)
    assert int(str(next(backend.write(asking("say"))).text).split()[2]) != first
    backend.release()
    assert backend.pid is None
    assert next(backend.write(asking("say"))).text
    backend.close()


PARENT = """
import sys, os
from bot.generation.child.backend import ChildBackend, ModelOptions
from tests.bot.generation.child_script import ENTRY
from tests.bot.generation.test_child_process import asking, pid_of
backend = ChildBackend(ModelOptions("any"), entry=ENTRY)
parts = backend.stream(asking("deaf")[0])
next(parts)
print(pid_of(backend), flush=True)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("end", ["killed", "usual"])
def test_no_process_outlives_its_parent(end: str) -> None:
    ran = subprocess.run([sys.executable, "-c", PARENT, end], capture_output=True, text=True, check=False)
    assert ran.returncode == (-9 if end == "killed" else 0), ran.stderr
    assert ran.stderr == ""
    assert is_gone(int(ran.stdout))


def test_frames_are_read_whole_or_not_at_all() -> None:
    documents: list[dict[str, Any]] = [{"text": "half a pair \ud83d, Zoë\0"}, {}, {"kind": "end", "id": 3}]
    stream = BytesIO(b"".join(encoded(document) for document in documents))
    assert list(islice(iter(lambda: read_frame(stream), None), 9)) == documents
    assert read_frame(BytesIO(encoded({"a": "b"})[:-1])) is None
    for bad in (
        b"\xff\xff\xff\xff",
        b"\0\0\0\2[]",
        b"\0\0\0\3{a}",
        b"\0\0\0\2\xff\xfe",
        b"\0\x0f\0\0" + b"[" * 0xF0000,
    ):
        with pytest.raises(BackendError, match="cannot be understood"):
            read_frame(BytesIO(bad))
    with pytest.raises(BackendError, match="too much"):
        encoded({"text": "x" * MOST_BYTES})
