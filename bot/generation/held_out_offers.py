"""Decided terms of every kind of offer for held-out briefs, with and without the terms that are optional."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bot.generation.brief import NO_OFFER
from db.vocabulary import DecisionTerms, OfferType


@dataclass(frozen=True, slots=True)
class Account:
    """What the terms depend on: the customer's plan and price, the company's plans, currency and day."""

    plan: str
    plans: tuple[str, ...]
    price: float | None
    currency: str
    decimals: int
    today: date

    def rounded(self, amount: float) -> float:
        """An amount that can be paid in this currency."""
        return round(amount, self.decimals)


_STARTS = ("with your next bill", "on your next billing date", "as soon as you accept")
_AFTER = ("after that your usual price applies again",)
_WHO = (None, "a technician", "a person from our customer care team", "a person from our support team", "Ms Okafor")
_MATTERS = (None, "your bill", "the quality of your service", "your move", "how to make things simpler")
_LESSONS = (
    ("a short guide to what your plan includes", "what your plan already includes"),
    ("a set-up session with someone from our help team", "setting up your device"),
    ("a half-hour walk through the settings", "getting more out of your plan"),
    ("a short video on the everyday tasks", None),
)
_GIFTS = ("guest passes", "back issues", "film vouchers", "extra user seats")
_CREDITS = ("a one-off credit", "a voucher for our shop", "a spare remote control")


def terms(kind: OfferType, account: Account, chance: Random) -> DecisionTerms:
    """Terms of that kind, as a decision states them; the same for the same state of `chance`."""
    if kind is OfferType.NONE:
        return NO_OFFER
    common: dict[str, Any] = {
        "decision_id": f"held-out-{chance.randrange(10**9)}",
        "offer_type": kind,
        "currency": account.currency,
        "valid_until": account.today + timedelta(days=chance.randint(6, 45)) if chance.random() < 0.85 else None,
    }
    return DecisionTerms(**{**common, **_OWN[kind](account, chance)})


def _maybe(chance: Random, *values: Any, share: float = 0.5) -> Any:
    """One of the values, or None in the rest of the cases."""
    return chance.choice(values) if chance.random() < share else None


def _discount(account: Account, chance: Random) -> dict[str, Any]:
    months = chance.choice([1, 2, 3, 4, 6, 9, 12])
    found = {
        "duration_months": months,
        "applies_to": chance.choice(["subscription price", "monthly price", "your plan"]),
        "effective": _maybe(chance, *_STARTS),
        "conditions": _AFTER if chance.random() < 0.4 else (),
    }
    percent = chance.choice([5, 10, 12.5, 15, 20, 25, 30, 40])
    if account.price is None:
        return found | {"value": percent, "unit": "percent"}
    during = account.rounded(account.price * (1 - percent / 100))
    money = {"price": account.price, "price_during": during}
    if chance.random() < 0.65:
        return found | {"value": percent, "unit": "percent"} | (money if chance.random() < 0.7 else {})
    return found | {"value": account.rounded(account.price - during), "unit": "amount"} | money


def _pause(_: Account, chance: Random) -> dict[str, Any]:
    months = chance.choice([1, 2, 3, 4, 6])
    return {
        "value": months,
        "unit": "months",
        "duration_months": months,
        "applies_to": _maybe(chance, "subscription"),
        "price_during": _maybe(chance, 0.0, share=0.3),
        "effective": _maybe(chance, "on your next billing date"),
        "keeps": _maybe(chance, "your plan and your price", "your settings", "your phone number"),
        "conditions": ("billing starts again after the pause",) if chance.random() < 0.4 else (),
    }


def _plan_change(account: Account, chance: Random) -> dict[str, Any]:
    target = chance.choice([plan for plan in account.plans if plan != account.plan])
    found: dict[str, Any] = {
        "from_plan": account.plan,
        "to_plan": target,
        "effective": _maybe(
            chance,
            "on your next billing date",
            (account.today + timedelta(days=chance.randint(5, 40))).isoformat(),
            share=0.7,
        ),
        "conditions": ("you can move back at any billing date",) if chance.random() < 0.3 else (),
    }
    if account.price is None:
        return found
    lower = account.rounded(account.price * chance.uniform(0.5, 0.9))
    return found | {"value": lower, "unit": "new_price", "price": account.price, "price_during": lower}


def _free_period(_: Account, chance: Random) -> dict[str, Any]:
    months = chance.choice([1, 2, 3])
    return {
        "value": months,
        "unit": "months",
        "duration_months": months,
        "applies_to": _maybe(chance, "subscription"),
        "effective": _maybe(chance, *_STARTS),
        "conditions": _AFTER if chance.random() < 0.4 else (),
    }


def _trial_extension(_: Account, chance: Random) -> dict[str, Any]:
    return {"duration_days": chance.choice([7, 10, 14, 21, 30]), "effective": _maybe(chance, "as soon as you accept")}


def _contact(_: Account, chance: Random) -> dict[str, Any]:
    return {"who": chance.choice(_WHO), "topic": chance.choice(_MATTERS)}


def _education(_: Account, chance: Random) -> dict[str, Any]:
    scope, topic = chance.choice(_LESSONS)
    return {"scope": scope, "topic": topic}


def _bonus(account: Account, chance: Random) -> dict[str, Any]:
    found: dict[str, Any] = {"effective": _maybe(chance, "with your next bill", "as soon as you accept")}
    if chance.random() < 0.5 or account.price is None:
        return found | {
            "count": chance.randint(2, 6),
            "scope": chance.choice(_GIFTS),
            "duration_months": _maybe(chance, 3, 6),
        }
    worth = max(1.0, account.rounded(float(round(account.price * chance.uniform(0.1, 0.6)))))
    return found | {"value": worth, "unit": "amount", "scope": chance.choice(_CREDITS)}


_OWN: dict[OfferType, Callable[[Account, Random], dict[str, Any]]] = {
    OfferType.DISCOUNT: _discount,
    OfferType.PAUSE: _pause,
    OfferType.PLAN_CHANGE: _plan_change,
    OfferType.FREE_PERIOD: _free_period,
    OfferType.TRIAL_EXTENSION: _trial_extension,
    OfferType.CONTACT: _contact,
    OfferType.EDUCATION: _education,
    OfferType.BONUS: _bonus,
}
