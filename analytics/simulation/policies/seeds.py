"""Plays the seeds of a simulation, several at a time, each in one of a few processes of their own."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from threadpoolctl import threadpool_limits

from analytics.simulation.policies.contest import Terms, run_contest
from analytics.simulation.policies.players import NAMES
from analytics.simulation.policies.proofs import PLAYERS, Evidence, evidence
from analytics.simulation.policies.tally import Tally, tallies
from db.errors import MainstayError
from db.vocabulary import Progress

Found = tuple[dict[str, Tally], Evidence | None]
"""What one seed gives: every policy's tally, and what it says on the claims where proofs were asked for."""


def usable_cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def play_seed(seed: int, terms: Terms, proofs: bool) -> Found:
    """Play one company.

    On one thread: how BLAS adds up depends on the number of its threads, and processes would fight over the cores.
    """
    with threadpool_limits(1):
        contest = run_contest(seed, terms, PLAYERS if proofs else NAMES)
        if not proofs:
            return tallies(contest), None
        said = evidence(contest)
        return said.tallies, said


def play_seeds(
    seeds: Sequence[int], terms: Terms, *, proofs: bool, jobs: int, progress: Callable[[Progress], None]
) -> list[Found]:
    """Play the companies of all seeds, in the order of the seeds; the result does not depend on `jobs`.

    jobs: how many processes play; with one, or one seed, this process does.

    Raises:
        MainstayError: a process ended before its seed was played.
    """
    progress(Progress("seeds", 0, len(seeds)))
    found: dict[int, Found] = {}
    if min(jobs, len(seeds)) == 1:
        for seed in seeds:
            found[seed] = play_seed(seed, terms, proofs)
            progress(Progress("seeds", len(found), len(seeds)))
        return [found[seed] for seed in seeds]
    with _children(min(jobs, len(seeds))) as children:
        with _interrupts_blocked():
            waiting: dict[Future[Found], int] = {
                children.submit(play_seed, seed, terms, proofs): seed for seed in seeds
            }
        for future in as_completed(waiting):
            try:
                found[waiting[future]] = future.result()
            except BrokenProcessPool as error:
                raise MainstayError(
                    f"simulate: a process ended before its seed was played; {len(found)} of {len(seeds)} were.",
                    hint="It may have run out of memory: try again with --jobs 1.",
                ) from error
            progress(Progress("seeds", len(found), len(seeds)))
    return [found[seed] for seed in seeds]


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
