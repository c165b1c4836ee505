"""Runs the months: prices, faults, tickets, payments, and who leaves, with the hazard of everybody written down."""

from dataclasses import dataclass

import numpy as np

from analytics.simulation.company import ANNUAL_MONTHS_CHARGED, PLANS, REASONS, price_table
from analytics.simulation.people import People
from analytics.simulation.pressures import (
    NOISE_PERSISTENCE,
    NOISE_STEP,
    Memory,
    pressures,
    satisfaction,
    voluntary_hazard,
)
from analytics.simulation.world import World

DUNNING_DAYS = 14
"""Days from a failed payment to the end of the contract when no retry succeeds."""

NOT_YET = np.datetime64("NaT", "D")
_COLUMN = {reason: column for column, reason in enumerate(REASONS)}
_TRIALS = np.log(np.array([0.006, 0.018, 0.030]) / (1 - np.array([0.006, 0.018, 0.030])))
"""Log-odds of a failed payment by payment method: direct debit, card, invoice."""


@dataclass(slots=True)
class History:
    """All that happened, month by month: arrays of shape (n, months), and one value per customer for the end.

    at_risk: alive at the month's start and joined before it. voluntary, payment: the two hazards of the month, which
    go on for those who left as if they had not. left: the contract ended in the month. pushes: (n, months, reasons),
    float32.
    ticket_hours: time to resolution. failed: the first collection failed; recovered: a retry succeeded.
    """

    present: np.ndarray
    at_risk: np.ndarray
    voluntary: np.ndarray
    payment: np.ndarray
    left: np.ndarray
    pushes: np.ndarray
    mood: np.ndarray
    usage: np.ndarray
    plan: np.ndarray
    discount: np.ndarray
    mrr: np.ndarray
    rise: np.ndarray
    invoiced: np.ndarray
    failed: np.ndarray
    recovered: np.ndarray
    billing_error: np.ndarray
    ticket: np.ndarray
    ticket_hours: np.ndarray
    ticket_reason: np.ndarray
    moved: np.ndarray
    ended_on: np.ndarray
    involuntary: np.ndarray
    leave_reason: np.ndarray

    @classmethod
    def empty(cls, n: int, months: int) -> "History":
        """Nothing happened yet."""

        def table(kind: type) -> np.ndarray:
            return np.zeros((n, months), dtype=kind)

        return cls(
            present=table(bool), at_risk=table(bool), voluntary=table(float), payment=table(float), left=table(bool),
            pushes=np.zeros((n, months, len(REASONS)), dtype=np.float32), mood=table(float), usage=table(float),
            plan=table(int), discount=table(float), mrr=table(float), rise=table(bool), invoiced=table(bool),
            failed=table(bool), recovered=table(bool), billing_error=table(bool), ticket=table(bool),
            ticket_hours=table(float), ticket_reason=table(int), moved=table(bool),
            ended_on=np.full(n, NOT_YET), involuntary=np.zeros(n, dtype=bool), leave_reason=np.full(n, -1),
        )  # fmt: skip

    @property
    def alive(self) -> np.ndarray:
        """Customers whose contract has not ended."""
        running: np.ndarray = np.isnat(self.ended_on)
        return running


def live(
    people: People,
    world: World,
    outage_hours: np.ndarray,
    rng: np.random.Generator,
    *,
    nobody_leaves_from: int | None = None,
) -> History:
    """Simulate every month of the world for these customers.

    outage_hours: hours without service per customer and month, shape (n, months). nobody_leaves_from: month from which
    the hazards are written down and not drawn, so that whoever plays policies can decide who leaves.
    """
    history = History.empty(len(people), world.months)
    memory = Memory.fresh(people, rng)
    plan = people.plan.copy()
    paid_list = np.full(len(people), world.price_list[0])
    for month in range(world.months):
        tenure = month - people.joined_month
        running = history.alive & (tenure >= 0)
        history.present[:, month] = running
        _prices(people, world, history, memory, month, plan, paid_list)
        _hazards(people, world, history, memory, month)
        _payments(people, history, month, rng)
        if nobody_leaves_from is None or month < nobody_leaves_from:
            _departures(people, world, history, month, rng)
        _incidents(people, world, history, memory, month, outage_hours[:, month], rng)
        plan = _plan_changes(people, history, month, plan, rng)
    return history


