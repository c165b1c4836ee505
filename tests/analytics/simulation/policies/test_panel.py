"""The panel's truth is consistent: a gain is what the months to come add up to, and nothing leaks back."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.simulation.policies.contest import Contest
from analytics.simulation.policies.observed import NAMES, contexts, faded
from analytics.simulation.policies.panel import MONTHS_AFTER, WINDOW_MONTHS, Panel
from analytics.value import residual_value


@pytest.fixture
def panel(contest: Contest) -> Panel:
    return contest.panel


def expected_margin(panel: Panel, month: int, row: int, shift: float) -> float:
    """Margin that one customer is expected to bring from a month on, walked forward month by month."""
    stay, total = 1.0, 0.0
    for at in range(month, panel.world.months):
        total += stay * panel.margin[row, at]
        now = shift if at < month + WINDOW_MONTHS else 0.0
        stay *= 1 - panel.hazard(at, np.array([row]), np.array([now]))[0]
    hazard = panel.payment + (1 - panel.payment) * panel.voluntary
    after = residual_value(panel.margin[row, -1], hazard[row, -WINDOW_MONTHS:].mean(), months_cap=MONTHS_AFTER)
    return total + stay * float(after)


def test_a_gain_is_the_margin_to_come_less_the_expected_costs(panel: Panel) -> None:
    month = panel.first_month + 13
    rows = panel.up(month)[:12]
    options = panel.options(month, rows)
    for place, row in enumerate(rows):
        alone = expected_margin(panel, month, row, 0.0)
        assert panel.ahead[row, month] == pytest.approx(alone)
        for arm in range(len(panel.arms)):
            spent = options.accept[place, arm] * options.cost[place, arm] + options.contact[arm]
            expected = expected_margin(panel, month, row, options.shift[place, arm]) - alone - spent
            assert options.gain[place, arm] == pytest.approx(expected, abs=1e-6)


def test_doing_nothing_costs_and_changes_nothing(panel: Panel) -> None:
    month = panel.first_month + 3
    options = panel.options(month, panel.up(month))
    for table in (options.shift, options.accept, options.cost, options.gain, options.expected_cost):
        assert (table[:, 0] == 0).all()
    assert options.allowed[:, 0].all()
    assert (options.shift[:, 1:] != 0).any()


def test_offers_that_cannot_be_stated_are_not_allowed(panel: Panel) -> None:
    month = panel.first_month + 3
    rows = panel.up(month)
    allowed = panel.options(month, rows).allowed
    annual = panel.people.annual_billing[rows]
    assert annual.any()
    assert not allowed[annual, panel.arms.index("quiet-season-pause")].any()
    smallest = panel.history.plan[rows, month] < 2
    assert not allowed[smallest, panel.arms.index("right-size")].any()


def test_everybody_is_up_once_in_a_window(panel: Panel) -> None:
    month = panel.first_month + 5
    up = np.concatenate([panel.up(month + step) for step in range(WINDOW_MONTHS)])
    assert len(np.unique(up)) == len(up)
    long_here = np.flatnonzero((panel.people.joined_month < month) & ~panel.left_before)
    assert set(long_here) <= set(up)


def test_nobody_leaves_while_policies_are_played(panel: Panel) -> None:
    history = panel.history
    assert history.left[:, : panel.first_month].any()
    assert not history.left[:, panel.first_month :].any()
    gone_on = history.ended_on[panel.left_before]
    assert (panel.world.month_of(gone_on) < panel.first_month).all()


def test_options_of_some_are_those_of_all(panel: Panel) -> None:
    month = panel.first_month + 4
    rows = panel.up(month)
    some = np.array([3, 17, 40])
    assert (panel.options(month, rows[some]).gain == panel.options(month, rows).gain[some]).all()


def test_contexts_know_nothing_of_months_to_come(panel: Panel) -> None:
    month = 14
    later = {}
    for name in ("ticket", "ticket_hours", "ticket_reason", "rise", "discount", "mood", "usage"):
        values = getattr(panel.history, name).copy()
        values[:, month + 1 :] = values[:, month + 1 :][:, ::-1] + (1 if values.dtype != bool else 0)
        later[name] = values
    other = replace(panel.history, **later)
    hours = np.random.default_rng(0).random(panel.margin.shape)
    changed = hours.copy()
    changed[:, month + 1 :] += 5
    first = contexts(panel.people, panel.world, panel.history, hours, np.random.default_rng(1))
    second = contexts(panel.people, panel.world, other, changed, np.random.default_rng(1))
    assert first.shape[2] == len(NAMES)
    assert (first[:, : month + 1] == second[:, : month + 1]).all()
    assert (first[:, month + 2 :] != second[:, month + 2 :]).any()


def test_what_happened_fades() -> None:
    happened = np.array([[1, 0, 0, 1, 0]])
    assert faded(happened, 0.5)[0] == pytest.approx([0, 1, 0.5, 0.25, 1.125])
