"""What each policy came to: profit, saves, cost, contacts and regret, month by month and over several seeds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics.evaluation.intervals import Interval
from analytics.simulation.policies.contest import Contest
from analytics.simulation.policies.play import Played
from db.vocabulary import Json

Floats = npt.NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Tally:
    """One policy on one seed. Arrays have one entry per month of decisions; money in euros.

    profit: expected profit over doing nothing of the month's decisions, by the truth, costs taken off. regret: what the
    best plan for the same customers and budget would have had more. saves: customers who stayed through the window and
    would have left alone, less those who left and would have stayed. realised: money in the whole game (margins, what
    those left are still worth, less costs) over that of doing nothing with the same luck.
    """

    name: str
    profit: Floats
    regret: Floats
    cost: Floats
    contacts: npt.NDArray[np.int64]
    saves: npt.NDArray[np.int64]
    decisions: npt.NDArray[np.int64]
    realised: float


def tallies(contest: Contest) -> dict[str, Tally]:
    """The tally of every policy of a contest that `none` took part in, by name."""
    alone = _money(contest.games["none"])
    return {name: _tally(game, _money(game) - alone) for name, game in contest.games.items()}


def _money(game: Played) -> float:
    return sum(game.margin) + game.value_left - sum(float(month.cost.sum()) for month in game.months)


def _tally(game: Played, realised: float) -> Tally:
    months = game.months
    return Tally(
        name=game.name,
        profit=np.array([month.gain.sum() for month in months]),
        regret=np.array([month.regret for month in months]),
        cost=np.array([month.cost.sum() for month in months]),
        contacts=np.array([month.contacted.sum() for month in months]),
        saves=np.array([int(month.left_alone.sum()) - int(month.left.sum()) for month in months]),
        decisions=np.array([len(month.arms) for month in months]),
        realised=realised,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """One policy over several seeds: means, with 95 % t-intervals over the seeds (none for a single seed)."""

    name: str
    figures: dict[str, Interval]
    profit_by_month: Floats
    regret_by_month: Floats

    def as_json(self) -> Json:
        """The summary as JSON; the curves are cumulative means over the seeds."""
        return {
            "policy": self.name,
            **{name: _interval_json(found) for name, found in self.figures.items()},
            "cumulative_profit": [round(float(value), 2) for value in np.cumsum(self.profit_by_month)],
            "cumulative_regret": [round(float(value), 2) for value in np.cumsum(self.regret_by_month)],
        }


_FIGURES: dict[str, Callable[[Tally], float]] = {
    "profit": lambda one: float(one.profit.sum()),
    "realised_profit": lambda one: one.realised,
    "saves": lambda one: float(one.saves.sum()),
    "cost": lambda one: float(one.cost.sum()),
    "contacts": lambda one: float(one.contacts.sum()),
    "regret": lambda one: float(one.regret.sum()),
}


def summaries(found: Sequence[dict[str, Tally]], names: Sequence[str]) -> Iterator[Summary]:
    """Each policy over all seeds, in the order of `names`."""
    for name in names:
        own = [one[name] for one in found]
        yield Summary(
            name,
            {figure: mean_interval([read(one) for one in own]) for figure, read in _FIGURES.items()},
            np.mean([one.profit for one in own], axis=0),
            np.mean([one.regret for one in own], axis=0),
        )


def mean_interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """The mean with its t-interval; without width for fewer than two values."""
    sample = np.asarray(values, dtype=np.float64)
    mean = float(sample.mean())
    if len(sample) < 2:
        return Interval(mean, mean, mean, level)
    reach = float(stats.t.ppf(0.5 + level / 2, len(sample) - 1) * sample.std(ddof=1) / np.sqrt(len(sample)))
    return Interval(mean, mean - reach, mean + reach, level)


def _interval_json(found: Interval) -> Json:
    return {"value": round(found.estimate, 2), "low": round(found.low, 2), "high": round(found.high, 2)}
