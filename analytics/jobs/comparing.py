"""Judges from decisions on record and their outcomes whether another policy would do better; switches nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from analytics.decisions.logbook import POLICIES, Logbook, PolicyName, Told, supported
from analytics.decisions.off_policy import (
    LEAST_EFFECTIVE,
    METHODS,
    Comparison,
    Log,
    Method,
    compare,
    cross_fitted_rewards,
)
from analytics.decisions.policy import DecisionPolicy
from analytics.jobs.deciding import RULES
from analytics.jobs.outcomes import DEFAULT_HORIZON_DAYS, Fate, cost_of, fates_due, worth_of
from db.errors import InputError, NotFoundError
from db.repositories.settings import SettingsRepository
from db.session import Store
from db.vocabulary import Json, Progress

Floats = npt.NDArray[np.float64]
Reward = Literal["money", "saves"]
REWARDS: tuple[Reward, ...] = get_args(Reward)


@dataclass(frozen=True, slots=True)
class Contest:
    """Champion against challenger on the same followed decisions.

    differing: customers for whom they choose differently. effective_sample_size: of the decisions among those that
    speak for the champion and for the challenger. replaced: shares of their choices that nobody was ever given, where
    what was decided stands in. estimates: by method; empty where the comparison is refused. refusal: why, or None.
    """

    champion: PolicyName
    challenger: PolicyName
    reward: Reward
    followed: int
    differing: int
    effective_sample_size: tuple[float, float]
    replaced: tuple[float, float]
    estimates: dict[Method, Comparison]
    refusal: str | None = None

    @property
    def verdict(self) -> str:
        """switch, keep, undecided, or refused."""
        return "refused" if self.refusal is not None else self.estimates["dr"].verdict

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        if self.refusal is not None:
            return f"Nothing can be recommended: {self.refusal}."
        difference = self.estimates["dr"].difference
        ends = f"{self.shown(difference.low, signed=True)} to {self.shown(difference.high, signed=True)}"
        told = f"{self.shown(difference.estimate, signed=True)} per customer ({ends})"
        if self.verdict == "switch":
            return f"Switch from {self.champion} to {self.challenger}: the difference of {told} is more than chance."
        if self.verdict == "keep":
            return f"Keep {self.champion}: {self.challenger} does worse, by {told}."
        return f"Keep {self.champion}: the difference of {told} may be chance."

    def shown(self, value: float, *, signed: bool = False) -> str:
        """A reward in its unit: money, or percent of the customers; with its sign a difference of such."""
        if self.reward == "money":
            return f"{value:+,.2f}" if signed else f"{value:,.2f}"
        return f"{value * 100:+.1f} points" if signed else f"{value:.1%}"

    def as_json(self) -> Json:
        """The contest as a JSON object."""
        return {
            "champion": self.champion,
            "challenger": self.challenger,
            "reward": self.reward,
            "followed": self.followed,
            "differing": self.differing,
            "effective_sample_size": dict(zip(("champion", "challenger"), self.effective_sample_size, strict=True)),
            "replaced": dict(zip(("champion", "challenger"), self.replaced, strict=True)),
            "estimates": {method: found.as_json() for method, found in self.estimates.items()},
            "verdict": self.verdict,
            "sentence": self.sentence,
        }


def compare_policies(
    store: Store,
    policy: DecisionPolicy,
    now: datetime,
    *,
    champion: PolicyName = "decided",
    challenger: PolicyName = "effects",
    reward: Reward = "money",
    horizon_days: int = DEFAULT_HORIZON_DAYS,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Contest:
    """The value of two policies on the followed decisions of the standing experiment, by IPS, SNIPS and DR.

    A customer counts once, with the first decision that meant an offer, and on either side of the holdout.

    Raises:
        InputError: the two are the same, a name is not known, or money of several currencies would be added up.
        NotFoundError: no horizon of a decision has ended yet.
    """
    _check(champion, challenger, reward)
    fates, rules = _followed(store, policy, now, horizon_days)
    book = Logbook([Told(fate.followed.decision, bool(fate.retained)) for fate in fates], rules.__getitem__)
    log = book.log(_rewards(fates, policy, reward))
    decided = book.table("decided")
    sides = [supported(book.table(name, progress), log, decided) for name in (champion, challenger)]
    (first, _), (second, _) = sides
    differs = np.abs(first - second).max(axis=1) > 1e-9
    speaking = tuple(_effective(log, table, differs) for table in (first, second))
    refusal = _refusal(log, differs, min(speaking), (champion, challenger), max(share for _, share in sides))
    estimates: dict[Method, Comparison] = {}
    if refusal is None:
        predicted = cross_fitted_rewards(log)
        estimates = {one: compare(log, first, second, one, predicted=predicted) for one in METHODS}
    return Contest(
        champion=champion,
        challenger=challenger,
        reward=reward,
        followed=len(book),
        differing=int(differs.sum()),
        effective_sample_size=(speaking[0], speaking[1]),
        replaced=(sides[0][1], sides[1][1]),
        estimates=estimates,
        refusal=refusal,
    )


def _check(champion: str, challenger: str, reward: str) -> None:
    hint = f"Policies: {', '.join(POLICIES)}."
    for name in (champion, challenger):
        if name not in POLICIES:
            raise InputError(f"There is no policy {name!r} to compare.", hint=hint)
    if champion == challenger:
        raise InputError("A policy cannot be compared with itself.", hint=hint)
    if reward not in REWARDS:
        raise InputError(f"There is no reward {reward!r}.", hint=f"Rewards: {', '.join(REWARDS)}.")


def _followed(
    store: Store, policy: DecisionPolicy, now: datetime, horizon_days: int
) -> tuple[list[Fate], dict[str, Json]]:
    """Followed decisions whose rules are on record, and these rules: offers are weighed anew by them."""
    rules: dict[str, Json] = {}
    fates: list[Fate] = []
    with store.read() as session:
        settings = SettingsRepository(session)
        for fate in fates_due(session, policy.experiment, now, horizon_days):
            inputs = fate.followed.decision.inputs
            key = str(inputs["rules"])
            if key not in rules:
                rules[key] = inputs.get("ruleset") or settings.get(RULES + key) or {}
            if fate.retained is not None and rules[key]:
                fates.append(fate)
    if not fates:
        raise NotFoundError(
            f"No decision has been followed for {horizon_days} days yet, so no policy can be judged.",
            hint="Import customers again once that time has passed, or `mainstay outcomes import` who stayed and left.",
        )
    return fates, rules


def _rewards(fates: list[Fate], policy: DecisionPolicy, reward: Reward) -> Floats:
    """What each customer brought: worth of those who stayed less costs, or 1 for staying."""
    if reward == "saves":
        return np.array([float(bool(fate.retained)) for fate in fates])
    currencies = {fate.followed.decision.inputs["customer"].get("currency") for fate in fates} - {None}
    if len(currencies) > 1:
        raise InputError(
            f"Money in {' and '.join(sorted(currencies))} cannot be added up.",
            hint="Compare by who stays: --reward saves.",
        )
    return np.array([worth_of(fate, policy) * bool(fate.retained) - cost_of(fate) for fate in fates])


def _effective(log: Log, table: Floats, rows: npt.NDArray[np.bool_]) -> float:
    """Kish's effective sample size of a policy among some decisions."""
    weights = (log.of_taken(table) / log.assigned)[rows]
    squares = float(weights @ weights)
    return float(weights.sum() ** 2 / squares) if squares else 0.0


def _refusal(
    log: Log, differs: npt.NDArray[np.bool_], effective: float, names: tuple[str, str], replaced: float
) -> str | None:
    """Why nothing can be said, or None."""
    if not differs.any():
        if replaced > 0:
            return (
                f"wherever {names[0]} and {names[1]} differ, nobody was ever given the other offer; "
                "`mainstay decide --explore 0.1` draws offers for some customers, so that it can be told"
            )
        return f"{names[0]} and {names[1]} choose the same for all {len(log):,} customers"
    if effective < LEAST_EFFECTIVE:
        return (
            f"they differ for {int(differs.sum()):,} customers, and as few as {effective:.0f} of them speak for one of "
            f"the two (effective sample size); {LEAST_EFFECTIVE:.0f} are needed. More outcomes, or a greater share for "
            "`mainstay decide --explore`, bring them"
        )
    return None
