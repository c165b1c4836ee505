"""Budget and volume limits over all customers at once: a linear programme, its prices, and a plan that keeps to them.

    maximise sum worth[i, j] x[i, j]   over 0 <= x[i, j]
    subject to  sum over j of x[i, j] <= 1                 one offer for a customer, or none
                sum over i, j of spend[i, j] x[i, j] <= budget
                sum over i of x[i, j] <= volumes[j]        for each offer with a limit

Its dual prices say what the last unit of budget and the last place of an offer bring. At those prices nearly every
customer has one best offer; only customers at the margin are split, at most one for each limit, and for them the
plan is made whole (the multiple-choice knapsack problem; Sinha and Zoltners 1979, Operations Research 27).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from db.errors import InputError
from db.vocabulary import Json

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Amounts = npt.NDArray[np.float64]
Choice = npt.NDArray[np.intp]

NOTHING = -1
PRICE_DECIMALS = 6
_FIRST_CONTESTED = 2_000
_SAMPLE = 1_500
_WHOLE = 1e-6
_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may spend in expectation (None: any amount) and how often each offer may be made, by code."""

    budget: float | None = None
    volumes: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.budget is not None and not 0 <= self.budget < np.inf:
            raise InputError(f"The budget is {self.budget}; it must be 0 or more.", hint="Such as --budget 5000.")
        for code, volume in self.volumes.items():
            if volume < 0:
                raise InputError(f"The limit of {code} is {volume}; it must be 0 or more.", hint="--limit CODE=NUMBER")

    def without(self, reserved: float) -> "Limits":
        """What is left of the budget when some of it is kept for other use."""
        return self if self.budget is None else Limits(max(self.budget - reserved, 0.0), self.volumes)

    def __bool__(self) -> bool:
        return self.budget is not None or bool(self.volumes)


@dataclass(frozen=True, slots=True)
class Options:
    """What may be proposed to whom: rows are customers in any order, columns the offers of `codes`.

    worth: expected incremental profit, -infinity where a rule removed the offer. spend: expected cost of offer and
    contact. free: False where the customer may not be contacted at all.
    """

    customer_ids: Sequence[str]
    codes: Sequence[str]
    worth: Amounts
    spend: Amounts
    free: npt.NDArray[np.bool_]

    def wanted(self) -> "Options":
        """The same for those alone to whom something may be proposed that is worth more than nothing."""
        rows = np.flatnonzero(self.free & (self.worth > 0).any(axis=1))
        ids = [self.customer_ids[row] for row in rows.tolist()]
        return Options(ids, self.codes, self.worth[rows], self.spend[rows], self.free[rows])


