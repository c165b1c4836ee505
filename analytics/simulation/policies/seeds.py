"""Plays the seeds of a simulation, several at a time, each in one of a few processes of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool

from threadpoolctl import threadpool_limits

from analytics.processes import side_by_side
from analytics.simulation.policies.contest import Terms, run_contest
from analytics.simulation.policies.players import NAMES
from analytics.simulation.policies.proofs import PLAYERS, Evidence, evidence
from analytics.simulation.policies.tally import Tally, tallies
from db.errors import MainstayError
from db.vocabulary import Progress

Found = tuple[dict[str, Tally], Evidence | None]
"""What one seed gives: every policy's tally, and what it says on the claims where proofs were asked for."""


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
    played = 0

    def told(count: int) -> None:
        nonlocal played
        played = count
        progress(Progress("seeds", count, len(seeds)))

    told(0)
    try:
        return side_by_side(play_seed, [(seed, terms, proofs) for seed in seeds], jobs=jobs, done=told)
    except BrokenProcessPool as error:
        raise MainstayError(
            f"simulate: a process ended before its seed was played; {played} of {len(seeds)} were.",
            hint="It may have run out of memory: try again with --jobs 1.",
        ) from error
