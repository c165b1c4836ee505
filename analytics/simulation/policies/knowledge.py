"""What a company learns before it plays: a churn forecast from its history, and who answers what from a trial."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.decisions.arm_model import ArmModel, ArmScales
from analytics.decisions.bayesian_logistic import LogisticPosterior, log_odds
from analytics.simulation.policies.observed import NAMES
from analytics.simulation.policies.panel import HISTORY_MONTHS, WINDOW_MONTHS, Panel
from analytics.value import monthly_hazard, residual_value

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

EFFECT_FOLDS = 5
_WINDOW_DAYS = 90.0
_FORECAST_SCALE, _LEVEL_SCALE = 0.2, 5.0
_ANSWER_LEVEL, _ANSWER_SCALE = 1.0, 0.2
_LIKING, _LEVEL = 0, 1
_HARDLY_USED = 2 + NAMES.index("hardly_used")


@dataclass(frozen=True, slots=True)
class Forecast:
    """Probability of leaving within the window if nothing is done, and the scales that contexts are brought to.

    usual: the share of all customers that left within a window.
    """

    centre: Floats
    spread: Floats
    model: LogisticPosterior
    usual: float

    @classmethod
    def fit(cls, panel: Panel) -> "Forecast":
        """Learn from every month of the history whose window ends before the first decision; windows overlap."""
        months = range(1, HISTORY_MONTHS - WINDOW_MONTHS + 1)
        seen = [np.flatnonzero(panel.history.at_risk[:, month]) for month in months]
        raw = np.concatenate([panel.contexts[rows, month] for month, rows in zip(months, seen, strict=True)])
        left = np.concatenate(
            [
                panel.history.left[rows, month : month + WINDOW_MONTHS].any(axis=1)
                for month, rows in zip(months, seen, strict=True)
            ]
        )
        centre, spread = raw.mean(axis=0, dtype=np.float64), raw.std(axis=0, dtype=np.float64)
        spread = np.where(spread > 1e-6, spread, 1.0)
        scales = _scales(raw.shape[1], _LEVEL_SCALE, _FORECAST_SCALE)
        model = LogisticPosterior.prior(scales).updated(with_level((raw - centre) / spread), left.astype(float))
        return cls(centre, spread, model, float(left.mean()))

    def contexts(self, panel: Panel, month: int, rows: Rows) -> Floats:
        """Standardised contexts with a leading one, shape (k, d + 1); extreme values are held in."""
        return with_level(np.clip((panel.contexts[rows, month] - self.centre) / self.spread, -6.0, 6.0))

    def offsets(self, contexts: Floats) -> Floats:
        """Forecast log-odds of leaving within the window, shape (k,)."""
        return log_odds(self.model.probability(contexts))

    def worth(self, probability: Floats, monthly_margin: Floats, horizon_months: int) -> Floats:
        """Worth of a customer who is saved, shape (k,): the residual value, at least the margin of the horizon.

        The forecast hazard holds for the window; after it the hazard is halfway between the customer's and the usual.
        """
        own = monthly_hazard(probability, _WINDOW_DAYS)
        later = (own + monthly_hazard(self.usual, _WINDOW_DAYS)) / 2
        curve = np.column_stack([*([own] * WINDOW_MONTHS), later])
        least = monthly_margin * horizon_months
        return np.asarray(np.maximum(residual_value(monthly_margin, curve), least), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Answers:
    """Probability that each offer is accepted, one logistic model per arm around the catalogue's assumption.

    usual: mean log-odds that the catalogue assumes.
    """

    models: tuple[LogisticPosterior, ...]
    usual: float

    @classmethod
    def assumed(cls, panel: Panel, width: int) -> "Answers":
        """What the catalogue assumes; width: of the contexts."""
        scales = _scales(width - 1, _ANSWER_LEVEL, _ANSWER_SCALE)
        levels = log_odds([offer.propensity for offer in panel.offers])
        models = tuple(LogisticPosterior.prior(scales, np.r_[level, np.zeros(width - 1)]) for level in levels)
        return cls(models, float(levels[1:].mean()))

    def updated(self, contexts: Floats, arms: Rows, accepted: npt.NDArray[np.bool_]) -> "Answers":
        """With the answers to more offers."""
        return Answers(
            tuple(
                model if place == 0 else model.updated(contexts[arms == place], accepted[arms == place].astype(float))
                for place, model in enumerate(self.models)
            ),
            self.usual,
        )

    def probability(self, contexts: Floats) -> Floats:
        """P(accepts | offered), shape (k, arms); doing nothing is never accepted."""
        found = np.column_stack([model.probability(contexts) for model in self.models])
        found[:, 0] = 0.0
        return found

    def seen(self, contexts: Floats) -> Floats:
        """Contexts of every arm, shape (k, arms, d + 1): first how likely the offer is to be accepted, in log-odds.

        What meets a customer's need is accepted more often, and answers come in far greater number than departures.
        """
        liking = log_odds(self.probability(contexts)) - self.usual
        liking[:, 0] = 0.0
        shared = np.repeat(contexts[:, None], len(self.models), axis=1)
        return np.concatenate([liking[:, :, None], shared], axis=2)


@dataclass(frozen=True, slots=True)
class Effects:
    """How much each arm lowers each customer's probability of leaving, from models that did not see the customer."""

    models: tuple[ArmModel, ...]
    folds: Rows

    def of(self, seen: Floats, offsets: Floats, rows: Rows) -> Floats:
        """P(leave | do nothing) - P(leave | arm), shape (k, arms), each customer by the model of the other folds."""
        leaves = np.zeros((len(rows), self.models[0].arms))
        for fold, model in enumerate(self.models):
            own = self.folds[rows] == fold
            leaves[own] = model.leaves(seen[own], offsets[own])
        return np.asarray(leaves[:, :1] - leaves, dtype=np.float64)