def _prices(
    people: People, world: World, history: History, memory: Memory, month: int, plan: np.ndarray, paid_list: np.ndarray
) -> None:
    """Set what each customer pays; contracts keep their price list until the term ends. Updates `paid_list`."""
    tenure = month - people.joined_month
    current = world.price_list[month]
    free_to_move = ~people.contract | (tenure % 12 == 0) | (tenure < 0)
    rise = free_to_move & (paid_list < current) & (tenure > 0)
    paid_list[free_to_move] = current
    discount = np.where((tenure >= 0) & (tenure < people.welcome_months), people.welcome_percent, 0.0)
    ended = (tenure == people.welcome_months) & (people.welcome_percent > 0)
    memory.price_rise[rise] += 1.0
    memory.discount_end[ended] += people.welcome_percent[ended] / 20.0
    price = price_table()[plan, paid_list] * np.where(people.annual_billing, ANNUAL_MONTHS_CHARGED / 12, 1.0)
    history.rise[:, month] = rise & history.present[:, month]
    history.plan[:, month] = plan
    history.discount[:, month] = discount
    history.mrr[:, month] = np.round(price * (1 - discount / 100), 2)


def _hazards(people: People, world: World, history: History, memory: Memory, month: int) -> None:
    """Write down the pressures and the voluntary hazard at the month's start."""
    tenure = np.maximum(month - people.joined_month, 0)
    in_term = tenure % 12
    renewal = (tenure >= 11) & ((in_term == 11) | (in_term == 0))
    push = pressures(people, memory, world.campaigns[people.region, month], renewal, tenure)
    hazard = voluntary_hazard(people, memory, push, tenure=tenure, locked=people.contract & ~renewal)
    at_risk = history.present[:, month] & (people.joined_month < month)
    history.at_risk[:, month] = at_risk
    history.voluntary[:, month] = hazard
    history.pushes[:, month] = push
    history.mood[:, month] = satisfaction(people, memory)
    history.usage[:, month] = memory.usage


def _payments(people: People, history: History, month: int, rng: np.random.Generator) -> None:
    """Collect this month's invoices; retries recover most failures, the rest end the contract."""
    tenure = month - people.joined_month
    cycle = ~people.annual_billing | (tenure % 12 == 0)
    due = history.present[:, month] & cycle & ~(people.late_start & (tenure == 0))
    fail = 1.0 / (1.0 + np.exp(-(_TRIALS[people.payment_method] + people.payment_trouble)))
    lost = 0.32 / (1.0 + np.exp(-0.8 * people.payment_trouble + 0.3))
    risky = due & (tenure > 0)
    history.invoiced[:, month] = due
    history.failed[:, month] = risky & (rng.random(len(people)) < fail)
    history.recovered[:, month] = rng.random(len(people)) >= lost
    history.payment[:, month] = np.where(cycle & (tenure > 0), fail * lost, 0.0)


def _departures(people: People, world: World, history: History, month: int, rng: np.random.Generator) -> None:
    """End contracts: a lost payment first, else a cancellation on a random day of the month."""
    n = len(people)
    start = world.month_starts[month]
    days = int((world.month_starts[month + 1] - start).astype(int))
    day = np.floor(rng.random(n) * days).astype("timedelta64[D]")
    lost = history.failed[:, month] & ~history.recovered[:, month]
    quits = history.at_risk[:, month] & ~lost & (rng.random(n) < history.voluntary[:, month])
    push = history.pushes[:, month].astype(float) + 0.01
    share = np.cumsum(push, axis=1) / push.sum(axis=1, keepdims=True)
    reason = np.minimum((rng.random(n)[:, None] > share).sum(axis=1), len(REASONS) - 1)
    due = start + (people.billing_day - 1 + DUNNING_DAYS).astype("timedelta64[D]")
    history.ended_on[lost] = due[lost]
    history.involuntary[lost] = True
    history.ended_on[quits] = (start + day)[quits]
    history.leave_reason[quits] = reason[quits]
    history.left[:, month] = lost | quits


