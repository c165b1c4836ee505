"""Runs contests over several seeds and sums them up: the table, the curves and, on demand, the proofs."""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.simulation.company import CURRENCY
from analytics.simulation.policies.contest import Terms
from analytics.simulation.policies.players import NAMES
from analytics.simulation.policies.proofs import Proof, prove
from analytics.simulation.policies.seeds import play_seeds
from analytics.simulation.policies.tally import Summary, summaries
from db.errors import InputError
from db.vocabulary import Json, Progress

MOST_SEEDS = 1000
FEWEST_TO_PROVE = 2
FEWEST_MONTHS_TO_PROVE = 6
"""Over fewer months regret has no growth to speak of."""


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """What `mainstay simulate` shows. proofs: empty unless they were asked for."""

    terms: Terms
    seeds: tuple[int, ...]
    policies: tuple[Summary, ...]
    proofs: tuple[Proof, ...]

    @property
    def proven(self) -> bool:
        """Whether every proof that was asked for holds."""
        return all(proof.holds for proof in self.proofs)

    def as_json(self) -> Json:
        """The report as one JSON document."""
        return {
            "customers": self.terms.customers,
            "months": self.terms.months,
            "monthly_budget": self.terms.monthly_budget,
            "currency": CURRENCY,
            "seeds": list(self.seeds),
            "policies": [policy.as_json() for policy in self.policies],
            "proofs": [proof.as_json() for proof in self.proofs],
        }


def simulate_policies(
    terms: Terms,
    *,
    seed: int = 7,
    seeds: int = 1,
    proofs: bool = False,
    jobs: int = 1,
    progress: Callable[[Progress], None] = lambda _: None,
) -> SimulationReport:
    """Play every policy on `seeds` companies, seeds `seed`, `seed` + 1 and so on; the same arguments, the same report.

    jobs: how many processes play; the report does not depend on it.

    Raises:
        InputError: a number is out of range, or proofs are asked of too few seeds.
        MainstayError: a process ended before its seed was played.
    """
    if jobs < 1:
        raise InputError(f"simulate: {jobs} processes cannot play.", hint="Give --jobs 1 or more, or leave it out.")
    if not 1 <= seeds <= MOST_SEEDS or seed < 0:
        raise InputError(
            f"simulate: {seeds} seeds from seed {seed} on cannot be played.",
            hint=f"Ask for 1 to {MOST_SEEDS:,} seeds and a first seed of 0 or more.",
        )
    if proofs and seeds < FEWEST_TO_PROVE:
        raise InputError("simulate: one seed proves nothing.", hint="Leave --seeds out, or give at least 2 of them.")
    if proofs and terms.months < FEWEST_MONTHS_TO_PROVE:
        raise InputError(
            f"simulate: {terms.months} months are too few to prove that the bandit learns.",
            hint=f"Leave --months out, or give at least {FEWEST_MONTHS_TO_PROVE} of them.",
        )
    numbers = tuple(range(seed, seed + seeds))
    found = play_seeds(numbers, terms, proofs=proofs, jobs=jobs, progress=progress)
    played = [each for each, _ in found]
    said = [each for _, each in found if each is not None]
    return SimulationReport(terms, numbers, tuple(summaries(played, NAMES)), tuple(prove(said)) if proofs else ())