def fit_effects(
    prior: ArmModel,
    seen: Floats,
    offsets: Floats,
    arms: Rows,
    left: npt.NDArray[np.bool_],
    rows: Rows,
    folds: Rows,
) -> Effects:
    """A cross-fitted T-learner with partial pooling: for each fold of customers a model fitted on the other folds.

    seen: contexts of every arm at the trial's decisions (m, arms, d); offsets: forecast log-odds (m,); arms and left:
    what was done and who left within the window; rows: whose decision it was; folds: of every customer, (n,).
    """
    known = [folds[rows] != fold for fold in range(EFFECT_FOLDS)]
    return Effects(tuple(prior.updated(seen[m], arms[m], left[m].astype(float), offsets[m]) for m in known), folds)


def arm_prior(panel: Panel, width: int) -> tuple[ArmScales, Floats]:
    """How far effects may reach, and what any offer does, before any is seen: (scales, weights of any offer).

    For `width` contexts as `Answers.seen` gives them. An offer accepted with probability a that saves a share s of
    those lowers the hazard by the factor 1 - a s: its logarithm at the catalogue's assumptions is the level, its slope
    in the log-odds of a the weight of the liking.
    """
    forecast, any_offer, own = np.full(width, 0.02), np.full(width, 0.01), np.full(width, 0.005)
    forecast[_LEVEL], any_offer[_LEVEL], own[_LEVEL] = 0.2, 0.1, 0.03
    any_offer[_LIKING], own[_LIKING] = 0.2, 0.02
    any_offer[_HARDLY_USED] = 0.1
    accept = np.array([offer.propensity for offer in panel.offers[1:]])
    saved = accept * np.array([offer.save_rate for offer in panel.offers[1:]])
    mean = np.zeros(width)
    mean[_LEVEL] = np.log1p(-saved).mean()
    mean[_LIKING] = (-saved * (1 - accept) / (1 - saved)).mean()
    return ArmScales(forecast, any_offer, own), mean


def customer_folds(customers: int) -> Rows:
    """The fold of every customer, mixed over the thirds that are decided about together."""
    return np.asarray(np.arange(customers) // WINDOW_MONTHS % EFFECT_FOLDS, dtype=np.int64)


def with_level(contexts: npt.ArrayLike) -> Floats:
    """Contexts with a leading column of ones."""
    x = np.asarray(contexts, dtype=np.float64)
    return np.column_stack([np.ones(len(x)), x])


def _scales(features: int, level: float, feature: float) -> Floats:
    return np.concatenate([[level], np.full(features, feature)])