def _incidents(
    people: People,
    world: World,
    history: History,
    memory: Memory,
    month: int,
    outage: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """What goes wrong this month, the tickets it brings, and how memories, mood and usage carry it on."""
    n = len(people)
    here = history.present[:, month]
    billing = here & (rng.random(n) < np.where(history.rise[:, month], 0.03, 0.007))
    fault = here & (rng.random(n) < np.where(people.old_hub, 0.035, 0.010))
    moving = here & (rng.random(n) < 0.007)
    life = here & (rng.random(n) < 0.003)
    causes = np.zeros((n, len(REASONS)))
    causes[:, _COLUMN["billing_error"]] = 0.55 * billing
    causes[:, _COLUMN["equipment"]] = 0.60 * fault
    causes[:, _COLUMN["moving_house"]] = 0.50 * moving
    causes[:, _COLUMN["outage"]] = np.minimum(0.015 * outage, 0.3)
    causes[:, _COLUMN["too_complex"]] = 0.04 * people.complexity
    causes[:, _COLUMN["missing_feature"]] = 0.02 * people.missing_feature
    causes[:, _COLUMN["slow_support"]] = 0.014 * np.exp(-0.7 * np.clip(history.mood[:, month], -2.5, 2.0))
    rate = np.minimum(causes.sum(axis=1), 0.9)
    ticket = here & (rng.random(n) < rate)
    share = np.cumsum(causes, axis=1) / causes.sum(axis=1, keepdims=True)
    hours = np.round(np.clip(rng.lognormal(2.7, 1.0, n) * world.support_load[month], 0.5, 400.0), 1)
    history.billing_error[:, month] = billing
    history.moved[:, month] = moving
    history.ticket[:, month] = ticket
    history.ticket_hours[:, month] = np.where(ticket, hours, 0.0)
    history.ticket_reason[:, month] = np.minimum((rng.random(n)[:, None] > share).sum(axis=1), len(REASONS) - 1)
    memory.fade()
    memory.outage += np.where(here, outage, 0.0)
    memory.slow_support += ticket * np.log1p(np.maximum(hours - 24.0, 0.0) / 24.0)
    memory.billing += billing
    memory.equipment += fault
    memory.moving += moving
    memory.life_change += life
    _carry_on(people, memory, ticket * np.log1p(hours / 48.0) + 0.02 * outage + 0.4 * (billing + fault), rng)


def _carry_on(people: People, memory: Memory, annoyance: np.ndarray, rng: np.random.Generator) -> None:
    """Move mood, engagement and what no record explains by one month."""
    n = len(people)
    memory.mood_shift = (
        0.95 * memory.mood_shift + rng.normal(0, 0.18, n) - 0.22 * annoyance * people.quality_sensitivity
    )
    feeling = 0.6 * satisfaction(people, memory)
    memory.usage = 0.75 * memory.usage + 0.25 * feeling + people.usage_drift + rng.normal(0, 0.10, n)
    memory.unseen = NOISE_PERSISTENCE * memory.unseen + rng.normal(0, NOISE_STEP, n)


def _plan_changes(
    people: People, history: History, month: int, plan: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Plans for the next month: the content move up, the price-sensitive down, contracts only at their end."""
    tenure = month - people.joined_month
    free = history.present[:, month] & ~history.left[:, month] & (tenure > 1)
    free &= ~people.contract | (tenure % 12 == 11)
    up = free & (rng.random(len(people)) < 0.006 * np.exp(0.4 * history.mood[:, month]))
    price = history.pushes[:, month, _COLUMN["price"]]
    down = free & ~up & (rng.random(len(people)) < 0.006 * np.minimum(price * 2.0, 4.0))
    changed: np.ndarray = np.clip(plan + up.astype(int) - down.astype(int), 0, len(PLANS) - 1)
    return changed
