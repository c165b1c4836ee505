"""A company in arrays: what its customers would do each month, with and without each offer, and what that is worth.

The months are: a history in which customers come and go unasked, then months in which policies are played. From then
on nobody leaves in the panel itself: the hazards are those that a customer would meet if still there, and who plays
draws against them with luck that is the same for every policy.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.decisions.bayesian_logistic import log_odds, sigmoid
from analytics.decisions.offers import NONE_CODE, Offer, demo_catalogue
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.terms import Accounts, economics
from analytics.simulation.company import ANNUAL_MONTHS_CHARGED, CURRENCY, OFFER_TYPES, PLANS, price_table
from analytics.simulation.lifecycle import History, live
from analytics.simulation.people import People, draw_people
from analytics.simulation.policies.observed import contexts
from analytics.simulation.records import Strikes
from analytics.simulation.responses import Response
from analytics.simulation.simulate import DEFAULT_TODAY
from analytics.simulation.world import World, build_world
from analytics.value import residual_value
from db.vocabulary import OfferType

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

WINDOW_MONTHS = 3
"""Months that an offer works for, in which nothing else is offered, and after which the outcome is known."""

HISTORY_MONTHS = 12
MONTHS_AFTER = 36
"""Months after the world's last one that still count: discounted, at the hazard of the last months."""

_WORLD, _PEOPLE, _STRIKES, _LIFE, _SEEN, _RESPONSE, _LUCK = range(7)


@dataclass(frozen=True, slots=True)
class Options:
    """What could be done for k customers at the start of a month; the first arm is to do nothing.

    cost: of an accepted offer (k, arms), contact: of proposing it (arms,), allowed: (k, arms); money in euros.
    The rest is the truth, which only the oracle may read: shift of the log-odds of leaving (k, arms), probability of
    accepting (k, arms), of leaving within the window (k, arms), expected cost (k, arms), and gain (k, arms): the
    expected profit over doing nothing, now and ever after.
    """

    cost: Floats
    contact: Floats
    allowed: Mask
    shift: Floats
    accept: Floats
    leave: Floats
    expected_cost: Floats
    gain: Floats


@dataclass
class Panel:
    """n customers over the months of history and play, and the luck of each in each month.

    joined: month of sign-up. left_before: left in the history. contexts: (n, months, d), what is known. voluntary,
    payment: monthly hazards without an offer (n, months). margin: per month (n, months). ahead: expected margin from
    the start of a month on without any offers, (n, months + 1). luck, answer_luck: uniform, (n, months).
    """

    offers: tuple[Offer, ...]
    policy: DecisionPolicy
    people: People
    world: World
    history: History
    response: Response
    contexts: npt.NDArray[np.float32]
    margin: Floats
    ahead: Floats
    luck: Floats
    answer_luck: Floats
    left_before: Mask
    first_month: int
    _options: dict[int, tuple[Rows, Options]] = field(default_factory=dict, repr=False)

    @property
    def voluntary(self) -> Floats:
        """Probability of cancelling within each month without an offer."""
        return self.history.voluntary

    @property
    def payment(self) -> Floats:
        """Probability of ending for lack of payment within each month; offers do not change it."""
        return self.history.payment

    @property
    def arms(self) -> tuple[str, ...]:
        """Codes of the arms; the first is none."""
        return tuple(offer.code for offer in self.offers)

    def up(self, month: int) -> Rows:
        """Customers who are decided about in a month: a third of all, each of them every third month."""
        numbers = self.people.numbers
        here = (self.people.joined_month < month) & ~self.left_before
        return np.asarray(np.flatnonzero(here & (numbers % WINDOW_MONTHS == month % WINDOW_MONTHS)), dtype=np.int64)

    def options(self, month: int, rows: Rows) -> Options:
        """The options of some of those who are up in a month."""
        if month not in self._options:
            everybody = self.up(month)
            self._options[month] = (everybody, self._work_out(month, everybody))
        everybody, found = self._options[month]
        place = np.searchsorted(everybody, rows)
        return Options(
            cost=found.cost[place],
            contact=found.contact,
            allowed=found.allowed[place],
            shift=found.shift[place],
            accept=found.accept[place],
            leave=found.leave[place],
            expected_cost=found.expected_cost[place],
            gain=found.gain[place],
        )

    def hazard(self, month: int, rows: Rows, shift: Floats) -> Floats:
        """Probability of leaving within the month under a shift of the log-odds (k,) or (k, arms)."""
        pick = (rows, month) if shift.ndim == 1 else (rows[:, None], month)
        payment = self.payment[pick]
        return np.asarray(payment + (1 - payment) * sigmoid(log_odds(self.voluntary[pick], least=1e-9) + shift))

    def _work_out(self, month: int, rows: Rows) -> Options:
        cost, contact, allowed = self._terms(month, rows)
        response = self.response.rows(rows)
        by_type = response.shifts(self.history.pushes[rows, month])
        kinds = [OFFER_TYPES.index(offer.offer_type) for offer in self.offers]
        shift, accept = by_type[:, kinds], response.acceptance(by_type)[:, kinds]
        expected_cost = accept * cost + contact
        worth, stay = self._worth(month, rows, shift)
        gain = worth - worth[:, :1] - expected_cost
        return Options(cost, contact, allowed, shift, accept, 1 - stay, expected_cost, gain)

    def _worth(self, month: int, rows: Rows, shift: Floats) -> tuple[Floats, Floats]:
        """Expected margin from this month on under each arm, and the probability of staying through the window."""
        stay = np.ones(shift.shape)
        worth = np.zeros(shift.shape)
        for step in range(WINDOW_MONTHS):
            worth += stay * self.margin[rows, month + step, None]
            stay = stay * (1 - self.hazard(month + step, rows, shift))
        return worth + stay * self.ahead[rows, month + WINDOW_MONTHS, None], stay

    def _terms(self, month: int, rows: Rows) -> tuple[Floats, Floats, Mask]:
        """Cost of an accepted offer, cost of contact, and whether each offer can be made, from the catalogue."""
        accounts = _accounts(self.people, self.world, self.history, month, rows)
        cost, allowed = np.zeros((len(rows), len(self.offers))), np.ones((len(rows), len(self.offers)), dtype=bool)
        contact = np.array([offer.contact_cost for offer in self.offers])
        contact[0] = 0.0
        for place, offer in enumerate(self.offers[1:], start=1):
            money = economics(
                offer, accounts, margin_rate=self.policy.margin_rate, horizon_months=self.policy.horizon_months
            )
            above = (money.margin_left >= offer.margin_floor) | (money.cost == 0)
            cost[:, place], allowed[:, place] = money.cost, money.feasible & above
        return np.where(allowed, cost, 0.0), contact, allowed


