"""Simulates the company chunk by chunk: each chunk from its own seed, so a million customers stream in flat memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.frames import Frames
from analytics.simulation.customers import consent_frame, customer_frame, stated_reasons
from analytics.simulation.lifecycle import live
from analytics.simulation.messages import message_frames
from analytics.simulation.people import customer_ids, draw_people
from analytics.simulation.records import Strikes, event_frame, subscription_frame
from analytics.simulation.texts.grammar import Bank, load_bank
from analytics.simulation.truth import Truth, customer_truth, hazard_frame
from analytics.simulation.world import World, build_world
from db.errors import InputError

CHUNK_CUSTOMERS = 10_000
DEFAULT_TODAY = date(2026, 11, 1)

_WORLD, _CHUNK = 0, 1


@dataclass(frozen=True)
class SimulatedChunk:
    """Up to 10,000 customers: what a store may hold, and apart from it the truth.

    consents: customer_id, channel, status (granted, denied, unknown), recorded_on (date), source.
    """

    customers: pd.DataFrame
    subscriptions: pd.DataFrame
    events: pd.DataFrame
    messages: pd.DataFrame
    consents: pd.DataFrame
    truth: Truth

    @property
    def frames(self) -> Frames:
        """The four frames that features are computed from."""
        return Frames(self.customers, self.subscriptions, self.events, self.messages)


def simulate(
    customers: int = 2000, months: int = 18, seed: int = 7, today: date = DEFAULT_TODAY
) -> Iterator[SimulatedChunk]:
    """Yield the company's customers in chunks of up to 10,000, recorded over `months` months before `today`.

    A chunk depends on the arguments other than `customers` and on its own place and size only; the same arguments
    give the same frames.

    Raises:
        InputError: a number is out of range.
    """
    if customers < 1 or not 3 <= months <= 120 or seed < 0:
        raise InputError(
            f"simulation: cannot simulate {customers} customers over {months} months with seed {seed}.",
            hint="Ask for at least one customer, 3 to 120 months and a seed of 0 or more.",
        )
    world = build_world(months, today, np.random.default_rng([seed, _WORLD]))
    return _chunks(customers, seed, world, load_bank())


def _chunks(customers: int, seed: int, world: World, bank: Bank) -> Iterator[SimulatedChunk]:
    """The chunks, one at a time."""
    for index, first in enumerate(range(0, customers, CHUNK_CUSTOMERS)):
        count = min(CHUNK_CUSTOMERS, customers - first)
        yield _chunk(first + 1, count, world, bank, np.random.SeedSequence([seed, _CHUNK, index]))


def _chunk(first_number: int, count: int, world: World, bank: Bank, seed: np.random.SeedSequence) -> SimulatedChunk:
    """One chunk; every part has a generator of its own, so that a change in one leaves the others alone."""
    born, hit, lived, recorded, stated, written, listed, asked, known = map(np.random.default_rng, seed.spawn(9))
    people = draw_people(first_number, count, world, born)
    ids = customer_ids(people)
    strikes = Strikes.draw(people, world, hit)
    history = live(people, world, strikes.hours(people, world), lived)
    messages, message_truth = message_frames(people, ids, world, history, strikes, bank, written)
    return SimulatedChunk(
        customers=customer_frame(people, ids, world, history, listed),
        subscriptions=subscription_frame(people, ids, world, history, stated_reasons(history, stated)),
        events=event_frame(people, ids, world, history, strikes, recorded),
        messages=messages,
        consents=consent_frame(people, ids, asked),
        truth=Truth(
            customers=customer_truth(people, ids, world, history, known),
            hazards=hazard_frame(ids, world, history),
            messages=message_truth,
        ),
    )
