"""What the simulation knows and a store must not: hazards, reasons, moods, and every offer's effect on everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.simulation.company import MOODS, OFFER_TYPES, REASONS
from analytics.simulation.lifecycle import History
from analytics.simulation.people import People
from analytics.simulation.responses import Response
from analytics.simulation.world import World
from db.errors import InputError

DAYS_PER_MONTH = 30.4375
OUTCOME_DAYS = 90
MONTHS_AHEAD = 3
PERSUADABLE_GAIN = 0.03
"""A persuadable customer's 90-day churn probability falls by at least this much under the best offer."""
SURE_THING_BELOW = 0.08
"""Of the others, customers under this 90-day probability stay anyway; those above leave anyway."""

RESPONSE_TYPES = ("persuadable", "sure_thing", "lost_cause", "sleeping_dog")


@dataclass(frozen=True)
class Truth:
    """The known truth of a chunk, for evaluation only.

    customers: one row per customer: active, reason and mood today, response_type (missing for those who left),
        satisfaction, dormant, left_within_90_days (without any offer), voluntary_M and payment_M (the hazards of the
        three months M = 1, 2, 3 from today, met if still there), and for every offer type T effect_T (shift of the
        monthly log-odds of leaving) and accept_T (probability of accepting).
    hazards: one row per customer at risk and complete month: customer_id, month (its first day), voluntary_hazard,
        payment_hazard, hazard (either), left (the contract ended in that month).
    messages: message_id, reason (a topic: a reason to leave, praise or question), mood.
    """

    customers: pd.DataFrame
    hazards: pd.DataFrame
    messages: pd.DataFrame


def hazard_frame(ids: np.ndarray, world: World, history: History) -> pd.DataFrame:
    """True monthly hazards of every customer at risk, complete months before today only."""
    complete = int((world.month_starts[1:] <= world.today).sum())
    who, month = np.nonzero(history.at_risk[:, :complete])
    voluntary = history.voluntary[who, month]
    payment = history.payment[who, month]
    return pd.DataFrame(
        {
            "customer_id": pd.Series(ids[who], dtype="str"),
            "month": world.month_starts[month].astype("datetime64[us]"),
            "voluntary_hazard": voluntary * (1 - payment),
            "payment_hazard": payment,
            "hazard": payment + (1 - payment) * voluntary,
            "left": history.left[who, month],
        }
    )


def customer_truth(
    people: People, ids: np.ndarray, world: World, history: History, rng: np.random.Generator
) -> pd.DataFrame:
    """Today's latent state of every customer and the effect of every offer type (see `Truth`)."""
    month = world.current_month
    response = Response.draw(people, rng)
    shifts = response.shifts(history.pushes[:, month])
    accepted = response.acceptance(shifts)
    active = np.isnat(history.ended_on) | (history.ended_on >= world.today)
    soon = ~np.isnat(history.ended_on) & (history.ended_on < world.today + OUTCOME_DAYS)
    reason = np.where(history.leave_reason >= 0, history.leave_reason, history.pushes[:, month].argmax(axis=1))
    mood = np.digitize(history.mood[:, month], (-0.5, 0.6))
    frame = pd.DataFrame(
        {
            "customer_id": pd.Series(ids, dtype="str"),
            "active": active,
            "reason": pd.Series(np.array(REASONS, dtype=object)[reason], dtype="str"),
            "mood": pd.Series(np.array([str(mood) for mood in MOODS], dtype=object)[mood], dtype="str"),
            "satisfaction": history.mood[:, month],
            "dormant": people.dormant,
            "left_within_90_days": active & soon,
        }
    )
    for ahead in range(MONTHS_AHEAD):
        frame[f"voluntary_{ahead + 1}"] = np.where(active, history.voluntary[:, month + ahead], np.nan)
        frame[f"payment_{ahead + 1}"] = np.where(active, history.payment[:, month + ahead], np.nan)
    for column, offer in enumerate(OFFER_TYPES):
        frame[f"effect_{offer}"] = shifts[:, column]
        frame[f"accept_{offer}"] = accepted[:, column]
    frame.insert(4, "response_type", pd.Series(_response_types(frame), dtype="str").where(active))
    return frame


