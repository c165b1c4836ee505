"""Effects of offers from decisions in a store and what came of them, the holdout being the control."""

import json
import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.artifacts import ModelStore
from analytics.decisions.effects import EffectEstimates
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.replay import decision_bytes, replay
from analytics.decisions.trace import explain
from analytics.decisions.uplift.programme import FITTING, EvidenceNeeded, ProgrammeEffects
from analytics.jobs.effects import Keeping, effects_for_deciding, estimate_effects
from db.errors import NotFoundError
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.session import Store, open_store
from db.vocabulary import OutcomeKind, Progress
from tests.analytics.decisions.build import REACHABLE, TODAY, catalogue_of, decided
from tests.analytics.jobs.tables import NOW, fill, made_table

OFFER = "code: call, name: A call, offer_type: contact, terms: {who: a person}, propensity: 0.5, save_rate: 0.5"


def crowd(count: int) -> pd.DataFrame:
    """Reachable customers of two plans."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame([REACHABLE] * count)
    frame["customer_id"] = [f"C{n:05d}" for n in range(count)]
    frame["tenure_months"] = rng.integers(1, 60, count).astype(float)
    frame["plan"] = rng.choice(["M", "L"], count)
    return frame


SPLIT = DecisionPolicy(holdout_share=0.5)
DUE = datetime.combine(TODAY + timedelta(days=90), time(12), tzinfo=UTC)


def live(store: Store, folder: Path, count: int, policy: DecisionPolicy = SPLIT) -> pd.DataFrame:
    """Decide for a crowd with half held out; of plan L the offer keeps 30 % more, of plan M none."""
    fill(store, made_table(count), folder)
    frame, rng = crowd(count), np.random.default_rng(2)
    decisions = list(decided(frame, catalogue_of(OFFER), policy))
    with store.write() as session:
        DecisionRepository(session).add_many(None, decisions, NOW)
        outcomes = ContactRepository(session)
        for decision, plan, luck in zip(decisions, frame["plan"], rng.random(count), strict=True):
            helped = 0.3 if decision.offer_code == "call" and plan == "L" else 0.0
            kind = OutcomeKind.RETAINED if luck < 0.5 + helped else OutcomeKind.CANCELED
            at = DUE if kind is OutcomeKind.RETAINED else DUE - timedelta(days=30)
            outcomes.record_outcome(decision.customer_id, kind, at, decision_id=decision.decision_id)
    return frame


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, ProgrammeEffects]:
    folder = tmp_path_factory.mktemp("effects")
    with open_store(folder / "store.db") as store:
        frame = live(store, folder, 1_000)
        return frame, estimate_effects(store, SPLIT, DUE, needed=EvidenceNeeded(half_width=0.1))


def test_the_holdout_shows_what_the_offer_did(lived: tuple[pd.DataFrame, ProgrammeEffects]) -> None:
    frame, effects = lived
    assert effects.followed == len(frame)
    (offer,) = effects.known
    assert offer.effect is not None
    assert offer.effect.low < 0.15 < offer.effect.high
    assert offer.effect.low > 0
    assert offer.offered + offer.held_out == len(frame)
    assert (offer.differs, offer.weighed_by) == (True, "per customer")


def test_estimates_go_to_the_arbitration_as_they_differ(lived: tuple[pd.DataFrame, ProgrammeEffects]) -> None:
    frame, effects = lived
    estimates = effects.estimates(frame)
    found = estimates.of(frame["customer_id"].tolist(), ["call", "unheard"])
    helped = (frame["plan"] == "L").to_numpy()
    assert found[helped, 0].mean() == pytest.approx(0.3, abs=0.12)
    assert found[~helped, 0].mean() == pytest.approx(0.0, abs=0.12)
    assert np.isnan(found[:, 1]).all()


def test_a_decision_keeps_the_effect_it_was_made_by(lived: tuple[pd.DataFrame, ProgrammeEffects]) -> None:
    frame, effects = lived
    batch = decided(frame, catalogue_of(OFFER), effects=effects)
    expected = effects.estimates(frame).of(frame["customer_id"].tolist(), ["call"])
    assert len(set(expected[:, 0])) > 2
    for row, decision in enumerate(batch):
        assert decision.method == "uplift"
        assert decision.inputs["effects"] == {"call": expected[row, 0]}
        if row % 50 == 0:
            stored = json.loads(json.dumps(decision.as_json()))
            assert decision_bytes(replay(stored)) == decision_bytes(decision)


def test_an_average_is_told_from_an_effect_per_customer_and_replays() -> None:
    effects = EffectEstimates(pd.DataFrame({"call": [0.3]}, index=["C00000"]), "test", {"call": 0.2})
    own, average = decided(crowd(2), catalogue_of(OFFER), effects=effects)
    assert (own.method, own.inputs["effects"], "average_effects" in own.inputs) == ("uplift", {"call": 0.3}, False)
    assert (average.method, average.inputs["effects"]) == ("average_effect", {"call": 0.2})
    assert "a measured average effect of 0.200" in " ".join(explain(average))
    for decision in (own, average):
        stored = json.loads(json.dumps(decision.as_json()))
        assert decision_bytes(replay(stored)) == decision_bytes(decision)


def test_thin_data_are_named_and_leave_no_estimate(store: Store, tmp_path: Path) -> None:
    frame = live(store, tmp_path, 120)
    effects = estimate_effects(store, SPLIT, DUE)
    (offer,) = effects.offers
    assert effects.known == ()
    assert offer.thin is not None
    assert "200 are needed" in offer.thin
    assert np.isnan(effects.estimates(frame).of(frame["customer_id"].tolist(), ["call"])).all()
    assert effects_for_deciding(store, SPLIT, DUE) is None
    least = EvidenceNeeded(customers=20, rarer_outcomes=5, half_width=0.01)
    narrow = estimate_effects(store, SPLIT, DUE, needed=least).offers[0]
    assert narrow.thin is not None
    assert "percentage points" in narrow.thin
    assert narrow.as_json()["effect"]["low"] < narrow.as_json()["effect"]["high"]


def test_customers_whom_a_limit_left_out_count_on_neither_side(store: Store, tmp_path: Path) -> None:
    policy = DecisionPolicy(holdout_share=0.5, budget=0.0)
    live(store, tmp_path, 120, policy)
    with pytest.raises(NotFoundError, match="followed for 90 days"):
        estimate_effects(store, policy, DUE)


def test_only_the_standing_experiment_counts_and_only_when_its_horizon_has_ended(store: Store, tmp_path: Path) -> None:
    live(store, tmp_path, 120)
    for policy, now in ((SPLIT, DUE - timedelta(days=1)), (SPLIT.model_copy(update={"experiment": "other"}), DUE)):
        with pytest.raises(NotFoundError, match="followed for 90 days"):
            estimate_effects(store, policy, now)


def test_without_outcomes_nothing_is_told(store: Store) -> None:
    with pytest.raises(NotFoundError, match="followed for 90 days"):
        estimate_effects(store, SPLIT, DUE)


def test_fitted_effects_are_kept_until_what_they_were_learned_from_changes(store: Store, tmp_path: Path) -> None:
    frame = live(store, tmp_path, 500)
    models, catalogue = ModelStore(tmp_path / "models"), catalogue_of(OFFER)
    keeping, fitted = Keeping(models, catalogue), list[Progress]()

    def told(now: datetime = DUE, keeping: Keeping = keeping) -> tuple[ProgrammeEffects, list[Progress]]:
        fitted.clear()
        return estimate_effects(store, SPLIT, now, keeping=keeping, progress=fitted.append), list(fitted)

    first, steps = told()
    assert [(step.stage, step.done, step.total) for step in steps] == [(FITTING, 0, 500), (FITTING, 500, 500)]
    again, steps = told(DUE + timedelta(hours=3))
    assert steps == []
    assert again.as_json() == first.as_json()
    assert again.source == first.source
    pd.testing.assert_frame_equal(again.estimates(frame).table, first.estimates(frame).table)
    lever = catalogue_of(f"{OFFER}, lever: 2")
    assert told(keeping=Keeping(models, lever))[1] == []
    assert told(keeping=Keeping(models, catalogue_of(f"{OFFER}, contact_cost: 3")))[1] != []
    with store.write() as session:
        ContactRepository(session).record_outcome("C00000", OutcomeKind.CANCELED, DUE - timedelta(days=1))
    assert told()[1] != []
    shutil.rmtree(tmp_path / "models")
    assert told()[1] != []
    assert told()[1] == []


@pytest.mark.parametrize("count", [300, 390])
def test_what_is_too_thin_to_be_told_is_too_thin_to_decide_by(store: Store, tmp_path: Path, count: int) -> None:
    live(store, tmp_path, count)
    (offer,) = estimate_effects(store, SPLIT, DUE).offers
    assert 100 < min(offer.offered, offer.held_out) < 200
    assert (offer.average, offer.weighed_by) == (None, "propensity")
    assert effects_for_deciding(store, SPLIT, DUE) is None