def joined(parts: Sequence[Options]) -> Options:
    """The options of several batches as those of one. Raises ValueError for none."""
    return Options(
        customer_ids=[customer_id for part in parts for customer_id in part.customer_ids],
        codes=parts[0].codes,
        worth=np.concatenate([part.worth for part in parts]),
        spend=np.concatenate([part.spend for part in parts]),
        free=np.concatenate([part.free for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class Prices:
    """Dual prices: expected profit that one more unit of budget, or one more place of an offer, would bring."""

    budget: float = 0.0
    offers: Mapping[str, float] = field(default_factory=dict)

    def of(self, codes: Sequence[str]) -> Amounts:
        """The price of a place of each offer."""
        return np.array([self.offers.get(code, 0.0) for code in codes], dtype=np.float64)

    def as_json(self) -> Json:
        """The prices that are not zero."""
        offers = {code: price for code, price in sorted(self.offers.items()) if price}
        return ({"budget": self.budget} if self.budget else {}) | ({"offers": offers} if offers else {})


def prices_from_json(document: Json) -> Prices:
    """Prices from what `Prices.as_json` gave."""
    return Prices(float(document.get("budget", 0.0)), {key: float(v) for key, v in document.get("offers", {}).items()})


@dataclass(frozen=True, slots=True)
class Rationing:
    """What the limits come to for single customers: the prices, and the offer code of each customer who gets one."""

    prices: Prices
    assigned: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Which offer each customer gets under the limits, what that costs and brings, and what it would without them.

    spent and profit are expectations. bound: what the linear programme reaches, which no plan under these limits can
    exceed. free_spent, free_profit: without limits.
    """

    limits: Limits
    rationing: Rationing
    spent: float
    profit: float
    bound: float
    free_spent: float
    free_profit: float

    def as_json(self) -> Json:
        """The sums and prices, without the customers."""
        return {
            "budget": self.limits.budget,
            "volumes": dict(sorted(self.limits.volumes.items())),
            "spent": round(self.spent, 2),
            "expected_profit": round(self.profit, 2),
            "bound": round(self.bound, 2),
            "unlimited_spend": round(self.free_spent, 2),
            "unlimited_profit": round(self.free_profit, 2),
            "last_unit_of_budget_buys": round(self.rationing.prices.budget, 4),
            "last_place_buys": {
                code: round(price, 4) for code, price in sorted(self.rationing.prices.offers.items()) if price
            },
        }


def allocate(options: Options, limits: Limits) -> Allocation:
    """The plan of highest expected profit within the limits; the same for every order of customers.

    Of customers who are alike in every figure, those whose ids sort first are served first.

    Raises:
        InputError: a limit names an offer that is not among the options.
    """
    unknown = sorted(set(limits.volumes) - set(options.codes))
    if unknown:
        raise InputError(f"There is no offer {unknown[0]!r} to limit.", hint=f"Offers: {', '.join(options.codes)}.")
    wanted = options.free & (options.worth > 0).any(axis=1) if len(options.codes) else np.zeros(0, dtype=bool)
    ids = np.array(options.customer_ids, dtype=object)
    rows = np.flatnonzero(wanted)
    rows = rows[np.argsort(ids[rows], kind="stable")]
    programme = _Programme(
        np.where(options.worth[rows] > 0, options.worth[rows], -np.inf),
        options.spend[rows],
        np.inf if limits.budget is None else limits.budget,
        np.array([limits.volumes.get(code, np.inf) for code in options.codes], dtype=np.float64),
    )
    unlimited = programme.best(0.0, np.zeros(len(options.codes)))
    choice, price, places, bound = programme.solve()
    codes = [options.codes[index] for index in choice if index != NOTHING]
    served = ids[rows[choice != NOTHING]].tolist()
    prices = Prices(
        round(price, PRICE_DECIMALS),
        {code: round(float(places[index]), PRICE_DECIMALS) for index, code in enumerate(options.codes)},
    )
    return Allocation(
        limits=limits,
        rationing=Rationing(prices, dict(zip(served, codes, strict=True))),
        spent=programme.spent(choice),
        profit=programme.profit(choice),
        bound=bound,
        free_spent=programme.spent(unlimited),
        free_profit=programme.profit(unlimited),
    )


class _Programme:
    """The linear programme over customers for whom some offer is worth more than nothing, sorted by id."""

    def __init__(self, worth: Amounts, spend: Amounts, budget: float, volumes: Amounts) -> None:
        self.worth, self.spend, self.budget, self.volumes = worth, spend, budget, volumes
        self.slack = max(budget, 1.0) * 1e-9 if np.isfinite(budget) else 0.0

    def best(self, price: float, places: Amounts) -> Choice:
        """Each customer's best offer at these prices, NOTHING where none is worth its price."""
        if not self.worth.size:
            return np.full(len(self.worth), NOTHING, dtype=np.intp)
        reduced = self.worth - price * self.spend - places
        best = reduced.argmax(axis=1)
        return np.where(reduced[np.arange(len(reduced)), best] > 0, best, NOTHING)

    def profit(self, choice: Choice) -> float:
        rows = np.flatnonzero(choice != NOTHING)
        return float(self.worth[rows, choice[rows]].sum())

    def spent(self, choice: Choice) -> float:
        rows = np.flatnonzero(choice != NOTHING)
        return float(self.spend[rows, choice[rows]].sum())

    def counts(self, choice: Choice) -> npt.NDArray[np.intp]:
        return np.bincount(choice[choice != NOTHING], minlength=len(self.volumes))

    def fits(self, choice: Choice) -> bool:
        """Whether a plan keeps to every limit."""
        return self.spent(choice) <= self.budget + self.slack and bool((self.counts(choice) <= self.volumes).all())

    def solve(self) -> tuple[Choice, float, Amounts, float]:
        """The plan, the price of budget, the price of a place of each offer, and the value of the programme.

        Only customers whose choice is in doubt enter the programme; all others are fixed at what is best for them.
        Where the prices found leave every fixed choice best, the whole programme is solved (complementary slackness),
        else more customers are let in.
        """
        none = np.zeros(len(self.volumes))
        choice = self.best(0.0, none)
        if self.fits(choice):
            return choice, 0.0, none, self.profit(choice)
        price, places = self._first_prices()
        size = _FIRST_CONTESTED
        while True:
            fixed, contested = self._split(price, places, size)
            solved = self._restricted(fixed, contested)
            if solved is not None:
                shares, price, places, value = solved
                if self._stays_best(fixed, contested, price, places):
                    break
            size = min(size * 3, len(self.worth))
        choice = self._whole(fixed, contested, shares)
        self._repair(choice, price, places)
        self._fill(choice, price, places)
        return choice, price, places, self.profit(fixed) + value

    def _first_prices(self) -> tuple[float, Amounts]:
        """Prices of a programme over an even sample with its share of the limits."""
        rows = np.unique(np.linspace(0, len(self.worth) - 1, _SAMPLE).astype(np.intp))
        share = len(rows) / len(self.worth)
        part = _Programme(self.worth[rows], self.spend[rows], self.budget * share, self.volumes * share)
        empty = np.full(len(rows), NOTHING, dtype=np.intp)
        solved = part._restricted(empty, np.arange(len(rows)))
        return (0.0, np.zeros(len(self.volumes))) if solved is None else (solved[1], solved[2])

    def _split(self, price: float, places: Amounts, size: int) -> tuple[Choice, Choice]:
        """The choices beyond doubt (NOTHING elsewhere) and the rows in doubt: those whose two best lie closest."""
        reduced = np.column_stack([self.worth - price * self.spend - places, np.zeros(len(self.worth))])
        top = np.sort(reduced, axis=1)[:, -2:]
        margin = top[:, 1] - top[:, 0]
        choice = self.best(price, places)
        if size >= len(margin):
            return np.full(len(margin), NOTHING, dtype=np.intp), np.arange(len(margin))
        # Customers who are alike have the same margin and must stand on the same side.
        doubtful = margin <= np.partition(margin, size)[size]
        return np.where(doubtful, NOTHING, choice), np.flatnonzero(doubtful)

    def _stays_best(self, fixed: Choice, contested: Choice, price: float, places: Amounts) -> bool:
        """Whether every choice beyond doubt is still the best at these prices."""
        reduced = self.worth - price * self.spend - places
        best = np.maximum(reduced.max(axis=1), 0.0)
        taken = np.where(fixed == NOTHING, 0.0, reduced[np.arange(len(fixed)), fixed])
        taken[contested] = best[contested]
        return bool((taken >= best - _TOLERANCE * (1 + best)).all())

    def _restricted(self, fixed: Choice, contested: Choice) -> tuple[Amounts, float, Amounts, float] | None:
        """Shares of each class of alike contested customers, prices, value; None where the fixed leave no room."""
        from scipy.sparse import csr_array, vstack

        budget = self.budget - self.spent(fixed)
        volumes = self.volumes - self.counts(fixed)
        if budget < 0 or (volumes < 0).any():
            return None
        worth, spend, classes = self._classes(contested)
        sizes = np.bincount(classes)
        who, what = np.nonzero(np.isfinite(worth))
        limited, columns = np.flatnonzero(np.isfinite(volumes)), np.arange(len(who))
        blocks = [csr_array((np.ones(len(who)), (who, columns)), shape=(len(sizes), len(who)))]
        blocks += [csr_array((what == offer).astype(np.float64)[None, :]) for offer in limited]
        right = [sizes.astype(np.float64), volumes[limited]]
        if np.isfinite(budget):
            blocks.append(csr_array(spend[who, what][None, :]))
            right.append(np.array([budget]))
        shares, value, duals = _solved(-worth[who, what], vstack(blocks, format="csr"), np.concatenate(right))
        places = np.zeros(len(self.volumes))
        places[limited] = duals[len(sizes) : len(sizes) + len(limited)]
        found = np.zeros_like(worth)
        found[who, what] = shares
        return found, float(duals[-1]) if np.isfinite(budget) else 0.0, places, value

    def _classes(self, contested: Choice) -> tuple[Amounts, Amounts, Choice]:
        """Contested customers who are alike in every figure, taken together: worth, spend, and the class of each."""
        both = np.ascontiguousarray(np.column_stack([self.worth[contested], self.spend[contested]]))
        _, first, classes = np.unique(both, axis=0, return_index=True, return_inverse=True)
        worth, spend = self.worth[contested[first]], self.spend[contested[first]]
        return worth, spend, np.asarray(classes, dtype=np.intp).ravel()

    def _whole(self, fixed: Choice, contested: Choice, shares: Amounts) -> Choice:
        """The fixed choices, and in each class as many of each offer as the shares hold whole ones, by id."""
        choice = fixed.copy()
        _, _, classes = self._classes(contested)
        whole = np.floor(shares + _WHOLE).astype(np.intp)
        ordered = contested[np.argsort(classes, kind="stable")]
        start = 0
        for size, counts in zip(np.bincount(classes).tolist(), whole, strict=True):
            offers = np.repeat(np.arange(len(counts)), counts)[:size]
            choice[ordered[start : start + len(offers)]] = offers
            start += size
        return choice

    def _repair(self, choice: Choice, price: float, places: Amounts) -> None:
        """Take offers back, least worth at the prices first, where the solver's tolerance broke a limit."""
        while not self.fits(choice):
            over = np.flatnonzero(self.counts(choice) > self.volumes)
            rows = np.flatnonzero(np.isin(choice, over) if len(over) else choice != NOTHING)
            reduced = self.worth[rows, choice[rows]] - price * self.spend[rows, choice[rows]] - places[choice[rows]]
            choice[rows[np.flatnonzero(reduced == reduced.min())[-1]]] = NOTHING

    def _fill(self, choice: Choice, price: float, places: Amounts) -> None:
        """Spend what the split customers left over, most worth at the prices first; of equals the first id."""
        while True:
            idle = np.flatnonzero(choice == NOTHING)
            room = self.counts(choice) < self.volumes
            left = self.budget + self.slack - self.spent(choice)
            fits = np.isfinite(self.worth[idle]) & (self.spend[idle] <= left) & room
            if not fits.any():
                return
            reduced = np.where(fits, self.worth[idle] - price * self.spend[idle] - places, -np.inf)
            row, offer = np.unravel_index(int(reduced.argmax()), reduced.shape)
            choice[idle[row]] = offer


def _solved(costs: Amounts, matrix: "csr_array", right: Amounts) -> tuple[Amounts, float, Amounts]:
    """The solution, the value and the dual prices of: maximise -costs x, matrix x <= right, x >= 0."""
    # Deferred: only a run with limits needs it, and it takes a quarter of a second to load.
    from scipy.optimize import linprog

    # The simplex is quicker on few columns; the interior point method ends in a vertex as well.
    methods = ("highs-ds", "highs-ipm") if len(costs) < 4_000 else ("highs-ipm", "highs-ds")
    for method in methods:
        found = linprog(costs, A_ub=matrix, b_ub=right, bounds=(0, None), method=method)
        if found.status == 0:
            return found.x, float(-found.fun), np.maximum(-np.asarray(found.ineqlin.marginals), 0.0)
    raise InputError(f"The budget could not be planned: {found.message}", hint="Check the amounts in the catalogue.")