def _response_types(customers: pd.DataFrame) -> np.ndarray:
    """The classic four kinds, read off the potential outcomes under the best offer."""
    base = churn_probability(customers, "none")
    best = np.min([churn_probability(customers, offer) for offer in OFFER_TYPES[1:]], axis=0)
    kinds = [base - best >= PERSUADABLE_GAIN, best > base, base < SURE_THING_BELOW]
    types: np.ndarray = np.select(kinds, ["persuadable", "sleeping_dog", "sure_thing"], "lost_cause").astype(object)
    return types


def churn_probability(
    customers: pd.DataFrame, offer_type: str | Sequence[str] | np.ndarray, horizon_days: int = OUTCOME_DAYS
) -> np.ndarray:
    """Probability of leaving within the horizon under an offer (one type, or one per customer).

    customers: `Truth.customers` or rows of it. The hazards of the three months ahead are those the customer meets; a
    longer horizon goes on with their mean. Payment failures do not react to offers. Missing for those who left.

    Raises:
        InputError: an offer type is unknown.
    """
    chosen = offer_indices(offer_type, len(customers))
    effects = customers[[f"effect_{offer}" for offer in OFFER_TYPES]].to_numpy(float)[np.arange(len(customers)), chosen]
    ahead = range(1, MONTHS_AHEAD + 1)
    payment = customers[[f"payment_{month}" for month in ahead]].to_numpy(float)
    voluntary = np.clip(customers[[f"voluntary_{month}" for month in ahead]].to_numpy(float), 1e-9, 1 - 1e-9)
    shifted = 1 / (1 + np.exp(-(np.log(voluntary / (1 - voluntary)) + effects[:, None])))
    log_stay = np.log1p(-payment) + np.log1p(-shifted)
    months = horizon_days / DAYS_PER_MONTH
    exposure = np.clip(months - np.arange(MONTHS_AHEAD), 0.0, 1.0)
    log_survival = log_stay @ exposure + log_stay.mean(axis=1) * max(months - MONTHS_AHEAD, 0.0)
    probability: np.ndarray = -np.expm1(log_survival)
    return probability


def true_outcomes(
    truth: Truth,
    offer_type: str | Sequence[str] | np.ndarray,
    rng: np.random.Generator,
    horizon_days: int = OUTCOME_DAYS,
) -> pd.DataFrame:
    """Sample what happens to the customers still active if they are made an offer today.

    offer_type: one type for all active customers, or one per active customer in the order of `truth.customers`.
    Returns a frame with customer_id, offer_type, probability, accepted and churned. The same generator state gives the
    same luck to every customer whatever the offer, so policies can be compared on common random numbers.

    Raises:
        InputError: an offer type is unknown, or the number of offers is not the number of active customers.
    """
    active = truth.customers[truth.customers["active"]].reset_index(drop=True)
    chosen = offer_indices(offer_type, len(active))
    probability = churn_probability(active, offer_type, horizon_days)
    accept = active[[f"accept_{offer}" for offer in OFFER_TYPES]].to_numpy(float)[np.arange(len(active)), chosen]
    luck, mood = rng.random(len(active)), rng.random(len(active))
    return pd.DataFrame(
        {
            "customer_id": active["customer_id"],
            "offer_type": pd.Series(np.array([str(o) for o in OFFER_TYPES], dtype=object)[chosen], dtype="str"),
            "probability": probability,
            "accepted": mood < accept,
            "churned": luck < probability,
        }
    )


def offer_indices(offer_type: str | Sequence[str] | np.ndarray, count: int) -> np.ndarray:
    """Column of each customer's offer in `OFFER_TYPES`.

    Raises:
        InputError: an offer type is unknown, or there is not one offer per customer.
    """
    names = [str(offer) for offer in OFFER_TYPES]
    wanted = [offer_type] * count if isinstance(offer_type, str) else [str(offer) for offer in offer_type]
    if len(wanted) != count:
        raise InputError(f"simulation: {len(wanted)} offers were given for {count} customers.")
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        raise InputError(f"simulation: {unknown[0]!r} is no offer type.", hint=f"Choose from {', '.join(names)}.")
    place = {name: index for index, name in enumerate(names)}
    return np.array([place[name] for name in wanted], dtype=int)
