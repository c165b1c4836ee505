"""The proofs can fail: each claim is refused by figures that speak against it."""

import numpy as np
import pytest

from analytics.simulation.policies.contest import Contest
from analytics.simulation.policies.proofs import Evidence, evidence, growth, prove
from analytics.simulation.policies.tally import Tally, mean_interval, summaries, tallies


def tally(name: str, profit: float, months: int = 24) -> Tally:
    zero = np.zeros(months, dtype=int)
    return Tally(
        name, np.full(months, profit / months), np.zeros(months), np.zeros(months), zero, zero, zero + 100, profit
    )


def said(seed: int, **change: object) -> Evidence:
    rng = np.random.default_rng(seed)
    decided = np.cumsum(np.full(24, 100.0))
    falling = np.diff(decided**0.6, prepend=0.0) * rng.uniform(0.9, 1.1, 24) * 50
    names = {"uplift": 900.0, "risk_ranking": 400.0, "bandit": 500.0, "frozen_bandit": 100.0}
    good: dict[str, object] = {
        "seed": seed,
        "tallies": {name: tally(name, profit) for name, profit in names.items()},
        "covered": tuple(rng.random(20) < 0.9),
        "off_policy": dict.fromkeys(("trial", "bandit"), (1.0 if seed % 2 else -1.0, True, 500.0)),
        "class_regret": {"bandit": falling, "frozen_bandit": rng.uniform(90, 110, 24)},
    }
    return Evidence(**(good | change))  # type: ignore[arg-type]


def test_good_evidence_proves_all() -> None:
    found = prove([said(seed) for seed in range(20)])
    assert [proof.holds for proof in found] == [True] * 5


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (0, {"covered": (True,) * 20}),
        (0, {"covered": (True, False, True, True)}),
        (1, {"tallies": {name: tally(name, 1.0) for name in ("uplift", "risk_ranking", "bandit", "frozen_bandit")}}),
        (2, {"class_regret": {"bandit": np.full(24, 100.0) + 5 * np.arange(24), "frozen_bandit": np.full(24, 100.0)}}),
        (2, {"class_regret": {"bandit": np.full(24, 5.0), "frozen_bandit": np.full(24, 100.0)}}),
        (3, {"off_policy": {"trial": (2.0, True, 500.0), "bandit": (0.0, True, 500.0)}}),
        (4, {"off_policy": {"trial": (0.0, True, 500.0), "bandit": (-2.0, True, 500.0)}}),
    ],
)
def test_a_claim_that_does_not_hold_is_refused(place: int, change: dict[str, object]) -> None:
    found = prove([said(seed, **change) for seed in range(20)])
    assert not found[place].holds
    assert found[place].as_json()["holds"] is False


@pytest.mark.parametrize("exponent", [0.5, 0.8, 1.0, 1.2])
def test_the_exponent_is_found(exponent: float) -> None:
    decided = np.cumsum(np.full(24, 100.0))
    regret = np.diff(decided**exponent, prepend=0.0) * 100
    evidence_of = [said(seed, class_regret={"bandit": regret * (1 + seed / 50)}) for seed in range(8)]
    found = growth(evidence_of, "bandit", clock="decisions")
    assert found.estimate == pytest.approx(exponent, abs=1e-6)
    assert found.low <= found.estimate + 1e-9
    assert found.estimate <= found.high + 1e-9


def test_a_contest_gives_evidence(contest: Contest) -> None:
    found = evidence(contest)
    assert len(found.covered) == 3 * (len(contest.panel.arms) - 1)
    assert all(effective > 20 for _, _, effective in found.off_policy.values())
    assert set(found.class_regret) == {"bandit", "frozen_bandit"}


def test_a_summary_holds_means_and_curves(contest: Contest) -> None:
    one = tallies(contest)
    summary = next(iter(summaries([one, one], ["uplift"])))
    document = summary.as_json()
    assert document["profit"]["value"] == pytest.approx(one["uplift"].profit.sum(), abs=0.01)
    assert document["cumulative_profit"][-1] == document["profit"]["value"]
    assert document["cumulative_regret"][-1] == document["regret"]["value"]


def test_an_interval_of_the_mean_is_students() -> None:
    found = mean_interval([1.0, 2.0, 3.0])
    assert (found.low, found.high) == pytest.approx((2 - 2.4841, 2 + 2.4841), abs=1e-3)
    assert mean_interval([5.0]).low == 5.0


def test_a_constant_share_missed_is_linear_in_what_could_be_had() -> None:
    worth = np.linspace(50, 400, 24)
    lost = {"bandit": 0.3 * worth, "frozen_bandit": worth}
    zero, hundred = np.zeros(24), np.full(24, 100)
    earned = Tally("bandit", 0.7 * worth, zero, zero, hundred, hundred, hundred, 0.0)
    found = [said(seed, class_regret=lost, tallies={"bandit": earned}) for seed in range(3)]
    assert growth(found, "bandit").estimate == pytest.approx(1.0, abs=1e-9)
    assert growth(found, "bandit", clock="decisions").estimate > 1.2
