"""From an offer to a customer's own terms: price during the offer, duration, validity, and what acceptance costs.

The arithmetic is vectorised and is the same for one customer and for a hundred thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.decisions.conditions import Mask, plain
from analytics.decisions.money import Amounts, decimals_of, period_months, rounded
from analytics.decisions.offers import Offer, OfferTerms
from db.errors import InputError
from db.vocabulary import DecisionTerms, OfferType

Objects = npt.NDArray[np.object_]

TOPIC_WORDS: Mapping[str, str] = {
    "price": "the price you pay",
    "competitor": "how your plan compares with others",
    "outage": "the quality of your service",
    "slow_support": "how your requests were handled",
    "billing_error": "your bill",
    "missing_feature": "what your plan is missing",
    "low_usage": "how you use your plan",
    "moving_house": "your move",
    "too_complex": "how to make things simpler",
    "equipment": "your equipment",
    "contract_end": "the end of your contract",
}
"""What a conversation about a reason to leave is about, in words a customer may read."""


@dataclass(frozen=True, slots=True)
class Economics:
    """What an offer does to each customer's money; every array has one entry per customer, in the own currency.

    price, price_during: per billing period, before and under the offer; NaN where they play no part.
    value: the figure of the terms (percent, amount, new price, months, days). cost: of an accepted offer.
    margin_left: margin over the economic horizon as a share of the price. feasible: the terms can be stated.
    """

    price: Amounts
    price_during: Amounts
    value: Amounts
    cost: Amounts
    margin_left: Amounts
    feasible: Mask


@dataclass(frozen=True, slots=True)
class Accounts:
    """What customers pay and which plans they know; one entry per customer, read once for all offers.

    monthly: price per month, NaN where unknown or not positive. months: of the billing period. price: per period.
    """

    monthly: Amounts
    months: Amounts
    decimals: Amounts
    price: Amounts
    has_currency: Mask
    plan: Objects
    cheaper_plan: Objects
    cheaper_price: Amounts

    @classmethod
    def of(cls, customers: pd.DataFrame) -> "Accounts":
        """Read from monthly_revenue, billing_period, currency, plan, cheaper_plan, cheaper_plan_price (per month)."""
        revenue = _numbers(customers, "monthly_revenue")
        monthly = np.where(revenue > 0, revenue, np.nan)
        months = period_months(_objects(customers, "billing_period", "month"))
        currency = _objects(customers, "currency")
        decimals = np.array([decimals_of(unit) for unit in currency], dtype=np.float64)
        return cls(
            monthly=monthly,
            months=months,
            decimals=decimals,
            price=rounded(monthly * months, decimals),
            has_currency=np.array([unit is not None for unit in currency], dtype=bool),
            plan=_objects(customers, "plan"),
            cheaper_plan=_objects(customers, "cheaper_plan"),
            cheaper_price=_numbers(customers, "cheaper_plan_price"),
        )

    def __len__(self) -> int:
        return len(self.monthly)


def economics(offer: Offer, accounts: Accounts, *, margin_rate: float = 0.6, horizon_months: int = 12) -> Economics:
    """The money side of an offer for each customer.

    The cost is revenue forgone over the months of the offer (a plan change: over the horizon; a pause: its margin) plus
    the catalogue's own cost. margin_left = margin_rate - cost / (monthly price x horizon).
    """
    during, value, forgone = _during(offer, accounts, margin_rate, horizon_months)
    cost = np.nan_to_num(forgone) + offer.cost.once + offer.cost.per_month * (offer.terms.duration_months or 0)
    margin_left = margin_rate - cost / (accounts.monthly * horizon_months)
    feasible = _feasible(offer, accounts, during, value)
    return Economics(accounts.price, during, value, cost, margin_left, feasible)


def terms_for(offer: Offer, facts: Mapping[str, Any], decision_id: str, today: date) -> DecisionTerms:
    """The exact terms of an offer for one customer.

    Raises:
        InputError: the terms cannot be computed, for instance because the price is not known.
    """
    if offer.offer_type is OfferType.NONE:
        return DecisionTerms(decision_id, OfferType.NONE)
    row = pd.DataFrame([{key: plain(value) for key, value in facts.items()}])
    money = economics(offer, Accounts.of(row))
    if not money.feasible[0]:
        raise InputError(
            f"the terms of offer {offer.code!r} cannot be stated for this customer: {why_not(offer, facts)}",
            hint="Decide again; the engagement policy removes such offers.",
        )
    return filled(offer, facts, decision_id, today, (money.price[0], money.price_during[0], money.value[0]))


def filled(
    offer: Offer, facts: Mapping[str, Any], decision_id: str, today: date, money: tuple[float, float, float]
) -> DecisionTerms:
    """Terms from figures that `economics` computed: price, price during the offer, value (NaN: does not apply)."""
    if offer.offer_type is OfferType.NONE:
        return DecisionTerms(decision_id, OfferType.NONE)
    price, during, value = (None if np.isnan(figure) else float(figure) for figure in money)
    terms, changes_plan = offer.terms, offer.offer_type is OfferType.PLAN_CHANGE
    unit = "amount" if offer.offer_type is OfferType.BONUS else terms.unit
    in_money = unit in ("amount", "new_price") or during is not None
    return DecisionTerms(
        decision_id=decision_id,
        offer_type=offer.offer_type,
        value=value,
        unit=unit,
        currency=_text(facts.get("currency")) if in_money else None,
        applies_to=terms.applies_to,
        scope=terms.scope,
        count=terms.count,
        duration_months=int(value) if unit == "months" and value else terms.duration_months,
        duration_days=int(value) if unit == "days" and value else terms.duration_days,
        price=price if during is not None else None,
        price_during=during,
        from_plan=_text(facts.get("plan")) if changes_plan else None,
        to_plan=(terms.to_plan or _text(facts.get("cheaper_plan"))) if changes_plan else None,
        effective=terms.effective,
        keeps=terms.keeps,
        who=terms.who,
        topic=_topic(terms, facts, offer.offer_type),
        conditions=terms.conditions,
        valid_until=today + timedelta(days=offer.validity_days),
    )


def why_not(offer: Offer, facts: Mapping[str, Any]) -> str:
    """A sentence on why the terms of an offer cannot be stated for a customer with these facts."""
    if offer.offer_type is OfferType.PLAN_CHANGE and not (offer.terms.to_plan or facts.get("cheaper_plan")):
        return "no cheaper plan with a known price is on the ladder below this customer's plan."
    if plain(facts.get("monthly_revenue")) is None:
        return "the price this customer pays is not known."
    if plain(facts.get("currency")) is None:
        return "the currency this customer pays in is not known."
    if str(facts.get("billing_period") or "month") != "month":
        return "the offer does not last whole billing periods, so its price cannot be stated exactly."
    return "the price under the offer would not be below the price today."


def _during(offer: Offer, accounts: Accounts, margin_rate: float, horizon: int) -> tuple[Amounts, Amounts, Amounts]:
    """Price under the offer, value of the terms, revenue or margin forgone by the company."""
    terms, price, monthly = offer.terms, accounts.price, accounts.monthly
    none = np.full(len(accounts), np.nan)
    value = np.full(len(accounts), np.nan if terms.value is None else terms.value)
    match offer.offer_type:
        case OfferType.DISCOUNT:
            during = _discounted(terms, price, value, accounts.decimals)
            return during, value, (price - during) / accounts.months * (terms.duration_months or 0)
        case OfferType.FREE_PERIOD:
            return np.where(np.isnan(price), np.nan, 0.0), value, monthly * value
        case OfferType.PAUSE:
            return np.where(np.isnan(price), np.nan, 0.0), value, monthly * value * margin_rate
        case OfferType.PLAN_CHANGE:
            per_month = accounts.cheaper_price if terms.value is None else value
            during = rounded(per_month * accounts.months, accounts.decimals)
            return during, during, (price - during) / accounts.months * horizon
        case OfferType.BONUS:
            credit = np.floor(monthly * value / 100) if terms.unit == "percent" else value
            return none, credit, credit
        case _:
            return none, value, np.zeros(len(accounts))


def _discounted(terms: OfferTerms, price: Amounts, value: Amounts, decimals: Amounts) -> Amounts:
    if terms.unit == "percent":
        return rounded(price * (100 - value) / 100, decimals)
    return rounded(price - value if terms.unit == "amount" else value, decimals)


def _feasible(offer: Offer, accounts: Accounts, during: Amounts, value: Amounts) -> Mask:
    """Whether every figure of the terms is known and true for each customer."""
    price, months = accounts.price, accounts.months
    cheaper: Mask = (during < price) & accounts.has_currency
    match offer.offer_type:
        case OfferType.DISCOUNT:
            return np.asarray(cheaper & (during >= 0) & _whole_periods(offer.terms.duration_months or 0, months))
        case OfferType.FREE_PERIOD:
            return cheaper & _whole_periods(int(offer.terms.value or 0), months)
        case OfferType.PAUSE:
            # A pause can be stated without a price; where there is one it must come out whole.
            return np.isnan(price) | (cheaper & _whole_periods(int(offer.terms.value or 0), months))
        case OfferType.PLAN_CHANGE:
            to_plan = offer.terms.to_plan
            targets = [to_plan] * len(accounts) if to_plan else accounts.cheaper_plan.tolist()
            named = [bool(a) and bool(b) and a != b for a, b in zip(accounts.plan, targets, strict=True)]
            return np.asarray(cheaper & (during > 0) & np.array(named, dtype=bool))
        case OfferType.BONUS:
            return np.asarray(accounts.has_currency & (value > 0))
        case _:
            return np.ones(len(accounts), dtype=bool)


def _whole_periods(lasts: int, months: Amounts) -> Mask:
    """A price per billing period is only true when the offer covers whole periods."""
    return np.asarray(np.mod(lasts, months) == 0)


def _topic(terms: OfferTerms, facts: Mapping[str, Any], offer_type: OfferType) -> str | None:
    if terms.topic or offer_type is not OfferType.CONTACT:
        return terms.topic
    return TOPIC_WORDS.get(str(facts.get("topic") or ""))


def _numbers(customers: pd.DataFrame, column: str) -> Amounts:
    if column not in customers.columns:
        return np.full(len(customers), np.nan)
    numbers = pd.to_numeric(customers[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _objects(customers: pd.DataFrame, column: str, default: str | None = None) -> Objects:
    """A text column as Python objects, missing values as `default`."""
    if column not in customers.columns:
        return np.full(len(customers), default, dtype=object)
    values = np.array(customers[column].to_numpy(dtype=object), dtype=object)
    values[pd.isna(values)] = default
    return values


def _text(value: object) -> str | None:
    known = plain(value)
    return None if known is None else str(known)
