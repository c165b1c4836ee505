"""Plan ladders: which plan is the next cheaper one, at a price that is known and not guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from db.vocabulary import Json

MIN_CUSTOMERS = 20
MIN_AGREEMENT = 0.6
MIN_SAVING = 0.05


_PRICE_KEYS = frozenset({"name", "price", "billing_period", "currency"})


@dataclass(frozen=True, slots=True)
class PlanPrice:
    """A plan, its price per month in the major unit of `currency`, and what else the company says of it."""

    name: str
    monthly_price: float
    currency: str | None = None
    features: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanLadder:
    """Known plans by name."""

    plans: Mapping[str, PlanPrice] = field(default_factory=dict)

    def cheaper(self, plan: str | None, monthly_price: float | None, currency: str | None) -> PlanPrice | None:
        """The dearest known plan that costs at least 5 % less than the customer pays and has the same features.

        None where the customer's plan or price is unknown, or where no plan fits: a plan without the television the
        customer has is not the same thing at a lower price.
        """
        if plan is None or plan not in self.plans or monthly_price is None:
            return None
        own = self.plans[plan]
        highest = min(monthly_price, own.monthly_price) * (1 - MIN_SAVING)
        below = [
            step
            for step in self.plans.values()
            if step.name != plan
            and step.monthly_price <= highest
            and step.features == own.features
            and (step.currency is None or currency is None or step.currency == currency)
        ]
        return max(below, key=lambda step: (step.monthly_price, step.name), default=None)

    def as_json(self) -> Json:
        """Prices by plan name."""
        return {name: step.monthly_price for name, step in sorted(self.plans.items())}


def ladder_from_profile(profile: Mapping[str, Any]) -> PlanLadder:
    """The ladder of a company profile: `plans` lists {name, price, billing_period?, features ...}.

    Entries without a name or a price are left out. Every further key, such as `tv: true`, is a feature.
    """
    found = profile.get("plans")
    entries = found if isinstance(found, list | tuple) else []
    currency = str(profile["currency"]) if profile.get("currency") else None
    return PlanLadder({step.name: step for step in _steps(entries, currency)})


def ladder_from_customers(customers: pd.DataFrame) -> PlanLadder:
    """The ladder that the customers themselves show: plans for which most pay exactly the same monthly price.

    A plan counts when at least 20 customers are on it and 60 % of them pay one price; where prices differ within a
    plan no price can be promised, so the plan is left out. Reads `plan`, `monthly_revenue` and `currency`.
    """
    if not {"plan", "monthly_revenue"} <= set(customers.columns):
        return PlanLadder()
    paying = customers[customers["plan"].notna() & (customers["monthly_revenue"] > 0)]
    plans: dict[str, PlanPrice] = {}
    for name, group in paying.groupby("plan", sort=True):
        prices = group["monthly_revenue"].round(4).value_counts()
        currencies = group["currency"].dropna().unique().tolist() if "currency" in group else list[str]()
        if len(group) >= MIN_CUSTOMERS and prices.max() >= MIN_AGREEMENT * len(group) and len(currencies) <= 1:
            currency = str(currencies[0]) if len(currencies) else None
            plans[str(name)] = PlanPrice(str(name), float(prices[prices == prices.max()].index.min()), currency)
    return PlanLadder(plans)


def _steps(entries: Iterable[Any], currency: str | None) -> Iterable[PlanPrice]:
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        name, price = entry.get("name"), entry.get("price")
        months = {"month": 1, "quarter": 3, "year": 12}.get(str(entry.get("billing_period", "month")))
        if isinstance(name, str) and isinstance(price, int | float) and price > 0 and months:
            features = sorted((str(key), str(value)) for key, value in entry.items() if key not in _PRICE_KEYS)
            yield PlanPrice(name, price / months, currency, tuple(features))
