"""What a company would know about its customers at the start of a month: the only thing that policies may look at."""

import numpy as np

from analytics.simulation.company import CHANNELS, PAYMENT_METHODS, PLANS, REASONS, price_table
from analytics.simulation.lifecycle import History
from analytics.simulation.people import People
from analytics.simulation.world import World

TOLD = ("outage", "slow_support", "billing_error", "missing_feature", "moving_house", "too_complex", "equipment")
"""Reasons that customers write tickets about."""

NAMES = (
    "newcomer",
    "log_tenure",
    "contract",
    "near_renewal",
    "locked",
    "annual_billing",
    "invoice",
    "direct_debit",
    "comparison_site",
    "telesales",
    "referral",
    "old_hub",
    "log_price",
    "discount",
    "price_rise",
    "discount_ended",
    "outage_hours",
    "slow_tickets",
    "tickets",
    *(f"told_{reason}" for reason in TOLD),
    "mood",
    "mood_low",
    "usage",
    "usage_low",
    "hardly_used",
    "competitor_near",
)
"""Columns of the contexts, in order."""

_MONTH_KEPT, _LONG_KEPT = 0.6, 0.85
_MOOD_NOISE, _USAGE_NOISE, _LINE_NOISE = 0.6, 0.25, 0.30
_RUMOUR_NOISE = 0.25


def contexts(
    people: People, world: World, history: History, outage_hours: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Observed features of every customer at the start of every month, shape (n, months, len(NAMES)), float32.

    Past events fade as memories do; mood, usage and rival campaigns are seen through noise. Nothing of a month is
    known at its start but its price list and campaigns.
    """
    n, months = history.mood.shape
    tenure = np.maximum(np.arange(months)[None, :] - people.joined_month[:, None], 0)
    told = [history.ticket & (history.ticket_reason == REASONS.index(reason)) for reason in TOLD]
    slow = history.ticket * np.log1p(np.maximum(history.ticket_hours - 24.0, 0.0) / 24.0)
    drop = np.maximum(-np.diff(history.discount, axis=1, prepend=history.discount[:, :1]), 0.0) / 20.0
    in_term = tenure % 12
    renewal = people.contract[:, None] & (tenure >= 11) & ((in_term == 11) | (in_term == 0))
    mood = history.mood + rng.normal(0, _MOOD_NOISE, (n, months))
    usage = history.usage + rng.normal(0, _USAGE_NOISE, (n, months))
    typical = np.log(np.array([plan.typical_usage_gb for plan in PLANS]))[people.plan]
    line = people.log_usage - typical + rng.normal(0, _LINE_NOISE, n)
    rumour = world.campaigns[people.region][:, :months] + rng.normal(0, _RUMOUR_NOISE, (n, months))
    columns = [
        np.exp(-tenure / 3.0),
        np.log1p(tenure / 6.0),
        np.broadcast_to(people.contract[:, None], (n, months)),
        renewal,
        people.contract[:, None] & ~renewal,
        *(np.broadcast_to(column[:, None], (n, months)) for column in _fixed(people)),
        np.log(np.maximum(price_table()[history.plan, world.price_list[None, :]], 1.0)),
        history.discount / 20.0,
        history.rise + faded(history.rise, _MONTH_KEPT),
        drop + faded(drop, _MONTH_KEPT),
        np.log1p(faded(outage_hours, _MONTH_KEPT)),
        faded(slow, _MONTH_KEPT),
        faded(history.ticket, _LONG_KEPT),
        *(faded(one, _LONG_KEPT) for one in told),
        mood,
        np.maximum(-mood - 0.5, 0.0),
        usage,
        np.maximum(-usage - 0.6, 0.0),
        np.broadcast_to((line < -0.8)[:, None], (n, months)),
        rumour,
    ]
    found: np.ndarray = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=2)
    return found


def _fixed(people: People) -> list[np.ndarray]:
    """Features that stay the same for a customer, each of shape (n,)."""
    return [
        people.annual_billing,
        people.payment_method == PAYMENT_METHODS.index("invoice"),
        people.payment_method == PAYMENT_METHODS.index("direct_debit"),
        *(people.channel == CHANNELS.index(name) for name in ("comparison_site", "telesales", "referral")),
        people.old_hub,
    ]


def faded(happened: np.ndarray, kept: float) -> np.ndarray:
    """What is left at each month's start of the months before it, shape (n, months): the last counts 1, then `kept`."""
    values = happened.astype(float)
    found = np.zeros(values.shape)
    for month in range(1, values.shape[1]):
        found[:, month] = kept * found[:, month - 1] + values[:, month - 1]
    return found
