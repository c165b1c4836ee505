"""Outcomes come in once, are observed when the horizon ends, and are compared as the split was made."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select, update

from analytics.decisions.next_best import decide
from analytics.decisions.policy import DecisionPolicy
from analytics.decisions.uplift.programme import EvidenceNeeded
from analytics.jobs.effects import effects_for_deciding
from analytics.jobs.outcomes import effect, observe
from db.errors import InputError
from db.importers.outcomes import import_outcomes
from db.importers.tables import open_table
from db.models import Customer, Outcome
from db.repositories.contacts import ContactRepository
from db.repositories.decisions import DecisionRepository
from db.session import Store
from db.vocabulary import Arm, CustomerStatus, Decision, OutcomeKind
from tests.analytics.decisions.build import REACHABLE
from tests.analytics.decisions.test_trace import CATALOGUE
from tests.analytics.jobs.tables import NOW
from tests.conftest import Command

POLICY = DecisionPolicy(holdout_share=0.3)
COUNT = 300


FRAME = pd.DataFrame([REACHABLE | {"customer_id": f"c-{number}"} for number in range(COUNT)])


def kept(store: Store, made: list[Decision]) -> list[Decision]:
    with store.write() as session:
        session.add_all(
            Customer(external_id=f"c-{number}", attributes={}, created_at=NOW, updated_at=NOW)
            for number in range(COUNT)
        )
        session.flush()
        DecisionRepository(session).add_many(None, made, NOW)
    return made


@pytest.fixture
def decided(store: Store) -> list[Decision]:
    """Three hundred customers for whom an offer is worth it, three in ten of them held out."""
    return kept(store, list(decide(FRAME, CATALOGUE, POLICY, today=NOW.date())))


def leave(store: Store, customer_id: str, day: date | None) -> None:
    with store.write() as session:
        session.execute(
            update(Customer)
            .where(Customer.external_id == customer_id)
            .values(status=CustomerStatus.CHURNED, churned_on=day)
        )


def written(folder: Path, text: str) -> Path:
    path = folder / "outcomes.csv"
    path.write_text(text)
    return path


def outcomes(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(Outcome)) or 0


def test_outcomes_are_imported_once_and_refused_rows_are_named(
    store: Store, decided: list[Decision], tmp_path: Path
) -> None:
    text = (
        "Customer ID,Outcome,Date,Amount\nc-1,accepted,2026-11-05,12.5\nc-2,cancelled,2026-11-20T10:00+01:00,\n"
        "c-1,accepted,2026-11-05,12.5\nnobody,accepted,2026-11-05,\nc-3,loved it,2026-11-05,\nc-3,declined,soon,\n"
        "c-3,declined,2026-11-06,many\n"
    )
    table = open_table(written(tmp_path, text))
    dry = import_outcomes(store, table, dry_run=True)
    assert outcomes(store) == 0
    first = import_outcomes(store, table)
    assert first == dry
    assert (first.counts.rows_in, first.counts.new, first.counts.unchanged, first.counts.rejected) == (7, 2, 1, 4)
    assert [bad.column for bad in first.rejected] == ["customer_id", "kind", "occurred_at", "amount"]
    again = import_outcomes(store, table)
    assert (again.counts.new, again.counts.unchanged) == (0, 3)
    with store.read() as session:
        [(at, kind, decision_id)] = ContactRepository(session).outcomes("c-2")
    assert (at.isoformat(), kind) == ("2026-11-20T09:00:00+00:00", OutcomeKind.CANCELED)
    assert decision_id == decided[2].decision_id


def test_a_table_that_lacks_a_column_or_names_another_decision_is_refused(
    store: Store, decided: list[Decision], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no column 'kind'"):
        import_outcomes(store, open_table(written(tmp_path, "customer_id,date\nc-1,2026-11-05\n")))
    other = written(tmp_path, f"customer,kind,at,decision\nc-1,accepted,2026-11-05,{decided[2].decision_id}\n")
    [bad] = import_outcomes(store, open_table(other)).rejected
    assert "no decision" in bad.message


def test_who_stayed_is_observed_once_when_the_horizon_has_ended(store: Store, decided: list[Decision]) -> None:
    leave(store, "c-0", NOW.date() + timedelta(days=10))
    leave(store, "c-1", NOW.date() + timedelta(days=95))
    leave(store, "c-2", None)
    early = observe(store, NOW + timedelta(days=30), 90)
    assert (early["canceled"], early["retained"], early["pending"]) == (0, 0, COUNT)
    late = observe(store, NOW + timedelta(days=100), 90)
    assert (late["canceled"], late["retained"], late["pending"]) == (2, COUNT - 2, 0)
    again = observe(store, NOW + timedelta(days=100), 90)
    assert (again["canceled"], again["retained"]) == (0, 0)


def test_the_effect_is_that_of_the_split_and_not_of_who_was_contacted(
    store: Store, decided: list[Decision], mainstay: Command
) -> None:
    rng = np.random.default_rng(1)
    end = NOW.date() + timedelta(days=90)
    stayed: dict[Arm, list[bool]] = {Arm.TREATED: [], Arm.HOLDOUT: []}
    saved: list[Decision] = []
    for decision in decided:
        stays = bool(rng.random() < (0.85 if decision.arm is Arm.TREATED else 0.5))
        stayed[decision.arm].append(stays)
        if not stays:
            leave(store, decision.customer_id, NOW.date() + timedelta(days=20))
        elif decision.arm is Arm.TREATED and len(saved) < 40:
            saved.append(decision)
        elif decision.arm is Arm.TREATED:
            unsaid = decision
    with store.write() as session:
        for decision in saved:
            ContactRepository(session).record_outcome(
                decision.customer_id, OutcomeKind.ACCEPTED, NOW, decision_id=decision.decision_id
            )
        for kind in (OutcomeKind.ACCEPTED, OutcomeKind.DECLINED):  # a yes that was taken back costs nothing
            ContactRepository(session).record_outcome(unsaid.customer_id, kind, NOW, decision_id=unsaid.decision_id)
    for decision in saved[:10]:
        leave(store, decision.customer_id, end + timedelta(days=15))
    found: dict[str, Any] = effect(store, POLICY, NOW + timedelta(days=125), 90)
    measured = found["effect"]
    assert (measured["treated"], measured["holdout"]) == (len(stayed[Arm.TREATED]), len(stayed[Arm.HOLDOUT]))
    difference = np.mean(stayed[Arm.TREATED]) - np.mean(stayed[Arm.HOLDOUT])
    assert measured["incremental_save_rate"]["estimate"] == pytest.approx(difference, abs=1e-4)
    assert measured["is_shown"]
    # Each customer is worth what the decision said; forty accepted an offer that costs a contact of 5.
    money = measured["treated"] * difference * 400 - 40 * 5
    assert measured["incremental_revenue"]["estimate"] == pytest.approx(money, rel=1e-3)
    [first, second, _] = found["rechurn"]
    assert (first["saved"]["customers"], first["saved"]["left"]) == (40, 10)
    assert first["holdout"]["left"] == 0
    assert second["saved"] is None
    assert effect(store, POLICY, NOW + timedelta(days=10), 90)["effect"] is None


def test_customers_whom_a_limit_stopped_count_on_the_side_they_were_put(store: Store) -> None:
    sent = NOW - timedelta(days=1)
    mailed = pd.DataFrame({"customer_id": FRAME["customer_id"].head(150), "channel": "email", "sent_at": sent})
    made = kept(store, list(decide(FRAME, CATALOGUE, POLICY, today=NOW.date(), contacts=mailed)))
    assert sum(one.blocked_by == "contact_limit" for one in made) > 80
    measured = effect(store, POLICY, NOW + timedelta(days=100), 90)["effect"]
    assert measured["treated"] == sum(one.arm is Arm.TREATED for one in made)
    assert measured["sample_ratio_p_value"] > 0.001


def test_effects_that_have_been_measured_are_weighed_and_thin_ones_are_not(store: Store) -> None:
    split = DecisionPolicy(holdout_share=0.5)
    made = kept(store, list(decide(FRAME, CATALOGUE, split, today=NOW.date())))
    for number, decision in enumerate(made):
        if decision.arm is Arm.HOLDOUT and number % 2:
            leave(store, decision.customer_id, NOW.date() + timedelta(days=5))
    later = NOW + timedelta(days=100)
    assert effects_for_deciding(store, split, NOW + timedelta(days=50)) is None
    assert effects_for_deciding(store, split, later) is None
    effects = effects_for_deciding(store, split, later, needed=EvidenceNeeded(customers=100, rarer_outcomes=0))
    assert effects is not None
    [offer] = effects.offers
    assert (offer.offer_code, offer.weighed_by) == ("call", "average")
    assert offer.average == pytest.approx(0.5, abs=0.1)
    [again] = decide(FRAME.head(1), CATALOGUE, DecisionPolicy(holdout_share=0), today=later.date(), effects=effects)
    assert again.method == "average_effect"
    parts = {item.offer_code: item.parts for item in again.candidates}
    assert parts["call"]["effect"] == pytest.approx(offer.average, abs=1e-6)
    assert "effect" not in parts["tips"]


def test_the_commands_tell_the_same(decided: list[Decision], store: Store, mainstay: Command, tmp_path: Path) -> None:
    location = str(store.path)
    path = written(tmp_path, "customer_id,kind,occurred_at\nc-1,accepted,2026-11-05\nc-9999,accepted,2026-11-05\n")
    ran = mainstay("outcomes", "import", path, "--json", "--store", location)
    assert (ran.code, ran.json["new"], ran.json["rejected"]) == (4, 1, 1)
    assert mainstay("outcomes", "observe", "--json", "--store", location).json["pending"] == COUNT
    shown = mainstay("outcomes", "effect", "--store", location)
    assert "300 not due yet" in shown.out
    assert "nothing can be said yet" in shown.err