def build_panel(customers: int, played_months: int, seed: int, today: date = DEFAULT_TODAY) -> Panel:
    """Draw a company of `customers` people and `played_months` months to play after a year of history.

    The last month played ends the month before `today`; the world goes on long enough for its outcomes to be known.
    """
    policy = DecisionPolicy()
    world = build_world(HISTORY_MONTHS + played_months, today, _rng(seed, _WORLD))
    people = draw_people(1, customers, world, _rng(seed, _PEOPLE))
    outages = Strikes.draw(people, world, _rng(seed, _STRIKES)).hours(people, world)
    history = live(people, world, outages, _rng(seed, _LIFE), nobody_leaves_from=HISTORY_MONTHS)
    margin = policy.margin_rate * history.mrr
    luck = _rng(seed, _LUCK).random((2, customers, world.months))
    return Panel(
        offers=_arms(),
        policy=policy,
        people=people,
        world=world,
        history=history,
        response=Response.draw(people, _rng(seed, _RESPONSE)),
        contexts=contexts(people, world, history, outages, _rng(seed, _SEEN)),
        margin=margin,
        ahead=_ahead(history, margin),
        luck=luck[0],
        answer_luck=luck[1],
        left_before=~np.isnat(history.ended_on),
        first_month=HISTORY_MONTHS,
    )


def _rng(seed: int, part: int) -> np.random.Generator:
    """A generator for each part, so that a change in one leaves the others alone."""
    return np.random.default_rng([seed, part])


def _arms() -> tuple[Offer, ...]:
    """Doing nothing, and the first offer of each type in the demo company's catalogue."""
    first: dict[OfferType, Offer] = {}
    for offer in demo_catalogue().offers:
        first.setdefault(offer.offer_type, offer)
    none = next(offer for offer in demo_catalogue().offers if offer.code == NONE_CODE)
    return (none, *(first[kind] for kind in OFFER_TYPES if kind in first and kind is not OfferType.NONE))


def _ahead(history: History, margin: Floats) -> Floats:
    """Expected margin from each month's start on without offers: backwards over the months, then a residual value."""
    hazard = history.payment + (1 - history.payment) * history.voluntary
    ahead = np.empty((hazard.shape[0], hazard.shape[1] + 1))
    last = hazard[:, -WINDOW_MONTHS:].mean(axis=1)
    ahead[:, -1] = residual_value(margin[:, -1], last, months_cap=MONTHS_AFTER)
    for month in range(hazard.shape[1] - 1, -1, -1):
        ahead[:, month] = margin[:, month] + (1 - hazard[:, month]) * ahead[:, month + 1]
    return ahead


def _accounts(people: People, world: World, history: History, month: int, rows: Rows) -> Accounts:
    """What these customers pay, and the next smaller plan with the same television."""
    plan = history.plan[rows, month]
    smaller = plan - 2  # plans come in pairs, without and with television
    monthly = price_table()[np.maximum(smaller, 0), world.price_list[month]]
    annual = people.annual_billing[rows]
    names = np.array([entry.name for entry in PLANS], dtype=object)
    return Accounts.of(
        pd.DataFrame(
            {
                "monthly_revenue": history.mrr[rows, month],
                "billing_period": np.where(annual, "year", "month").astype(object),
                "currency": np.full(len(rows), CURRENCY, dtype=object),
                "plan": names[plan],
                "cheaper_plan": np.where(smaller >= 0, names[np.maximum(smaller, 0)], None),
                "cheaper_plan_price": np.where(
                    smaller >= 0, monthly * np.where(annual, ANNUAL_MONTHS_CHARGED / 12, 1.0), np.nan
                ),
            }
        )
    )
