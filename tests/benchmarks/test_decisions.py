"""The benchmark of decisions: folds that do not leak, peers that find effects, and bars read from the figures."""

import numpy as np
import pytest

from analytics.decisions.uplift.trial import Floats, Trial
from benchmarks.decision_peers import logistic_interactions, two_models, x_learner
from benchmarks.decisions import OURS, against_bars, out_of_fold
from tests.analytics.decisions.uplift.campaigns import campaign

MADE = campaign(3_000, 1)
OTHERS = campaign(1_000, 2)


def test_every_customer_is_judged_by_a_model_that_did_not_see_them() -> None:
    trial = MADE.trial

    def seen(train: Trial, covariates: object) -> Floats:
        return np.full((len(trial) - len(train), 2), len(train))

    found, fold_of = out_of_fold(trial, seen, 11)
    assert np.unique(fold_of).tolist() == [0, 1, 2, 3, 4]
    assert (found[:, 0] == len(trial) - np.bincount(fold_of)[fold_of]).all()


def test_logistic_interactions_find_effects() -> None:
    found = logistic_interactions(MADE.trial, OTHERS.trial.covariates)
    assert np.corrcoef(found[:, 1], OTHERS.effects[:, 1])[0, 1] > 0.9


def test_lightgbm_peers_find_effects() -> None:
    pytest.importorskip("lightgbm", reason="lightgbm is not installed")
    for found in (
        two_models(MADE.trial, OTHERS.trial.covariates)[1],
        x_learner(MADE.trial, OTHERS.trial.covariates),
    ):
        assert found.shape == (1_000, 2)
        assert np.corrcoef(found[:, 1], OTHERS.effects[:, 1])[0, 1] > 0.7


def test_bars_are_judged_by_our_figures_alone() -> None:
    ranking = {
        "women's e-mail, visit": {"learners": [{"learner": "a peer", "qini": 0.9}, {"learner": OURS, "qini": 0.065}]}
    }
    policies = {
        "visit": {
            "values": [{"rule": "ours", "mean": 0.185}],
            "budgets": [{"rule": "a peer, 30%", "ratio": 2.0}, {"rule": "ours, 30%", "ratio": 1.1}],
        }
    }
    verdicts = {row["bar"]: row["verdict"] for row in against_bars(ranking, policies)}
    assert verdicts == {
        "women's e-mail, visit: Qini": "pass",
        "policy, visit: value": "excellent",
        "budget 30 %, visit: gain / random men's": "below",
    }
