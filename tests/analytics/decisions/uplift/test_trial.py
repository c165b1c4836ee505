"""Trials: what is accepted, what is refused and in which words, and estimated assignment probabilities."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.uplift.trial import as_trial, estimated_assignment
from db.errors import TrainingError

ARMS = np.repeat(["none", "mail", "call"], 60)
FRAME = pd.DataFrame({"age": np.arange(180.0), "plan": np.tile(["a", "b"], 90)})
OUTCOME = np.tile([0.0, 1.0], 90)


def test_arms_are_named_control_first_and_shares_are_the_default() -> None:
    trial = as_trial(FRAME, ARMS, OUTCOME, control="none")
    assert trial.arms == ("none", "call", "mail")
    assert trial.offers == ("call", "mail")
    assert np.bincount(trial.arm).tolist() == [60, 60, 60]
    assert trial.arm[0] == 0
    assert trial.arm[60] == 2
    assert np.allclose(trial.probabilities, 1 / 3)
    assert trial.is_binary


def test_probabilities_are_taken_in_every_form() -> None:
    named = as_trial(
        FRAME, ARMS, OUTCOME, control="none", assignment_probability={"none": 0.5, "call": 0.3, "mail": 0.2}
    )
    assert named.probabilities[7].tolist() == [0.5, 0.3, 0.2]
    table = np.tile([0.2, 0.3, 0.5], (180, 1))
    assert as_trial(FRAME, ARMS, OUTCOME, control="none", assignment_probability=table).probabilities[3, 2] == 0.5
    two = as_trial(FRAME[:120], ARMS[:120], OUTCOME[:120], control="none", assignment_probability=np.full(120, 0.4))
    assert two.probabilities[0].tolist() == [0.6, 0.4]


def test_one_offer_against_the_control() -> None:
    probabilities = {"none": 0.5, "call": 0.3, "mail": 0.2}
    trial = as_trial(FRAME, ARMS, OUTCOME, control="none", assignment_probability=probabilities)
    part = trial.against_control("mail")
    assert part.arms == ("none", "mail")
    assert len(part) == 120
    assert part.probabilities[0] == pytest.approx([5 / 7, 2 / 7])
    assert part.arm.sum() == 60


def test_plain_arrays_will_do() -> None:
    trial = as_trial(FRAME.to_numpy(), (ARMS == "mail").astype(int), OUTCOME, control=0)
    assert trial.arms == ("0", "1")
    assert trial.covariates.shape == (180, 2)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"outcome": OUTCOME[:-1]}, "one row per customer"),
        ({"outcome": np.where(np.arange(180) == 3, np.nan, OUTCOME)}, "NaN"),
        ({"assignment_probability": {"none": 0.5, "mail": 0.5}}, "no assignment probability for call"),
        ({"assignment_probability": {"none": 1.0, "mail": 0.5, "call": 0.5}}, "between 0 and 1"),
        ({"assignment_probability": np.full((180, 2), 0.5)}, "shape"),
        ({"assignment_probability": "guess"}, "covariates"),
    ],
)
def test_parts_that_do_not_fit_are_named(changes: dict[str, Any], complaint: str) -> None:
    parts: dict[str, Any] = {"covariates": FRAME, "arm": ARMS, "outcome": OUTCOME, "control": "none", **changes}
    with pytest.raises(ValueError, match=complaint):
        as_trial(**parts)


def test_thin_arms_are_refused_by_name() -> None:
    arms = np.where(np.arange(180) < 10, "gift", ARMS)
    with pytest.raises(TrainingError, match="gift has 10"):
        as_trial(FRAME, arms, OUTCOME, control="none")
    with pytest.raises(TrainingError, match="every customer is in the arm none"):
        as_trial(FRAME, np.full(180, "none"), OUTCOME, control="none")


def test_estimated_probabilities_follow_what_decided() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"risk": rng.random(4_000), "noise": rng.random(4_000)})
    truth = 0.2 + 0.6 * frame["risk"].to_numpy()
    arm = (rng.random(4_000) < truth).astype(np.int64)
    found = estimated_assignment(frame, arm)
    assert found.sum(axis=1) == pytest.approx(1)
    assert np.abs(found[:, 1] - truth).mean() < 0.03
