"""Runs contests over several seeds and sums them up: the table, the curves and, on demand, the proofs."""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.simulation.company import CURRENCY
from analytics.simulation.policies.contest import Terms, run_contest
from analytics.simulation.policies.players import NAMES
from analytics.simulation.policies.proofs import PLAYERS, Evidence, Proof, evidence, prove
from analytics.simulation.policies.tally import Summary, Tally, summaries, tallies
from db.errors import InputError
from db.vocabulary import Json, Progress

MOST_SEEDS = 1000
FEWEST_TO_PROVE = 2


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
    progress: Callable[[Progress], None] = lambda _: None,
) -> SimulationReport:
    """Play every policy on `seeds` companies, seeds `seed`, `seed` + 1 and so on; the same arguments, the same report.

    Raises:
        InputError: a number is out of range, or proofs are asked of too few seeds.
    """
    if not 1 <= seeds <= MOST_SEEDS or seed < 0:
        raise InputError(
            f"simulate: {seeds} seeds from seed {seed} on cannot be played.",
            hint=f"Ask for 1 to {MOST_SEEDS:,} seeds and a first seed of 0 or more.",
        )
    if proofs and seeds < FEWEST_TO_PROVE:
        raise InputError("simulate: one seed proves nothing.", hint="Leave --seeds out, or give at least 2 of them.")
    numbers = tuple(range(seed, seed + seeds))
    found: list[dict[str, Tally]] = []
    said: list[Evidence] = []
    for done, number in enumerate(numbers, start=1):
        contest = run_contest(number, terms, PLAYERS if proofs else NAMES)
        if proofs:
            said.append(evidence(contest))
            found.append(said[-1].tallies)
        else:
            found.append(tallies(contest))
        progress(Progress("seeds", done, seeds))
    return SimulationReport(terms, numbers, tuple(summaries(found, NAMES)), tuple(prove(said)) if proofs else ())
