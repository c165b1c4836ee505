"""Learners find known effects in simulated campaigns, and invent none where there are none."""

import numpy as np
import pandas as pd
import pytest

from analytics.churn.encoding import Floats, TableEncoder
from analytics.decisions.uplift.learners import DRLearner, EffectLearner, SLearner, TLearner, XLearner
from analytics.decisions.uplift.outcomes import ArmTable, SharedOutcomes, SmoothOutcomes
from analytics.decisions.uplift.shrinkage import FIRST_PRODUCT
from analytics.decisions.uplift.trial import Trial, as_trial
from tests.analytics.decisions.uplift.campaigns import Campaign, campaign

LEARNERS: list[type[EffectLearner]] = [TLearner, SLearner, XLearner, DRLearner]
OTHERS = campaign(2_000, 99)


@pytest.fixture(scope="module")
def known() -> Campaign:
    return campaign(4_000, 1)


@pytest.fixture(scope="module", params=LEARNERS)
def fitted(request: pytest.FixtureRequest, known: Campaign) -> EffectLearner:
    kind: type[EffectLearner] = request.param
    return kind().fit(known.trial)


def test_effects_of_several_offers_are_found_for_new_customers(fitted: EffectLearner) -> None:
    found = fitted.effects(OTHERS.trial.covariates)
    assert fitted.arms == ("none", "call", "mail")
    assert found.shape == (2_000, 2)
    for offer in (0, 1):
        truth = OTHERS.effects[:, offer]
        assert np.corrcoef(found[:, offer], truth)[0, 1] > 0.75
        assert np.sqrt(np.mean((found[:, offer] - truth) ** 2)) < 0.75 * truth.std()
        assert abs(found[:, offer].mean() - truth.mean()) < 0.05


def test_outcomes_under_every_arm_are_probabilities_near_the_truth(fitted: EffectLearner) -> None:
    found = fitted.outcomes(OTHERS.trial.covariates)
    assert found.shape == (2_000, 3)
    assert found.min() >= 0
    assert found.max() <= 1
    assert np.sqrt(np.mean((found - OTHERS.means) ** 2)) < 0.08


@pytest.mark.parametrize("kind", [SLearner, XLearner, DRLearner])
def test_amounts_are_outcomes_too(kind: type[EffectLearner]) -> None:
    made = campaign(3_000, 5, binary=False)
    found = kind().fit(made.trial).effects(OTHERS.trial.covariates)
    books = (OTHERS.trial.covariates["buys"] == "books").to_numpy()
    assert found[books, 1].mean() == pytest.approx(1.2, abs=0.2)
    assert found[~books, 1].mean() == pytest.approx(0.0, abs=0.2)


def test_one_effect_on_the_odds_is_not_taken_for_many() -> None:
    invented, freedom = [], []
    for seed in range(20, 24):
        made = campaign(4_000, seed, same_effect=True)
        error = SLearner().fit(made.trial).effects(made.trial.covariates) - made.effects
        assert np.abs(error.mean(axis=0)).max() < 0.05  # three standard errors of a difference of two rates here
        invented.append((error - error.mean(axis=0)).std())
        freedom.append(_freedom(made))
    assert np.mean(invented) < 0.016
    assert np.median(freedom) < 0.01


def test_clear_interactions_are_let_free(known: Campaign) -> None:
    assert (_freedom(known) > 0.1).all()


@pytest.mark.parametrize(("corners", "low", "high"), [(False, 0.0, 0.25), (True, 0.75, 1.0)])
def test_members_are_weighted_by_what_their_forecasts_are_worth(corners: bool, low: float, high: float) -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(3_000, 2))
    score = 3.0 * np.sign(x[:, 0] * x[:, 1]) if corners else x @ [1.5, -1.5]
    y = (rng.random(3_000) < 1 / (1 + np.exp(-score))).astype(float)
    trial = as_trial(pd.DataFrame(x, columns=["first", "second"]), np.arange(3_000) % 2, y, control=0)
    data = _data(trial)
    chosen = SharedOutcomes().fit(data)
    assert low <= chosen.tree_weight_ <= high
    fixed = SharedOutcomes(tree_weight=chosen.tree_weight_).fit(data)
    assert np.array_equal(chosen.predict(data.table), fixed.predict(data.table))


@pytest.mark.parametrize("assignment", ["known", "covariates"])
def test_uneven_assignment_does_not_bias_effects(assignment: str) -> None:
    """Those likelier to buy anyway get the offer more often: the naive difference is far off, the learner is not."""
    rng = np.random.default_rng(3)
    n = 8_000
    frame = pd.DataFrame({"loyal": rng.random(n) < 0.5, "age": rng.normal(40, 10, n)})
    loyal = frame["loyal"].to_numpy()
    probability = np.where(loyal, 0.8, 0.2)
    got = rng.random(n) < probability
    y = (rng.random(n) < 0.2 + 0.4 * loyal + 0.1 * got).astype(float)
    given = probability if assignment == "known" else "covariates"
    trial = as_trial(frame, got.astype(int), y, control=0, assignment_probability=given)
    found = DRLearner().fit(trial).effects(frame).mean()
    assert y[got].mean() - y[~got].mean() > 0.25
    assert found == pytest.approx(0.1, abs=0.04)


def test_same_trial_same_effects(fitted: EffectLearner, known: Campaign) -> None:
    again = type(fitted)().fit(known.trial).effects(OTHERS.trial.covariates)
    assert np.array_equal(fitted.effects(OTHERS.trial.covariates), again)


def test_a_rare_outcome_and_columns_of_one_value_are_no_trouble() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"same": ["x"] * 400, "number": rng.normal(size=400), "gap": [np.nan] * 200 + [1.0] * 200})
    y = np.zeros(400)
    y[[3, 8, 150]] = 1
    trial = as_trial(frame, np.arange(400) % 2, y, control=0)
    for kind in LEARNERS:
        found = kind().fit(trial).effects(frame)
        assert np.isfinite(found).all()
        assert np.abs(found).mean() < 0.05


def test_other_columns_are_refused(known: Campaign) -> None:
    learner = SLearner().fit(known.trial)
    with pytest.raises(ValueError, match="4 covariates were learned from, got 1"):
        learner.effects(OTHERS.trial.covariates[["spend"]])


def test_a_column_that_is_missing_for_all_new_customers_is_no_trouble(fitted: EffectLearner) -> None:
    new = OTHERS.trial.covariates.head(50).assign(spend=np.nan)
    assert np.isfinite(fitted.effects(new)).all()


def _freedom(made: Campaign) -> Floats:
    """Prior variances of the products of each offer with the covariates, as learned."""
    return SmoothOutcomes().fit(_data(made.trial)).regression.variances[FIRST_PRODUCT:]


def _data(trial: Trial) -> ArmTable:
    table = TableEncoder().fit(trial.covariates).transform(trial.covariates)
    return ArmTable(table, trial.arm, trial.outcome, len(trial.arms), trial.is_binary)
