"""Plays one policy month by month: who is up, what is offered, who accepts, who leaves, and what it earned."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analytics.simulation.policies.knowledge import Forecast
from analytics.simulation.policies.panel import WINDOW_MONTHS, Options, Panel
from analytics.simulation.policies.players import Policy, Round, Told, best_plan

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(slots=True)
class State:
    """Where a company stands: who is still there, and the shift of each customer's log-odds by the offer at work."""

    alive: Mask
    shift: Floats

    @classmethod
    def opening(cls, panel: Panel) -> "State":
        """Before the first decision."""
        return cls(~panel.left_before, np.zeros(len(panel.left_before)))

    def copy(self) -> "State":
        """The same state, to be played on apart."""
        return State(self.alive.copy(), self.shift.copy())


@dataclass(frozen=True, slots=True)
class Decided:
    """One month's decisions with all that came of them; arrays of length k, or (k, arms).

    left: within the window; left_alone: would have left with the same luck and no offer. gain: expected profit over
    doing nothing, by the truth; best_gain: of the best plan for the same customers and budget, all together.
    """

    up: Round
    arms: Rows
    probabilities: Floats
    accepted: Mask
    left: Mask
    left_alone: Mask
    cost: Floats
    gain: Floats
    options: Options
    best_gain: float

    @property
    def contacted(self) -> Mask:
        """Who was offered something."""
        return np.asarray(self.arms > 0)

    @property
    def regret(self) -> float:
        """Expected profit that the best plan would have had more."""
        return self.best_gain - float(self.gain.sum())

    def told(self) -> Told:
        """What a policy hears once the windows are over."""
        return Told(self.up.month, self.up.contexts, self.up.offsets, self.arms, self.accepted, self.left)


@dataclass
class Played:
    """A policy's game: its decisions by month, and the margin taken in every month.

    value_left: expected margin still to come from those who are there at the end.
    """

    name: str
    months: list[Decided] = field(default_factory=list)
    margin: list[float] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    value_left: float = 0.0


def play(
    panel: Panel,
    forecast: Forecast,
    policy: Policy,
    state: State,
    first: int,
    months: int,
    budget: float,
    *,
    windows_run_out: bool = True,
) -> Played:
    """Let a policy decide in `months` months from `first`; changes the state.

    windows_run_out: two more months without decisions follow, so that the last offers have worked to their end.
    budget: most that a month's offers and contacts may cost, as far as the policy can tell.
    """
    played = Played(policy.name)
    decided: dict[int, Decided] = {}
    end = first + months + (WINDOW_MONTHS - 1 if windows_run_out else 0)
    for month in range(first, end):
        over = decided.pop(month - WINDOW_MONTHS, None)
        if over is not None:
            policy.hear(over.told())
        present = state.alive & (panel.people.joined_month <= month)
        rows = panel.up(month)
        rows = rows[state.alive[rows]]
        state.shift[rows] = 0.0
        if month < first + months:
            decided[month] = _decide(panel, forecast, policy, month, rows, budget)
            played.months.append(decided[month])
            state.shift[rows] = decided[month].options.shift[np.arange(len(rows)), decided[month].arms]
        played.margin.append(float(panel.margin[present, month].sum()))
        played.customers.append(int(present.sum()))
        at_risk = np.flatnonzero(state.alive & (panel.people.joined_month < month))
        hazard = panel.hazard(month, at_risk, state.shift[at_risk])
        state.alive[at_risk[panel.luck[at_risk, month] < hazard]] = False
    there = state.alive & (panel.people.joined_month < end)
    played.value_left = float(panel.ahead[there, end].sum())
    return played


def round_of(panel: Panel, forecast: Forecast, month: int, rows: Rows, options: Options, budget: float) -> Round:
    """The customers who are up, as policies see them."""
    contexts = forecast.contexts(panel, month, rows)
    leaves = forecast.model.probability(contexts)
    return Round(
        month=month,
        rows=rows,
        contexts=contexts,
        offsets=forecast.offsets(contexts),
        worth=forecast.worth(leaves, panel.margin[rows, month], panel.policy.horizon_months),
        cost=options.cost,
        contact=options.contact,
        allowed=options.allowed,
        budget=budget,
    )


def _decide(panel: Panel, forecast: Forecast, policy: Policy, month: int, rows: Rows, budget: float) -> Decided:
    """One month's decisions, and what luck makes of them within the window."""
    options = panel.options(month, rows)
    up = round_of(panel, forecast, month, rows, options, budget)
    chosen = policy.decide(up)
    each = np.arange(len(rows))
    if not options.allowed[each, chosen.arms].all():
        raise ValueError(f"The policy {policy.name} offered what the customer may not have.")
    accepted = panel.answer_luck[rows, month] < options.accept[each, chosen.arms]
    best = best_plan(options.gain, options.expected_cost, options.allowed, up.budget)
    return Decided(
        up=up,
        arms=chosen.arms,
        probabilities=chosen.probabilities,
        accepted=accepted,
        left=_left(panel, month, rows, options.shift[each, chosen.arms]),
        left_alone=_left(panel, month, rows, np.zeros(len(rows))),
        cost=accepted * options.cost[each, chosen.arms] + options.contact[chosen.arms],
        gain=options.gain[each, chosen.arms],
        options=options,
        best_gain=float(options.gain[each, best].sum()),
    )


def _left(panel: Panel, month: int, rows: Rows, shift: Floats) -> Mask:
    """Who leaves within the window with everyone's own luck."""
    gone = np.zeros(len(rows), dtype=bool)
    for step in range(WINDOW_MONTHS):
        gone |= panel.luck[rows, month + step] < panel.hazard(month + step, rows, shift)
    return gone
