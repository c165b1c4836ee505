"""What pushes customers to leave: memories of what happened to them, and the monthly hazard that follows.

The hazard of leaving by one's own choice in a month is
    sigmoid(BASE + sum of pressures - satisfaction - tenure - contract + channel + unseen noise)
with one non-negative pressure per reason, in log-odds, so that a leaver's reason can be drawn in proportion.
"""

from dataclasses import dataclass

import numpy as np

from analytics.simulation.company import CHANNELS, REASONS
from analytics.simulation.people import People

BASE_LOG_ODDS = -6.35
SATISFACTION_WEIGHT = 3.2
TENURE_WEIGHT = 0.33
PRESSURE_SCALE = 1.35
CONTRACT_LOCK = 2.3
NEWCOMER_WEIGHT = 0.5
LOYALTY_WEIGHT = 0.15
NOISE_PERSISTENCE, NOISE_STEP = 0.75, 0.18

_CHANNEL_EFFECT = np.array(
    [{"comparison_site": 0.35, "telesales": 0.30, "referral": -0.35}.get(c, 0.0) for c in CHANNELS]
)
_COLUMN = {reason: column for column, reason in enumerate(REASONS)}


_EVENTS = {
    "outage": 0.60,
    "slow_support": 0.65,
    "billing": 0.60,
    "equipment": 0.60,
    "moving": 0.35,
    "life_change": 0.50,
    "price_rise": 0.60,
    "discount_end": 0.65,
}
"""Memories of events, and the share of each that is left after a month."""


@dataclass(slots=True)
class Memory:
    """What each customer still remembers at the start of a month; arrays of length n, fading every month.

    mood_shift is the slow deviation from a customer's usual satisfaction; usage is engagement in log units;
    unseen is what no record explains.
    """

    outage: np.ndarray
    slow_support: np.ndarray
    billing: np.ndarray
    equipment: np.ndarray
    moving: np.ndarray
    life_change: np.ndarray
    price_rise: np.ndarray
    discount_end: np.ndarray
    mood_shift: np.ndarray
    usage: np.ndarray
    unseen: np.ndarray

    @classmethod
    def fresh(cls, people: People, rng: np.random.Generator) -> "Memory":
        """Memories at the opening of the window: nothing recent, moods and engagement already spread out."""
        n = len(people)
        quiet = {name: np.zeros(n) for name in _EVENTS}
        mood, unseen = rng.normal(0, 0.6, n), rng.normal(0, 0.27, n)
        return cls(**quiet, mood_shift=mood, usage=0.65 * people.satisfaction, unseen=unseen)

    def fade(self) -> None:
        """Let a month pass over every memory."""
        for name, kept in _EVENTS.items():
            setattr(self, name, getattr(self, name) * kept)


def satisfaction(people: People, memory: Memory) -> np.ndarray:
    """Latent satisfaction this month, about standard normal in the population."""
    level: np.ndarray = 0.75 * people.satisfaction + memory.mood_shift
    return level


def pressures(
    people: People, memory: Memory, campaign: np.ndarray, renewal: np.ndarray, tenure: np.ndarray
) -> np.ndarray:
    """Pressure of every reason in log-odds, shape (n, reasons), never negative.

    campaign: competitor pressure where the customer lives; renewal: true in the two months around a contract's end;
    tenure: months since sign-up.
    """
    price, quality = people.price_sensitivity, people.quality_sensitivity
    push = np.zeros((len(people), len(REASONS)))
    push[:, _COLUMN["price"]] = price * (0.12 + 0.9 * memory.price_rise + 0.9 * memory.discount_end)
    push[:, _COLUMN["competitor"]] = price * (0.12 + 1.1 * campaign)
    push[:, _COLUMN["outage"]] = quality * np.minimum(0.10 * memory.outage, 2.0)
    push[:, _COLUMN["slow_support"]] = np.minimum(1.3 * memory.slow_support, 2.5)
    push[:, _COLUMN["billing_error"]] = 1.4 * memory.billing
    push[:, _COLUMN["missing_feature"]] = people.missing_feature
    push[:, _COLUMN["low_usage"]] = 0.55 * np.maximum(0.0, -memory.usage - 0.6) + 0.45 * people.dormant
    push[:, _COLUMN["moving_house"]] = 3.2 * memory.moving
    push[:, _COLUMN["too_complex"]] = people.complexity * (1.0 + np.exp(-tenure / 3.0))
    push[:, _COLUMN["equipment"]] = 1.3 * memory.equipment
    push[:, _COLUMN["life_change"]] = 2.6 * memory.life_change
    push[:, _COLUMN["contract_end"]] = np.where(renewal & people.contract, 0.7 + 0.3 * price, 0.0)
    return PRESSURE_SCALE * push


def voluntary_hazard(
    people: People, memory: Memory, push: np.ndarray, *, tenure: np.ndarray, locked: np.ndarray
) -> np.ndarray:
    """Probability of cancelling within the month, given alive at its start.

    locked: true where a running contract makes leaving costly.
    """
    log_odds = (
        BASE_LOG_ODDS
        + push.sum(axis=1)
        - SATISFACTION_WEIGHT * satisfaction(people, memory)
        - LOYALTY_WEIGHT * people.loyalty
        - TENURE_WEIGHT * np.log1p(tenure / 6.0)
        + NEWCOMER_WEIGHT * np.exp(-tenure / 3.0)
        - CONTRACT_LOCK * locked
        + _CHANNEL_EFFECT[people.channel]
        + memory.unseen
    )
    hazard: np.ndarray = 1.0 / (1.0 + np.exp(-log_odds))
    return hazard
