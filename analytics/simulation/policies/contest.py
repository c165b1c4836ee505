"""A contest on one seed: a company, its trial, and every policy played from the same day with the same luck."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.decisions.arm_model import ArmModel
from analytics.decisions.off_policy import Log
from analytics.simulation.policies.knowledge import Answers, Effects, Forecast, arm_prior, customer_folds, fit_effects
from analytics.simulation.policies.panel import HISTORY_MONTHS, WINDOW_MONTHS, Panel, build_panel
from analytics.simulation.policies.play import Decided, Played, State, play
from analytics.simulation.policies.players import (
    NAMES,
    RISK_MULTIPLE,
    Bandit,
    Chance,
    FrozenBandit,
    Nobody,
    Oracle,
    Policy,
    Propensity,
    RiskRanking,
    Uplift,
    planned_costs,
)
from db.errors import InputError

Floats = npt.NDArray[np.float64]

DEFAULT_CUSTOMERS = 5_000
DEFAULT_MONTHS = 24
DEFAULT_BUDGET_SHARE = 0.2
"""Money per month when no budget is named, in euros per customer of the company."""

TRIAL_MONTHS = 12
FEWEST_CUSTOMERS, MOST_CUSTOMERS = 300, 50_000
FEWEST_MONTHS, MOST_MONTHS = 3, 60

_TRIAL, _BANDIT, _CHANCE = 101, 102, 103


@dataclass(frozen=True, slots=True)
class Terms:
    """What is played: people in the company's world, months of play after the trial, euros per month."""

    customers: int = DEFAULT_CUSTOMERS
    months: int = DEFAULT_MONTHS
    budget: float | None = None

    def __post_init__(self) -> None:
        if not FEWEST_CUSTOMERS <= self.customers <= MOST_CUSTOMERS:
            raise InputError(
                f"simulate: {self.customers:,} customers cannot be played.",
                hint=f"Ask for {FEWEST_CUSTOMERS:,} to {MOST_CUSTOMERS:,} customers.",
            )
        if not FEWEST_MONTHS <= self.months <= MOST_MONTHS:
            raise InputError(
                f"simulate: {self.months} months cannot be played.",
                hint=f"Ask for {FEWEST_MONTHS} to {MOST_MONTHS} months.",
            )
        if self.budget is not None and not 0 <= self.budget < np.inf:
            raise InputError(f"simulate: a budget of {self.budget} is none.", hint="Name an amount of 0 or more.")

    @property
    def monthly_budget(self) -> float:
        """Euros that each month's offers and contacts may cost."""
        return DEFAULT_BUDGET_SHARE * self.customers if self.budget is None else self.budget


@dataclass(frozen=True, slots=True)
class Trial:
    """The randomised trial before the contest, as far as its outcomes are known when the contest begins.

    decided: month by month. log: all of it, with the reward worth x stayed - cost.
    """

    decided: tuple[Decided, ...]
    log: Log


@dataclass(frozen=True, slots=True)
class Known:
    """What the company knows when the contest begins."""

    forecast: Forecast
    answers: Answers
    effects: Effects
    trial: Trial


@dataclass(frozen=True, slots=True)
class Contest:
    """One seed's company with all the games played in it, by name."""

    seed: int
    terms: Terms
    panel: Panel
    known: Known
    games: dict[str, Played]


def run_contest(seed: int, terms: Terms, names: tuple[str, ...] = NAMES) -> Contest:
    """Build the company of a seed, run its trial, and play the named policies.

    Raises:
        InputError: a policy is unknown.
    """
    panel = build_panel(terms.customers, TRIAL_MONTHS + terms.months, seed)
    forecast = Forecast.fit(panel)
    state = State.opening(panel)
    trial = Chance(_part(seed, _TRIAL))
    played = play(panel, forecast, trial, state, HISTORY_MONTHS, TRIAL_MONTHS, np.inf, windows_run_out=False)
    known = learn_from(panel, forecast, played.months)
    games = {}
    for name in names:
        policy = policy_named(name, panel, known, seed)
        start = HISTORY_MONTHS + TRIAL_MONTHS
        games[name] = play(panel, forecast, policy, state.copy(), start, terms.months, terms.monthly_budget)
    return Contest(seed, terms, panel, known, games)


def learn_from(panel: Panel, forecast: Forecast, months: list[Decided]) -> Known:
    """What a trial teaches: who accepts what, and what each offer does to whom."""
    over = tuple(one for one in months if one.up.month + WINDOW_MONTHS <= HISTORY_MONTHS + TRIAL_MONTHS)
    log = log_of(over)
    accepted = np.concatenate([one.accepted for one in over])
    left = np.concatenate([one.left for one in over])
    offsets = np.concatenate([one.up.offsets for one in over])
    rows = np.concatenate([one.up.rows for one in over])
    answers = Answers.assumed(panel, log.contexts.shape[1]).updated(log.contexts, log.arms, accepted)
    folds = customer_folds(len(panel.left_before))
    seen = answers.seen(log.contexts)
    prior = ArmModel.prior(len(panel.arms), *arm_prior(panel, seen.shape[2]))
    effects = fit_effects(prior, seen, offsets, log.arms, left, rows, folds)
    return Known(forecast, answers, effects, Trial(over, log))


def log_of(months: tuple[Decided, ...] | list[Decided]) -> Log:
    """Decisions as a log for off-policy evaluation: reward = worth x stayed - what was spent, in euros."""
    return Log(
        contexts=np.concatenate([one.up.contexts for one in months]),
        arms=np.concatenate([one.arms for one in months]),
        rewards=np.concatenate([one.up.worth * ~one.left - one.cost for one in months]),
        assignment=np.concatenate([one.probabilities for one in months]),
        groups=np.concatenate([one.up.rows for one in months]),
    )


def policy_named(name: str, panel: Panel, known: Known, seed: int) -> Policy:
    """A policy that is ready to play.

    Raises:
        InputError: there is no such policy.
    """
    width = known.trial.log.contexts.shape[1]
    match name:
        case "none":
            return Nobody()
        case "chance":
            return Chance(_part(seed, _CHANCE), within_budget=True)
        case "risk_ranking":
            return _risk_ranking(panel, known)
        case "propensity":
            return Propensity(known.answers, np.array([offer.save_rate for offer in panel.offers]))
        case "uplift":
            return Uplift(known.answers, known.effects)
        case "bandit":
            return Bandit(panel, width, _part(seed, _BANDIT))
        case "frozen_bandit":
            return FrozenBandit(panel, width, _part(seed, _BANDIT))
        case "oracle":
            return Oracle(panel)
    raise InputError(f"simulate: there is no policy {name!r}.", hint=f"Choose from {', '.join(NAMES)}.")


def _risk_ranking(panel: Panel, known: Known) -> RiskRanking:
    """Risk ranking with the offer that, by the trial's estimates, earns most among those it would contact."""
    rounds = [one.up for one in known.trial.decided]
    threshold = RISK_MULTIPLE * float(np.concatenate([up.leaves for up in rounds]).mean())
    earned = np.zeros(len(panel.arms))
    for up in rounds:
        effects = known.effects.of(known.answers.seen(up.contexts), up.offsets, up.rows)
        profits = effects * up.worth[:, None] - planned_costs(up, known.answers)
        earned += np.where(up.allowed, profits, 0.0)[up.leaves >= threshold].sum(axis=0)
    return RiskRanking(1 + int(np.argmax(earned[1:])), known.answers, threshold)


def _part(seed: int, part: int) -> int:
    """A seed for one part of the contest."""
    return int(np.random.SeedSequence([seed, part]).generate_state(1)[0])
