"""One small contest, played once for all tests of the policies."""

import pytest

from analytics.simulation.policies.contest import Contest, Terms, run_contest
from analytics.simulation.policies.proofs import PLAYERS

SMALL = Terms(customers=900, months=6, budget=150.0)


@pytest.fixture(scope="session")
def contest() -> Contest:
    return run_contest(5, SMALL, PLAYERS)
