"""Arbitration: what each offer is worth proposing to each customer, against proposing nothing.

    priority = propensity x context_weight x value x lever - propensity x offer_cost - contact_cost

value = value at stake x save rate, the expected retained value; doing nothing has priority 0. The shape follows Pega's
`P x C x V x L` with costs subtracted. Where the effect of an offer on a customer has been measured, the first term is
effect x worth of a saved customer x lever instead. Only elementwise +, -, x, / are used, so one customer alone and the
same customer among a hundred thousand get the same bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.decisions.conditions import Fact, FactTable
from analytics.decisions.offers import Offer
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.terms import Accounts, Economics, economics

Amounts = npt.NDArray[np.float64]

PRIORITY_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is at stake with each customer, in the customer's currency, and where the figure comes from.

    value: expected loss; worth: of a customer who is saved; source: residual_value, margin, revenue_at_risk or assumed.
    """

    value: Amounts
    worth: Amounts
    source: npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One offer against every customer: its priority, the parts of it, and its economics."""

    offer: Offer
    priority: Amounts
    context_weight: Amounts
    value: Amounts
    effect: Amounts
    economics: Economics

    @property
    def spend(self) -> Amounts:
        """What proposing the offer is expected to cost: the contact, and the offer as often as it is accepted."""
        return self.offer.propensity * self.economics.cost + self.offer.contact_cost

    def parts(self, row: int) -> dict[str, float | str]:
        """The parts of one customer's priority, rounded for reading."""
        shared: dict[str, float | str] = {
            "lever": self.offer.lever,
            "propensity": self.offer.propensity,
            "offer_cost": round(float(self.economics.cost[row]), 4),
            "contact_cost": self.offer.contact_cost,
        }
        effect = float(self.effect[row])
        if not np.isnan(effect):
            return shared | {"effect": effect, "value": round(float(self.value[row]), 4)}
        context = round(float(self.context_weight[row]), 6)
        return shared | {"context_weight": context, "value": round(float(self.value[row]), 4)}


def stakes(customers: pd.DataFrame, policy: DecisionPolicy) -> Stakes:
    """What would be lost in expectation if each customer left unasked: churn probability x worth of a saved customer.

    A saved customer is worth the residual value, and at least the margin over the economic horizon: the residual value
    counts the months that a customer at today's risk would stay, and a save is what takes that risk away. Without
    either the revenue at risk is taken; without any money, churn probability x `value_when_unknown`.
    """
    probability = _column(customers, "churn_probability")
    residual = _column(customers, "residual_value")
    margin = _column(customers, "monthly_revenue") * policy.margin_rate * policy.horizon_months
    at_risk = _column(customers, "revenue_at_risk")
    assumed = np.full(len(customers), policy.value_when_unknown)
    outlives = np.where(np.isnan(margin) | (residual >= margin), residual, np.nan)
    options = [
        ("residual_value", outlives, probability * outlives),
        ("margin", margin, probability * margin),
        ("revenue_at_risk", assumed, at_risk),
        ("assumed", assumed, probability * assumed),
    ]
    value = np.full(len(customers), np.nan)
    worths = np.full(len(customers), np.nan)
    source = np.full(len(customers), "unknown", dtype=object)
    for name, worth, option in options:
        fits = np.isnan(value) & ~np.isnan(option)
        value[fits], worths[fits], source[fits] = option[fits], worth[fits], name
    return Stakes(np.maximum(value, 0.0), np.maximum(worths, 0.0), source)


def rank(
    offer: Offer, accounts: Accounts, facts: FactTable, at_stake: Stakes, effect: Amounts, policy: DecisionPolicy
) -> Ranked:
    """One offer's priority for every customer; NaN where the customer has not been scored."""
    money = economics(offer, accounts, margin_rate=policy.margin_rate, horizon_months=policy.horizon_months)
    context = context_weights(offer, facts)
    measured = ~np.isnan(effect)
    value = np.where(measured, at_stake.worth, at_stake.value * offer.save_rate)
    gain = np.where(measured, effect, offer.propensity * context) * value * offer.lever
    costs = offer.propensity * money.cost + offer.contact_cost
    # Adding zero turns -0.0 into 0.0, which JSON would tell apart.
    priority = np.round(gain - costs, PRIORITY_DECIMALS) + 0.0
    return Ranked(offer, priority, context, value, effect, money)


def context_weights(offer: Offer, facts: FactTable) -> Amounts:
    """How well an offer fits each customer's last reason and mood, (n,): 1 is as usual, 0 not at all."""
    return _weights(offer.topic_weights, facts, "topic") * _weights(offer.mood_weights, facts, "mood")


def above_floor(ranked: Ranked) -> npt.NDArray[np.bool_]:
    """Whether the margin left stays above the offer's floor; an offer that costs nothing cannot fall below it."""
    money = ranked.economics
    return np.asarray(~(money.margin_left < ranked.offer.margin_floor) | (money.cost == 0))


def _weights(weights: Mapping[Any, float], facts: FactTable, field: str) -> Amounts:
    """The weight of each customer's topic or mood: its own, else `other`, else 1; `unknown` where there is none."""
    weight_of = {value: _weight(weights, value) for value in facts.distinct(field)}
    return facts.mapped(field, weight_of)


def _weight(weights: Mapping[Any, float], value: Fact) -> float:
    if value is None:
        return weights.get("unknown", 1.0)
    return weights.get(str(value), weights.get("other", 1.0))


def _column(customers: pd.DataFrame, name: str) -> Amounts:
    if name not in customers.columns:
        return np.full(len(customers), np.nan)
    return pd.to_numeric(customers[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
