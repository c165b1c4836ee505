"""Work on several processor cores: processes that end with whoever started them and leave Ctrl-C to them."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def usable_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def side_by_side(
    work: Callable[..., T], parts: Sequence[tuple[Any, ...]], *, jobs: int, done: Callable[[int], None] = lambda _: None
) -> list[T]:
    """`work(*part)` of every part, in the order of the parts; `done` hears how many are ready.

    jobs: how many processes work; with one, or one part, this process does. Other processes import `work` by its name.

    Raises:
        concurrent.futures.process.BrokenProcessPool: a process ended before its part was ready.
    """
    found: dict[int, T] = {}
    if min(jobs, len(parts)) <= 1:
        for place, part in enumerate(parts):
            found[place] = work(*part)
            done(len(found))
        return [found[place] for place in range(len(parts))]
    with _children(min(jobs, len(parts))) as children:
        with _interrupts_blocked():
            waiting: dict[Future[T], int] = {children.submit(work, *part): place for place, part in enumerate(parts)}
        for future in as_completed(waiting):
            found[waiting[future]] = future.result()
            done(len(found))
    return [found[place] for place in range(len(parts))]


@contextmanager
def _children(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes to play in. When they are left before the end, they do not finish what they are at."""
    others = set(active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent)
    finished = False
    try:
        yield pool
        finished = True
    finally:
        if not finished:
            for child in set(active_children()) - others:
                child.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal: children started here leave it to the one that started them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """Start of a child: it ignores Ctrl-C, and ends when its parent was killed, for nobody would read its results."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()
