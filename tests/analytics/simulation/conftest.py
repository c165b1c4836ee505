"""One small company, simulated once for all tests of the simulation."""

import pytest

from analytics.simulation.simulate import SimulatedChunk, simulate

SMALL = 700


@pytest.fixture(scope="session")
def chunk() -> SimulatedChunk:
    return next(simulate(SMALL, seed=3))


@pytest.fixture(scope="session")
def large_chunk() -> SimulatedChunk:
    return next(simulate(4000, seed=11))
