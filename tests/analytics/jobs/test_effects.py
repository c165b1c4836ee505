"""Effects of offers from decisions in a store and what came of them, the holdout being the control."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.uplift.programme import EvidenceNeeded, ProgrammeEffects
from analytics.jobs.effects import estimate_effects
from db.errors import NotFoundError
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.session import Store, open_store
from db.vocabulary import Arm, OutcomeKind
from tests.analytics.decisions.build import REACHABLE, catalogue_of, decided
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


def live(store: Store, folder: Path, count: int) -> pd.DataFrame:
    """Decide for a crowd with half held out; of plan L the offer keeps 30 % more, of plan M none."""
    fill(store, made_table(count), folder)
    frame, rng = crowd(count), np.random.default_rng(2)
    batch = decided(frame, catalogue_of(OFFER), DecisionPolicy(holdout_share=0.5))
    decisions = [batch.decision(row) for row in range(count)]
    with store.write() as session:
        DecisionRepository(session).add_many(None, decisions, NOW)
        outcomes = ContactRepository(session)
        for decision, plan, luck in zip(decisions, frame["plan"], rng.random(count), strict=True):
            helped = 0.3 if decision.arm is not Arm.HOLDOUT and plan == "L" else 0.0
            kind = OutcomeKind.RETAINED if luck < 0.5 + helped else OutcomeKind.CANCELED
            outcomes.record_outcome(decision.customer_id, kind, NOW, decision_id=decision.decision_id)
    return frame


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, ProgrammeEffects]:
    folder = tmp_path_factory.mktemp("effects")
    with open_store(folder / "store.db") as store:
        frame = live(store, folder, 1_000)
        return frame, estimate_effects(store, EvidenceNeeded(half_width=0.1))


def test_the_holdout_shows_what_the_offer_did(lived: tuple[pd.DataFrame, ProgrammeEffects]) -> None:
    frame, effects = lived
    assert effects.followed == len(frame)
    (offer,) = effects.known
    assert offer.effect is not None
    assert offer.effect.low < 0.15 < offer.effect.high
    assert offer.effect.low > 0
    assert offer.offered + offer.held_out == len(frame)
    assert offer.differs


def test_estimates_go_to_the_arbitration_as_they_differ(lived: tuple[pd.DataFrame, ProgrammeEffects]) -> None:
    frame, effects = lived
    estimates = effects.estimates(frame)
    code = effects.known[0].offer_code
    found = estimates.of(frame["customer_id"].tolist(), [code, "unheard"])
    helped = (frame["plan"] == "L").to_numpy()
    assert found[helped, 0].mean() == pytest.approx(0.3, abs=0.12)
    assert found[~helped, 0].mean() == pytest.approx(0.0, abs=0.12)
    assert np.isnan(found[:, 1]).all()
    assert decided(frame.head(5), catalogue_of(OFFER), effects=estimates).decision(0).method == "uplift"


def test_thin_data_are_named_and_leave_no_estimate(store: Store, tmp_path: Path) -> None:
    frame = live(store, tmp_path, 120)
    effects = estimate_effects(store)
    (offer,) = effects.offers
    assert effects.known == ()
    assert offer.thin is not None
    assert "200 are needed" in offer.thin
    assert effects.estimates(frame).table.shape == (120, 0)
    narrow = estimate_effects(store, EvidenceNeeded(customers=20, rarer_outcomes=5, half_width=0.01)).offers[0]
    assert narrow.thin is not None
    assert "percentage points" in narrow.thin
    assert narrow.as_json()["effect"]["low"] < narrow.as_json()["effect"]["high"]


def test_the_newest_word_on_a_decision_counts(store: Store, tmp_path: Path) -> None:
    live(store, tmp_path, 120)
    before = estimate_effects(store).offers[0]
    with store.write() as session:
        decisions = DecisionRepository(session)
        for n in range(120):
            decision = decisions.latest_for(f"C{n:05d}")
            assert decision is not None
            ContactRepository(session).record_outcome(
                decision.customer_id, OutcomeKind.CANCELED, NOW, decision_id=decision.decision_id
            )
    after = estimate_effects(store).offers[0]
    assert before.retained_offered > 0.4
    assert (after.retained_offered, after.retained_held_out) == (0.0, 0.0)
    assert (after.offered, after.held_out) == (before.offered, before.held_out)


def test_without_outcomes_nothing_is_told(store: Store) -> None:
    with pytest.raises(NotFoundError, match="followed to its end"):
        estimate_effects(store)
